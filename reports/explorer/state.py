"""The address of a view: filters to a query string and back. Every view has one address, and any address is answered.

What an address names and the data does not have is left out and said in words: a shared address outlives the data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from urllib.parse import parse_qsl, urlencode

LEVELS: dict[str, str] = {
    "asked": "required or preferred",
    "required": "required",
    "preferred": "preferred",
    "any": "named anywhere",
}
"""Which mentions make a posting count for a skill; the first is what the report counts."""

COVERS = ("40", "50", "60", "70", "80", "100")
"""Per cent of a posting's required skills that one may have to have for it to be open; the path's choice."""

UNSTATED = "unstated"
"""Stands in an address for postings that do not state the field."""

NO_TRACK = "none"
LONGEST = 6000
MOST = 40
MONTH = re.compile(r"(19|20)\d\d-(0[1-9]|1[0-2])")
MANY = ("track", "seniority", "workplace", "country", "employer", "source", "skill")
ONE = ("level", "since", "until")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a selection keeps; an empty tuple keeps everything. Hashable, so that cohorts can be cached by it.

    track: any of these (`none` = no track at all). skill: all of these, at `level`. since, until: YYYY-MM, inclusive.
    """

    track: tuple[str, ...] = ()
    level: str = "asked"
    seniority: tuple[str, ...] = ()
    workplace: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    employer: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    skill: tuple[str, ...] = ()

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered out (the level alone filters no posting)."""
        return replace(self, level="asked") != Filters()

    def without(self, field_name: str) -> Filters:
        """These filters without what one field of MANY keeps."""
        return replace(self, **{field_name: ()})  # type: ignore[arg-type]

    def with_more(self, field_name: str, value: str) -> Filters:
        """These filters narrowed by one value of a chart: skills add up, every other field is set to the value.

        `period` takes `YYYY-MM..YYYY-MM`, and after a space `field=value` where a mark stands for one line of a chart,
        whose own filter is replaced. Several skills or tracks are joined by `+`.
        """
        if field_name == "period":
            period, _, line = value.partition(" ")
            since, _, until = period.partition("..")
            kind, _, kept = line.partition("=")
            there = replace(self, since=since, until=until)
            return there.without(kind).with_more(kind, kept) if kind in MANY else there
        if field_name == "skill":
            return replace(self, skill=tuple(dict.fromkeys([*self.skill, *value.split("+")])))
        if field_name == "track":
            return replace(self, track=tuple(value.split("+")))
        if field_name in MANY:
            return replace(self, **{field_name: (value,)})  # type: ignore[arg-type]
        return self


@dataclass(frozen=True, slots=True)
class View:
    """What an address shows: selection A, selection B (compare), one posting, and the skills of the reader (path)."""

    a: Filters = field(default_factory=Filters)
    b: Filters = field(default_factory=Filters)
    posting: str | None = None
    have: tuple[str, ...] = ()
    cover: str = "60"
    problems: tuple[str, ...] = ()


def encode(view: View) -> str:
    """The query string of a view with its `?`, or an empty string for the first screen; fields in a fixed order."""
    pairs = [*_pairs(view.a, ""), *_pairs(view.b, "b.")]
    pairs += [("have", one) for one in view.have]
    if view.cover != "60":
        pairs.append(("cover", view.cover))
    if view.posting:
        pairs.append(("id", view.posting))
    return f"?{urlencode(pairs)}" if pairs else ""


def _pairs(filters: Filters, prefix: str) -> list[tuple[str, str]]:
    out: list[tuple[str, str]] = []
    for one in fields(Filters):
        value = getattr(filters, one.name)
        if one.name in MANY:
            out += [(prefix + one.name, item) for item in value]
        elif value and not (one.name == "level" and value == "asked"):
            out.append((prefix + one.name, value))
    return out


def parse(query: str | None, known: Mapping[str, Sequence[str] | Mapping[str, object]]) -> View:
    """The view that a query string names.

    Args:
        query: with or without `?`; nothing in it is trusted.
        known: for each field of MANY the values that the data has.
    """
    text = (query or "").lstrip("?")
    problems: list[str] = []
    if len(text) > LONGEST:
        problems.append("The address is too long; what follows its first part is left out.")
        text = text[:LONGEST].rpartition("&")[0]
    try:
        pairs = parse_qsl(text, keep_blank_values=False, max_num_fields=400, errors="replace")
    except ValueError:
        return View(problems=("The address has too many parts; no filter is set.",))
    given: dict[str, list[str]] = {}
    for key, value in pairs:
        given.setdefault(key, []).append(value)
    a = _filters(given, "", known, problems)
    b = _filters(given, "b.", known, problems)
    have = _known_values(given.pop("have", []), "skill", known, problems)
    posting = next(iter(given.pop("id", [])), None)
    cover = next(iter(given.pop("cover", [])), "60")
    if cover not in COVERS:
        problems.append(f"“{_short(cover)}” is no part of the required skills; use one of {', '.join(COVERS)}.")
        cover = "60"
    problems += [f"The address names “{_short(key)}”, which is no filter; it is left out." for key in list(given)[:3]]
    return View(a=a, b=b, posting=posting, have=have, cover=cover, problems=tuple(dict.fromkeys(problems)))


def _filters(
    given: dict[str, list[str]],
    prefix: str,
    known: Mapping[str, Sequence[str] | Mapping[str, object]],
    problems: list[str],
) -> Filters:
    found: dict[str, tuple[str, ...]] = {
        name: _known_values(given.pop(prefix + name, []), name, known, problems) for name in MANY
    }
    level = next(iter(given.pop(f"{prefix}level", [])), "asked")
    if level not in LEVELS:
        problems.append(f"“{_short(level)}” is no level; use one of {', '.join(LEVELS)}.")
        level = "asked"
    since, until = (_month(given, prefix + name, problems) for name in ("since", "until"))
    if since and until and since > until:
        problems.append(f"The period starts ({since}) after its end ({until}); it is left out.")
        since = until = None
    return Filters(level=level, since=since, until=until, **found)


def _known_values(
    values: list[str], name: str, known: Mapping[str, Sequence[str] | Mapping[str, object]], problems: list[str]
) -> tuple[str, ...]:
    allowed = known[name]
    kept = dict.fromkeys(value for value in values if value in allowed)
    lost = [value for value in dict.fromkeys(values) if value not in allowed]
    problems += [f"The data has no {name} “{_short(value)}”; it is left out." for value in lost[:3]]
    if len(lost) > 3:
        problems.append(f"{len(lost) - 3} more values of {name} are left out.")
    if len(kept) > MOST:
        problems.append(f"More than {MOST} values of {name}; the first {MOST} are used.")
    return tuple(kept)[:MOST]


def _month(given: dict[str, list[str]], key: str, problems: list[str]) -> str | None:
    value = next(iter(given.pop(key, [])), None)
    if value is not None and not MONTH.fullmatch(value):
        problems.append(f"“{_short(value)}” is no month; write YYYY-MM.")
        return None
    return value


def _short(value: str) -> str:
    clean = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
    return clean if len(clean) <= 40 else f"{clean[:39]}…"
