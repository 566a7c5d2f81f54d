"""How much of a change is one of shares, and how much only one of who posts: Kitagawa's split, with intervals.

Between the first and the last year of a line, with the weights w and shares p of the groups of `by` (Kitagawa 1955,
JASA 50: 1168-1194):

    change = p1 - p0 = sum (w0 + w1) / 2 (p1 - p0)  [within]  +  sum (w1 - w0) (p0 + p1) / 2  [between]

A group that only one of the years has counts between. All three are smooth functions of sums over employers, so their
variances are those of the employers' summed influences (Woodruff 1971, JASA 66: 411-414): of a posting i with value y,
in year t (s = 1 for the last, -1 for the first) and group g, the influence on within is

    s (w0 + w1)_g / 2 (y - p_tg) / N_tg  +  ((p1 - p0)_g - sum w_t (p1 - p0)) / (2 N_t)

and on the change s (y - p_t) / N_t; what is left is between's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import stats

from analysis.intervals import Array, Matrix
from analysis.options import Options
from analysis.population import Population
from analysis.trends import FIXED_MIX, followed, starts

_PARTS = ("change", "within", "between")
COMPOSITION = [
    "line",
    "kind",
    "id",
    "name",
    "by",
    "start",
    "end",
    *_PARTS,
    *(f"{part}_{end}" for part in _PARTS for end in ("low", "high")),
]


@dataclass(frozen=True, slots=True)
class Split:
    """K changes between two years: `value` (3 x K: change, within, between), `low` and `high` alike."""

    value: Array
    low: Array
    high: Array


def composition(population: Population, table: pd.DataFrame, options: Options) -> pd.DataFrame:
    """Columns COMPOSITION: the change of each yearly line (analysis.trends.trends) from its first to its last year.

    `by`: seniority, country, or employer (those posting in both years against all others). change = within + between,
    each with its interval `_low`, `_high`: employers are the clusters, Student's t with as many degrees of freedom as
    employers ask, less one. A grouping that puts all postings into one group splits nothing and has no row.
    """
    if not len(table):
        return pd.DataFrame(columns=COMPOSITION)
    what, matrix = followed(population, options)
    start = starts(population, "Y")
    parts = []
    yearly = table[(table["period"] == "year") & (table["line"] != FIXED_MIX)]
    for line, part in yearly.groupby("line"):
        first, last = part["start"].min(), part["start"].max()
        here = (population.postings["source"] == line).to_numpy()
        old, new = np.flatnonzero(here & (start == first)), np.flatnonzero(here & (start == last))
        for by, labels in _groupings(population, old, new).items():
            if len(set(labels[old]) | set(labels[new])) > 1:
                found = split(population, matrix, labels, old, new, options.level)
                parts.append(_rows(what, found).assign(line=line, by=by, start=first, end=last))
    return pd.concat(parts, ignore_index=True)[COMPOSITION] if parts else pd.DataFrame(columns=COMPOSITION)


def _rows(what: pd.DataFrame, found: Split) -> pd.DataFrame:
    ends = {"": found.value, "_low": found.low, "_high": found.high}
    return what.assign(**{f"{part}{end}": rows[k] for end, rows in ends.items() for k, part in enumerate(_PARTS)})


def _groupings(population: Population, old: Array, new: Array) -> dict[str, Array]:
    both = np.intersect1d(population.employer[old], population.employer[new])
    stays = np.isin(population.employer, both)
    return {
        "seniority": population.postings["seniority"].to_numpy(object),
        "country": population.postings["country"].to_numpy(object),
        "employer": np.where(stays, "in both years", "in one year").astype(object),
    }


@dataclass(frozen=True, slots=True)
class _Shares:
    """Two years' postings by group. Of each posting: its `year` (0, 1), `group`, `weight`, `values` (n x K). Of years
    and groups: `inside` (2 x G, weights), `part` (2 x G, each group's part of the year), `share` (2 x G x K)."""

    year: Array
    group: Array
    weight: Array
    values: Array
    inside: Array
    part: Array
    share: Array

    @property
    def whole(self) -> Array:
        """2 x K: the shares of the years."""
        whole: Array = np.einsum("tg,tgk->tk", self.part, self.share)
        return whole

    @property
    def held(self) -> Array:
        """G: which groups both years have."""
        return np.asarray((self.part > 0).all(axis=0))

    @property
    def gap(self) -> Array:
        """G x K: how far a group's share moved, 0 where only one year has it."""
        return np.where(self.held[:, None], self.share[1] - self.share[0], 0.0)


def split(population: Population, matrix: Matrix, labels: Array, old: Array, new: Array, level: float = 0.95) -> Split:
    """The split of each of the K columns of `matrix` between the postings numbered `old` and `new`.

    `labels`: the group of each posting of the population.
    """
    shares = _shares(population, matrix, labels, old, new)
    change = shares.whole[1] - shares.whole[0]
    within = shares.part.mean(axis=0) @ shares.gap
    employer = population.employer[np.concatenate([old, new])]
    error, freedom = _errors(shares, employer)
    half: Array = np.asarray(stats.t.ppf(0.5 + level / 2, freedom)) * error
    value = np.stack([change, within, change - within])
    return Split(value, np.maximum(value - half, -1.0), np.minimum(value + half, 1.0))


def _shares(population: Population, matrix: Matrix, labels: Array, old: Array, new: Array) -> _Shares:
    rows = np.concatenate([old, new])
    year = np.repeat([0, 1], [len(old), len(new)])
    group = pd.factorize(labels[rows])[0]
    weight, values = population.weight[rows], matrix[rows].toarray().astype(float)
    groups = int(group.max()) + 1
    member = sp.csr_matrix((weight, (year * groups + group, np.arange(len(rows)))), shape=(2 * groups, len(rows)))
    inside = np.asarray(member.sum(axis=1)).reshape(2, groups)
    share = (member @ values).reshape(2, groups, -1) / np.maximum(inside, 1e-12)[:, :, None]
    return _Shares(year, group, weight, values, inside, inside / inside.sum(axis=1, keepdims=True), share)


def _influences(shares: _Shares) -> list[Array]:
    """Of each posting (n x K) on the change, on within, on between; formulas in the module's docstring."""
    year, group = shares.year, shares.group
    total = shares.inside.sum(axis=1)[year]
    sign = np.where(year == 1, 1.0, -1.0)
    mean = np.where(shares.held, shares.part.mean(axis=0), 0.0)[group]
    own = (sign * mean / shares.inside[year, group])[:, None] * (shares.values - shares.share[year, group])
    moved = (shares.gap[group] - (shares.part @ shares.gap)[year]) / (2 * total)[:, None]
    change = (sign / total)[:, None] * (shares.values - shares.whole[year])
    return [shares.weight[:, None] * one for one in (change, own + moved, change - own - moved)]


def _least(shares: _Shares) -> Array:
    """3 x K: the variances if all postings were independent, where nobody asks as if half a posting did.

    Between's is that of the shares times how much of the mix moved.
    """
    total: Array = shares.inside.sum(axis=1, keepdims=True)
    inner = np.clip(shares.whole, 0.5 / (total + 1), 1 - 0.5 / (total + 1))
    squares: Array = np.bincount(shares.year, shares.weight**2, 2).reshape(2, 1)
    least = (inner * (1 - inner) * squares / total**2).sum(axis=0)
    shift = min(float(((shares.part[1] - shares.part[0]) ** 2).sum()) / 4, 1.0)
    return np.stack([least, least, least * shift])


def _products(shares: _Shares) -> Array:
    """K: the variance of what linearising leaves out, products of a moving mix and moving shares, of independent
    postings. It is all that there is where neither really moves."""
    square = (shares.weight @ shares.weight) / shares.weight.sum()  # what a posting's weight adds, on average
    inside = np.maximum(shares.inside, 1e-12)
    mix = (shares.part * (1 - shares.part) / inside.sum(axis=1, keepdims=True)).sum(axis=0) * square
    own = (shares.share * (1 - shares.share) / inside[:, :, None]).sum(axis=0) / 4 * square
    product: Array = np.where(shares.held, mix, 0.0) @ own
    return product


def _errors(shares: _Shares, employer: Array) -> tuple[Array, Array]:
    """(standard errors 3 x K from the employers' sums, never below those of independent postings; freedom K)."""
    codes = np.unique(employer, return_inverse=True)[1]
    m = int(codes.max()) + 1
    spread = sp.csr_matrix((np.ones(len(codes)), (codes, np.arange(len(codes)))), shape=(m, len(codes)))
    effects, least = _influences(shares), _least(shares)
    variance = np.stack([((spread @ effect) ** 2).sum(axis=0) for effect in effects]) * m / max(m - 1, 1)
    alone = np.stack([(effect**2).sum(axis=0) for effect in effects])
    variance = np.maximum(np.maximum(variance, alone), np.maximum(least, 1e-12))
    alike = variance[0] / np.maximum(alone[0], least[0])  # the design effect, of the mix as of the shares
    variance[1:] += _products(shares) * alike**2
    error: Array = np.sqrt(variance)
    asking = np.asarray((spread @ shares.values) > 0).sum(axis=0)
    return error, np.maximum(asking - 1, 1)
