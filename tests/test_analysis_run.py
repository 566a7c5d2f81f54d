"""The door: every table with its documented columns and no NaN, whatever the population lacks."""

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames

from analysis.frames import Frames
from analysis.options import PARTS, Options
from analysis.run import _EMPTY, Measures, measure
from crawler.errors import InputError


def check(result):
    for name, table in result.tables().items():
        assert not table.isna().any().any(), name
        if name in _EMPTY:
            assert list(table.columns) == list(_EMPTY[name]), name
        for column in ("share", "low", "high"):
            if column in table and name != "lift" and name != "pairs" and name != "seasonality" and len(table):
                assert table[column].astype(float).between(0, 1).all(), (name, column)
        if {"share", "low", "high"} <= set(table.columns) and name not in ("pairs",) and len(table):
            assert (table["high"] > table["low"]).all(), name


def test_everything():
    result = measure(frames(900, 120, skew=0.6), Options(min_employers=10))
    check(result)
    full = {name for name, table in result.tables().items() if len(table)}
    assert {
        "demand",
        "headline",
        "lift",
        "trends",
        "composition",
        "pay",
        "path",
        "sources",
        "sensitivity",
        "leave_one_out",
    } <= full


def test_docstring_names_every_table_and_column():
    text = " ".join(Measures.__doc__.split())
    for name, columns in _EMPTY.items():
        assert f"{name}:" in text, name
        for column in columns:
            assert column in text or column in ("count", "denominator", "employers", "employers_all"), (name, column)


@pytest.mark.parametrize(
    ("made", "columns"),
    [
        (frames(1, 1), {}),
        (frames(60, 1), {}),
        (frames(300, 60), {"date_posted": pd.NaT, "first_seen": pd.NaT, "last_seen": pd.NaT}),
        (frames(300, 60), {"pay_min_year": np.nan, "pay_max_year": np.nan, "salary_currency": ""}),
        (frames(300, 60), {"employer_id": ""}),
        (frames(300, 60), {"computer_vision": False, "nlp": False, "sequence_modeling": False}),
        (frames(300, 60), {"computer_vision": True, "nlp": True, "sequence_modeling": True}),
    ],
)
def test_populations_that_lack_something(made, columns):
    check(measure(made.with_postings(**columns), Options()))


def test_no_mentions_at_all():
    made = frames(300, 60)
    result = measure(Frames(made.postings, made.mentions.iloc[:0], made.catalog), Options())
    check(result)
    assert set(result.demand["kind"]) == {"track"}


def test_parts_can_be_left_out():
    result = measure(frames(300, 60), Options(parts=("demand",)))
    assert len(result.demand)
    assert result.pairs.empty
    check(result)
    with pytest.raises(InputError, match="parts"):
        Options(parts=("everything",))
    assert set(PARTS) > {"demand"}


def test_a_filter_measures_what_it_selects():
    made = frames(900, 120)
    result = measure(made, Options(country=("US",), min_employers=5))
    expected = made.postings[made.postings["country"] == "US"]
    assert result.any_track.denominator == len(expected)
    assert result.any_track.count == expected[["computer_vision", "nlp", "sequence_modeling"]].any(axis=1).sum()


def test_a_given_mix():
    made = frames(900, 120)
    result = measure(
        made, Options(parts=("sources",), mix=(("source", "s0", 1.0), ("source", "s1", 3.0)), min_employers=10)
    )
    assert "s0 25%, s1 75%" in set(result.standardised["mix"])
    with pytest.raises(InputError, match="mix: 'planet'"):
        Options(mix=(("planet", "mars", 1.0),))
    with pytest.raises(InputError, match="above 0"):
        Options(mix=(("source", "s0", 0.0),))
