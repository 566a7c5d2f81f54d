"""Standardisation to a given mix: where it is read from, what it does to shares, paths and comparisons."""

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.compare import compare
from analysis.mix import by_dimension, described, mixed, rake, read_mix
from analysis.options import Options
from analysis.population import select
from analysis.run import path
from crawler.errors import InputError

HALF = (("country", "US", 1.0), ("country", "DE", 1.0))


def test_arguments_and_files_say_the_same(tmp_path):
    toml, table = tmp_path / "mix.toml", tmp_path / "mix.csv"
    toml.write_text("[country]\nUS = 0.6\nde = 0.4\n[source]\ns0 = 3\n", encoding="utf-8")
    table.write_text("by,value,weight\ncountry,US,60%\ncountry,DE,40%\nsource,s0,300\n", encoding="utf-8")
    written = read_mix(["country:US=0.6", "country:de=0.4", "source:s0=3"])
    assert read_mix([str(toml)]) == written
    assert by_dimension(read_mix([str(table)]))["country"] == pytest.approx({"US": 0.6, "DE": 0.4})
    assert described(written) == "country US 60%, DE 40%; source s0 100%"
    assert read_mix([]) == ()


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("country", "write country:US=0.6"),
        ("country:US", "write country:US=0.6"),
        ("planet:mars=1", "'planet' is none of source, country, seniority"),
        ("country:US=many", "'many' is no number"),
        ("country:US=-1", "above 0"),
        ("country:US=nan", "above 0"),
        ("country:=1", "give a value"),
        ("/nowhere/mix.toml", "cannot be read"),
    ],
)
def test_arguments_that_mean_nothing(written, message):
    with pytest.raises(InputError, match=message):
        read_mix([written])


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.toml", "country = 1", "a table per dimension"),
        ("b.toml", "[country", "not TOML"),
        ("c.toml", '[country]\nUS = "x"', r"c.toml, \[country\]: 'x' is no number"),
        ("d.csv", "value,weight\nUS,1\n", "must name the columns"),
        ("e.csv", "by,value,weight\ncountry,US\n", "e.csv, line 2"),
    ],
)
def test_bad_files(tmp_path, name, content, message):
    file = tmp_path / name
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_mix([str(file)])


def test_a_value_given_twice(tmp_path):
    with pytest.raises(InputError, match="country 'US' is given twice"):
        read_mix(["country:US=1", "country:us=2"])


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_raked_weights_have_the_wanted_margins(seed, us, senior):
    rng = np.random.default_rng(seed)
    postings = pd.DataFrame(
        {"country": rng.choice(["US", "DE"], 200, p=[0.8, 0.2]), "seniority": rng.choice(["senior", "junior"], 200)}
    )
    weight = rng.uniform(0.5, 2, 200)
    wanted = {"country": {"US": us, "DE": 1 - us}, "seniority": {"senior": senior, "junior": 1 - senior}}
    found = rake(postings, weight, wanted)
    assert (found > 0).all()
    assert found.sum() == pytest.approx(weight.sum())
    for by, shares in wanted.items():
        parts = pd.Series(found).groupby(postings[by].to_numpy()).sum() / found.sum()
        assert dict(parts) == pytest.approx(shares, abs=1e-6)


def test_margins_that_cannot_hold_together():
    postings = pd.DataFrame({"country": ["US"] * 5 + ["DE"] * 5, "source": ["a"] * 5 + ["b"] * 5})
    with pytest.raises(InputError, match="cannot stand in these shares together"):
        rake(postings, np.ones(10), {"country": {"US": 0.9, "DE": 0.1}, "source": {"a": 0.1, "b": 0.9}})
    with pytest.raises(InputError, match="'FR' has no posting here"):
        rake(postings, np.ones(10), {"country": {"US": 0.5, "DE": 0.4, "FR": 0.1}})


def test_a_mixed_population_weighs_the_parts_as_asked():
    population = select(frames(900, 120), Options())
    found = mixed(population, HALF)
    assert set(found.postings["country"]) == {"US", "DE"}
    us = found.postings["country"] == "US"
    assert found.weight[us].sum() == pytest.approx(found.weight[~us].sum())
    assert mixed(population, ()) is population


def test_the_path_is_standardised():
    made = frames(1200, 150, skew=0.5)
    country = np.where(np.arange(1200) % 10 < 9, "US", "DE")
    made = made.with_postings(country=country)
    us, de = (path(made, ["python"], options=Options(country=(one,))).steps["share"][0] for one in ("US", "DE"))
    half = path(made, ["python"], options=Options(mix=HALF)).steps["share"][0]
    assert min(us, de) - 0.03 < half < max(us, de) + 0.03
    mostly = path(made, ["python"], options=Options(mix=(("country", "US", 1e6), ("country", "DE", 1.0))))
    assert mostly.steps["share"][0] == pytest.approx(us, abs=0.03)


def test_compare_holds_the_country_mix_fixed():
    """Nothing changes within a country, but the second year is of the other country: no change at a fixed mix."""
    made = frames(2400, 300, skew=0.3, sources=1)
    rng = np.random.default_rng(4)
    late = (made.postings["date_posted"].dt.year == 2024).to_numpy()
    german = rng.random(2400) < np.where(late, 0.8, 0.2)
    asks = rng.random(2400) < np.where(german, 0.7, 0.2)
    made = made.with_postings(country=np.where(german, "DE", "US"), nlp=asks)
    raw = compare(made, "2023", "2024", Options()).set_index("id")
    fixed = compare(made, "2023", "2024", Options(mix=HALF)).set_index("id")
    assert raw.loc["nlp", "verdict"] == "rising"
    assert fixed.loc["nlp", "verdict"] == "no clear change"
    assert abs(fixed.loc["nlp", "change"]) < 0.06
    assert fixed.loc["nlp", "share_b"] == pytest.approx(0.45, abs=0.05)
    with pytest.raises(InputError, match="'s9' has too few postings in the two periods"):
        compare(made, "2023", "2024", Options(mix=(("source", "s0", 1.0), ("source", "s9", 1.0))))
