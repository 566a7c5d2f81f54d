"""My path: which skill to learn next, for someone with given skills, in the postings that the filters keep."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash, Input, Output, State, dcc, html, no_update

from crawler.errors import SkillDemandError
from reports import theme
from reports.explorer.cards import aria, card, card_outputs, fill, notice
from reports.explorer.charts import HOVER, base, interval
from reports.explorer.cohort import Cohort
from reports.explorer.context import Explorer
from reports.explorer.data import PREFERRED, REQUIRED
from reports.explorer.filters import options
from reports.explorer.marks import (
    LONGEST_LABEL,
    Chart,
    bar_height,
    empty,
    layout,
    names_axis,
    percent_axis,
    plain,
    whiskers,
)
from reports.explorer.state import COVERS, UNSTATED, Filters, View, encode
from reports.explorer.words import UNTITLED
from reports.sentences import Estimate, plural, share

if TYPE_CHECKING:
    import pandas as pd

    from analysis.path import LearningPath
    from analysis.population import Population as Measured

STEPS = 10
TITLE = "Postings that open, skill by skill"


def page(explorer: Explorer) -> list[Any]:
    """The frame of the page."""
    return [
        html.H1("My skills, my path"),
        html.P(
            "Say what you know; the filters say which jobs you look at. The list below is an order of learning "
            "that opens many of these postings early: good, not proven best.",
            className="hint",
        ),
        html.Div(className="mine", children=[_have(explorer), _cover()]),
        html.P(id="path-lead", className="lead", role="status"),
        html.Div(className="cards", children=[card("path", TITLE, wide=True)]),
        html.Div(id="path-examples", **aria(label="Postings that the steps open")),
    ]


def _have(explorer: Explorer) -> Any:
    offered = options(explorer.population, "skill", "", ())
    choice = dcc.Dropdown(
        id="path-have", options=offered, value=[], multi=True, placeholder="type to search …", className="dropdown"
    )
    return html.Div(
        [html.Label("Skills that I have", htmlFor="path-have", id="path-have-label"), choice], className="field"
    )


def _cover() -> Any:
    offered = [{"label": f"{one}% of what it requires", "value": one} for one in COVERS]
    choice = dcc.Dropdown(
        id="path-cover", clearable=False, searchable=False, value="60", options=offered, className="dropdown"
    )
    name = html.Label("A posting is open with", htmlFor="path-cover", id="path-cover-label")
    return html.Div([name, choice], className="field")


def register(app: Dash, explorer: Explorer) -> None:
    """Tie the page to `explorer`; what is chosen stands in the address."""

    @app.callback(
        Output("url", "href", allow_duplicate=True),
        Input("path-have", "value"),
        Input("path-cover", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def choose(have: Any, cover: Any, search: str | None) -> Any:
        view = explorer.view(search)
        wanted = replace(view, have=tuple(map(str, have or ())), cover=str(cover))
        return no_update if wanted == view else f"/path{encode(wanted)}"

    @app.callback(
        Output("path-have", "value"),
        Output("path-cover", "value"),
        Output("path-lead", "children"),
        Output("path-examples", "children"),
        *card_outputs("path"),
        Input("url", "search"),
        Input("open-path", "n_clicks"),
    )
    def draw(search: str | None, opened: int | None) -> list[Any]:
        view = explorer.view(search)
        chart, lead, examples = shown(explorer, view)
        return [list(view.have), view.cover, lead, examples, *fill(chart, view, bool((opened or 0) % 2))]

    @app.callback(
        Output("path-have", "options"),
        Input("path-have", "search_value"),
        Input("path-have", "value"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def offer(typed: str | None, chosen: list[str] | None, search: str | None) -> Any:
        return options(explorer.population, "skill", (typed or "")[:80], [str(one) for one in chosen or ()])


def shown(explorer: Explorer, view: View) -> tuple[Chart, Any, list[Any]]:
    """(chart, lead, example postings) of the path of a view."""
    cohort = explorer.cohort(view.a)
    from reports.explorer.callbacks import caution

    note = (
        f"Share of postings, in percent, that require no more than what one then has ({view.cover}% of their required "
        "skills); whiskers: 95% interval, measured on employers that the order was not chosen on."
    )
    try:
        found = _planned(explorer, view.a, view.have, view.cover)
    except SkillDemandError as error:
        return Chart("path", TITLE, note, empty("No path.")), notice(f"No path: {error}.", "warn"), []
    chart = _chart(found, f"{note} Of {base(cohort)}, {plural(found.postings, 'posting')} require a skill.")
    return chart, [_lead(found, view), *caution(cohort)], _examples(explorer, found, view)


def chart(explorer: Explorer, view: View) -> Chart:
    """The chart alone, for its CSV."""
    return shown(explorer, view)[0]


@lru_cache(maxsize=64)
def _planned(explorer: Explorer, filters: Filters, have: tuple[str, ...], cover: str) -> LearningPath:
    from analysis.options import Options
    from analysis.path import plan

    return plan(measured(explorer.cohort(filters)), have, Options(), cover=int(cover) / 100, steps=STEPS)


def measured(cohort: Cohort) -> Measured:
    """The selection as the analysis takes it."""
    import pandas as pd
    import pyarrow as pa
    import scipy.sparse as sp

    from analysis.population import Population as Measured
    from analysis.population import employer_codes

    people = cohort.population
    # In the order of the frames: the analysis draws its halves by number, and the same halves give the same path.
    places = cohort.places[np.argsort(people.origin[cohort.places])]
    row = np.full(len(people), -1)
    row[places] = np.arange(len(places))
    kept = cohort.rows[people.entry_row]
    shape = (len(places), len(people.skills))

    def matrix(some: Any) -> Any:
        ones = np.ones(int(some.sum()), np.int8)
        return sp.csr_matrix((ones, (row[people.entry_row[some]], people.entry_skill[some])), shape=shape)

    facet = people.facets["employer"]
    employers = ["" if one == UNSTATED else one for one in facet.values]
    postings = pd.DataFrame(
        {
            "posting_id": people.ids.take(pa.array(places)).to_pylist(),
            "employer_id": [employers[code] for code in facet.codes[places].tolist()],
        }
    )
    must = people.entry_flags == REQUIRED
    return Measured(
        postings,
        matrix(kept & must),
        matrix(kept & (people.entry_flags == PREFERRED)),
        employer_codes(postings),
        np.ones(len(places)),
        people.catalog,
        pd.DataFrame(columns=["step", "postings"]),
    )


def _chart(found: LearningPath, note: str) -> Chart:
    steps = found.steps
    names = [f"{at}. {name}" if at else "today" for at, name in zip(steps["step"], steps["name"].tolist(), strict=True)]
    values = 100 * steps["share"].to_numpy()
    custom = [
        ["skill", skill, plain(name, 60), f"open: {interval(*figures)}<br>this step adds {100 * opens:.1f} points"]
        for skill, name, opens, *figures in zip(
            steps["skill"], names, steps["opens"], steps["share"], steps["low"], steps["high"], strict=True
        )
    ]
    trace = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": values.tolist(),
        "y": list(range(len(names))),
        "marker": {"size": 11, "color": theme.LIGHT["required"]},
        "line": {"width": 1, "color": theme.LIGHT["either"]},
        "error_x": whiskers(values, 100 * steps["low"].to_numpy(), 100 * steps["high"].to_numpy()),
        "customdata": custom,
        "hovertemplate": HOVER,
    }
    figure = {
        "data": [trace],
        "layout": layout(
            bar_height(len(names)), xaxis=percent_axis("% of postings"), yaxis=names_axis(names, LONGEST_LABEL + 4)
        ),
    }
    drills = [("skill", skill) if skill else None for skill in steps["skill"]]
    return Chart("path", TITLE, note, figure, _table(steps), drills)


def _table(steps: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {
            "learn": row["name"] if row["step"] else "(today)",
            "share": row["share"],
            "low": row["low"],
            "high": row["high"],
            "adds": row["opens"],
            "postings": int(row["count"]),
            "of": int(row["denominator"]),
        }
        for row in steps.to_dict("records")
    ]


def _lead(found: LearningPath, view: View) -> str:
    steps = found.steps
    today, last = (Estimate(*steps.iloc[at][["share", "low", "high"]].astype(float)) for at in (0, -1))
    with_what = f"With {plural(len(view.have), 'skill')} and what they imply" if view.have else "Without any skill"
    ended = f" It ends there: {found.stopped}." if len(steps) <= STEPS else ""
    if len(steps) == 1:
        return f"{with_what}, {share(today)} of the postings are open.{ended}"
    learnt = plural(len(steps) - 1, "more skill")
    return f"{with_what}, {share(today)} of the postings are open; with {learnt}, {share(last, first=False)}.{ended}"


def _examples(explorer: Explorer, found: LearningPath, view: View) -> list[Any]:
    """For each step some postings that it opens, as links."""
    people, out = explorer.population, []
    for step, skill in zip(found.steps["step"], found.steps["name"], strict=True):
        ids = [one for one in found.opened.get(int(step), ()) if one in people.row_of]
        if step and ids:
            links = [html.Li(_link(people.titles[people.row_of[one]].as_py(), one, view)) for one in ids[:3]]
            out += [html.H3(f"{skill} opens, for example"), html.Ul(links)]
    return [html.H2("What the steps open"), *out] if out else []


def _link(title: str, posting_id: str, view: View) -> Any:
    return html.A(title or UNTITLED, href=f"/posting{encode(View(a=view.a, posting=posting_id))}", dir="auto")
