"""Annotated postings for training and scoring skill extraction; their texts lie beside the checkout and never in it.

Two sets, both made by reading: the gold postings of ../shared/data/gold/skills.jsonl, and those of
benchmarks/data/annotations.csv (ids, character offsets and values, no text), annotated after the same guide. Of each a
part is kept aside by a hash of the id: nobody who works on rules or taxonomy reads it, it is only scored.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

ANNOTATIONS = Path(__file__).with_name("data") / "annotations.csv"
LEVELS = {"R": "required", "P": "preferred", "C": "context"}
Row = dict[str, Any]


def aside(posting_id: str, parts: int) -> bool:
    """Whether a posting is kept aside: one in `parts`, by the SHA-1 of its id."""
    return int(hashlib.sha1(posting_id.encode()).hexdigest(), 16) % parts == 1


def fold(surface: str) -> str:
    """A surface as it is compared with what a reader marked: without regard to case and kind of blanks."""
    return " ".join(surface.casefold().split())


def gold(shared: Path) -> dict[str, list[Row]]:
    """The gold postings: "worked on" and "kept aside"."""
    lines = (shared / "data" / "gold" / "skills.jsonl").read_text(encoding="utf-8").splitlines()
    return _halves([json.loads(line) for line in lines], 2)


def annotated(shared: Path) -> dict[str, list[Row]]:
    """The annotated postings in the form of the gold ones: "worked on" and, one in four, "kept aside"."""
    with ANNOTATIONS.open(encoding="utf-8", newline="") as file:
        rows = {row["posting_id"]: row for row in csv.DictReader(file)}
    found = []
    for path in sorted((shared / "data" / "postings").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for posting in map(json.loads, lines):
                # Popped: a posting may stand twice in the collections.
                said = rows.pop(posting["id"], None)
                if said:
                    found.append(_row(posting, said))
    return _halves(found, 4)


def _halves(rows: list[Row], parts: int) -> dict[str, list[Row]]:
    halves: dict[str, list[Row]] = {"worked on": [], "kept aside": []}
    for row in rows:
        halves["kept aside" if aside(row["id"], parts) else "worked on"].append(row)
    return halves


def _row(posting: Row, said: dict[str, str]) -> Row:
    text = posting["description"]
    marked = [(LEVELS[mark[0]], mark[1:].partition("-")) for mark in said["skills"].split()]
    pay = None
    if said["salary_currency"]:
        low, high = (float(said[key]) if said[key] else None for key in ("salary_min", "salary_max"))
        pay = {"min": low, "max": high, "currency": said["salary_currency"], "period": said["salary_period"]}
    return {
        "id": posting["id"],
        "title": posting["title"] or "",
        "company": posting.get("company"),
        "text": text,
        "skills": [{"surface": text[int(start) : int(end)], "level": level} for level, (start, _, end) in marked],
        "seniority": said["seniority"] or "unspecified",
        "remote": said["workplace"] or "unspecified",
        "min_years": float(said["min_years"]) if said["min_years"] else None,
        "salary": pay,
    }
