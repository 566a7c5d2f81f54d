"""Shares with the intervals of `analysis.intervals`, from counts per employer and class: fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Shares:
    """One row per class: `count` of `total` postings, of `employers`, as `share` with its 95 % interval [low, high]."""

    count: Array
    total: int
    employers: Array
    share: Array
    low: Array
    high: Array
    n_eff: Array

    def take(self, places: Array) -> Shares:
        """These classes only, in this order."""
        some = {name: getattr(self, name)[places] for name in self.__slots__ if name != "total"}
        return Shares(total=self.total, **some)

    def row(self, place: int) -> tuple[float, float, float]:
        """Share and interval of one class."""
        return float(self.share[place]), float(self.low[place]), float(self.high[place])


def shares(cluster: Array, kind: Array, hits: Array, kinds: int, sizes: Array) -> Shares:
    """Shares of `kinds` classes of one and the same denominator.

    Args:
        cluster, kind, hits: per pair, the employer's place in `sizes`, the class, and its number of postings.
        sizes: postings per employer; zeros are left out.
    """
    import scipy.sparse as sp

    from analysis.intervals import ratio

    present = np.flatnonzero(sizes)
    total = int(sizes.sum())
    count = np.bincount(kind, weights=hits, minlength=kinds).round().astype(np.int64)
    employers = np.bincount(kind[hits > 0], minlength=kinds)
    if not total:
        nothing = np.full(kinds, np.nan)
        return Shares(count, 0, employers, nothing, nothing, nothing, nothing)
    place = np.zeros(len(sizes), np.int64)
    place[present] = np.arange(len(present))
    some = hits > 0
    table = sp.csr_matrix((hits[some], (place[cluster[some]], kind[some])), shape=(len(present), kinds))
    found = ratio(table, sizes[present].astype(float), float(total))
    return Shares(count, total, employers, found.share, found.low, found.high, found.n_eff)


def of_rows(cluster: Array, kind: Array, kinds: int, clusters: int) -> Shares:
    """Shares of classes where each posting is of one class: `kind[i]` of the posting i of employer `cluster[i]`."""
    keys, hits = np.unique(kind.astype(np.int64) * clusters + cluster, return_counts=True)
    sizes = np.bincount(cluster, minlength=clusters)
    return shares(keys % clusters, keys // clusters, hits.astype(float), kinds, sizes)


def of_flags(cluster: Array, flags: Array, clusters: int) -> Shares:
    """Shares of yes/no columns: `flags` is rows x classes, bool."""
    compact, place = np.unique(cluster, return_inverse=True)
    kinds = flags.shape[1]
    sizes = np.bincount(place, minlength=len(compact))
    hits = np.stack([np.bincount(place, weights=flags[:, k], minlength=len(compact)) for k in range(kinds)], axis=1)
    where, kind = np.nonzero(hits)
    return shares(where, kind, hits[where, kind], kinds, sizes)


def difference(
    first: Shares, second: Shares, hits: tuple[Array, Array], sizes: tuple[Array, Array], cluster: Array, kind: Array
) -> tuple[Array, Array]:
    """95 % interval (low, high) of first.share - second.share per class, over employers as clusters.

    Linearised: z_c = (y1_c - p1 m1_c) / n1 - (y2_c - p2 m2_c) / n2, V = C / (C - 1) sum(z_c²); an employer, or a
    posting, that stands in both selections is thereby counted as such. `hits`, `cluster`, `kind` are per pair.
    """
    from scipy.special import stdtrit

    kinds = len(first.share)
    u, v = sizes[0] / max(first.total, 1), sizes[1] / max(second.total, 1)
    a = hits[0] / max(first.total, 1) - hits[1] / max(second.total, 1)

    def add(weights: Array) -> Array:
        return np.bincount(kind, weights=weights, minlength=kinds)

    p, q = first.share, second.share
    squares = add(a * a) - 2 * p * add(a * u[cluster]) + 2 * q * add(a * v[cluster])
    squares += p * p * float(u @ u) - 2 * p * q * float(u @ v) + q * q * float(v @ v)
    employers = int(((sizes[0] > 0) | (sizes[1] > 0)).sum())
    if employers < 2:
        return np.full(kinds, -1.0), np.full(kinds, 1.0)
    half = np.sqrt(np.maximum(squares, 0) * employers / (employers - 1)) * float(stdtrit(employers - 1, 0.975))
    return np.maximum(p - q - half, -1.0), np.minimum(p - q + half, 1.0)
