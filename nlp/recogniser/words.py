"""Cutting a text for the recogniser: sentences of words, with what stands between them and the skills already known.

SkillSpan's sentences come cut up and without commas; `given` takes them as they are.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.matcher import Match, Matcher
from nlp.sentences import sentences

LONGEST = 200
"""Words of a sentence; what is longer is cut, so that one endless line costs no more than many short ones."""
_LONGEST_WORD = 60
_EDGES = r"\s,;()\[\]{}<>|•·●▪■\"“”:!?/*…"
WORD = re.compile(
    rf"\.(?:NET|Net|net)\b|[^\W_](?:[^{_EDGES}]{{0,{_LONGEST_WORD}}}[^\W_])?(?:\+\+|[+#](?!\w))?|[()•*\-–/|&.]"
)
_NEWLINE, _COMMA = "n", ","
UNKNOWN = "?"
"""The gap before a word of a sentence that came cut up."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """Words with their offsets into the text, the kind of gap before each, and for each whether it opens ("B"), goes on
    ("I"), ends ("L") or makes up ("U") a name of the taxonomy, with the skill's category; "O" is none of it."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    gaps: tuple[str, ...]
    known: tuple[str, ...]


def cut(text: str, matcher: Matcher, matches: Sequence[Match] | None = None) -> Iterator[Sentence]:
    """The sentences of a plain text. `matches` are those of `matcher.find(text)` when the caller has them."""
    matches = matcher.find(text) if matches is None else matches
    firsts = [match.start for match in matches]
    for start, end in sentences(text):
        places = [found.span() for found in WORD.finditer(text, start, end)]
        for at in range(0, len(places), LONGEST):
            some = places[at : at + LONGEST]
            inside = matches[bisect_left(firsts, some[0][0]) : bisect_left(firsts, some[-1][1])]
            before = (places[at - 1][1] if at else start, *(stop for _, stop in some[:-1]))
            gaps = tuple(_gap(text[a:b]) for a, (b, _) in zip(before, some, strict=True))
            words = tuple(text[a:b] for a, b in some)
            starts, ends = (tuple(side) for side in zip(*some, strict=True))
            yield Sentence(words, starts, ends, gaps, _known(starts, ends, inside, matcher))


def given(words: Sequence[str], matcher: Matcher) -> Sentence:
    """A sentence that came cut up: `words` in order, joined by blanks to find what the taxonomy knows."""
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for word in words:
        starts.append(at)
        ends.append(at + len(word))
        at += len(word) + 1
    known = _known(starts, ends, matcher.find(" ".join(words)), matcher)
    return Sentence(tuple(words), tuple(starts), tuple(ends), (UNKNOWN,) * len(words), known)


def _known(starts: Sequence[int], ends: Sequence[int], matches: Sequence[Match], matcher: Matcher) -> tuple[str, ...]:
    known = ["O"] * len(starts)
    for match in matches:
        first, stop = bisect_right(ends, match.start), bisect_left(starts, match.end)
        category = matcher.taxonomy.skills[match.skill].category
        for i in range(first, stop):
            place = "U" if stop - first == 1 else "B" if i == first else "L" if i == stop - 1 else "I"
            known[i] = place + category
    return tuple(known)


def _gap(text: str) -> str:
    if not text:
        return "0"
    if "\n" in text:
        return _NEWLINE
    if "," in text or ";" in text:
        return _COMMA
    return text.strip()[:1] or " "
