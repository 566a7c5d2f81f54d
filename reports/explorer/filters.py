"""The panel of filters: its controls, and their values to Filters and back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np
from dash import dcc, html

from reports.explorer.data import Population, month_text
from reports.explorer.state import LEVELS, MANY, NO_TRACK, Filters
from reports.explorer.words import FIELDS, label

CONTROLS = ("track", "level", "skill", "seniority", "workplace", "country", "employer", "source", "since", "until")
SEARCHED = ("employer", "skill")
"""Fields with too many values for a list: their options are looked up while one types."""
OFFERED = 40


def panel(population: Population, side: str, title: str) -> Any:
    """The controls of selection `side` (a or b), ids `<side>-<field>`."""
    people = population
    return html.Details(
        id=f"{side}-panel",
        className=f"panel side-{side}",
        open=True,
        children=[
            html.Summary(title, id=f"{side}-title"),
            html.Fieldset(
                [
                    html.Legend("Track"),
                    dcc.Checklist(id=f"{side}-track", options=_tracks(people), value=[], className="choices"),
                ]
            ),
            html.Fieldset(
                [
                    html.Legend("A skill counts when it is"),
                    dcc.RadioItems(
                        id=f"{side}-level",
                        options=[{"label": v, "value": k} for k, v in LEVELS.items()],
                        value="asked",
                        className="choices",
                    ),
                ]
            ),
            _many(people, side, "skill", "All of these skills"),
            *(_many(people, side, field, FIELDS[field]) for field in ("seniority", "workplace", "country")),
            _many(people, side, "employer", "Employer"),
            _many(people, side, "source", "Source"),
            html.Div(
                className="pair", children=[_month(people, side, "since", "From"), _month(people, side, "until", "To")]
            ),
            html.Button("Clear all filters", id=f"{side}-clear", n_clicks=0, className="quiet"),
        ],
    )


def _tracks(population: Population) -> list[dict[str, str]]:
    tracks = population.tracks
    rows, codes = np.nonzero(np.concatenate([tracks, ~tracks.any(axis=1, keepdims=True)], axis=1))
    counts = population.kept(rows, codes, tracks.shape[1] + 1).tolist()
    values = [*list(population.known["track"])[:-1], NO_TRACK]
    return [{"label": f"{label('track', v)} ({n:,})", "value": v} for v, n in zip(values, counts, strict=True)]


def _many(population: Population, side: str, field: str, title: str) -> Any:
    hint = "type to search …" if field in SEARCHED else "any"
    return html.Div(
        className="field",
        children=[
            html.Label(title, htmlFor=f"{side}-{field}", id=f"{side}-{field}-label"),
            dcc.Dropdown(
                id=f"{side}-{field}",
                options=options(population, field, "", ()),
                value=[],
                multi=True,
                placeholder=hint,
                className="dropdown",
            ),
        ],
    )


def _month(population: Population, side: str, field: str, title: str) -> Any:
    span = population.months
    months = [month_text(m) for m in range(span[0], span[1] + 1)] if span else []
    listed = months if field == "since" else months[::-1]
    return html.Div(
        className="field",
        children=[
            html.Label(title, htmlFor=f"{side}-{field}", id=f"{side}-{field}-label"),
            dcc.Dropdown(id=f"{side}-{field}", options=listed, value=None, placeholder="any", className="dropdown"),
        ],
    )


def options(population: Population, field: str, typed: str, chosen: Sequence[str]) -> list[dict[str, str]]:
    """Options of a list: what is chosen, then the most frequent values whose name holds what is typed.

    Skills are found by their other names too (`k8s`), and a name that is just what is typed comes first (`R`).
    """
    ranked = _ranked(population, field)
    needle = folded(typed)
    more = other_names() if field == "skill" else {}
    named = [(value, population.label(field, value), count) for value, count in ranked]
    rank = {value: _rank(needle, folded(name), more.get(value, ())) for value, name, _ in named}
    found = [one for one in named if one[0] in chosen or rank[one[0]] < NOT_FOUND]
    if field in SEARCHED:
        found.sort(key=lambda one: (one[0] not in chosen, rank[one[0]]))
        found = found[: OFFERED + len(chosen)]
    # The browser looks among these once more: what was found by another name must hold what is typed. It does so in
    # all parts of the text, so the text stays short.
    return [
        {"label": f"{_short(name)} ({count:,})", "value": value, "search": f"{_short(name)} {typed}".strip()}
        for value, name, count in found
    ]


def folded(name: str) -> str:
    """A name as it is looked up: `Scikit-learn` and `scikit learn` are one."""
    return re.sub(r"[\s._/-]+", "", name.casefold())


def _rank(needle: str, name: str, more: Sequence[str]) -> int:
    """How well a name fits what is typed: 0 is it, NOT_FOUND does not hold it."""
    if needle == name or needle in more:
        return 0
    if name.startswith(needle):
        return 1
    if needle in name:
        return 2
    return 3 if any(one.startswith(needle) for one in more) else NOT_FOUND


NOT_FOUND = 4


@cache
def other_names() -> Mapping[str, tuple[str, ...]]:
    """Skill id to the names that the shipped taxonomy knows it by, as they are looked up."""
    from nlp.taxonomy import load_taxonomy

    return {
        one.id: tuple(dict.fromkeys(folded(name) for name in one.surfaces)) for one in load_taxonomy().skills.values()
    }


def _ranked(population: Population, field: str) -> list[tuple[str, int]]:
    if field == "skill":
        return [(population.skills[code], int(population.skill_counts[code])) for code in population.by_popularity]
    facet = population.facets[field]
    counts = population.kept(np.arange(len(population)), facet.codes, len(facet.values))
    order = range(len(counts)) if field in ("seniority", "workplace") else np.argsort(-counts, kind="stable").tolist()
    return [(facet.values[code], int(counts[code])) for code in order]


def _short(name: str) -> str:
    return name if len(name) <= 48 else f"{name[:47]}…"


def to_values(filters: Filters) -> list[Any]:
    """The values of the controls, in the order of CONTROLS."""
    return [list(getattr(filters, one)) if one in MANY else getattr(filters, one) for one in CONTROLS]


def from_values(values: Sequence[Any]) -> Filters:
    """Filters of what the controls hold. A browser may send anything: `state.parse` checks the address made of it."""
    named = dict(zip(CONTROLS, values, strict=True))
    many = {one: tuple(str(v) for v in named[one] or ()) for one in MANY}
    since, until = (str(named[one]) if named[one] else None for one in ("since", "until"))
    return Filters(level=str(named["level"] or "asked"), since=since, until=until, **many)
