"""Phrases of a posting that may name skills: what stands between two separators, and which skills stand beside it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.matcher import Match
from nlp.tokens import Tokens

MAX_WORDS = 4
_BREAK = re.compile(r"[,;:|()\[\]<>=•·\n\t/&]|\s[-–—*]\s|\.\s|\.$")
_LINE = re.compile(r"\n|\.\s|\.$")
_JOINING = frozenset(
    "and or with in of such as like using including e.g i.e eg ie to for on by the a an is are be via from at plus "
    "other etc strong good both either some any our your their we you will can".split()
)
# What stands in such lists without being a hard skill.
_NEVER = frozenset(
    "communication teamwork leadership experience experiences knowledge skill ability degree bachelor master phd ms bs "
    "computer science engineering year team work company business related field similar equivalent ideally preferred "
    "required more new tool technology technologies framework library language platform concept technique method "
    "understanding expertise background familiarity proficiency plus remote english problem solving creativity "
    "development developer engineer scientist analyst manager product service solution system data model software "
    "application design build develop create".split()
)

# No name of a skill holds one of these.
_TALK = frozenset(
    "experience skill degree engineer developer scientist proficiency knowledge year have has must this that could "
    "almost more most very relevant following various level ability role many your our their companies related".split()
)


@dataclass(frozen=True, slots=True)
class Item:
    """What stands between two separators: tokens [first, stop), the skill it names, and whether a new line opens it."""

    first: int
    stop: int
    skill: str | None
    opens: bool


def items(tokens: Tokens, matches: Sequence[Match]) -> Iterator[Item]:
    """What stands between separators, in order; `skill` is "" where a skill is a part of it."""
    starts = [match.first for match in matches]
    first, opens = 0, True
    for i in range(len(tokens) + 1):
        ends = i == len(tokens) or bool(_BREAK.search(tokens.gaps[i])) or tokens.stems[i] in _JOINING
        if not ends:
            continue
        if first < i:
            at = bisect_left(starts, first)
            inside = at < len(starts) and starts[at] < i
            whole = inside and matches[at].first == first and matches[at].stop == i
            before = at > 0 and matches[at - 1].stop > first
            if whole or not (inside or before):
                yield Item(first, i, matches[at].skill if whole else None, opens)
            else:
                yield Item(first, i, "", opens)
            opens = False
        if i < len(tokens):
            opens = opens or bool(_LINE.search(tokens.gaps[i]))
            first = i + 1 if tokens.stems[i] in _JOINING else i


def neighbours(found: Sequence[Item], position: int) -> list[str]:
    """The skills right before and right after an item in the same line."""
    beside = []
    if position and not found[position].opens and found[position - 1].skill:
        beside.append(found[position - 1].skill)
    if position + 1 < len(found) and not found[position + 1].opens and found[position + 1].skill:
        beside.append(found[position + 1].skill)
    return [skill for skill in beside if skill]


def may_be_skill(tokens: Tokens, item: Item) -> bool:
    """Whether a phrase is short enough and no talk about skills in general ("more experience")."""
    if item.skill == "" or item.stop - item.first > MAX_WORDS:
        return False
    words = tokens.stems[item.first : item.stop]
    if all(word in _NEVER or word.isdigit() for word in words) or words[0].isdigit() or not _TALK.isdisjoint(words):
        return False
    return len("".join(words)) > 1 and any(character.isalpha() for word in words for character in word)
