"""What the recogniser looks at: words, their forms and neighbours, the taxonomy's names, and word vectors of our own.

Every feature is a template (fields at places around the word) whose values are hashed into a bucket, so that a model
is a table of weights by bucket and no list of strings. Each template counts twice: for all annotators, and for the
annotation style at hand, because what counts as a phrase differs between them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from nlp.recogniser.words import Sentence

BUCKETS = 1 << 20
NEAR = 3
"""Words looked at on each side."""
_TYPES = ("word", "shape", "p2", "p3", "p4", "x2", "x3", "x4", "c0", "c1", "c2")
_PLACES = ("known", "place", "gap", "look")
FIELDS = {name: column for column, name in enumerate((*_TYPES, *_PLACES))}
_EDGES = ".,:;!?*•·–-\"'“”()[]{}<>"
_DIGIT, _UPPER, _LOWER, _REPEAT = (re.compile(p) for p in (r"\d", r"[A-ZÀ-Þ]", r"[a-zß-ÿ]", r"(.)\1{2,}"))
_PARTS = re.compile(r"[/\-_.&]")
_KEPT = 200_000  # forms of words held at once
_WORD_CHARACTERS = 60


def _around(field: str, *places: int) -> list[tuple[tuple[str, int], ...]]:
    return [((field, place),) for place in places]


TEMPLATES: list[tuple[tuple[str, int], ...]] = [
    ((("look", 0),)),
    *_around("word", -3, -2, -1, 0, 1, 2, 3),
    *(one for field in ("known", "place", "shape", "c0", "c1", "c2") for one in _around(field, -2, -1, 0, 1, 2)),
    *(one for field in ("p2", "p3", "p4", "x2", "x4") for one in _around(field, 0)),
    *_around("x3", -1, 0, 1),
    *_around("gap", 0, 1),
    (("gap", 0), ("gap", 1)),
    (("gap", 0), ("word", 0)),
    (("word", 0), ("gap", 1)),
    (("gap", 0), ("place", 0), ("gap", 1)),
    (("word", -1), ("word", 0)),
    (("word", 0), ("word", 1)),
    (("word", -1), ("word", 1)),
    (("place", -1), ("place", 0), ("place", 1)),
    (("word", -1), ("known", 0)),
    (("known", 0), ("word", 1)),
    *(((c, -1), (c, 0)) for c in ("c0", "c1")),
    *(((c, 0), (c, 1)) for c in ("c0", "c1")),
    (("c0", -1), ("c0", 0), ("c0", 1)),
    (("shape", 0), ("place", 0)),
    (("shape", -1), ("shape", 0)),
    (("shape", 0), ("shape", 1)),
    (("look", 0), ("shape", 0)),
]


def plain(word: str) -> str:
    """The form under which spellings of a word meet: lower case, digits alike, no signs at its ends."""
    return _DIGIT.sub("0", (word.strip(_EDGES) or word).lower()[:_WORD_CHARACTERS])


def _shape(word: str) -> str:
    shape = _DIGIT.sub("d", _LOWER.sub("x", _UPPER.sub("X", word[:_WORD_CHARACTERS])))
    return _REPEAT.sub(r"\1\1", shape)[:10]


@dataclass(frozen=True, slots=True)
class Vectors:
    """Words and where they lie: `table` of shape (words + 1, size) and `clusters` (words + 1, 3); the last row is
    for words that are not in it."""

    rows: dict[str, int]
    table: NDArray[np.float32]
    clusters: NDArray[np.int64]

    def row(self, word: str) -> int:
        """The row of a word in its plain form, or of one of its parts ("python/django"), the last known one."""
        for part in (word, word.removesuffix("'s").removesuffix("’s"), *reversed(_PARTS.split(word))):
            if (row := self.rows.get(part)) is not None:
                return row
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class Encoded:
    """Many sentences as numbers, with empty words around each.

    `fields` (words and empty ones, fields), `rows` into the vectors, `real` the places of the words.
    """

    fields: NDArray[np.uint64]
    rows: NDArray[np.int64]
    real: NDArray[np.int64]

    def keys(self, style: str) -> NDArray[np.int64]:
        """The buckets of each word, shape (words, 2 * templates)."""
        seed = np.uint64(crc32(style.encode()))
        found = np.empty((len(self.real), 2 * len(TEMPLATES)), np.int64)
        for number, template in enumerate(TEMPLATES):
            mixed = np.full(len(self.real), number + 1, np.uint64)
            for field, place in template:
                mixed = _mix(mixed ^ self.fields[self.real + place, FIELDS[field]])
            found[:, 2 * number] = _bucket(mixed)
            found[:, 2 * number + 1] = _bucket(_mix(mixed ^ seed))
        return found


def _mix(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    values = (values + np.uint64(0x9E3779B97F4A7C15)) * np.uint64(0xBF58476D1CE4E5B9)
    return values ^ (values >> np.uint64(29))


def _bucket(values: NDArray[np.uint64]) -> NDArray[np.int64]:
    return ((values * np.uint64(0x94D049BB133111EB)) >> np.uint64(44)).astype(np.int64)


class Encoder:
    """Sentences to numbers; what depends on a word's form alone is worked out once."""

    def __init__(self, vectors: Vectors) -> None:
        self.vectors = vectors
        self._seen: dict[str, int] = {}
        self._codes = np.zeros((1024, len(_TYPES)), np.uint64)
        self._rows = np.full(1024, len(vectors.rows), np.int64)
        self._number("")
        self._strings: dict[str, int] = {}

    def encode(self, sentences: Sequence[Sentence]) -> Encoded:
        """All words of `sentences`, in order."""
        if len(self._seen) > _KEPT:
            self._seen.clear()
            self._number("")
        lengths = [len(one.words) + NEAR for one in sentences]
        fields = np.zeros((NEAR + sum(lengths), len(FIELDS)), np.uint64)
        forms = np.zeros(len(fields), np.int64)
        real = np.empty(sum(lengths) - NEAR * len(sentences), np.int64)
        at, done = NEAR, 0
        for one, length in zip(sentences, lengths, strict=True):
            stop = at + len(one.words)
            forms[at:stop] = [self._seen.get(word) or self._number(word) for word in one.words]
            fields[at:stop, len(_TYPES) :] = self._placed(one)
            real[done : done + len(one.words)] = np.arange(at, stop)
            done += len(one.words)
            at += length
        fields[:, : len(_TYPES)] = self._codes[forms]
        return Encoded(fields, self._rows[forms], real)

    def _placed(self, sentence: Sentence) -> list[tuple[int, int, int, int]]:
        words = sentence.words
        capitals = 5 * sum(word[0].isupper() for word in words) // len(words)
        look, first = self._code(f"{capitals}|{min(len(words) // 4, 8)}"), self._code("first")
        return [
            (self._code(known), self._code(known[0]), self._code(gap), look if at else look ^ first)
            for at, (known, gap) in enumerate(zip(sentence.known, sentence.gaps, strict=True))
        ]

    def _code(self, text: str) -> int:
        found = self._strings.get(text)
        if found is None:
            found = self._strings[text] = crc32(text.encode())
        return found

    def _number(self, word: str) -> int:
        """The row of a word's form, after entering it."""
        number = len(self._seen)
        if number == len(self._codes):
            self._codes = np.concatenate([self._codes, np.zeros_like(self._codes)])
            self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        form = plain(word)
        row = self.vectors.row(form)
        clusters = [f"{n}" for n in self.vectors.clusters[row]]
        parts = [form[:2], form[:3], form[:4], form[-2:], form[-3:], form[-4:]]
        values = [form, _shape(word), *parts, *clusters]
        self._codes[number] = [crc32(value.encode()) for value in values]
        self._rows[number] = row
        self._seen[word] = number
        return number
