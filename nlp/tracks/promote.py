"""May a model replace the one that tags? Non-inferiority on the definition's own test split."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from crawler.errors import InputError, ModelError
from nlp.tracks.bundle import Bundle, read
from nlp.tracks.labels import Example
from nlp.tracks.metrics import bootstrap_f1, cluster_weights
from nlp.tracks.names import HEADS
from nlp.tracks.network import Reader, probabilities, restore
from nlp.tracks.registry import Registry
from nlp.tracks.train import Options, prepare

MARGIN = 0.03
"""A candidate may be worse by this much mean F1, and no more, with 95 % confidence."""
MOST_LOOKS = 20
"""After so many looks at one test split its figures say little; more labels or --force."""
LEAST_YES = 3
"""Positive test postings that a head needs to count."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Candidate minus incumbent: `difference` in mean F1 over `heads`, and its one-sided 95 % lower bound `low`."""

    candidate: str
    incumbent: str
    postings: int
    employers: int
    heads: tuple[str, ...]
    f1: float
    incumbent_f1: float
    difference: float
    low: float
    margin: float
    looks: int

    @property
    def passes(self) -> bool:
        """Whether the candidate is not inferior by more than the margin."""
        return self.low > -self.margin


def compare(
    candidate: Bundle, incumbent: Bundle, examples: Sequence[Example], definition: str, looks: int
) -> Comparison:
    """Compare two models on the test split of these labels; paired bootstrap over whole employers.

    Raises:
        InputError: the test split holds no head with enough positive postings.
    """
    says = []
    for bundle in (candidate, incumbent):
        material = prepare(examples, Options(definition=definition), bundle)
        places = material.where("test")
        if not len(places):
            raise InputError(f"no test postings among the {len(examples)} labels of {definition}: label more")
        logits = Reader(restore(bundle)).logits([material.postings[i] for i in places])[0]
        cuts = np.array([bundle.thresholds[head] for head in HEADS])
        says.append((probabilities(logits, bundle) >= cuts).astype(float))
    truth = material.truth[places]
    clusters = [material.examples[i].cluster for i in places]
    counted = np.flatnonzero(truth.sum(axis=0) >= LEAST_YES)
    if not len(counted):
        raise InputError(f"the {len(places)} test postings of {definition} hold too few positive labels: label more")
    times = cluster_weights(clusters)
    drawn = [bootstrap_f1(truth, said, times)[:, counted].mean(axis=1) for said in says]
    once = np.ones((1, len(places)))
    whole = [float(bootstrap_f1(truth, said, once)[0, counted].mean()) for said in says]
    return Comparison(
        candidate.model_id,
        incumbent.model_id,
        len(places),
        len(set(clusters)),
        tuple(HEADS[k] for k in counted),
        round(whole[0], 4),
        round(whole[1], 4),
        round(whole[0] - whole[1], 4),
        round(float(np.quantile(drawn[0] - drawn[1], 0.05)), 4),
        MARGIN,
        looks,
    )


def promote(
    registry: Registry, name: str, examples: Sequence[Example], definition: str, force: str | None = None
) -> dict[str, Any]:
    """Promote a model if it is not inferior to the one that tags; `force` is a reason to do so regardless.

    Returns:
        The comparison, as it is recorded in the history.

    Raises:
        ModelError: it is worse, or can't be shown not to be, or the test split was looked at too often.
    """
    if force is not None and not force.strip():
        raise InputError("--force needs a reason, which is recorded")
    candidate, incumbent = read(registry.folder(name)), read(registry.promoted(definition))
    looks = registry.look(definition, f"promote {candidate.model_id}")
    try:
        found = compare(candidate, incumbent, examples, definition, looks)
    except InputError:
        if force is None:
            raise
        registry.promote(name, definition, {"forced": force})
        return {"forced": force}
    if force is None:
        _refuse(found)
    entry = {"comparison": asdict(found), **({"forced": force} if force else {})}
    registry.promote(name, definition, entry)
    return entry


def _refuse(found: Comparison) -> None:
    if found.looks > MOST_LOOKS:
        raise ModelError(
            f"the test split was looked at {found.looks} times (at most {MOST_LOOKS}): its figures no longer say how "
            "good a model is; label more, or use --force REASON"
        )
    if not found.passes:
        raise ModelError(
            f"not promoted: mean F1 {found.f1:.3f} against {found.incumbent_f1:.3f} on {found.postings} test postings, "
            f"difference {found.difference:+.3f}, at least {found.low:+.3f} with 95 % confidence, where more than "
            f"-{found.margin} is needed; label more, train on, or use --force REASON"
        )
