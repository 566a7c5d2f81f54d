"""Whether a skill is required, preferred or only mentioned, and which rule said so.

The order: what is said of the mention itself (a negation, a wish in its clause, the name of a team), then the section
it stands in, then whether its sentence asks for something or tells about the employer. The words are data:
nlp/data/rules/levels.toml.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from nlp.asking import WEIGHED, Asking
from nlp.asking import load as load_asking
from nlp.cues import CLAUSE, Cue, Sentence, cue_phrases, meanings, sentence_of
from nlp.matcher import Match
from nlp.phrases import Phrase, Trie
from nlp.rules import load_rules
from nlp.sections import INTRO, Section
from nlp.tokens import Tokens, stem

REQUIRED, PREFERRED, CONTEXT = "required", "preferred", "context"
_CLAUSE_ENDS = (";", "•", "·", "●", "\n")
_QUOTES = ('"', "'", "‘", "“", "„", "«")
_DASHES = ("-", "–", "—")
_EXAMPLES = "examples"
_CELL_TOKENS = 4
_TEAM_TOKENS = 8  # how far behind a name the word may stand that makes a list of names one of teams
_TEAM_GAPS = frozenset({"", ",", "&", "/"})
_TEAMS = frozenset({"teams", "departments", "groups", "units"})
_CUE_REACH = 80  # tokens; no wish reaches further, and a text of nothing but wishes stays cheap
_SECTION_LEVELS = {"preferred": PREFERRED, "benefits": CONTEXT, "closing": CONTEXT}


class Levels:
    """The rules compiled."""

    def __init__(self, asking: Asking | Literal["shipped"] | None = "shipped") -> None:
        """`asking` has the last word where rules are often wrong; None leaves all to them."""
        self._asking = load_asking() if asking == "shipped" else asking
        rules = load_rules("levels")
        phrases = list(cue_phrases(rules))
        self._trie = Trie(phrases)
        self._meanings = {phrase.value: meanings(phrase.value) for phrase in phrases}
        self._examples = Trie(Phrase(text, _EXAMPLES) for text in rules["clause"]["examples"])
        self._teams = frozenset(rules["names"]["team"])
        self._followers = frozenset(rules["names"]["followers"])
        self._we = frozenset(stem(word) for word in rules["names"]["we"])
        self._closing = frozenset(stem(word) for word in rules["negated"]["closing"])
        self._reach: int = rules["negated"]["reach"]
        self._wish_reach: tuple[int, int] = (rules["clause"]["after"], rules["clause"]["before"])
        self._abbreviations = frozenset(rules["clause"]["abbreviations"])

    def openings(self, tokens: Tokens) -> list[int]:
        """The tokens of a text at which a cue may begin."""
        return self._trie.openings(tokens)

    def sentence(
        self, tokens: Tokens, first: int, stop: int, openings: Sequence[int], employer: bool = False
    ) -> Sentence:
        """What a sentence, tokens `first` to `stop`, says of the names in it.

        Args:
            openings: those of the whole text.
            employer: whether it names the employer.
        """
        return sentence_of(first, stop, self._cues(tokens, first, stop, openings), employer)

    def _cues(self, tokens: Tokens, first: int, stop: int, openings: Sequence[int]) -> list[Cue]:
        """The cues of a sentence in order; of two of a kind that open together the longer counts."""
        found: list[Cue] = []
        for i in openings[bisect_left(openings, first) : bisect_left(openings, stop)]:
            longest = {
                kind: Cue(i, end, kind, rule)
                for end, phrase in self._trie.at(tokens, i)
                for kind, rule in self._meanings[phrase.value]
            }
            found += [cue for cue in longest.values() if self._stands(tokens, cue, first)]
            if "after" in longest and self._leads_on(tokens, longest["after"], stop):
                found.append(replace(longest["after"], kind="before"))
        return found

    def _leads_on(self, tokens: Tokens, cue: Cue, stop: int) -> bool:
        """Whether a wish tells of what follows it: "One of these is a plus: Scala", "a plus, such as Scala"."""
        if cue.stop >= stop:
            return False
        return tokens.gaps[cue.stop].startswith(":") or any(
            phrase.value == _EXAMPLES for _, phrase in self._examples.at(tokens, cue.stop)
        )

    def _stands(self, tokens: Tokens, cue: Cue, first: int) -> bool:
        """Whether a cue is one where it stands: "preferred" is none in "your preferred location"."""
        if cue.kind == CLAUSE:
            gap = tokens.gaps[cue.first]
            return cue.first > first and (gap == ", " or (gap == " " and tokens.words[cue.first][0].isupper()))
        if cue.kind == "opening":
            return cue.first == first or tokens.gaps[cue.first] != " "
        if cue.kind == "after" and cue.first > first and tokens.gaps[cue.stop].startswith(":"):
            return False  # "Experience with these is a plus:" tells of what follows
        if cue.kind == "after" and tokens.words[cue.first].istitle() and tokens.gaps[cue.stop].strip() in _DASHES:
            return False  # "TensorFlow, Desirable – OpenCL"
        if cue.kind == "after" and cue.stop - cue.first == 1 and cue.stop < len(tokens):
            return tokens.gaps[cue.stop] != " " or tokens.stems[cue.stop] in self._followers
        return True

    def decide(self, tokens: Tokens, match: Match, section: Section, sentence: Sentence) -> tuple[str, str]:
        """The level of one mention in a sentence and a section, and the rule that decided."""
        level, rule = self.ruled(tokens, match, section, sentence)
        if self._asking is None or rule not in WEIGHED:
            return level, rule
        tells = self._asking.tells(tokens, match, section, sentence, rule)
        if tells == (level == CONTEXT):
            return level, rule
        return (CONTEXT, "words:tell") if tells else (REQUIRED, "words:ask")

    def ruled(self, tokens: Tokens, match: Match, section: Section, sentence: Sentence) -> tuple[str, str]:
        """What the rules alone say."""
        own = self._own(tokens, match, sentence) if sentence.own else None
        if own is not None:
            return own
        kind, asked, told = section.kind, sentence.asked, sentence.told
        if (
            kind == "preferred"
            and told
            and not asked
            and (sentence.employer or sentence.firm or self._by_us(tokens, sentence))
        ):
            return CONTEXT, "cue:employer" if sentence.employer else "cue:blurb"
        if kind in ("benefits", "closing") and sentence.strongly and not sentence.firm:
            return REQUIRED, "cue:request"
        if kind in _SECTION_LEVELS:
            return _SECTION_LEVELS[kind], f"heading:{kind}"
        if self._is_team(tokens, match):
            return CONTEXT, "name:team"
        if kind == "about":
            return (REQUIRED, "cue:request") if sentence.strongly else (CONTEXT, "heading:about")
        if kind in (INTRO, "overview"):
            if sentence.strongly or (asked and not told):
                return REQUIRED, "cue:request"
            return self._unasked(tokens, match, sentence)
        if sentence.firm and not asked:
            return CONTEXT, "cue:blurb"
        return REQUIRED, f"heading:{kind}"

    def _by_us(self, tokens: Tokens, sentence: Sentence) -> bool:
        return tokens.stems[sentence.first] in self._we

    def _unasked(self, tokens: Tokens, match: Match, sentence: Sentence) -> tuple[str, str]:
        """The level before any heading where nothing asks: what the employer tells of itself is context."""
        if _in_header(tokens, match, sentence):
            first_cell = not any("|" in gap for gap in tokens.gaps[sentence.first + 1 : match.first + 1])
            return (CONTEXT, "name:employer") if first_cell and sentence.employer else (REQUIRED, "header")
        if sentence.told:
            return CONTEXT, "cue:blurb"
        if sentence.employer:
            return CONTEXT, "cue:employer"
        if not self._we.isdisjoint(tokens.stems[sentence.first : match.first]):
            return CONTEXT, "cue:we"
        return REQUIRED, "default"

    def _own(self, tokens: Tokens, match: Match, sentence: Sentence) -> tuple[str, str] | None:
        """What is said of this mention: a wish, or that it is not asked for. A wish beats a negation, as in
        "not required but a plus"."""
        near = [cue for cue in sentence.own if abs(cue.first - match.first) < _CUE_REACH]
        if not near:
            return None
        said = None
        first, stop = self._clause(tokens, match, sentence)
        for cue in near:
            verdict = None
            if first <= cue.first < stop:
                verdict = self._verdict(tokens, cue, match, sentence)
            elif self._heads_list(tokens, cue, match, sentence):
                verdict = PREFERRED, f"cue:{cue.rule}"
            if verdict is None or _bracketed(tokens, match, cue):
                continue
            if verdict[0] == PREFERRED:
                return verdict
            if said is None or verdict[0] == CONTEXT:
                said = verdict
        return said

    def _heads_list(self, tokens: Tokens, cue: Cue, match: Match, sentence: Sentence) -> bool:
        """Whether a mention is one of the points behind a wish and a colon ("These are a plus: Scala; Docker")."""
        if cue.kind != "before" or cue.stop >= match.first or not tokens.gaps[cue.stop].startswith(":"):
            return False
        return not any(
            ";" not in tokens.gaps[i] and (i in sentence.ends or i in sentence.opens or self._ends_clause(tokens, i))
            for i in range(cue.stop + 1, match.first + 1)
        )

    def _verdict(self, tokens: Tokens, cue: Cue, match: Match, sentence: Sentence) -> tuple[str, str] | None:
        """What one cue says of a mention in the same clause, by the side it stands on."""
        behind, ahead = cue.first >= match.stop, cue.stop <= match.first
        back, on = self._wish_reach
        if cue.kind == "after" and behind and cue.first - match.stop < back and not _of_last(tokens, cue, match):
            return PREFERRED, f"cue:{cue.rule}"
        if (
            cue.kind in ("before", "opening")
            and ahead
            and (match.first - cue.stop < on or _opens(tokens, cue, sentence))
        ):
            return PREFERRED, f"cue:{cue.rule}"
        if (cue.kind == "negated-after" and behind) or self._negates(tokens, cue, match, sentence.stop):
            return CONTEXT, "cue:negated"
        return (REQUIRED, "cue:required") if cue.rule == "required" and behind else None

    def _clause(self, tokens: Tokens, match: Match, sentence: Sentence) -> tuple[int, int]:
        """The stretch of a sentence that shares its wishes: between semicolons, and not across a demand or another wish
        that is complete ("Python required, Scala a plus")."""
        first, stop = sentence.first, sentence.stop
        ends, opens = sentence.ends, sentence.opens
        for i in range(match.first, first, -1):
            if i in ends or (i in opens and "," not in tokens.gaps[i]) or self._ends_clause(tokens, i):
                first = i
                break
        for i in range(match.stop, stop):
            if i in ends or i in opens or self._ends_clause(tokens, i):
                return first, i
        return first, stop

    def _ends_clause(self, tokens: Tokens, i: int) -> bool:
        """Whether a clause ends before a token."""
        gap = tokens.gaps[i]
        if gap == " ":
            return False
        if not gap or any(mark in gap for mark in _CLAUSE_ENDS):
            return True
        before, after = tokens.words[i - 1], tokens.words[i]
        if gap == ".":  # "databases.Experience"
            return after[0].isupper() and not after.isupper() and before[-1].islower() and len(before) > 2
        if ". " not in gap:
            return False
        return len(before) > 1 and (before.lower() not in self._abbreviations or after[0].isupper())

    def _negates(self, tokens: Tokens, cue: Cue, match: Match, end: int) -> bool:
        """Whether a negation before a mention reaches it; a bare "no" needs to say what is not needed, too."""
        if cue.kind not in ("negated-before", "negated-open") or not 0 <= match.first - cue.stop <= self._reach:
            return False
        return cue.kind == "negated-before" or any(word in self._closing for word in tokens.stems[match.stop : end])

    def _is_team(self, tokens: Tokens, match: Match) -> bool:
        """Whether a name is that of a team, alone or in a list ("the Data, AI and Product teams")."""
        at = match.stop
        if at < len(tokens) and tokens.gaps[at] == " " and tokens.words[at].lower() in self._teams:
            return True
        if not tokens.words[match.first][0].isupper():
            return False
        if match.first and tokens.gaps[match.first].lstrip() in _QUOTES:  # the group "Computer Vision"
            return tokens.words[match.first - 1].lower() in self._teams
        for i in range(at, min(at + _TEAM_TOKENS, len(tokens))):
            word = tokens.words[i]
            if i > at and word in _TEAMS:
                return True
            if tokens.gaps[i].strip() not in _TEAM_GAPS or "\n" in tokens.gaps[i]:
                return False
            if not word[0].isupper() and word != "and":
                return False
        return False


def _in_header(tokens: Tokens, match: Match, sentence: Sentence) -> bool:
    """Whether a mention stands in a line of cells ("Acme | Ghent | Python, SQL"), as Hacker News ads begin."""
    bars = [i for i, gap in enumerate(tokens.gaps[sentence.first : sentence.stop], sentence.first) if "|" in gap]
    return len(bars) > 1 and match.first < bars[-1] + _CELL_TOKENS


def _opens(tokens: Tokens, cue: Cue, sentence: Sentence) -> bool:
    """Whether a wish opens its sentence, or a sentence within it that begins with a capital."""
    return cue.first == sentence.first or ("." in tokens.gaps[cue.first] and tokens.words[cue.first][0].isupper())


def _of_last(tokens: Tokens, cue: Cue, match: Match) -> bool:
    """Whether a wish is of the last point of a list alone, not of a mention before it: "Scala, Docker also a plus"."""
    if tokens.stems[cue.first - 1] != "also" or "and" in tokens.stems[match.stop : cue.first]:
        return False
    return any("," in gap for gap in tokens.gaps[match.stop : cue.first])


def _bracketed(tokens: Tokens, match: Match, cue: Cue) -> bool:
    """Whether a cue stands in brackets that do not hold the mention: "SQL (Docker is a plus)"."""
    if "(" in tokens.gaps[cue.first] and ")" in tokens.gaps[cue.stop]:  # "Scala: 2 years (a plus)"
        return False
    behind = cue.first >= match.stop
    between = tokens.gaps[match.stop : cue.first + 1] if behind else tokens.gaps[cue.stop : match.first + 1]
    marks = [mark for gap in between for mark in gap if mark in "()"]
    opening, depth = ("(", 0) if behind else (")", 0)
    for mark in marks if behind else reversed(marks):
        depth += 1 if mark == opening else -1 if depth else 0
    return depth > 0
