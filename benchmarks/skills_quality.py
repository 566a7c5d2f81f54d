"""Scores of skill extraction and facts on annotated postings, those that were worked on and those kept aside.

    python benchmarks/skills_quality.py SHARED      as SHARED/tools/score.py prints them

SHARED is the folder with data/ and tools/ that lies beside the checkout (benchmarks/skills_material.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from skills_material import Row, annotated, gold  # noqa: E402

from nlp import facts  # noqa: E402
from nlp.facts import language  # noqa: E402
from nlp.pipeline import Extractor  # noqa: E402


def tagged(extractor: Extractor, row: Row) -> Row:
    """What the scorer reads of one tagged posting."""
    found = extractor.mentions(row["text"], employer=row.get("company"))
    said = facts.extract(row["text"], row["title"] or "", language=language.detect(row["text"]))
    pay = said.salary
    return {
        "id": row["id"],
        "text": row["text"],
        "skills": [{"surface": m.surface, "start": m.start, "end": m.end, "level": m.level} for m in found],
        "seniority": said.seniority,
        "workplace": said.workplace,
        "min_years": said.min_years,
        "salary": pay and {"min": pay.min, "max": pay.max, "currency": pay.currency, "period": pay.period},
    }


def score(rows: list[Row], extractor: Extractor, scorer: Path) -> str:
    """The scorer's lines for these rows."""
    with tempfile.TemporaryDirectory() as folder:
        want, got = Path(folder, "gold.jsonl"), Path(folder, "tagged.jsonl")
        want.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        got.write_text("".join(json.dumps(tagged(extractor, row)) + "\n" for row in rows), encoding="utf-8")
        command = [sys.executable, str(scorer), "skills", str(want), str(got)]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared, extractor = Path(sys.argv[1]), Extractor()
    for name, halves in (("gold", gold(shared)), ("annotated", annotated(shared))):
        for half, rows in halves.items():
            print(f"{name}, {half}, {len(rows)} postings\n{score(rows, extractor, shared / 'tools' / 'score.py')}")


if __name__ == "__main__":
    main()
