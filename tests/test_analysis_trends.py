"""Trends and comparisons: sources are never mixed, changes split up, and false discoveries held down."""

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames

from analysis.compare import compare, period
from analysis.composition import composition
from analysis.composition import split as composition_of
from analysis.frames import Frames
from analysis.options import Options
from analysis.seasonality import seasonality
from analysis.trends import FIXED_MIX, dated, trends
from crawler.errors import EmptyError, InputError

LOOSE = Options(min_postings=10, min_employers=5)


def test_lines_are_sources_and_the_fixed_mix():
    made = frames(1200, 150, skew=0.6)
    table = trends(dated(made, LOOSE), LOOSE)
    assert set(table["line"]) == {"s0", "s1", FIXED_MIX}
    assert not table.isna().any().any()
    assert ((table["low"] <= table["share"]) & (table["share"] <= table["high"])).all()
    yearly = table[(table["period"] == "year") & (table["id"] == "any_track")]
    assert sorted(set(yearly["start"])) == ["2023-01-01", "2024-01-01"]
    in_2023 = yearly[yearly["start"] == "2023-01-01"].set_index("line")["share"]
    assert min(in_2023["s0"], in_2023["s1"]) <= in_2023[FIXED_MIX] <= max(in_2023["s0"], in_2023["s1"])


def test_the_fixed_mix_does_not_move_when_only_the_sources_do():
    """Two sources of constant shares, .2 and .8, one growing: the mixed line stays where it was."""
    rng = np.random.default_rng(1)
    made = frames(2000, 400, skew=0.3)
    later = rng.random(2000) < 0.5
    source = np.where(rng.random(2000) < np.where(later, 0.8, 0.2), "s1", "s0")
    asks = np.zeros(2000, bool)
    for name, share in (("s0", 0.2), ("s1", 0.8)):
        for half in (later, ~later):
            rows = np.flatnonzero((source == name) & half)
            asks[rows[: round(share * len(rows))]] = True
    day = np.where(later, np.datetime64("2024-05-05"), np.datetime64("2023-05-05"))
    made = made.with_postings(source=source, date_posted=day, nlp=asks, computer_vision=False, sequence_modeling=False)
    table = trends(dated(made, LOOSE), LOOSE)
    mixed = table[(table["line"] == FIXED_MIX) & (table["id"] == "nlp") & (table["period"] == "year")]["share"]
    assert mixed.max() - mixed.min() < 0.01


def test_undated_postings_have_no_trends():
    made = frames(100, 30)
    assert dated(made.with_postings(date_posted=pd.NaT), LOOSE) is None
    with pytest.raises(EmptyError, match="states its day"):
        compare(made.with_postings(date_posted=pd.NaT), "2023", "2024", LOOSE)


def test_a_repost_counts_in_each_month_and_once_within_it():
    made = frames(40, 40, skew=0.0)
    day = pd.to_datetime(["2023-01-05"] * 20 + ["2023-01-25"] * 10 + ["2023-02-05"] * 10)
    made = made.with_postings(date_posted=day, source="s", vacancy=np.arange(40) % 20)
    assert len(dated(made, LOOSE).postings) == 30


def test_composition_adds_up_and_blames_the_mix_when_only_the_mix_changed():
    made = frames(2000, 300, skew=0.3)
    rng = np.random.default_rng(2)
    later = made.postings["date_posted"].dt.year == 2024
    senior = rng.random(2000) < np.where(later, 0.8, 0.2)
    asks = rng.random(2000) < np.where(senior, 0.7, 0.2)
    made = made.with_postings(
        source="s",
        seniority=np.where(senior, "senior", "junior"),
        nlp=asks,
        computer_vision=False,
        sequence_modeling=False,
    )
    population = dated(made, LOOSE)
    split = composition(population, trends(population, LOOSE), LOOSE)
    assert split["change"].to_numpy() == pytest.approx((split["within"] + split["between"]).to_numpy())
    row = split[(split["id"] == "nlp") & (split["by"] == "seniority")].iloc[0]
    assert row["change"] > 0.2
    assert abs(row["within"]) < 0.05
    yearly = trends(population, LOOSE)
    yearly = yearly[(yearly["id"] == "nlp") & (yearly["period"] == "year")].sort_values("start")["share"].to_numpy()
    assert row["change"] == pytest.approx(yearly[-1] - yearly[0])
    assert row["within_low"] < 0.02
    assert row["within_high"] > -0.02
    assert row["between_low"] > 0.1
    for part in ("change", "within", "between"):
        assert (split[f"{part}_low"] < split[part]).all()
        assert (split[part] < split[f"{part}_high"]).all()


