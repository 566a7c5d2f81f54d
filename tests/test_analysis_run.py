"""The door: every table with its documented columns and no NaN, whatever the population lacks."""

from dataclasses import replace

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


def shuffled(made, seed):
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(made.postings))
    mentions = made.mentions.assign(posting=np.argsort(order)[made.mentions["posting"]].astype(np.int32))
    postings = made.postings.iloc[order].reset_index(drop=True)
    return replace(made, postings=postings, mentions=mentions.sample(frac=1, random_state=seed))


def test_no_table_hangs_on_the_order_of_rows():
    made = frames(700, 120, skew=0.6)
    unnamed = np.where(np.arange(700) % 9 == 0, "", made.postings["employer_id"])
    drawn = made.postings.sample(200, random_state=1)
    labels = {"posting_id": drawn["posting_id"], "ml_role": 1, "cv": 0, "nlp": 1, "seq": 0, "inclusion_prob": 200 / 700}
    aws, docker = made.catalog.number["aws"], made.catalog.number["docker"]
    company = made.mentions[made.mentions["skill"] == aws].assign(skill=np.int32(docker))
    mentions = pd.concat([made.mentions, company], ignore_index=True)
    made = replace(made.with_postings(employer_id=unnamed), labels=pd.DataFrame(labels), mentions=mentions)
    options = Options(min_employers=10, replicates=200)
    one, two = measure(made, options).tables(), measure(shuffled(made, 5), options).tables()
    for name, table in one.items():
        assert len(table) or name in ("seasonality", "syllabus", "syllabus_gaps", "too_few"), name
        pd.testing.assert_frame_equal(table, two[name], rtol=1e-6, atol=1e-9, obj=name)


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
