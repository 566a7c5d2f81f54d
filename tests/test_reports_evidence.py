"""Examples behind a bar: the right sentence with the right mark, spread over employers, never out of
bounds."""

from pathlib import Path

import pandas as pd
import pytest
import reports_sample

from reports import evidence, theme
from reports.report import Wanted


def test_a_sentence_is_cut_in_three() -> None:
    text = "About us.\n- You know  Python\nand SQL.\nApply."
    start = text.index("Python")
    pieces = evidence.cut(text, (start, start + 6), (text.index("- You"), text.index("\nApply")))
    assert pieces == ("- You know ", "Python", " and SQL.")


def test_long_ends_are_clipped() -> None:
    text = "x" * 10_000 + " Python " + "y" * 10_000
    pieces = evidence.cut(text, (10_001, 10_007), (0, len(text)))
    assert pieces is not None
    assert pieces[1] == "Python"
    assert len(pieces[0]) == len(pieces[2]) == evidence.CLIP + 1
    assert (pieces[0][0], pieces[2][-1]) == ("…", "…")


@pytest.mark.parametrize(
    ("span", "sentence"), [((3, 3), (0, 5)), ((2, 99), (0, 5)), ((-1, 2), (0, 5)), ((4, 2), (0, 5))]
)
def test_a_place_outside_the_text_gives_no_example(span: tuple[int, int], sentence: tuple[int, int]) -> None:
    assert evidence.cut("hello world", span, sentence) is None


def test_one_posting_of_an_employer_required_first_sources_by_turns() -> None:
    rows = [
        ("p1", "a", "preferred", "2024-05-01"), ("p2", "a", "required", "2023-01-01"),
        ("p3", "b", "preferred", "2024-01-01"),
        ("p4", "", "preferred", "2024-03-01"), ("p5", "", "preferred", None), ("p6", "c", "context", "2025-01-01"),
    ]  # fmt: skip
    mentions = pd.DataFrame(rows, columns=["posting_id", "employer_id", "level", "date_posted"])
    mentions = mentions.assign(start=0, source="s", date_posted=pd.to_datetime(mentions["date_posted"]))
    assert evidence.pick(mentions, 9)["posting_id"].tolist() == ["p2", "p4", "p3", "p5"]
    assert evidence.pick(mentions, 2)["posting_id"].tolist() == ["p2", "p4"]
    two = mentions.assign(source=["s", "s", "t", "s", "s", "s"])
    assert evidence.pick(two, 9)["posting_id"].tolist() == ["p2", "p4", "p3", "p5"]
    assert evidence.pick(two.assign(level="required"), 3)["posting_id"].tolist() == ["p6", "p3", "p1"]


def test_examples_come_from_the_population_and_name_what_they_show(tmp_path: Path) -> None:
    made = reports_sample.frames(postings=60, employers=20)
    store = reports_sample.store(tmp_path, made)
    half = made.postings.iloc[:30]
    asked = [Wanted("python", "Python", ("python",)), Wanted("absent", "Absent", ("absent",))]
    both = Wanted("deep", "Either", ("pytorch", "tensorflow"))
    requests = [evidence.Request(asked), evidence.Request([both], track="nlp")]
    drills, of_track = evidence.skill_drills(store, half, requests, 3)
    assert [drill.key for drill in drills] == ["python"]
    assert len(drills[0].examples) == 3
    assert {one.marked for one in of_track[0].examples} <= {"PyTorch", "TensorFlow"}
    titles = set(half.loc[half["nlp"], "employer"])
    assert {one.employer for one in of_track[0].examples} <= titles
    employers = {one.employer for one in drills[0].examples}
    assert len(employers) == 3
    for one in drills[0].examples:
        assert one.marked == "Python"
        assert one.level in ("required", "preferred")
        assert one.url is None
        assert one.rule == "<i>cue</i>"


def test_track_examples_show_the_sentence_that_carried_the_track(tmp_path: Path) -> None:
    made = reports_sample.frames(postings=60, employers=20)
    drills = evidence.track_drills(reports_sample.store(tmp_path, made), made.postings, theme.TRACKS, 2)
    assert [drill.key for drill in drills] == list(theme.TRACKS)
    assert all("probability 0.90" in one.rule for drill in drills for one in drill.examples)


def test_what_is_dropped_on_the_way_is_not_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = reports_sample.frames(postings=60, employers=20)
    store = reports_sample.store(tmp_path, made)
    requests = [evidence.Request([Wanted(one, one, (one,)) for one in ("python", "sql", "aws")])]
    whole = evidence.skill_drills(store, made.postings, requests, 4)
    monkeypatch.setattr(evidence, "_HELD", 5)
    assert evidence.skill_drills(store, made.postings, requests, 4) == whole
