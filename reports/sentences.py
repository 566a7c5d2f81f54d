"""Findings in words, composed from numbers: right plural, right rounding, no claim that an interval does
not carry.

A share is written with no more decimals than its interval allows, two shares are called different only when
their intervals lie apart, and a place is given as a single place only when the rank interval is one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

LEVEL = "95% interval"


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with its 95 % interval; a share lies in [0, 1]."""

    value: float
    low: float
    high: float

    @property
    def known(self) -> bool:
        """Whether all three are numbers: what is not known is never written as one."""
        return all(math.isfinite(x) for x in (self.value, self.low, self.high))

    def widened(self, by: float) -> Estimate:
        """The same number with an interval `by` times as wide to either side."""
        return Estimate(
            self.value, self.value - by * (self.value - self.low), self.value + by * (self.high - self.value)
        )


def whole(number: float) -> str:
    """12345 as 12,345."""
    return f"{round(number):,}"


def plural(number: float, singular: str, many: str | None = None) -> str:
    """`1 posting`, `2,301 postings`, `no postings`."""
    count = round(number)
    noun = singular if count == 1 else (many or f"{singular}s")
    return f"{'no' if count == 0 else whole(count)} {noun}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def decimals(low: float, high: float) -> int:
    """Decimals that [low, high] carries: the last digit written is no finer than a tenth of the interval's
    width."""
    half = (high - low) / 2
    if not math.isfinite(half) or half <= 0:
        return 0
    return max(0, min(3, -math.floor(math.log10(half * 2))))


def _percents(estimate: Estimate) -> tuple[str, str, str]:
    low, value, high = (100 * x for x in (estimate.low, estimate.value, estimate.high))
    places = min(decimals(low, high), 2)
    return tuple(f"{x:.{places}f}" for x in (value, low, high))  # type: ignore[return-value]


def percent(estimate: Estimate) -> str:
    """`42%`: the value alone, rounded to what its interval carries."""
    if not estimate.known:
        return "not known"
    value = _percents(estimate)[0]
    if float(value) == 0 and estimate.value > 0:
        return f"under {10 ** -decimals(100 * estimate.low, 100 * estimate.high):g}%"
    return f"{value}%"


def percent_range(estimate: Estimate) -> str:
    """`38–46%`: the interval alone."""
    if not estimate.known:
        return "not known"
    _, low, high = _percents(estimate)
    return f"{low}–{high}%"


def span(estimates: Sequence[Estimate]) -> str:
    """`54% to 66%`: from the lowest to the highest value, in whole percent."""
    ends = min(one.value for one in estimates), max(one.value for one in estimates)
    return f"{100 * ends[0]:.0f}% to {100 * ends[1]:.0f}%"


def share(estimate: Estimate, first: bool = True) -> str:
    """`42% (95% interval 38–46%)`; `first=False` leaves the words out: `42% (38–46%)`."""
    if not estimate.known:
        return "not known"
    return f"{percent(estimate)} ({LEVEL + ' ' if first else ''}{percent_range(estimate)})"


def times(estimate: Estimate) -> str:
    """`3.2 times (95% interval 2.6–4.0)` for a ratio."""
    if not estimate.known:
        return "not known"
    places = min(decimals(estimate.low, estimate.high), 2)
    return f"{estimate.value:.{places}f} times ({LEVEL} {estimate.low:.{places}f}–{estimate.high:.{places}f})"


def money(estimate: Estimate, currency: str) -> str:
    """`USD 150,000 (95% interval 142,000–158,000)`: rounded to what the interval carries, never finer than
    100."""
    if not estimate.known:
        return "not known"
    half = max((estimate.high - estimate.low) / 2, 1.0)
    unit = max(100, 10 ** math.floor(math.log10(half)))
    value, low, high = (whole(round(x / unit) * unit) for x in (estimate.value, estimate.low, estimate.high))
    return f"{currency} {value} ({LEVEL} {low}–{high})"


