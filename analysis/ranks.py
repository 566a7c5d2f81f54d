"""Rank intervals: "3rd to 7th", from simultaneous intervals of all pairwise differences, with employers as clusters.

The method of Mogstad, Romano, Shaikh and Wilhelm (2024, Review of Economic Studies 91: 476-518): a thing's best
possible rank is one more than the number of things that are certainly above it, its worst the number of things that are
not certainly below it. Unlike a bootstrap of ranks it holds with ties. All pairs are certain together with probability
`level`.

The critical value is the quantile of the largest studentised difference under a Gaussian multiplier bootstrap over
employers. Given the data, the bootstrap's sums are exactly normal with the covariance of the employers' residuals, so
they are drawn from that J x J matrix: the cost does not hang on the number of employers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from scipy import stats

from analysis.intervals import Array, Matrix, ratio

TOP = 150


@dataclass(frozen=True, slots=True)
class Ranks:
    """Arrays of length J: rank (1 is the largest share), its interval, and whether the next one below cannot be told
    apart.
    """

    rank: Array
    low: Array
    high: Array
    tied_with_next: Array


def ranks(
    hits: Matrix | Array,
    sizes: Array,
    squares: float,
    likeness: float = 0.0,
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 0,
) -> Ranks:
    """Ranks of the J columns' shares; arguments as in `analysis.intervals.ratio`.

    With one employer nothing is certain: every interval is 1 to J.
    """
    figures = ratio(hits, sizes, squares, likeness, level)
    share, j = figures.share, len(figures.share)
    rank = 1 + (share[None, :] > share[:, None] + 1e-12).sum(axis=1)
    if len(sizes) < 2 or j < 2:
        return Ranks(rank, np.ones(j, int), np.full(j, j), np.ones(j, bool))
    covariance = _covariance(sp.csr_matrix(hits, dtype=float), sizes, share, figures.variance)
    spread = np.sqrt(np.maximum(np.diag(covariance)[:, None] + np.diag(covariance)[None, :] - 2 * covariance, 0.0))
    order = np.lexsort((np.arange(j), -share))
    compared = np.zeros((j, j), bool)
    compared[order[:TOP]] = True
    compared |= compared.T
    critical = _critical(covariance[np.ix_(order, order)], spread[np.ix_(order, order)], level, replicates, seed)
    few = min(max(float(sizes.sum()) ** 2 / float(sizes @ sizes), 1.0), len(sizes) - 1.0)
    # The same tail with variances from few employers; beyond any number that means something it is cut off.
    critical = min(float(stats.t.isf(stats.norm.sf(critical), few)), 1e6)
    below = (
        compared & (share[:, None] - share[None, :] > critical * spread) & (spread > 0)
    )  # row certainly above column
    tied = np.zeros(j, bool)
    tied[order[:-1]] = ~below[order[:-1], order[1:]]
    return Ranks(rank, 1 + below.sum(axis=0), j - below.sum(axis=1), tied)


def _covariance(y: Matrix, sizes: Array, share: Array, variance: Array) -> Array:
    """J x J covariance of the shares over employers, its diagonal raised to `variance` at the same correlations."""
    m, total = len(sizes), float(sizes.sum())
    cross = np.asarray((y.T @ y).todense())
    with_sizes = np.asarray(y.T @ sizes).ravel()
    cross -= np.outer(with_sizes, share) + np.outer(share, with_sizes)
    cross += np.outer(share, share) * float(sizes @ sizes)
    cross *= m / (m - 1) / total**2
    scale = np.sqrt(variance / np.maximum(np.diag(cross), 1e-300))
    scale[np.diag(cross) <= 1e-15] = 0.0
    cross *= np.outer(scale, scale)
    np.fill_diagonal(cross, variance)
    return cross


def _critical(covariance: Array, spread: Array, level: float, replicates: int, seed: int) -> float:
    """The `level` quantile of the largest |difference| / spread over the pairs of one of the first TOP and any
    other.
    """
    rng = np.random.default_rng(seed)
    # A trace of noise makes the matrix positive definite: with fewer employers than things it is singular.
    noise = np.eye(len(covariance)) * (1e-8 * float(np.diag(covariance).max()) + 1e-15)
    root = np.linalg.cholesky(covariance + noise).astype(np.float32)
    drawn = root @ rng.standard_normal((len(covariance), replicates), dtype=np.float32)
    inverse = np.where(spread > 0, 1 / np.where(spread > 0, spread, 1), 0).astype(np.float32)
    largest = np.zeros(replicates, np.float32)
    for j in range(min(len(covariance) - 1, TOP)):
        gaps = drawn[j + 1 :] - drawn[j]
        np.abs(gaps, out=gaps)
        gaps *= inverse[j + 1 :, j, None]
        np.maximum(largest, gaps.max(axis=0), out=largest)
    return float(np.quantile(largest, level))
