"""Finding many phrases in one pass: a tokeniser that keeps offsets, and a trie over normalised tokens.

The cost does not depend on the number of phrases: a text is cut once, each token is normalised through a memo, and only
tokens that open a phrase are followed further. Normalising is done token by token, so offsets never need mapping back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

# A run of letters and digits, with the marks that belong to a name (C++, C#, .NET). Underscores separate.
_TOKEN = re.compile(r"([^\W_]+(?:\+\+|\#(?!\w))?|\.(?:NET|Net|net)(?![^\W_]))")
_PARTS = re.compile(
    r"[^\W\d_]*?[a-zß-öø-ÿ](?=[A-ZÀ-Þ])|[A-Z]+(?=[A-Z][a-z]{2})|\d+|[^\W\d_]+(?:\+\+|\#)?|\.\w+|.", re.S
)
_GLUED = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}|[a-z]\d+[A-Z]")
_VERSIONED = re.compile(r"([^\W\d_]{2,}(?:\+\+|\#)?)\d+")
_HYPHENS = frozenset({"", "-", "\u2010", "\u2011", "\u2013", "\u00ad"})
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")
_SUFFIXES = (
    ("isations", "ization"), ("isation", "ization"), ("izations", "ization"), ("ising", "izing"), ("ised", "ized"),
    ("ise", "ize"), ("iser", "izer"), ("ysing", "yzing"), ("ysed", "yzed"), ("yse", "yze"), ("elling", "eling"),
    ("elled", "eled"), ("our", "or"), ("ours", "or"), ("centre", "center"), ("centres", "center"),
    ("programme", "program"),
)  # fmt: skip
_IRREGULAR = {
    "analyses": "analysis",
    "hypotheses": "hypothesis",
    "matrices": "matrix",
    "indices": "index",
    "bases": "basis",
}
_GLUE = "\0"  # the stem of a token that has to be cut further
_MEMO_SIZE = 200_000
_MEMO_TOKEN = 40
_FEW = 64  # openings of a trie up to which a look at the whole text's words is cheaper than one at each token
_GLUED_TOKEN = 80  # characters; longer runs of letters are data (hashes, base64), not words without a blank


def stem(token: str) -> str:
    """The form under which inflections and spellings of a token meet: lower case, singular, American.

    Short names keep their s (AWS, HDFS); an s after capitals goes (LLMs).
    """
    word = token.lower()
    if len(word) > 3 and word[-1] == "s":
        if word in _IRREGULAR:
            word = _IRREGULAR[word]
        elif token[:-1].isupper() and token[-1] == "s":
            return word[:-1]
        elif not (token.isupper() and len(word) < 7) and word[-2] not in "sui":
            word = _singular(word)
    elif len(word) == 3 and token[-1] == "s" and token[:2].isupper():
        return word[:-1]
    if len(word) > 5:
        for ending, other in _SUFFIXES:
            if word.endswith(ending):
                return word[: -len(ending)] + other
    return word


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1]


@dataclass(slots=True)
class Tokens:
    """A text cut into tokens: `gaps[i]` is what stands before token i, `gaps[-1]` what follows the last one."""

    words: list[str]
    stems: list[str]
    gaps: list[str]
    starts: list[int]
    ends: list[int]
    _present: frozenset[str] | None = None

    def __len__(self) -> int:
        return len(self.words)

    def has_any(self, words: Iterable[str]) -> bool:
        """Whether one of these stems stands anywhere in the text."""
        if self._present is None:
            self._present = frozenset(self.stems)
        return not self._present.isdisjoint(words)


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
    children: dict[str, _Node] = field(default_factory=dict)
    gaps: set[str] = field(default_factory=set)
    phrases: list[Phrase] = field(default_factory=list)


class _Stems(dict[str, str]):
    """Token to stem, kept because texts repeat their words; bounded, so that odd texts cannot fill the memory."""

    def __init__(self, known: set[str], glue: frozenset[str], openers: frozenset[str]) -> None:
        super().__init__()
        self._known = known
        self._glue = glue
        self._openers = openers

    def __missing__(self, token: str) -> str:
        found = self._stem(token)
        if len(token) <= _MEMO_TOKEN:
            if len(self) >= _MEMO_SIZE:
                self.clear()
            self[token] = found
        return found

    def _stem(self, token: str) -> str:
        plain = stem(token)
        if plain in self._known or len(token) > _GLUED_TOKEN:
            return plain
        if (version := _VERSIONED.fullmatch(token)) and stem(version[1]) in self._known:
            return stem(version[1])
        return _GLUE if self._glue and _GLUED.search(token) and self._is_glued(token) else plain

    def _is_glued(self, token: str) -> bool:
        """Whether some part is an ordinary word and another one may open or go on a phrase ("LinkedIn" is one word)."""
        parts = [stem(part) for part in _pieces(token, self._known)]
        if not self._openers.isdisjoint(parts):
            return True
        words = sum(part in self._glue for part in parts)
        return words > 1 or (words == 1 and any(part in self._known and part not in self._glue for part in parts))


class Trie:
    """Phrases compiled for one pass over a text.

    `glue` are ordinary words that may stand against a phrase without a blank ("PythonExperience"); with none, tokens
    are never cut. `openers` among them show by themselves that a token is glued ("businessQualifications").
    """

    def __init__(self, phrases: Iterable[Phrase], glue: Iterable[str] = (), openers: Iterable[str] = ()) -> None:
        self._root = _Node()
        self.glue = frozenset(stem(word) for word in glue)
        self._known: set[str] = set()
        self._single: set[str] = set()
        for phrase in phrases:
            self._insert(phrase)
        self._opening = {word: bool(node.phrases) for word, node in self._root.children.items()}
        self._stems = _Stems(self._known, self.glue, frozenset(stem(word) for word in openers))

    def _insert(self, phrase: Phrase) -> None:
        words, gaps, _ = _cut(phrase.text)
        if not words:
            return
        self._add(phrase, words, gaps)
        for i in range(len(words) - 1):  # "time series" is written "timeseries" too, "Node.js" "NodeJS"
            joined = words[i] + words[i + 1]
            if len(joined) > (3 if phrase.cased or "/" in gaps[i + 1] else 5) and joined.isalnum():
                self._add(phrase, [*words[:i], joined, *words[i + 2 :]], [*gaps[: i + 1], *gaps[i + 2 :]])

    def _add(self, phrase: Phrase, words: list[str], gaps: list[str]) -> None:
        node = self._root
        for word, gap in zip(words, gaps, strict=False):
            self._known.add(stem(word))
            if node is not self._root:
                node.gaps.add(gap.translate(_APOSTROPHES).strip())
            node = node.children.setdefault(stem(word), _Node())
        if len(words) == 1:
            self._single.add(stem(words[0]))
        node.phrases.append(Phrase(phrase.text, phrase.value, phrase.cased, phrase.exact, tuple(words)))
        node.phrases.sort(key=lambda one: (not one.cased, not one.exact))

    def keep_whole(self, phrases: Iterable[str]) -> None:
        """Words that are never cut into parts, because somebody looks for them as they are ("LinkedIn")."""
        self._known.update(stem(word) for phrase in phrases for word in _cut(phrase)[0])

    def cut(self, text: str) -> Tokens:
        """Tokenise a text for this trie: cost linear in its length."""
        words, gaps, ends = _cut(text)
        starts = ends[0::2][: len(words)]
        stems = list(map(self._stems.__getitem__, words))
        tokens = Tokens(words, stems, gaps, starts, ends[1::2])
        return self._unglue(tokens) if _GLUE in stems else tokens

    def _unglue(self, old: Tokens) -> Tokens:
        """The same tokens with the glued ones cut up; what stands between them is copied in one go."""
        new, done = Tokens([], [], [], [], []), 0
        for i in [*(i for i, plain in enumerate(old.stems) if plain == _GLUE), len(old.words)]:
            new.words += old.words[done:i]
            new.stems += old.stems[done:i]
            new.gaps += old.gaps[done : i + 1]
            new.starts += old.starts[done:i]
            new.ends += old.ends[done:i]
            done = i + 1
            if i == len(old.words):
                break
            at, pieces = old.starts[i], _pieces(old.words[i], self._single)
            new.words += pieces
            new.stems += map(self._piece_stem, pieces)
            new.gaps += [""] * (len(pieces) - 1)
            for piece in pieces:
                new.starts.append(at)
                at += len(piece)
                new.ends.append(at)
        return new

    def _piece_stem(self, part: str) -> str:
        found = self._stems[part]
        return stem(part) if found == _GLUE else found

    def at(self, tokens: Tokens, i: int) -> list[tuple[int, Phrase]]:
        """Every phrase that opens at token i, as (token after its last one, phrase), the longest last."""
        found: list[tuple[int, Phrase]] = []
        stems, size, node, j = tokens.stems, len(tokens.stems), self._root, i
        while True:
            child = node.children.get(stems[j])
            if child is None or (j > i and not _joins(tokens.gaps[j], node.gaps)):
                return found
            node, j = child, j + 1
            if node.phrases:
                phrase = next((one for one in node.phrases if _same(one, tokens.words[i:j])), None)
                if phrase is not None:
                    found.append((j, phrase))
            if j == size or not node.children:
                return found

    def is_phrase(self, word: str) -> bool:
        """Whether a stem is a phrase by itself."""
        return word in self._single

    def openings(self, tokens: Tokens, first: int = 0, stop: int | None = None) -> list[int]:
        """The tokens from `first` to `stop` that may open a phrase."""
        opening = self._opening
        if len(opening) < _FEW and not tokens.has_any(opening):
            return []
        words = tokens.stems[first:stop] if first or stop is not None else tokens.stems
        found = [i for i, word in enumerate(words, first) if word in opening]
        if len(found) < 8:
            return found
        # Most tokens that open a phrase are not followed by its second word; seeing that here spares a call each.
        children, stems, last = self._root.children, tokens.stems, len(tokens.stems) - 1
        return [i for i in found if opening[stems[i]] or (i < last and stems[i + 1] in children[stems[i]].children)]


def _cut(text: str) -> tuple[list[str], list[str], list[int]]:
    """Words, gaps and the end of every piece: gap 0, word 0, gap 1, …"""
    pieces = _TOKEN.split(text)
    return pieces[1::2], pieces[0::2], list(accumulate(map(len, pieces)))


def _pieces(token: str, names: set[str]) -> list[str]:
    """The words that a token was glued from; up to four parts that are a name together ("TypeScript") stay whole."""
    parts, found, i = _PARTS.findall(token), [], 0
    while i < len(parts):
        ends = range(min(len(parts), i + 4), i + 1, -1)
        j = next((j for j in ends if stem("".join(parts[i:j])) in names), i + 1)
        found.append("".join(parts[i:j]))
        i = j
    return found


def _joins(gap: str, allowed: set[str]) -> bool:
    """Whether two tokens with this between them can belong to one phrase."""
    if gap == " ":
        return True
    if len(gap) > 24:
        return False
    mark = gap.strip()
    if mark in _HYPHENS:
        return gap.count("\n") < 2 and (not mark or gap[0] == mark)
    return mark.translate(_APOSTROPHES) in allowed and "\n" not in gap


def _same(phrase: Phrase, words: Sequence[str]) -> bool:
    if phrase.cased:
        last = len(words) - 1
        return all(
            a == b or (i == last and a == b + "s") or (a.startswith(b) and a[len(b) :].isdigit())
            for i, (a, b) in enumerate(zip(words, phrase.words, strict=True))
        )
    if phrase.exact:
        return all(a.lower() == b.lower() for a, b in zip(words, phrase.words, strict=True))
    return True
