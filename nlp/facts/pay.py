"""What a job pays, as its text states it, apart from all the other money that postings talk about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice

from nlp.facts import rules
from nlp.facts.money import LAKH, Amount, amounts
from nlp.records import Salary

HOURS_PER_YEAR = 2_080
"""40 hours in each of 52 weeks: what US postings mean by full time."""
DAYS_PER_YEAR = 220
"""Working days that a contractor can bill: 52 weeks of five days less holidays, leave and illness."""
WEEKS_PER_YEAR = 52
MONTHS_PER_YEAR = 12
"""Thirteenth and fourteenth salaries are left out: texts rarely say whether they are in."""

PERIODS = {"year": 1, "month": MONTHS_PER_YEAR, "week": WEEKS_PER_YEAR, "day": DAYS_PER_YEAR, "hour": HOURS_PER_YEAR}

# What one period can pay, in dollars, euros or pounds; other currencies are scaled by [scale] in data/pay.toml.
_BOUNDS = {
    "year": (8_000, 2_500_000),
    "month": (400, 60_000),
    "week": (150, 15_000),
    "day": (60, 5_000),
    "hour": (5, 700),
}
_MOST = 200
"""Amounts looked at in one text."""
_BEFORE, _BEHIND = 110, 48
"""Characters of context that are read on either side of an amount."""

_UNIT = (
    r"(?:\s*(?:(?:/|per|a|an|p\.)\s*(?:year|yr|hour|hr|month|mo|annum|day|week)|annual(?:ly|ized)?|hourly|base|brutto"
    r"|gross|OTE))?"
)
_RANGE = re.compile(
    rf"{_UNIT}\.?\s*\+?(?:[-–—−‑~→]{{1,2}}|\b(?:to|bis|à|tot|up\s+to|through|hasta|jusqu'à)\b|[^.$€£\d]{{1,40}}\bup\s+to\b"
    r"|\bin\s+our\s+lowest[\w\s]{1,24}\bto\b"
    r"|\W{0,6}(?:pay\s+range\s*-\s*)?(?:max(?:imum)?|end|high)\b(?:\s+(?:salary|pay|rate))?\W{0,6})\s*",
    re.IGNORECASE,
)
_RANGE_AND = re.compile(rf"{_UNIT}\s*\b(?:and|und|et|y|e|en|a)\b\s*", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:between|from|entre|zwischen|tussen|von|de|desde|van|tra|fra)\W{0,3}\Z", re.IGNORECASE)
_UP_TO = re.compile(
    r"(?:\bup\s+to|\bbis\s+zu|\bjusqu'à|\bhasta|\bmax(?:imum|\.)?|\btot)\s*(?:\ban?\s+)?\Z|<\s*\Z", re.IGNORECASE
)
_AT_LEAST = re.compile(
    r"(?:\b(?:from|starting(?:\s+(?:salary|pay|rate))?(?:\s+(?:at|from|of|is|around|about))*"
    r"|at\s+least|min(?:imum|destens|\.)?|ab|à\s+partir\s+de|desde|vanaf)|>)\s*\Z",
    re.IGNORECASE,
)
_CLAUSE = re.compile(r"[.;!?](?=\s)|[\n\r|•·●]")
_TOTAL = re.compile(
    r"\b(?:OTE|on[- ]target|total\s+(?:cash|compensation|comp|target|rewards?|earnings))\b", re.IGNORECASE
)
_SHARE = re.compile(r"\W{1,6}\d+(?:\.\d+)?%\s*[-–—]\s*\d")
"""A range of shares behind an amount, as start-ups state pay ("$150K - $180K • 0.5% - 1.0%")."""
_EQUITY_401K = re.compile(r"40[13]\s?\(?[kKbB]\b")


@dataclass(frozen=True, slots=True)
class _Offer:
    """A range of amounts that may be the pay; the higher `score`, the surer."""

    start: int
    low: float | None
    high: float | None
    currency: str | None
    period: str
    score: int
    ranged: bool


@cache
def _rules() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = rules.load("pay")
    return (
        rules.any_of(data["cues"]["before"], before=r"(?<!\w)"),
        rules.any_of(
            data["cues"]["after"], before=r"\W{0,6}(?:USD|EUR|CAD|GBP|[A-Z]{3})?\W{0,3}(?:(?:/|per|a|an)\s*\w+\W{0,4})?"
        ),
        rules.any_of(data["others"]["before"], before=r"(?<!\w)"),
        rules.any_of(
            data["others"]["after"], before=r"[^\w.;\n]{0,4}(?:(?:USD|EUR|a|an|of|per|annual|monthly)\s+){0,2}"
        ),
    )


@cache
def _periods() -> tuple[dict[str, re.Pattern[str]], dict[str, re.Pattern[str]]]:
    """For each period its names behind an amount and before one."""
    words = rules.load("pay")["periods"]
    glue = (
        r"[^\w/€$£]{0,4}(?:(?:USD|EUR|GBP|CAD|CHF|gross|base|brut(?:to|os?|s)?|OTE|DOE|net(?:to)?)\W{1,3}){0,2}"
        r"(?:/|p\.|(?:per|an?|pro|par|al|por|im|each|every|à\s+l|de\s+l|la|die|the|je)\b)?\W{0,3}"
    )
    return (
        {period: rules.any_of(names, before=glue) for period, names in words.items()},
        {period: rules.any_of(names, before=r"(?<!\w)") for period, names in words.items()},
    )


def extract(text: str) -> Salary | None:
    """What the job pays, as stated.

    Args:
        text: a posting, or a field such as "$128K - $183K (Employer est.)".

    Returns:
        The amounts in the stated currency and period; `min` and `max` are equal where one amount is stated and one of
        them is None for "up to" and "from". Ranges for several places or levels give the smallest and the largest
        amount. None where the text states no pay: benefits, bonuses, funding and revenue are none.
    """
    offers = [offer for offer in islice(_offers(text), _MOST) if offer.score >= 2]
    if not offers:
        return None
    ranged, most = max((offer.ranged, offer.score) for offer in offers)
    # Of pay in two currencies the first, unless words speak far more for the other.
    best = next(offer for offer in offers if offer.ranged == ranged and offer.score >= most - 1)
    same = [o for o in offers if (o.currency, o.period, o.ranged) == (best.currency, best.period, best.ranged)]
    lows = [o.low for o in same if o.low is not None]
    highs = [o.high for o in same if o.high is not None]
    if not best.ranged:
        same = [best]
        lows, highs = [v for v in (best.low,) if v is not None], [v for v in (best.high,) if v is not None]
    return Salary(min(lows, default=None), max(highs, default=None), best.currency, best.period)


def in_country(salary: Salary | None, country: str | None, text: str) -> Salary | None:
    """The same pay with a bare "$" read as the dollar of the job's country (ISO 3166-1 alpha-2), unless US dollars are
    named; where the country is not known, of the only country whose words the text holds."""
    if salary is None or salary.currency != "USD" or "USD" in text or "US$" in text:
        return salary
    dollars = rules.load("pay")["dollars"]
    own = dollars.get(country) if country is not None else _only_dollar(text, dollars)
    return salary if own is None else replace(salary, currency=own)


def _only_dollar(text: str, dollars: dict[str, str]) -> str | None:
    """The dollar of the only country whose words a text holds; None for none, several, or one without its own."""
    named = None
    for code, words in _dollar_words().items():
        if words.search(text if words.flags & re.IGNORECASE else rules.lowered(text)):
            if named is not None or code not in dollars:
                return None
            named = code
    return dollars[named] if named is not None else None


@cache
def _dollar_words() -> dict[str, re.Pattern[str]]:
    """Words of countries, for texts in lower case where it can be: without regard to case takes four times as long."""
    return {
        code: re.compile(words, re.IGNORECASE if "(?-i:" in words else 0)
        for code, words in rules.load("pay")["dollar_words"].items()
    }


def per_year(salary: Salary) -> tuple[float | None, float | None] | None:
    """Minimum and maximum pay per year in the same currency; None where the period is not stated.

    The conventions are HOURS_PER_YEAR, DAYS_PER_YEAR, WEEKS_PER_YEAR and MONTHS_PER_YEAR.
    """
    if salary.period not in PERIODS:
        return None
    times = PERIODS[salary.period]
    return (
        None if salary.min is None else salary.min * times,
        None if salary.max is None else salary.max * times,
    )


def completed(stated: Salary, found: Salary | None) -> Salary:
    """What a board states, with the currency and period that it leaves out: those of the pay that the text names with
    the same amounts, else the period that the size of the amount leaves no doubt about."""
    same = found is not None and (found.min, found.max) == (stated.min, stated.max)
    currency = stated.currency or (found.currency if found and same else None)
    period = stated.period or (found.period if found and same else None)
    if period is None and (amount := stated.max or stated.min) is not None:
        period = _period("", "", "", amount, currency)[0]
    return replace(stated, currency=currency, period=period)


def _offers(text: str) -> Iterator[_Offer]:
    previous: Amount | None = None
    for amount in amounts(text):
        if previous is not None:
            pair = _pair(text, previous, amount)
            if pair is not None:
                yield from _judge(text, *pair, ranged=True)
                previous = pair[1] if pair[1].end > amount.start else None
                continue
            yield from _single(text, previous)
        previous = amount
    if previous is not None:
        yield from _single(text, previous)


def _pair(text: str, a: Amount, b: Amount) -> tuple[Amount, Amount] | None:
    """Two amounts that a text joins to a range; what only one of them states, currency or thousands, holds for both."""
    gap = text[a.end : b.start]
    if len(gap) > 60 or not (a.currency or b.currency or a.kilo or b.kilo or (a.grouped and b.grouped)):
        return None
    slash = gap == "/" and b.kilo and a.value < b.value  # "38/52K€"
    if (
        not slash
        and not _RANGE.fullmatch(gap)
        and not (_RANGE_AND.fullmatch(gap) and _BETWEEN.search(text[max(0, a.start - 14) : a.start]))
    ):
        return None
    if a.currency and b.currency and a.currency != b.currency and not (text[a.start] == "$" or text[b.start] == "$"):
        return None
    currency = b.currency if a.currency is None or (text[a.start] == "$" and b.currency) else a.currency
    low, high = a.value * (1_000 if a.kilo else 1), b.value * (1_000 if b.kilo else 1)
    if b.kilo and not a.kilo and low < 1_000:
        low *= 1_000
    if a.kilo and not b.kilo and high < 1_000:
        high *= 1_000
    if b.lakh and not a.lakh and low < 1_000:
        low *= LAKH
    if low > high or low <= 0 or high > 20 * low:
        return None
    return replace(a, value=low, currency=currency, kilo=False), replace(b, value=high, currency=currency, kilo=False)


def _single(text: str, amount: Amount) -> Iterator[_Offer]:
    if amount.currency is None and not amount.kilo:
        return
    value = amount.value * (1_000 if amount.kilo else 1)
    yield from _judge(text, replace(amount, value=value), replace(amount, value=value), ranged=False)


def _judge(text: str, a: Amount, b: Amount, *, ranged: bool) -> Iterator[_Offer]:
    """The offer that the amounts make, with a score; nothing where the size or the context rules pay out."""
    if a.huge or b.huge or _EQUITY_401K.match(text, b.start) or _EQUITY_401K.match(text, a.start):
        return
    before, behind = text[max(0, a.start - _BEFORE) : a.start], text[b.end : b.end + _BEHIND]
    # A heading on the line above ("Salary range:") belongs to the amount, a sentence does not.
    above = before if before.rstrip()[-1:] in ".;!?" else before.rstrip()
    cut = max((found.end() for found in _CLAUSE.finditer(above)), default=0)
    clause = before[cut:]
    period, stated = _period(before, behind, clause, b.value, a.currency)
    if period is None:
        return
    score = _score(before, clause, behind) + stated + (2 if ranged and (a.currency or stated) else int(ranged))
    if a.currency is None:
        score -= 1
    low: float | None = a.value
    high: float | None = b.value
    if not ranged:
        if _UP_TO.search(before):
            low = None
        elif _AT_LEAST.search(before) or text[b.end - 1 : b.end + 1].strip().endswith("+"):
            high = None
    yield _Offer(a.start, low, high, a.currency, period, score, ranged)


def _score(before: str, clause: str, behind: str) -> int:
    """How much the words around an amount speak for pay: cues less what else the money may be."""
    cue, cue_behind, other, other_behind = _rules()
    good = max((found.end() for found in cue.finditer(clause)), default=-1)
    bad = max((found.end() for found in other.finditer(clause)), default=-1)
    score = 2 if good >= 0 else 1 if cue.search(before) else 0
    if bad >= 0:
        score -= 4 if bad >= good else 1
    if _SHARE.match(behind):
        score += 4
    if other_behind.match(behind):
        score -= 3
    elif cue_behind.match(behind):
        score += 1
    return score


def _period(before: str, behind: str, clause: str, value: float, currency: str | None) -> tuple[str | None, int]:
    """The period of an amount, and how surely: named behind it (2 for hour and year), before it (1), by size (0)."""
    behind_names, before_names = _periods()
    scale = rules.load("pay")["scale"].get(currency or "", 1)
    fitting = [p for p, (least, most) in _BOUNDS.items() if least * scale <= value <= most * scale]
    named = [period for period in PERIODS if behind_names[period].match(behind)]
    for period in named:
        if period in fitting:
            return period, 2 if period in ("hour", "year") else 1
    if named and value < 15_000 * scale:  # "50 € a month" is no month's pay, and no hour's either
        return None, 0
    for period in PERIODS:
        if period in fitting and before_names[period].search(clause):
            return period, 1
    if "year" in fitting and value >= 15_000 * scale:
        return "year", 0
    if "hour" in fitting and value < 100 * scale:
        return "hour", 0
    if "month" in fitting and currency not in ("USD", "GBP") and value >= 1_000 * scale:
        return "month", 0
    return None, 0
