"""What labels gain: the model that tags against a warm start from it, on postings that neither saw."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nlp.tracks import calibrate
from nlp.tracks.bundle import Bundle
from nlp.tracks.labels import Example
from nlp.tracks.metrics import score
from nlp.tracks.names import HEADS
from nlp.tracks.network import Reader, probabilities, restore
from nlp.tracks.train import Options, across, fold_of, plan_of, prepare

FOLDS = 3


def gain(examples: Sequence[Example], base: Bundle, options: Options, tell: Callable[[str], None]) -> dict[str, float]:
    """Mean F1 over the heads with a positive label across folds of the labels outside the test split.

    Returns:
        `postings`, `before` (the base as it is), `after` (warm starts, thresholds chosen on the other folds).
    """
    material = prepare(examples, options, base)
    places = material.where("train", "dev")
    before = probabilities(Reader(restore(base)).logits([material.postings[i] for i in places])[0], base)
    logits, _, _ = across(material, plan_of(options, base, material), FOLDS, lambda line: None)
    places, before = places[: len(logits)], before[: len(logits)]
    fold, truth = fold_of(material, places, FOLDS), material.truth[places]
    after, cuts = np.zeros(truth.shape), np.ones(truth.shape)
    for k in range(FOLDS):
        # Thresholds of a fold come from the other folds: those of its own would flatter it.
        lines, cut = calibrate.fit(logits[fold != k], truth[fold != k])
        chosen = replace(base, calibration=lines, thresholds=cut)
        after[fold == k] = probabilities(logits[fold == k], chosen)
        cuts[fold == k] = [cut[head] for head in HEADS]
    counted = truth.sum(axis=0) > 0
    old = score(truth, before, before >= [base.thresholds[head] for head in HEADS]).f1[counted].mean()
    new = score(truth, after, after >= cuts).f1[counted].mean()
    tell(f"{len(places)} labels outside the test split: mean F1 {old:.3f} before, {new:.3f} after training on them")
    return {"postings": float(len(places)), "before": float(old), "after": float(new)}
