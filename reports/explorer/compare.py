"""Two selections side by side."""

from __future__ import annotations

from typing import Any

import numpy as np
from dash import Dash, Input, Output, State, ctx, no_update

from reports import theme
from reports.explorer.cards import card_outputs, fill
from reports.explorer.charts import base, interval
from reports.explorer.cohort import Contrast, contrast
from reports.explorer.context import Explorer
from reports.explorer.marks import (
    LONGEST_LABEL,
    Chart,
    Figure,
    bar_height,
    empty,
    layout,
    names_axis,
    percent_axis,
    plain,
    whiskers,
)
from reports.explorer.state import View

TOP = 20
TITLE = "Skills: A against B"


def register(app: Dash, explorer: Explorer) -> None:
    """Tie the page of two selections to `explorer`."""
    from reports.explorer.callbacks import drilled

    @app.callback(
        Output("compare-lead", "children"),
        *card_outputs("compare"),
        Input("url", "search"),
        Input("open-compare", "n_clicks"),
    )
    def draw(search: str | None, opened: int | None) -> list[Any]:
        view = explorer.view(search)
        return [lead(explorer, view), *fill(chart(explorer, view), view, bool((opened or 0) % 2))]

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        Input("figure-compare", "clickData"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def open_postings(clicked: Any, search: str | None) -> Any:
        view = explorer.view(search)
        if not clicked or ctx.triggered_id is None:
            return no_update
        second = clicked["points"][0].get("curveNumber") == 1
        return drilled(explorer, clicked, view.b if second else view.a)


def lead(explorer: Explorer, view: View) -> list[Any]:
    """What A and B are, in one sentence, and a warning where one is small."""
    from reports.explorer.callbacks import caution
    from reports.explorer.drill import described

    if view.a == view.b:
        return ["A and B are the same so far: set filters for A and for B at the side."]
    warnings = [one for name in ("a", "b") for one in caution(explorer.cohort(getattr(view, name)), name.upper())]
    return [f"A: {described(explorer, view.a)} B: {described(explorer, view.b)}", *warnings]


def chart(explorer: Explorer, view: View) -> Chart:
    """The most asked-for skills of either selection, a dot for A and a diamond for B, ordered by their difference."""
    a, b = explorer.cohort(view.a), explorer.cohort(view.b)
    note = (
        f"Share of A ({base(a)}) and of B ({base(b)}), in percent; whiskers: 95% interval. Names with a star: the "
        "95% interval of the difference leaves zero out."
    )
    if not len(a) or not len(b):
        return Chart("compare", TITLE, note, empty("One of the selections is empty."))
    found = contrast(a, b, TOP)
    order = np.argsort(-(found.first.share - found.second.share), kind="stable")
    found = Contrast(
        found.skills[order], found.first.take(order), found.second.take(order), found.low[order], found.high[order]
    )
    people = explorer.population
    clear = (found.low > 0) | (found.high < 0)
    names = [people.names[c] for c in found.skills]
    table = [
        {
            "skill": name,
            "first": float(found.first.share[i]),
            "of A": found.first.total,
            "second": float(found.second.share[i]),
            "of B": found.second.total,
            "difference": float(found.first.share[i] - found.second.share[i]),
            "low": float(found.low[i]),
            "high": float(found.high[i]),
            "clear": "yes" if clear[i] else "no",
        }
        for i, name in enumerate(names)
    ]
    figure = _figure(found, [people.skills[c] for c in found.skills], names, clear.tolist())
    return Chart("compare", TITLE, note, figure, table, [("skill", people.skills[c]) for c in found.skills])


def _figure(found: Contrast, skills: list[str], names: list[str], clear: list[bool]) -> Figure:
    data = []
    for name, shares, colour, symbol, shift in (
        ("A", found.first, theme.LIGHT["required"], "circle", -0.14),
        ("B", found.second, theme.LIGHT["preferred"], "diamond", 0.14),
    ):
        share = 100 * shares.share
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": name,
                "x": share.tolist(),
                "y": [place + shift for place in range(len(names))],
                "marker": {"size": 10, "color": colour, "symbol": symbol},
                "error_x": {**whiskers(share, 100 * shares.low, 100 * shares.high), "color": colour},
                "customdata": [
                    ["skill", skills[i], plain(f"{names[i]} in {name}", 60), interval(*shares.row(i))]
                    for i in range(len(names))
                ],
                "hovertemplate": "<b>%{customdata[2]}</b><br>%{customdata[3]}<extra></extra>",
            }
        )
    starred = [f"{one} *" if sure else one for one, sure in zip(names, clear, strict=True)]
    return {
        "data": data,
        "layout": layout(
            bar_height(len(names), True),
            showlegend=True,
            xaxis=percent_axis("% of postings"),
            yaxis=names_axis(starred, LONGEST_LABEL + 2),
        ),
    }
