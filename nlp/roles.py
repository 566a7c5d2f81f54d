"""Names of fields that are no skill where they stand: in job titles ("Machine Learning Engineer") and in degrees."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set

from nlp.matcher import Match
from nlp.phrases import Phrase, Trie
from nlp.rules import load_rules
from nlp.taxonomy import alias_key
from nlp.tokens import Tokens, stem

_TITLE_TOKENS = 4  # how many words may stand between a field and its role
_TITLE_MARKS = frozenset({"", "/", "&", "-", "–"})
_AND = frozenset({"and", "und", "et", "en", "or"})
_TITLE_LENGTH = 14  # tokens of a superior's title
_IN_TITLES = frozenset(
    {"of", "the", "our", "a", "an", "for", "und", "and", "et", "en", "de", "du", "der", "des", "la", "le"}
)
_TITLE_GAPS = frozenset({"", ",", "&", "/", "-", "–", "."})
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
        self._last = frozenset(field[-1] for field in self._fields)
        self._superiors = Trie(Phrase(text, "superior") for text in rules["superiors"])
        self._before = Trie(Phrase(text, "before") for text in rules["before"])
        self._degrees = Trie(
            Phrase(text, "degree", exact=key == "degrees_as_written")
            for key in ("degrees", "degrees_as_written")
            for text in rules[key]
        )
        self._ends = Trie(Phrase(text, "end") for text in rules["degree_ends"])
        self._reach: int = rules["degree_reach"]

    def keep(self, tokens: Tokens, matches: Sequence[Match]) -> list[Match]:
        """The matches that are skills: those inside a title or the name of a degree are left out."""
        degrees = self._degree_spans(tokens) if matches else []
        titles = self._superior_spans(tokens, matches) if matches else []
        kept: list[Match] = []
        title_at = -1  # where the title begins that the match after this one belongs to
        for match in reversed(matches):
            if any(first <= match.first < stop for first, stop in titles) and self._of_title(tokens, match):
                continue
            if self._is_field(tokens, match):
                if self._in_title(tokens, match, title_at):
                    title_at = match.first
                    continue
                before = bisect_right(degrees, (match.first, len(tokens) + 1)) - 1
                if before >= 0 and match.first < degrees[before][1]:
                    continue
            kept.append(match)
        kept.reverse()
        return kept

    def _is_field(self, tokens: Tokens, match: Match) -> bool:
        stems = tuple(tokens.stems[match.first : match.stop])
        return stems in self._fields or (len(stems) > 1 and stems[-1] in self._between and stems[:-1] in self._fields)

    def _in_title(self, tokens: Tokens, match: Match, title_at: int) -> bool:
        return (
            self._before_role(tokens, match.stop, title_at)
            or self._after_head(tokens, match.first)
            or self._after_role(tokens, match.first)
        )

    def _before_role(self, tokens: Tokens, at: int, title_at: int) -> bool:
        """Whether a role follows, or a field that is itself part of a title ("AI / Machine Learning Engineer")."""
        for i in range(at, min(at + _TITLE_TOKENS, len(tokens))):
            mark = tokens.gaps[i].strip()
            if not tokens.gaps[i] or "\n" in tokens.gaps[i] or mark not in _TITLE_MARKS:  # "applicationsLead": no title
                return False
            if i == title_at and (mark in ("/", "&") or tokens.gaps[i] == " "):
                return True
            if tokens.stems[i] in self._roles:
                return True
            if tokens.stems[i] not in self._between and tokens.stems[i] not in _AND:
                return False
        return False

    def _after_role(self, tokens: Tokens, first: int) -> bool:
        """Whether a field follows a capitalised title: "Software Engineer, Machine Learning"."""
        if not first or tokens.gaps[first].strip() not in (",", "-", "–", "—", "("):
            return False
        return tokens.stems[first - 1] in self._roles and tokens.words[first - 1][0].isupper()

    def _after_head(self, tokens: Tokens, first: int) -> bool:
        near = self._before.openings(tokens, max(0, first - 3), first)
        return any(j == first for i in near for j, _ in self._before.at(tokens, i))

    def _of_title(self, tokens: Tokens, match: Match) -> bool:
        """Whether a name in a superior's title belongs to it; behind a comma only a field does ("the CTO, Python")."""
        return "," not in tokens.gaps[match.first] or tokens.stems[match.stop - 1] in self._last

    def _superior_spans(self, tokens: Tokens, matches: Sequence[Match]) -> list[tuple[int, int]]:
        """Token ranges of the titles of those to whom the job reports ("Reporting to the Manager, Shop Analytics")."""
        spans: list[tuple[int, int]] = []
        openings = self._superiors.openings(tokens)
        fields = {i for one in matches for i in range(one.first, one.stop)} if openings else set()
        for i in openings:
            found = self._superiors.at(tokens, i)
            if not found:
                continue
            first = stop = found[-1][0]
            while stop < min(len(tokens), first + _TITLE_LENGTH) and self._goes_on(tokens, stop, first, fields):
                stop += 1
            if not self._roles.isdisjoint(tokens.stems[first:stop]):
                spans.append((first, stop))
        return spans

    def _goes_on(self, tokens: Tokens, i: int, first: int, fields: Set[int]) -> bool:
        """Whether a token belongs to the title that began at `first`."""
        gap, word = tokens.gaps[i], tokens.words[i]
        if i > first and (gap.strip() not in _TITLE_GAPS or "\n" in gap or (gap.startswith(".") and gap != ".")):
            return False
        if word[0].isupper():
            return True
        in_title = word in _IN_TITLES or tokens.stems[i] in self._roles or i in fields
        return "," not in gap and (in_title or tokens.stems[i] in self._between)

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
        last = min(len(tokens), first + self._reach)
        ends = self._ends.openings(tokens, first, last)
        for i in range(first, last):
            gap = tokens.gaps[i]
            if gap == ". " and len(tokens.words[i - 1]) == 1:  # "e.g. statistics", "M.S. in physics"
                continue
            if gap != " " and (not gap or any(mark in gap for mark in _SENTENCE_END)):
                return i
            if i in ends and self._ends.at(tokens, i):
                return i
        return last
