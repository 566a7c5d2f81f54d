"""Phrases that postings use like skills and that the taxonomy lacks, so that it follows the market.

What stands in a list beside known skills ("Python, Foo and SQL") is probably one, if it stands in such lists more often
than elsewhere. No model is needed: the taxonomy itself says what a skill's company looks like.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from crawler import readers
from crawler.errors import EmptyError, InputError
from crawler.tables import POSTINGS
from crawler.text import html_to_text
from nlp.matcher import Matcher
from nlp.phrases import Tokens
from nlp.taxonomy import Taxonomy

if TYPE_CHECKING:
    from crawler.store import Store

MAX_WORDS = 4
_KEPT = 400_000  # phrases held at once; the rarest go first
_EXAMPLES = 2
_CONTEXT = 45  # characters of an example on each side of the phrase
_BREAK = re.compile(r"[,;:|()\[\]<>=•·\n\t/&]|\s[-–—*]\s|\.\s|\.$")
_LINE = re.compile(r"\n|\.\s|\.$")
_JOINING = frozenset(
    "and or with in of such as like using including e.g i.e eg ie to for on by the a an is are be via from at plus "
    "other etc strong good both either some any our your their we you will can".split()
)
# What stands in such lists without being a hard skill.
_NEVER = frozenset(
    "communication teamwork leadership experience experiences knowledge skill ability degree bachelor master phd ms bs "
    "computer science engineering year team work company business related field similar equivalent ideally preferred "
    "required more new tool technology technologies framework library language platform concept technique method "
    "understanding expertise background familiarity proficiency plus remote english problem solving creativity "
    "development developer engineer scientist analyst manager product service solution system data model software "
    "application design build develop create".split()
)

# No name of a skill holds one of these.
_TALK = frozenset(
    "experience skill degree engineer developer scientist proficiency knowledge year have has must this that could "
    "almost more most very relevant following various level ability role many your our their companies related".split()
)


@dataclass(frozen=True, slots=True)
class Discovery:
    """A phrase that is used like a skill.

    `postings`: postings that would gain a mention; `beside`: those of them where it stands beside a known skill;
    `score`: how surely it is used like a skill, times the logarithm of how many postings do so; `near`: skills it
    stands beside most; `examples`: the phrase with some text around it.
    """

    phrase: str
    postings: int
    beside: int
    score: float
    near: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    postings: int = 0
    beside: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    contexts: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Item:
    """What stands between two separators: tokens [first, stop), the skill it names, and whether a new line opens it."""

    first: int
    stop: int
    skill: str | None
    opens: bool


def texts(source: Store | Path, warn: Callable[[str], None] = lambda line: None) -> Iterator[str]:
    """The texts of a store's postings, each once, or of a JSON Lines file's `description` (text or HTML).

    `warn` gets a line for each input line that can't be read. Raises EmptyError when there is nothing to read.
    """
    if isinstance(source, Path):
        for row in readers.rows(source):
            if isinstance(row, readers.Broken):
                warn(f"{source}:{row.line}: {row.reason}")
            elif isinstance(description := row[1].get("description"), str):
                yield html_to_text(description)
            else:
                raise InputError(f"{source}:{row[0]}: no description; it must be text or HTML")
        return
    if not source.exists(POSTINGS):
        raise EmptyError(f"no postings in {source.root}: crawl or import some first")
    seen: set[str] = set()
    for batch in source.scan(POSTINGS, ["content_hash", "description"]):
        for content_hash, text in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if content_hash not in seen:
                seen.add(content_hash)
                yield text


def discover(texts: Iterable[str], taxonomy: Taxonomy, *, min_postings: int = 5, limit: int = 50) -> list[Discovery]:
    """Rank the phrases of `texts` that are used like skills but are not in the taxonomy, best first.

    Args:
        texts: plain texts of postings, read once.
        min_postings: fewer postings than this do not make a phrase worth a look.
        limit: how many to return at most.
    """
    matcher = Matcher(taxonomy)
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    for text in texts:
        _read(text, matcher, seen)
        if len(seen) > _KEPT:
            _forget(seen)
    found = [_discovery(taxonomy, one) for one in seen.values() if one.postings >= min_postings and one.beside > 1]
    found.sort(key=lambda one: (-one.score, one.phrase))
    return found[:limit]


def _read(text: str, matcher: Matcher, seen: dict[str, _Seen]) -> None:
    """Count each phrase of one posting once, and whether it stands beside a skill there."""
    tokens = matcher.trie.cut(text)
    items = list(_items(tokens, matcher, text))
    counted: set[str] = set()
    beside: set[str] = set()
    for position, item in enumerate(items):
        if item.skill is not None or not _may_be_skill(tokens, item):
            continue
        key = " ".join(tokens.stems[item.first : item.stop])
        entry = seen[key]
        if key not in counted:
            counted.add(key)
            entry.postings += 1
        start, end = tokens.starts[item.first], tokens.ends[item.stop - 1]
        entry.spellings[text[start:end]] += 1
        neighbours = _neighbours(items, position)
        if not neighbours:
            continue
        entry.near.update(neighbours)
        context = hash(text[max(0, start - _CONTEXT) : end + _CONTEXT])
        if key not in beside and context not in entry.contexts:  # one employer's sentence in fifty ads counts once
            beside.add(key)
            entry.contexts.add(context)
            entry.beside += 1
            if len(entry.examples) < _EXAMPLES:
                entry.examples.append(" ".join(text[max(0, start - _CONTEXT) : end + _CONTEXT].split()))


def _items(tokens: Tokens, matcher: Matcher, text: str) -> Iterator[_Item]:
    matches = matcher.find_in(text, tokens)
    starts = [match.first for match in matches]
    first, opens = 0, True
    for i in range(len(tokens) + 1):
        ends = i == len(tokens) or bool(_BREAK.search(tokens.gaps[i])) or tokens.stems[i] in _JOINING
        if not ends:
            continue
        if first < i:
            at = bisect_left(starts, first)
            inside = at < len(starts) and starts[at] < i
            whole = inside and matches[at].first == first and matches[at].stop == i
            before = at > 0 and matches[at - 1].stop > first
            if whole or not (inside or before):
                yield _Item(first, i, matches[at].skill if whole else None, opens)
            else:
                yield _Item(first, i, "", opens)
            opens = False
        if i < len(tokens):
            opens = opens or bool(_LINE.search(tokens.gaps[i]))
            first = i + 1 if tokens.stems[i] in _JOINING else i


def _neighbours(items: list[_Item], position: int) -> list[str]:
    """The skills right before and right after an item in the same line."""
    found = []
    if position and not items[position].opens and items[position - 1].skill:
        found.append(items[position - 1].skill)
    if position + 1 < len(items) and not items[position + 1].opens and items[position + 1].skill:
        found.append(items[position + 1].skill)
    return [skill for skill in found if skill]


def _may_be_skill(tokens: Tokens, item: _Item) -> bool:
    if item.skill == "" or item.stop - item.first > MAX_WORDS:
        return False
    words = tokens.stems[item.first : item.stop]
    if all(word in _NEVER or word.isdigit() for word in words) or words[0].isdigit() or not _TALK.isdisjoint(words):
        return False
    return len("".join(words)) > 1 and any(character.isalpha() for word in words for character in word)


def _discovery(taxonomy: Taxonomy, one: _Seen) -> Discovery:
    # The share counts twice: a word of every posting stands beside skills often, yet seldom for what it is.
    score = 100 * _at_least(one.beside, one.postings) ** 2 * math.log2(1 + one.beside)
    near = tuple(taxonomy.skills[skill].name for skill, _ in one.near.most_common(3))
    phrase = one.spellings.most_common(1)[0][0]
    return Discovery(" ".join(phrase.split()), one.postings, one.beside, round(score, 1), near, tuple(one.examples))


def _at_least(hits: int, of: int, z: float = 1.645) -> float:
    """The lower end of Wilson's interval for hits/of at 95 % from one side."""
    share, correction = hits / of, z * z / of
    middle = share + correction / 2
    return (middle - z * math.sqrt((share * (1 - share) + correction / 4) / of)) / (1 + correction)


def _forget(seen: dict[str, _Seen]) -> None:
    """Drop what was seen once, so that memory does not grow with the number of postings."""
    for key in [key for key, one in seen.items() if one.postings == 1]:
        del seen[key]
