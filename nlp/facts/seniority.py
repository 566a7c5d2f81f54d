"""The level of a job: from its title, or from what its text says about the person wanted."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from nlp.facts import rules

_TITLE_MOST = 200
"""Characters of a title that are read; board titles that are longer hold a whole comment."""
_TEXT_MOST = 6_000
"""Characters of a text that are read: who is wanted stands at its head."""

_MOST = 60
"""Places looked at in one text."""
_HEAD, _OPENING = 30, 300
"""Characters in which the text of a posting without a title may open with it, or begin a sentence with it."""
_ASK_REACH = 90
"""Characters before a level in which "we are looking for" must begin."""

_SEVERAL = re.compile(
    r"(?:junior|entry|mid|senior|staff|lead)(?:[- ]level)?(?:\s*(?:,|/|and|or|to|&)\s*)+"
    r"(?:junior|mid|senior|staff|lead|principal)\b"
)
"""Several levels at once ("junior, mid-level or senior engineers"): the job is open."""
_BEGINNERS = re.compile(r"\b(?:junior|jr|entry)\b", re.IGNORECASE)
_SENIORS = re.compile(r"\b(?:senior|sr)\b", re.IGNORECASE)
_GRADE = re.compile(r"(?<![\w.&])(?:I{1,3}|IV)(?![\w'’])|(?<=[A-Za-z]\s)[123](?!\w)")
"""A grade in a title ("Engineer II", "Engineer 2"), which says less than words do."""
_SENIOR_LEAD = re.compile(
    r"\b(?:senior|sr\b\.?)\s+(?:\w+\s+)?(?:lead|staff|principal)\b|\b(?:lead|staff|principal)\s+(?:senior|sr)\b",
    re.IGNORECASE,
)
_OR_BEGINNERS = re.compile(r"\b(?:junior|jr|entry[- ]level)\b\W{1,3}(?:(?:to|or|and)\W)?\Z")
_LINE = re.compile(r"(?:\A|\n)[\s\-*•·●–—>\d.)(]{0,8}\Z")
_SENTENCE = re.compile(r"(?:\A|[\n.!?:])\s+\Z")
_TITLE_END = re.compile(r"\w*\s*(?:\Z|[\n:(|,–—]|\s-)")


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
def _any_level() -> re.Pattern[str]:
    """One expression for the words of all rules: most titles name no level, and need no more than this one look."""
    rows = rules.load("seniority")["rules"]
    return rules.any_of([word for row in rows for word in (*row["words"], *row.get("also", ()))], before=r"(?<![\w.])")


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

    The title decides where it names a level in words; a grade ("Engineer II") gives way to what the text says.
    """
    said = of_title(title)
    if said is None or (_GRADE.search(title) and of_title(_GRADE.sub("", title)) is None):
        levels = rules.by_language("seniority", ("text", "levels"), language)
        return _of_text(text[:_TEXT_MOST], levels, titled=bool(title.strip())) or said
    return said


def of_title(title: str) -> str | None:
    """The level that a job title names; None for none, and for a job that is open to juniors and seniors.

    Of several levels the first named counts, but an intern is an intern and a manager of people a manager whatever
    else the title says, and what is open from mid or up to staff ("Mid/Senior", "Staff or Senior") is senior.
    """
    title = title[:_TITLE_MOST]
    if not title or title.isspace():
        return None
    if _any_level().search(title) is None:
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
    if "senior" in named and len(named) > 1:
        if "junior" in named and _BEGINNERS.search(title):
            return None
        return "lead" if "lead" in named and _SENIOR_LEAD.search(title) else "senior"
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
                    return str(level) or None
            if (level := of_title(value)) is not None:
                return level
    listed: Counter[str] = Counter()
    for start, end in rules.find_all(low, levels, _MOST):
        if (start and low[start - 1].isalnum()) or not (job := _names_a_job(low, start, end)):
            continue
        asked = _offered(low, start, job, titled) or asks.search(low, max(0, start - _ASK_REACH), start)
        if not asked and not roles.match(low, start):
            if _LINE.search(low, max(0, start - 10), start) and _TITLE_END.match(low, job):
                listed[_level(text, start, end) or ""] += 1
            continue
        several = _SEVERAL.match(low, start)
        if (several and _BEGINNERS.search(several.group())) or _OR_BEGINNERS.search(low, max(0, start - 20), start):
            return None
        if (
            level := "senior" if several and _SENIORS.search(several.group()) else _level(text, start, end)
        ) is not None:
            return level
    # Several jobs under one roof: what most of them are.
    level, count = listed.most_common(1)[0] if listed else ("", 0)
    return level if level and 2 * count > listed.total() else None


def _level(text: str, start: int, end: int) -> str | None:
    """The level that the words at a place name when they are read as a title."""
    word = re.match(r"[\w .\-]*", text[start : end + 12])
    return of_title(" ".join(word.group().split()[:2])) if word else None


def _offered(low: str, start: int, job: int, titled: bool) -> bool:
    """Whether a job with its level is the one on offer: a text without a title opens with it, or "the" job "will" …"""
    if not titled and start < _HEAD:
        return "experience" not in low[:start]
    if not titled and start < _OPENING and _SENTENCE.search(low, max(0, start - 4), start):
        return _TITLE_END.match(low, job) is not None
    return low.endswith("the ", 0, start) and _acts().match(low, job) is not None


def _names_a_job(low: str, start: int, end: int) -> int:
    """Where the job ends that a level in a lower-cased text belongs to ("a lead data engineer"); 0 where the level
    belongs to a verb or a crowd."""
    data = rules.load("seniority")["text"]
    if low[start:end] in data["alone"] or (low.startswith("lead", start) and low[max(0, start - 3) : start] == "to "):
        return end if low[start:end] in data["alone"] else 0
    found = _jobs().match(low, end)
    return found.end() if found else 0


@cache
def _acts() -> re.Pattern[str]:
    data = rules.load("seniority")["text"]
    return re.compile(rf"\w*[^.;:!\n]{{0,40}}?\b{data['acts']}")


@cache
def _jobs() -> re.Pattern[str]:
    data = rules.load("seniority")["text"]
    return re.compile(rf"(?!er|ing|s\b)[^.,;:!\n]{{0,45}}?\b(?:{data['jobs']}|{data['roles']})")
