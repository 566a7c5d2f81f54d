"""Examples behind a mark: the right postings, the right sentence with the right mark, never out of bounds."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import reports_sample

from analysis.options import Options
from analysis.path import plan
from analysis.population import Population, select
from analysis.run import measure
from crawler.store import Store
from nlp.records import TRACKS
from reports import behind, choose, evidence, quotes, readers, run, story_demand
from reports.report import Wanted


@pytest.fixture(scope="module")
def population() -> Population:
    return select(reports_sample.frames(postings=120, employers=30), Options())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return reports_sample.store(tmp_path_factory.mktemp("store"), reports_sample.frames(postings=120, employers=30))


def test_a_sentence_is_cut_in_three() -> None:
    text = "About us.\n- You know  Python\nand SQL.\nApply."
    start = text.index("Python")
    pieces = quotes.cut(text, (start, start + 6), (text.index("- You"), text.index("\nApply")))
    assert pieces == ("- You know ", "Python", " and SQL.")


def test_long_ends_are_clipped() -> None:
    text = "x" * 10_000 + " Python " + "y" * 10_000
    pieces = quotes.cut(text, (10_001, 10_007), (0, len(text)))
    assert pieces is not None
    assert pieces[1] == "Python"
    assert len(pieces[0]) == len(pieces[2]) == quotes.CLIP + 1
    assert (pieces[0][0], pieces[2][-1]) == ("…", "…")


@pytest.mark.parametrize(
    ("span", "sentence"), [((3, 3), (0, 5)), ((2, 99), (0, 5)), ((-1, 2), (0, 5)), ((4, 2), (0, 5))]
)
def test_a_place_outside_the_text_gives_no_example(span: tuple[int, int], sentence: tuple[int, int]) -> None:
    assert quotes.cut("hello world", span, sentence) is None


def posting(**given: object) -> dict[str, object]:
    return {"title": "Engineer", "description": "", "locations": [], "workplace": None} | given


def test_a_fact_is_shown_where_it_was_read() -> None:
    text = "We build things.\nThis job is fully remote.\nYou like tea."
    assert quotes.stating(posting(description=text), "workplace", "remote") == (
        ("", "This job is fully remote.", ""),
        "the text",
    )
    title = quotes.stating(posting(title="Senior Data Scientist", description=text), "seniority", "senior")
    assert title == (("", "Senior Data Scientist", ""), "the title")
    board = quotes.stating(posting(locations=["Berlin, Germany"], description=text), "country", "DE")
    assert board == (("", "Berlin, Germany", ""), "the board's own field")
    assert quotes.stating(posting(workplace="hybrid", description=text), "workplace", "hybrid") == (
        ("", "hybrid", ""),
        "the board's own field",
    )
    assert quotes.stating(posting(description=text), "workplace", "onsite") is None


def chosen(population: Population, wanted: Wanted, number: int) -> pd.DataFrame:
    return population.postings.iloc[choose.Chooser(population).choose(wanted, number)]


def test_one_posting_of_an_employer_required_first_sources_by_turns(population: Population) -> None:
    rows = choose.Chooser(population).choose(Wanted("python", "Python", ("python",)), 100)
    number = population.catalog.number["python"]
    required = np.asarray(population.required[rows][:, [number]].sum(axis=1)).ravel() > 0
    assert len(set(population.employer[rows])) == len(rows)
    assert required.tolist() == sorted(required.tolist(), reverse=True)
    assert (np.asarray(population.either[rows][:, [number]].sum(axis=1)).ravel() > 0).all()
    sources = population.postings["source"].to_numpy()[rows[required]]
    assert set(sources[:2]) == set(sources[2:4]) == set(reports_sample.SOURCES)
    dates = population.postings["date_posted"].to_numpy()[rows[required]]
    for source in reports_sample.SOURCES:
        own = dates[sources == source]
        assert (own[:-1] >= own[1:]).all()


def test_the_clearest_carriers_of_a_track_come_first(population: Population) -> None:
    found = chosen(population, Wanted("nlp", "NLP", tracks=("nlp",)), 5)
    assert found["nlp"].all()
    rest = population.postings.loc[population.postings["nlp"], "nlp_probability"]
    assert found["nlp_probability"].iloc[0] == rest.max()


def test_only_postings_behind_the_mark_are_chosen(population: Population) -> None:
    rows = np.flatnonzero((population.postings["seniority"] == "senior").to_numpy())
    found = chosen(population, Wanted("senior", "Senior", fact=("seniority", "senior"), rows=rows), 50)
    assert len(found)
    assert set(found["seniority"]) == {"senior"}


def test_examples_come_from_the_rows_and_name_what_they_show(store: Store, population: Population) -> None:
    half = np.arange(60)
    marks = [
        Wanted("python", "Python", ("python",), rows=half),
        Wanted("deep", "Either", ("pytorch", "tensorflow"), note=lambda row: f"row {row}"),
        Wanted("nothing", "Nothing", ("sql",), rows=half[:0]),
    ]
    drills, none = evidence.drills(store, [(population, marks), (population, [])], 3)
    assert none == []
    assert [drill.key for drill in drills] == ["python", "deep"]
    assert len(drills[0].examples) == 3
    employers = [one.employer for one in drills[0].examples]
    assert len(set(employers)) == 3
    assert set(employers) <= set(population.postings.loc[half, "employer"])
    for one in drills[0].examples:
        assert (one.marked, one.level, one.rule) == ("Python", "required", "<i>cue</i>")
        assert one.url is None
    assert {one.marked for one in drills[1].examples} <= {"PyTorch", "TensorFlow"}
    assert all(one.note.startswith("row ") for one in drills[1].examples)


def test_a_mark_that_asks_for_nothing_has_no_examples(store: Store, population: Population) -> None:
    assert evidence.drills(store, [(population, [Wanted("empty", "Empty")])], 2) == [[]]


def test_a_group_whose_skills_are_too_rare_to_rank_still_shows_them() -> None:
    made = reports_sample.frames(postings=200, employers=50)
    material = run.gather(made, Options(min_count=150, parts=("demand",)))
    assert not len(material.demand("skill", "either").query("category == 'Web'"))
    marks = story_demand._of_groups(material, pd.DataFrame([{"id": "web", "name": "Web applications"}]))
    assert set(marks[0].skills) == {"react", "rest", "hostile"}


def test_a_mention_of_an_older_tagging_is_no_example(tmp_path: Path, population: Population) -> None:
    from nlp.tables import MENTIONS, TAGGINGS

    store = reports_sample.store(tmp_path, reports_sample.frames(postings=120, employers=30))
    old = store.read(TAGGINGS).to_pylist()
    later = max(row["tagged_at"] for row in old) + pd.Timedelta(days=1).to_pytimedelta()
    store.append("again", {MENTIONS: [], TAGGINGS: [row | {"tagger_id": "new", "tagged_at": later} for row in old]})
    assert evidence.drills(store, [(population, [Wanted("python", "Python", ("python",))])], 2) == [[]]


def test_track_examples_show_the_sentence_that_carried_the_track(store: Store, population: Population) -> None:
    marks = [Wanted(track, track, tracks=(track,)) for track in TRACKS]
    drills = evidence.drills(store, [(population, [*marks, Wanted("any", "Any", tracks=TRACKS)])], 2)[0]
    assert [drill.key for drill in drills] == [*TRACKS, "any"]
    assert all("probability 0.90" in one.rule for drill in drills for one in drill.examples)
    assert [drills[0].examples[0].level, drills[1].examples[0].level] == ["asks for computer vision", "asks for NLP"]


def test_the_postings_behind_a_step_are_those_that_the_analysis_opens() -> None:
    population = select(reports_sample.frames(), Options())
    reader = readers.readers(population.catalog)[1]
    found = plan(population, reader.skills, Options(), cover=readers.COVER, steps=8)
    marks = {mark.key: mark for mark in behind.path(population, "R", reader.skills, found.steps)}
    assert len(marks) == len(found.steps)
    ids = population.postings["posting_id"].to_numpy()
    for step, opened in found.opened.items():
        rows = marks[f"R-{step}"].rows
        assert rows is not None
        assert set(opened) <= set(ids[rows])
    behind_steps = [int(row) for mark in marks.values() for row in ([] if mark.rows is None else mark.rows)]
    assert len(behind_steps) == len(set(behind_steps))  # a posting is opened once


def test_the_postings_that_a_syllabus_covers_are_those_that_the_analysis_counts(tmp_path: Path) -> None:
    own = tmp_path / "course.toml"
    own.write_text(
        'name = "Course"\nstatus = "current"\n[[parts]]\nname = "All"\nskills = ["pytorch", "keras", "llms"]\n'
    )
    taught = replace(reports_sample.catalog(), categories=("ml-frameworks",) * len(reports_sample.SKILLS))
    made, options = replace(reports_sample.frames(), catalog=taught), Options(syllabi=(own,), parts=("syllabus",))
    population = select(made, options)
    marks = {mark.key: mark for mark in behind.syllabus(population, options)}
    table = measure(made, options).syllabus
    counted = table[(table["year"] == "all") & (table["syllabus"] == "course")]
    assert len(counted) == 4
    for row in counted.to_dict("records"):
        rows = marks[f"course-{row['track']}"].rows
        assert rows is not None
        assert len(rows) == row["count"] > 0


def test_a_note_counts_what_is_known() -> None:
    population = select(reports_sample.frames(postings=60, employers=20), Options())
    required = population.required.toarray()
    row = int(np.flatnonzero(required.sum(axis=1) >= 2)[0])
    asked = np.flatnonzero(required[row])
    names = [population.catalog.names[number] for number in asked]
    for held in range(1, len(asked) + 1):
        known = np.zeros(required.shape[1], bool)
        known[asked[:held]] = True
        said = behind._known(population, known, np.ones_like(known), ("skill", "known"), row)
        if held < len(asked):
            assert said.startswith(f"{held} of the {len(asked)} skills that it requires {'is' if held == 1 else 'are'}")
            assert f"; not {names[held]}" in said
        else:
            assert said.startswith("all of its skills are known: ")


def test_every_mark_of_every_figure_opens_to_examples(tmp_path: Path) -> None:
    made = reports_sample.frames(postings=400, employers=70)
    store = reports_sample.store(tmp_path / "store", made)
    built = run.build(store, tmp_path / "out", Options(replicates=200))
    opens = {(part.id, drill.key) for part in built.report.parts for drill in part.drills}
    seen = 0
    for name, figure in built.report.figures.items():
        for trace in figure.to_plotly_json()["data"]:
            for key, hover in zip(trace.get("customdata") or (), trace.get("hovertext") or (), strict=True):
                counts_none = "<br>0 of" in hover or "0.0%" in hover.split("<br>")[1]
                assert (name, key) in opens or tuple(key.split("/")) in opens or counts_none, (name, key, hover)
                seen += 1
    assert seen > 150
    assert all(trace.get("customdata") for trace in _marks(built))
    examples = sum(len(drill.examples) for part in built.report.parts for drill in part.drills)
    assert (tmp_path / "out" / "report.md").read_text().count("; rule: ") == examples
    pool = json.loads((tmp_path / "out" / "report.html").read_text().split('id="examples">')[1].split("</script>")[0])
    assert len({tuple(one) for one in pool["postings"]}) == len(pool["postings"])
    assert len({tuple(one) for one in pool["quotes"]}) == len(pool["quotes"])


def _marks(built: run.Built) -> list[dict[str, object]]:
    """Every trace that a reader can point at."""
    traces = [trace for figure in built.report.figures.values() for trace in figure.to_plotly_json()["data"]]
    return [trace for trace in traces if trace.get("hoverinfo") == "text"]


def test_a_store_whose_texts_are_gone_says_so(tmp_path: Path) -> None:
    made = reports_sample.frames(postings=200, employers=50)
    store = reports_sample.store(tmp_path / "store", made, texts=False)
    built = run.build(store, tmp_path / "out", Options(parts=("demand",)))
    notes = [note for part in built.report.parts for note in part.notes]
    assert sum("no example postings in this report" in note for note in notes) == 1
    assert not any(part.drills for part in built.report.parts)


def test_no_examples_were_asked_for(store: Store, tmp_path: Path) -> None:
    built = run.build(store, tmp_path / "out", Options(parts=("demand",)), run.Settings(examples=0))
    assert not any("no example postings" in note for part in built.report.parts for note in part.notes)
    assert not any(part.drills for part in built.report.parts)