def at_least(estimate: Estimate) -> str:
    """`at least 18 times`: the lower end of a ratio's interval, rounded down, where the interval is too wide for the
    ratio itself to say much."""
    low = math.floor(estimate.low) if estimate.low >= 3 else math.floor(10 * estimate.low) / 10
    return f"at least {low:g} times"


def versus(first: Estimate, second: Estimate) -> str:
    """`more often than`, `less often than` or, where the intervals meet, `about as often as`.

    Intervals that lie apart are a conservative test of a difference: what they carry, a test of the
    difference carries.
    """
    if first.known and second.known:
        if first.low > second.high:
            return "more often than"
        if first.high < second.low:
            return "less often than"
    return "about as often as"


def points(difference: Estimate, signed: bool = False) -> str:
    """A difference of shares: `3 points (95% interval 1–5)`, its direction left to the verb; `signed` writes
    `-3 points (95% interval -5 to -1)`."""
    if not difference.known:
        return "not known"
    places = min(decimals(100 * difference.low, 100 * difference.high), 2)
    low, value, high = (100 * x for x in (difference.low, difference.value, difference.high))
    if signed:
        return f"{value:+.{places}f} points ({LEVEL} {low:+.{places}f} to {high:+.{places}f})"
    if value < 0:
        low, high = -high, -low
    return f"{abs(value):.{places}f} points ({LEVEL} {low:.{places}f}–{high:.{places}f})"


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th, 21st."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def places(low: float, high: float) -> str:
    """`3rd` or `3rd–7th`: the ranks that a rank interval leaves open; an en dash alone where there is
    none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "–"
    return ordinal(int(low)) if low == high else f"{ordinal(int(low))}–{ordinal(int(high))}"


def half(estimate: Estimate) -> str:
    """On which side of one half the interval lies: `more`, `fewer`, or nothing where it holds one half."""
    return "more" if estimate.low > 0.5 else "fewer" if estimate.high < 0.5 else ""


def most(estimate: Estimate, of_whom: str, what: str, corrected: Estimate | None = None) -> str:
    """Whether most `of_whom` do `what`: `Yes`, `No`, or that it cannot be decided; a corrected share must agree."""
    if not estimate.known:
        return f"There are too few {of_whom} to say how many {what}."
    both = [estimate] if corrected is None else [estimate, corrected]
    sides = [half(one) for one in both]
    text = f"{share(estimate)} of {of_whom} {what}"
    if corrected is not None:
        text += f", and {share(corrected, first=False)} once the classifier's errors are corrected"
    if len(set(sides)) == 1 and sides[0]:
        return f"{'Yes, most do' if sides[0] == 'more' else 'No, most do not'}: {text}."
    if corrected is None:
        return f"It cannot be decided: {text}, and that interval holds one half."
    holds = sides.count("")
    why = ("the two lie on different sides of", "one of the two intervals holds", "both intervals hold")[holds]
    return f"It cannot be decided: {text}; {why} one half."


def leader(name: str, estimate: Estimate, rivals: Sequence[str], whose: str) -> str:
    """Who leads a ranking. `rivals`: the names that cannot be told apart from the first (its rank set)."""
    head = f"{name}, in {share(estimate)} of {whose}"
    if not rivals:
        return f"Asked for most: {head}, more often than any other skill."
    few = list(rivals[:3])
    more = len(rivals) - len(few)
    others = listed([*few, plural(more, "more skill")] if more else few)
    return f"Found most often: {head}; it cannot be told apart from {others}."


def within(name: str) -> str:
    """A name as it stands inside a sentence: `Natural language processing` as `natural language
    processing`, but what has a capital or digit after its first letter (`NLP`, `SQL`, `3D`) as it is."""
    return name if any(ch.isupper() or ch.isdigit() for ch in name[1:]) else name[:1].lower() + name[1:]
