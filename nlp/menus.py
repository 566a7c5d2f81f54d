"""Menus and footers that a scraped page left in the text: what they name is no skill.

A menu is a run in which words of menus (nlp/data/rules/menus.toml) follow each other closely, each with a capital and
none part of a sentence; lists of skills hold hardly any of them.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.matcher import Match
from nlp.phrases import Phrase, Trie
from nlp.rules import load_rules
from nlp.tokens import Tokens

_ENDS = frozenset(".,;:?!")


class Menus:
    """The words of menus compiled."""

    def __init__(self) -> None:
        rules = load_rules("menus")
        self._trie = Trie(Phrase(text, text) for text in rules["words"])
        self._few: int = rules["few"]
        self._apart: int = rules["apart"]

    def apart(self, tokens: Tokens, matches: Sequence[Match]) -> list[Match]:
        """The matches that do not lie in a menu."""
        spans = self.find(tokens) if matches else []
        if not spans:
            return list(matches)
        return [one for one in matches if not any(first <= one.first < stop for first, stop in spans)]

    def find(self, tokens: Tokens) -> list[tuple[int, int]]:
        """The menus of a text as token ranges, in order; what stands a word or two beside the last entry counts too."""
        spans: list[tuple[int, int]] = []
        first, stop, words = 0, -1, set[str]()
        for i in self._trie.openings(tokens):
            found = self._trie.at(tokens, i)
            if i < stop or not found or not tokens.words[i][0].isupper():
                continue
            if stop < 0 or i - stop > self._apart or self._broken(tokens, stop, i):
                self._close(spans, tokens, (first, stop), words)
                first, words = i, set()
            stop = found[-1][0]
            words.add(found[-1][1].value)
        self._close(spans, tokens, (first, stop), words)
        return spans

    def _broken(self, tokens: Tokens, first: int, stop: int) -> bool:
        """Whether a sentence stands between two tokens: a sign that ends one, or a word in lower case."""
        if any(not _ENDS.isdisjoint(gap) for gap in tokens.gaps[first : stop + 1]):
            return True
        return any(word[0].islower() for word in tokens.words[first:stop])

    def _close(self, spans: list[tuple[int, int]], tokens: Tokens, run: tuple[int, int], words: set[str]) -> None:
        if len(words) < self._few:
            return
        first, stop = run
        while stop < min(len(tokens), run[1] + self._apart) and not self._broken(tokens, stop, stop + 1):
            stop += 1
        spans.append((first, stop))
