"""A linear-chain conditional random field over five labels, for many sentences at once, in numpy alone.

Labels: O (outside), B (opens a phrase), I (goes on), L (its last word), U (a phrase of one word). Scores of the words
come from outside as an array of shape (words, 5); which label may follow which is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
LABELS = "OBILU"
_AFTER = {"O": "OBU", "B": "IL", "I": "IL", "L": "OBU", "U": "OBU"}
ALLOWED = np.array([[to in _AFTER[of] for to in LABELS] for of in LABELS])
_FIRST = np.array([label in "OBU" for label in LABELS])
_LAST = np.array([label in "OLU" for label in LABELS])
Span = tuple[int, int]


class Layout:
    """Sentences of given lengths, one after another, in an order in which their n-th words can be worked on at once."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.lengths = np.asarray(lengths, dtype=np.int64)
        self.firsts = np.concatenate([[0], np.cumsum(self.lengths)[:-1]]).astype(np.int64)
        order = np.argsort(-self.lengths, kind="stable")
        sizes, starts = self.lengths[order], self.firsts[order]
        counts = np.searchsorted(-sizes, -np.arange(sizes[0] if len(sizes) else 0), side="left")
        self.steps = [starts[:count] + at for at, count in enumerate(counts.tolist())]

    def allowed(self) -> NDArray[np.bool_]:
        """Which labels the words may carry as the first or last of their sentence: shape (words, 5)."""
        found = np.ones((int(self.lengths.sum()), len(LABELS)), dtype=bool)
        found[self.firsts] &= _FIRST
        found[self.firsts + self.lengths - 1] &= _LAST
        return found


def marginals(scores: Floats, follows: Floats, layout: Layout) -> tuple[float, Floats, Floats]:
    """Forward and backward in one go.

    Args:
        scores: of each label at each word, shape (words, 5).
        follows: of each label after another, shape (5, 5).

    Returns:
        The sum over sentences of log Z; the probability of each label at each word; the expected number of times that a
        label follows another.
    """
    top = scores.max(axis=1)
    here = np.where(layout.allowed(), np.exp(np.maximum(scores - top[:, None], -60)), 0.0)
    step = np.where(ALLOWED, np.exp(follows), 0.0)
    ahead, back, scale = np.empty_like(here), np.ones_like(here), np.empty(len(here))
    for at, rows in enumerate(layout.steps):
        score = here[rows] if not at else here[rows] * (ahead[rows - 1] @ step)
        scale[rows] = score.sum(axis=1)
        ahead[rows] = score / scale[rows, None]
    for rows in reversed(layout.steps[1:]):
        back[rows - 1] = (here[rows] * back[rows] / scale[rows, None]) @ step.T
    later = np.concatenate([np.array(rows) for rows in layout.steps[1:]] or [np.zeros(0, np.int64)])
    pairs = step * (ahead[later - 1].T @ (here[later] * back[later] / scale[later, None]))
    return float(np.log(scale).sum() + top.sum()), ahead * back, pairs


def best(scores: Floats, follows: Floats, layout: Layout) -> NDArray[np.int64]:
    """The most probable labels of every sentence (Viterbi): one label a word."""
    scores = np.where(layout.allowed(), scores, -np.inf)
    step = np.where(ALLOWED, follows, -np.inf)
    total, came = scores.copy(), np.zeros(scores.shape, np.int64)
    for rows in layout.steps[1:]:
        ways = total[rows - 1][:, :, None] + step
        came[rows] = ways.argmax(axis=1)
        total[rows] += ways.max(axis=1)
    labels = np.zeros(len(scores), np.int64)
    lasts = layout.firsts + layout.lengths - 1
    labels[lasts] = total[lasts].argmax(axis=1)
    for rows in reversed(layout.steps[1:]):
        labels[rows - 1] = came[rows, labels[rows]]
    return labels


def spans(labels: Sequence[int]) -> list[Span]:
    """The phrases that the labels of a sentence mark, as (first word, word after the last)."""
    found, first = [], 0
    for at, label in enumerate(labels):
        if LABELS[label] in "BU":
            first = at
        if LABELS[label] in "LU":
            found.append((first, at + 1))
    return found


def labels(length: int, phrases: Sequence[Span]) -> list[int]:
    """The labels of a sentence in which `phrases` are marked; phrases must not overlap."""
    found = [0] * length
    for (_, before), (first, _) in pairwise(sorted(phrases)):
        if first < before:
            raise ValueError(f"phrases overlap: {phrases}")
    for first, stop in phrases:
        if stop - first == 1:
            found[first] = LABELS.index("U")
        else:
            found[first:stop] = [LABELS.index(label) for label in "B" + "I" * (stop - first - 2) + "L"]
    return found
