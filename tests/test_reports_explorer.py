"""The explorer without a browser: addresses, selections and what the charts draw of them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from analysis.frames import Frames
from analysis.options import Options
from analysis.run import measure
from crawler.errors import EmptyError
from nlp.records import TRACKS
from reports.explorer import charts, load, network, trend
from reports.explorer.cohort import Cohort, contrast
from reports.explorer.context import CHARTS, Explorer
from reports.explorer.data import Population
from reports.explorer.filters import CONTROLS, from_values, options, to_values
from reports.explorer.state import Filters, View, encode, parse


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?track=nlp&level=required&seniority=senior&seniority=unstated&country=US&since=2020-01&until=2021-12&skill=sql",
        "?track=none&b.track=computer_vision&b.skill=pytorch&b.skill=keras",
        "?employer=employer-1&source=boardly&have=sql&have=docker",
        "?skill=cpp&id=made%3Aboard1%3A1",
    ],
)
def test_an_address_survives_the_way_there_and_back(people: Population, query: str) -> None:
    view = parse(query, people.known)
    assert view.problems == ()
    assert encode(view) == query


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?skill=cobol", "no skill “cobol”"),
        ("?level=wished", "no level"),
        ("?since=2020-13", "no month"),
        ("?since=2022-01&until=2021-01", "after its end"),
        ("?colour=red", "no filter"),
        ("?track=" + "nlp%00&track=<script>", "no track"),
        ("?skill=" + "x" * 9000, "too long"),
        ("?" + "a=1&" * 900, "too many parts"),
        ("?track=%ff%fe", "no track"),
    ],
)
def test_what_an_address_names_wrongly_is_left_out_and_said(people: Population, query: str, said: str) -> None:
    view = parse(query, people.known)
    assert said in " ".join(view.problems)
    assert view.a == Filters()
    assert all(len(one) < 200 for one in view.problems)


def test_controls_and_filters_are_two_forms_of_one_thing() -> None:
    made = Filters(track=("nlp",), level="any", since="2020-01", skill=("sql", "r"))
    assert from_values(to_values(made)) == made
    assert len(to_values(made)) == len(CONTROLS)


def test_shares_are_those_of_the_report(frames: Frames, people: Population) -> None:
    """One number, two ways: the explorer's fast sums against the measures that the report prints."""
    for query, asked in (
        ("", Options(parts=("demand",))),
        ("?track=nlp&country=US", Options(track=("nlp",), country=("US",), parts=("demand",))),
        ("?since=2020-03&until=2022-08", None),
    ):
        view = parse(query, people.known)
        if asked is None:
            import datetime

            asked = Options(since=datetime.date(2020, 3, 1), until=datetime.date(2022, 8, 31), parts=("demand",))
        cohort = Cohort(people, view.a)
        demand = measure(frames, asked).demand
        expected = demand[(demand["kind"] == "skill") & (demand["level"] == "either")].set_index("id")
        assert len(expected) > 5
        codes = np.array([people.skill_index[one] for one in expected.index])
        found = cohort.demand(codes)
        for name in ("count", "employers", "share", "low", "high", "n_eff"):
            np.testing.assert_allclose(getattr(found, name), expected[name].to_numpy(), rtol=1e-9, err_msg=name)
        assert found.total == expected["denominator"].iloc[0]


def test_tracks_and_the_headline_are_those_of_the_report(frames: Frames, people: Population) -> None:
    measured = measure(frames, Options(parts=("demand",)))
    found = Cohort(people, Filters()).tracks
    assert found.row(3) == pytest.approx((measured.any_track.share, measured.any_track.low, measured.any_track.high))


