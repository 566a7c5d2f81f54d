"""Codes of the data as words for people."""

from __future__ import annotations

from functools import cache

from reports import facets, theme
from reports.explorer.state import LEVELS, NO_TRACK, UNSTATED

FIELDS: dict[str, str] = {
    "track": "Track",
    "level": "Level",
    "seniority": "Seniority",
    "workplace": "Workplace",
    "country": "Country",
    "employer": "Employer",
    "source": "Source",
    "period": "Period",
    "skill": "Skills asked for",
}
_WORDS: dict[str, dict[str, str]] = {
    "track": {**theme.TRACKS, NO_TRACK: "None of the three"},
    "level": LEVELS,
    **facets.WORDS,
}


UNTITLED = "(no title)"


def label(field: str, value: str) -> str:
    """`senior` as `Senior`, `unstated` as `Not stated`; what has no word stays as it is."""
    if value == UNSTATED:
        return "Not stated"
    return country(value) if field == "country" else _WORDS.get(field, {}).get(value, value)


@cache
def country(code: str) -> str:
    """`DE` as `Germany`; a code that no country has stays as it is."""
    import pycountry

    found = pycountry.countries.get(alpha_2=code)
    return code if found is None else str(getattr(found, "common_name", found.name))
