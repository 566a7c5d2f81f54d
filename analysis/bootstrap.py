"""The bootstrap over employers (Field and Welsh 2007, JRSS B 69: 369-390): whole employers are drawn with replacement.

It answers for statistics that have no formula, and is a check on those that have one. For shares of rare skills its
percentile intervals are too narrow (docs/decisions/0031), so the figures carry analytic intervals and the bootstrap
stands beside them.

A replicate is a vector of counts, how often each employer was drawn, so any sum over employers is one product. Two
thousand replicates of a thousand skills over a hundred thousand employers take seconds: dense blocks of employers go
through BLAS, which beats sparse products here.
"""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp

from analysis.intervals import Array, Matrix

_BLOCK = 8192  # employers at a time: two blocks of 64 MB and less


def counts(employers: int, replicates: int, seed: int) -> Array:
    """replicates x employers: how often each employer is drawn (uint8; a row adds up to `employers`)."""
    rng = np.random.default_rng(seed)
    drawn = np.empty((replicates, employers), np.uint8)
    for row in drawn:
        row[:] = np.bincount(rng.integers(0, employers, employers, dtype=np.int32), minlength=employers)
    return drawn


def sums(drawn: Array, values: Matrix | Array) -> Array:
    """replicates x J: the sums of `values` (employers x J) over the employers of each replicate."""
    table: Matrix = sp.csr_matrix(values)
    kind = np.float32 if table.dtype.kind in "biu" else np.float64  # whole numbers lose nothing in single precision
    found = np.zeros((len(drawn), table.shape[1]))
    for start in range(0, drawn.shape[1], _BLOCK):
        part = table[start : start + _BLOCK].toarray()
        found += drawn[:, start : start + _BLOCK].astype(kind) @ part.astype(kind)
    return found


def shares(hits: Matrix | Array, sizes: Array, replicates: int = 2000, seed: int = 0) -> Array:
    """replicates x J: the shares sum(hits) / sum(sizes) of each replicate; arguments as in analysis.intervals.ratio."""
    drawn = counts(len(sizes), replicates, seed)
    result: Array = sums(drawn, hits) / np.maximum(sums(drawn, sizes[:, None].astype(float)), 1e-12)
    return result


def percentiles(replicates: Array, level: float = 0.95) -> tuple[Array, Array]:
    """The ends of the middle `level` of each column: Efron's percentile interval."""
    low, high = np.quantile(replicates, [0.5 - level / 2, 0.5 + level / 2], axis=0)
    return low, high