@pytest.mark.parametrize(
    "query",
    ["?seniority=senior", "?workplace=remote&workplace=unstated", "?country=DE&track=none", "?skill=sql&skill=git",
     "?employer=employer-1&until=2023-06", "?source=forum&level=required&skill=python"],
)  # fmt: skip
def test_a_selection_holds_exactly_the_postings_that_fit(frames: Frames, people: Population, query: str) -> None:
    filters = parse(query, people.known).a
    chosen = {people.ids[int(place)].as_py() for place in Cohort(people, filters).places}
    allowed = {"asked": (0, 1), "required": (0,)}[filters.level]
    named: dict[int, set[str]] = {}
    for one in frames.mentions.to_dict("records"):
        if one["level"] in allowed:
            named.setdefault(one["posting"], set()).add(frames.catalog.ids[one["skill"]])
    expected = set()
    for row, one in enumerate(frames.postings.to_dict("records")):
        month = f"{one['date_posted'] if one['date_posted'] == one['date_posted'] else one['first_seen']}"[:7]
        fits = all(
            not getattr(filters, name) or (one[column] or "unstated") in getattr(filters, name)
            for name, column in (("seniority",) * 2, ("workplace",) * 2, ("country",) * 2, ("source",) * 2,
                                 ("employer", "employer_id"))
        )  # fmt: skip
        fits &= not filters.track or not any(one[track] for track in TRACKS)
        fits &= set(filters.skill) <= named.get(row, set())
        fits &= filters.until is None or month <= filters.until
        if fits:
            expected.add(one["posting_id"])
    assert chosen == expected
    assert expected


def test_repeats_of_a_vacancy_count_once_and_the_first_counts(frames: Frames) -> None:
    repeated = frames.with_postings(vacancy=[min(row, 400) for row in range(500)])
    people = load.population(repeated)
    assert len(Cohort(people, Filters())) == 401
    assert Cohort(people, Filters()).demand(np.arange(5)).total == 401
    counted = measure(repeated, Options(parts=("demand",))).any_track
    assert Cohort(people, Filters()).tracks.count[3] == counted.count


def test_every_chart_answers_for_every_kind_of_selection(people: Population) -> None:
    explorer = Explorer(people)
    for query in ("", "?track=nlp", "?skill=sql&skill=r&skill=git", "?country=FR&seniority=intern", "?until=1999-01"):
        cohort = explorer.cohort(explorer.view(query).a)
        for key in CHARTS:
            chart = explorer.chart(key, cohort)
            assert chart.key == key
            assert chart.title
            assert chart.note
            assert len(chart.drills) == len(chart.table)
            marks = [mark for one in chart.figure["data"] for mark in one.get("customdata", ()) if mark]
            assert bool(marks) == bool(chart.table)
            assert all(mark[0] in {*people.known, "period"} and mark[1] for mark in marks)


@pytest.mark.parametrize("query", ["", "?country=US", "?track=nlp&level=required", "?skill=python&skill=sql"])
@pytest.mark.parametrize("key", CHARTS)
def test_every_mark_leads_to_as_many_postings_as_it_says(people: Population, key: str, query: str) -> None:
    explorer = Explorer(people)
    cohort = explorer.cohort(explorer.view(query).a)
    chart = explorer.chart(key, cohort)
    assert chart.table
    for line, drill in zip(chart.table, chart.drills, strict=True):
        assert drill is not None
        found = explorer.cohort(cohort.filters.with_more(*drill))
        stated = np.isfinite(people.pay[found.places]) if key == "pay" else np.ones(len(found), bool)
        assert int(stated.sum()) == line["both" if key == "together" else "postings"], drill
    marks = [tuple(mark[:2]) for one in chart.figure["data"] for mark in one.get("customdata", ()) if mark]
    assert marks
    if key != "together":
        assert set(marks) == set(chart.drills)


def test_the_marks_of_the_other_pages_lead_to_their_postings(people: Population) -> None:
    from reports.explorer import compare, learn
    from reports.explorer.callbacks import drilled

    explorer = Explorer(people)
    view = explorer.view("?track=nlp&b.country=DE")
    chart = compare.chart(explorer, view)
    for selection, trace in zip((view.a, view.b), chart.figure["data"], strict=True):
        for mark, line in zip(trace["customdata"], chart.table, strict=True):
            address = drilled(explorer, {"points": [{"customdata": mark}]}, selection)
            found = explorer.cohort(explorer.view(address.partition("?")[2]).a)
            share, of = ("first", "of A") if selection is view.a else ("second", "of B")
            assert len(found) == round(line[share] * line[of])
    path = learn.chart(explorer, explorer.view("?have=python"))
    steps = path.figure["data"][0]["customdata"]
    assert len(steps) > 2
    for mark in steps[1:]:
        address = drilled(explorer, {"points": [{"customdata": mark}]}, Filters())
        assert len(explorer.cohort(explorer.view(address.partition("?")[2]).a)) > 0


