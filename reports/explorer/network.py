"""What is asked for together, as a graph that one can read: few nodes, only the strongest ties, a stable layout."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports import theme
from reports.explorer.charts import base
from reports.explorer.cohort import Cohort
from reports.explorer.marks import Chart, empty, layout, plain
from reports.sentences import plural, whole

Array = NDArray[Any]
NODES, TIES, LEAST = 22, 34, 5
HEIGHT = 460


def together(cohort: Cohort) -> Chart:
    """Skills that stand in the same postings more often than their shares would make it."""
    title = "Asked for together"
    note = (
        f"A line joins two skills named in the same postings more often than chance would do; thicker = stronger "
        f"(phi). Dot size: share of {base(cohort)}."
    )
    codes = cohort.top(NODES, floor=LEAST)
    if len(codes) < 3:
        return Chart("together", title, note, empty("Too few postings to say what is asked for together."))
    both = cohort.together(codes)
    phi = association(both, len(cohort))
    ties = strongest(phi, both)
    if not ties:
        return Chart("together", title, note, empty("No two skills are asked for together more often than chance."))
    where = place(phi, ties)
    people = cohort.population
    names = [people.names[c] for c in codes]
    skills = [people.skills[c] for c in codes]
    figure = {
        "data": [
            *_lines(where, ties, phi),
            _nodes(where, skills, names, np.diag(both), len(cohort), ties),
        ],
        "layout": layout(
            HEIGHT,
            xaxis={"visible": False, "range": [-0.12, 1.12], "fixedrange": True},
            yaxis={"visible": False, "range": [-0.07, 1.09], "fixedrange": True},
        ),
    }
    table = _table(names, both, len(cohort), phi, ties)
    return Chart("together", title, note, figure, table, [("skill", f"{skills[i]}+{skills[j]}") for i, j in ties])


def _table(names: list[str], both: Array, n: int, phi: Array, ties: list[tuple[int, int]]) -> list[dict[str, Any]]:
    count = np.diag(both)
    return [
        {
            "skill": names[i],
            "with": names[j],
            "both": int(both[i, j]),
            "of": n,
            "phi": float(phi[i, j]),
            "times chance": float(both[i, j] * n / (count[i] * count[j])),
        }
        for i, j in ties
    ]


def association(both: Array, n: int) -> Array:
    """Phi of every two skills from the counts of both (diagonal: of each) among n postings."""
    count = np.diag(both).astype(float)
    spread = np.sqrt(np.maximum(count * (n - count), 1e-9))
    return (both * n - np.outer(count, count)) / np.outer(spread, spread)


def strongest(phi: Array, both: Array) -> list[tuple[int, int]]:
    """The strongest ties, those of at least 5 postings; each node keeps its best one, so that few stand alone."""
    rows, columns = np.triu_indices(len(phi), 1)
    usable = (phi[rows, columns] > 0.05) & (both[rows, columns] >= LEAST)
    pairs = sorted(zip(rows[usable].tolist(), columns[usable].tolist(), strict=True), key=lambda ij: (-phi[ij], ij))
    best: dict[int, tuple[int, int]] = {}
    for pair in pairs:
        for node in pair:
            best.setdefault(node, pair)
    chosen = list(dict.fromkeys([*best.values(), *pairs]))
    return sorted(chosen[: max(TIES, len(set(best.values())))], key=lambda ij: (-phi[ij], ij))


def place(phi: Array, ties: list[tuple[int, int]], steps: int = 160) -> Array:
    """Places in the unit square (Fruchterman and Reingold): ties pull, all nodes push; the start is a fixed circle."""
    n = len(phi)
    angle = np.linspace(0, 2 * np.pi, n, endpoint=False)
    at = np.stack([np.cos(angle), np.sin(angle)], axis=1) * 0.5
    pull = np.zeros((n, n))
    for i, j in ties:
        pull[i, j] = pull[j, i] = 0.4 + phi[i, j]
    ideal = 0.9 / np.sqrt(n)
    for step in range(steps):
        apart = at[:, None] - at[None]
        distance = np.maximum(np.hypot(apart[..., 0], apart[..., 1]), 1e-3)
        force = ideal**2 / distance**2 - pull * distance / ideal
        move = (apart * force[..., None]).sum(axis=1) - 0.5 * at
        length = np.maximum(np.hypot(move[:, 0], move[:, 1]), 1e-9)
        at = at + move / length[:, None] * np.minimum(length, 0.1 * (1 - step / steps))[:, None]
    at = at - at.min(axis=0)
    return _spread(at / np.maximum(at.max(axis=0), 1e-9))


def _spread(at: Array) -> Array:
    """Half-way to an even spread along each axis, so that labels in a dense middle come apart."""
    rank = np.argsort(np.argsort(at, axis=0, kind="stable"), axis=0) / max(len(at) - 1, 1)
    return np.asarray(0.45 * at + 0.55 * rank)


SIDES = {"top center": (0, 1), "bottom center": (0, -1), "middle right": (1, 0), "middle left": (-1, 0)}
WIDTH, LETTER, LINE = 900, 6.6, 20
"""Pixels: about the width of the drawing, of a letter and the height of a line at 12 px."""


def sides(where: Array, letters: list[int], sizes: Array) -> list[str]:
    """Where each dot's name stands: above, unless it would lie over other dots and names less elsewhere.

    Args:
        where: places in the unit square. letters: of each name. sizes: diameters of the dots in pixels.
    """
    at = where * [WIDTH / 1.24, HEIGHT / 1.16]
    taken = np.concatenate([at - sizes[:, None] / 2, at + sizes[:, None] / 2], axis=1)
    out = []
    for i, long in enumerate(letters):
        boxes = [_box(at[i], long * LETTER, sizes[i] / 2, side) for side in SIDES.values()]
        free = np.delete(taken, i, axis=0)
        best = int(np.argmin([_overlap(box, free) + 0.01 * place for place, box in enumerate(boxes)]))
        out.append(list(SIDES)[best])
        taken = np.concatenate([taken, boxes[best][None]])
    return out


def _box(at: Array, long: float, radius: float, side: tuple[int, int]) -> Array:
    """Left, low, right and high edge of a name that stands at one side of a dot."""
    middle = at + np.array(side) * [radius + long / 2, radius + LINE / 2]
    return np.array([middle[0] - long / 2, middle[1] - LINE / 2, middle[0] + long / 2, middle[1] + LINE / 2])


def _overlap(box: Array, others: Array) -> float:
    """Area that a box shares with others, in square pixels."""
    low, high = np.maximum(box[:2], others[:, :2]), np.minimum(box[2:], others[:, 2:])
    return float(np.prod(np.maximum(high - low, 0), axis=1).sum())


def _lines(where: Array, ties: list[tuple[int, int]], phi: Array) -> list[dict[str, Any]]:
    out = []
    top = max(float(phi[ij]) for ij in ties)
    for low, high, width in ((0.0, 0.4, 1.0), (0.4, 0.7, 2.5), (0.7, 1.01, 5.0)):
        some = [(i, j) for i, j in ties if low < phi[i, j] / top <= high]
        x = [v for i, j in some for v in (where[i, 0], where[j, 0], None)]
        y = [v for i, j in some for v in (where[i, 1], where[j, 1], None)]
        out.append(
            {
                "type": "scatter",
                "mode": "lines",
                "x": x,
                "y": y,
                "hoverinfo": "skip",
                "line": {"width": width, "color": theme.LIGHT["either"]},
                "opacity": 0.7,
            }
        )
    return out


def _nodes(
    where: Array, skills: list[str], names: list[str], count: Array, n: int, ties: list[tuple[int, int]]
) -> dict[str, Any]:
    sizes = 8 + 24 * np.sqrt(count / n)
    mates: dict[int, list[str]] = {}
    for i, j in ties:
        mates.setdefault(i, []).append(names[j])
        mates.setdefault(j, []).append(names[i])
    custom = [
        [
            "skill",
            skills[i],
            plain(names[i], 60),
            f"{100 * count[i] / n:.1f}%: {whole(count[i])} of {plural(n, 'posting')}<br>{_mates(mates.get(i, []))}",
        ]
        for i in range(len(names))
    ]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": where[:, 0].tolist(),
        "y": where[:, 1].tolist(),
        "text": [plain(name) for name in names],
        "textposition": sides(where, [len(plain(name)) for name in names], sizes),
        "textfont": {"size": 12, "color": theme.LIGHT["text"]},
        "customdata": custom,
        "hovertemplate": "<b>%{customdata[2]}</b><br>%{customdata[3]}<extra></extra>",
        "cliponaxis": False,
        "marker": {
            "size": sizes.tolist(),
            "color": theme.LIGHT["required"],
            "line": {"width": 1, "color": theme.LIGHT["page"]},
        },
    }


def _mates(names: list[str]) -> str:
    return f"with {plain(', '.join(names[:5]), 120)}" if names else "tied to none of these"
