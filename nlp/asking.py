"""Whether a sentence asks for what it names or tells of the employer, where the rules of levels are often wrong.

Before the first heading of requirements, in descriptions of the job, the team or the employer, no single word decides:
"our team applies machine learning" is work for one posting and self-description for the next. There a logistic
regression over the words of the sentence, its heading, its place and the rule that decided has the last word; it was
learned from annotated postings (benchmarks/skills_levels.py) and is data: nlp/data/levels.json.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Mapping, Set
from functools import cache
from importlib.resources import files

from nlp.cues import Sentence
from nlp.matcher import Match
from nlp.sections import Section
from nlp.tokens import Tokens

Weights = Mapping[str, Mapping[str, float]]
WEIGHED = frozenset(
    {"cue:request", "cue:blurb", "cue:we", "cue:employer", "default", "header", "heading:about", "name:team"}
)
"""The rules that are right in fewer than nine of ten annotated cases, or far from it for context."""
CUT = -1.1
"""Log-odds from which a mention is context: one in four. Context is the rarest level by far, and a reader is misled
more by a boast that counts as a demand than by a demand that is missed among many."""
_WORDS = 70  # of a sentence; texts without sentence ends stay cheap
_BEFORE, _BEHIND = 5, 3  # words beside a mention that count by their place
_STRETCH, _STRETCHES = 250, 6  # characters, and how many stretches from a heading are told apart


class Asking:
    """A table of weights for every family of `features`: positive ones speak for context, negative ones for a demand.
    The family "" holds the constant."""

    def __init__(self, weights: Weights) -> None:
        self._tables = weights
        self._constant = weights[""][""]

    def tells(self, tokens: Tokens, match: Match, section: Section, sentence: Sentence, rule: str) -> bool:
        """Whether a mention is context. Arguments as of `features`."""
        odds = self._constant
        for family, values in features(tokens, match, section, sentence, rule).items():
            table = self._tables.get(family, {})
            odds += sum(table[value] for value in table.keys() & values)
        return odds > CUT


def features(tokens: Tokens, match: Match, section: Section, sentence: Sentence, rule: str) -> dict[str, Set[str]]:
    """What holds of a mention, by family: words of its sentence and its heading, words beside it, its place, its rule.

    Args:
        rule: the rule that decided.
    """
    stems, at = tokens.stems, tokens.starts[match.first]
    first, stop = sentence.first, min(sentence.stop, sentence.first + _WORDS)
    heading = bisect_left(tokens.starts, section.start), bisect_left(tokens.starts, section.heading_end)
    return {
        "words": {*stems[first:stop]},
        "before": {*stems[max(0, match.first - _BEFORE) : match.first]},
        "behind": {*stems[match.stop : match.stop + _BEHIND]},
        "next": {*stems[match.stop : match.stop + 1]},
        "heading": {*stems[heading[0] : heading[1]]},
        "rule": {rule},
        "section": {section.kind},
        "distance": {f"{section.kind} {min((at - section.start) // _STRETCH, _STRETCHES)}"},
        "part": {str(10 * at // tokens.ends[-1])},
        "employer": {str(sentence.employer)},
    }


@cache
def load() -> Asking:
    """The shipped weights."""
    return Asking(json.loads((files("nlp") / "data" / "levels.json").read_text(encoding="utf-8")))