def test_lists_say_how_many_postings_a_choice_leaves(frames: Frames) -> None:
    """Also where repeats of an ad differ: counted is what the filter keeps."""
    from reports.explorer.filters import panel

    people = load.population(frames.with_postings(vacancy=[row // 2 for row in range(500)]))
    said = {
        (field, one["value"]): int(one["label"].rpartition("(")[2].rstrip(")").replace(",", ""))
        for field in ("skill", "seniority", "workplace", "country", "employer", "source")
        for one in options(people, field, "", ())
    }
    tracks = panel(people, "a", "Filters").children[1].children[1].options
    said |= {("track", one["value"]): int(one["label"].rpartition("(")[2].rstrip(")")) for one in tracks}
    assert len(said) > 60
    for (field, value), count in said.items():
        assert len(Cohort(people, Filters().with_more(field, value))) == count, (field, value)


def test_every_kind_of_trace_is_in_the_bundle_that_is_served(people: Population) -> None:
    from reports import plotlyjs
    from reports.explorer import compare, learn

    explorer = Explorer(people)
    figures = [explorer.chart(key, explorer.cohort(Filters())).figure for key in CHARTS]
    view = explorer.view("?track=nlp&b.track=none&have=python")
    figures += [compare.chart(explorer, view).figure, learn.chart(explorer, view).figure]
    assert {trace["type"] for figure in figures for trace in figure["data"]} <= plotlyjs.TRACES
    assert plotlyjs.BUNDLE.read_text("utf-8").startswith("/**\n* plotly.js (basic")
    assert "MIT License" in plotlyjs.BUNDLE.with_name("LICENSE").read_text("utf-8")


def test_one_period_alone_has_an_axis_of_whole_periods(frames: Frames) -> None:
    import pandas as pd

    day = pd.Timestamp("2023-05-04")
    once = load.population(frames.with_postings(date_posted=[day] * 500))
    axis = trend.trend(Cohort(once, Filters())).figure["layout"]["xaxis"]
    assert axis["ticktext"] == ["2023-05"]
    assert axis["range"] == ["2023-04-15", "2023-05-15"]


def test_a_small_selection_warns(people: Population) -> None:
    from reports.explorer.callbacks import headline

    few = Cohort(people, Filters(country=("FR",), seniority=("lead",)))
    assert few.small
    assert "small selection" in str(headline(few))
    assert "small selection" not in str(headline(Cohort(people, Filters())))
    assert "No posting matches" in str(headline(Cohort(people, Filters(until="1999-01"))))
    from reports.explorer import compare, learn

    explorer = Explorer(people)
    said = str(compare.lead(explorer, explorer.view("?country=US&b.country=FR&b.seniority=lead")))
    assert "B is a small selection" in said
    assert "A is a small selection" not in said
    assert "small selection" in str(learn.shown(explorer, explorer.view("?until=2020-06"))[1])


def test_the_trend_follows_skills_that_are_filtered_for(people: Population) -> None:
    lines = {line["line"] for line in trend.trend(Cohort(people, Filters(skill=("sql", "git")))).table}
    assert lines == {"SQL", "Git"}


def test_lines_break_where_periods_are_missing() -> None:
    assert trend.runs([1, 2, 3, 7, 9, 10]) == [(0, 3), (3, 4), (4, 6)]


def test_the_path_is_that_of_the_analysis(frames: Frames, people: Population) -> None:
    from analysis.run import path
    from reports.explorer import learn

    explorer = Explorer(people)
    chart, lead, examples = learn.shown(explorer, explorer.view("?have=python&cover=50"))
    expected = path(frames, ["python"], cover=0.5).steps
    assert [line["share"] for line in chart.table] == pytest.approx(expected["share"].tolist())
    assert [line["learn"] for line in chart.table][1:] == expected["name"].tolist()[1:]
    assert "With 1 skill" in str(lead)
    assert examples
    _, few, nothing = learn.shown(explorer, explorer.view("?until=1999-01"))
    assert "No path" in str(few)
    assert nothing == []


def test_two_selections_that_are_one_differ_nowhere(people: Population) -> None:
    cohort = Cohort(people, Filters(track=("nlp",)))
    found = contrast(cohort, cohort, 10)
    np.testing.assert_allclose(found.low, 0, atol=1e-7)
    np.testing.assert_allclose(found.high, 0, atol=1e-7)


def test_the_difference_of_two_selections_is_that_of_a_bootstrap(people: Population) -> None:
    a, b = Cohort(people, Filters(track=("nlp",))), Cohort(people, Filters(workplace=("remote",)))
    found = contrast(a, b, 4)
    rng = np.random.default_rng(1)
    draws = []
    flags = np.zeros((len(people), len(found.skills)))
    for column, code in enumerate(found.skills):
        asked = (people.entry_skill == code) & (people.entry_flags > 1)
        flags[people.entry_row[asked], column] = 1
    for _ in range(600):
        weight = np.bincount(rng.integers(0, people.clusters, people.clusters), minlength=people.clusters)[
            people.cluster
        ]
        shares = [(flags[c.rows] * weight[c.rows, None]).sum(axis=0) / weight[c.rows].sum() for c in (a, b)]
        draws.append(shares[0] - shares[1])
    spread = np.std(draws, axis=0)
    half = (found.high - found.low) / 2 / 1.98
    np.testing.assert_allclose(half, spread, rtol=0.25)


def test_the_graph_ties_what_stands_together(people: Population) -> None:
    both = np.array([[40, 40, 10], [40, 50, 10], [10, 10, 50]], float)
    phi = network.association(both, 100)
    assert phi[0, 1] == pytest.approx((40 * 100 - 40 * 50) / np.sqrt(40 * 60 * 50 * 50))
    assert network.strongest(phi, both) == [(0, 1)]


def test_names_of_the_graph_keep_clear_of_each_other() -> None:
    alone = network.sides(np.array([[0.5, 0.5]]), [10], np.array([10.0]))
    assert alone == ["top center"]
    near = network.sides(np.array([[0.5, 0.5], [0.52, 0.53]]), [20, 20], np.array([20.0, 20.0]))
    assert near[0] != "top center"
    assert near[1] == "top center"


def test_nothing_to_show_is_said_in_one_line(frames: Frames) -> None:
    empty = dataclasses.replace(frames, postings=frames.postings.iloc[:0], mentions=frames.mentions.iloc[:0])
    with pytest.raises(EmptyError, match="holds no postings"):
        load.population(empty)
    with pytest.raises(EmptyError, match="none of the 7 postings is tagged"):
        load.population(dataclasses.replace(empty, untagged=7))
    with pytest.raises(EmptyError, match="none of the 500 tagged postings"):
        load.population(frames.with_postings(ml_role=False))


def test_options_are_looked_up_by_what_is_typed(people: Population) -> None:
    assert options(people, "skill", "r", ())[0]["value"] == "r"
    assert [one["value"] for one in options(people, "skill", "K8s", ())] == ["kubernetes"]
    assert "K8s" in options(people, "skill", "K8s", ())[0]["search"]
    assert [one["value"] for one in options(people, "skill", "sklearn", ())] == ["scikit-learn"]
    found = [one["value"] for one in options(people, "skill", "TENSOR", ())]
    assert found == ["tensorflow"]
    chosen = [one["value"] for one in options(people, "skill", "tensor", ("sql",))]
    assert chosen == ["sql", "tensorflow"]


def test_hover_texts_hold_no_markup_of_employers(people: Population) -> None:
    chart = charts.facet(Cohort(people, Filters()), "employer", most=600)
    assert "<script" not in str(chart.figure)
    assert "&lt;script&gt;" in str(chart.figure)


def test_a_view_is_its_address(people: Population) -> None:
    view = View(a=Filters(track=("nlp",)), b=Filters(skill=("sql",)), have=("git",))
    assert parse(encode(view), people.known) == view
