"""Fitting a recogniser: word vectors and their clusters from plain texts, weights from annotated sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.recogniser import crf
from nlp.recogniser.features import BUCKETS, Encoder, Vectors
from nlp.recogniser.model import PLACES, Recogniser, Weights
from nlp.recogniser.words import Sentence


@dataclass(frozen=True, slots=True)
class Marked:
    """A sentence and the phrases that annotators marked in it, in their style."""

    sentence: Sentence
    phrases: tuple[crf.Span, ...]
    style: str


@dataclass(frozen=True, slots=True)
class Fit:
    """How to fit: strength of the penalty on large weights, rounds over the data, length of a step, sentences a batch,
    sightings that a feature needs, the share of known names that are hidden, so that the model learns to do without the
    taxonomy, and the share of words that are made up, so that it learns to do without having met a word."""

    penalty: float = 0.5
    rounds: int = 12
    rate: float = 0.1
    batch: int = 32
    least: int = 2
    hidden: float = 0.0
    made_up: float = 0.0
    seed: int = 0


def fit(marked: Sequence[Marked], vectors: Vectors, options: Fit | None = None) -> Recogniser:
    """A recogniser with probable weights under a Gaussian prior, by AdaGrad over batches of sentences."""
    options = options or Fit()
    rng = np.random.default_rng(options.seed)
    marked = [_blurred(one, options, rng) for one in marked]
    order = rng.permutation(len(marked))
    groups = [[marked[i] for i in order[at : at + options.batch]] for at in range(0, len(order), options.batch)]
    state = _State(Encoder(vectors), groups, options)
    for _ in range(options.rounds):
        for number in rng.permutation(len(groups)):
            state.step(state.batches[number])
    return Recogniser(vectors, state.weights())


def _blurred(one: Marked, options: Fit, rng: np.random.Generator) -> Marked:
    """The same sentence without some of what the taxonomy knows, name by name, and with some words made up."""
    known, words, hiding = list(one.sentence.known), list(one.sentence.words), False
    for at, what in enumerate(known):
        if what[0] in "BU":
            hiding = bool(rng.random() < options.hidden)
        if hiding:
            known[at] = "O"
        if rng.random() < options.made_up:
            words[at] = "".join(_like(character, rng) for character in words[at])
    return replace(one, sentence=replace(one.sentence, known=tuple(known), words=tuple(words)))


def _like(character: str, rng: np.random.Generator) -> str:
    if not character.isalpha():
        return character
    letter = chr(ord("a") + int(rng.integers(26)))
    return letter.upper() if character.isupper() else letter


class _Batch:
    """Some sentences ready for a step: which features (columns) its words have, and what annotators said."""

    def __init__(self, encoder: Encoder, marked: Sequence[Marked]) -> None:
        marked = sorted(marked, key=lambda one: one.style)
        sentences = [one.sentence for one in marked]
        encoded = encoder.encode(sentences)
        keys = []
        for style in sorted({one.style for one in marked}):
            keys.append(encoder.encode([one.sentence for one in marked if one.style == style]).keys(style))
        self.keys = np.concatenate(keys).astype(np.int32)
        self.rows = [encoded.rows[encoded.real + place] for place in PLACES]
        self.layout = crf.Layout([len(one.words) for one in sentences])
        labels = [label for one in marked for label in crf.labels(len(one.sentence.words), one.phrases)]
        self.gold = np.eye(len(crf.LABELS))[labels]
        after = np.setdiff1d(np.arange(len(labels)), self.layout.firsts)
        self.followed = self.gold[after - 1].T @ self.gold[after]

    def keep(self, used: NDArray[np.bool_]) -> None:
        """Forget the features that are not used; number the others within the batch."""
        from scipy.sparse import csr_matrix

        kept = used[self.keys]
        starts = np.concatenate([[0], np.cumsum(kept.sum(axis=1))])
        self.columns, inside = np.unique(self.keys[kept], return_inverse=True)
        shape = (len(self.keys), len(self.columns))
        self.features = csr_matrix((np.ones(len(inside), np.float32), inside.astype(np.int32), starts), shape=shape)
        del self.keys


class _State:
    """The weights on their way, and the sums of squared slopes that set the length of a step for each of them."""

    def __init__(self, encoder: Encoder, groups: Sequence[Sequence[Marked]], options: Fit) -> None:
        self.options, self.table = options, encoder.vectors.table
        self.batches = [_Batch(encoder, group) for group in groups]
        counts, self.touched = np.zeros(BUCKETS, np.int64), np.zeros(BUCKETS, np.float32)
        for batch in self.batches:
            counts += np.bincount(batch.keys.ravel(), minlength=BUCKETS)
        for batch in self.batches:
            batch.keep(counts >= options.least)
            self.touched[batch.columns] += 1
        labels = len(crf.LABELS)
        self.hashed = np.zeros((BUCKETS, labels), np.float32)
        self.dense = np.zeros((len(PLACES), self.table.shape[1], labels), np.float32)
        self.follows = np.zeros((labels, labels))
        self._squares = [np.full(part.shape, 1e-3, part.dtype) for part in (self.hashed, self.dense, self.follows)]

    def step(self, batch: _Batch) -> None:
        """Move the weights by what one batch says."""
        columns, share = batch.columns, self.options.penalty / max(1, len(self.batches))
        scores = (batch.features @ self.hashed[columns]).astype(np.float64)
        for rows, part in zip(batch.rows, self.dense, strict=True):
            scores += self.table[rows] @ part
        _, probable, pairs = crf.marginals(scores, self.follows, batch.layout)
        wrong = (probable - batch.gold).astype(np.float32)
        # A rare feature is seen in few batches, so each of them takes a larger share of its penalty.
        penalty = (self.options.penalty / self.touched[columns])[:, None]
        steep = batch.features.T @ wrong + penalty * self.hashed[columns]
        self._squares[0][columns] += steep**2
        self.hashed[columns] -= self.options.rate * steep / np.sqrt(self._squares[0][columns])
        slopes = np.stack([self.table[rows].T @ wrong for rows in batch.rows]) + share * self.dense
        self._move(self.dense, slopes, self._squares[1])
        self._move(self.follows, np.where(crf.ALLOWED, pairs - batch.followed, 0), self._squares[2])

    def _move(self, weights: NDArray[Any], steep: NDArray[Any], squares: NDArray[Any]) -> None:
        squares += steep**2
        weights -= self.options.rate * steep / np.sqrt(squares)

    def weights(self) -> Weights:
        return Weights(self.hashed, self.dense, self.follows)
