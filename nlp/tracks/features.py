"""A posting as numbers: windows of at most 40 tokens, each with its words, its cues and where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlp.records import Span
from nlp.sentences import sentences as split
from nlp.tracks.cues import CONTEXTS, SECTIONS, TIERS, TRACK_LAYERS, Cue, load, tokenize

TOKENS = 40
"""Tokens of a window; a longer sentence becomes several windows."""
CUES = 12
"""Track cues of a window that the model sees one by one; the counts hold all of them."""
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


@dataclass(frozen=True, slots=True)
class Posting:
    """The windows of one posting; n of them.

    tokens (n, TOKENS) int32, 0 = padding, 1 = unknown; cues (n, CUES) int32, 0 = none; dense (n, WIDTH) float32;
    sentence (n,) int32: the index of the sentence a window was cut from, -1 for the title.
    """

    tokens: NDArray[np.int32]
    cues: NDArray[np.int32]
    dense: NDArray[np.float32]
    sentence: NDArray[np.int32]


def windows(text: str, title: str, spans: Sequence[Span] | None, vocabulary: Mapping[str, int]) -> Posting:
    """Cut a posting into windows.

    Args:
        spans: the sentences of `text`; None cuts them here.
        vocabulary: token -> row of the embedding table, from 2 on.
    """
    spans = split(text) if spans is None else spans
    pieces: list[tuple[int, list[str], str]] = [(-1, tokenize(title)[:TOKENS], "")]
    section = ""
    for number, (start, end) in enumerate(spans):
        words = tokenize(text[start:end])
        section = _heading(words, text[end - 1]) or section
        pieces += [(number, words[at : at + TOKENS], section) for at in range(0, len(words), TOKENS)]
    return _pack(pieces, len(spans), vocabulary)


def _heading(words: list[str], last: str) -> str:
    """The section that a line opens, or nothing. The cue that comes last in "About the role: preferred skills" wins."""
    if not words or len(words) > HEADING or (last in ".!?" and len(words) > 4):
        return ""
    return max(((place, cue.tier) for place, cue in load()[1].find(words)), default=(0, ""))[1]


def _pack(pieces: list[tuple[int, list[str], str]], total: int, vocabulary: Mapping[str, int]) -> Posting:
    found = [list(load()[0].find(words)) for _, words, _ in pieces]
    kept = _choose(found)
    tokens = np.zeros((len(kept), TOKENS), np.int32)
    cues = np.zeros((len(kept), CUES), np.int32)
    dense = np.zeros((len(kept), WIDTH), np.float32)
    sentence = np.empty(len(kept), np.int32)
    for row, place in enumerate(kept):
        number, words, section = pieces[place]
        tokens[row, : len(words)] = [vocabulary.get(word, UNKNOWN) for word in words]
        own = [cue.index for _, cue in found[place] if cue.layer != "context"][:CUES]
        cues[row, : len(own)] = own
        _dense(dense[row], found[place], section)
        at = max(0, number) / max(1, total - 1)
        dense[row, _PLACE:] = (number < 0, at, at < 0.15, len(words) / TOKENS, len(words) < 6, total / 100)
        sentence[row] = number
    return Posting(tokens, cues, dense, sentence)


def _choose(found: list[list[tuple[int, Cue]]]) -> list[int]:
    """The title and the windows with the most cues, in the order of the text."""
    if len(found) <= WINDOWS:
        return list(range(len(found)))
    weight = {"field": 6, "task": 4, "tool": 4, "weak": 2, "ml": 2, "not": 1, "boiler": -1}
    rank = [-sum(weight.get(cue.tier, 1) for _, cue in cues) for cues in found]
    rank[0] = -10_000
    return sorted(sorted(range(len(found)), key=lambda place: (rank[place], place))[:WINDOWS])


def _dense(row: NDArray[np.float32], found: list[tuple[int, Cue]], section: str) -> None:
    for _, cue in found:
        at = _CONTEXT[cue.tier] if cue.layer == "context" else _TIER[cue.layer, cue.tier]
        row[at] = min(3.0, row[at] + 1.0)
    if section:
        row[_SECTION[section]] = 1.0
