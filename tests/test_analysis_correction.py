"""Prediction-powered shares: against ppi-python, by simulation with known errors, and where they are refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames

from analysis import bootstrap
from analysis.correction import corrected
from analysis.options import Options
from analysis.powered import Powered, prediction_powered


def world(rng, employers=300, wrong=0.15):
    """(truth, prediction, employer): roles and asks, employers that resemble themselves, a model that errs."""
    owner = np.repeat(np.arange(employers), 1 + rng.poisson(4, employers))
    role = rng.random(len(owner)) < rng.beta(8, 2, employers)[owner]
    asks = role & (rng.random(len(owner)) < rng.beta(2, 2, employers)[owner])
    seen_role = role ^ (rng.random(len(owner)) < wrong / 2)
    # The model overlooks a fifth of what is there and sees some that is not.
    seen_asks = seen_role & np.where(asks, rng.random(len(owner)) > 0.2, rng.random(len(owner)) < wrong)
    numbers = [x.astype(float) for x in (role, asks, seen_role, seen_asks)]
    return {"role": numbers[0], "asks": numbers[1]}, {"role": numbers[2], "asks": numbers[3]}, owner


def estimate(rng, truth, seen, owner, labels=250, drawn=None):
    probability = np.where(owner % 2 == 0, 1.5, 0.75) * labels / len(owner)
    chosen = np.flatnonzero(rng.random(len(owner)) < probability)
    pick = lambda values: {k: v[chosen] for k, v in values.items()}  # noqa: E731
    return prediction_powered(seen, chosen, pick(truth), pick(seen), probability[chosen], owner, drawn=drawn)


def test_the_interval_covers_the_truth_and_the_raw_share_does_not():
    rng = np.random.default_rng(5)
    inside, raw_inside = 0, 0
    for _ in range(150):
        truth, seen, owner = world(rng)
        found = estimate(rng, truth, seen, owner)
        assert 0 <= found.low <= found.theta <= found.high <= 1
        assert 0 <= found.power <= 1
        inside += found.low <= 0.5 <= found.high  # a role's employer asks with Beta(2, 2): one half on average
        raw_inside += found.low <= seen["asks"].sum() / seen["role"].sum() <= found.high
    assert inside >= 0.91 * 150
    assert raw_inside < inside


def test_useless_predictions_are_given_no_weight_and_perfect_ones_all():
    rng = np.random.default_rng(6)
    truth, _, owner = world(rng)
    noise = {"role": truth["role"], "asks": truth["role"] * (rng.random(len(owner)) < 0.5)}
    assert estimate(rng, truth, noise, owner).power < 0.35
    found = estimate(rng, truth, truth, owner)
    assert found.power > 0.9
    assert found.theta == pytest.approx(truth["asks"].sum() / truth["role"].sum(), abs=0.02)
    assert found.high - found.low > 0.01  # employers could have been others


def test_a_model_that_saw_most_labels_is_believed_only_on_the_others():
    """Perfect on the labels that it saw, wrong elsewhere: with those in the last sum the errors would stay hidden."""
    rng = np.random.default_rng(8)
    inside = hidden = 0
    for _ in range(100):
        truth, seen, owner = world(rng)
        probability = np.full(len(owner), 300 / len(owner))
        chosen = np.flatnonzero(rng.random(len(owner)) < probability)
        held_out = (rng.random(owner.max() + 1) < 0.25)[owner[chosen]]
        pick = {k: v[chosen] for k, v in truth.items()}
        own = {k: np.where(held_out, seen[k][chosen], truth[k][chosen]) for k in truth}
        honest = np.where(held_out, 4 / probability[chosen], 0.0)
        found = prediction_powered(seen, chosen, pick, own, probability[chosen], owner, honest=honest)
        inside += found.low <= 0.5 <= found.high
        found = prediction_powered(seen, chosen, pick, own, probability[chosen], owner)
        hidden += found.low <= 0.5 <= found.high
    assert inside >= 90
    assert hidden < inside - 10


def test_agrees_with_ppi_python_for_a_mean():
    ppi = pytest.importorskip("ppi_py")
    rng = np.random.default_rng(7)
    n, labelled = 4000, 400
    truth = (rng.random(n) < 0.3).astype(float)
    seen = np.where(rng.random(n) < 0.1, 1 - truth, truth)
    one = np.ones(n)
    chosen = np.arange(labelled)
    found = prediction_powered(
        {"role": one, "asks": seen},
        chosen,
        {"role": one[chosen], "asks": truth[chosen]},
        {"role": one[chosen], "asks": seen[chosen]},
        np.full(labelled, labelled / n),
        np.arange(n),
        drawn=bootstrap.counts(n, 2000, 1),
    )
    other = ppi.ppi_mean_ci(truth[chosen], seen[chosen], seen[labelled:], alpha=0.05)
    low, high = (float(end[0]) for end in other)
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)
    assert (found.boot_low, found.boot_high) == pytest.approx((low, high), abs=0.01)
    assert low <= found.theta <= high


def test_employers_drawn_anew_agree_with_the_formula():
    rng = np.random.default_rng(9)
    truth, seen, owner = world(rng)
    drawn = bootstrap.counts(int(owner.max()) + 1, 2000, 4)
    formula = estimate(rng, truth, seen, owner, drawn=drawn)
    width, drawn_width = formula.high - formula.low, formula.boot_high - formula.boot_low
    assert drawn_width == pytest.approx(width, rel=0.12)
    assert formula.boot_low == pytest.approx(formula.low, abs=0.15 * width)
    # A posting as its own employer is what an analysis without employers assumes: too sure of itself.
    alone = estimate(np.random.default_rng(9), truth, seen, np.arange(len(owner)))
    assert isinstance(alone, Powered)
    assert alone.high - alone.low < width


def with_labels(made, number=80):
    chosen = made.postings.sample(number, random_state=3)
    labels = pd.DataFrame(
        {
            "posting_id": chosen["posting_id"],
            "ml_role": 1,
            "cv": chosen["computer_vision"].astype(int),
            "nlp": chosen["nlp"].astype(int) * 2,
            "seq": 0,
            "inclusion_prob": number / len(made.postings),
        }
    )
    return replace(made, labels=labels)


def test_tables_of_a_population():
    table = corrected(with_labels(frames(500, 80)), Options())
    assert not table.isna().any().any()
    whole = table[(table["scope"] == "all") & (table["id"] == "nlp")].iloc[0]
    assert whole["note"] == ""
    assert whole["low"] <= whole["raw"] <= whole["high"]
    assert set(table["scope"]) == {"all", "source", "source, year", "source, years"}
    sure = table[table["note"] == ""]
    assert (sure["boot_low"] < sure["boot_high"]).all()
    right = sure[sure["id"].isin(["computer_vision", "nlp"])]  # of these the labels are the predictions
    assert right["raw"].between(right["low"], right["high"]).all()


def test_a_source_without_sampled_labels_is_refused():
    made = with_labels(frames(500, 80))
    only = made.labels[made.labels["posting_id"].str.startswith("s0")]
    table = corrected(replace(made, labels=only), Options(min_label_count=5))
    whole = table[table["scope"] == "all"]
    assert whole["note"].str.contains("refused: no sampled labels for s1").all()
    assert (whole["low"] == 0).all()
    assert (whole["high"] == 1).all()


def test_too_few_labels_and_none():
    made = frames(300, 50)
    assert corrected(made, Options()).empty
    table = corrected(with_labels(made, 10), Options())
    assert table["note"].str.startswith("too few").all()


def test_cross_fitted_predictions_take_the_taggings_place():
    made = with_labels(frames(500, 80))
    labels = made.labels.assign(
        ml_role_prediction=True,
        computer_vision_prediction=False,
        nlp_prediction=False,
        sequence_modeling_prediction=False,
    )
    other = corrected(replace(made, labels=labels), Options())
    assert other.loc[0, "weight_of_predictions"] < corrected(made, Options()).loc[0, "weight_of_predictions"]


def test_labels_drawn_from_a_part_of_the_postings_are_refused() -> None:
    made = frames(600, 60)
    labelled = with_labels(made, 200)
    some = labelled.labels.assign(inclusion_prob=np.minimum(labelled.labels["inclusion_prob"] * 4, 1.0))
    whole = corrected(replace(labelled, labels=some), Options()).set_index(["scope", "id"]).loc[("all", "any_track")]
    assert whole["note"].startswith("refused: the labels stand for")
    assert (whole["low"], whole["high"]) == (0, 1)


def test_years_with_few_labels_say_so_and_are_taken_together():
    made = frames(1200, 150, sources=1)
    year = np.arange(1200) % 4 + 2020
    made = made.with_postings(date_posted=pd.to_datetime(year.astype(str)), source="s0")
    labelled = with_labels(made, 150)
    at = made.postings.set_index("posting_id")["date_posted"].dt.year
    labels = labelled.labels[labelled.labels["posting_id"].map(at).ne(2023)]  # the last year has none
    labels = labels.assign(inclusion_prob=len(labels) / 1200)
    table = corrected(replace(labelled, labels=labels), Options(min_label_count=50, min_employers=10))
    table = table[table["id"] == "nlp"].set_index(["scope", "value"])
    single = table.loc["source, year"]
    assert list(single.index) == [f"s0, {y}" for y in (2020, 2021, 2022, 2023)]
    assert single["note"].str.startswith("too few").all()
    assert single.loc["s0, 2023", "labelled"] == 0
    assert (single["low"] == 0).all()
    joined = table.loc["source, years"]
    assert list(joined.index) == ["s0, 2020 to 2023"]  # 2022 and 2023 hold too few of their own
    assert joined["labelled"].sum() == len(labels)
    assert (joined["note"] == "").all()


def test_a_filter_corrects_the_part_that_it_selects():
    made = with_labels(frames(900, 120), 300)
    whole, part = corrected(made, Options()), corrected(made, Options(country=("US",)))
    row = part[(part["scope"] == "all") & (part["id"] == "any_track")].iloc[0]
    us = made.postings[made.postings["country"] == "US"]
    assert row["postings"] == len(us)
    assert row["raw"] == pytest.approx(us[["computer_vision", "nlp", "sequence_modeling"]].any(axis=1).mean())
    assert row["labelled"] == made.labels["posting_id"].isin(us["posting_id"]).sum()
    assert row["note"] == ""
    assert row["high"] - row["low"] > whole.iloc[0]["high"] - whole.iloc[0]["low"]


def test_repeats_of_a_vacancy_count_once_as_in_the_raw_share():
    made = with_labels(frames(500, 80), 200)
    twice = made.with_postings(vacancy=np.arange(500) // 2)
    row = corrected(twice, Options()).iloc[0]
    assert row["postings"] == 250
    assert corrected(twice, Options(duplicates=False)).iloc[0]["postings"] == 500
