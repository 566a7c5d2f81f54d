"""Intervals of shares: their laws, their edges and their coverage where the truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.intervals import clopper_pearson, likeness, ratio

clusters = st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=1, max_size=30)


@settings(max_examples=200, deadline=None)
@given(clusters, st.floats(0, 1), st.sampled_from([0.5, 0.8, 0.95]))
def test_interval_holds_the_share_and_stays_in_range(drawn, rho, level):
    sizes = np.array([n for n, _ in drawn], float)
    hits = np.array([[round(n * p)] for n, p in drawn], float)
    result = ratio(hits, sizes, sizes.sum(), rho, level)
    assert 0 <= result.low[0] <= result.share[0] <= result.high[0] <= 1
    assert result.high[0] - result.low[0] > 1e-6
    assert result.design_effect[0] >= 1
    assert 0 < result.n_eff[0] <= sizes.sum() + 1e-9


@settings(max_examples=60, deadline=None)
@given(clusters, st.randoms())
def test_order_of_clusters_does_not_matter(drawn, random):
    shuffled = list(drawn)
    random.shuffle(shuffled)
    results = []
    for each in (drawn, shuffled):
        sizes = np.array([n for n, _ in each], float)
        results.append(ratio(np.array([[round(n * p)] for n, p in each], float), sizes, sizes.sum(), 0.1))
    assert results[0].low == pytest.approx(results[1].low, abs=1e-9)
    assert results[0].high == pytest.approx(results[1].high, abs=1e-9)


def test_clusters_of_one_posting_give_clopper_and_pearson():
    hits = np.zeros((500, 1))
    hits[:100] = 1
    result = ratio(hits, np.ones(500), 500)
    exact = stats.binomtest(100, 500).proportion_ci(0.95)
    assert result.low[0] == pytest.approx(exact.low, abs=2e-3)
    assert result.high[0] == pytest.approx(exact.high, abs=2e-3)
    assert result.design_effect[0] == pytest.approx(1, abs=0.01)


def test_one_employer_says_nothing():
    result = ratio(np.array([[7.0]]), np.array([10.0]), 10)
    assert (result.low[0], result.high[0]) == (0, 1)


def test_unanimous_employers_still_leave_doubt():
    """Twenty employers that all ask for it are twenty opinions, however many ads they placed."""
    result = ratio(np.full((20, 1), 50.0), np.full(20, 50.0), 1000)
    assert result.high[0] == 1
    assert result.low[0] < 0.87
    assert result.n_eff[0] == pytest.approx(20)


def test_scaling_the_weights_changes_nothing():
    rng = np.random.default_rng(3)
    sizes = rng.integers(1, 9, 40).astype(float)
    hits = rng.binomial(sizes.astype(int), 0.3)[:, None].astype(float)
    one, ten = ratio(hits, sizes, sizes.sum(), 0.2), ratio(hits * 10, sizes * 10, sizes.sum() * 100, 0.2)
    assert one.low[0] == pytest.approx(ten.low[0])
    assert one.n_eff[0] == pytest.approx(ten.n_eff[0])


def test_clopper_pearson_against_scipy():
    for hits, n in [(0, 10), (3, 10), (10, 10), (1, 1000)]:
        exact = stats.binomtest(hits, n).proportion_ci(0.95)
        low, high = clopper_pearson(np.array([hits / n]), np.array([float(n)]))
        assert (low[0], high[0]) == pytest.approx((exact.low, exact.high), abs=1e-7)


@pytest.mark.parametrize("rho", [0.02, 0.3])
def test_likeness_finds_the_intra_class_correlation(rho):
    rng = np.random.default_rng(5)
    sizes = rng.integers(1, 30, 1500)
    strength = (1 - rho) / rho
    taste = rng.beta(0.3 * strength, 0.7 * strength, (1500, 15))
    hits = rng.binomial(sizes[:, None], taste).astype(float)
    assert likeness(hits, sizes.astype(float)) == pytest.approx(rho, abs=0.03)


def test_coverage_with_skewed_employers():
    """A small edition of benchmarks/analysis_coverage.py: 60 employers, the largest with a fifth of the
    ads.
    """
    rng = np.random.default_rng(11)
    base = (np.arange(60) + 1.0) ** -1.0
    truth = np.repeat([0.05, 0.2, 0.6], 6)
    rho = np.tile(np.linspace(0.05, 0.3, 6), 3)
    strength = (1 - rho) / rho
    inside = []
    for _ in range(150):
        sizes = 1 + rng.multinomial(300, base / base.sum())
        taste = rng.beta(truth * strength, (1 - truth) * strength, (60, len(truth)))
        hits = rng.binomial(sizes[:, None], taste).astype(float)
        sizes = sizes.astype(float)
        result = ratio(hits, sizes, sizes.sum(), likeness(hits, sizes))
        inside.append((result.low <= truth) & (truth <= result.high))
    assert np.mean(inside) >= 0.94
