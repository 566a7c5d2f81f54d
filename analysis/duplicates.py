"""One row per vacancy: near copies of an ad across boards, and its reposts, are grouped; different openings never.

Texts become sets of four-word shingles, sets become MinHash signatures (rensa), and locality-sensitive hashing finds
the pairs worth comparing (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3). Alike texts alone are not
enough: one employer's ads share boilerplate. A pair is one vacancy when titles, employers and texts agree together.
"""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator

import numpy as np
import pandas as pd

from analysis.employers import fold
from analysis.intervals import Array

PERMUTATIONS = 128
BANDS = 32  # of four rows: texts of Jaccard .5 meet with probability .87, of .3 with .23
SHINGLE = 4  # words
_WORD = re.compile(r"\w+")
_TITLE_NOISE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|https?://\S+|\b\d{3,}\b|\b(?:remote|hybrid|on-?site|full[ -]?time|part[ -]?time|m/f/d|m/w/d|"
    r"f/m/d|h/f|m/v/x|100 ?%|80 ?- ?100 ?%|visa|intern(?:s)? welcome|hiring|urgent|new)\b",
    re.IGNORECASE,
)
_RANK = {"sr": "senior", "jr": "junior", "ii": "2", "iii": "3", "iv": "4", "i": "1"}
_RANKS = frozenset("senior junior staff principal lead head director manager intern 1 2 3 4 vp chief".split())
_LONGEST_RUN = 50  # a band that more texts than this share is boilerplate: each is compared with its neighbours only
# Jaccard similarity of the texts that makes a pair one vacancy; measured on checked pairs, docs/quality.md.
SAME_TITLE, CLOSE_TITLE, OTHER_EMPLOYER, OTHER_PLACE, LONG_AFTER = 0.6, 0.8, 0.85, 0.9, 0.85
_WIDE = frozenset(
    "united states us usa uk kingdom europe switzerland germany deutschland schweiz remote anywhere area bay new north "
    "south city san st saint los california ca ny tx ma wa va il pa fl ga nc co oh mi md nj dc".split()
)
_LONG = np.timedelta64(365, "D")


class _Words(dict[str, int]):
    """The hash of each word met, 64 bits, the same in every run: signatures can be kept (analysis.signatures)."""

    def __missing__(self, word: str) -> int:
        digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        self[word] = found = int.from_bytes(digest, "little")
        return found


def signatures(texts: Iterable[str]) -> Array:
    """MinHash signatures, n x PERMUTATIONS uint32; texts without a word get a row of zeros."""
    return np.concatenate([np.zeros((0, PERMUTATIONS), np.uint32), *_blocks(texts)])


def _blocks(texts: Iterable[str], size: int = 2000) -> Iterator[Array]:
    from rensa import RMinHash

    words, stream = _Words(), iter(texts)
    while block := [_shingles(text, words) for text in itertools.islice(stream, size)]:
        offsets = np.cumsum([0, *(len(one) for one in block)], dtype=np.uint64)
        matrix = RMinHash.digest_matrix_from_flat_token_hashes(np.concatenate(block), offsets, PERMUTATIONS, 1)
        signed = np.array(matrix.to_rows(), np.uint32)
        signed[[len(one) == 0 for one in block]] = 0
        yield signed


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
    filled = np.flatnonzero(signature.any(axis=1))
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
    if len(members) > _LONGEST_RUN:
        return np.stack([members[:-1], members[1:]], axis=1)
    first, second = np.triu_indices(len(members), 1)
    return np.stack([members[first], members[second]], axis=1)


def vacancies(postings: pd.DataFrame, signature: Array) -> Array:
    """A vacancy number for each posting, the row number of its first posting.

    Args:
        postings: columns title, employer_id, agency, location, day.
        signature: from `signatures`, the same rows.
    """
    pairs = candidates(signature)
    likeness = np.concatenate(
        [
            np.zeros(0),
            *(
                (signature[p[:, 0]] == signature[p[:, 1]]).mean(axis=1)
                for p in np.array_split(pairs, len(pairs) // 100_000 + 1)
            ),
        ]
    )
    worth = likeness >= SAME_TITLE - 0.05
    pairs, likeness = pairs[worth], likeness[worth]
    same = _judge(postings, pairs, likeness)
    return _leaders(len(postings), pairs[same])


def _leaders(n: int, linked: Array) -> Array:
    """Each row's number is that of the first row it is linked to itself, never through others: chains of small changes
    would tie the ends of a year of reposts together."""
    leader = np.arange(n)
    for first, second in linked[np.lexsort((linked[:, 0], linked[:, 1]))].tolist():
        if leader[second] == second and leader[first] == first:
            leader[second] = first
    return leader


def _judge(postings: pd.DataFrame, pairs: Array, likeness: Array) -> Array:
    from rapidfuzz.fuzz import token_sort_ratio

    titles = [clean_title(title) for title in postings["title"]]
    ranks = [frozenset(title.split()) & _RANKS for title in titles]
    places = [_place(text) for text in postings["location"]]
    employer, agency = postings["employer_id"].tolist(), postings["agency"].tolist()
    days = postings["day"].to_numpy("datetime64[D]")
    apart = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) > _LONG
    verdicts = np.zeros(len(pairs), bool)
    for k, (a, b) in enumerate(pairs.tolist()):
        if titles[a] and titles[b] and (ranks[a] != ranks[b] or token_sort_ratio(titles[a], titles[b]) < 85):
            continue  # another job, or another level of it, however much of the text is the same
        floor = SAME_TITLE if titles[a] and titles[a] == titles[b] else CLOSE_TITLE
        if employer[a] != employer[b]:
            # Two names, one text: the client and its agency, one company under two names, a name and none.
            known = employer[a] and employer[b] and not (agency[a] or agency[b])
            floor = OTHER_EMPLOYER if known else CLOSE_TITLE
        if places[a] and places[b] and not places[a] & places[b]:
            floor = max(floor, OTHER_PLACE)
        if apart[k]:
            floor = max(floor, LONG_AFTER)
        verdicts[k] = likeness[k] >= floor
    return verdicts


def _place(location: str) -> frozenset[str]:
    """The words of a location but for countries and states; empty for remote and for whole countries."""
    return frozenset(fold(location).split()) - _WIDE


def clean_title(title: str) -> str:
    """A title's words in lower case without places in brackets, numbers, remote, full-time and the like."""
    words = _WORD.findall(_TITLE_NOISE.sub(" ", title).casefold())
    return " ".join(_RANK.get(word, word) for word in words)
