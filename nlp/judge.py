"""Whether a name is a skill where it stands, as careful readers judge it: a logistic regression over its context.

The rules of the matcher find names; readers do not mark all of them ("reports", "testing"), and mark some that a rule
passed over for want of a context. The judge learned both from annotated postings (benchmarks/skills_judge.py): how
often a name is marked where it stands, and what of its context speaks for and against it. Skills that a user added or
changed are none of its business. What it learned is data: nlp/data/judge.json.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import cache
from importlib.resources import files

from nlp.matcher import Match
from nlp.records import Mention
from nlp.tokens import Tokens

Weights = Mapping[str, Mapping[str, float]]
MANY = 6
"""Mentions of a sentence from which it counts as a list."""
ALL = ""
"""The table of features that hold for every category."""
RATES = ("rate", "logit", "seen")
"""Names of the weights of how often a name is marked (`rates`)."""
PRIOR = (2.0, 0.9)
"""How many sightings of an unseen name are supposed, and how many of them marked."""
CUT, CUT_DOUBTFUL = 0.5, 1.0
"""Log-odds from which a name counts, and one that a rule passed over. A false skill harms a reader more than a missed
one; F1 hardly changes from 0.3 to 0.7 and from 0.5 to 1.5."""


class Judge:
    """`names` holds how often each name stood in the annotated postings and was marked, `weights` a table for every
    category and one for all; the sum of what holds is the log-odds that a name is a skill."""

    def __init__(self, names: Mapping[str, Sequence[int]], weights: Weights) -> None:
        self._all = weights[ALL]
        # What holds of a category and what holds of all are added once, not at every mention.
        common = {feature: weight for feature, weight in self._all.items() if feature}
        self._tables = {
            category: {key: common.get(key, 0.0) + own.get(key, 0.0) for key in {*common, *own}}
            for category, own in weights.items()
            if category != ALL
        }
        self._common = common
        self._names = {name: self._odds_of(*counts) for name, counts in names.items()}
        self._unseen = self._odds_of(0, 0)

    def _odds_of(self, seen: int, marked: int) -> float:
        return sum(
            self._all.get(name, 0.0) * value for name, value in zip(RATES, rates(seen, marked), strict=True)
        ) + self._all.get("", 0.0)

    def keep(
        self,
        tokens: Tokens,
        matches: Sequence[Match],
        mentions: Sequence[Mention],
        categories: Mapping[str, str],
        exempt: Set[str] = frozenset(),
    ) -> list[Mention]:
        """The mentions that are skills. `mentions[i]` is `matches[i]` with its level; of the skills in `exempt` the
        matches count that the rules are sure of."""
        kept: list[Mention] = []
        for match, mention, near in zip(matches, mentions, neighbours(matches, mentions), strict=True):
            if match.skill in exempt:
                if not match.doubt:
                    kept.append(mention)
                continue
            odds = self._names.get(name(tokens, match), self._unseen)
            weight = self._tables.get(categories[match.skill], self._common).get
            odds += weight("", 0.0)
            for feature in features(tokens, match, mention, near):
                odds += weight(feature, 0.0)
            if odds > (CUT_DOUBTFUL if match.doubt else CUT):
                kept.append(mention)
        return kept


def rates(seen: int, marked: int) -> tuple[float, float, float]:
    """What is known of a name: the share that is marked, its log-odds and how often it was seen, of like size."""
    share = (marked + PRIOR[0] * PRIOR[1]) / (seen + PRIOR[0])
    return share, math.log(share / (1.001 - share)) / 3, math.log1p(seen) / 4


def name(tokens: Tokens, match: Match) -> str:
    """A name as the judge knows it: its stems."""
    return " ".join(tokens.stems[match.first : match.stop])


def neighbours(matches: Sequence[Match], mentions: Sequence[Mention]) -> Iterator[tuple[int, bool]]:
    """For each match how many surer ones stand in its sentence, and whether one stands beside it."""
    sure = Counter(mention.sentence_start for match, mention in zip(matches, mentions, strict=True) if not match.doubt)
    last = len(matches) - 1
    for i, (match, mention) in enumerate(zip(matches, mentions, strict=True)):
        beside = (i > 0 and matches[i - 1].stop >= match.first - 1) or (
            i < last and matches[i + 1].first <= match.stop + 1
        )
        yield min(sure[mention.sentence_start], MANY), beside


def features(tokens: Tokens, match: Match, mention: Mention, near: tuple[int, bool]) -> tuple[str, ...]:
    """What holds of a mention: doubt, level, rule, spelling, the words and signs around it, and its neighbours."""
    first, stop, doubt = match.first, match.stop, match.doubt
    before = tokens.stems[first - 1] if first else "^"
    behind = tokens.stems[stop] if stop < len(tokens.stems) else "$"
    surface = mention.surface
    form = "A" if surface.isupper() else "a" if surface.islower() else "T" if surface[0].isupper() else "m"
    return (
        f"d{doubt}",
        f"l{mention.level}",
        f"r{mention.rule}",
        f"f{form}{doubt}",
        f"p{before}",
        f"q{behind}",
        f"g{_sign(tokens.gaps[first])}{_sign(tokens.gaps[stop])}",
        f"n{near[0]}{doubt}",
        f"b{near[1]}",
        f"h{tokens.stems[stop - 1]}",
        f"w{stop - first}",
    )


def _sign(gap: str) -> str:
    """What parts two words: a line break, the first sign, a blank, or nothing."""
    if gap == " ":
        return " "
    return "\n" if "\n" in gap else gap.strip()[:1] or ("0" if not gap else " ")


@cache
def load() -> Judge:
    """The shipped judge."""
    data = json.loads((files("nlp") / "data" / "judge.json").read_text(encoding="utf-8"))
    return Judge(data["names"], data["weights"])
