"""What a sentence says of the names in it: cues, the phrases of nlp/data/rules/levels.toml where one of them stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from nlp.phrases import Phrase

CLAUSE = "clause"
"""The kind of a cue that only shows where a clause begins."""
# Those that tell something of single names.
_OWN = frozenset({"must", "after", "before", "opening", "negated-after", "negated-before", "negated-open"})


@dataclass(slots=True)
class Cue:
    """A phrase that tells something about the mentions around it: tokens `first` to `stop`, kind, rule."""

    first: int
    stop: int
    kind: str
    rule: str


@dataclass(slots=True)
class Sentence:
    """What a sentence, tokens `first` to `stop`, says of the names in it.

    `own` are the cues about single names; their clauses end at `ends` and open at `opens`. A request asks (some
    `strongly`), a blurb tells about the employer (`firm`: about nothing else), and `employer` is named in it.
    """

    first: int
    stop: int
    own: Sequence[Cue] = ()
    ends: Set[int] = frozenset()
    opens: Set[int] = frozenset()
    asked: bool = False
    strongly: bool = False
    told: bool = False
    firm: bool = False
    employer: bool = False


def sentence_of(first: int, stop: int, cues: Sequence[Cue], employer: bool) -> Sentence:
    """What the cues of a sentence say together; `employer` is whether it names the employer."""
    if not cues:
        return Sentence(first, stop, employer=employer)
    said = {(cue.kind, cue.rule) for cue in cues}
    kinds = {kind for kind, _ in said}
    found = Sentence(
        first,
        stop,
        asked="request" in kinds,
        strongly=("request", "strong") in said,
        told="blurb" in kinds,
        firm=any(rule == "firm" for _, rule in said),
        employer=employer,
    )
    if not _OWN.isdisjoint(kinds):
        found.own = [cue for cue in cues if cue.kind in _OWN]
        found.ends, found.opens = _borders(cues, first)
    return found


def cue_phrases(rules: dict[str, dict[str, list[str]]]) -> Iterator[Phrase]:
    """All cues as phrases for a trie; their values name kinds and rules (`meanings`)."""
    values: dict[str, list[str]] = {}
    for kind in ("after", "before", "opening", "must"):
        for rule, phrases in rules[kind].items():
            for phrase in phrases:
                values.setdefault(phrase, []).append(f"{kind} {rule}")
    for key in ("after", "before", "open"):
        for phrase in rules["negated"][key]:
            values.setdefault(phrase, []).append(f"negated-{key} negated")
    for phrase in rules["clause"]["opens"]:
        values.setdefault(phrase, []).append(f"{CLAUSE} opens")
    for kind in ("request", "blurb"):
        for rule, phrases in rules[kind].items():
            for phrase in phrases:
                values.setdefault(phrase, []).append(f"{kind} {rule}")
    told = {phrase for kind in ("request", "blurb") for listed in rules[kind].values() for phrase in listed}
    return (Phrase(text, "|".join(value), exact=text in told) for text, value in values.items())


def meanings(value: str) -> list[tuple[str, str]]:
    """Kinds and rules that a phrase of the trie stands for."""
    return [(kind, rule) for kind, _, rule in (meaning.partition(" ") for meaning in value.split("|"))]


def _borders(cues: Sequence[Cue], first: int) -> tuple[set[int], set[int]]:
    """The tokens of a sentence that `first` begins before which a demand or a complete wish ends, and those at which a
    new clause opens."""
    # What stands before what it is about: "(Optional) Scala" does where it opens the sentence.
    behind = {cue.first for cue in cues if cue.kind == "after"} - {first}
    leads = [cue for cue in cues if cue.kind == "before" or (cue.kind == "opening" and cue.first not in behind)]
    leading = {i for cue in leads for i in range(cue.first, cue.stop)}
    wished = {cue.stop + i for cue in leads for i in (0, 1)}  # "Ideally Experience with Scala"
    denied = {cue.stop for cue in cues if cue.kind == "negated-after"}
    ends = {
        cue.stop
        for cue in cues
        if (cue.kind == "must" and cue.stop not in denied) or (cue.kind == "after" and cue.first not in leading)
    }
    return ends, {cue.first for cue in cues if cue.kind == CLAUSE and cue.first not in wished}
