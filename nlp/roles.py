"""Names of fields that are no skill where they stand: in job titles ("Machine Learning Engineer") and in degrees."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.matcher import Match
from nlp.phrases import Phrase, Tokens, Trie, stem
from nlp.rules import load_rules
from nlp.taxonomy import alias_key

_LIST_GAPS = frozenset({"/", "&", "|", ","})
_SENTENCE_END = (". ", "\n", ";", "•", "·", "?")


class Roles:
    """The rules of nlp/data/rules/roles.toml, compiled."""

    def __init__(self) -> None:
        rules = load_rules("roles")
        self._roles = frozenset(stem(word) for word in rules["roles"])
        self._between = frozenset(stem(word) for word in rules["between"])
        self._fields = frozenset(
            tuple(stem(w) for w in alias_key(field).replace("/", " ").split()) for field in rules["fields"]
        )
        self._before = Trie(Phrase(text, "before") for text in rules["before"])
        self._degrees = Trie(Phrase(text, "degree") for text in rules["degrees"])
        self._ends = Trie(Phrase(text, "end") for text in rules["degree_ends"])
        self._reach: int = rules["degree_reach"]

    def keep(self, tokens: Tokens, matches: Sequence[Match]) -> list[Match]:
        """The matches that are skills: those inside a title or the name of a degree are left out."""
        degrees = self._degree_spans(tokens) if matches else []
        kept: list[Match] = []
        after_is_title = False
        for match in reversed(matches):
            field = self._is_field(tokens, match)
            title = field and (
                self._before_role(tokens, match.stop, title=after_is_title, following=kept[-1] if kept else None)
                or self._after_head(tokens, match.first)
            )
            after_is_title = title
            if title or (field and any(first <= match.first < stop for first, stop in degrees)):
                if title:
                    self._title_at = match.first
                continue
            kept.append(match)
        kept.reverse()
        return kept

    def _is_field(self, tokens: Tokens, match: Match) -> bool:
        stems = tuple(tokens.stems[match.first : match.stop])
        return stems in self._fields or (len(stems) > 1 and stems[-1] in self._between and stems[:-1] in self._fields)

    def _before_role(self, tokens: Tokens, at: int, *, title: bool, following: Match | None) -> bool:
        for _ in range(4):
            if at >= len(tokens):
                return False
            gap = tokens.gaps[at].strip()
            if "\n" in tokens.gaps[at] or (gap and gap not in ("/", "&", "-", "–", "|", ",")):
                return False
            word = tokens.stems[at]
            if word in self._roles and gap not in (",", "|"):
                return True
            if gap in ("/", "&") or word == "and":
                return title
            if word not in self._between:
                return False
            at += 1
        return False

    def _after_head(self, tokens: Tokens, first: int) -> bool:
        return any(j == first for i in range(max(0, first - 3), first) for j, _ in self._before.at(tokens, i))

    def _degree_spans(self, tokens: Tokens) -> list[tuple[int, int]]:
        """Token ranges in which fields of study stand: from a degree to the end of its clause."""
        spans: list[tuple[int, int]] = []
        for i in self._degrees.openings(tokens):
            if spans and i < spans[-1][1]:
                continue
            found = self._degrees.at(tokens, i)
            if found and (tokens.words[i].isupper() or len(tokens.words[i]) > 2):
                first = found[-1][0]
                spans.append((first, self._clause_end(tokens, first)))
        return spans

    def _clause_end(self, tokens: Tokens, first: int) -> int:
        for i in range(first, min(len(tokens), first + self._reach)):
            gap = tokens.gaps[i]
            if not gap or any(mark in gap for mark in _SENTENCE_END) or self._ends.at(tokens, i):
                return i
        return min(len(tokens), first + self._reach)
