"""What labels gain: the model that tags against a warm start from it, on postings that neither saw."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from nlp.tracks import calibrate, splits
from nlp.tracks.bundle import HEADS, read
from nlp.tracks.labels import Example
from nlp.tracks.metrics import score
from nlp.tracks.network import Reader, probabilities, restore
from nlp.tracks.train import Options, prepare, train_logits

FOLDS = 3


def gain(examples: Sequence[Example], options: Options, tell: Callable[[str], None]) -> dict[str, float]:
    """Mean F1 over the heads with a positive label, `before` and `after`, across folds of the labels outside the
    test split; `base` must be set in the options."""
    assert options.base is not None
    base = read(options.base)
    material = prepare(examples, options.definition, base)
    places = material.where("train", "dev")
    before = probabilities(Reader(restore(base)).logits([material.postings[i] for i in places])[0], base)
    logits = train_logits(material, options, base, FOLDS, lambda line: None)
    fold = np.array([int(splits.share(material.examples[i].cluster, "fold") * FOLDS) for i in places])
    truth = material.truth[places]
    after, cuts = np.zeros(truth.shape), np.zeros(truth.shape)
    for k in range(FOLDS):
        # Thresholds of a fold come from the other folds: those of its own would flatter it.
        lines, cut = calibrate.fit(logits[fold != k], truth[fold != k])
        bundle = replace(base, calibration=lines, thresholds=cut)
        after[fold == k] = probabilities(logits[fold == k], bundle)
        cuts[fold == k] = [cut[head] for head in HEADS]
    counted = truth.sum(axis=0) > 0
    old = score(truth, before, before >= [base.thresholds[head] for head in HEADS]).f1[counted].mean()
    new = score(truth, after, after >= cuts).f1[counted].mean()
    tell(f"{len(places)} labels outside the test split: mean F1 {old:.3f} before, {new:.3f} after training on them")
    return {"postings": float(len(places)), "before": float(old), "after": float(new)}
