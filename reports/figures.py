"""Figures of shares: rankings with intervals and brackets, and the headline.

Every function takes plain frames and returns a Plotly figure in the light template; the page darkens it.
Frames have `key` (what a click names), `label`, `share`, `low`, `high`, `count`, `denominator`,
`employers`. What a phone needs otherwise stands in `layout.meta.narrow`, a patch of the layout that the
page's script applies below 600 pixels.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports import theme
from reports.tables import records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

ROW = 27
"""Pixels of a row of a ranking: room for two marks one above the other."""


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """`text` in at most `lines` lines of about `width` characters, escaped; what is longer ends in an
    ellipsis.

    A single word may stand out by half the width before it is cut, since no one reads a word broken
    anywhere.
    """
    room = width + width // 2
    words = " ".join(word if len(word) <= room else f"{word[: room - 1]}…" for word in text.split())
    rows = textwrap.wrap(words, width, max_lines=lines, placeholder="…", break_long_words=False) or [""]
    return "<br>".join(plotly_text(row) for row in rows)


def labels(names: Sequence[str], wide: int = 44, narrow: int = 17) -> tuple[list[str], list[str]]:
    """Tick texts for a wide place and for a phone."""
    return [wrapped(name, wide, 1) for name in names], [wrapped(name, narrow) for name in names]


def percent_axis(title: str, top: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """A share axis from zero to a little above `top`, ticks in percent, title with the denominator; the
    phone's patch."""
    reach = min(1.0, max(top * 1.06, 0.01))
    axis = {
        "title": {"text": wrapped(title, 54)},
        "tickformat": ",.0%" if reach > 0.04 else ",.1%",
        "range": [0, 1.005 if reach == 1.0 else reach],
        "fixedrange": True,
        "nticks": 7,
    }
    return axis, {"title": {"text": wrapped(title, 36, 3), "font": {"size": 13}}, "nticks": 5}


