"""Phrases that postings use like skills and that the taxonomy lacks, so that it follows the market.

Two kinds of evidence. What stands in a list beside known skills ("Python, Foo and SQL") is probably one, if it stands
in such lists more often than elsewhere: the taxonomy itself says what a skill's company looks like. And the recogniser
(nlp.recogniser) marks phrases in running text, by the words they are made of and the words around them.
"""

from __future__ import annotations

import math
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
from nlp.candidates import Item, items, may_be_skill, neighbours
from nlp.matcher import Matcher
from nlp.recogniser.model import Phrase, Recogniser
from nlp.recogniser.words import Sentence, cut
from nlp.taxonomy import Taxonomy
from nlp.tokens import Tokens

if TYPE_CHECKING:
    from crawler.store import Store

_KEPT = 400_000  # phrases held at once; the rarest go first
_BATCH = 64
_EXAMPLES = 2
_CONTEXT = 45  # characters of an example on each side of the phrase


@dataclass(frozen=True, slots=True)
class Discovery:
    """A phrase that is used like a skill.

    `postings`: postings that would gain a mention; `beside`: those of them where it stands beside a known skill;
    `marked`: those where the recogniser takes it for a skill, 0 without one; `score`: how surely it is used like a
    skill, times the logarithm of how many postings do so; `near`: skills it stands beside most; `examples`: the phrase
    with some text around it.
    """

    phrase: str
    postings: int
    beside: int
    marked: int
    score: float
    near: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(slots=True)
class _Seen:
    postings: int = 0
    beside: int = 0
    marked: int = 0
    spellings: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    contexts: set[int] = field(default_factory=set)
    marked_contexts: set[int] = field(default_factory=set)


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


def discover(
    texts: Iterable[str],
    taxonomy: Taxonomy,
    *,
    recogniser: Recogniser | None = None,
    min_postings: int = 5,
    limit: int = 50,
) -> list[Discovery]:
    """Rank the phrases of `texts` that are used like skills but are not in the taxonomy, best first.

    Args:
        texts: plain texts of postings, read once.
        recogniser: marks phrases in running text as well (`nlp.recogniser.model.load()`); None goes by lists alone.
        min_postings: fewer postings than this do not make a phrase worth a look.
        limit: how many to return at most.
    """
    matcher = Matcher(taxonomy)
    seen: defaultdict[str, _Seen] = defaultdict(_Seen)
    for some in _batches(texts):
        postings = [_Posting(text, matcher, seen) for text in some]
        for posting in postings:
            posting.read_lists()
        if recogniser is not None:
            for posting, phrases in zip(postings, recogniser.phrases_of([p.cut() for p in postings]), strict=True):
                posting.read_marks(phrases)
        if len(seen) > _KEPT:
            _forget(seen)
    # Names that a rule passed over where they stand ("hive") are known all the same.
    names = {_key(matcher.trie.cut(name)) for skill in taxonomy.skills.values() for name in skill.surfaces}
    enough = [
        one
        for key, one in seen.items()
        if one.postings >= min_postings and max(one.beside, one.marked) > 1 and key not in names
    ]
    found = [_discovery(taxonomy, one, recogniser is not None) for one in enough]
    found.sort(key=lambda one: (-one.score, one.phrase))
    return found[:limit]


def _key(tokens: Tokens, first: int = 0, stop: int | None = None) -> str:
    return " ".join(tokens.stems[first:stop])


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    waiting: list[str] = []
    for text in texts:
        waiting.append(text)
        if len(waiting) == _BATCH:
            yield waiting
            waiting = []
    yield waiting


class _Posting:
    """One posting on its way into what was seen: each phrase of it counts once."""

    def __init__(self, text: str, matcher: Matcher, seen: dict[str, _Seen]) -> None:
        self._text, self._matcher, self._seen = text, matcher, seen
        self._tokens = matcher.trie.cut(text)
        self._matches = matcher.find_in(text, self._tokens)
        self._counted: set[str] = set()

    def cut(self) -> list[Sentence]:
        """Its sentences as the recogniser reads them."""
        return list(cut(self._text, self._matcher, self._matches))

    def read_lists(self) -> None:
        """Count its phrases between separators, and those beside a known skill."""
        found = list(items(self._tokens, self._matches))
        beside: set[str] = set()
        for position, item in enumerate(found):
            if item.skill is None and may_be_skill(self._tokens, item):
                key, entry = self._enter(item)
                if near := neighbours(found, position):
                    entry.near.update(near)
                    if key not in beside and self._is_new(item, entry.contexts):
                        beside.add(key)
                        entry.beside += 1
                        self._quote(item, entry)

    def read_marks(self, phrases: Iterable[Phrase]) -> None:
        """Count the phrases that the recogniser marked in it, unless the taxonomy has a part of them."""
        tokens = self._tokens
        known = {i for match in self._matches for i in range(match.first, match.stop)}
        marked: set[str] = set()
        for phrase in phrases:
            first, stop = bisect_left(tokens.starts, phrase.start), bisect_left(tokens.starts, phrase.end)
            item = Item(first, stop, None, False)
            if first < stop and known.isdisjoint(range(first, stop)) and may_be_skill(tokens, item):
                key, entry = self._enter(item)
                if key not in marked and self._is_new(item, entry.marked_contexts):
                    marked.add(key)
                    entry.marked += 1
                    self._quote(item, entry)

    def _enter(self, item: Item) -> tuple[str, _Seen]:
        key = _key(self._tokens, item.first, item.stop)
        entry = self._seen[key]
        entry.spellings[self._cut(item, 0)] += 1
        if key not in self._counted:
            self._counted.add(key)
            entry.postings += 1
        return key, entry

    def _is_new(self, item: Item, contexts: set[int]) -> bool:
        """Whether these words around a phrase are new: one employer's sentence in fifty ads counts once."""
        context = hash(self._cut(item, _CONTEXT))
        if context in contexts:
            return False
        contexts.add(context)
        return True

    def _quote(self, item: Item, entry: _Seen) -> None:
        if len(entry.examples) < _EXAMPLES:
            entry.examples.append(" ".join(self._cut(item, _CONTEXT).split()))

    def _cut(self, item: Item, around: int) -> str:
        start, end = self._tokens.starts[item.first], self._tokens.ends[item.stop - 1]
        return self._text[max(0, start - around) : end + around]


def _discovery(taxonomy: Taxonomy, one: _Seen, with_marks: bool) -> Discovery:
    # The share counts twice: a word of every posting stands beside skills often, yet seldom for what it is.
    hits = one.marked if with_marks else one.beside
    score = 100 * _at_least(hits, one.postings) ** 2 * math.log2(1 + hits)
    near = tuple(taxonomy.skills[skill].name for skill, _ in one.near.most_common(3))
    phrase = " ".join(one.spellings.most_common(1)[0][0].split())
    return Discovery(phrase, one.postings, one.beside, one.marked, round(score, 1), near, tuple(one.examples))


def _at_least(hits: int, of: int, z: float = 1.645) -> float:
    """The lower end of Wilson's interval for hits/of at 95 % from one side."""
    share, correction = hits / of, z * z / of
    middle = share + correction / 2
    return (middle - z * math.sqrt((share * (1 - share) + correction / 4) / of)) / (1 + correction)


def _forget(seen: dict[str, _Seen]) -> None:
    """Drop what was seen once, so that memory does not grow with the number of postings."""
    for key in [key for key, one in seen.items() if one.postings == 1]:
        del seen[key]
