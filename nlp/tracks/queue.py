"""Which postings to label next: uncertain, varied, no near copies, and a random slice that estimates shares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.tracks.splits import NEAR, employer_key, signature

LOOKED_AT = 1_500
"""Postings of the store that the model reads to find uncertain ones."""
RANDOM_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class Pick:
    """A posting to label; `inclusion_prob` only where it was drawn at random."""

    posting_id: str
    content_hash: str
    chosen: str
    inclusion_prob: float | None


def uncertainty(chances: NDArray[Any], thresholds: NDArray[Any]) -> NDArray[np.float64]:
    """How near the nearest head is to its threshold, (n,) in [0, 1]; 1 is undecided."""
    room = np.where(chances >= thresholds, 1 - thresholds, thresholds)
    near: NDArray[np.float64] = (1 - np.abs(chances - thresholds) / room).max(axis=1)
    return near


def draw(rows: Sequence[Mapping[str, Any]], count: int, seed: int) -> list[Pick]:
    """The random slice: `count` postings, each with the same probability, which is recorded."""
    rng = np.random.default_rng(seed)
    count = min(count, len(rows))
    places = rng.choice(len(rows), count, replace=False)
    return [Pick(rows[i]["posting_id"], rows[i]["content_hash"], "random", count / len(rows)) for i in places]


def varied(
    rows: Sequence[Mapping[str, Any]], near: NDArray[np.float64], count: int, taken: Sequence[str]
) -> list[Pick]:
    """The most uncertain postings, at most two of an employer, none a near copy of another or of a `taken` text."""
    signs = [signature(text) for text in taken]
    employers: dict[str, int] = {}
    picks: list[Pick] = []
    for i in np.argsort(-near, kind="stable"):
        if len(picks) == count:
            break
        row = rows[i]
        employer = employer_key(row["employer"], row["description"] or "")
        sign = signature(row["description"] or "")
        copied = any((sign == other).mean() >= NEAR for other in signs)
        if employers.get(employer, 0) < 2 and not copied:
            employers[employer] = employers.get(employer, 0) + 1
            signs.append(sign)
            picks.append(Pick(row["posting_id"], row["content_hash"], "uncertain", None))
    return picks
