"""Where a job is done: remote, hybrid or on site."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.facts import rules

_BEFORE, _BEHIND = 70, 80
"""Characters of context that are read on either side of an anchor."""
_MOST = 100
"""Places looked at in one text: a megabyte of "remote" must not cost minutes."""
_END = re.compile(r"(?<!:)(?<!:\n)[\n\r•·●]|[.!?]\s")
_ALTERNATIVE = re.compile(
    r"remote\b[^|]{0,30}(?:\bor|/|,)\s*hybrid|remote\W+preferably\s+hybrid|hybrid\b[^|]{0,30}(?:\bor|/|,)\s*(?:\w+\s)?remote",
    re.IGNORECASE,
)
_ORDER = ("none", "choice", "hybrid", "onsite", "remote")
_NEEDS = {
    "choice": ("remot", "home"),
    "remote": ("remot", "home", "wfh", "tele", "télé", "anywhere", "distributed"),
}
"""What every expression of a list holds."""
_MARKS = re.compile(
    r"li-|\((?:hybrid|on)|(?:place|location|arrangement|mod|typ|setting|setup|style|remote|work|position|role|job|ble|home|tele)\w*\s*[:?–-]"
)
"""What every field holds."""
_COMMUTES = ("reliably commute", "commute/relocate", "work site:")
"""What forms of job boards say where people come to the place of work; weaker than any other word."""


@dataclass(frozen=True, slots=True)
class _Rules:
    head: re.Pattern[str]
    fields: dict[str, re.Pattern[str]]
    around: dict[str, re.Pattern[str]]
    bare: dict[str, re.Pattern[str]]


@cache
def _rules() -> _Rules:
    data = rules.load("workplace")
    return _Rules(
        re.compile(r"\s*\W{0,3}(?:Remote|REMOTE|Hybrid|HYBRID|On-?[Ss]ite|ON-?SITE)\b(?:\s+\w+)?"),
        {kind: re.compile(f"(?:{'|'.join(words)})") for kind, words in data["fields"].items()},
        {kind: re.compile(f"(?:{'|'.join(data[kind]['around'])})") for kind in _ORDER},
        {kind: rules.any_of(words, before=r"(?<![\w-])") for kind, words in data["bare"].items()},
    )


def extract(
    text: str, title: str = "", locations: Sequence[str] = (), stated: str | None = None, language: str | None = None
) -> str | None:
    """Where the work is done.

    Args:
        text: the posting.
        title: its title; a header such as "Acme | Data Engineer | REMOTE (EU) | full-time" is read field by field.
        locations: the places that the board states.
        stated: the board's own word, one of the results; it wins.
        language: ISO 639-1 code of the text where known.

    Returns:
        "remote", "hybrid", "onsite", or None where nothing is said. A choice between remote and on site counts as
        remote; days in the office and days at home are hybrid.
    """
    if stated in ("remote", "hybrid", "onsite"):
        return stated
    for field in (title[:400], *locations):
        if (said := _bare(field)) is not None:
            return said
    if title and text.startswith(title):
        behind = _rules().head.match(text, len(title))
        if behind is not None and (said := _bare(behind.group())) is not None:
            return said
    return _of_text(text, rules.by_language("workplace", ("anchors",), language))


def _bare(field: str) -> str | None:
    """What a title, a header or a field of places says: there the bare word is enough."""
    found = {kind: match.start() for kind, words in _rules().bare.items() if (match := words.search(field))}
    if not found:
        return None
    if "hybrid" in found:
        return "remote" if "remote" in found and _ALTERNATIVE.search(field) else "hybrid"
    if len(found) == 1:
        return next(iter(found))
    # "onsite or remote" lets the person choose; "SF onsite (designer remote)" does not.
    between = field[min(found.values()) : max(found.values())]
    return (
        "remote"
        if re.search(r"/|\bor\b|\band\b|&|\+|,", between) and "(" not in between
        else min(found, key=lambda kind: found[kind])
    )


def _of_text(text: str, anchors: tuple[str, ...]) -> str | None:
    low = rules.lowered(text)
    said = Counter(_votes(low, anchors))
    for kind in ("field hybrid", "field onsite", "field remote", "choice", "hybrid"):
        if said[kind]:
            return {"choice": "remote"}.get(kind, kind.removeprefix("field "))
    if said["remote"] or said["onsite"]:
        return "remote" if said["remote"] >= said["onsite"] else "onsite"
    return "onsite" if any(words in low for words in _COMMUTES) else None


def _votes(text: str, anchors: tuple[str, ...]) -> Iterator[str]:
    """What each place of a lower-cased text says: "none" for nothing, "field …" for a field of its own."""
    rule = _rules()
    reached = -1
    for start, end in rules.find_all(text, anchors, _MOST):
        if start < reached:
            continue
        left, right = max(0, start - _BEFORE), min(len(text), end + _BEHIND)
        for stop in _END.finditer(text, left, start):
            left = stop.end()
        closing = _END.search(text, end, right)
        window = text[left : closing.start() if closing else right]
        kind, reach = _judge(window, start - left, end - left, rule)
        reached = max(end, left + reach)
        yield kind


def _judge(window: str, start: int, end: int, rule: _Rules) -> tuple[str, int]:
    for kind, field in rule.fields.items() if _MARKS.search(window) else ():
        if (reach := _over(field, window, start, end)) is not None:
            return f"field {kind}", reach
    for kind in _ORDER:
        if kind in _NEEDS and not any(part in window for part in _NEEDS[kind]):
            continue
        if (reach := _over(rule.around[kind], window, start, end)) is not None:
            return kind, reach
    return "none", end


def _over(expression: re.Pattern[str], window: str, start: int, end: int) -> int | None:
    """Where a match ends that overlaps an anchor; one that stands before it must not hide it."""
    found = expression.search(window)
    while found is not None and found.start() < end:
        if found.end() > start:
            return found.end()
        found = expression.search(window, found.start() + 1)
    return None
