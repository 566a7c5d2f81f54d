"""Sources and bias: completeness, leave-one-out and standardisation by hand, and the other choices."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames

from analysis.options import Options
from analysis.population import select
from analysis.sources import employers, leave_one_out, sensitivity, sources, standardised
from crawler.errors import InputError


def two_sources():
    """s0: 300 postings of which 20 % ask for NLP; s1: 100 of which 80 % do."""
    made = frames(400, 200, skew=0.2)
    source = np.where(np.arange(400) < 300, "s0", "s1")
    nlp = np.concatenate([np.arange(300) < 60, np.arange(100) < 80])
    return made.with_postings(source=source, nlp=nlp, computer_vision=False, sequence_modeling=False)


def test_leave_one_out_and_equal_mix():
    population = select(two_sources(), Options(duplicates=False))
    moved = leave_one_out(population, Options()).set_index(["left_out", "id"])
    assert moved.loc[("s1", "nlp"), "share"] == pytest.approx(0.35)
    assert moved.loc[("s1", "nlp"), "without"] == pytest.approx(0.2)
    assert moved.loc[("s1", "nlp"), "moved"] == pytest.approx(-0.15)
    table = standardised(population, Options())
    row = table[(table["by"] == "source") & (table["id"] == "nlp")].iloc[0]
    assert row["raw"] == pytest.approx(0.35)
    assert row["share"] == pytest.approx(0.5)
    assert row["low"] < 0.5 < row["high"]
    given = standardised(population, Options(), {"source": {"s0": 1, "s1": 3}})
    row = given[(given["by"] == "source") & (given["id"] == "nlp")].iloc[0]
    assert row["share"] == pytest.approx(0.65)
    assert row["mix"] == "s0 25%, s1 75%"


def test_an_unknown_value_in_a_mix():
    with pytest.raises(InputError, match="mix of source: 'monster'"):
        standardised(select(two_sources(), Options()), Options(), {"source": {"monster": 1}})


def test_completeness_comes_from_the_latest_crawl_of_each_board():
    crawls = pd.DataFrame(
        {
            "board": ["s0:a", "s0:a", "s0:b"],
            "source": "s0",
            "status": ["failed", "ok", "partial"],
            "stated_total": [None, 80, 20],
            "obtained": [0, 80, 10],
            "finished_at": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-01-02"]),
        }
    )
    made = replace(two_sources(), crawls=crawls)
    table = sources(select(made, Options()), made, {"s0": "https://example.org/terms"}).set_index("source")
    assert table.loc["s0", ["boards", "stated", "obtained"]].tolist() == [2, 100, 90]
    assert table.loc["s0", "completeness"] == "1 ok, 1 partial; 90% of the 100 stated"
    assert table.loc["s0", "terms"] == "https://example.org/terms"
    assert table.loc["s1", "completeness"] == "import"
    assert not table.isna().any().any()


def test_other_choices():
    made = two_sources()
    unnamed = made.with_postings(employer_id=np.where(np.arange(400) % 4 == 0, "", made.postings["employer_id"]))
    table = sensitivity(select(unnamed, Options()), Options())
    wide = table[table["id"] == "any_track"].set_index("what")
    apart, joined = wide.loc["weights: vacancy"], wide.loc["unnamed employers as one per board"]
    assert joined["high"] - joined["low"] > apart["high"] - apart["low"]
    assert joined["share"] == pytest.approx(apart["share"])
    assert "agencies left out" in wide.index
    assert not table.isna().any().any()


def test_employers_with_most_postings():
    table = employers(select(frames(300, 40), Options()), 5)
    assert table["postings"].is_monotonic_decreasing
    assert table["name"].iloc[0] == "Employer 0"
