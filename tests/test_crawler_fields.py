"""Typed reading, dates, pay and normal forms."""

import datetime as dt
from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.fields import date_of, employment_of, number_of, pay_of, period_of, workplace_of
from crawler.record import Record

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2026-03-01", "2026-03-01"),
        ("2026-02-28T23:30:00-05:00", "2026-03-01"),
        ("2026-03-01T00:30:00+02:00", "2026-02-28"),
        ("2026-09-18 13:27:28 UTC", "2026-09-18"),
        ("2026-03-04T23:59:59.999+00:00", "2026-03-04"),
        ("2026-01-12T23:30:58", "2026-01-12"),
        (1772323200, "2026-03-01"),
        (1772323200000, "2026-03-01"),
        ("1772323200000", "2026-03-01"),
        ("Posted 30+ Days Ago", None),
        ("2026-13-45", None),
        (0, None),
        (True, None),
        (float("nan"), None),
        (10**30, None),
        (None, None),
    ],
)
def test_dates_by_form_and_magnitude(value, date):
    assert date_of(value) == (dt.date.fromisoformat(date) if date else None)


@pytest.mark.parametrize(
    ("text", "pay"),
    [
        ("$175k - $225k", (175_000, 225_000, "USD", None)),
        ("$33,6k–$50,4k", (33_600, 50_400, "USD", None)),
        ("14$/hour", (14, 14, "USD", "hour")),
        ("£60-80k", (60_000, 80_000, "GBP", None)),
        ("C$60-80k", (60_000, 80_000, "CAD", None)),
        ("100-150k EUR", (100_000, 150_000, "EUR", None)),
        ("$300-600k AUD", (300_000, 600_000, "AUD", None)),
        ("USD 120,000 to 150,000 per year", (120_000, 150_000, "USD", "year")),
        ("80.000–100.000 EUR", (80_000, 100_000, "EUR", None)),
        ("$5M raised", None),
        ("0.5% equity", None),
        ("competitive", None),
        ("", None),
    ],
)
def test_pay_in_short_fields(text, pay):
    assert pay_of(text) == pay


def test_normal_forms():
    assert [workplace_of(v) for v in ("On-site", "OnSite", "on_site", "REMOTE", "hybrid", "moon")] == [
        "onsite", "onsite", "onsite", "remote", "hybrid", None,
    ]  # fmt: skip
    assert [employment_of(v) for v in ("FULL_TIME", "Full-time permanent", "Werkstudent", "geschäftsleitung", "")] == [
        "full_time", "full_time", "working_student", "geschäftsleitung", None,
    ]  # fmt: skip
    assert [period_of(v) for v in ("per-year-salary", "1 MONTH", "HOURLY", "NONE")] == ["year", "month", "hour", None]
    assert [number_of(v) for v in ("60,000", "60000.50", "1e5", True, None)] == [60_000, 60_000.5, None, None, None]


def test_audit_counts_what_nobody_read():
    record = Record({"id": 1, "place": {"name": "x", "zip": 2}, "new": [], "left": 3, "number": "many"})
    record.text("id"), record.record("place").text("name"), record.number("number")
    unknown: Counter[str] = Counter()
    record.audit(frozenset({"left"}), unknown)
    assert unknown == {"place.zip": 1, "new": 1, "number (type)": 1}


@given(JSON)
def test_reading_never_raises(raw):
    record = Record(raw)
    for key in raw if isinstance(raw, dict) else ("a",):
        record.text(key), record.texts(key), record.number(key), record.integer(key), record.flag(key), record.date(key)
        record.record(key), list(record.records(key)), record.some(key)
    record.audit(frozenset(), Counter())


@given(st.text(max_size=80))
@example("¹")  # a digit to Python, but no number
def test_text_readers_never_raise(text):
    date_of(text), pay_of(text), employment_of(text), period_of(text), workplace_of(text), number_of(text)
