"""Normal forms of what foreign APIs send: numbers, dates, workplaces, employment types, pay."""

from __future__ import annotations

import datetime as dt
import math
import re

_MILLISECONDS = 10**11  # as seconds this is the year 5138: larger numbers are milliseconds
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:$|[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)"
)
_FIRST, _LAST = dt.date(1995, 1, 1), dt.date(2100, 1, 1)


def number_of(value: object) -> float | None:
    """A finite float from a number or from text like "60,000" or "60000.50"; None otherwise."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        value = re.sub(r"(?<=\d)[,_ ](?=\d{3}\b)", "", value.strip())
        if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,6})?", value):
            return None
    if not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (OverflowError, ValueError):
        return None
    return number if math.isfinite(number) else None


def date_of(value: object) -> dt.date | None:
    """The UTC date of ISO text ("2026-03-01", "2026-03-01T23:30:00-05:00", "2026-03-01 10:00:00 UTC") or of an epoch
    in seconds or milliseconds, told apart by magnitude. None for anything else or outside 1995 to 2100."""
    if isinstance(value, str):
        date = _date_of_text(value.strip())
        if date is None and value.strip().isdecimal():
            return date_of(int(value.strip()[:20]))
    elif isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
        try:
            date = dt.datetime.fromtimestamp(seconds, dt.UTC).date()
        except (OverflowError, OSError, ValueError):
            return None
    else:
        return None
    return date if date is not None and _FIRST <= date < _LAST else None


def _date_of_text(value: str) -> dt.date | None:
    match = _ISO.match(value)
    if not match:
        return None
    year, month, day, hour, minute, second, zone = match.groups()
    try:
        moment = dt.datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=dt.UTC
        )
    except ValueError:
        return None
    if zone and zone[0] in "+-":
        shift = dt.timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
        moment = moment - shift if zone[0] == "+" else moment + shift
    return moment.date()


_WORKPLACES = {
    "remote": "remote", "fully remote": "remote", "telecommute": "remote", "telecommuting": "remote",
    "hybrid": "hybrid", "onsite": "onsite", "on site": "onsite", "in office": "onsite", "office": "onsite",
}  # fmt: skip


def workplace_of(value: str) -> str | None:
    """ "On-site", "OnSite", "on_site", "REMOTE", "Hybrid (Remote & On-site)" … as onsite, remote or hybrid; None for
    anything else."""
    plain = re.sub(r"\([^()]{0,80}\)$", "", value.strip())
    return _WORKPLACES.get(re.sub(r"[-_\s]+", " ", plain).strip().lower())


_EMPLOYMENT = {
    "fulltime": "full_time", "full": "full_time", "permanent": "full_time", "festanstellung": "full_time",
    "vollzeit": "full_time", "part": "part_time", "parttime": "part_time", "teilzeit": "part_time",
    "contract": "contract",
    "contractor": "contract", "freelance": "contract", "temporary": "temporary", "temp": "temporary",
    "fixedterm": "temporary", "intern": "internship", "internship": "internship", "trainee": "internship",
    "praktikum": "internship", "workingstudent": "working_student", "werkstudent": "working_student",
}  # fmt: skip
EMPLOYMENT_TYPES = frozenset(_EMPLOYMENT.values())


def employment_of(value: str) -> str | None:
    """Usual spellings of employment types in one form ("FULL_TIME", "Full-time" give full_time); others lower-cased
    as they are; None for an empty one."""
    plain = value.strip().lower()
    letters = re.sub(r"[^a-z]", "", plain)
    # "Full-time permanent" and "Vollzeit, unbefristet" say more than one thing; the hours are what we ask for.
    longer = next((name for word, name in _EMPLOYMENT.items() if len(word) > 6 and word in letters), plain[:60])
    return _EMPLOYMENT.get(letters, longer) or None


_PERIODS = {
    "year": "year", "yearly": "year", "annual": "year", "annually": "year", "annum": "year", "jahr": "year",
    "month": "month", "monthly": "month", "monat": "month", "week": "week", "weekly": "week", "day": "day",
    "daily": "day", "hour": "hour", "hourly": "hour", "stunde": "hour", "mon": "month", "ann": "year", "hur": "hour",
}  # fmt: skip


def period_of(value: str) -> str | None:
    """ "per-year-salary", "1 YEAR", "HOURLY" … as year, month, week, day or hour; None for anything else."""
    for word in re.findall(r"[a-z]+", value.lower()):
        if word in _PERIODS:
            return _PERIODS[word]
    return None


_CURRENCIES = {
    "$": "USD",
    "€": "EUR",
    "£": "GBP",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "US$": "USD",
    "₹": "INR",
    "CHF": "CHF",
}
_AMOUNT = r"(\d{1,3}(?:[,.]\d{3})+|\d+(?:[.,]\d{1,2})?)\s?(k|K)?"
_MARK = r"(US\$|CA\$|C\$|A\$|[$€£₹]|USD|EUR|GBP|CAD|AUD|CHF)"
_PAY = re.compile(
    rf"(?:{_MARK}\s?{_AMOUNT}|{_AMOUNT}\s?{_MARK})(?:\s?(?:-|–|—|to)\s?{_MARK}?\s?{_AMOUNT})?\s?{_MARK}?"
    r"\s*(?:/|per |a |an )?\s*(hour|hr|h\b|day|week|month|mo\b|year|yr|annum)?",
    re.IGNORECASE,
)
_MARK_LAST = re.compile(rf"(?<![\d$€£₹])(\d[\d.,]*\s?k?)\s?(?:-|–|—|to)\s?(\d[\d.,]*\s?k?)\s?{_MARK}", re.IGNORECASE)
_SHORT_PERIODS = {"hr": "hour", "h": "hour", "mo": "month", "yr": "year", "annum": "year"}


def pay_of(text: str) -> tuple[float | None, float | None, str, str | None] | None:
    """Pay written in a short field: "$175k - $225k", "£60-80k", "14$/hour", "$33,6k–$50,4k". The period is None
    where none is written. None if there is no amount with a currency, or it can't be pay (a share, a sum raised)."""
    # A mark after a range counts for both ends: "100-150k EUR" is read as "EUR 100-150k".
    text = _MARK_LAST.sub(r"\3 \1-\2", text[:500])
    match = _PAY.search(text)
    if match is None:
        return None
    mark, low, low_k, low_after, low_after_k, mark_after, mark_high, high, high_k, mark_end, unit = match.groups()
    marks = [found.upper() for found in (mark_end, mark, mark_after, mark_high) if found]
    # A code beside a sign is the nearer word: "$300-600k AUD".
    sign = next((found for found in marks if found.isalpha()), marks[0])
    currency = _CURRENCIES.get(sign, sign)
    lowest = _amount(low or low_after, low_k or low_after_k or (high_k if high else None))
    highest = _amount(high, high_k or low_k or low_after_k) if high else lowest
    period = _SHORT_PERIODS.get((unit or "").lower(), (unit or "").lower()) or None
    if lowest < 5 or highest >= 2_000_000 or (period is None and lowest < 1_000):
        return None
    return min(lowest, highest), max(lowest, highest), currency, period


def _amount(number: str, thousands: str | None) -> float:
    # "60,000" and "60.000" group by threes; "33,6" and "33.6" have a decimal part.
    plain = re.sub(r"[,.](?=\d{3}\b)", "", number).replace(",", ".")
    return float(plain) * (1000 if thousands and float(plain) < 2_000 else 1)
