"""Scores of skill extraction on annotated postings, in two halves: one that the rules were made on, one kept aside.

    python benchmarks/skills_quality.py GOLD.jsonl SCORE.py      both halves, as the scorer prints them

A row belongs to the half kept aside when the SHA-1 of its id is odd; nobody who works on rules or taxonomy reads those
rows, only their scores. GOLD holds `id`, `text`, `company` and the annotations that SCORE.py compares.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from nlp.pipeline import Extractor  # noqa: E402


def tagged(extractor: Extractor, row: dict[str, Any]) -> dict[str, Any]:
    """What the scorer reads of one tagged posting; facts are left out."""
    found = extractor.mentions(row["text"], employer=row.get("company"))
    skills = [{"surface": m.surface, "start": m.start, "end": m.end, "level": m.level} for m in found]
    facts = dict.fromkeys(("seniority", "workplace", "min_years", "salary"))
    return {"id": row["id"], "text": row["text"], "skills": skills, **facts}


def score(rows: list[dict[str, Any]], extractor: Extractor, scorer: str) -> str:
    """The scorer's lines on skills and levels for these rows."""
    with tempfile.TemporaryDirectory() as folder:
        gold, out = Path(folder, "gold.jsonl"), Path(folder, "tagged.jsonl")
        gold.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        out.write_text("".join(json.dumps(tagged(extractor, row)) + "\n" for row in rows), encoding="utf-8")
        command = [sys.executable, scorer, "skills", str(gold), str(out)]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    return "\n".join(lines[:4])


def main() -> None:
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    rows = [json.loads(line) for line in Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()]
    halves: dict[str, list[dict[str, Any]]] = {"worked on": [], "kept aside": []}
    for row in rows:
        odd = int(hashlib.sha1(row["id"].encode()).hexdigest(), 16) % 2
        halves["kept aside" if odd else "worked on"].append(row)
    extractor = Extractor()
    for name, half in halves.items():
        print(f"{name}, {len(half)} postings\n{score(half, extractor, sys.argv[2])}\n")


if __name__ == "__main__":
    main()
