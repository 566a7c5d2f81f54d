"""`skilldemand tag` scored by an independent scorer, on the annotated postings that were kept aside.

    python benchmarks/scores.py ../shared

Writes the kept-aside rows of gold/skills.jsonl (odd SHA-1 of the id) and of the three gold/tracks files (test split of
the classifier's definition, by employer) to a scratch folder, tags them file to file with the real command, and runs
tools/score.py on the result.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from nlp.tracks.labels import read_files
from nlp.tracks.names import GUIDE
from nlp.tracks.splits import TEST, share

Row = dict[str, Any]


def rows(path: Path) -> list[Row]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def skills(gold: Path) -> list[Row]:
    return [row for row in rows(gold / "skills.jsonl") if int(hashlib.sha1(row["id"].encode()).hexdigest(), 16) % 2]


def tracks(gold: Path) -> list[Row]:
    files = [gold / f"{name}.jsonl" for name in ("tracks", "tracks_more", "tracks_sample")]
    kept = {one.id for one in read_files(files) if share(one.cluster, GUIDE) < TEST}
    merged: dict[str, Row] = {}
    for row in (row for path in files for row in rows(path)):
        merged[row["id"]] = row | merged.get(row["id"], {})
    return [row for row in merged.values() if row["id"] in kept]


def score(kind: str, gold: list[Row], scorer: Path, scratch: Path) -> None:
    names = [scratch / f"{kind}-{step}.jsonl" for step in ("gold", "in", "out")]
    names[0].write_text("".join(json.dumps(row) + "\n" for row in gold), encoding="utf-8")
    run = [sys.executable]
    subprocess.run([*run, str(scorer), "prepare", *map(str, names[:2])], check=True)
    subprocess.run([*run, "-m", "skilldemand", "tag", str(names[1]), "--out", str(names[2])], check=True)
    print(f"\n{kind}: {len(gold)} postings kept aside", flush=True)
    subprocess.run([*run, str(scorer), kind, str(names[0]), str(names[2])], check=True)


if __name__ == "__main__":
    shared = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        score("skills", skills(shared / "data/gold"), shared / "tools/score.py", Path(folder))
        score("tracks", tracks(shared / "data/gold"), shared / "tools/score.py", Path(folder))
