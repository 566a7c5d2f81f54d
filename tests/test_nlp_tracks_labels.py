"""Labelled postings: reading, refusing, splitting; agreement, the store's labels, Label Studio; the registry."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tracks_material import postings

from crawler.errors import EmptyError, InputError, ModelError
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS
from nlp.tracks import labelstore, labelstudio, metrics, queue, splits
from nlp.tracks.agreement import agreement
from nlp.tracks.labels import read_files, truth, usable
from nlp.tracks.labelstore import Judged, settle
from nlp.tracks.names import GUIDE
from nlp.tracks.registry import Registry


def row(**more: Any) -> dict[str, Any]:
    return {"id": "a:b:1", "title": "T", "text": "Some text", "ml_role": 1, "cv": 0, "nlp": 2, "seq": 1, **more}


def write(path: Path, *rows: Any) -> Path:
    path.write_text("\n".join(json.dumps(one) for one in rows) + "\n", "utf-8")
    return path


def test_files_are_read_and_copies_count_once(tmp_path: Path) -> None:
    first = write(tmp_path / "one.jsonl", row(stratum="natural", text="a\u2028b"), row(id="a:b:2", nlp=0))
    second = write(tmp_path / "two.jsonl", row(inclusion_prob=0.5, nlp=0, text="a\u2028b"))
    told: list[str] = []
    examples = read_files([first, second], told.append)
    assert [one.id for one in examples] == ["a:b:1", "a:b:2"]
    assert examples[0].stratum == "natural"
    assert examples[0].weight == 2.0
    assert truth(examples).tolist() == [[1, 0, 1, 1], [1, 0, 0, 1]]
    assert told == ["1 postings are labelled differently in several files: the first file's labels stand"]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([row(nlp=3)], "line 1: nlp is 3, but must be one of 0, 1, 2"),
        ([row(), row(id="x", cv=None)], "line 2: cv is None"),
        ([row(ml_role=True)], "ml_role is True"),
        ([row(text=" ")], "posting a:b:1 has no text"),
        ([row(inclusion_prob=0)], "inclusion_prob 0 is not in"),
        ([{"title": "x"}], "line 1: no field id"),
        ([row(), row(cv=1)], "posting a:b:1 has two different labels"),
    ],
)
def test_a_broken_file_is_refused_in_one_line(tmp_path: Path, rows: list[Any], says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read_files([write(tmp_path / "labels.jsonl", *rows)])
    assert "\n" not in str(caught.value)
    assert "labels.jsonl" in str(caught.value)


def test_no_json_and_no_file(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{oops\n")
    with pytest.raises(InputError, match="line 1: not JSON"):
        read_files([tmp_path / "x.jsonl"])
    with pytest.raises(InputError, match="can't be read"):
        read_files([tmp_path / "absent.jsonl"])


def test_too_few_labels_and_one_class_only(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="5 labelled postings are too few"):
        usable(postings(5))
    same = [row(id=f"a:b:{n}", cv=0, nlp=0, seq=0) for n in range(50)]
    with pytest.raises(InputError, match="every label says the same"):
        usable(read_files([write(tmp_path / "same.jsonl", *same)]))
    assert usable(postings(80)) == ["ml_role", "cv", "nlp", "seq"]


def test_an_employer_is_never_on_both_sides_and_the_split_is_stable() -> None:
    examples = postings(300)
    keys, texts = [one.cluster for one in examples], [one.text for one in examples]
    part = splits.parts(keys, texts, GUIDE)
    sides: dict[str, set[str]] = {}
    for key, where in zip(keys, part.tolist(), strict=True):
        sides.setdefault(key, set()).add(where)
    # A test posting's near copy elsewhere is left out, which is no other side.
    assert all(len(side - {"copy"}) <= 1 for side in sides.values())
    assert 0.15 < np.mean(part == "test") < 0.35
    assert splits.parts(keys[:50], texts[:50], GUIDE).tolist() == part[:50].tolist()
    assert splits.parts(keys, texts, "another").tolist() != part.tolist()


def test_near_copies_of_test_postings_are_left_out() -> None:
    long = " ".join(f"word{n % 83} and {n}" for n in range(200))
    keys = [f"employer {n}" for n in range(60)]
    part = splits.parts(keys, [long + f" {n}" for n in range(60)], GUIDE)
    assert set(part.tolist()) == {"test", "copy"}


def test_legal_forms_and_ratings_do_not_split_an_employer() -> None:
    assert splits.employer_key("ACME Inc.", "x") == splits.employer_key("Acme\n4.2", "y")
    assert splits.employer_key(None, "one text") != splits.employer_key("", "another text")


def test_agreement_of_two_labellers() -> None:
    ada = {"1": (1, 2, 0, 0), "2": (0, 0, 0, 0), "3": (1, 0, 1, 0), "9": (1, 1, 1, 1)}
    bob = {"1": (1, 1, 0, 0), "2": (1, 0, 0, 0), "3": (1, 0, 0, 0)}
    rows = {one.column: one for one in agreement({"ada": ada, "bob": bob})}
    assert rows["cv"].postings == 3
    assert (rows["cv"].agreed, rows["cv"].kappa, rows["cv"].f1) == (1.0, 1.0, 1.0)
    assert rows["nlp"].agreed == pytest.approx(2 / 3, abs=1e-4)
    assert (rows["nlp"].kappa, rows["nlp"].f1) == (0.0, 0.0)
    assert (rows["seq"].kappa, rows["seq"].f1) == (1.0, 1.0)


def test_labellers_vote_and_ties_settle_nothing() -> None:
    assert settle([(1, 2, 0, 0), (1, 1, 0, 0), (0, 2, 0, 1)]) == (1, 2, 0, 0)
    assert settle([(1, 0, 0, 0), (0, 0, 0, 0)]) is None


NOW = dt.datetime(2026, 1, 2, tzinfo=dt.UTC)


def filled(root: Path) -> Store:
    store = Store(root)
    rows = [
        {
            "posting_id": f"test:board:{n}",
            "content_hash": f"h{n}",
            "source": "test",
            "board": "board",
            "source_id": str(n),
            "title": one.title,
            "employer": one.employer,
            "description": one.text,
            "crawl_id": "c",
            "first_seen": NOW,
            "synthetic": True,
        }
        for n, one in enumerate(postings(12))
    ]
    crawl = {"crawl_id": "c", "board": "test:board", "source": "test", "status": "ok", "stated_total": None}
    counts = dict.fromkeys(("obtained", "dropped", "requests", "bytes"), 12)
    times = {"started_at": NOW, "finished_at": NOW}
    store.append("c", {POSTINGS: rows, CRAWLS: [{**crawl, **counts, **times}]})
    return store


def judged(n: int, labeller: str = "ada", labels: tuple[int, int, int, int] = (1, 0, 2, 0), minute: int = 0) -> Judged:
    at = NOW + dt.timedelta(minutes=minute)
    return Judged(f"test:board:{n}", f"h{n}", GUIDE, labeller, at, labels, "uncertain", None, "a note")


def test_the_latest_word_of_a_labeller_stands(tmp_path: Path) -> None:
    store = filled(tmp_path)
    labelstore.append(store, [judged(1), judged(2)])
    labelstore.append(store, [judged(1, labels=(0, 0, 0, 0), minute=1)])
    examples, torn = labelstore.read_examples(store, GUIDE)
    assert torn == 0
    assert {one.id: one.labels for one in examples} == {"test:board:1": (0, 0, 0, 0), "test:board:2": (1, 0, 2, 0)}
    labelstore.append(store, [judged(2, "bob", (0, 0, 0, 0))])
    examples, torn = labelstore.read_examples(store, GUIDE)
    assert (len(examples), torn) == (1, 1)


def test_labels_for_unknown_postings_are_refused(tmp_path: Path) -> None:
    store = filled(tmp_path)
    with pytest.raises(EmptyError, match="no labels of"):
        labelstore.read_examples(store, GUIDE)
    labelstore.append(store, [judged(99)])
    with pytest.raises(InputError, match="labels for posting test:board:99"):
        labelstore.read_examples(store, GUIDE)


def test_label_studio_there_and_back(tmp_path: Path) -> None:
    store = filled(tmp_path / "data")
    labelstore.append(store, [judged(3), judged(4, "bob", (0, 1, 0, 2))])
    given = labelstore.read_judged(store, GUIDE)
    path = tmp_path / "tasks.json"
    assert labelstudio.export(labelstore.read_texts(store, {one.key for one in given}), given, path) == 2
    back = labelstudio.load(path, GUIDE, "nobody")
    assert {(one.key, one.labeller, one.labels) for one in back} == {
        (one.key, one.labeller, one.labels) for one in given
    }
    tasks = json.loads(path.read_text())
    tasks[0]["annotations"][0]["result"][1]["value"]["choices"] = ["7"]
    path.write_text(json.dumps(tasks))
    with pytest.raises(InputError, match="task 1: cv is 7"):
        labelstudio.load(path, GUIDE, "nobody")
    path.write_text("{}")
    with pytest.raises(InputError, match="not a list of tasks"):
        labelstudio.load(path, GUIDE, "nobody")
    assert labelstudio.CONFIG.count("<Choices") == 4


def test_the_random_slice_records_its_probability_and_uncertain_ones_vary() -> None:
    rows = [
        {"posting_id": str(n), "content_hash": "h", "employer": f"e{n % 5}", "description": f"text {n} " * 30}
        for n in range(40)
    ]
    picks = queue.draw(rows, 10, 3)
    assert len({pick.posting_id for pick in picks}) == 10
    assert {pick.inclusion_prob for pick in picks} == {0.25}
    near = np.linspace(0, 1, 40)
    best = queue.varied(rows, near, 8, [rows[39]["description"]])
    assert best[0].posting_id == "38"
    assert len(best) == 8
    assert max(np.bincount([int(pick.posting_id) % 5 for pick in best])) <= 2
    doubtful = queue.uncertainty(np.array([[0.5, 0.1], [0.99, 0.0]]), np.array([0.5, 0.4]))
    assert doubtful[0] == 1.0
    assert doubtful[1] < 0.05


def test_scores_by_hand() -> None:
    real = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 0]], float)
    chances = np.array([[0.9, 0.9, 0.1, 0], [0.8, 0.6, 0.7, 0], [0.7, 0.2, 0.9, 0], [0.1, 0.1, 0.1, 0]])
    scores = metrics.score(real, chances, chances >= 0.5)
    assert scores.f1 == pytest.approx([0.8, 0.5, 1.0, 0.0])
    assert scores.ece[3] == 0
    assert scores.ece[0] == pytest.approx((0.1 + 0.2 + 0.7 + 0.1) / 4)
    weighted = metrics.score(real, chances, chances >= 0.5, np.array([1, 1, 0, 1]))
    assert weighted.f1[0] == 1.0
    times = metrics.cluster_weights(["a", "a", "b", "c"], draws=50)
    assert (times[:, 0] == times[:, 1]).all()
    assert times.sum(axis=1).min() >= 3


def test_rollback_looks_and_a_damaged_registry(tmp_path: Path) -> None:
    registry = Registry.of(tmp_path)
    assert registry.names() == ["shipped"]
    with pytest.raises(ModelError, match="no promotion of"):
        registry.rollback()
    assert [registry.look(GUIDE, "x"), registry.look(GUIDE, "y")] == [1, 2]
    assert registry.looks("another") == 0
    with pytest.raises(ModelError, match="no model named nothing"):
        registry.folder("nothing")
    (tmp_path / "models" / "registry.json").write_text("{")
    with pytest.raises(ModelError, match="damaged"):
        registry.promoted()
    with pytest.raises(InputError, match="local folder"):
        Registry.of("s3://bucket/data")
