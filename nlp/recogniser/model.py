"""The recogniser of skill phrases: marks in running text what looks like a skill, whether or not the taxonomy has it.

Weights are plain arrays (no pickle): nlp/recogniser/data/model.npz, built by benchmarks/recogniser.py.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from crawler.errors import InputError
from nlp.matcher import Matcher
from nlp.recogniser import crf
from nlp.recogniser.features import BUCKETS, Encoded, Encoder, Vectors
from nlp.recogniser.words import Sentence, cut

POSTINGS, SKILLSPAN = "postings", "skillspan"
"""Annotation styles: this project's guide for machine-learning postings, and SkillSpan's knowledge spans."""
VERSION = 1
PLACES = (-1, 0, 1)
"""Where the vectors are looked at."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """`text[start:end]` is probably a skill; `probability` is that of its least certain word."""

    start: int
    end: int
    probability: float


@dataclass(frozen=True, slots=True)
class Weights:
    """`hashed` (buckets, 5), `dense` (3 places, size of a vector, 5), `follows` (5, 5)."""

    hashed: NDArray[np.float32]
    dense: NDArray[np.float32]
    follows: NDArray[np.float64]


class Recogniser:
    """A trained model, ready for any number of texts."""

    def __init__(self, vectors: Vectors, weights: Weights) -> None:
        self.vectors, self.weights = vectors, weights
        self.encoder = Encoder(vectors)
        self._dense = [vectors.table @ part for part in weights.dense]

    def phrases(self, text: str, matcher: Matcher) -> list[Phrase]:
        """The phrases of a plain text that look like skills, in order, none overlapping another."""
        return self.phrases_of([list(cut(text, matcher))])[0]

    def phrases_of(self, texts: Sequence[Sequence[Sentence]]) -> list[list[Phrase]]:
        """The same for many texts at once, each as its sentences, which is several times as fast."""
        marked = iter(self.mark([sentence for text in texts for sentence in text], POSTINGS))
        return [
            [
                Phrase(sentence.starts[first], sentence.ends[stop - 1], probability)
                for sentence in text
                for (first, stop), probability in next(marked)
            ]
            for text in texts
        ]

    def mark(self, sentences: Sequence[Sentence], style: str) -> list[list[tuple[crf.Span, float]]]:
        """For each sentence its phrases, as (first word, word after the last), and their probabilities."""
        if not sentences:
            return []
        layout = crf.Layout([len(one.words) for one in sentences])
        scores = self.scores(self.encoder.encode(sentences), style)
        chosen = crf.best(scores, self.weights.follows, layout).tolist()
        _, probable, _ = crf.marginals(scores, self.weights.follows, layout)
        inside = 1 - probable[:, 0]
        found = []
        for at, length in zip(layout.firsts.tolist(), layout.lengths.tolist(), strict=True):
            spans = crf.spans(chosen[at : at + length])
            found.append([(span, float(inside[at + span[0] : at + span[1]].min())) for span in spans])
        return found

    def scores(self, encoded: Encoded, style: str) -> crf.Floats:
        """Of each label at each word, shape (words, 5)."""
        total = np.zeros((len(encoded.real), len(crf.LABELS)))
        for column in encoded.keys(style).T:
            total += self.weights.hashed[column]
        for place, dense in zip(PLACES, self._dense, strict=True):
            total += dense[encoded.rows[encoded.real + place]]
        return total

    def save(self, path: Path) -> None:
        """Write the model: weights rounded to a byte each, buckets without weight left out."""
        used = np.flatnonzero(np.abs(self.weights.hashed).max(axis=1) > 0)
        hashed, scale = _rounded(self.weights.hashed[used])
        table, size = _rounded(self.vectors.table)
        words = "\n".join(sorted(self.vectors.rows, key=self.vectors.rows.__getitem__))
        np.savez_compressed(
            path,
            version=np.array(VERSION),
            used=np.diff(used, prepend=0).astype(np.uint32),
            hashed=hashed,
            scales=np.array([scale, size]),
            dense=self.weights.dense.astype(np.float16),
            follows=self.weights.follows,
            words=np.frombuffer(words.encode(), np.uint8),
            table=table,
            clusters=self.vectors.clusters.astype(np.uint16),
        )


def _rounded(values: NDArray[np.float32]) -> tuple[NDArray[np.int8], float]:
    scale = float(np.abs(values).max(initial=1e-9)) / 127
    return np.round(values / scale).astype(np.int8), scale


def read(path: Path) -> Recogniser:
    """A model from its file. Raises InputError for a file that is none."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if int(file["version"]) != VERSION:
                raise InputError(
                    f"{path}: version {int(file['version'])} of a recogniser; this program reads {VERSION}"
                )
            scale, size = file["scales"].tolist()
            hashed = np.zeros((BUCKETS, len(crf.LABELS)), np.float32)
            hashed[np.cumsum(file["used"], dtype=np.int64)] = file["hashed"].astype(np.float32) * scale
            rows = {word: row for row, word in enumerate(bytes(file["words"]).decode().split("\n"))}
            table = file["table"].astype(np.float32) * np.float32(size)
            vectors = Vectors(rows, table, file["clusters"].astype(np.int64))
            return Recogniser(vectors, Weights(hashed, file["dense"].astype(np.float32), file["follows"]))
    except (KeyError, ValueError, IndexError, EOFError, zipfile.BadZipFile) as exc:
        raise InputError(f"{path}: not a recogniser's weights ({exc})") from exc


@cache
def load() -> Recogniser:
    """The shipped model."""
    with as_file(files("nlp") / "recogniser" / "data" / "model.npz") as path:
        return read(path)
