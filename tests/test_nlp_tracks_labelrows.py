"""Labels from JSON Lines into the store."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from crawler.errors import InputError
from crawler.importer import import_files
from crawler.store import Store
from nlp.tables import LABELS
from nlp.tracks.labelling import exchange

GOOD: dict[str, Any] = {"ml_role": 1, "cv": 2, "nlp": 0, "seq": 0}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(json.dumps({"id": n, "description": f"Text {n}"}) + "\n" for n in range(4)))
    store = Store(tmp_path / "data")
    import_files(store, [path], "mine")
    return store


def load(store: Store, tmp_path: Path, *rows: Any) -> int:
    path = tmp_path / "labels.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    return exchange(store.root, "tracks-guide-1", "ada", path, None)


def test_postings_are_found_by_either_name(store: Store, tmp_path: Path) -> None:
    rows = [
        GOOD | {"posting_id": "mine:x:1", "inclusion_prob": 0.25},
        GOOD | {"id": "mine:2", "cv": 0, "note": "hard"},
    ]
    assert load(store, tmp_path, *rows) == 2
    kept = sorted(store.read(LABELS).to_pylist(), key=lambda row: str(row["posting_id"]))
    assert [row["posting_id"] for row in kept] == ["mine:x:1", "mine:x:2"]
    assert [(row["chosen"], row["inclusion_prob"], row["cv"]) for row in kept] == [
        ("random", 0.25, 2),
        ("imported", None, 0),
    ]
    assert {row["labeller"] for row in kept} == {"ada"}
    assert all(row["labelled_at"] <= dt.datetime.now(dt.UTC) for row in kept)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (GOOD | {"id": "mine:99"}, "mine:99 is not in the store"),
        (GOOD | {"id": "mine:1", "cv": 3}, "cv is 3"),
        (GOOD | {"id": "mine:1", "inclusion_prob": 0}, "inclusion_prob is 0"),
        ("{broken", "no JSON"),
    ],
)
def test_a_wrong_label_is_named_and_costs_itself_alone(store: Store, tmp_path: Path, row: Any, message: str) -> None:
    with pytest.raises(InputError, match=rf"labels\.jsonl:1.*{message}"):
        load(store, tmp_path, row, GOOD | {"id": "mine:1"})
    assert store.count(LABELS) == 1
