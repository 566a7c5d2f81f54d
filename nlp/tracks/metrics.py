"""How good predictions are: precision, recall, F1, calibration error, and intervals that respect employers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.tracks.names import HEADS

Floats = NDArray[np.float64]
DRAWS = 1_000
BINS = 10


@dataclass(frozen=True, slots=True)
class Scores:
    """Per head (columns in the order of HEADS): precision, recall, f1, ece, brier; each (4,)."""

    precision: Floats
    recall: Floats
    f1: Floats
    ece: Floats
    brier: Floats

    @property
    def macro(self) -> float:
        """Mean F1 of the three tracks."""
        return float(self.f1[1:].mean())


def score(truth: NDArray[Any], chances: NDArray[Any], says: NDArray[Any], weight: NDArray[Any] | None = None) -> Scores:
    """Score predictions.

    Args:
        truth: (n, 4) of 0 and 1.
        chances: (n, 4) probabilities.
        says: (n, 4) labels given.
        weight: (n,) of each posting, e.g. 1 / inclusion probability.
    """
    w = np.ones(len(truth)) if weight is None else np.asarray(weight, float)
    hit, said, real = (w @ (truth * says)), w @ np.asarray(says, float), w @ np.asarray(truth, float)
    precision, recall, f1 = f1_of(hit, said, real)
    brier = w @ (chances - truth) ** 2 / w.sum()
    ece = np.array([calibration_error(truth[:, k], chances[:, k], w) for k in range(truth.shape[1])])
    return Scores(precision, recall, f1, ece, brier)


def f1_of(hit: Any, said: Any, real: Any) -> tuple[Floats, Floats, Floats]:
    """Precision, recall and F1 from weighted counts; 0 where nothing was said or nothing is real."""
    precision = hit / np.where(said > 0, said, 1)
    recall = hit / np.where(real > 0, real, 1)
    f1 = 2 * hit / np.where(said + real > 0, said + real, 1)
    return precision, recall, f1


def reliability(truth: Floats, chances: Floats, weight: Floats) -> list[tuple[float, float, float]]:
    """For each of ten bins of probability: its share of the weight, mean probability, and share of yes."""
    at = np.minimum(BINS - 1, (chances * BINS).astype(int))
    rows = []
    for k in range(BINS):
        inside = at == k
        total = weight[inside].sum()
        if total:
            mean, yes = weight[inside] @ chances[inside] / total, weight[inside] @ truth[inside] / total
            rows.append((float(total / weight.sum()), float(mean), float(yes)))
    return rows


def calibration_error(truth: Any, chances: Any, weight: Any) -> float:
    """Expected calibration error over ten equal bins, weighted."""
    return sum(w * abs(mean - yes) for w, mean, yes in reliability(truth, chances, weight))


def cluster_weights(clusters: Sequence[str], seed: int = 0, draws: int = DRAWS) -> NDArray[np.int32]:
    """How often each posting stands in each bootstrap sample of whole clusters, (draws, n)."""
    _, owner = np.unique(np.asarray(clusters), return_inverse=True)
    count = owner.max() + 1 if len(owner) else 0
    rng = np.random.default_rng(seed)
    times = rng.multinomial(count, np.full(count, 1 / count), size=draws) if count else np.zeros((draws, 0))
    return times[:, owner].astype(np.int32)


def bootstrap_f1(truth: NDArray[Any], says: NDArray[Any], times: NDArray[Any]) -> Floats:
    """F1 per head in every bootstrap sample, (draws, 4)."""
    t = times.astype(float)
    return f1_of(t @ (truth * says), t @ np.asarray(says, float), t @ np.asarray(truth, float))[2]


def interval(samples: Floats) -> tuple[float, float]:
    """The middle 95 % of bootstrap samples."""
    low, high = np.quantile(samples, [0.025, 0.975])
    return float(low), float(high)


def summary(truth: NDArray[Any], chances: NDArray[Any], says: NDArray[Any], clusters: Sequence[str]) -> dict[str, Any]:
    """The scores of a set of postings as plain numbers, with intervals of F1, for cards and reports."""
    if not len(truth):
        return {"postings": 0}
    scores = score(truth, chances, says)
    drawn = bootstrap_f1(truth, says, cluster_weights(clusters))
    out: dict[str, Any] = {"postings": len(truth), "clusters": len(set(clusters)), "macro_f1": round(scores.macro, 4)}
    out["macro_f1_interval"] = [round(x, 4) for x in interval(drawn[:, 1:].mean(axis=1))]
    for k, head in enumerate(HEADS):
        out[head] = {
            "yes": int(truth[:, k].sum()),
            **{
                name: round(float(getattr(scores, name)[k]), 4)
                for name in ("precision", "recall", "f1", "ece", "brier")
            },
            "f1_interval": [round(x, 4) for x in interval(drawn[:, k])],
        }
    return out
