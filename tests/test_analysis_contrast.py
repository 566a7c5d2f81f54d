"""Contrasts of two shares, false-discovery control, and lift: against statsmodels, by hand and by simulation."""

import numpy as np
import pytest
from analysis_frames import frames
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.multitest import multipletests

from analysis.contrast import contrast, false_discovery
from analysis.frames import Frames
from analysis.lift import lift
from analysis.options import Options
from analysis.population import select


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
def test_q_values_are_those_of_statsmodels(values):
    expected = multipletests(values, method="fdr_bh")[1]
    assert false_discovery(np.array(values)) == pytest.approx(expected)


def test_nothing_to_adjust():
    assert false_discovery(np.array([])).size == 0


def test_difference_by_hand():
    made = frames(200, 200, skew=0.0, likeness=0.01)
    population = select(made, Options(duplicates=False))
    side = np.arange(200) % 2 == 0
    found = contrast(population, population.either, side, ~side)
    dense = population.either.toarray()
    assert found.share1 == pytest.approx(dense[side].mean(axis=0))
    assert found.difference == pytest.approx(dense[side].mean(axis=0) - dense[~side].mean(axis=0))
    assert (found.low <= found.difference).all()
    assert (found.difference <= found.high).all()
    mirrored = contrast(population, population.either, ~side, side)
    assert mirrored.p_value == pytest.approx(found.p_value)
    assert mirrored.ratio == pytest.approx(1 / found.ratio)


def test_p_values_are_those_of_the_score_test_where_every_employer_has_one_ad():
    from scipy import stats
    from statsmodels.stats.proportion import proportions_ztest

    made = frames(400, 400, skew=0.0, likeness=0.01, shares=np.array([0.01, 0.1, 0.3, 0.6]), skills=4)
    population = select(made, Options(duplicates=False))
    side = np.arange(400) % 3 == 0
    dense = population.either.toarray()
    found = contrast(population, population.either, side, ~side)
    for k in range(4):
        z = proportions_ztest([dense[side, k].sum(), dense[~side, k].sum()], [side.sum(), (~side).sum()])[0]
        expected = 2 * stats.t.sf(abs(z), max(dense[:, k].sum() - 1, 1))
        assert found.p_value[k] == pytest.approx(expected, rel=0.02)


def test_what_nobody_asked_for_before_is_new():
    made = frames(400, 400, skew=0.0, likeness=0.01, shares=np.array([0.1, 0.3]), skills=2)
    mentions = made.mentions[~((made.mentions["skill"] == 0) & (made.mentions["posting"] % 2 == 1))]
    population = select(Frames(made.postings, mentions, made.catalog), Options(duplicates=False))
    side = np.arange(400) % 2 == 0
    found = contrast(population, population.either, side, ~side)
    assert found.count0[0] == 0
    assert found.p_value[0] < 1e-3  # some twenty against none
    assert found.p_value[1] > 0.01
    assert np.isfinite(found.ratio_high).all()


def planted(seed, effect):
    """Frames in which tracks say nothing of skills but for the first, asked for `effect` times as often in NLP."""
    rng = np.random.default_rng(seed)
    made = frames(600, 120, seed=seed, skew=0.7, likeness=0.1, shares=np.full(12, 0.2))
    nlp = rng.random(600) < 0.4
    mentions = made.mentions
    if effect:
        first = (mentions["skill"] == 0) & ~nlp[mentions["posting"]]
        mentions = mentions[~(first & (rng.random(len(mentions)) < 0.7))]
    labels = {"nlp": nlp, "computer_vision": False, "sequence_modeling": False}
    return Frames(made.postings.assign(**labels), mentions, made.catalog)


def test_lift_finds_what_is_special_and_little_else():
    options, true, false = Options(duplicates=False), 0, []
    for seed in range(25):
        table = lift(select(planted(seed, True), options), options)
        table = table[table["track"] == "nlp"]
        special = table.loc[table["q_value"] <= options.fdr, "skill"].tolist()
        true += "python" in special
        false.append(len([s for s in special if s != "python"]) / max(len(special), 1))
    assert true >= 22
    assert np.mean(false) <= 0.08  # asked for 0.05; Monte Carlo error 0.02


def test_lift_columns():
    made = frames(600, 60)
    table = lift(select(made, Options()), Options())
    assert len(table)
    assert not table.isna().any().any()
    assert (table["low"] <= table["lift"]).all()
    assert (table["lift"] <= table["high"]).all()
    assert table.loc[table["skill"] == "spacy", "own_track"].tolist().count(True) == 1


def test_a_track_without_postings_has_no_lift():
    made = frames(100, 30)
    none = made.with_postings(nlp=False, computer_vision=False, sequence_modeling=False)
    assert lift(select(none, Options()), Options()).empty
