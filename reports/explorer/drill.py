"""What answers on the pages of postings: the grid, and one posting."""

from __future__ import annotations

from typing import Any

from dash import Dash, Input, Output, State

from reports.explorer import grid, posting
from reports.explorer.charts import base
from reports.explorer.context import Explorer
from reports.explorer.filters import CONTROLS
from reports.explorer.state import LEVELS, Filters, View, encode
from reports.explorer.words import FIELDS
from reports.sentences import listed


def register(app: Dash, explorer: Explorer) -> None:
    """Tie the grid and the page of one posting to `explorer`."""

    @app.callback(
        Output("postings-lead", "children"),
        Output("csv-postings", "href"),
        Output("grid", "filterModel"),
        Input("url", "search"),
        State("grid", "filterModel"),
    )
    def lead(search: str | None, model: Any) -> tuple[str, str, Any]:
        view = explorer.view(search)
        # A new filter model, even an equal one, makes the grid ask for its rows again.
        return described(explorer, view.a), f"/download/postings.csv{encode(View(a=view.a))}", model or {}

    @app.callback(
        Output("grid", "getRowsResponse"),
        Input("grid", "getRowsRequest"),
        Input("url", "search"),
    )
    def block(request: Any, search: str | None) -> Any:
        view = explorer.view(search)
        wanted = request if isinstance(request, dict) else {}
        return grid.rows(explorer.cohort(view.a), wanted, encode(View(a=view.a)).lstrip("?"))

    @app.callback(Output("posting", "children"), Input("url", "search"), prevent_initial_call=True)
    def one(search: str | None) -> Any:
        return posting.page(explorer, explorer.view(search))


def described(explorer: Explorer, filters: Filters) -> str:
    """The selection in words: how many postings, and what the filters are."""
    people = explorer.population
    said = []
    for field in CONTROLS:
        value = getattr(filters, field)
        if isinstance(value, tuple) and value:
            names = [people.label(field, one) for one in value]
            said.append(f"{FIELDS[field].lower()}: {listed(names, 'and' if field == 'skill' else 'or')}")
    if filters.skill:
        said.append(f"counted when {LEVELS[filters.level]}")
    if filters.since or filters.until:
        said.append(f"from {filters.since or 'the first'} to {filters.until or 'the last'}")
    return f"{base(explorer.cohort(filters))}{' · ' if said else ''}{'; '.join(said)}."
