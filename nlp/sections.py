"""Where the sections of a posting begin, and what stands in them: duties, requirements, wishes, the employer, benefits.

Headings are recognised as lines of their own, before a colon, and inside a text that has lost its line breaks; the
phrases (English, German, French, Dutch, Spanish) are data: nlp/data/rules/sections.toml.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from nlp.phrases import Phrase, Trie
from nlp.rules import load_rules
from nlp.tokens import Tokens, stem

INTRO = "intro"
"""The kind of what stands before the first heading."""

_LINE_TOKENS = 11
_COLON_TOKENS = 9
_LINE_COLON_TOKENS = 18  # before a colon that ends its line
_STRANGERS = 3  # words of a colon heading that no rule knows: "Competences that are considered as an additional asset:"
_TOLD, _TOLD_STRANGERS = ("about", "benefits", "closing"), 1  # "Analyses that the team works with:" is none of these
_WISH_STRANGERS = 8  # "Experience with any of the following would be considered a plus:"
_ENDING = re.compile(r"[.!?;:•·●▪■◦*>|)\n\ufffd]|\s[-–—]\s|\s\s")
_JOINERS = frozenset({"and", "or", "und", "et", "en", "y", "of", "the", "for"})
_VALUE = re.compile(r"\s*:[ \t]*\S")
_SENTENCE = re.compile(r"[.!?]\s|\n")
_BULLETS = ("-", "–", "•", "·", "●", "▪")
_ONE_WORD = ("preferred", "required", "duties")  # kinds that one capitalised word in a running text can open
_BUTTONS = 0.2  # the first part of a page, in which "Apply" and "Contact" are buttons
_PAGE = 600  # characters
_OPENING = 80  # characters of a text by which its second copy is known
_OF_THE_JOB = frozenset({"role", "position", "job", "opportunity"})
_MEMO_SIZE = 50_000


@dataclass(frozen=True, slots=True)
class Section:
    """From `start` (where its heading begins) to the next section's; `heading_end` is where its content begins."""

    start: int
    heading_end: int
    kind: str


