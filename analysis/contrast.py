"""Two shares of the same things over the same employers, and what can be said of their difference and their ratio.

Employers may stand on both sides, so the variance is that of one sum over employers (Cochran 1977, ch. 6; Woodruff 1971
for functions of totals): of the difference with the residuals (y1 - p1 n1) / N1 - (y0 - p0 n0) / N0, of the log ratio
with the same divided by p1 and p0. The p value is that of the score test, whose variance is the one that there would be
if both sides had one share: where nobody asked before, the difference's own variance says too little and the log
ratio's too much (Agresti 2013, Categorical Data Analysis, 3.2; Rao and Scott 1981, JASA 76: 221-230). Many contrasts at
once are controlled by the false-discovery rate of Benjamini and Hochberg (1995, JRSS B 57: 289-300).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis.intervals import Array, Matrix
from analysis.population import Population


@dataclass(frozen=True, slots=True)
class Contrast:
    """Arrays of length J: shares and counts on both sides, difference and ratio with intervals, p value (two-sided)."""

    count1: Array
    count0: Array
    share1: Array
    share0: Array
    difference: Array
    low: Array
    high: Array
    ratio: Array
    ratio_low: Array
    ratio_high: Array
    p_value: Array


def contrast(population: Population, matrix: Matrix, side1: Array, side0: Array, level: float = 0.95) -> Contrast:
    """Compare the shares of the J columns of `matrix` between two sets of postings (masks, without overlap)."""
    m = population.employers
    hits = [_aligned(population, matrix, side, m) for side in (side1, side0)]
    (y1, n1, w1), (y0, n0, w0) = hits
    total1, total0 = n1.sum(), n0.sum()
    count1, count0 = (np.asarray(matrix.T @ side.astype(np.int64)).ravel() for side in (side1, side0))
    p1, p0 = np.asarray(y1.sum(axis=0)).ravel() / total1, np.asarray(y0.sum(axis=0)).ravel() / total0
    # Where nobody asks, half a posting does (Haldane 1956), so that a ratio has an interval.
    q1, q0 = np.where(p1 > 0, p1, 0.5 / (total1 + 1)), np.where(p0 > 0, p0, 0.5 / (total0 + 1))
    shares = n1 / total1, n0 / total0
    employers = m / max(m - 1, 1)
    sums = _sums(y1 / total1, y0 / total0, *shares)
    difference = _squares(sums, p1, p0, *shares) * employers
    pooled = (p1 * total1 + p0 * total0) / (total1 + total0)
    null = _squares(sums, pooled, pooled, *shares) * employers
    relative = y1 @ _diagonal(1 / (total1 * q1)), y0 @ _diagonal(1 / (total0 * q0))
    logarithm = _squares(_sums(*relative, *shares), p1 / q1, p0 / q0, *shares) * employers
    # Never more certain than independent postings of the same number would be.
    k1, k0 = total1**2 / w1, total0**2 / w0
    v1, v0 = np.clip(q1 * (1 - q1), 1e-12, None) / k1, np.clip(q0 * (1 - q0), 1e-12, None) / k0
    difference = np.maximum(difference, v1 + v0)
    null = np.maximum(null, np.clip(pooled * (1 - pooled), 1e-12, None) * (1 / k1 + 1 / k0))
    logarithm = np.maximum(logarithm, v1 / q1**2 + v0 / q0**2)
    # The variance of a rare skill rests on the few employers that ask for it.
    asking = np.diff((abs(y1) + abs(y0)).tocsc().indptr)
    quantile = stats.t.ppf(0.5 + level / 2, np.maximum(asking - 1, 1))
    se, se_log, ratio = np.sqrt(difference), np.sqrt(logarithm), q1 / q0
    z = abs(p1 - p0) / np.sqrt(null)
    low, high = np.maximum(p1 - p0 - quantile * se, -1.0), np.minimum(p1 - p0 + quantile * se, 1.0)
    wide = np.exp(np.minimum(quantile * se_log, 50))
    p_value = 2 * stats.t.sf(z, np.maximum(asking - 1, 1))
    return Contrast(count1, count0, p1, p0, p1 - p0, low, high, ratio, ratio / wide, ratio * wide, p_value)


def _aligned(population: Population, matrix: Matrix, side: Array, m: int) -> tuple[Matrix, Array, float]:
    """Totals per employer over one side, with a row for each of the m employers."""
    import scipy.sparse as sp

    employer, weight = population.employer[side], population.weight[side]
    # Postings of the other side are empty rows: cheaper than cutting thirty million mentions in two.
    bounds = np.concatenate([[0], np.cumsum(side)])
    spread = sp.csr_matrix((weight, employer, bounds), shape=(len(side), m))
    return (spread.T @ matrix).tocsr(), np.bincount(employer, weights=weight, minlength=m), float(weight @ weight)


def _diagonal(values: Array) -> Matrix:
    import scipy.sparse as sp

    return sp.diags(values)


def _sums(y1: Matrix, y0: Matrix, n1: Array, n0: Array) -> tuple[Array, Array, Array]:
    """What `_squares` needs of the two sides, for each column."""
    y = (y1 - y0).tocsr()
    squared = np.asarray(y.multiply(y).sum(axis=0)).ravel()
    return squared, np.asarray(y.T @ n1).ravel(), np.asarray(y.T @ n0).ravel()


def _squares(sums: tuple[Array, Array, Array], a1: Array, a0: Array, n1: Array, n0: Array) -> Array:
    """sum over employers of (y1 - a1 n1 - y0 + a0 n0)^2, for each column."""
    squared, with1, with0 = sums
    base = a1**2 * (n1 @ n1) - 2 * a1 * a0 * (n1 @ n0) + a0**2 * (n0 @ n0)
    result: Array = np.maximum(squared - 2 * (a1 * with1 - a0 * with0) + base, 0.0)
    return result


def false_discovery(p_value: Array) -> Array:
    """Benjamini and Hochberg's adjusted p values (q values)."""
    n = len(p_value)
    if not n:
        return p_value
    order = np.argsort(p_value)
    scaled = p_value[order] * n / np.arange(1, n + 1)
    adjusted: Array = np.empty(n)
    adjusted[order] = np.minimum(np.minimum.accumulate(scaled[::-1])[::-1], 1.0)
    return adjusted
