"""The labels in benchmarks/data: what can be told of them without the postings, and that none stands in gold."""

import csv
import importlib
import json
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from nlp.sentences import sentences
from nlp.tracks.features import NAMED, windows
from nlp.tracks.labels import Example
from nlp.tracks.train import Material

LABELS = Path(__file__).resolve().parents[1] / "benchmarks" / "data" / "track_labels.csv"
KINDS = {"by_source", "random", "uncertain", "off_topic"}


def rows() -> list[dict[str, str]]:
    with LABELS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_posting_is_labelled_once_and_within_the_guide() -> None:
    known = rows()
    assert max(Counter(row["posting_id"] for row in known).values()) == 1
    assert {row["kind"] for row in known} == KINDS
    assert {row["ml_role"] for row in known} == {"0", "1"}
    for track in ("cv", "nlp", "seq"):
        assert {row[track] for row in known} == {"0", "1", "2"}


@pytest.mark.shared
def test_no_posting_of_gold_is_labelled_again(shared: Path) -> None:
    gold = set()
    for name in ("tracks", "tracks_more", "tracks_sample"):
        with (shared / "data" / "gold" / f"{name}.jsonl").open(encoding="utf-8") as lines:
            gold.update(json.loads(line)["id"] for line in lines)
    assert gold.isdisjoint(row["posting_id"] for row in rows())


def test_every_frame_is_one_sentence_that_names_its_track(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(LABELS.parents[1]))
    frames = importlib.import_module("tracks_frames")
    lessons = frames.lessons()
    assert len({lesson.example.text for lesson in lessons}) == len(lessons) > 300
    answers = Counter(answer for lesson in lessons for answer in lesson.asked.values())
    assert 0.4 < answers[0] / len(lessons) < 0.7
    for lesson in lessons:
        spans = sentences(lesson.example.text)
        posting = windows(lesson.example.text, lesson.example.title, spans, {})
        read = {(NAMED[t], spans[s][0]) for t, s in zip(posting.track, posting.sentence, strict=True) if s >= 0}
        assert lesson.asked.keys() <= read, lesson.example.text


def test_annotated_skills_tell_where_a_posting_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(LABELS.parents[1]))
    asked = importlib.import_module("tracks_asked")
    text = "We sell computer vision.\nYou know OpenCV and object detection.\nTime series pay our rent."
    example = Example("a:1", "Engineer", text, (1, 2, 0, 0))
    posting = windows(text, "Engineer", sentences(text), {})
    unknown = np.full(len(posting.track), np.nan, np.float32)
    truth = np.array([[1, 1, 0, 0]], np.float32)
    material = Material([example], [posting], truth, [unknown], np.array(["train"]), [])
    assert asked.mark(material, {"a:1": ["OpenCV", "object detection"]}) == 2
    known = {(NAMED[t], int(s)): float(a) for t, s, a in zip(posting.track, posting.sentence, unknown, strict=True)}
    assert known["computer_vision", 0] == 0
    assert known["computer_vision", 1] == 1
    assert np.isnan(known["sequence_modeling", 2])
