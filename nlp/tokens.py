"""Cutting a text into tokens that keep their offsets, and the stems under which the spellings of a word meet.

Normalising is done token by token through a memo, so offsets never need mapping back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass
from itertools import accumulate

# A run of letters and digits, with the marks that belong to a name (C++, C#, .NET). Underscores separate.
_TOKEN = re.compile(r"([^\W_]++(?:\+\+|\#(?!\w))?+|\.(?:NET|Net|net)(?![^\W_]))")
_PARTS = re.compile(
    r"[^\W\d_]*?[a-zß-öø-ÿ](?=[A-ZÀ-Þ])|[A-Z]+(?=[A-Z][a-z]{2})|\d+|[^\W\d_]+(?:\+\+|\#)?|\.\w+|.", re.S
)
_GLUED = re.compile(r"[a-z][A-Z]|[A-Z]{2}[a-z]{2}|[a-z]\d+[A-Z]")
_VERSIONED = re.compile(r"([^\W\d_]{2,}(?:\+\+|\#)?)\d+")
_SUFFIXES = (
    ("isations", "ization"), ("isation", "ization"), ("izations", "ization"), ("ising", "izing"), ("ised", "ized"),
    ("ise", "ize"), ("iser", "izer"), ("ysing", "yzing"), ("ysed", "yzed"), ("yse", "yze"), ("elling", "eling"),
    ("elled", "eled"), ("our", "or"), ("ours", "or"), ("centre", "center"), ("centres", "center"),
    ("programme", "program"),
)  # fmt: skip
_ENDINGS = tuple(ending for ending, _ in _SUFFIXES)
_IRREGULAR = {
    "analyses": "analysis",
    "hypotheses": "hypothesis",
    "matrices": "matrix",
    "indices": "index",
    "bases": "basis",
}
GLUE = "\0"
"""The stem of a token that has to be cut further."""
_MEMO_SIZE = 200_000
_MEMO_TOKEN = 40
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
    if len(word) > 5 and word.endswith(_ENDINGS):
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


def split(text: str) -> tuple[list[str], list[str], list[int]]:
    """Words, gaps and the end of every piece: gap 0, word 0, gap 1, …"""
    pieces = _TOKEN.split(text)
    return pieces[1::2], pieces[0::2], list(accumulate(map(len, pieces)))


def parts(token: str, names: Set[str]) -> list[str]:
    """The words that a token was glued from; up to four parts that are a name together ("TypeScript") stay whole."""
    pieces, found, i = _PARTS.findall(token), [], 0
    while i < len(pieces):
        ends = range(min(len(pieces), i + 4), i + 1, -1)
        j = next((j for j in ends if stem("".join(pieces[i:j])) in names), i + 1)
        found.append("".join(pieces[i:j]))
        i = j
    return found


class Stems(dict[str, str]):
    """Token to stem, kept because texts repeat their words; bounded, so that odd texts cannot fill the memory.

    `known` are the stems of phrases, `glue` and `openers` as for a `Trie`.
    """

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

    def whole(self, token: str) -> str:
        """The stem of a token that is not cut any further."""
        found = self[token]
        return stem(token) if found == GLUE else found

    def _stem(self, token: str) -> str:
        plain = stem(token)
        if plain in self._known or len(token) > _GLUED_TOKEN:
            return plain
        if (version := _VERSIONED.fullmatch(token)) and stem(version[1]) in self._known:
            return stem(version[1])
        return GLUE if self._glue and _GLUED.search(token) and self._is_glued(token) else plain

    def _is_glued(self, token: str) -> bool:
        """Whether some part is an ordinary word and another one may open or go on a phrase ("LinkedIn" is one word)."""
        stems = [stem(part) for part in parts(token, self._known)]
        if not self._openers.isdisjoint(stems):
            return True
        words = sum(part in self._glue for part in stems)
        return words > 1 or (words == 1 and any(part in self._known and part not in self._glue for part in stems))
