"""Demand and headline: counts by hand, the laws of shares and weights, floors and empty populations."""

import datetime

import numpy as np
import pandas as pd
import pytest
from analysis_frames import catalog, frames
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.frames import Frames, complete
from analysis.options import Options
from analysis.run import measure
from crawler.errors import EmptyError, InputError

LOOSE = Options(min_postings=1, min_employers=1, min_count=1, min_asking=1, parts=("demand",))


def by_hand() -> Frames:
    """Four postings of two employers and a fifth that names none."""
    postings = pd.DataFrame(
        {
            "posting_id": ["s:b:1", "s:b:2", "s:b:3", "s:b:4", "s:b:5"],
            "source": "s",
            "employer_id": ["acme", "acme", "acme", "beta", ""],
            "ml_role": [True, True, True, True, True],
            "computer_vision": [True, False, False, False, False],
            "nlp": [True, True, False, False, False],
        }
    )
    mentions = pd.DataFrame(
        # posting, skill, level: 0 python, 1 pytorch, 7 opencv; required 0, preferred 1, context 2
        [(0, 0, 0), (0, 0, 1), (1, 0, 1), (2, 0, 2), (3, 1, 0), (3, 1, 0), (4, 0, 0), (0, 7, 0)],
        columns=["posting", "skill", "level"],
    )
    return Frames(complete(postings), mentions, catalog())


def figure(measures, kind, name, level):
    table = measures.demand
    rows = table[(table["kind"] == kind) & (table["id"] == name) & (table["level"] == level)]
    assert len(rows) == 1
    return rows.iloc[0]


def test_counts_by_hand():
    result = measure(by_hand(), LOOSE)
    python = {level: figure(result, "skill", "python", level) for level in ("either", "required", "preferred")}
    assert [python[level]["count"] for level in python] == [
        3,
        2,
        1,
    ]  # context asks for nothing, twice is once
    assert python["either"]["denominator"] == 5
    assert python["either"]["employers"] == 2  # acme and the one without a name
    assert python["either"]["employers_all"] == 3
    assert python["either"]["share"] == pytest.approx(0.6)
    assert figure(result, "skill", "pytorch", "required")["count"] == 1
    assert figure(result, "track", "computer_vision", "required")["count"] == 1
    assert figure(result, "track", "nlp", "either")["count"] == 2
    assert figure(result, "group", "foundations", "either")["count"] == 4
    assert result.any_track.count == 2
    assert result.any_track.share == pytest.approx(0.4)


def test_one_employer_one_vote():
    result = measure(by_hand(), Options(**{**vars_of(LOOSE), "weights": "employer"}))
    python = figure(result, "skill", "python", "either")
    assert python["share"] == pytest.approx((2 / 3 + 0 + 1) / 3)


def vars_of(options):
    return {name: getattr(options, name) for name in options.__slots__}


@pytest.mark.parametrize("weights", ["vacancy", "employer", "days"])
def test_no_table_holds_nan_and_shares_stay_in_range(weights):
    result = measure(frames(), Options(weights=weights, min_employers=10))
    for name, table in result.tables().items():
        assert not table.isna().any().any(), name
    demand = result.demand
    assert len(demand)
    assert demand["share"].between(0, 1).all()
    assert (demand["low"] <= demand["share"]).all()
    assert (demand["share"] <= demand["high"]).all()
    assert (demand["high"] > demand["low"]).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_order_of_rows_does_not_matter(seed):
    made = frames(120, 30, seed=2)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(made.postings))
    place = np.argsort(order)
    mentions = made.mentions.assign(posting=place[made.mentions["posting"]]).sample(frac=1, random_state=seed)
    shuffled = Frames(made.postings.iloc[order].reset_index(drop=True), mentions, made.catalog)
    one, two = measure(made, LOOSE), measure(shuffled, LOOSE)
    pd.testing.assert_frame_equal(one.demand, two.demand)
    pd.testing.assert_frame_equal(one.headline, two.headline)


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 1000), st.integers(2, 5))
def test_with_employer_weights_copies_of_an_employers_ads_do_not_count(seed, times):
    made = frames(60, 15, seed=seed)
    largest = made.postings["employer_id"] == "employer-0"
    rows = np.concatenate([np.arange(len(made.postings)), *[np.flatnonzero(largest)] * (times - 1)])
    postings = made.postings.iloc[rows].reset_index(drop=True).assign(vacancy=np.arange(len(rows)))
    place = pd.DataFrame({"old": rows, "posting_new": np.arange(len(rows))})
    mentions = made.mentions.merge(place, left_on="posting", right_on="old")
    mentions = mentions.assign(posting=mentions["posting_new"])[["posting", "skill", "level"]]
    options = Options(**{**vars_of(LOOSE), "weights": "employer"})
    one = measure(made, options).demand.set_index(["kind", "id", "level"])["share"]
    more = measure(Frames(postings, mentions, made.catalog), options).demand.set_index(["kind", "id", "level"])
    assert more["share"].to_dict() == pytest.approx(one.to_dict())


def test_equal_weights_do_not_matter_where_every_employer_has_one_ad():
    made = frames(80, 80, skew=0.0)
    postings = made.postings.assign(employer_id=[f"e{i}" for i in range(80)])
    made = Frames(postings, made.mentions, made.catalog)
    by_vacancy, by_employer = (
        measure(made, Options(**{**vars_of(LOOSE), "weights": kind})).demand for kind in ("vacancy", "employer")
    )
    pd.testing.assert_frame_equal(by_vacancy, by_employer)


def test_what_lies_below_the_floors_is_left_out_and_counted():
    loose, strict = measure(frames(), LOOSE), measure(frames(), Options(min_employers=10, min_count=40))
    assert len(strict.demand) < len(loose.demand)
    assert len(strict.demand) + strict.too_few["suppressed"].sum() == len(loose.demand)


def test_few_employers_flag_the_headline_and_leave_no_skill():
    result = measure(by_hand(), Options())
    assert result.any_track.flag == "too few"
    assert result.any_track.low < 0.1
    assert result.any_track.high > 0.8
    assert result.demand.empty
    assert result.too_few["suppressed"].sum() > 0


def test_repeats_of_a_vacancy_count_once():
    made = by_hand()
    postings = made.postings.assign(vacancy=[1, 1, 2, 3, 4])
    result = measure(Frames(postings, made.mentions, made.catalog), LOOSE)
    assert result.any_track.denominator == 4
    assert result.population["postings"].tolist() == [5, 5, 5, 5, 4]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (Options(country=("AQ",)), "0 within the filters"),
        (Options(since=datetime.date(2090, 1, 1)), "widen the filters"),
    ],
)
def test_a_filter_that_leaves_nothing(options, message):
    with pytest.raises(EmptyError, match=message):
        measure(frames(50, 5), options)


def test_nothing_stored_or_tagged():
    empty = Frames(complete(pd.DataFrame()), by_hand().mentions.iloc[:0], catalog())
    with pytest.raises(EmptyError, match="crawl or import"):
        measure(empty)
    with pytest.raises(EmptyError, match="skilldemand tag"):
        measure(Frames(empty.postings, empty.mentions, catalog(), untagged=4))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"weights": "pay"}, "weights: 'pay' is none of"),
        ({"track": ("vision",)}, "track: 'vision'"),
        ({"since": datetime.date(2024, 1, 2), "until": datetime.date(2024, 1, 1)}, "lies after until"),
        ({"min_count": 0}, "min_count"),
        ({"level": 95}, "level"),
    ],
)
def test_options_that_mean_nothing(wrong, message):
    with pytest.raises(InputError, match=message):
        Options(**wrong)
