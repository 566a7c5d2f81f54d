"""Names that are words too (R, Go, Spark): read as a skill only where the taxonomy's context rules say so."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.phrases import Phrase, Trie
from nlp.taxonomy import Ambiguity, Taxonomy, alias_key
from nlp.tokens import Tokens

_MARKS = "°+#$@&.,:;*%/-()"
_LIST_GAPS = frozenset({",", "/", "&", "(", ";"})
_AND = frozenset({"and", "or"})
Reading = tuple[int, Phrase]
Place = tuple[int, list[Reading]]
Chosen = tuple[int, Reading]


class Ambiguities:
    """The `ambiguous` entries of a taxonomy, compiled."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._category = {skill.id: skill.category for skill in taxonomy.skills.values()}
        self._loose = {
            (skill.id, alias.lower())
            for skill in taxonomy.skills.values()
            for alias in skill.cased
            if is_loose(alias) and alias.lower() not in skill.cased
        }
        self._rules: dict[tuple[str, str], list[_Rule]] = {}
        for skill in taxonomy.skills.values():
            for entry in skill.ambiguous:
                rule = _Rule(entry)
                for alias in entry.aliases:
                    self._rules.setdefault((skill.id, alias), []).append(rule)
        self._open = self._loose.union(self._rules)

    def decide(self, tokens: Tokens, places: Sequence[Place]) -> tuple[list[Chosen], list[Chosen]]:
        """One reading for each place, or none: the longest that needs no context or finds it.

        Returns:
            The readings that hold, and for places without one the longest that no phrase refuses: it lacks a context.
        """
        sure: dict[int, Reading] = {}
        open_places: list[Place] = []
        for i, readings in places:
            longest = readings[0][1]
            if (longest.value, longest.text) in self._open:
                open_places.append((i, readings))
            else:
                sure[i] = readings[0]
        if not open_places:
            return sorted(sure.items()), []
        # Twice, because ambiguous names vouch for one another once one of them is settled ("R, Go and Swift").
        for _ in range(2):
            settled = len(sure)
            for i, readings in open_places:
                if i not in sure and (reading := self._first(tokens, i, readings, sure)):
                    sure[i] = reading
            if len(sure) == settled:
                break
        lacking = ((i, self._unrefused(tokens, i, readings)) for i, readings in open_places if i not in sure)
        return sorted(sure.items()), [(i, reading) for i, reading in lacking if reading is not None]

    def _unrefused(self, tokens: Tokens, i: int, readings: list[Reading]) -> Reading | None:
        """The longest reading that stands in no phrase which is something else."""
        for stop, phrase in readings:
            rules = self._rules.get((phrase.value, phrase.text), ())
            if rules and not any(rule.refuses(tokens, i, stop) for rule in rules):
                return stop, phrase
        return None

    def _first(self, tokens: Tokens, i: int, readings: list[Reading], sure: dict[int, Reading]) -> Reading | None:
        for stop, phrase in readings:
            name = (phrase.value, phrase.text)
            if name in self._loose:
                if _in_list(tokens, i, stop, sure):
                    return stop, phrase
            elif (rules := self._rules.get(name)) is None or self._holds(rules, tokens, i, stop, phrase.value, sure):
                return stop, phrase
        return None

    def _holds(
        self, rules: Sequence[_Rule], tokens: Tokens, i: int, stop: int, skill: str, sure: dict[int, Reading]
    ) -> bool:
        """Whether no entry refuses, and one that asks for a context finds it (if any does ask)."""
        if any(rule.refuses(tokens, i, stop) for rule in rules):
            return False
        asking = [rule for rule in rules if not rule.free]
        return not asking or any(rule.finds(tokens, i, stop, skill, sure, self._category) for rule in asking)


def is_loose(alias: str) -> bool:
    """Whether a cased alias may stand in lower case, too, in a list beside another skill ("hadoop, spark")."""
    return len(alias) > 3 and alias.isalpha() and alias.istitle()


def _in_list(tokens: Tokens, i: int, stop: int, sure: dict[int, Reading]) -> bool:
    """Whether the next item of a list, before or after, is a skill."""
    if tokens.gaps[stop].strip() in _LIST_GAPS and stop in sure:
        return True
    if stop + 1 < len(tokens) and tokens.stems[stop] in _AND and stop + 1 in sure:
        return True
    joined = tokens.gaps[i].strip() in _LIST_GAPS or (i > 0 and tokens.stems[i - 1] in _AND)
    return joined and any(k in sure and sure[k][0] >= i - 1 for k in range(max(0, i - 5), i))


class _Rule:
    def __init__(self, entry: Ambiguity) -> None:
        self.near = frozenset(entry.near)
        self.window = entry.window
        self.free = not entry.near and not entry.cues
        self.cues = Trie(Phrase(alias_key(cue), cue) for cue in entry.cues) if entry.cues else None
        # One word is compared as it is: "excels" refuses no "Excel".
        refused = (Phrase(phrase, phrase, exact=" " not in phrase) for phrase in entry.refuse)
        self.refuse = Trie(refused) if entry.refuse else None
        self.reach = max((len(phrase.split()) for phrase in entry.refuse), default=0) + 2

    def refuses(self, tokens: Tokens, i: int, stop: int) -> bool:
        """Whether the name stands inside a phrase that is something else."""
        if self.refuse is None:
            return False
        for k in self.refuse.openings(tokens, max(0, i - self.reach), i + 1):
            for j, phrase in self.refuse.at(tokens, k):
                if j >= stop and _has_marks(tokens, k, j, phrase.value):
                    return True
        return False

    def finds(
        self, tokens: Tokens, i: int, stop: int, skill: str, sure: dict[int, Reading], category: dict[str, str]
    ) -> bool:
        """Whether a skill or a phrase that vouches for the name stands within the window."""
        low, high = max(0, i - self.window), min(len(tokens), stop + self.window)
        if self.cues is not None and self._cued(self.cues, tokens, (low, high), (i, stop)):
            return True
        if not self.near:
            return False
        around = [sure[j][1].value for j in sure.keys() & range(low, high)]
        return any(other != skill and (other in self.near or category[other] in self.near) for other in around)

    def _cued(self, cues: Trie, tokens: Tokens, window: tuple[int, int], name: tuple[int, int]) -> bool:
        (low, high), (i, stop) = window, name
        for k in cues.openings(tokens, low, high):
            if not i <= k < stop and any((j <= i or k >= stop) and j <= high for j, _ in cues.at(tokens, k)):
                return True
        return False


def _has_marks(tokens: Tokens, first: int, stop: int, phrase: str) -> bool:
    """Whether the signs around a phrase stand in the text too: "°C" refuses no "C"."""
    before = phrase[: len(phrase) - len(phrase.lstrip(_MARKS))]
    after = phrase[len(phrase.rstrip(_MARKS)) :]
    return tokens.gaps[first].endswith(before) and tokens.gaps[stop].startswith(after)
