"""Whether a sentence asks for what it names or tells of the employer, where the rules of levels are often wrong.

Before the first heading of requirements, in descriptions of the job, the team or the employer, no single word decides:
"our team applies machine learning" is work for one posting and self-description for the next. There a logistic
regression over the words of the sentence, its heading, its place and the rule that decided has the last word; it was
learned from annotated postings (benchmarks/skills_levels.py) and is data: nlp/data/levels.json.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

from nlp.cues import Sentence
from nlp.matcher import Match
from nlp.sections import Section
from nlp.tokens import Tokens

Weights = Mapping[str, Mapping[str, float]]
Held = dict[str, Collection[str]]
FAMILIES = (
    "words", "heading", "section", "employer", "before", "behind", "next", "rule", "distance", "part",
)  # fmt: skip
WEIGHED = frozenset(
    {"cue:request", "cue:blurb", "cue:we", "cue:employer", "default", "header", "heading:about", "name:team"}
)
"""The rules that are right in fewer than nine of ten annotated cases, or far from it for context."""
CUT = -1.105
"""Log-odds from which a mention is context: one in four. Context is the rarest level by far, and a reader is misled
more by a boast that counts as a demand than by a demand that is missed among many. No sum of weights with two
decimals falls on it."""
_WORDS = 70  # of a sentence; texts without sentence ends stay cheap
_BEFORE, _BEHIND = 5, 3  # words beside a mention that count by their place
_STRETCH, _STRETCHES = 250, 6  # characters, and how many stretches from a heading are told apart


class Asking:
    """A table of weights for every family of `features`: positive ones speak for context, negative ones for a demand.
    The family "" holds the constant."""

    def __init__(self, weights: Weights) -> None:
        self._tables = {family: weights.get(family, {}) for family in FAMILIES}
        self._constant = weights[""][""]
        self._last: tuple[Sentence | None, Section | None, float] = None, None, 0.0

    def tells(self, tokens: Tokens, match: Match, section: Section, sentence: Sentence, rule: str) -> bool:
        """Whether a mention is context. Arguments as of `features`."""
        last, of, odds = self._last  # one tuple, read and written at once: threads may share this object
        if last is not sentence or of is not section:
            odds = self._constant + self._sum(_of_sentence(tokens, section, sentence))
            self._last = sentence, section, odds
        return odds + self._sum(_of_mention(tokens, match, section, rule)) > CUT

    def _sum(self, held: Held) -> float:
        odds = 0.0
        for family, values in held.items():
            table = self._tables[family]
            if table:
                for value in values:
                    if value in table:
                        odds += table[value]
        return odds


def features(tokens: Tokens, match: Match, section: Section, sentence: Sentence, rule: str) -> Held:
    """What holds of a mention, by family: words of its sentence and its heading, words beside it, its place, its rule.

    Args:
        rule: the rule that decided.
    """
    return _of_sentence(tokens, section, sentence) | _of_mention(tokens, match, section, rule)


def _of_sentence(tokens: Tokens, section: Section, sentence: Sentence) -> Held:
    first, stop = sentence.first, min(sentence.stop, sentence.first + _WORDS)
    heading = bisect_left(tokens.starts, section.start), bisect_left(tokens.starts, section.heading_end)
    return {
        "words": {*tokens.stems[first:stop]},
        "heading": {*tokens.stems[heading[0] : heading[1]]},
        "section": {section.kind},
        "employer": {str(sentence.employer)},
    }


def _of_mention(tokens: Tokens, match: Match, section: Section, rule: str) -> Held:
    stems, at, first, stop = tokens.stems, tokens.starts[match.first], match.first, match.stop
    return {
        "before": {*stems[max(0, first - _BEFORE) : first]},
        "behind": {*stems[stop : stop + _BEHIND]},
        "next": stems[stop : stop + 1],
        "rule": (rule,),
        "distance": (f"{section.kind} {min((at - section.start) // _STRETCH, _STRETCHES)}",),
        "part": (str(10 * at // tokens.ends[-1]),),
    }


@cache
def load() -> Asking:
    """The shipped weights."""
    return Asking(json.loads((files("nlp") / "data" / "levels.json").read_text(encoding="utf-8")))
