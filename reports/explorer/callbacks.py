"""What answers the reader: the shell, the searches in lists, and the charts of the first screen."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, ctx, html, no_update

from reports.explorer import layout
from reports.explorer.address import SIDES
from reports.explorer.cards import card_outputs, fill, notice, tile
from reports.explorer.charts import base
from reports.explorer.cohort import Cohort
from reports.explorer.context import CHARTS, FIRST, REST, Explorer
from reports.explorer.filters import SEARCHED, options, to_values
from reports.explorer.state import Filters, View, encode
from reports.sentences import Estimate, listed, percent, percent_range, share, whole


def register(app: Dash, explorer: Explorer) -> None:
    """Tie the shell and the first screen to `explorer`."""
    _shell(app, explorer)
    _searches(app, explorer)
    _demand(app, explorer)
    _tables(app, explorer)
    _drill(app, explorer)


def _shell(app: Dash, explorer: Explorer) -> None:
    @app.callback(
        Output("page", "children"), Output("frame", "className"), Input("url", "pathname"), State("url", "search")
    )
    def show(path: str | None, search: str | None) -> tuple[Any, str]:
        path = path or "/"
        kinds = ["frame"] + ([] if path in layout.WITH_FILTERS else ["alone"]) + (["two"] if path == "/compare" else [])
        return layout.page(path, explorer, explorer.view(search)), " ".join(kinds)

    @app.callback(
        Output("nav", "children"),
        Output("problems", "children"),
        Output("a-title", "children"),
        Input("url", "pathname"),
        Input("url", "search"),
    )
    def follow(path: str | None, search: str | None) -> tuple[Any, Any, str]:
        view = explorer.view(search)
        active = _active(view.a)
        title = "Selection A" if path == "/compare" else "Filters"
        return (
            layout.navigation(path or "/", view),
            [notice(one) for one in view.problems],
            f"{title} ({active} set)" if active else title,
        )


def _active(filters: Filters) -> int:
    values = to_values(filters)
    return sum(len(v) if isinstance(v, list) else v not in (None, "asked") for v in values)


def _searches(app: Dash, explorer: Explorer) -> None:
    for side in SIDES:
        for field in SEARCHED:

            @app.callback(
                Output(f"{side}-{field}", "options"),
                Input(f"{side}-{field}", "search_value"),
                Input(f"{side}-{field}", "value"),
                prevent_initial_call=True,
            )
            def offer(typed: str | None, chosen: list[str] | None, field: str = field) -> Any:
                return options(explorer.population, field, (typed or "")[:80], [str(one) for one in chosen or ()])


def filled(explorer: Explorer, key: str, search: object, opened: int | None) -> list[Any]:
    """What goes into the card of a chart for an address; `opened` are the clicks on its table's button."""
    view = explorer.view(search)
    return fill(explorer.chart(key, explorer.cohort(view.a)), view, bool((opened or 0) % 2))


def _demand(app: Dash, explorer: Explorer) -> None:
    """What one sees without scrolling follows the address; each of the other charts is asked for (assets/charts.js)."""

    @app.callback(
        Output("drawn", "data"),
        Output("headline", "children"),
        Output("tiles", "children"),
        *card_outputs(FIRST),
        Input("url", "search"),
        State(f"open-{FIRST}", "n_clicks"),
        prevent_initial_call=True,
    )
    def draw(search: str | None, opened: int | None) -> list[Any]:
        cohort = explorer.cohort(explorer.view(search).a)
        return [{"search": search or ""}, headline(cohort), tiles(cohort), *filled(explorer, FIRST, search, opened)]

    # Without an output it would not be called for a page that has just been made.
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("charts", "follow"), Output("followed", "data"), Input("drawn", "data")
    )

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("charts", "change"), Input("url", "search"), prevent_initial_call=True
    )

    for key in REST:

        @app.callback(
            *card_outputs(key),
            Input(f"ask-{key}", "data"),
            State(f"open-{key}", "n_clicks"),
            prevent_initial_call=True,
        )
        def draw_one(search: str | None, opened: int | None, key: str = key) -> list[Any]:
            return filled(explorer, key, search, opened)


def _tables(app: Dash, explorer: Explorer) -> None:
    """The table below a chart, when it is opened."""
    for key in CHARTS:

        @app.callback(
            Output(f"table-{key}", "children", allow_duplicate=True),
            Input(f"open-{key}", "n_clicks"),
            State("url", "search"),
            prevent_initial_call=True,
        )
        def unfold(clicks: int | None, search: str | None, key: str = key) -> Any:
            return filled(explorer, key, search, clicks)[2]


def _drill(app: Dash, explorer: Explorer) -> None:
    """A click on a mark opens its postings. `customdata` of every mark starts with field and value."""

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        *(Input(f"figure-{key}", "clickData") for key in CHARTS),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def open_postings(*args: Any) -> Any:
        *_, search = args
        clicked = ctx.triggered[0]["value"] if ctx.triggered else None
        return drilled(explorer, clicked, explorer.view(search).a)


def drilled(explorer: Explorer, clicked: Any, filters: Filters) -> Any:
    """The address of the postings behind a click, or no_update where the mark has none."""
    try:
        field, value = clicked["points"][0]["customdata"][:2]
    except (KeyError, IndexError, TypeError, ValueError):
        return no_update
    if not value:
        return no_update
    made = encode(View(a=filters.with_more(str(field), str(value))))
    return f"/postings{encode(explorer.view(made))}"


def headline(cohort: Cohort) -> list[Any]:
    """The first sentence, and a warning where the selection is small or empty."""
    if not len(cohort):
        return [html.Span("No posting matches these filters. Take one away.", className="notice stop")]
    if cohort.filters.track:
        names = listed([cohort.population.label("track", one) for one in cohort.filters.track], "or")
        words: list[Any] = [f"{base(cohort)} (track: {names}) fit the filters."]
    else:
        words = [
            f"Of {base(cohort)}, ",
            html.Strong(share(Estimate(*cohort.tracks.row(3)))),
            " ask for at least one of computer vision, natural language processing and sequence modeling.",
        ]
    return [*words, *caution(cohort)]


def caution(cohort: Cohort, name: str = "This") -> list[Any]:
    """A warning where the selection is small."""
    if not cohort.small or not len(cohort):
        return []
    said = (
        f"{name} is a small selection ({base(cohort)}): the intervals are wide, and marks whose whiskers overlap may "
        "well stand in another order."
    )
    return [html.Span(said, className="notice warn")]


def tiles(cohort: Cohort) -> list[Any]:
    """The numbers of the selection."""
    if not len(cohort):
        return [tile("0", "postings")]
    leader = cohort.top(1)
    out = [tile(whole(len(cohort)), "postings"), tile(whole(cohort.employers), "employers")]
    if not cohort.filters.track:
        found = Estimate(*cohort.tracks.row(3))
        out.append(tile(percent(found), f"ask for a track ({percent_range(found)})"))
    if len(leader):
        first = cohort.demand(leader)
        estimate = Estimate(*first.row(0))
        out.append(tile(percent(estimate), f"ask for {cohort.population.names[leader[0]]} ({percent_range(estimate)})"))
    return out
