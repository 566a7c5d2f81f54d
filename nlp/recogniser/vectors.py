"""Word vectors and clusters of our own, from plain texts alone: which words stand before and behind which.

Positive pointwise mutual information with the nearest words by side and distance, taken apart by singular values (Levy,
Goldberg and Dagan 2015). Nearest words, not whole windows: words that take each other's place come together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.recogniser.features import Vectors, plain
from nlp.recogniser.words import WORD

_PIECE = re.compile(rf"\n|{WORD.pattern}|[^\w\s]")
_REACH = 2
_BATCH = 2_000
_CLUSTERS = (50, 200, 800)
_ROUNDS = 12
_CONTEXTS = 12_000  # most frequent words and signs that count as neighbours


def learn(texts: Sequence[str], *, size: int = 64, least: int = 8, seed: int = 0) -> Vectors:
    """Vectors of the words that `least` texts or more hold; memory grows with the vocabulary, not with the texts."""
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_pieces(text)))
    order = sorted((piece for piece, n in counts.items() if n >= least), key=lambda piece: (-counts[piece], piece))
    table = _apart(_together(texts, {piece: row for row, piece in enumerate(order)}), size, seed)
    words = [row for row, piece in enumerate(order) if any(character.isalnum() for character in piece)]
    table = table[words]
    clusters = np.stack([_clustered(table, min(number, len(table)), seed) for number in _CLUSTERS], axis=1)
    nowhere = np.full((1, len(_CLUSTERS)), max(_CLUSTERS))
    return Vectors(
        {order[row]: at for at, row in enumerate(words)},
        np.vstack([table, np.zeros((1, table.shape[1]), np.float32)]),
        np.vstack([clusters, nowhere]),
    )


def _pieces(text: str) -> Iterable[str]:
    return (plain(piece) for piece in _PIECE.findall(text))


def _together(texts: Sequence[str], rows: dict[str, int]) -> Any:
    """How often each piece stands near each frequent one: a sparse matrix (pieces, 4 places * frequent pieces)."""
    from scipy.sparse import coo_matrix, csr_matrix

    frequent = min(len(rows), _CONTEXTS)
    shape = (len(rows), 2 * _REACH * frequent)
    total: Any = csr_matrix(([], ([], [])), shape=shape, dtype=np.float32)
    for at in range(0, len(texts), _BATCH):
        here, there = [], []
        for text in texts[at : at + _BATCH]:
            line = np.array([rows.get(piece, -1) for piece in _pieces(text)], dtype=np.int64)
            for reach in range(1, _REACH + 1):
                for side, (a, b) in enumerate(((line[reach:], line[:-reach]), (line[:-reach], line[reach:]))):
                    known = (a >= 0) & (b >= 0) & (b < frequent)
                    here.append(a[known])
                    there.append(b[known] + frequent * (2 * (reach - 1) + side))
        places = (np.concatenate(here), np.concatenate(there))
        total = total + coo_matrix((np.ones(len(places[0]), np.float32), places), shape=shape).tocsr()
    return total


def _apart(together: Any, size: int, seed: int) -> NDArray[np.float32]:
    """The pieces' vectors of length one: the singular value decomposition of positive mutual information."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.linalg import svds

    often = np.asarray(together.sum(axis=1)).ravel()
    # The power of 0.75 keeps rare neighbours from standing out.
    expected = np.asarray(together.sum(axis=0)).ravel() ** 0.75
    expected /= expected.sum()
    pairs = together.tocoo()
    twice = pairs.data > 1
    row, column = pairs.row[twice], pairs.col[twice]
    strength = np.log(pairs.data[twice] / (often[row] * expected[column]))
    good = strength > 0
    matrix = coo_matrix((strength[good].astype(np.float32), (row[good], column[good])), shape=together.shape).tocsr()
    left, values, _ = svds(matrix, k=min(size, min(matrix.shape) - 1), random_state=seed)
    found = left * np.sqrt(values)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True).clip(1e-6), np.float32)


def _clustered(table: NDArray[np.float32], number: int, seed: int) -> NDArray[np.int64]:
    """k-means by cosine: the cluster of each row."""
    centres = table[np.random.default_rng(seed).choice(len(table), number, replace=False)]
    nearest = np.zeros(len(table), np.int64)
    for _ in range(_ROUNDS):
        nearest = (table @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, table)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / lengths.clip(1e-6), centres)
    return nearest
