"""Finding many phrases in one pass over a text: a trie over normalised tokens.

The cost does not depend on the number of phrases: a text is cut once, and only tokens that open a phrase are followed
further.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.tokens import GLUE, Stems, Tokens, parts, split, stem

_HYPHENS = frozenset({"", "-", "\u2010", "\u2011", "\u2013", "\u00ad"})
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
_FEW = 64  # openings of a trie up to which a look at the whole text's words is cheaper than one at each token
_MEMO_SIZE = 50_000


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a trie: its words as written, what it stands for, and how strictly it is compared.

    `cased` compares every word as written (a plural s apart); `exact` compares in any case but without inflection.
    """

    text: str
    value: str
    cased: bool = False
    exact: bool = False
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class _Node:
    """`phrases` end here, the strictest first; `plain` is the first of them when it holds however it is written."""

    children: dict[str, _Node] = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)
    phrases: list[Phrase] = field(default_factory=list)
    plain: Phrase | None = None

    def add(self, phrase: Phrase) -> None:
        self.phrases.append(phrase)
        self.phrases.sort(key=lambda one: (not one.cased, not one.exact))
        first = self.phrases[0]
        self.plain = None if first.cased or first.exact else first


class Trie:
    """Phrases compiled for one pass over a text.

    `glue` are ordinary words that may stand against a phrase without a blank ("PythonExperience"); with none, tokens
    are never cut. `openers` among them show by themselves that a token is glued ("businessQualifications").
    """

    def __init__(self, phrases: Iterable[Phrase], glue: Iterable[str] = (), openers: Iterable[str] = ()) -> None:
        root = _Node()
        self.glue = frozenset(stem(word) for word in glue)
        self._known: set[str] = set()
        self._single: set[str] = set()
        for phrase in phrases:
            self._insert(root, phrase)
        self._root = root.children
        # What opens a phrase: None for a phrase by itself, else the words of which one must follow.
        self._seconds = {word: None if node.phrases else frozenset(node.children) for word, node in self._root.items()}
        self._openings = frozenset(self._root)
        self._stems = Stems(self._known, self.glue, frozenset(stem(word) for word in openers))
        self._cuts: dict[str, tuple[list[str], list[str]]] = {}

    def _insert(self, root: _Node, phrase: Phrase) -> None:
        words, gaps, _ = split(phrase.text)
        if not words:
            return
        self._add(root, phrase, words, gaps)
        for i in range(len(words) - 1):  # "time series" is written "timeseries" too, "Node.js" "NodeJS"
            joined = words[i] + words[i + 1]
            if len(joined) > (3 if phrase.cased or "/" in gaps[i + 1] else 5) and joined.isalnum():
                self._add(root, phrase, [*words[:i], joined, *words[i + 2 :]], [*gaps[: i + 1], *gaps[i + 2 :]])

    def _add(self, root: _Node, phrase: Phrase, words: list[str], gaps: list[str]) -> None:
        node = root
        for word, gap in zip(words, gaps, strict=False):
            self._known.add(stem(word))
            if node is not root:
                node.gaps.add(gap.translate(_APOSTROPHES).strip())
            node = node.children.setdefault(stem(word), _Node())
        if len(words) == 1:
            self._single.add(stem(words[0]))
        node.add(Phrase(phrase.text, phrase.value, phrase.cased, phrase.exact, tuple(words)))

    def keep_whole(self, phrases: Iterable[str]) -> None:
        """Words that are never cut into parts, because somebody looks for them as they are ("LinkedIn")."""
        self._known.update(stem(word) for phrase in phrases for word in split(phrase)[0])

    def cut(self, text: str) -> Tokens:
        """Tokenise a text for this trie: cost linear in its length."""
        words, gaps, ends = split(text)
        starts = ends[0::2][: len(words)]
        stems = list(map(self._stems.__getitem__, words))
        tokens = Tokens(words, stems, gaps, starts, ends[1::2])
        return self._unglue(tokens) if GLUE in stems else tokens

    def _unglue(self, old: Tokens) -> Tokens:
        """The same tokens with the glued ones cut up; what stands between them is copied in one go."""
        new, done = Tokens([], [], [], [], []), 0
        for i in [*(i for i, plain in enumerate(old.stems) if plain == GLUE), len(old.words)]:
            new.words += old.words[done:i]
            new.stems += old.stems[done:i]
            new.gaps += old.gaps[done : i + 1]
            new.starts += old.starts[done:i]
            new.ends += old.ends[done:i]
            done = i + 1
            if i == len(old.words):
                break
            at, (pieces, stems) = old.starts[i], self._parts(old.words[i])
            new.words += pieces
            new.stems += stems
            new.gaps += [""] * (len(pieces) - 1)
            for piece in pieces:
                new.starts.append(at)
                at += len(piece)
                new.ends.append(at)
        return new

    def _parts(self, token: str) -> tuple[list[str], list[str]]:
        """The words that a token was glued from, and their stems."""
        found = self._cuts.get(token)
        if found is None:
            pieces = parts(token, self._single)
            found = pieces, [self._stems.whole(piece) for piece in pieces]
            if len(self._cuts) >= _MEMO_SIZE:
                self._cuts.clear()
            self._cuts[token] = found
        return found

    def at(self, tokens: Tokens, i: int) -> list[tuple[int, Phrase]]:
        """Every phrase that opens at token i, as (token after its last one, phrase), the longest last."""
        found: list[tuple[int, Phrase]] = []
        stems, gaps, size = tokens.stems, tokens.gaps, len(tokens.stems)
        node, j = self._root.get(stems[i]), i + 1
        while node is not None:
            if node.phrases:
                phrase = node.plain or _written(node.phrases, tuple(tokens.words[i:j]))
                if phrase is not None:
                    found.append((j, phrase))
            if j == size or (child := node.children.get(stems[j])) is None:
                break
            if gaps[j] != " " and not _joins(gaps[j], node.gaps):
                break
            node, j = child, j + 1
        return found

    def is_phrase(self, word: str) -> bool:
        """Whether a stem is a phrase by itself."""
        return word in self._single

    def openings(self, tokens: Tokens, first: int = 0, stop: int | None = None) -> list[int]:
        """The tokens from `first` to `stop` that may open a phrase."""
        if stop is not None:
            words = tokens.stems[first:stop]
            if self._openings.isdisjoint(words):
                return []
        elif len(self._openings) < _FEW and not tokens.has_any(self._openings):
            return []
        else:
            words = tokens.stems[first:] if first else tokens.stems
        # Most tokens that open a phrase are not followed by its second word; seeing that here spares a call each.
        seconds, following, last = self._seconds, tokens.stems, len(tokens.stems) - 1
        return [
            i
            for i, word in enumerate(words, first)
            if word in seconds and ((after := seconds[word]) is None or (i < last and following[i + 1] in after))
        ]


def _joins(gap: str, allowed: set[str]) -> bool:
    """Whether two tokens with this between them can belong to one phrase."""
    if len(gap) > 24:
        return False
    mark = gap.strip()
    if mark in _HYPHENS:
        return gap.count("\n") < 2 and (not mark or gap[0] == mark)
    return mark.translate(_APOSTROPHES) in allowed and "\n" not in gap


def _written(phrases: Sequence[Phrase], words: tuple[str, ...]) -> Phrase | None:
    """The first phrase that is written like these words."""
    for phrase in phrases:
        if words == phrase.words or _same(phrase, words):
            return phrase
    return None


def _same(phrase: Phrase, words: tuple[str, ...]) -> bool:
    """Whether words that are not written exactly like a phrase's count as its own."""
    if phrase.exact and not phrase.cased:
        return [a.lower() for a in words] == [b.lower() for b in phrase.words]
    if phrase.cased:
        last = len(words) - 1
        for i, (a, b) in enumerate(zip(words, phrase.words, strict=True)):
            if a != b and not (a.startswith(b) and (a[len(b) :].isdigit() or (i == last and a == b + "s"))):
                return False
    return True
