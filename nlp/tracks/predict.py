"""Tagging postings with a trained model: probabilities, labels and the sentences that carried them."""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from nlp.records import TRACKS, Label, Mention, Span
from nlp.tracks.bundle import SHIPPED, Bundle, read
from nlp.tracks.features import Posting, rows_of, windows
from nlp.tracks.names import HEADS
from nlp.tracks.network import Reader, probabilities, restore, sigmoid
from nlp.tracks.quiet import hush

EVIDENCE = 5
"""At most so many sentences are named per track."""
SHARE = 0.4
"""A sentence is evidence when its window's probability is at least this share of the best window's."""


@dataclass(frozen=True, slots=True)
class TrackItem:
    """One posting to tag; `sentences` as `nlp.sentences.sentences(text)` gives them. Mentions are not used today."""

    text: str
    title: str
    sentences: Sequence[Span]
    mentions: Sequence[Mention] = ()


@dataclass(frozen=True, slots=True)
class TrackResult:
    """The answer for one posting; `tracks` has the keys of `nlp.records.TRACKS`."""

    ml_role: Label
    tracks: dict[str, Label]


class TrackTagger:
    """A model ready to tag. `model_id` changes when, and only when, predictions can change."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.model_id = bundle.model_id
        self._vocabulary = rows_of(bundle.vocabulary)
        self._reader = Reader(restore(bundle))

    def predict(self, items: Sequence[TrackItem]) -> list[TrackResult]:
        """Tag postings; the same text gives the same answer whatever stands beside it in `items`."""
        postings = [windows(item.text, item.title, item.sentences, self._vocabulary) for item in items]
        logits, parts = self._reader.logits(postings)
        chances = probabilities(logits, self.bundle)
        return [self._result(*row) for row in zip(items, postings, chances, parts, strict=True)]

    def _result(
        self, item: TrackItem, posting: Posting, chances: NDArray[np.float64], part: NDArray[np.float32]
    ) -> TrackResult:
        labels = {}
        for column, head in enumerate(HEADS):
            chance = round(float(chances[column]), 4)
            says = chance >= self.bundle.thresholds[head]
            spans = evidence(item, posting, part, column - 1) if says and head in TRACKS else ()
            labels[head] = Label(says, chance, spans)
        return TrackResult(labels.pop("ml_role"), labels)


def evidence(item: TrackItem, posting: Posting, logits: NDArray[np.float32], track: int) -> tuple[Span, ...]:
    """The sentences that speak most for a track (its index in TRACKS), in the order of the text.

    A title counts where the text repeats it; if nothing but a title that the text lacks speaks, there is no evidence.
    """
    own = posting.track == track
    best: dict[Span, float] = {}
    for number, chance in zip(posting.sentence[own], sigmoid(logits[own]), strict=True):
        span = item.sentences[number] if number >= 0 else _title(item)
        if span is not None:
            best[span] = max(best.get(span, 0.0), float(chance))
    if not best:
        return ()
    least = SHARE * max(best.values())
    ranked = sorted((span for span in best if best[span] >= least), key=lambda span: -best[span])
    return tuple(sorted(ranked[:EVIDENCE]))


def _title(item: TrackItem) -> Span | None:
    at = item.text.find(item.title) if item.title else -1
    return None if at < 0 else (at, at + len(item.title))


def load(path: Path | None = None) -> TrackTagger:
    """The tagger of a model folder, or the shipped one.

    Raises:
        ModelError: no model there, a damaged one, or one of another version.
    """
    bundle = read(SHIPPED if path is None else path)
    _one_thread()
    return TrackTagger(bundle)


def _one_thread() -> None:
    """`tag` runs a process per core; more threads in each would only get into each other's way."""
    hush()
    import tensorflow as tf

    # Once TensorFlow has begun to work, the number of threads is what it is.
    with contextlib.suppress(RuntimeError):
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
