"""Real material for training and measuring the track classifier; it lies beside the checkout and never in it."""

import csv
import gzip
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crawler.text import html_to_text
from nlp.tracks import splits
from nlp.tracks.cues import split_words
from nlp.tracks.labels import Example, read_files
from nlp.tracks.names import COLUMNS, GUIDE

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
NAMINGS = Path(__file__).with_name("data") / "tracks_namings.csv"
LABELS = Path(__file__).with_name("data") / "track_labels.csv"
"""More labels after the same guide: posting_id, ml_role, cv, nlp, seq, and how the posting was chosen (kind)."""
LEAST = 12
"""Postings that hold a token of the vocabulary."""
REACH = 5
"""Tokens to the left and right that count as neighbours."""


def gold() -> list[Example]:
    """All labelled postings; where a posting stands in several files, the probability sample's labels stand."""
    return read_files([SHARED / "gold" / f"{name}.jsonl" for name in ("tracks_sample", "tracks", "tracks_more")])


def more() -> list[Example]:
    """The postings of LABELS, with the texts that an import makes of their descriptions, and their kind as the stratum:
    by_source, random, uncertain or off_topic."""
    with LABELS.open(encoding="utf-8", newline="") as file:
        given = {row["posting_id"]: row for row in csv.DictReader(file)}
    found = {row["id"]: row for row in _rows() if row["id"] in given}
    return [_labelled(found[key], said) for key, said in given.items()]


def _labelled(row: dict[str, Any], said: dict[str, str]) -> Example:
    ml_role, cv, nlp, seq = (int(said[column]) for column in COLUMNS)
    text, year = html_to_text(row["description"]), str(row.get("date") or "")[:4]
    title, source = row["title"] or "", row["id"].split(":", 1)[0]
    return Example(row["id"], title, text, (ml_role, cv, nlp, seq), row.get("company"), source, year, said["kind"])


def pool(examples: Sequence[Example]) -> list[Example]:
    """ML-related postings without a label: no near copies, none of an employer of the test split."""
    rows = list(_rows())
    near = {row["id"]: row["near_dup_key"] for row in rows}
    taken = {near.get(one.id) for one in examples}
    found = []
    for row in rows:
        key = splits.employer_key(row.get("company"), row["description"])
        if row.get("ml_related") and row["near_dup_key"] not in taken and splits.share(key, GUIDE) >= splits.TEST:
            taken.add(row["near_dup_key"])
            found.append(Example(row["id"], row["title"] or "", row["description"], (0, 0, 0, 0), row.get("company")))
    return found


def _rows() -> Iterator[dict[str, Any]]:
    for path in sorted((SHARED / "postings").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def word_vectors(texts: Sequence[str], size: int = 64) -> tuple[list[str], np.ndarray]:
    """A vocabulary and its vectors: the singular value decomposition of positive pointwise mutual information."""
    from scipy.sparse import coo_matrix, csr_matrix
    from scipy.sparse.linalg import svds

    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(split_words(text)))
    words = [word for word, n in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])) if n >= LEAST]
    rows = {word: row for row, word in enumerate(words)}
    shape = (len(words), len(words))
    near = csr_matrix(shape, dtype=np.float32)
    for at in range(0, len(texts), 1_000):
        near = near + _neighbours(texts[at : at + 1_000], rows, shape)
    near = near + near.T
    often = np.asarray(near.sum(axis=1)).ravel()
    # The power of 0.75 keeps rare neighbours from standing out (Levy, Goldberg and Dagan 2015).
    expected = often**0.75 / (often**0.75).sum()
    pairs = near.tocoo()
    strength = np.log(pairs.data / (often[pairs.row] * expected[pairs.col]))
    good = strength > 0
    matrix = coo_matrix((strength[good], (pairs.row[good], pairs.col[good])), shape=shape).tocsr()
    left, values, _ = svds(matrix.astype(np.float32), k=size, random_state=0)
    vectors = left * np.sqrt(values)
    return words, (1.7 * vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-6)).astype(np.float32)


def _neighbours(texts: Sequence[str], rows: dict[str, int], shape: tuple[int, int]) -> Any:
    from scipy.sparse import coo_matrix

    left, right, weight = [], [], []
    for text in texts:
        line = np.array([rows.get(word, -1) for word in split_words(text)])
        for reach in range(1, REACH + 1):
            a, b = line[:-reach], line[reach:]
            known = (a >= 0) & (b >= 0)
            left.append(a[known])
            right.append(b[known])
            weight.append(np.full(known.sum(), 1 / reach, np.float32))
    places = (np.concatenate(left), np.concatenate(right))
    return coo_matrix((np.concatenate(weight), places), shape=shape).tocsr()
