"""Shares with intervals that respect employers: one employer's ads resemble each other, so they are the
clusters.

A share is a ratio of two totals over employers, p = sum(y_c) / sum(n_c). Its variance is linearised (Taylor):
with z_c = y_c - p n_c over m employers, V = m / (m - 1) * sum(z_c^2) / (sum n_c)^2 (Cochran 1977, Sampling
Techniques, ch. 6 and 11). The interval is Korn and Graubard's (1998, Survey Methodology 24: 193-201): Clopper
and Pearson's with the effective sample size n_eff = p (1 - p) / V, reduced for the few clusters that V was
estimated from.

Where employers are of very different sizes V is itself uncertain, and small exactly when p is too small:
alone it covers 80 % instead of 95 % (benchmarks/analysis_coverage.py). So V is not let below what the
likeness of postings within an employer, pooled over all skills, implies: p (1 - p) ((1 - rho) sum w^2 + rho
sum n_c^2) / (sum n_c)^2, a generalised variance function (Wolter 2007, Introduction to Variance Estimation,
ch. 7).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp
from scipy import stats

Array = np.ndarray[Any, np.dtype[Any]]
Matrix: TypeAlias = Any  # a scipy.sparse.csr_matrix: scipy has no types


@dataclass(frozen=True, slots=True)
class Ratio:
    """Shares of J things over the same m clusters; arrays of length J unless said otherwise.

    share; variance of the share; low, high; design_effect (variance over that of independent draws); n_eff.
    """

    share: Array
    variance: Array
    low: Array
    high: Array
    design_effect: Array
    n_eff: Array


def ratio(hits: Matrix | Array, sizes: Array, squares: float, likeness: float = 0.0, level: float = 0.95) -> Ratio:
    """Shares hits / sizes with their intervals.

    Args:
        hits: clusters x J, the (weighted) number of a cluster's postings that have each thing.
        sizes: the (weighted) number of postings of each cluster, > 0.
        squares: the sum of the squared weights of all postings (the number of postings when all weigh 1).
        likeness: pooled intra-class correlation in [0, 1], see `likeness`.
        level: coverage asked for.
    """
    total, m = float(sizes.sum()), len(sizes)
    y = sp.csr_matrix(hits, dtype=np.float64)
    share = np.clip(np.asarray(y.sum(axis=0)).ravel() / total, 0.0, 1.0)
    residual = _squared_residuals(y, sizes, share)
    variance = residual * (m / (m - 1) if m > 1 else 1.0) / total**2
    n, binomial = total**2 / squares, share * (1 - share)
    # Where every employer says the same V is no estimate: an employer then counts as one opinion (rho = 1).
    certain = (binomial <= 1e-12) | (variance <= 1e-15)
    rho = np.where(certain, 1.0, likeness)
    modelled = (1 - rho) + rho * float(sizes @ sizes) / squares
    estimated = np.where(certain, 1.0, variance * n / np.where(certain, 1.0, binomial))
    effect = np.maximum(np.maximum(estimated, modelled), 1.0)
    freedom = float(np.clip(total**2 / float(sizes @ sizes), 1.0, max(m - 1.0, 1.0)))
    shrink = (stats.t.ppf(0.5 + level / 2, max(n - 1, 1)) / stats.t.ppf(0.5 + level / 2, freedom)) ** 2
    used = np.maximum(n / effect * min(shrink, 1.0), 1.0)
    low, high = clopper_pearson(share, used, level)
    if m < 2:  # one employer's opinion says nothing about the others
        low, high = np.zeros_like(share), np.ones_like(share)
    return Ratio(share, np.maximum(variance, binomial * effect / n), low, high, effect, n / effect)


def _squared_residuals(y: Matrix, sizes: Array, share: Array) -> Array:
    """sum over clusters of (y - share * size)^2 for each column, without filling in the sparse y."""
    squared = np.asarray(y.multiply(y).sum(axis=0)).ravel()
    cross = np.asarray(y.T @ sizes).ravel()
    residual: Array = np.maximum(squared - 2 * share * cross + share**2 * float(sizes @ sizes), 0.0)
    return residual


def likeness(hits: Matrix | Array, sizes: Array, floor: float = 5, quantile: float = 0.5) -> float:
    """How alike the postings of one employer are: the median intra-class correlation of the columns, in [0,
    1].

    Each column with at least `floor` hits and misses gives sum_c ((y_c - p n_c)^2 - n_c p (1 - p)) / (n_c -
    1) over p (1 - p) sum_c n_c, over employers with two postings or more: every posting has one voice, not
    every pair, so that one huge employer does not decide. 0 where there is nothing to estimate it from.
    Unweighted counts only. Another `quantile` than the median is safer where columns differ in their likeness.
    """
    y = sp.csr_matrix(hits, dtype=np.float64)
    counts, total = np.asarray(y.sum(axis=0)).ravel(), float(sizes.sum())
    several = sizes >= 2
    usable = (counts >= floor) & (total - counts >= floor)
    if not several.any() or not usable.any():
        return 0.0
    share = counts[usable] / total
    y, n = y[several][:, usable], sizes[several]
    scaled = sp.diags(1 / (n - 1)) @ y
    squared = np.asarray(scaled.multiply(y).sum(axis=0)).ravel()
    cross = np.asarray(y.T @ (n / (n - 1))).ravel()
    residual = squared - 2 * share * cross + share**2 * float((n**2 / (n - 1)).sum())
    binomial = share * (1 - share)
    rho = (residual - binomial * float((n / (n - 1)).sum())) / (binomial * n.sum())
    return float(np.clip(np.quantile(rho, quantile), 0.0, 1.0))


def clopper_pearson(share: Array, n: Array, level: float = 0.95) -> tuple[Array, Array]:
    """Clopper and Pearson's interval of a share out of `n`, which need not be whole numbers; n > 0."""
    alpha = (1 - level) / 2
    hits = np.clip(share * n, 0, n)
    misses = n - hits
    with np.errstate(invalid="ignore"):
        low = np.where(hits <= 1e-9, 0.0, stats.beta.ppf(alpha, np.maximum(hits, 1e-9), misses + 1))
        high = np.where(misses <= 1e-9, 1.0, stats.beta.ppf(1 - alpha, hits + 1, np.maximum(misses, 1e-9)))
    return np.minimum(low, share), np.maximum(high, share)
