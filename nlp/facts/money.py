"""Amounts of money in a text: digits, currency and thousands in the notations of Europe, America and India."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from nlp.facts import rules

LAKH = 100_000
"""Indian salaries are stated in lakhs: "12 LPA" is 1,200,000 rupees a year."""
_SPACE = "[ \u00a0\u202f\u2009]"
# One expression that starts with a digit, so that the engine can skip from digit to digit.
_NUMBER = re.compile(r"[0-9][0-9.,'’]*")
# "110 000" is one number where its blanks do not break lines or where a currency stands behind it.
_SPACED = re.compile(
    rf"(?<=[$€£])\d{{1,3}}(?: \d{{3}})+(?!\d)"
    rf"|\d{{1,3}}(?:(?:[\u00a0\u202f\u2009]\d{{3}})+(?!\d)(?:[.,]\d{{1,2}})?"
    rf"|(?: \d{{3}})+(?:[.,]\d{{1,2}})?(?={_SPACE}?(?:[kK]?€|EUR|E\b|CHF|kr|SEK|NOK|PLN|zł|Kč|CZK|Ft)))"
)
_PLAIN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:[.'’]\d{3})+(?:,\d{1,2})?|\d{1,3}(?:['’]\d{3})+(?:\.\d{1,2})?|\d{1,2}(?:,\d{2})+,\d{3}"
    r"|\d{1,8}(?:[.,]\d{1,2})?"
)
# Millions and more are never one person's pay in the currencies whose pay fits DIGITS below.
_SUFFIX = re.compile(
    rf"(?:[.,][-–—]{{1,2}})?(?:{_SPACE}?(?P<kilo>[kK]|[tT]sd\.?|mille)(?![A-Za-z'’])|(?P<kilo_euro>T)(?=€)"
    rf"|{_SPACE}?(?P<lakh>lakhs?|lacs?|LPA)\b"
    rf"|(?P<huge>[mMbB]{{1,2}}[nN]?(?![A-Za-z])|{_SPACE}?(?i:m(?:illions?|io|illones|illionen)|b(?:illions?|n)|mrd|milliarde?n?|trillions?|quadrillions?|crores?)\b))?\+?"
)


@dataclass(frozen=True, slots=True)
class Amount:
    """One amount; `start` and `end` take in the currency, `value` is without thousands suffixes when `kilo`."""

    start: int
    end: int
    value: float
    currency: str | None
    kilo: bool
    huge: bool
    lakh: bool
    grouped: bool


@cache
def _currency() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    """The expressions for a currency before and behind digits, and what each spelling means."""
    data = rules.load("pay")
    names = {**{code: data["codes"].get(code, code) for code in data["codes"]["list"]}, **data["symbols"]}
    codes = "|".join(sorted(data["codes"]["list"]))
    symbols = "|".join(re.escape(s) for s in sorted(data["symbols"], key=len, reverse=True))
    before = re.compile(
        rf"(?:(?<![A-Za-z])(?P<code>{codes}){_SPACE}?)?(?P<symbol>(?<![A-Za-z])(?:{symbols}))?{_SPACE}{{0,2}}\Z"
    )
    behind = re.compile(rf"{_SPACE}?(?:(?P<code>{codes})(?![A-Za-z])|(?P<symbol>{symbols})(?!{_SPACE}?\d|[A-Za-z]))")
    return before, behind, names


def amounts(text: str) -> Iterator[Amount]:
    """Every number of a text that may be an amount of money, in order; the cost is linear in `len(text)`."""
    before, behind, names = _currency()
    reached = 0
    for number in _NUMBER.finditer(text):
        start = number.start()
        end = start + len(number.group().rstrip(".,'’"))
        if start < reached:
            continue
        spaced = _SPACED.match(text, start) if end - start <= 3 else None
        if spaced is None and not _PLAIN.fullmatch(text, start, end):
            continue
        if spaced is not None:
            end = spaced.end()
        reached = end
        head = before.search(text[max(0, start - 10) : start]) if _ends_currency(text, start) else None
        prefix = head.group() if head else ""
        currency = names.get((head["code"] or head["symbol"] or "") if head else "")
        if start and text[start - 1].isalpha() and not currency:
            continue
        suffix = _SUFFIX.match(text, end)
        assert suffix is not None  # every part of it is optional
        tail = behind.match(text, suffix.end())
        if tail and (currency is None or tail["code"]):
            currency = names[tail["code"] or tail["symbol"]]
        value = _value(text[start:end])
        if suffix["lakh"]:
            value, currency = value * LAKH, currency or "INR"
        yield Amount(
            start - len(prefix.lstrip()) if currency else start,
            tail.end() if tail else suffix.end(),
            value,
            currency,
            bool(suffix["kilo"] or suffix["kilo_euro"]) and value < 1_000,  # "100,000k" is a slip
            bool(suffix["huge"]),
            bool(suffix["lakh"]),
            end - start > 4 and not text[start:end].isdigit(),
        )


def _ends_currency(text: str, at: int) -> bool:
    """A cheap first look: whether what stands before a number may be a currency."""
    for i in range(at - 1, max(at - 4, -1), -1):
        if not text[i].isspace():
            return text[i] in "$€£¥₹₪₩₺łč.s" or text[i].isupper()
    return False


def _value(digits: str) -> float:
    """The number that digits with grouping and decimal marks stand for: "24.000" is 24000, "12.52" is 12.52."""
    if digits.isdecimal():
        return float(digits)
    digits = re.sub(r"[\s'’]", "", digits)
    marks = [c for c in digits if c in ".,"]
    if marks and (len(set(marks)) == 2 or len(marks) == 1) and not re.fullmatch(r"\d{1,3}[.,]\d{3}", digits):
        whole, decimals = re.split(rf"\{marks[-1]}(?=\d*\Z)", digits)
        if len(decimals) <= 2:
            return float(re.sub(r"[.,]", "", whole) + "." + decimals)
    return float(re.sub(r"[.,]", "", digits))
