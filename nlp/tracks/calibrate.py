"""Probabilities that mean something: slope and offset of the logit, and the threshold of each head."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.tracks.names import HEADS
from nlp.tracks.network import sigmoid

ENOUGH = 8
"""Yes and no answers that a head needs before its calibration is fitted."""
GRID = np.round(np.arange(0.25, 0.751, 0.01), 2)


def platt(logits: NDArray[Any], truth: NDArray[Any], weight: NDArray[Any]) -> tuple[float, float]:
    """Slope and offset by Newton's method on the log loss; both pulled towards (1, 0) as by four postings."""
    x = np.stack([np.asarray(logits, float), np.ones(len(logits))], axis=1)
    w = np.asarray(weight, float) / np.mean(weight)
    beta, prior = np.array([1.0, 0.0]), np.array([1.0, 0.0])
    for _ in range(50):
        chance = sigmoid(x @ beta)
        gradient = x.T @ (w * (chance - truth)) + 4 * (beta - prior)
        hessian = (x * (w * chance * (1 - chance))[:, None]).T @ x + 4 * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        beta = beta - np.clip(step, -1, 1)
        if np.abs(step).max() < 1e-8:
            break
    return float(max(beta[0], 0.05)), float(beta[1])


def threshold(chances: NDArray[Any], truth: NDArray[Any]) -> float:
    """The probability with the best F1, as the middle of all thresholds within 0.002 of the best."""
    f1 = np.array([2 * (truth * (chances >= t)).sum() / max(1.0, truth.sum() + (chances >= t).sum()) for t in GRID])
    return float(np.median(GRID[f1 >= f1.max() - 0.002]))


def fit(
    logits: NDArray[Any], truth: NDArray[Any], weight: NDArray[Any] | None = None
) -> tuple[dict[str, tuple[float, float]], dict[str, float]]:
    """Calibration and thresholds of the four heads from held-out logits (n, 4) and labels (n, 4).

    `weight` counts for the calibration, so that it holds where the weights point; thresholds are chosen unweighted.
    A head with fewer than ENOUGH answers of one kind keeps slope 1, offset 0 and threshold 0.5.
    """
    w = np.ones(len(truth)) if weight is None else weight
    lines, cuts = {}, {}
    for column, head in enumerate(HEADS):
        yes = truth[:, column].sum()
        enough = min(yes, len(truth) - yes) >= ENOUGH
        lines[head] = platt(logits[:, column], truth[:, column], w) if enough else (1.0, 0.0)
        chances = sigmoid(logits[:, column] * lines[head][0] + lines[head][1])
        cuts[head] = threshold(chances, truth[:, column]) if enough else 0.5
    return lines, cuts
