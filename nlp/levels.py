"""Whether a skill is required, preferred or only mentioned, and which rule said so.

The order: what is said of the mention itself (a negation, a wish in its clause, the name of a team), then the section it
stands in, then whether its sentence asks for something or tells about the employer. The words are data:
nlp/data/rules/levels.toml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.matcher import Match
from nlp.phrases import Phrase, Tokens, Trie, stem
from nlp.rules import load_rules
from nlp.sections import INTRO, Section

REQUIRED, PREFERRED, CONTEXT = "required", "preferred", "context"
_CLAUSE_ENDS = (";", "•", "·", "\n", ". ")
_SECTION_LEVELS = {"preferred": PREFERRED, "benefits": CONTEXT, "closing": CONTEXT}


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that tells something about the mentions around it: tokens `first` to `stop`, kind, rule."""

    first: int
    stop: int
    kind: str
    rule: str


class Levels:
    """The rules compiled."""

    def __init__(self) -> None:
        rules = load_rules("levels")
        self._trie = Trie(_phrases(rules))
        self._teams = frozenset(stem(word) for word in rules["names"]["team"])
        self._closing = frozenset(stem(word) for word in rules["negated"]["closing"])
        self._reach: int = rules["negated"]["reach"]

    def cues(self, tokens: Tokens) -> list[Cue]:
        """Every cue of a text, in order; those inside a longer one of the same kind are left out."""
        found: list[Cue] = []
        for i in self._trie.openings(tokens):
            longest: dict[str, Cue] = {}
            for stop, phrase in self._trie.at(tokens, i):
                for value in phrase.value.split("|"):
                    kind, rule = value.split(" ")
                    longest[kind] = Cue(i, stop, kind, rule)
            found += longest.values()
        return found

    def decide(
        self, tokens: Tokens, match: Match, span: tuple[int, int], section: Section, cues: Sequence[Cue]
    ) -> tuple[str, str]:
        """The level of one mention and the rule that decided.

        Args:
            span: first and past-the-last token of the mention's sentence.
            cues: those of that sentence.
        """
        own = self._own(tokens, match, span, cues)
        if own is not None:
            return own
        if section.kind in _SECTION_LEVELS:
            return _SECTION_LEVELS[section.kind], f"heading:{section.kind}"
        if self._is_team(tokens, match):
            return CONTEXT, "name:team"
        asked = {cue.rule for cue in cues if cue.kind == "request"}
        told = any(cue.kind == "blurb" for cue in cues)
        if section.kind == "about":
            return (REQUIRED, "cue:request") if "strong" in asked else (CONTEXT, "heading:about")
        if section.kind in (INTRO, "overview"):
            if asked:
                return REQUIRED, "cue:request"
            return (CONTEXT, "cue:blurb") if told else (REQUIRED, "default")
        return REQUIRED, f"heading:{section.kind}"

    def _own(self, tokens: Tokens, match: Match, span: tuple[int, int], cues: Sequence[Cue]) -> tuple[str, str] | None:
        negated = wish = None
        clause = _clause(tokens, match, span, cues) if cues else span
        for cue in cues:
            if not clause[0] <= cue.first < clause[1]:
                continue
            behind = cue.first >= match.stop
            if (cue.kind == "after" and behind) or (cue.kind == "before" and cue.stop <= match.first):
                wish = wish or (PREFERRED, f"cue:{cue.rule}")
            elif cue.kind == "negated-after" and behind:
                negated = (CONTEXT, "negated")
            elif cue.kind.startswith("negated-") and 0 <= match.first - cue.stop <= self._reach:
                if cue.kind == "negated-before" or any(
                    word in self._closing for word in tokens.stems[match.stop : span[1]]
                ):
                    negated = (CONTEXT, "negated")
        return wish or negated

    def _is_team(self, tokens: Tokens, match: Match) -> bool:
        at = match.stop
        return at < len(tokens) and tokens.gaps[at] == " " and tokens.stems[at] in self._teams


def _phrases(rules: dict[str, dict[str, list[str]]]) -> Iterable[Phrase]:
    values: dict[str, list[str]] = {}
    for kind in ("after", "before", "must"):
        for rule, phrases in rules[kind].items():
            for phrase in phrases:
                values.setdefault(phrase, []).append(f"{kind} {rule}")
    for key in ("after", "before", "open"):
        for phrase in rules["negated"][key]:
            values.setdefault(phrase, []).append(f"negated-{key} negated")
    for kind in ("request", "blurb"):
        for rule, phrases in rules[kind].items():
            for phrase in phrases:
                values.setdefault(phrase, []).append(f"{kind} {rule}")
    return (Phrase(text, "|".join(value)) for text, value in values.items())


def _clause(tokens: Tokens, match: Match, span: tuple[int, int], cues: Sequence[Cue]) -> tuple[int, int]:
    """The stretch of a sentence that shares its wishes: between semicolons, outside or inside one pair of brackets, and not
    across a demand ("Python required, Scala a plus")."""
    first, stop = span
    ends = sorted(cue.stop for cue in cues if cue.kind in ("must", "after"))
    for i in range(match.first, first, -1):
        if _ends_clause(tokens.gaps[i]) or (i in ends and cues):
            first = i
            break
    for i in range(match.stop, stop):
        if _ends_clause(tokens.gaps[i]) or ")" in tokens.gaps[i] and "(" not in "".join(tokens.gaps[match.stop : i]):
            return first, i
    return first, stop


def _ends_clause(gap: str) -> bool:
    return not gap or any(mark in gap for mark in _CLAUSE_ENDS)


def cues_between(cues: Sequence[Cue], firsts: Sequence[int], first: int, stop: int) -> Sequence[Cue]:
    """The cues that begin in tokens first to stop; `firsts` are the cues' first tokens."""
    return cues[bisect_left(firsts, first) : bisect_left(firsts, stop)]
