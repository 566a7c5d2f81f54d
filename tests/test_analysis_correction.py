"""Prediction-powered shares: against ppi-python, by simulation with known errors, and where they are refused."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames

from analysis.correction import corrected, prediction_powered
from analysis.options import Options


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


def estimate(rng, truth, seen, owner, labels=250):
    probability = np.where(owner % 2 == 0, 1.5, 0.75) * labels / len(owner)
    chosen = np.flatnonzero(rng.random(len(owner)) < probability)
    pick = lambda values: {k: v[chosen] for k, v in values.items()}  # noqa: E731
    return prediction_powered(seen, chosen, pick(truth), pick(seen), probability[chosen], owner)


def test_the_interval_covers_the_truth_and_the_raw_share_does_not():
    rng = np.random.default_rng(5)
    inside, raw_inside = 0, 0
    for _ in range(150):
        truth, seen, owner = world(rng)
        theta, low, high, power = estimate(rng, truth, seen, owner)
        assert 0 <= low <= theta <= high <= 1
        assert 0 <= power <= 1
        inside += low <= 0.5 <= high  # a role's employer asks with Beta(2, 2): one half on average
        raw_inside += low <= seen["asks"].sum() / seen["role"].sum() <= high
    assert inside >= 0.91 * 150
    assert raw_inside < inside


def test_useless_predictions_are_given_no_weight_and_perfect_ones_all():
    rng = np.random.default_rng(6)
    truth, _, owner = world(rng)
    noise = {"role": truth["role"], "asks": truth["role"] * (rng.random(len(owner)) < 0.5)}
    assert estimate(rng, truth, noise, owner)[3] < 0.35
    theta, low, high, power = estimate(rng, truth, truth, owner)
    assert power > 0.9
    assert theta == pytest.approx(truth["asks"].sum() / truth["role"].sum(), abs=0.02)
    assert high - low > 0.01  # employers could have been others


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
        low, high = prediction_powered(seen, chosen, pick, own, probability[chosen], owner, honest=honest)[1:3]
        inside += low <= 0.5 <= high
        low, high = prediction_powered(seen, chosen, pick, own, probability[chosen], owner)[1:3]
        hidden += low <= 0.5 <= high
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
    _theta, low, high, _power = prediction_powered(
        {"role": one, "asks": seen},
        chosen,
        {"role": one[chosen], "asks": truth[chosen]},
        {"role": one[chosen], "asks": seen[chosen]},
        np.full(labelled, labelled / n),
        np.arange(n),
    )
    other = ppi.ppi_mean_ci(truth[chosen], seen[chosen], seen[labelled:], alpha=0.05)
    assert low == pytest.approx(float(other[0][0]), abs=0.01)
    assert high == pytest.approx(float(other[1][0]), abs=0.01)


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
    assert set(table["scope"]) == {"all", "source"}


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
