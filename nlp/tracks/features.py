"""A posting as numbers: windows of at most 40 tokens, and in them the places where a track is named.

A *naming* is a pair of a window and a track that has a cue in it. Its words are the window's, but the cues are
replaced by what kind of cue they are, so that what tells a request from a description is learned once for all tracks.
Machine learning itself is read like a fourth track: whether the ad asks for it or only speaks of it decides `ml_role`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.records import Span
from nlp.sentences import sentences as split
from nlp.tracks.cues import CONTEXTS, SECTIONS, TIERS, TRACK_LAYERS, Cue, load, split_words

TOKENS = 40
"""Tokens of a window; a longer sentence becomes several windows."""
CUES = 8
"""Cues of a naming that the model sees one by one; the counts hold all of them."""
NAMINGS = 16
"""Namings of a posting and track that the model reads: those with the strongest cues."""
WINDOWS = 40
"""Windows of a posting that the model reads: those with the most to say, in their order."""
HEADING = 8
"""Tokens: a longer line opens no section."""

_TIER = {(layer, tier): n for n, (layer, tier) in enumerate((lay, t) for lay in TRACK_LAYERS for t in TIERS)}
_CONTEXT = {tier: len(_TIER) + n for n, tier in enumerate(CONTEXTS)}
_SECTION = {name: len(_TIER) + len(CONTEXTS) + n for n, name in enumerate(SECTIONS)}
_PLACE = len(_TIER) + len(CONTEXTS) + len(SECTIONS)
WIDTH = _PLACE + 6
"""Numbers of a window beside its tokens: 15 cue counts, 9 context counts, 5 section flags, 6 for place and length."""
UNKNOWN = 1
_OWN = {tier: 2 + n for n, tier in enumerate(TIERS)}
_OTHER = {tier: 2 + len(TIERS) + n for n, tier in enumerate(TIERS)}
FIRST_WORD = 2 + 2 * len(TIERS)
"""Row of the vocabulary's first token in the embedding table; the rows before stand for padding, unknown and cues."""
_STRENGTH = {"field": 6, "task": 4, "tool": 4, "weak": 2, "ml": 2, "not": 1, "boiler": -1}

Piece = tuple[int, list[str], str]
Found = list[tuple[int, Cue]]


@dataclass(frozen=True, slots=True)
class Posting:
    """n windows and m namings of one posting.

    Windows: tokens (n, TOKENS) int32, 0 = padding, 1 = unknown; dense (n, WIDTH) float32.
    Namings: words (m, TOKENS) int32, as tokens but cues replaced; cues (m, CUES) int32, 0 = none; near (m, WIDTH)
    float32, the numbers of their windows; before, after (m, CONTEXT) float32, the cue and context counts of the windows
    around; track (m,) int32; sentence (m,) int32: the sentence that the window was cut from, -1 for the title.
    """

    tokens: NDArray[np.int32]
    dense: NDArray[np.float32]
    words: NDArray[np.int32]
    cues: NDArray[np.int32]
    near: NDArray[np.float32]
    before: NDArray[np.float32]
    after: NDArray[np.float32]
    track: NDArray[np.int32]
    sentence: NDArray[np.int32]


CONTEXT = len(_TIER) + len(CONTEXTS)
NAMED = (*TRACK_LAYERS, "ml_role")
"""What a naming can name, in the order of `Posting.track`."""


def rows_of(vocabulary: Sequence[str]) -> dict[str, int]:
    """Token -> row of the embedding table."""
    return {token: row for row, token in enumerate(vocabulary, FIRST_WORD)}


def windows(text: str, title: str, spans: Sequence[Span] | None, vocabulary: Mapping[str, int]) -> Posting:
    """Cut a posting into windows and find its namings.

    Args:
        spans: the sentences of `text`; None cuts them here.
        vocabulary: what `rows_of` gives.
    """
    spans = split(text) if spans is None else spans
    pieces: list[Piece] = [(-1, split_words(title)[:TOKENS], "")]
    section = ""
    for number, (start, end) in enumerate(spans):
        line = split_words(text[start:end])
        section = _heading(line, text[end - 1]) or section
        pieces += [(number, line[at : at + TOKENS], section) for at in range(0, len(line), TOKENS)]
    found = [list(load()[0].find(line)) for _, line, _ in pieces]
    rows = [[vocabulary.get(word, UNKNOWN) for word in line] for _, line, _ in pieces]
    dense = _dense(pieces, found, len(spans))
    kept = _choose(found)
    tokens = np.zeros((len(kept), TOKENS), np.int32)
    for row, place in enumerate(kept):
        tokens[row, : len(rows[place])] = rows[place]
    return Posting(tokens, dense[kept], *_namings(pieces, found, rows, dense))


