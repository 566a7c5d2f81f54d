"""Pay by skill and track with seniority, country, source and year held fixed, each currency for itself.

Pay is the middle of the range that the posting states, per year. The effect of a skill is the coefficient of a
regression of log pay on that skill and on indicators of seniority, country, source and year: exp(coefficient) is how
many times as much the postings with the skill pay. It describes postings, it does not promise a raise. Standard errors
are the jackknife's over employers (MacKinnon, Nielsen and Webb 2023); all skills share one projection of the indicators
(Frisch and Waugh 1933, Lovell 1963). Medians have Woodruff's (1952) intervals.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import stats

from analysis.contrast import false_discovery
from analysis.demand import TRACK_NAMES
from analysis.intervals import Array, Matrix, ratio
from analysis.options import Options
from analysis.population import Population
from nlp.records import TRACKS

PAY = [
    "currency",
    "kind",
    "id",
    "name",
    "postings",
    "employers",
    "median",
    "median_low",
    "median_high",
    "effect",
    "effect_low",
    "effect_high",
    "p_value",
    "q_value",
]
_PLAUSIBLE = (
    3_000,
    3_000_000,
)  # a year, in any large currency but those of many zeros: outside, the period was misread
_CHUNK = 64  # skills at a time, so that a dense block of a million postings stays below half a gigabyte


def pay(population: Population, options: Options) -> pd.DataFrame:
    """Columns PAY: rows of kind "all" (effect 1), "track" and "skill" for each currency above the floors.

    postings, employers: with stated pay; median with its interval, in the currency a year; effect with its interval
    (1.08 is 8 % more than comparable postings without the skill); q_value: false-discovery rate within the currency.
    """
    postings = population.postings
    low, high = postings["pay_min_year"], postings["pay_max_year"]
    middle = (low.fillna(high) + high.fillna(low)) / 2
    stated = (postings["salary_currency"] != "") & middle.between(*_PLAUSIBLE)
    parts = []
    for currency in sorted(postings.loc[stated, "salary_currency"].unique()):
        rows = np.flatnonzero(stated & (postings["salary_currency"] == currency))
        employers = len(np.unique(population.employer[rows]))
        if len(rows) >= options.min_postings and employers >= options.min_employers:
            parts.append(_currency(population, rows, middle.to_numpy()[rows], options).assign(currency=currency))
    return pd.concat(parts, ignore_index=True)[PAY] if parts else pd.DataFrame(columns=PAY)


def _currency(population: Population, rows: Array, amount: Array, options: Options) -> pd.DataFrame:
    catalog, part = population.catalog, population.take(rows)
    tracks = sp.csr_matrix(part.postings[list(TRACKS)].to_numpy(np.int8))
    matrix = sp.hstack([tracks, part.either]).tocsc()
    names = [TRACK_NAMES[t] for t in TRACKS] + list(catalog.names)
    kinds = ["track"] * len(TRACKS) + ["skill"] * len(catalog.ids)
    counts = np.asarray(matrix.sum(axis=0, dtype=np.int64)).ravel()
    asking = np.diff(part.by_employer(matrix.tocsr())[0].tocsc().indptr)
    # Without enough postings on both sides there is nothing to compare.
    enough = (counts >= options.min_postings) & (asking >= options.min_employers)
    enough &= len(rows) - counts >= options.min_postings
    some = np.flatnonzero(enough)
    effect, error, freedom = _effects(part, np.log(amount), matrix[:, some], asking[some])
    half = stats.t.ppf(0.5 + options.level / 2, freedom) * error
    p_value: Array = np.asarray(2 * stats.t.sf(np.abs(effect) / np.maximum(error, 1e-12), freedom))
    table = pd.DataFrame(
        {
            "kind": [kinds[i] for i in some],
            "id": [[*TRACKS, *catalog.ids][i] for i in some],
            "name": [names[i] for i in some],
            "postings": counts[some],
            "employers": asking[some],
            "effect": np.exp(effect),
            "effect_low": np.exp(effect - half),
            "effect_high": np.exp(effect + half),
            "p_value": p_value,
            "q_value": false_discovery(p_value),
        }
    )
    medians = [_median(part, amount, matrix[:, i].indices, options) for i in some]
    table[["median", "median_low", "median_high"]] = np.array(medians).reshape(-1, 3)
    table = table[np.isfinite(table["effect_high"]) & (error > 0)]
    table = table.sort_values(["kind", "effect", "id"], ascending=[False, False, True])
    complete: pd.DataFrame = pd.concat([_whole(part, amount, options), table], ignore_index=True)
    return complete


def _whole(part: Population, amount: Array, options: Options) -> pd.DataFrame:
    """The row of all postings with stated pay: nothing to compare it with, so its effect is 1."""
    names = {"kind": "all", "id": "all", "name": "All postings with stated pay"}
    counts = {"postings": len(amount), "employers": part.employers}
    even = {"effect": 1.0, "effect_low": 1.0, "effect_high": 1.0, "p_value": 1.0, "q_value": 1.0}
    median, low, high = _median(part, amount, np.arange(len(amount)), options)
    return pd.DataFrame([{**names, **counts, **even, "median": median, "median_low": low, "median_high": high}])


@dataclass(frozen=True, slots=True)
class _Design:
    """A regression on indicators: `basis` spans them (n x k), `y` is what they leave of log pay, both with the square
    roots of the weights; `spread` (m x n) sums over employers; `own` and `with_pay`: those sums of the basis and of
    the basis times y; `alike`: how the residuals of an employer correlate."""

    basis: Array
    y: Array
    spread: Matrix
    own: Array
    with_pay: Array
    alike: float


def _effects(part: Population, log_pay: Array, matrix: Matrix, asking: Array) -> tuple[Array, Array, Array]:
    """(coefficient, clustered standard error, degrees of freedom) of each column, indicators held fixed.

    `asking`: the number of employers that ask for each.
    """
    weight = np.sqrt(part.weight / part.weight.mean())
    design = _design(part, log_pay * weight, weight)
    columns = (sp.diags(weight) @ matrix).tocsc()
    sums = (design.spread @ columns).tocsc(), (design.spread @ sp.diags(design.y) @ columns).tocsc()
    found = [np.zeros((3, 0))]
    for start in range(0, matrix.shape[1], _CHUNK):
        here = slice(start, start + _CHUNK)
        found.append(_chunk(design, columns[:, here], sums[0][:, here], sums[1][:, here], asking[here]))
    effect, error, freedom = np.concatenate(found, axis=1)
    return effect, error, freedom


def _design(part: Population, y: Array, weight: Array) -> _Design:
    basis = np.linalg.qr(_indicators(part.postings) * weight[:, None])[0]
    y = y - basis @ (basis.T @ y)
    n = len(y)
    spread = sp.csr_matrix((np.ones(n), part.employer, np.arange(n + 1)), shape=(n, part.employers)).T.tocsr()
    return _Design(basis, y, spread, spread @ basis, spread @ (basis * y[:, None]), _alike(y, spread))


def _chunk(design: _Design, columns: Matrix, sums: Matrix, with_pay: Matrix, asking: Array) -> Array:
    """3 x K: coefficient, standard error, degrees of freedom of each column, one at a time.

    `sums` and `with_pay` are employers' sums of the columns and of the columns times y. What the indicators explain of
    a column is taken off those sums, so that only its squares need all postings.

    The error is the jackknife's over employers (CR3; MacKinnon, Nielsen, Webb 2023, J. Econometrics 232: 272-299): a
    large employer pulls the fit towards itself, so its residuals alone say too little. The degrees of freedom are
    Satterthwaite's of the employers' parts in the variance when their residuals correlate by `alike` (as in Carter,
    Schnepel, Steigerwald 2017), and no more than employers ask for the skill.
    """
    m = design.spread.shape[0]
    explained = np.asarray((columns.T @ design.basis).T)
    x = columns.toarray()
    x -= design.basis @ explained
    own = design.spread @ np.square(x, out=x)
    square = np.maximum(own.sum(axis=0), 1e-9)
    scores = with_pay.toarray() - design.with_pay @ explained
    effect = scores.sum(axis=0) / square
    scores -= own * effect
    scores /= 1 - np.minimum(own / square, 0.999)
    error = np.where(square > 1e-6, np.sqrt((m - 1) / m * (scores**2).sum(axis=0)) / square, 0.0)
    total = sums.toarray() - design.own @ explained
    shares = (1 - design.alike) * own + design.alike * total**2
    freedom = shares.sum(axis=0) ** 2 / np.maximum((shares**2).sum(axis=0), 1e-300)
    return np.stack([effect, error, np.maximum(np.minimum(asking, freedom) - 1, 1)])


def _alike(y: Array, spread: Matrix) -> float:
    """The correlation of residuals within an employer, each posting having one voice; in [0, 1]."""
    sizes = np.asarray(spread.sum(axis=1)).ravel()
    several = sizes > 1
    if not several.any():
        return 0.0
    products = ((spread @ y) ** 2 - spread @ y**2)[several] / (sizes[several] - 1)
    return float(np.clip(products.sum() / sizes[several].sum() / max(float(y @ y) / len(y), 1e-300), 0, 1))


def _indicators(postings: pd.DataFrame) -> Array:
    """n x K: a constant and indicators of seniority, country, source and year, without those that hold for all or
    none.
    """
    year = postings["date_posted"].fillna(postings["first_seen"]).dt.year.astype("Int64").astype(str)
    columns = [np.ones((len(postings), 1))]
    for values in (postings["seniority"], postings["country"], postings["source"], year):
        common = values.where(values.map(values.value_counts()) >= 10, "other")  # a lone posting would explain itself
        columns.append(pd.get_dummies(common, drop_first=True).to_numpy(float))
    return np.hstack(columns)


def _median(part: Population, amount: Array, rows: Array, options: Options) -> tuple[float, float, float]:
    """Weighted median and Woodruff's interval: the quantiles at the ends of the interval of the share below the
    median.
    """
    order = rows[np.argsort(amount[rows], kind="stable")]
    values, weight = amount[order], part.weight[order]
    below = np.cumsum(weight) / weight.sum()
    middle = float(values[min(int(np.searchsorted(below, 0.5)), len(values) - 1)])
    _, employer = np.unique(part.employer[order], return_inverse=True)
    lower = np.arange(len(order)) < max(len(order) // 2, 1)
    hits = np.bincount(employer, weights=weight * lower)[:, None]
    sizes = np.bincount(employer, weights=weight)
    found = ratio(hits, sizes, float(weight @ weight), part.likeness, options.level)
    ends = [float(values[min(int(np.searchsorted(below, p)), len(values) - 1)]) for p in (found.low[0], found.high[0])]
    return middle, min(ends[0], middle), max(ends[1], middle)
