"""Training the track classifier: splits, epochs, calibration, and a card that says how good it is and on what."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.tracks import calibrate, splits
from nlp.tracks.bundle import HEADS, SHIPPED, Bundle, read
from nlp.tracks.cues import load as load_cues
from nlp.tracks.cues import tokenize
from nlp.tracks.features import FIRST_WORD, Posting, rows_of, windows
from nlp.tracks.fit import Plan, fit
from nlp.tracks.labels import GUIDE, Example, truth, usable
from nlp.tracks.metrics import summary
from nlp.tracks.network import Reader, probabilities, restore

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Options:
    """How to train.

    `base` is the folder of the model to start from, None for fresh weights. `folds` > 1 calibrates on predictions
    across that many folds of the training and development postings and then trains on all of them; 0 calibrates on
    the development postings, which are then not trained on.
    """

    base: Path | None = SHIPPED
    definition: str = GUIDE
    seed: int = 1
    epochs: int | None = None
    folds: int = 0
    tensorboard: Path | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """Labelled postings as the network reads them; `part` is train, dev, test or copy."""

    examples: Sequence[Example]
    postings: Sequence[Posting]
    truth: NDArray[np.float32]
    part: NDArray[np.str_]
    vocabulary: Sequence[str]

    def where(self, *parts: str) -> NDArray[np.int64]:
        """Places of the postings of these parts."""
        return np.flatnonzero(np.isin(self.part, parts))


def train(examples: Sequence[Example], options: Options, tell: Tell = lambda line: None) -> Bundle:
    """Train a model; the same examples, options and machine give the same weights.

    Raises:
        InputError: too few labels, or one answer only.
        ModelError: the base model can't be read.
    """
    began = time.monotonic()
    heads = usable(examples)
    base = read(options.base) if options.base else None
    material = prepare(examples, options.definition, base)
    plan = _plan(options, base, material)
    if options.folds > 1:
        logits, places, finished = _across(material, plan, options.folds, tell)
        bundle, done = _fitted(material, material.where("train", "dev"), plan, tell)
        finished = finished and done
    else:
        bundle, finished = _fitted(material, material.where("train"), plan, tell)
        places = material.where("dev")
        logits = Reader(restore(bundle)).logits([material.postings[i] for i in places])[0]
    bundle = _calibrated(bundle, base, logits, material, places)
    card = {
        "trained_heads": heads,
        "seed": options.seed,
        "epochs": plan.epochs,
        "started_from": base.model_id if base else None,
        "interrupted": not finished,
        "training_seconds": round(time.monotonic() - began),
        "parts": {str(name): n for name, n in sorted(Counter(material.part.tolist()).items())},
        "sources": dict(sorted(Counter(example.source for example in examples).items())),
        "calibrated_on": len(places),
    }
    return bundle.with_card(**card)


def prepare(examples: Sequence[Example], definition: str, base: Bundle | None) -> Material:
    """Split the postings and turn them into windows, with the base's vocabulary or one of the training postings."""
    texts = [example.text for example in examples]
    part = splits.parts([example.cluster for example in examples], texts, definition)
    vocabulary = base.vocabulary if base else build_vocabulary([t for t, p in zip(texts, part, strict=True) if p == "train"])
    rows = rows_of(vocabulary)
    postings = [windows(example.text, example.title, None, rows) for example in examples]
    return Material(examples, postings, truth(examples), part, vocabulary)


def build_vocabulary(texts: Sequence[str], least: int = 4) -> list[str]:
    """The tokens that occur in at least `least` texts, most frequent first."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(tokenize(text)))
    return [token for token, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if n >= least]


def _plan(options: Options, base: Bundle | None, material: Material) -> Plan:
    from nlp.tracks.model import Shape

    shape = Shape(**base.shape) if base else Shape(len(material.vocabulary) + FIRST_WORD, load_cues()[0].size + 1)
    epochs = options.epochs or (5 if base else 10)
    return Plan(
        shape, epochs, 3e-4 if base else 1e-3, options.seed, base.weights if base else None, None, options.tensorboard
    )


def _fitted(material: Material, places: NDArray[np.int64], plan: Plan, tell: Tell) -> tuple[Bundle, bool]:
    """Fit on the postings at these places; uncalibrated."""
    postings, labels = [material.postings[i] for i in places], material.truth[places]
    weights, finished = fit(postings, labels, plan, tell)
    line, cut = dict.fromkeys(HEADS, (1.0, 0.0)), dict.fromkeys(HEADS, 0.5)
    return Bundle(GUIDE, plan.shape.as_json(), material.vocabulary, weights, line, cut), finished


def _across(
    material: Material, plan: Plan, folds: int, tell: Tell
) -> tuple[NDArray[np.float32], NDArray[np.int64], bool]:
    """Logits of every training and development posting by a model that saw none of its employer's."""
    places = material.where("train", "dev")
    share = [splits.share(material.examples[i].cluster, "fold") for i in places]
    fold = np.array([int(s * folds) for s in share])
    logits = np.zeros((len(places), len(HEADS)), np.float32)
    for k in range(folds):
        tell(f"fold {k + 1} of {folds}")
        bundle, finished = _fitted(material, places[fold != k], plan, tell)
        out = np.flatnonzero(fold == k)
        logits[out] = Reader(restore(bundle)).logits([material.postings[i] for i in places[out]])[0]
        if not finished:
            done = np.flatnonzero(fold <= k)
            return logits[done], places[done], False
    return logits, places, True


def _calibrated(
    bundle: Bundle, base: Bundle | None, logits: NDArray[np.float32], material: Material, places: NDArray[np.int64]
) -> Bundle:
    weights = np.array([material.examples[i].weight or 0.0 for i in places])
    if np.count_nonzero(weights) < 100:
        weights = np.ones(len(places))
    else:
        # The probability sample says how often each kind occurs, the other postings say how the logits spread.
        weights = weights / weights.sum() + 0.5 / len(places)
    lines, cuts = calibrate.fit(logits, material.truth[places], weights)
    for head in HEADS:
        if base is not None and lines[head] == (1.0, 0.0):
            lines[head], cuts[head] = base.calibration[head], base.thresholds[head]
    return replace(bundle, calibration=lines, thresholds=cuts)


def measure(bundle: Bundle, material: Material, *parts: str) -> dict[str, Any]:
    """The scores of a model on some parts of the material, as `metrics.summary` gives them."""
    places = material.where(*parts)
    logits = Reader(restore(bundle)).logits([material.postings[i] for i in places])[0]
    chances = probabilities(logits, bundle)
    says = chances >= np.array([bundle.thresholds[head] for head in HEADS])
    return summary(material.truth[places], chances, says, [material.examples[i].cluster for i in places])
