"""The findings in words: plural, rounding to what the interval carries, no claim beyond it."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports import sentences as say
from reports.sentences import Estimate


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (0.4231, 0.381, 0.462, "42% (95% interval 38–46%)"),
        (0.4231, 0.4201, 0.4262, "42.3% (95% interval 42.0–42.6%)"),
        (0.0031, 0.0012, 0.0074, "0.3% (95% interval 0.1–0.7%)"),
        (0.5, 0.1, 0.9, "50% (95% interval 10–90%)"),
        (0.001, 0.0, 0.03, "under 1% (95% interval 0–3%)"),
        (math.nan, 0.1, 0.2, "not known"),
    ],
)
def test_a_share_has_the_digits_that_its_interval_carries(value: float, low: float, high: float, text: str) -> None:
    assert say.share(Estimate(value, low, high)) == text


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_written_digits_are_never_finer_than_a_tenth_of_the_interval(a: float, b: float, c: float) -> None:
    low, value, high = sorted((a, b, c))
    written = re.findall(r"\d+\.?(\d*)", say.percent_range(Estimate(value, low, high)))
    if 100 * (high - low) >= 0.1:
        assert all(10 ** -len(decimals) >= 100 * (high - low) / 10 * 0.999 or not decimals for decimals in written)


@pytest.mark.parametrize(
    ("number", "text"), [(0, "no postings"), (1, "1 posting"), (2, "2 postings"), (12345, "12,345 postings")]
)
def test_plural(number: int, text: str) -> None:
    assert say.plural(number, "posting") == text


def test_an_irregular_plural_is_given() -> None:
    assert say.plural(3, "country", "countries") == "3 countries"
    assert say.plural(1, "country", "countries") == "1 country"


def test_two_shares_differ_only_when_their_intervals_lie_apart() -> None:
    low, mid, high = Estimate(0.1, 0.05, 0.15), Estimate(0.14, 0.1, 0.2), Estimate(0.4, 0.3, 0.5)
    assert say.versus(high, low) == "more often than"
    assert say.versus(low, high) == "less often than"
    assert say.versus(low, mid) == "about as often as"
    assert say.versus(low, Estimate(math.nan, math.nan, math.nan)) == "about as often as"


@pytest.mark.parametrize(
    ("low", "high", "start"), [(0.51, 0.6, "Yes"), (0.4, 0.49, "No"), (0.45, 0.56, "It cannot be decided")]
)
def test_most_needs_an_interval_on_one_side_of_one_half(low: float, high: float, start: str) -> None:
    sentence = say.most(Estimate((low + high) / 2, low, high), "postings", "ask for a track")
    assert sentence.startswith(start)
    assert "95% interval" in sentence


def test_a_leader_that_cannot_be_told_apart_is_not_called_the_first() -> None:
    best = Estimate(0.6, 0.55, 0.65)
    alone = say.leader("Python", best, [], "the postings")
    tied = say.leader("Python", best, ["SQL", "Java", "Go", "C++", "R"], "the postings")
    assert "more often than any other skill" in alone
    assert "more often than" not in tied
    assert "most:" not in tied
    assert "SQL, Java, Go and 2 more skills" in tied


@pytest.mark.parametrize(
    ("estimate", "signed", "text"),
    [
        (Estimate(0.031, 0.012, 0.05), False, "3 points (95% interval 1–5)"),
        (Estimate(-0.12, -0.2, -0.04), False, "12 points (95% interval 4–20)"),
        (Estimate(-0.12, -0.2, -0.04), True, "-12 points (95% interval -20 to -4)"),
        (Estimate(0.01, -0.03, 0.05), True, "+1 points (95% interval -3 to +5)"),
        (Estimate(math.nan, 0, 0), True, "not known"),
    ],
)
def test_a_difference_in_points(estimate: Estimate, signed: bool, text: str) -> None:
    assert say.points(estimate, signed) == text


@pytest.mark.parametrize(
    ("raw", "corrected", "start", "end"),
    [
        ((0.55, 0.65), (0.52, 0.7), "Yes, most do: 60%", "errors are corrected."),
        ((0.3, 0.4), (0.2, 0.45), "No, most do not: 35%", "errors are corrected."),
        ((0.55, 0.65), (0.45, 0.7), "It cannot be decided", "one of the two intervals holds one half."),
        ((0.45, 0.65), (0.45, 0.7), "It cannot be decided", "both intervals hold one half."),
        ((0.55, 0.65), (0.3, 0.4), "It cannot be decided", "the two lie on different sides of one half."),
    ],
)
def test_most_needs_the_corrected_share_to_agree(
    raw: tuple[float, float], corrected: tuple[float, float], start: str, end: str
) -> None:
    both = [Estimate(sum(ends) / 2, *ends) for ends in (raw, corrected)]
    sentence = say.most(both[0], "postings", "ask for a track", both[1])
    assert sentence.startswith(start)
    assert sentence.endswith(end)


@pytest.mark.parametrize(("low", "text"), [(18.9, "at least 18 times"), (1.29, "at least 1.2 times")])
def test_a_wide_ratio_is_told_by_its_lower_end_never_rounded_up(low: float, text: str) -> None:
    assert say.at_least(Estimate(100, low, 5000)) == text


def test_a_span_names_the_lowest_and_the_highest() -> None:
    assert say.span([Estimate(x, 0, 1) for x in (0.58, 0.541, 0.62)]) == "54% to 62%"


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [(1, 1, "1st"), (3, 7, "3rd–7th"), (2, 22, "2nd–22nd"), (11, 13, "11th–13th"), (math.nan, 2, "–")],
)
def test_ranks(low: float, high: float, text: str) -> None:
    assert say.places(low, high) == text


def test_money_is_rounded_to_what_its_interval_carries() -> None:
    assert say.money(Estimate(151234, 142111, 158901), "USD") == "USD 151,000 (95% interval 142,000–159,000)"


def test_lists_in_words() -> None:
    assert [say.listed(x) for x in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


@pytest.mark.parametrize(
    ("name", "text"),
    [("Natural language processing", "natural language processing"), ("NLP", "NLP"), ("SQL", "SQL"), ("", "")],
)
def test_names_inside_a_sentence(name: str, text: str) -> None:
    assert say.within(name) == text
