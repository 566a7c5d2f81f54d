"""Training the track classifier: splits, epochs, calibration, and a card that says how good it is and on what."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.sentences import sentences
from nlp.tracks import calibrate, splits
from nlp.tracks.bundle import SHIPPED, Bundle, read
from nlp.tracks.cues import load as load_cues
from nlp.tracks.cues import split_words
from nlp.tracks.features import FIRST_WORD, NAMED, Posting, rows_of, windows
from nlp.tracks.fit import AT_ONCE, Plan, fit
from nlp.tracks.labels import Example, truth, usable
from nlp.tracks.names import GUIDE, HEADS
from nlp.tracks.network import Reader, restore
from nlp.tracks.quiet import hush

Tell = Callable[[str], None]
FOLDS_SALT = "fold"
WARM_STEPS = 160


@dataclass(frozen=True, slots=True)
class Lesson:
    """A posting that only helps to train: `truth` (4,) in [0, 1] with NaN for unknown (weak labels), `asked` says of
    single sentences, by (track, start), whether they ask for the track."""

    example: Example
    truth: tuple[float, float, float, float]
    asked: Mapping[tuple[str, int], int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Options:
    """How to train.

    `base` is the folder of the model to start from, None for fresh weights. `folds` > 1 calibrates on predictions
    across that many folds of the training and development postings and then trains on all of them; 0 calibrates on
    the development postings, which are then not trained on. `vectors` are a vocabulary and its word vectors for
    fresh weights, `lessons` further postings to train on. `members` networks with fresh weights are trained, whose mean
    logit answers; a warm start has as many as its base.
    """

    base: Path | None = SHIPPED
    definition: str = GUIDE
    seed: int = 1
    epochs: int | None = None
    folds: int = 0
    tensorboard: Path | None = None
    vectors: tuple[Sequence[str], NDArray[np.float32]] | None = None
    lessons: Sequence[Lesson] = ()
    members: int = 1


@dataclass(frozen=True, slots=True)
class Material:
    """Labelled postings as the network reads them; `part` is train, dev, test or copy. Lessons come after them, in
    the part "lesson", and `asked` (m,) is known of their namings only."""

    examples: Sequence[Example]
    postings: Sequence[Posting]
    truth: NDArray[np.float32]
    asked: Sequence[NDArray[np.float32]]
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
    usable(examples)
    base = read(options.base) if options.base else None
    material = prepare(examples, options, base)
    plan = plan_of(options, base, material)
    if options.folds > 1:
        logits, places, finished = across(material, plan, options.folds, tell)
        weights, done = fitted(material, material.where("train", "dev", "lesson"), plan, tell)
        finished = finished and done
    else:
        weights, finished = fitted(material, material.where("train", "lesson"), plan, tell)
        places = material.where("dev")
        logits = Reader(restore(raw(plan, material, weights))).logits([material.postings[i] for i in places])[0]
    bundle = calibrated(raw(plan, material, weights), base, logits, material, places)
    about = provenance(material, options, base, len(places), ("train", "dev") if options.folds > 1 else ("train",))
    seconds = round(time.monotonic() - began)
    bundle = replace(bundle, definition=options.definition)
    made = {"networks": len(restore(bundle)), "epochs": plan.epochs, "interrupted": not finished}
    return bundle.with_card(**about, **made, training_seconds=seconds)


def provenance(
    material: Material, options: Options, base: Bundle | None, calibrated_on: int, trained_on: Sequence[str]
) -> dict[str, Any]:
    """What the card says of the postings and the start."""
    labelled = [one for one, part in zip(material.examples, material.part, strict=True) if part != "lesson"]
    return {
        "trained_heads": usable(labelled),
        "trained_on": list(trained_on),
        "seed": options.seed,
        "started_from": base.model_id if base else None,
        "parts": {str(name): n for name, n in sorted(Counter(material.part.tolist()).items())},
        "test_split": splits.fingerprint([material.examples[i].id for i in material.where("test")]),
        "sources": dict(sorted(Counter(one.source for one in labelled).items())),
        "calibrated_on": calibrated_on,
    }


def prepare(examples: Sequence[Example], options: Options, base: Bundle | None) -> Material:
    """Split the postings and turn them into windows, with the base's vocabulary, that of the given vectors, or one of
    the training postings."""
    texts = [example.text for example in examples]
    part = splits.parts([example.cluster for example in examples], texts, options.definition)
    if base is not None:
        vocabulary = base.vocabulary
    elif options.vectors is not None:
        vocabulary = options.vectors[0]
    else:
        vocabulary = build_vocabulary([text for text, where in zip(texts, part, strict=True) if where == "train"])
    rows = rows_of(vocabulary)
    postings = [windows(example.text, example.title, None, rows) for example in examples]
    asked = [np.full(len(posting.track), np.nan, np.float32) for posting in postings]
    for lesson in options.lessons:
        spans = sentences(lesson.example.text)
        posting = windows(lesson.example.text, lesson.example.title, spans, rows)
        keys = [(NAMED[t], spans[s][0] if s >= 0 else -1) for t, s in zip(posting.track, posting.sentence, strict=True)]
        postings.append(posting)
        asked.append(np.array([lesson.asked.get(key, np.nan) for key in keys], np.float32))
    labels = np.concatenate(
        [truth(examples), np.array([one.truth for one in options.lessons], np.float32).reshape(-1, 4)]
    )
    part = np.concatenate([part.astype("<U6"), np.full(len(options.lessons), "lesson")])
    everything = [*examples, *(lesson.example for lesson in options.lessons)]
    return Material(everything, postings, labels, asked, part, vocabulary)


def build_vocabulary(texts: Sequence[str], least: int = 4) -> list[str]:
    """The tokens that occur in at least `least` texts, most frequent first."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(split_words(text)))
    return [token for token, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if n >= least]


