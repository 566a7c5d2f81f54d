"""Whether a name is a skill where it stands, as careful readers judge it: a logistic regression over its context.

The rules of the matcher find names; readers do not mark all of them ("reports", "testing"), and mark some that a rule
passed over for want of a context. The judge learned both from annotated postings (benchmarks/skills_judge.py). It
speaks only of names that it saw there: what a user adds to the taxonomy is never dropped by it. Its weights are data:
nlp/data/judge.json.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from nlp.matcher import Match
from nlp.phrases import Tokens
from nlp.records import Mention

Weights = Mapping[str, Mapping[str, float]]
MANY = 6
"""Mentions of a sentence from which it counts as a list."""
ALL = ""
"""The table of features that hold for every name."""


class Judge:
    """Weights by name, by category and for all; the sum of those that hold is the log-odds that a name is a skill."""

    def __init__(self, names: Weights, categories: Weights) -> None:
        self._names = names
        self._categories = categories
        self._all = categories[ALL]

    def keep(
        self, tokens: Tokens, matches: Sequence[Match], mentions: Sequence[Mention], categories: Mapping[str, str]
    ) -> list[Mention]:
        """The mentions that are skills. `mentions[i]` is `matches[i]` with its level; doubtful matches are kept only
        where their log-odds are above zero, the others unless they are below."""
        kept: list[Mention] = []
        beside = neighbours(matches, mentions)
        for (match, mention), near in zip(zip(matches, mentions, strict=True), beside, strict=True):
            odds = self._odds(tokens, match, mention, categories[match.skill], near)
            if not match.doubt if odds is None else odds > 0:
                kept.append(mention)
        return kept

    def _odds(
        self, tokens: Tokens, match: Match, mention: Mention, category: str, near: tuple[int, bool]
    ) -> float | None:
        """Log-odds of a mention; None for a name that the judge never saw."""
        own = self._names.get(name(tokens, match))
        if own is None:
            return None
        for_category = self._categories.get(category, {})
        total = own[""] + for_category.get("", 0.0) + self._all[""]
        for feature in features(tokens, match, mention, near):
            total += own.get(feature, 0.0) + for_category.get(feature, 0.0) + self._all.get(feature, 0.0)
        return total


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
    return Judge(data["names"], data["categories"])
