"""The level of a job: from its title, or from what its text says about the person wanted."""

import re
from dataclasses import dataclass
from functools import cache

from nlp.facts import rules

_TITLE_MOST = 200
"""Characters of a title that are read; board titles that are longer hold a whole comment."""
_TEXT_MOST = 6_000
"""Characters of a text that are read: who is wanted stands at its head."""

_MOST = 60
"""Places looked at in one text."""
_HEAD = 30
"""Characters in which the text of a posting without a title may open with it."""
_ASK_REACH = 90
"""Characters before a level in which "we are looking for" must begin."""

_SEVERAL = re.compile(
    r"(?:junior|entry|mid|senior|staff|lead)(?:[- ]level)?(?:\s*(?:,|/|and|or|to|&)\s*)+"
    r"(?:junior|mid|senior|staff|lead|principal)\b"
)
"""Several levels at once ("junior, mid-level or senior engineers"): the job is open."""


@dataclass(frozen=True, slots=True)
class _Rule:
    level: str
    words: re.Pattern[str]
    unless: re.Pattern[str]
    also: re.Pattern[str] | None


@cache
def _rules() -> tuple[_Rule, ...]:
    edge = r"(?<![\w.])"
    return tuple(
        _Rule(
            rule["level"],
            rules.any_of(rule["words"], before=edge),
            rules.any_of(rule["unless"], before=r"(?<!\w)"),
            rules.any_of(rule["also"], before=edge) if "also" in rule else None,
        )
        for rule in rules.load("seniority")["rules"]
    )


@cache
def _text_rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Expressions for stated fields, and for what stands before and behind the level of who is wanted."""
    data = rules.load("seniority")["text"]
    return (
        rules.any_of([pattern.replace("(?P<level>", "(") for pattern in data["fields"]], before=r"(?<!\w)"),
        rules.any_of(data["asks"], before=r"(?<!\w)", after=r"\Z"),
        re.compile(
            rf"(?:internship|entry[- ]level|junior|mid[- ]level|senior(?:[- ]level)?)\s+{data['roles']}", re.IGNORECASE
        ),
    )


def extract(text: str, title: str = "", language: str | None = None) -> str | None:
    """The level that a posting asks for, one of nlp.records.SENIORITIES, or None where it says nothing.

    The title decides where it names a level; of several ("Senior/Staff", "Junior or Senior") the first named counts,
    but an intern is an intern and a manager of people a manager whatever else the title says.
    """
    said = of_title(title)
    if said is None:
        levels = rules.by_language("seniority", ("text", "levels"), language)
        said = _of_text(text[:_TEXT_MOST], levels, titled=bool(title.strip()))
    return said


def of_title(title: str) -> str | None:
    """The level that a job title names; None for none."""
    title = title[:_TITLE_MOST]
    if not title or title.isspace():
        return None
    found: list[tuple[int, str]] = []
    for rule in _rules():
        place = _place(rule, title)
        if place is None:
            continue
        if rule.level in ("intern", "manager"):
            return rule.level
        found.append((place, rule.level))
    if not found:
        return None
    named = {level for _, level in found}
    first = min(found)[1]
    # "Lead Senior Engineer" and "Senior Lead Engineer" are leads; "Senior/Staff" is open from senior on.
    if named >= {"senior", "lead"} and not re.search(
        r"\b(?:senior|sr)\b\.?\s*(?:/|or|to|[-–]|,|\()", title, re.IGNORECASE
    ):
        return "lead"
    return first


def _place(rule: _Rule, title: str) -> int | None:
    """Where a title names the level of a rule, or None."""
    taken: list[tuple[int, int]] | None = None
    for found in rule.words.finditer(title):
        if taken is None:
            taken = [other.span() for other in rule.unless.finditer(title)]
        if not any(start <= found.start() < end for start, end in taken):
            return found.start()
    if rule.also is not None and (also := rule.also.search(title)):
        return also.start()
    return None


def _of_text(text: str, levels: tuple[str, ...], titled: bool) -> str | None:
    fields, asks, roles = _text_rules()
    data = rules.load("seniority")["text"]
    low = rules.lowered(text)
    if "level" in low or "seniority" in low or "niveau" in low:
        for field in fields.finditer(text):
            value = " ".join(next(group for group in field.groups() if group).split()).casefold()
            for said, level in data["field_values"].items():
                if value.startswith(said):
                    return str(level)
            if (level := of_title(value)) is not None:
                return level
    for start, end in rules.find_all(low, levels, _MOST):
        if (start and low[start - 1].isalnum()) or not _names_a_job(low, start, end):
            continue
        head = not titled and start < _HEAD  # the title of a posting that has none often opens its text
        if head or asks.search(low, max(0, start - _ASK_REACH), start) or roles.match(low, start):
            if _SEVERAL.match(low, start):
                return None
            word = re.match(r"[\w .\-]*", text[start : end + 12])
            if word is not None and (level := of_title(" ".join(word.group().split()[:2]))) is not None:
                return level
    return None


def _names_a_job(low: str, start: int, end: int) -> bool:
    """Whether a level in a lower-cased text belongs to a job ("a lead data engineer") and not to a verb or a crowd."""
    data = rules.load("seniority")["text"]
    if low[start:end] in data["alone"] or (low.startswith("lead", start) and low[max(0, start - 3) : start] == "to "):
        return low[start:end] in data["alone"]
    return _jobs().match(low, end) is not None


@cache
def _jobs() -> re.Pattern[str]:
    data = rules.load("seniority")["text"]
    return re.compile(rf"(?!er|ing|s\b)[^.,;:!\n]{{0,45}}?\b(?:{data['jobs']}|{data['roles']})")
