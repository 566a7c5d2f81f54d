"""The labels in benchmarks/data: what can be told of them without the postings, and that none stands in gold."""

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

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
