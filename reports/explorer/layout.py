"""The shell of the explorer and its pages; what they show comes from the callbacks."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from reports.explorer import label, learn, posting
from reports.explorer.cards import aria, card
from reports.explorer.context import FIRST, REST, Explorer
from reports.explorer.data import month_text
from reports.explorer.filters import panel
from reports.explorer.grid import grid
from reports.explorer.state import View, encode
from reports.sentences import whole

PAGES = {"/": "Demand", "/compare": "Compare", "/postings": "Postings", "/path": "My path", "/label": "Label"}
WITH_FILTERS = ("/", "/compare", "/postings", "/path")
WIDE = ("skills", "trend", "together", "source")
HEIGHTS = {
    "tracks": 166,
    "seniority": 224,
    "trend": 340,
    "together": 460,
    "workplace": 152,
    "country": 368,
    "pay": 228,
    "employer": 344,
    "source": 368,
}
"""About the heights of the charts below the first, in pixels: what one reads stays in place when they are drawn."""
TITLES = {
    "skills": "Skills that employers ask for most",
    "tracks": "The three tracks",
    "seniority": "Seniority",
    "trend": "Over time",
    "together": "Asked for together",
    "workplace": "Workplace",
    "country": "Countries",
    "pay": "Stated pay by seniority",
    "employer": "Employers with most postings",
    "source": "Where the postings come from",
}


def shell(explorer: Explorer) -> Any:
    """What stays while pages change."""
    people = explorer.population
    return html.Div(
        className="shell",
        children=[
            dcc.Location(id="url", refresh="callback-nav"),
            html.A("Skip to the content", href="#main", className="skip"),
            html.Header(
                className="top",
                children=[
                    dcc.Link([html.Strong("skilldemand"), " explorer"], href="/", className="brand"),
                    html.Nav(id="nav", **aria(label="Pages"), children=navigation("/", View())),
                ],
            ),
            html.Div(
                id="frame",
                className="frame waiting",
                children=[
                    html.Aside(
                        id="aside",
                        **aria(label="Filters"),
                        children=[
                            panel(people, "a", "Filters"),
                            panel(people, "b", "Selection B"),
                        ],
                    ),
                    html.Main(
                        id="main",
                        tabIndex="-1",
                        children=[
                            html.Div(id="problems", role="status"),
                            html.Div(html.P("Loading…", className="note"), id="page"),
                        ],
                    ),
                ],
            ),
            html.Footer(footer(explorer)),
            dcc.Store(id="token", data=explorer.token),
            dcc.Store(id="applied"),
        ],
    )


def footer(explorer: Explorer) -> str:
    """What is counted here, in one sentence."""
    people = explorer.population
    span = people.months
    when = f", {month_text(span[0])} to {month_text(span[1])}" if span else ""
    return (
        f"{whole(len(people.counted))} machine-learning jobs{when}, repeats of an ad counted once (of "
        f"{whole(len(people))} postings). Intervals: 95%, Korn and Graubard's, with employers as clusters. Counted is "
        "what these sources carried, not every job there is."
    )


def navigation(path: str, view: View) -> list[Any]:
    """Links to the pages that keep the filters; the one that is open is marked."""
    there = encode(View(a=view.a, b=view.b, have=view.have, cover=view.cover))
    at = "/postings" if path == "/posting" else path
    return [
        dcc.Link(title, href=f"{page}{there}", className="here" if page == at else "") for page, title in PAGES.items()
    ]


def page(path: str, explorer: Explorer, view: View) -> Any:
    """The frame of one page; another path than those of PAGES and /posting gets a page that says so."""
    if path in ("/", "/posting"):
        return (_demand if path == "/" else _posting)(explorer, view)
    made = {
        "/compare": _compare,
        "/postings": _postings,
        "/label": label.page,
        "/path": learn.page,
    }.get(path)
    if made is None:
        return [html.H1("There is no such page"), html.P(["Go to ", dcc.Link("the charts", href="/"), "."])]
    return made(explorer)


def _demand(explorer: Explorer, view: View) -> list[Any]:
    """The first chart is filled at once; the others are asked for when one comes near them."""
    from reports.explorer.callbacks import headline, tiles

    cohort = explorer.cohort(view.a)
    return [
        html.H1("What machine-learning jobs ask for"),
        html.P(headline(cohort), id="headline", className="lead"),
        html.Div(tiles(cohort), id="tiles", className="tiles"),
        dcc.Store(id="drawn", data={"search": encode(view), "fresh": True}),
        dcc.Store(id="followed"),
        html.P(
            "Choose filters: every chart follows. Click a bar, a point or a dot to read the postings "
            "behind it. The address of this page holds your choice: copy it to share what you see.",
            className="hint",
        ),
        html.Div(
            className="cards",
            children=[
                card(FIRST, TITLES[FIRST], True, explorer.chart(FIRST, cohort), encode(view)),
                *(card(key, TITLES[key], key in WIDE, query=encode(view), lazy=HEIGHTS[key]) for key in REST),
            ],
        ),
    ]


def _compare(explorer: Explorer) -> list[Any]:
    return [
        html.H1("Two selections side by side"),
        html.P(id="compare-lead", className="lead"),
        html.Div(className="cards", children=[card("compare", "Skills: A against B", wide=True)]),
    ]


def _postings(explorer: Explorer) -> list[Any]:
    return [
        html.H1("Postings"),
        html.P(id="postings-lead", className="lead"),
        grid(),
        html.P(
            [
                html.A("All of these postings as CSV", id="csv-postings", href="/download/postings.csv"),
                " · A title opens the posting. Sort by a column's head, filter with the box below it.",
            ],
            className="hint",
        ),
    ]


def _posting(explorer: Explorer, view: View) -> list[Any]:
    return [html.Div(posting.page(explorer, view), id="posting")]