def plan_of(options: Options, base: Bundle | None, material: Material) -> Plan:
    hush()
    from nlp.tracks.model import Shape

    if base is not None:
        epochs = options.epochs or _warm_epochs(material)
        start = [network.get_weights() for network in restore(base)]
        shape = Shape(**base.shape)
        return Plan(shape, epochs, 3e-4, options.seed, start, None, options.tensorboard, len(start))
    shape = Shape(len(material.vocabulary) + FIRST_WORD, load_cues()[0].size + 1)
    vectors = options.vectors[1] if options.vectors else None
    return Plan(shape, options.epochs or 8, 1e-3, options.seed, (), vectors, options.tensorboard, options.members)


def _warm_epochs(material: Material) -> int:
    """Enough for WARM_STEPS steps: 184 labels of a new definition gained 1.5 points in 6 epochs and 3.4 in 20."""
    steps = max(1, len(material.where("train")) // AT_ONCE)
    return min(20, max(4, WARM_STEPS // steps))


def fitted(
    material: Material, places: NDArray[np.int64], plan: Plan, tell: Tell
) -> tuple[list[NDArray[np.float32]], bool]:
    """Weights fitted on the postings at these places, one network's after the other's, and whether the last epoch was
    reached. After an interrupt those networks stay that were done, the first with its last whole epoch."""
    postings, asked = [material.postings[i] for i in places], [material.asked[i] for i in places]
    weights: list[NDArray[np.float32]] = []
    for number in range(plan.members):
        made, finished = fit(postings, material.truth[places], asked, plan.member(number), tell)
        if finished or not weights:
            weights += made
        if not finished:
            return weights, False
    return weights, True


def raw(plan: Plan, material: Material, weights: Sequence[NDArray[np.float32]]) -> Bundle:
    """Weights as an uncalibrated model."""
    line, cut = dict.fromkeys(HEADS, (1.0, 0.0)), dict.fromkeys(HEADS, 0.5)
    return Bundle(GUIDE, plan.shape.as_json(), material.vocabulary, weights, line, cut)


def across(
    material: Material, plan: Plan, folds: int, tell: Tell
) -> tuple[NDArray[np.float32], NDArray[np.int64], bool]:
    """Logits of every training and development posting by a model that saw none of its employer's.

    Returns:
        Logits (n, 4), the places of the postings, and False if an interrupt ended it early.
    """
    places, lessons = material.where("train", "dev"), material.where("lesson")
    fold = fold_of(material, places, folds)
    logits = np.zeros((len(places), len(HEADS)), np.float32)
    for k in range(folds):
        tell(f"fold {k + 1} of {folds}")
        weights, finished = fitted(material, np.concatenate([places[fold != k], lessons]), plan, tell)
        out = np.flatnonzero(fold == k)
        reader = Reader(restore(raw(plan, material, weights)))
        logits[out] = reader.logits([material.postings[i] for i in places[out]])[0]
        if not finished:
            done = np.flatnonzero(fold <= k)
            return logits[done], places[done], False
    return logits, places, True


def fold_of(material: Material, places: NDArray[np.int64], folds: int) -> NDArray[np.int64]:
    """The fold of each posting: all postings of an employer in one."""
    share = [splits.share(material.examples[i].cluster, FOLDS_SALT) for i in places]
    return np.array([int(s * folds) for s in share], np.int64)


def calibrated(
    bundle: Bundle, base: Bundle | None, logits: NDArray[np.float32], material: Material, places: NDArray[np.int64]
) -> Bundle:
    drawn = np.array([material.examples[i].weight or 0.0 for i in places])
    weights = np.ones(len(places))
    if np.count_nonzero(drawn) >= 100:
        # The probability sample says how often each kind occurs, the other postings say how the logits spread.
        weights = drawn / drawn.sum() + 0.5 / len(places)
    lines, cuts = calibrate.fit(logits, material.truth[places], weights)
    for head in HEADS:
        if base is not None and lines[head] == (1.0, 0.0):
            lines[head], cuts[head] = base.calibration[head], base.thresholds[head]
    return replace(bundle, calibration=lines, thresholds=cuts)
