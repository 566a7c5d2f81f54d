"""The headline on real postings: raw, corrected by the sample of labels, by source, and under other choices.

    PYTHONPATH=. python benchmarks/analysis_headline.py STORE

STORE holds the tagged postings of ../shared/data/postings; the labels are gold/tracks_sample.jsonl.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

from analysis.correction import corrected
from analysis.load import load
from analysis.options import Options
from analysis.run import measure
from crawler.store import Store
from nlp.tracks import splits
from nlp.tracks.names import GUIDE

SAMPLE = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold" / "tracks_sample.jsonl"


def labels(postings: pd.DataFrame) -> pd.DataFrame:
    """The sample as rows of the table `labels`, found in the store by source and id at the source."""
    known = {(row.source, row.posting_id.split(":", 2)[2]): row.posting_id for row in postings.itertuples()}
    rows = []
    with SAMPLE.open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            posting = known.get((row["source"], row["id"].split(":", 1)[1]))
            if posting:
                key = splits.employer_key(row.get("company"), row["text"])
                held_out = splits.share(key, GUIDE) < splits.TEST
                said = {name: row[name] for name in ("ml_role", "cv", "nlp", "seq", "inclusion_prob")}
                rows.append({"posting_id": posting, "held_out": held_out, **said})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    pd.set_option("display.width", 200, "display.max_columns", 30, "display.max_rows", 100)
    frames = load(Store(sys.argv[1]))
    found = labels(frames.postings)
    print(f"{len(found)} labels found, {found['held_out'].sum()} of them held out")
    table = corrected(replace(frames, labels=found), Options())
    print(table[table["note"] == ""].drop(columns=["name", "note"]).to_string(index=False))
    result = measure(frames, Options(parts=("sources",)))
    print(result.population.to_string(index=False))
    print(result.headline.drop(columns=["employers", "design_effect"]).to_string(index=False))
    for table in (result.sensitivity, result.leave_one_out, result.standardised):
        print(table[table["id"] == "any_track"].drop(columns=["id", "name"]).to_string(index=False))