def row_axis(names: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A vertical axis with one row per name, the first on top; and the phone's patch for it."""
    wide, narrow = labels(names)
    axis = {
        "tickvals": list(range(len(names))),
        "ticktext": wide,
        "range": [len(names) - 0.4, -0.6],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }
    return axis, {"ticktext": narrow}


def interval_bars(frame: pd.DataFrame, colour: str, value: str = "share") -> dict[str, Any]:
    """Plotly's error bars from `low` and `high` around `value`."""
    return {
        "type": "data",
        "symmetric": False,
        "color": colour,
        "thickness": 1.6,
        "width": 0,
        "array": (frame["high"] - frame[value]).clip(lower=0).tolist(),
        "arrayminus": (frame[value] - frame["low"]).clip(lower=0).tolist(),
    }


def hover(frame: pd.DataFrame, what: str) -> list[str]:
    """A hover text per row: name, share, interval, postings of how many, employers."""
    return [
        f"<b>{plotly_text(str(row['label']))}</b>, {what}<br>{row['share']:.1%} "
        f"(95% interval {row['low']:.1%} to {row['high']:.1%})<br>{row['count']:,.0f} of {row['denominator']:,.0f} "
        f"postings, {row['employers']:,.0f} employers"
        for row in records(frame)
    ]


def ranking(
    either: pd.DataFrame, required: pd.DataFrame, preferred: pd.DataFrame, of: str, ranks: bool = True
) -> go.Figure:
    """A ranking of skills: a bar for required or preferred, marks with intervals for each of the two.

    Args:
        either: rows in the order to draw; with `rank_low` and `rank_high`, brackets at the right join the
            runs of neighbours that cannot be told apart.
        required, preferred: rows of the same keys; keys that are absent get no mark.
        of: the denominator in words, for the axis.
    """
    names = [str(name) for name in either["label"]]
    rows = {key: place for place, key in enumerate(either["key"])}
    fig = theme.figure(height=max(ROW * len(names) + 110, 170), barmode="overlay", bargap=0.22)
    fig.add_bar(
        x=either["share"].tolist(),
        y=list(range(len(names))),
        orientation="h",
        name="required or preferred",
        marker={"color": theme.see_through(theme.LIGHT["either"], 0.4), "line": {"width": 0}},
        customdata=either["key"].tolist(),
        hovertext=hover(either, "required or preferred"),
        hoverinfo="text",
        error_x=interval_bars(either, theme.LIGHT["either"]),
    )
    for part, level, symbol, shift in (
        (required, "required", "circle", -0.2),
        (preferred, "preferred", "diamond", 0.2),
    ):
        kept = part[part["key"].isin(list(rows))]
        fig.add_scatter(
            x=kept["share"].tolist(),
            y=[rows[key] + shift for key in kept["key"]],
            mode="markers",
            cliponaxis=False,
            name=level,
            marker={"color": theme.LIGHT[level], "symbol": symbol, "size": 8},
            error_x=interval_bars(kept, theme.LIGHT[level]),
            customdata=kept["key"].tolist(),
            hovertext=hover(kept, level),
            hoverinfo="text",
        )
    axis, narrow = row_axis(names)
    across, slim = percent_axis(f"share of {of}", float(either["high"].max()))
    # On a phone the legend stands in three rows, and many names in two.
    slimmer = {"yaxis": narrow, "xaxis": slim, "height": max((ROW + 6) * len(names) + 170, 230)}
    fig.update_layout(yaxis=axis, xaxis=across, meta={"narrow": slimmer})
    if ranks and {"rank_low", "rank_high"} <= set(either.columns):
        _draw_brackets(fig, runs(either["rank_low"].tolist(), either["rank_high"].tolist()))
    return fig


def runs(low: Sequence[float], high: Sequence[float]) -> list[tuple[int, int]]:
    """Maximal runs (first row, last row) of neighbours no two of which can be told apart.

    `low` and `high` are rank intervals in the order of the rows. Two rows are told apart when their rank
    intervals do not meet. Runs of one row are left out, as are runs that lie inside another.
    """
    found: list[tuple[int, int]] = []
    for first in range(len(low)):
        last = first
        while last + 1 < len(low) and max(low[first : last + 2]) <= min(high[first : last + 2]):
            last += 1
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def lanes(found: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each run so that runs in one lane do not touch."""
    ends: list[int] = []
    given = []
    for first, last in found:
        free = next((lane for lane, end in enumerate(ends) if end < first), len(ends))
        ends[free : free + 1] = [last]
        given.append(free)
    return given


def _draw_brackets(fig: go.Figure, found: Sequence[tuple[int, int]]) -> None:
    """Brackets right of the plot, one lane each; the plot gives up room for them at its right."""
    if not found:
        return
    given = lanes(found)
    step = 0.014
    edge = 1 - step * (max(given) + 1)
    fig.update_layout(xaxis={"domain": [0, edge - 0.004]})
    for (first, last), lane in zip(found, given, strict=True):
        x = edge + step * lane + 0.004
        line = {"color": theme.LIGHT["muted"], "width": 2}
        fig.add_shape(
            type="line", xref="paper", yref="y", x0=x, x1=x, y0=first - 0.3, y1=last + 0.3, line=line, layer="above"
        )


def dots(frame: pd.DataFrame, title: str, top: float | None = None, half: bool = False) -> go.Figure:
    """One mark with its interval per row; `half` draws a line at one half.

    Columns that may stand beside the usual ones: `colour` and `symbol` of the mark, `what` it counts, and
    `group`: rows of one group follow a row with its name.
    """
    rows = headed(frame)
    fig = theme.figure(height=max(32 * len(rows) + 80, 150), showlegend=False)
    for place, (name, number) in enumerate(rows):
        if number is None:
            continue
        one = frame.iloc[[number]]
        row = records(one)[0]
        colour = row.get("colour", theme.LIGHT["required"])
        fig.add_scatter(
            x=[row["share"]],
            y=[place],
            mode="markers",
            cliponaxis=False,
            name=plotly_text(name),
            marker={"color": colour, "size": 11, "symbol": row.get("symbol", "circle")},
            error_x=interval_bars(one, colour) | {"thickness": 3},
            customdata=[row["key"]],
            hovertext=hover(one, str(row.get("what", "share"))),
            hoverinfo="text",
        )
    across, slim = percent_axis(title, top if top is not None else float(frame["high"].max()))
    with_rows(fig, rows, across, slim)
    if half:
        fig.add_shape(
            type="line",
            xref="x",
            yref="paper",
            x0=0.5,
            x1=0.5,
            y0=0,
            y1=1,
            line={"color": theme.LIGHT["muted"], "width": 1.5, "dash": "dash"},
        )
    return fig


def headed(frame: pd.DataFrame) -> list[tuple[str, int | None]]:
    """The rows to draw, top down: (label, its row's number), and (group, None) before each group's first
    row."""
    rows: list[tuple[str, int | None]] = []
    last = None
    for number, row in enumerate(records(frame)):
        if "group" in row and row["group"] != last:
            last = row["group"]
            rows.append((str(last), None))
        rows.append((str(row["label"]), number))
    return rows


def with_rows(
    fig: go.Figure, rows: Sequence[tuple[str, int | None]], across: dict[str, Any], slim: dict[str, Any]
) -> None:
    """Label the rows of `headed`: names as ticks, groups as headings inside the plot, where there is room
    for them.

    Args:
        across, slim: the horizontal axis and its patch for a phone.
    """
    axis, narrow = row_axis([name if number is not None else "" for name, number in rows])
    groups = [(name, place) for place, (name, number) in enumerate(rows) if number is None]
    fig.update_layout(
        yaxis=axis,
        xaxis=across,
        annotations=[_heading(wrapped(name, 70, 1), place) for name, place in groups],
        meta={
            "narrow": {
                "yaxis": narrow,
                "xaxis": slim,
                "annotations": [_heading(wrapped(name, 26, 2), place) for name, place in groups],
            }
        },
    )


def _heading(text: str, place: int) -> dict[str, Any]:
    return {
        "text": f"<b>{text}</b>", "xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": place, "align": "left",
        "showarrow": False, "font": {"color": theme.LIGHT["text"], "size": 13}, "xshift": 4,
        "bgcolor": theme.LIGHT["page"], "borderpad": 1,
    }  # fmt: skip
