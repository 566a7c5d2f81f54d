"""Pieces of the page: a chart with its unit, table and downloads; figures in tiles; notices."""

from __future__ import annotations

from typing import Any

from dash import Output, dcc, html

from reports.explorer.marks import Chart, empty
from reports.explorer.state import Filters, View, encode

CONFIG: Any = {"displaylogo": False, "responsive": True, "displayModeBar": False, "showTips": False}
SHARES = ("share", "low", "high", "first", "second", "difference", "adds")
PARTS = {"figure": "figure", "note": "children", "table": "children", "csv": "href"}
"""What is filled in a card, and the property that takes it."""


def aria(**names: str) -> Any:
    """`aria-…` attributes for a component."""
    return {f"aria-{name}": value for name, value in names.items()}


def card(
    key: str, title: str, wide: bool = False, chart: Chart | None = None, query: str = "", lazy: int | None = None
) -> Any:
    """The frame of a chart. Ids: figure-, note-, table-, open-, csv-, png-<key>.

    `chart` and the `query` of its view are what it holds at once; `fill` gives what goes into it later. `lazy` is the
    height of the place of a chart that the page asks for by the store ask-<key>.
    """
    more: dict[str, Any] = {} if lazy is None else {"data-lazy": key}
    return html.Section(
        className="card wide" if wide else "card",
        **aria(labelledby=f"title-{key}"),
        **more,
        children=[
            html.H2(title, id=f"title-{key}"),
            html.P(chart.note if chart else "", id=f"note-{key}", className="note"),
            html.Div(
                dcc.Graph(
                    id=f"figure-{key}",
                    figure=chart.figure if chart else empty("One moment …", lazy or 160),
                    config=CONFIG,
                    className="figure",
                    responsive="auto",
                ),
                className="drawing",
                # The graph is wider than a phone: its place scrolls, and the keyboard must reach it.
                tabIndex="0" if key == "together" else None,
                role="img",
                **aria(labelledby=f"title-{key} note-{key}"),
            ),
            html.Div(_tools(key, title, query), className="tools"),
            html.Div(id=f"table-{key}", className="table"),
            *([] if lazy is None else [dcc.Store(id=f"ask-{key}")]),
        ],
    )


def _tools(key: str, title: str, query: str) -> list[Any]:
    png = aria(label=f"{title} as PNG")
    csv: dict[str, Any] = {"href": f"/download/{key}.csv{query}", **aria(label=f"{title} as CSV")}
    return [
        html.Button("Table", id=f"open-{key}", n_clicks=0, className="quiet", **aria(controls=f"table-{key}")),
        html.A("CSV", id=f"csv-{key}", className="quiet", **csv),
        html.Button("PNG", id=f"png-{key}", n_clicks=0, className="quiet png", **png),
    ]


def card_outputs(key: str) -> list[Output]:
    """The properties of a card that `fill` fills."""
    return [Output(f"{part}-{key}", what) for part, what in PARTS.items()]


def fill(chart: Chart, view: View, opened: bool) -> list[Any]:
    """What goes into a card, in the order of PARTS."""
    return [chart.figure, chart.note, table(chart, view) if opened else [], f"/download/{chart.key}.csv{encode(view)}"]


def table(chart: Chart, view: View) -> Any:
    """The figures of a chart as a table whose first cells lead to the postings: the keyboard's way down."""
    if not chart.table:
        return html.P("There is nothing to list.", className="note")
    heads = list(chart.table[0])
    rows = []
    for line, drill in zip(chart.table, chart.drills or [None] * len(chart.table), strict=True):
        first, *rest = (written(head, line[head]) for head in heads)
        cell = html.A(first, href=drill_address(view.a, *drill)) if drill else first
        rows.append(html.Tr([html.Th(cell, scope="row"), *(html.Td(one) for one in rest)]))
    return html.Table([html.Thead(html.Tr([html.Th(head, scope="col") for head in heads])), html.Tbody(rows)])


def written(head: str, value: Any) -> str:
    """A figure of a table for people: shares in percent, numbers with their thousands."""
    if isinstance(value, float):
        if value != value:
            return "–"
        if head in SHARES:
            return f"{100 * value:.1f}%"
        return f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def drill_address(filters: Filters, field: str, value: str) -> str:
    """The address of the postings that a mark of a chart stands for."""
    return f"/postings{encode(View(a=filters.with_more(field, value)))}"


def tile(value: str, what: str) -> Any:
    """One figure with what it counts."""
    return html.Div(className="tile", children=[html.Span(value, className="value"), html.Span(what, className="what")])


def notice(text: Any, kind: str = "warn") -> Any:
    """A line that a reader must not miss; `kind`: warn or stop."""
    return html.P(text, className=f"notice {kind}")
