"""Train the shipped track classifier from ../shared: python benchmarks/tracks_ship.py WORK [--out FOLDER].

WORK keeps the pool, the word vectors, the windows and every network, so that a run that was stopped goes on where it
was. Stages: word vectors of the unlabelled postings; what is known of single namings (sentences labelled one by one in
data/tracks_namings.csv, frames written for the project, skills annotated with their levels; ids and offsets, no text of
a posting); the networks of three folds, for the calibration, and the final ones, two at a time; then the card.
"""

import argparse
import csv
import os
import pickle
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import tracks_frames
from tracks_asked import mark, surfaces
from tracks_material import NAMINGS, gold, more, pool, word_vectors

from nlp.tracks import bundle as bundles
from nlp.tracks import card, evaluate, splits, train
from nlp.tracks.labels import Example
from nlp.tracks.names import GUIDE
from nlp.tracks.network import Reader, restore
from nlp.tracks.train import Lesson, Material, Options

FOLDS = 3
FINAL = FOLDS
"""Number of the "fold" that nothing is left out of."""
MEMBERS = 2


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What an earlier run left at `path`, or what `make` makes. Only files of this script are read."""
    if not path.exists():
        part = path.with_suffix(f".{os.getpid()}.part")
        part.write_bytes(pickle.dumps(make(), protocol=5))
        part.replace(path)
    return pickle.loads(path.read_bytes())


def lessons(unlabelled: list[Example]) -> list[Lesson]:
    """The sentences that were labelled one by one."""
    asked: dict[str, dict[tuple[str, int], int]] = defaultdict(dict)
    with NAMINGS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            asked[row["posting_id"]][row["track"], int(row["start"])] = int(row["asked"])
    return [Lesson(one, tracks_frames.UNKNOWN, asked[one.id]) for one in unlabelled if one.id in asked]


def prepared(work: Path, epochs: int) -> tuple[Material, Options]:
    """The postings as windows, and the options that they are learned with."""
    examples = [*gold(), *more()]
    unlabelled = kept(work / "pool.pickle", lambda: pool(examples))
    parts = splits.parts([one.cluster for one in examples], [one.text for one in examples], GUIDE).tolist()
    known = [one.text for one, part in zip(examples, parts, strict=True) if part in ("train", "dev")]
    vectors = kept(work / "vectors.pickle", lambda: word_vectors([one.text for one in unlabelled] + known))
    learned = [*lessons(unlabelled), *tracks_frames.lessons()]
    options = Options(base=None, epochs=epochs, vectors=vectors, lessons=learned, members=MEMBERS)
    material = train.prepare(examples, options, None)
    print(f"{mark(material, surfaces())} namings are known from annotated skills", flush=True)
    return material, options


def places_of(material: Material, fold: int) -> Any:
    """What the networks of a fold are trained on, lessons included."""
    places = material.where("train", "dev")
    return np.concatenate([places[train.fold_of(material, places, FOLDS) != fold], material.where("lesson")])


def network(job: tuple[Path, int, int]) -> float:
    """Train one network of one fold, unless an earlier run has; the seconds it took."""
    work, fold, member = job

    def make() -> tuple[Any, float]:
        material, options = pickle.loads((work / "material.pickle").read_bytes())
        plan = train.plan_of(options, None, material).member(member)
        began = time.monotonic()
        tell = f"fold {fold}, network {member + 1}: ".__add__
        weights, _ = train.fitted(material, places_of(material, fold), plan, lambda line: print(tell(line), flush=True))
        return weights, time.monotonic() - began

    seconds: float = kept(work / f"network{fold}-{member}.pickle", make)[1]
    return seconds


def weights_of(work: Path, fold: int) -> list[Any]:
    """The weights of a fold's networks, one after the other."""
    return [
        array
        for member in range(MEMBERS)
        for array in pickle.loads((work / f"network{fold}-{member}.pickle").read_bytes())[0]
    ]


def second(made: bundles.Bundle) -> dict[str, Any]:
    """Scores on the held-out part of the second set of labels: all, and those not chosen by a model."""
    chosen = evaluate.select(more(), "test", GUIDE)
    drawn = [one for one in chosen if one.stratum in ("by_source", "random")]
    sets = {"second set": chosen, "second set, drawn by source or at random": drawn}
    return {name: evaluate.evaluate(made, some)["views"]["all"] for name, some in sets.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path)
    parser.add_argument("--out", type=Path, default=bundles.SHIPPED)
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--jobs", type=int, default=2)
    ask = parser.parse_args()
    ask.work.mkdir(parents=True, exist_ok=True)
    material, options = kept(ask.work / "material.pickle", lambda: prepared(ask.work, ask.epochs))
    jobs = [(ask.work, fold, member) for fold in range(FOLDS + 1) for member in range(MEMBERS)]
    with ProcessPoolExecutor(ask.jobs, get_context("spawn")) as workers:
        seconds = sum(workers.map(network, jobs))
    plan = train.plan_of(options, None, material)
    places = material.where("train", "dev")
    fold_of = train.fold_of(material, places, FOLDS)
    logits = np.zeros((len(places), 4), np.float32)
    for fold in range(FOLDS):
        out = np.flatnonzero(fold_of == fold)
        reader = Reader(restore(train.raw(plan, material, weights_of(ask.work, fold))))
        logits[out] = reader.logits([material.postings[i] for i in places[out]])[0]
    made = train.raw(plan, material, weights_of(ask.work, FINAL))
    made = train.calibrated(made, None, logits, material, places)
    about = train.provenance(material, options, None, len(places), ("train", "dev"))
    made = replace(made, definition=GUIDE).with_card(
        **about, networks=MEMBERS, epochs=plan.epochs, interrupted=False, training_seconds=round(seconds)
    )
    # The frozen split of the card is that of the gold labels; the second set's held-out part is scored beside it.
    chosen = evaluate.select(gold(), "test", GUIDE)
    report = {**evaluate.evaluate(made, chosen), "part": "test"}
    report["views"] |= second(made)
    made = made.with_card(test=report["views"]["all"], scores={"part": "test", **report["views"]})
    made = made.with_card(test_split=splits.fingerprint([one.id for one in chosen]))
    print(bundles.save(made, ask.out))
    card.write(made, report, ask.out)
    print(*(f"{view}: {scores['macro_f1']:.3f}" for view, scores in report["views"].items()))


if __name__ == "__main__":
    main()
