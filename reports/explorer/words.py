"""Codes of the data as words for people."""

from __future__ import annotations

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


def label(field: str, value: str) -> str:
    """`senior` as `Senior`, `unstated` as `Not stated`; what has no word stays as it is."""
    return "Not stated" if value == UNSTATED else _WORDS.get(field, {}).get(value, value)
