"""Pay: the regression against statsmodels, a planted effect, and currencies apart."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from analysis_frames import frames

from analysis.options import Options
from analysis.pay import pay
from analysis.population import select

OPTIONS = Options(duplicates=False, min_postings=30, min_employers=15)


def paid(effect=0.2, seed=3):
    """Python pays `effect` more in logs; seniors earn more and ask for Python more often: a raw comparison misleads."""
    made = frames(1500, 200, seed=seed, skew=0.5)
    rng = np.random.default_rng(seed)
    asks = np.zeros(1500, bool)
    asks[made.mentions.loc[(made.mentions["skill"] == 0) & (made.mentions["level"] < 2), "posting"]] = True
    senior = rng.random(1500) < np.where(asks, 0.7, 0.2)
    employer = rng.normal(0, 0.15, 200)[pd.factorize(made.postings["employer_id"])[0]]
    log_pay = 11 + 0.5 * senior + effect * asks + employer + rng.normal(0, 0.1, 1500)
    return made.with_postings(
        seniority=np.where(senior, "senior", "junior"),
        pay_min_year=np.exp(log_pay),
        pay_max_year=np.exp(log_pay),
        salary_currency="USD",
    )


def test_regression_is_that_of_statsmodels():
    population = select(paid(), OPTIONS)
    table = pay(population, OPTIONS).set_index("id")
    p = population.postings
    year = p["date_posted"].dt.year.astype(str)
    design = pd.get_dummies(
        pd.DataFrame({"s": p["seniority"], "c": p["country"], "o": p["source"], "y": year}), drop_first=True
    )
    design = sm.add_constant(design.assign(python=population.either[:, 0].toarray().ravel()).astype(float))
    fit = sm.OLS(np.log(p["pay_min_year"]), design).fit(cov_type="cluster", cov_kwds={"groups": population.employer})
    assert np.log(table.loc["python", "effect"]) == pytest.approx(fit.params["python"], abs=1e-8)
    half = np.log(table.loc["python", "effect_high"]) - np.log(table.loc["python", "effect"])
    assert 1.96 < half / fit.bse["python"] < 2.2  # the jackknife is a little wider, and Student's t has its tails


def test_a_planted_effect_is_found_net_of_seniority():
    table = pay(select(paid(), OPTIONS), OPTIONS).set_index("id")
    row = table.loc["python"]
    assert row["effect_low"] < np.exp(0.2) < row["effect_high"]
    assert row["q_value"] < 0.01
    assert (table["median_low"] <= table["median"]).all()
    assert (table["median"] <= table["median_high"]).all()
    assert not table.isna().any().any()


def test_currencies_stay_apart_and_few_are_left_out():
    made = paid()
    currency = np.where(np.arange(1500) % 2 == 0, "USD", "EUR")
    currency[:7] = "CHF"
    table = pay(select(made.with_postings(salary_currency=currency), OPTIONS), OPTIONS)
    assert set(table["currency"]) == {"USD", "EUR"}
    whole = table[table["kind"] == "all"].set_index("currency")["postings"]
    assert whole.sum() == 1493


def test_no_pay_at_all():
    made = frames(200, 40).with_postings(pay_min_year=np.nan, pay_max_year=np.nan)
    assert pay(select(made, OPTIONS), OPTIONS).empty


def test_pay_that_was_misread_is_left_out():
    made = paid()
    amount = made.postings["pay_min_year"].to_numpy().copy()
    amount[:50] = 45.0  # an hourly wage taken for a year's
    table = pay(select(made.with_postings(pay_min_year=amount, pay_max_year=amount), OPTIONS), OPTIONS)
    assert table.loc[table["kind"] == "all", "postings"].iloc[0] == 1450
