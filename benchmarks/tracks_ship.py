"""Train the shipped track classifier from ../shared: python benchmarks/tracks_ship.py WORK [--out FOLDER].

WORK keeps the pool, the word vectors and each fold, so that a run that was stopped goes on where it was. Stages: word
vectors of the unlabelled postings; lessons from sentences that were read and labelled (benchmarks/data/
tracks_namings.csv: ids, offsets and labels, no text); three folds for the calibration; the final fit.
"""

import argparse
import csv
import pickle
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from tracks_material import NAMINGS, gold, pool, word_vectors

from nlp.tracks import bundle as bundles
from nlp.tracks import card, evaluate, splits, train
from nlp.tracks.labels import Example
from nlp.tracks.names import GUIDE
from nlp.tracks.network import Reader, restore
from nlp.tracks.train import Lesson, Options

FOLDS = 3
UNKNOWN = (float("nan"),) * 4


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What an earlier run left at `path`, or what `make` makes. Only files of this script are read."""
    if not path.exists():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())


def lessons(unlabelled: list[Example]) -> list[Lesson]:
    """The sentences that were labelled one by one."""
    asked: dict[str, dict[tuple[str, int], int]] = defaultdict(dict)
    with NAMINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            asked[row["posting_id"]][row["track"], int(row["start"])] = int(row["asked"])
    return [Lesson(one, UNKNOWN, asked[one.id]) for one in unlabelled if one.id in asked]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--out", type=Path, default=bundles.SHIPPED)
    parser.add_argument("--epochs", type=int, default=7)
    ask = parser.parse_args()
    ask.work.mkdir(parents=True, exist_ok=True)
    examples = gold()
    unlabelled = kept(ask.work / "pool.pickle", lambda: pool(examples))
    parts = splits.parts([one.cluster for one in examples], [one.text for one in examples], GUIDE).tolist()
    known = [one.text for one, part in zip(examples, parts, strict=True) if part in ("train", "dev")]
    texts = [one.text for one in unlabelled] + known
    vectors = kept(ask.work / "vectors.pickle", lambda: word_vectors(texts))
    options = Options(base=None, epochs=ask.epochs, vectors=vectors, lessons=lessons(unlabelled))
    material = train.prepare(examples, options, None)
    plan = train.plan_of(options, None, material)
    places, extra = material.where("train", "dev"), material.where("lesson")
    fold = train.fold_of(material, places, FOLDS)
    logits = np.zeros((len(places), 4), np.float32)
    seconds = 0.0
    for k in range(FOLDS):
        rest = np.concatenate([places[fold != k], extra])
        weights, took = kept(ask.work / f"fold{k}.pickle", lambda rest=rest: timed(material, rest, plan))
        seconds += took
        out = np.flatnonzero(fold == k)
        reader = Reader(restore(train.raw(plan, material, weights)))
        logits[out] = reader.logits([material.postings[i] for i in places[out]])[0]
    every = np.concatenate([places, extra])
    weights, took = kept(ask.work / "final.pickle", lambda: timed(material, every, plan))
    made = train.calibrated(train.raw(plan, material, weights), None, logits, material, places)
    about = train.provenance(material, options, None, len(places), ("train", "dev"))
    made = replace(made, definition=GUIDE).with_card(
        **about, epochs=plan.epochs, interrupted=False, training_seconds=round(seconds + took)
    )
    report = {**evaluate.evaluate(made, evaluate.select(examples, "test", GUIDE)), "part": "test"}
    made = made.with_card(test=report["views"]["all"], scores={"part": "test", **report["views"]})
    print(bundles.save(made, ask.out))
    card.write(made, report, ask.out)
    print(*(f"{view}: {scores['macro_f1']:.3f}" for view, scores in report["views"].items()))


def timed(material: train.Material, places: Any, plan: Any) -> tuple[Any, float]:
    began = time.monotonic()
    weights, _ = train.fitted(material, places, plan, lambda line: print(line, flush=True))
    return weights, time.monotonic() - began


if __name__ == "__main__":
    main()