def _heading(words: list[str], last: str) -> str:
    """The section that a line opens, or nothing. The cue that comes last in "About the role: preferred skills" wins."""
    if not words or len(words) > HEADING or (last in ".!?" and len(words) > 4):
        return ""
    return max(((place, cue.tier) for place, cue in load()[1].find(words)), default=(0, ""))[1]


def _choose(found: Sequence[Found]) -> list[int]:
    """The title and the windows with the most cues, in the order of the text."""
    if len(found) <= WINDOWS:
        return list(range(len(found)))
    rank = [-sum(_STRENGTH.get(cue.tier, 1) for _, cue in cues) for cues in found]
    rank[0] = -10_000
    return sorted(sorted(range(len(found)), key=lambda place: (rank[place], place))[:WINDOWS])


def _dense(pieces: Sequence[Piece], found: Sequence[Found], total: int) -> NDArray[np.float32]:
    """The numbers of every window, (len(pieces), WIDTH)."""
    dense = np.zeros((len(pieces), WIDTH), np.float32)
    for row, (number, words, section), cues in zip(dense, pieces, found, strict=True):
        for _, cue in cues:
            at = _CONTEXT[cue.tier] if cue.layer == "context" else _TIER[cue.layer, cue.tier]
            row[at] += 1.0
        if section:
            row[_SECTION[section]] = 1.0
        place = max(0, number) / max(1, total - 1)
        row[_PLACE:] = (number < 0, place, place < 0.15, len(words) / TOKENS, len(words) < 6, total / 100)
    np.minimum(dense[:, :_PLACE], 3.0, out=dense[:, :_PLACE])
    return dense


def _namings(
    pieces: Sequence[Piece], found: Sequence[Found], rows: Sequence[list[int]], dense: NDArray[np.float32]
) -> tuple[NDArray[Any], ...]:
    pairs = [pair for track in NAMED for pair in _strongest(found, track)]
    m = len(pairs)
    words, cues = np.zeros((m, TOKENS), np.int32), np.zeros((m, CUES), np.int32)
    for row, (place, track) in enumerate(pairs):
        line = list(rows[place])
        own: list[int] = []
        for at, cue in found[place]:
            layer = _named(cue)
            if not layer or (layer == "ml_role" != track):
                continue
            mark = _OWN["field"] if layer == "ml_role" else (_OWN if layer == track else _OTHER)[cue.tier]
            for covered in range(at, at + 1 + len(cue.rest)):
                # The own track's mark wins where two tracks share a word.
                if layer == track or line[covered] >= FIRST_WORD or line[covered] == UNKNOWN:
                    line[covered] = mark
            if layer == track:
                own.append(cue.index)
        words[row, : len(line)] = line
        cues[row, : len(own[:CUES])] = own[:CUES]
    at_window = np.array([place for place, _ in pairs], np.int64)
    around = np.pad(dense[:, :CONTEXT], ((1, 1), (0, 0)))
    track_of = np.array([NAMED.index(track) for _, track in pairs], np.int32)
    sentence = np.array([pieces[place][0] for place, _ in pairs], np.int32)
    return words, cues, dense[at_window], around[at_window], around[at_window + 2], track_of, sentence


def _named(cue: Cue) -> str:
    """What a cue names, one of NAMED, or nothing."""
    if cue.layer == "context":
        return "ml_role" if cue.tier == "ml" else ""
    return cue.layer


def _strongest(found: Sequence[Found], track: str) -> list[tuple[int, str]]:
    """The windows with cues of a track, at most NAMINGS, in the order of the text."""
    strength = {
        place: -sum(_STRENGTH[cue.tier] for _, cue in cues if _named(cue) == track)
        for place, cues in enumerate(found)
        if any(_named(cue) == track and cue.tier != "not" for _, cue in cues)
    }
    return [(place, track) for place in sorted(sorted(strength, key=lambda at: (strength[at], at))[:NAMINGS])]