def test_intervals_of_the_split_are_those_of_employers_drawn_anew():
    made = frames(3000, 200, skew=0.8, sources=1)
    population = dated(made, LOOSE)
    year = population.postings["date_posted"].dt.year.to_numpy()
    labels = population.postings["seniority"].to_numpy(object)
    matrix = population.either[:, :4].tocsr()

    def value(rows):
        return composition_of(population, matrix, labels, rows[year[rows] == 2023], rows[year[rows] == 2024])

    found = value(np.arange(len(year)))
    members = [np.flatnonzero(population.employer == e) for e in range(population.employers)]
    rng = np.random.default_rng(3)
    drawn = [
        value(np.concatenate([members[e] for e in rng.integers(0, len(members), len(members))])).value
        for _ in range(200)
    ]
    error = (found.high - found.value) / 1.97  # some two hundred employers ask
    assert error == pytest.approx(np.std(drawn, axis=0), rel=0.3)


def test_one_group_splits_nothing():
    made = frames(2000, 300, skew=0.3, sources=1).with_postings(seniority="", country="US")
    population = dated(made, LOOSE)
    assert set(composition(population, trends(population, LOOSE), LOOSE)["by"]) == {"employer"}


def seasonal(strength):
    months = pd.period_range("2015-01", "2019-12", freq="M")
    wave = strength * np.sin(2 * np.pi * months.month / 12)
    noise = np.random.default_rng(4).normal(0, 0.01, len(months))
    return pd.DataFrame(
        {
            "line": "s",
            "period": "month",
            "start": months.start_time.strftime("%Y-%m-%d"),
            "kind": "headline",
            "id": "any_track",
            "name": "Any",
            "share": 0.4 + wave + noise,
            "n_eff": 200.0,
        }
    )


def test_seasons_are_found_where_there_are_some():
    found = seasonality(seasonal(0.1))
    assert len(found) == 12
    assert found["p_value"].iloc[0] < 1e-6
    assert found.loc[found["month"] == 3, "effect"].iloc[0] == pytest.approx(0.1, abs=0.02)
    assert found["effect"].sum() == pytest.approx(0, abs=1e-9)
    assert seasonality(seasonal(0.0))["p_value"].iloc[0] > 0.001
    assert seasonality(seasonal(0.1).head(30)).empty  # three years cannot tell a season from a trend


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-02", "2023-02-01", "2023-02-28"),
        ("2023-Q2", "2023-04-01", "2023-06-30"),
        ("2023-01..2023-06", "2023-01-01", "2023-06-30"),
        ("2023-05-05", "2023-05-05", "2023-05-05"),
    ],
)
def test_periods(text, first, last):
    start, end = period(text)
    assert (start.date().isoformat(), end.date().isoformat()) == (first, last)


@pytest.mark.parametrize("text", ["", "last year", "2023-13", "2024..2023", "23", "2023-1-1-1"])
def test_periods_that_mean_nothing(text):
    with pytest.raises(InputError, match="period"):
        period(text)


def test_compare_finds_what_was_planted():
    made = frames(1600, 300, skew=0.4, likeness=0.1, shares=np.full(12, 0.25))
    rng = np.random.default_rng(8)
    later = (made.postings["date_posted"].dt.year == 2024).to_numpy()[made.mentions["posting"]]
    skill = made.mentions["skill"].to_numpy()
    drop = (later & (skill == 0) & (rng.random(len(skill)) < 0.6)) | (~later & (skill == 1)) | (later & (skill == 2))
    made = Frames(made.postings, made.mentions[~drop], made.catalog)
    table = compare(made, "2023", "2024", LOOSE).set_index("id")
    assert table.loc["python", "verdict"] == "falling"
    assert table.loc["pytorch", "verdict"] == "new"
    assert table.loc["tensorflow", "verdict"] == "gone"
    others = table[(table["kind"] == "skill") & ~table.index.isin(["python", "pytorch", "tensorflow"])]
    assert (others["verdict"] == "no clear change").mean() >= 0.8
    assert table.attrs["sources"] == ["s0", "s1"]
    assert not table.isna().any().any()


def test_compare_refuses_sources_that_do_not_overlap():
    made = frames(600, 100)
    later = made.postings["date_posted"].dt.year == 2024
    with pytest.raises(EmptyError, match="sources are never mixed"):
        compare(made.with_postings(source=np.where(later, "new", "old")), "2023", "2024", LOOSE)
    with pytest.raises(InputError, match="overlap"):
        compare(made, "2023", "2023-05", LOOSE)
