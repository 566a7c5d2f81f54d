"""Prediction-powered inference for a share whose numerator and denominator are both unknown.

The share is theta with E[role (asks - theta)] = 0. Both parts are estimated from people's labels, and from the
predictions on every posting less those on the labelled ones:

    A = sum over labelled of a / pi + lambda (sum of a^ - sum over labelled of a^ / pi'),   M likewise,   theta = A / M

with m the role, a the role that asks, ^ the prediction, pi the inclusion probability (Angelopoulos, Bates, Fannjiang,
Jordan, Zrnic 2023, Science 382: 669-674; lambda as in PPI++, Angelopoulos, Duchi, Zrnic 2023, arXiv 2311.01453, here
chosen for the smallest variance). The estimate is unbiased for every lambda; bad or few predictions only make lambda
small. Employers are the clusters of the labelled sample and of the rest together: a posting counts in its employer's
sum whether it is labelled or not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import stats

from analysis import bootstrap
from analysis.intervals import Array


@dataclass(frozen=True, slots=True)
class Powered:
    """theta with its interval `low`, `high`; `power` is lambda; `boot_low`, `boot_high`: employers drawn anew."""

    theta: float
    low: float
    high: float
    power: float
    boot_low: float = 0.0
    boot_high: float = 1.0


@dataclass(frozen=True, slots=True)
class Sums:
    """What theta is made of, m employers x (asks, role): `said` from the labels, `model` what a unit of lambda adds."""

    said: Array
    model: Array

    @property
    def products(self) -> Array:
        """m x 7: the products that lambda is made of, so that a replicate of employers can choose its own."""
        (a, r), (x, y) = self.said.T, self.model.T
        return np.stack([a * x, a * y, r * x, r * y, x * x, x * y, y * y], axis=1)


def prediction_powered(
    predicted: Mapping[str, Array],
    labelled: Array,
    said: Mapping[str, Array],
    seen: Mapping[str, Array],
    probability: Array,
    employer: Array,
    level: float = 0.95,
    honest: Array | None = None,
    drawn: Array | None = None,
) -> Powered:
    """The corrected share.

    Args:
        predicted: "role" and "asks" (0 or 1, asks only where role) of all n postings.
        labelled: numbers of the L labelled postings among the n.
        said, seen: "role" and "asks" of the labelled postings by people and by the model (cross-fitted).
        probability: inclusion probability of each labelled posting, in (0, 1].
        employer: employer number of each of the n postings, 0..m-1.
        honest: 1 / pi' of each labelled posting, 0 where the model saw its label; 1 / pi by default.
        drawn: replicates x m from analysis.bootstrap.counts, for the bootstrap's interval.
    """
    weight = 1 / probability
    own = employer[labelled]
    sums = _sums(predicted, own, said, seen, weight, weight if honest is None else honest, employer)
    power = float(_power(sums.products.sum(axis=0), _naive(sums.said.sum(axis=0))))
    theta, base = (float(x) for x in _solve(sums.said.sum(axis=0), sums.model.sum(axis=0), power))
    influence = (sums.said + power * sums.model) @ np.array([1.0, -theta])
    employers = len(np.unique(own))
    squares = influence**2
    variance = float(squares.sum()) * employers / max(employers - 1, 1) / base**2
    # As many employers of equal influence would give this variance: Satterthwaite's degrees of freedom.
    equal = float(squares.sum() ** 2 / max(float((squares**2).sum()), 1e-300)) if variance > 0 else employers
    low, high = _interval(theta, variance, weight, min(equal, employers), level)
    theta = min(max(theta, 0.0), 1.0)
    low, high = min(low, theta), max(high, theta)
    ends = (0.0, 1.0) if drawn is None else _bootstrap(sums, drawn, level)
    if ends[1] - ends[0] < 1e-9:  # no label says otherwise, so no replicate does: that is not certainty
        ends = low, high
    return Powered(theta, low, high, power, *ends)


def _sums(
    predicted: Mapping[str, Array],
    own: Array,
    said: Mapping[str, Array],
    seen: Mapping[str, Array],
    weight: Array,
    honest: Array,
    employer: Array,
) -> Sums:
    m = int(employer.max()) + 1
    people = [np.bincount(own, weight * said[what], m) for what in ("asks", "role")]
    model = [
        np.bincount(employer, predicted[what], m) - np.bincount(own, honest * seen[what], m)
        for what in ("asks", "role")
    ]
    return Sums(np.stack(people, axis=1), np.stack(model, axis=1))


def _naive(said: Array) -> Array:
    """The share among the labelled postings alone; `said` ends in (asks, role)."""
    share: Array = said[..., 0] / np.maximum(said[..., 1], 1e-12)
    return share


def _power(products: Array, theta: Array) -> Array:
    """lambda for the smallest variance; `products` ends in the seven of Sums.products."""
    ax, ay, rx, ry, xx, xy, yy = np.moveaxis(products, -1, 0)
    together = ax - theta * ay - theta * rx + theta**2 * ry
    power: Array = np.clip(-together / np.maximum(xx - 2 * theta * xy + theta**2 * yy, 1e-12), 0.0, 1.0)
    return power


def _solve(said: Array, model: Array, power: Array | float) -> tuple[Array, Array]:
    """(theta, its denominator) from totals that end in (asks, role)."""
    top, base = (said[..., i] + power * model[..., i] for i in (0, 1))
    base = np.maximum(base, 1e-12)
    return top / base, base


def _bootstrap(sums: Sums, drawn: Array, level: float) -> tuple[float, float]:
    """Employers resampled in the labelled sample and in the rest at once, lambda chosen anew in each replicate."""
    totals = bootstrap.sums(drawn, np.hstack([sums.said, sums.model, sums.products]))
    said, model, products = totals[:, :2], totals[:, 2:4], totals[:, 4:]
    theta = _solve(said, model, _power(products, _naive(said)))[0]
    low, high = bootstrap.percentiles(np.clip(theta, 0, 1)[:, None], level)
    return float(low[0]), float(high[0])


def _interval(theta: float, variance: float, weight: Array, employers: float, level: float) -> tuple[float, float]:
    """On the logit scale, so that it stays inside (0, 1) and leans the right way near its ends."""
    # One posting of the sample could have been otherwise: never narrower than that many labels allow.
    effective = float(weight.sum() ** 2 / (weight @ weight))
    inside = min(max(theta, 1 / effective), 1 - 1 / effective) if effective > 2 else 0.5
    error = float(np.sqrt(variance)) if variance > 0 else float(np.sqrt(inside * (1 - inside) / effective))
    freedom = max(min(employers, effective) - 1, 1)
    half = float(stats.t.ppf(0.5 + level / 2, freedom)) * error / (inside * (1 - inside))
    middle = float(np.log(inside / (1 - inside)))
    low, high = (float(1 / (1 + np.exp(-(middle + side * half)))) for side in (-1, 1))
    return low, high
