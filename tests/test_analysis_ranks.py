"""Rank intervals: laws, ties, and simultaneous coverage where the truth is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.intervals import likeness
from analysis.ranks import TOP, ranks


def drawn(rng, truth, employers=80, size=8, rho=0.1):
    sizes = 1 + rng.poisson(size, employers)
    strength = (1 - rho) / rho
    taste = rng.beta(truth * strength, (1 - truth) * strength, (employers, len(truth)))
    return rng.binomial(sizes[:, None], taste).astype(float), sizes.astype(float)


def test_clear_differences_give_exact_ranks():
    hits, sizes = drawn(np.random.default_rng(1), np.array([0.9, 0.5, 0.1]), employers=300)
    found = ranks(hits, sizes, sizes.sum())
    assert found.rank.tolist() == found.low.tolist() == found.high.tolist() == [1, 2, 3]
    assert found.tied_with_next.tolist() == [False, False, False]


def test_equal_columns_share_their_ranks():
    hits, sizes = drawn(np.random.default_rng(2), np.array([0.4]))
    found = ranks(np.repeat(hits, 4, axis=1), sizes, sizes.sum())
    assert found.low.tolist() == [1] * 4
    assert found.high.tolist() == [4] * 4
    assert found.tied_with_next.tolist() == [True, True, True, False]


def test_one_employer_leaves_every_rank_open():
    found = ranks(np.array([[5.0, 1.0, 0.0]]), np.array([9.0]), 9)
    assert found.low.tolist() == [1, 1, 1]
    assert found.high.tolist() == [3, 3, 3]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 12))
def test_laws(seed, things):
    rng = np.random.default_rng(seed)
    hits, sizes = drawn(rng, rng.uniform(0.02, 0.9, things), employers=20)
    found = ranks(hits, sizes, sizes.sum(), replicates=200, seed=1)
    assert (found.low >= 1).all()
    assert (found.low <= found.rank).all()
    assert (found.rank <= found.high).all()
    assert (found.high <= things).all()
    order = rng.permutation(things)
    again = ranks(hits[:, order], sizes, sizes.sum(), replicates=200, seed=1)
    assert again.rank.tolist() == found.rank[order].tolist()


def test_beyond_the_top_nothing_is_told_apart():
    rng = np.random.default_rng(4)
    truth = np.linspace(0.8, 0.02, TOP + 20)
    hits, sizes = drawn(rng, truth, employers=400)
    found = ranks(hits, sizes, sizes.sum(), replicates=200)
    assert found.high[found.rank > TOP].tolist() == [TOP + 20] * int((found.rank > TOP).sum())


@pytest.mark.parametrize("truth", [np.array([0.5, 0.4, 0.4, 0.3, 0.1, 0.1]), np.full(8, 0.25)])
def test_all_true_ranks_lie_inside_together(truth):
    """Ties have a range of true ranks; every interval must hold all of it, in 95 % of the draws."""
    best = 1 + (truth[None, :] > truth[:, None]).sum(axis=1)
    worst = (truth[None, :] >= truth[:, None]).sum(axis=1)
    rng, inside = np.random.default_rng(3), 0
    for k in range(200):
        hits, sizes = drawn(rng, truth)
        found = ranks(hits, sizes, sizes.sum(), likeness(hits, sizes), replicates=300, seed=k)
        inside += bool((found.low <= best).all() and (found.high >= worst).all())
    assert inside >= 0.93 * 200
