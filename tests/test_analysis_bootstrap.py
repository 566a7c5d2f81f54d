"""The bootstrap over employers: its counts, its sums, and its agreement with the formula."""

import numpy as np
import pytest
import scipy.sparse as sp

from analysis import bootstrap
from analysis.intervals import ratio


def test_every_replicate_draws_as_many_employers_as_there_are():
    drawn = bootstrap.counts(500, 40, 3)
    assert (drawn.sum(axis=1, dtype=int) == 500).all()
    assert np.array_equal(drawn, bootstrap.counts(500, 40, 3))
    assert not np.array_equal(drawn[0], drawn[1])


def test_sums_are_those_of_the_drawn_employers():
    rng = np.random.default_rng(1)
    values = rng.poisson(0.4, (20_000, 3))  # more employers than one block
    drawn = bootstrap.counts(20_000, 5, 2)
    by_hand = [values[np.repeat(np.arange(20_000), row)].sum(axis=0) for row in drawn]
    assert bootstrap.sums(drawn, values) == pytest.approx(np.array(by_hand))
    assert np.array_equal(bootstrap.sums(drawn, sp.csr_matrix(values)), np.array(by_hand))


def test_standard_errors_are_those_of_the_formula():
    rng = np.random.default_rng(8)
    sizes = 1 + rng.poisson(4, 800)
    taste = rng.beta([0.4, 1.2, 2.4], [3.6, 2.8, 1.6], (800, 3))
    hits, sizes = rng.binomial(sizes[:, None], taste), sizes.astype(float)
    drawn = bootstrap.shares(sp.csr_matrix(hits), sizes, 2000, 5)
    formula = ratio(hits, sizes, sizes.sum())
    assert drawn.mean(axis=0) == pytest.approx(formula.share, abs=0.005)
    assert drawn.std(axis=0) == pytest.approx(np.sqrt(formula.variance), rel=0.1)
    low, high = bootstrap.percentiles(drawn)
    assert low == pytest.approx(formula.low, abs=0.25 * (formula.high - formula.low).max())
    assert (low < formula.share).all()
    assert (high > formula.share).all()