class Sections:
    """The heading phrases compiled."""

    def __init__(self) -> None:
        rules = load_rules("sections")
        self._rank = {kind: rank for rank, kind in enumerate(rules["order"])}
        self._trie = Trie(Phrase(text, kind) for kind, table in rules["kinds"].items() for text in table["phrases"])
        self._fillers = frozenset(stem(word) for word in rules["fillers"])
        self._data = frozenset(rules["data"]["lines"])
        self._wishes = frozenset(rules["wishes"]["lines"])
        self._demands: tuple[str, ...] = tuple(rules["wishes"]["demands"])
        self._weak = frozenset(rules["weak"])
        self._memo: dict[str, tuple[str, int] | None] = {}

    def find(self, text: str, tokens: Tokens) -> list[Section]:
        """The sections in order; the first begins at 0 and is the intro unless a heading stands there."""
        sections = [Section(0, 0, INTRO)]
        start_of_closing = _BUTTONS * len(text) if len(text) > _PAGE else 0
        for first, stop, kind in self._headings(tokens):
            start, end = tokens.starts[first], tokens.ends[stop - 1]
            if start < sections[-1].heading_end or (kind == "closing" and end < start_of_closing):
                continue
            if sections[-1].kind == "preferred" and kind == "required" and self._continues(tokens, first, stop):
                continue
            if kind == "meta" or self._is_data(text, tokens, first, stop):
                line = _SENTENCE.search(text, end)
                after = line.start() if line else len(text)
                sections += [Section(start, end, "meta"), Section(after, end, sections[-1].kind)]
            elif self._is_wish(text, tokens, first) and (after := text.find("\n", end)) > 0:
                end = tokens.ends[first]
                sections += [Section(start, end, kind), Section(after, end, sections[-1].kind)]
            else:
                sections.append(Section(start, end, kind))
        _open_again(text, sections)
        if any(section.kind == "required" for section in sections):
            return sections
        return [self._demanded(text, section) for section in sections]

    def _demanded(self, text: str, section: Section) -> Section:
        """A section of a posting that has none of requirements: "Desired skills" are what it requires."""
        heading = text[section.start : section.heading_end].lower() if section.kind == "preferred" else ""
        if any(word in heading for word in self._demands):
            return Section(section.start, section.heading_end, "required")
        return section

    def _is_data(self, text: str, tokens: Tokens, first: int, stop: int) -> bool:
        """Whether a heading is the name of a value on its own line ("Company: Acme")."""
        words = " ".join(word.lower() for word in tokens.words[first:stop])
        return words in self._data and _VALUE.match(text, tokens.ends[stop - 1]) is not None

    def _is_wish(self, text: str, tokens: Tokens, first: int) -> bool:
        """Whether a heading is one bullet among others ("Bonus: Scala")."""
        word = tokens.words[first].lower()
        return word in self._wishes and _VALUE.match(text, tokens.ends[first]) is not None

    def _continues(self, tokens: Tokens, first: int, stop: int) -> bool:
        """Whether a heading only orders what stands under the one before it: "Experience with:" among the wishes does,
        "Knowledge, Skills, Capabilities:" does not."""
        i, weak, others = first, 0, 0
        while i < stop:
            inside = [(j, one) for j, one in self._trie.at(tokens, i) if j <= stop]
            if not inside:
                others += tokens.stems[i] not in _JOINERS
            elif inside[-1][1].text in self._weak:
                weak += 1
            elif inside[-1][1].value == "required":
                return False
            i = inside[-1][0] if inside else i + 1
        return weak < 2 or others > 0

    def _headings(self, tokens: Tokens) -> Iterator[tuple[int, int, str]]:
        """Headings as (first token, token after the last, kind), in order, perhaps overlapping."""
        marked = [i for i, gap in enumerate(tokens.gaps) if gap != " " and i]  # most gaps are one blank
        found = [*self._colons(tokens, marked), *self._lines(tokens, marked), *self._inline(tokens)]
        return iter(sorted(found, key=lambda one: (one[0], -one[1])))

    def _lines(self, tokens: Tokens, marked: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        gaps = tokens.gaps
        breaks = [0, *(i for i in marked if "\n" in gaps[i])]
        if breaks[-1] != len(tokens):
            breaks.append(len(tokens))
        for first, stop in pairwise(breaks):
            if 0 < stop - first <= _LINE_TOKENS and not _is_sentence(tokens, first, stop):
                said = self._classify(tokens, first, stop)
                if said and said[1] <= (
                    1 if said[0] == "preferred" and self._capitals(tokens, first, stop) == first else 0
                ):
                    yield first, stop, said[0]

    def _colons(self, tokens: Tokens, marked: Sequence[int]) -> Iterator[tuple[int, int, str]]:
        gaps = tokens.gaps
        for stop in [i for i in marked if ":" in gaps[i] or "：" in gaps[i]]:
            gap = tokens.gaps[stop].lstrip(" )*_?!”\"'…")
            if not gap.startswith((":", "：")) or gap.startswith("://"):
                continue
            ends_line = "\n" in gap
            first = _clause_start(tokens, stop, _LINE_COLON_TOKENS if ends_line else _COLON_TOKENS)
            found = [
                (said[1], start, said[0])
                for start in range(first, stop)
                if tokens.words[start][0].isupper() or (start == first and "\n" in tokens.gaps[start])
                if (said := self._classify(tokens, start, stop))
            ]
            if found:
                strangers, start, kind = min(found)
                most = _TOLD_STRANGERS if kind in _TOLD else _STRANGERS
                if strangers <= (_WISH_STRANGERS if ends_line and kind == "preferred" else most):
                    yield start, stop, kind

    def _capitals(self, tokens: Tokens, first: int, stop: int) -> int:
        """The first token of the capitalised words before a colon: a heading in a text without line breaks."""
        start = stop
        for i in range(stop - 1, first - 1, -1):
            if tokens.words[i][0].isupper():
                start = i
            elif tokens.stems[i] not in self._fillers:
                break
        return start

    def _inline(self, tokens: Tokens) -> Iterator[tuple[int, int, str]]:
        """Headings in a running text: a capital after an end, and one after them ("apply. Job description Build")."""
        for first in self._trie.openings(tokens):
            if not tokens.words[first][0].isupper():
                continue
            gap = tokens.gaps[first]
            breaks = not first or gap in ("", ",") or (gap != " " and _ENDING.search(gap) is not None)
            if not breaks and (gap != " " or not tokens.words[first - 1][0].islower()):
                continue  # no title: see `_is_title`
            for stop, kind in reversed(self._extents(tokens, first)):
                if stop == len(tokens) or not _is_followed(tokens, stop):
                    continue
                if self._opens(tokens, first, stop, kind) if breaks else _is_title(tokens, first, stop, kind):
                    yield first, stop, kind
                    break

    def _extents(self, tokens: Tokens, first: int) -> list[tuple[int, str]]:
        """Ends and kinds of the headings that may open at a token, going on over "and" ("Basic Skills and Tools")."""
        found = [(stop, phrase.value) for stop, phrase in self._trie.at(tokens, first)]
        while found and len(found) < _LINE_TOKENS:
            stop, kind = found[-1]
            if stop < len(tokens) and tokens.stems[stop] in _JOINERS:
                stop += 1
            more = self._trie.at(tokens, stop) if stop < len(tokens) and tokens.words[stop][0].isupper() else []
            if not more or tokens.gaps[stop].strip() not in ("", "/", "&", ",") or "\n" in tokens.gaps[stop]:
                break
            found.append((more[-1][0], min(kind, more[-1][1].value, key=lambda one: self._rank[one])))
        return found

    def _opens(self, tokens: Tokens, first: int, stop: int, kind: str) -> bool:
        after = tokens.gaps[stop]
        mark = after.strip()
        glued = not after or not tokens.gaps[first]
        if stop - first == 1 and kind not in _ONE_WORD and tokens.words[first] != "About":
            return glued or mark in _BULLETS
        return glued or not mark or mark in _BULLETS or mark in ("?", "!")

    def _classify(self, tokens: Tokens, first: int, stop: int) -> tuple[str, int] | None:
        """The kind of a heading and how many of its words are neither phrase nor filler; None when it is no heading."""
        key = " ".join(tokens.words[first:stop]).lower()
        try:
            return self._memo[key]
        except KeyError:
            if len(self._memo) >= _MEMO_SIZE:
                self._memo.clear()
            return self._memo.setdefault(key, self._read(tokens, first, stop))

    def _read(self, tokens: Tokens, first: int, stop: int) -> tuple[str, int] | None:
        covered: set[int] = set()
        kinds: list[str] = []
        i = first
        while i < stop:
            inside = [(j, one) for j, one in self._trie.at(tokens, i) if j <= stop]
            if inside:
                kinds.append(inside[-1][1].value)
                covered.update(range(i, inside[-1][0]))
                i = inside[-1][0]
            else:
                i += 1
        if not kinds:
            return ("benefits", 0) if tokens.stems[first] == "why" and stop - first <= 5 else None  # "Why Acme?"
        strangers = sum(i not in covered and tokens.stems[i] not in self._fillers for i in range(first, stop))
        if tokens.stems[first] == "about" and kinds[0] == "about":
            if not _OF_THE_JOB.isdisjoint(tokens.stems[first:stop]):  # "About our Senior Analyst Role"
                return ("duties", 0)
            return ("about", 0 if stop - first <= 6 else strangers)  # "About Acme Robotics"
        return (min(kinds, key=lambda kind: self._rank[kind]), strangers)


def _open_again(text: str, sections: list[Section]) -> None:
    """Put an intro where a text that stands twice in the posting begins anew: no section reaches into the second."""
    again = text.find(text[:_OPENING], _OPENING) if len(text) > _PAGE else -1
    i = bisect_left(sections, again, key=attrgetter("start"))
    if again > 0 and i and (i == len(sections) or sections[i].start > again):
        sections.insert(i, Section(again, again, INTRO))


def _is_followed(tokens: Tokens, stop: int) -> bool:
    """Whether what stands after a heading opens like a text of its own."""
    word = tokens.words[stop]
    return word[0].isupper() or word[0].isdigit() or tokens.gaps[stop].strip() in _BULLETS


def _is_title(tokens: Tokens, first: int, stop: int, kind: str) -> bool:
    """Whether a heading shows by its capitals alone in a text without breaks ("growth Preferred Qualifications A").

    That a blank and a word in lower case stand before it is known.
    """
    words = tokens.words[first:stop]
    return (
        stop - first > 1
        and kind in _ONE_WORD
        and tokens.gaps[stop].isspace()
        and all(word[0].isupper() or word in _JOINERS for word in words)
    )


def _clause_start(tokens: Tokens, stop: int, limit: int) -> int:
    """The first token of the words before a colon, at most `limit` of them."""
    first = stop - 1
    while first > 0 and stop - first < limit and tokens.gaps[first] and not _ENDING.search(tokens.gaps[first]):
        first -= 1
    return first


def _is_sentence(tokens: Tokens, first: int, stop: int) -> bool:
    """Whether a line ends like a sentence or opens in the middle of one."""
    end = tokens.gaps[stop].lstrip()[:1]
    return end in (".", ",", ";") or (
        tokens.words[first][0].islower() and not tokens.gaps[stop].lstrip().startswith(":")
    )
