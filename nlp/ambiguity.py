"""Names that are words too (R, Go, Spark): read as a skill only where the taxonomy's context rules say so."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.phrases import Phrase, Tokens, Trie
from nlp.taxonomy import Ambiguity, Taxonomy, alias_key

Reading = tuple[int, Phrase]
Place = tuple[int, list[Reading]]
Chosen = tuple[int, Reading]


class Ambiguities:
    """The `ambiguous` entries of a taxonomy, compiled."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._category = {skill.id: skill.category for skill in taxonomy.skills.values()}
        self._rules: dict[tuple[str, str], _Rule] = {}
        for skill in taxonomy.skills.values():
            for entry in skill.ambiguous:
                rule = _Rule(entry)
                self._rules |= {(skill.id, alias): rule for alias in entry.aliases}

    def decide(self, tokens: Tokens, places: Sequence[Place]) -> list[Chosen]:
        """One reading for each place, or none: the longest that needs no context or finds it."""
        sure: dict[int, Reading] = {}
        open_places: list[Place] = []
        for i, readings in places:
            if (readings[0][1].value, readings[0][1].text) in self._rules:
                open_places.append((i, readings))
            else:
                sure[i] = readings[0]
        if not open_places:
            return sorted(sure.items())
        # Twice, because ambiguous names vouch for one another once one of them is settled ("R, Go and Swift").
        for _ in range(2):
            for i, readings in open_places:
                if i not in sure and (reading := self._first(tokens, i, readings, sure)):
                    sure[i] = reading
        return sorted(sure.items())

    def _first(self, tokens: Tokens, i: int, readings: list[Reading], sure: dict[int, Reading]) -> Reading | None:
        for stop, phrase in readings:
            rule = self._rules.get((phrase.value, phrase.text))
            if rule is None or rule.holds(tokens, i, stop, phrase.value, sure, self._category):
                return stop, phrase
        return None


class _Rule:
    def __init__(self, entry: Ambiguity) -> None:
        self.near = frozenset(entry.near)
        self.window = entry.window
        self.free = not entry.near and not entry.cues
        self.cues = Trie(Phrase(alias_key(cue), cue) for cue in entry.cues)
        self.refuse = Trie(Phrase(phrase, phrase) for phrase in entry.refuse)
        self.reach = max((len(phrase.split()) for phrase in entry.refuse), default=0) + 2

    def holds(
        self, tokens: Tokens, i: int, stop: int, skill: str, sure: dict[int, Reading], category: dict[str, str]
    ) -> bool:
        if self._refused(tokens, i, stop):
            return False
        low, high = max(0, i - self.window), min(len(tokens), stop + self.window)
        return (
            self.free
            or self._cued(tokens, low, i, stop, high)
            or any(self._vouches(sure.get(j), skill, category) for j in range(low, high) if j != i)
        )

    def _vouches(self, reading: Reading | None, skill: str, category: dict[str, str]) -> bool:
        if reading is None or reading[1].value == skill:
            return False
        other = reading[1].value
        return other in self.near or category[other] in self.near

    def _refused(self, tokens: Tokens, i: int, stop: int) -> bool:
        around = range(max(0, i - self.reach), i + 1)
        return any(j >= stop for k in around for j, _ in self.refuse.at(tokens, k))

    def _cued(self, tokens: Tokens, low: int, i: int, stop: int, high: int) -> bool:
        return any(
            (j <= i or k >= stop) and j <= high
            for k in range(low, high)
            if not i <= k < stop
            for j, _ in self.cues.at(tokens, k)
        )
