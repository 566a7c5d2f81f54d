"""MinHash signatures of texts, and the pairs of them that are worth comparing.

Texts become sets of four-word shingles, sets become MinHash signatures (rensa), and locality-sensitive hashing finds
the pairs (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3).
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator

import numpy as np

from analysis.intervals import Array

PERMUTATIONS = 128
BANDS = 32  # of four rows: texts of Jaccard .5 meet with probability .87, of .3 with .23
SHINGLE = 4  # words
WIDTH = PERMUTATIONS + 1  # the last column holds the number of shingles
_WORD = re.compile(r"\w+")
_LONGEST_RUN = 50  # a band that more texts than this share is boilerplate: each is compared with two others only


class _Words(dict[str, int]):
    """The hash of each word met, 64 bits, the same in every run: signatures can be kept (analysis.signatures)."""

    def __missing__(self, word: str) -> int:
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self[word] = found = int.from_bytes(digest, "little")
        return found


def signatures(texts: Iterable[str]) -> Array:
    """n x WIDTH uint32: MinHash signatures and the number of shingles; texts without a word get a row of zeros."""
    return np.concatenate([np.zeros((0, WIDTH), np.uint32), *_blocks(texts)])


def _blocks(texts: Iterable[str], size: int = 2000) -> Iterator[Array]:
    from rensa import RMinHash

    words, stream = _Words(), iter(texts)
    while block := [_shingles(text, words) for text in itertools.islice(stream, size)]:
        offsets = np.cumsum([0, *(len(one) for one in block)], dtype=np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(block), offsets, PERMUTATIONS, 1)
        signed = np.array(matrix.to_rows(), np.uint32)
        signed[[len(one) == 0 for one in block]] = 0
        yield np.column_stack([signed, np.array([len(np.unique(one)) for one in block], np.uint32)])


def _shingles(text: str, words: _Words) -> Array:
    """Hashes (uint64) of the runs of SHINGLE words."""
    hashes = np.array([*map(words.__getitem__, _WORD.findall(text.casefold()))], np.uint64)
    if len(hashes) < SHINGLE:
        return hashes
    last = len(hashes) - SHINGLE + 1
    runs = hashes[:last].copy()
    for i in range(1, SHINGLE):
        runs = (runs ^ (runs >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9) + hashes[i : last + i]
    return runs


def candidates(signature: Array) -> Array:
    """Pairs (k x 2, first < second) of rows that share a band of their signatures."""
    rows = PERMUTATIONS // BANDS
    filled = np.flatnonzero(signature[:, -1])
    found: list[Array] = [np.zeros((0, 2), np.int64)]
    for band in range(BANDS):
        part = np.ascontiguousarray(signature[filled, band * rows : (band + 1) * rows])
        keys = part.view(np.dtype((np.void, part.dtype.itemsize * rows))).ravel()
        order = np.argsort(keys, kind="stable")  # stable: a run's rows stand in their order
        starts = np.flatnonzero(np.concatenate([[True], keys[order][1:] != keys[order][:-1], [True]]))
        sizes, members = np.diff(starts), filled[order]
        two = starts[:-1][sizes == 2]
        found.append(np.stack([members[two], members[two + 1]], axis=1))
        found += [_pairs(members[i : i + n]) for i, n in zip(starts[:-1], sizes, strict=True) if n > 2]
    pairs = np.concatenate(found)
    numbers = np.unique(pairs[:, 0] * len(signature) + pairs[:, 1])
    return np.stack([numbers // max(len(signature), 1), numbers % max(len(signature), 1)], axis=1)


def _pairs(members: Array) -> Array:
    """All pairs of a run; of a long one those of neighbours and those with the first."""
    if len(members) > _LONGEST_RUN:
        ends = np.concatenate([members[:-1], np.repeat(members[:1], len(members) - 2)])
        return np.stack([ends, np.concatenate([members[1:], members[2:]])], axis=1)
    first, second = np.triu_indices(len(members), 1)
    return np.stack([members[first], members[second]], axis=1)


def alike(keys: Array) -> Array:
    """Pairs (k x 2, first < second) of rows with the same key (int64), -1 for none."""
    order = np.argsort(keys, kind="stable")
    order = order[keys[order] >= 0]
    starts = np.flatnonzero(np.diff(keys[order], prepend=-1, append=-1))
    runs = [order[i:j] for i, j in itertools.pairwise(starts) if j - i > 1]
    return np.concatenate([np.zeros((0, 2), np.int64), *map(_pairs, runs)])


def likeness(signature: Array, pairs: Array) -> tuple[Array, Array]:
    """Of each pair the Jaccard similarity of the texts, and the containment of the shorter one in the other.

    With J and the sizes a <= b the two share J (a + b) / (1 + J) shingles (Broder 1997), of a.
    """
    parts = [np.zeros(0)]
    for some in np.array_split(pairs, len(pairs) // 100_000 + 1):
        parts.append((signature[some[:, 0], :-1] == signature[some[:, 1], :-1]).mean(axis=1))
    jaccard = np.concatenate(parts)
    sizes = signature[:, -1].astype(float)[pairs]
    least = sizes.min(axis=1)
    jaccard[least == 0] = 0.0  # without a word there is nothing to be alike
    least = np.maximum(least, 1)
    return jaccard, np.minimum(jaccard * sizes.sum(axis=1) / (1 + jaccard) / least, 1.0)
