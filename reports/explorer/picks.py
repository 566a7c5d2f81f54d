"""What the label page hands out: as `skilldemand label` chooses, from the probabilities that the tagging has stored.

The terminal's command reads every text of the store and asks the classifier anew. Its answers stand in the store since
the tagging, so that here only the few texts are read that may be shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from crawler.errors import EmptyError
from reports.explorer.data import TRACKS

if TYPE_CHECKING:
    from crawler.store import Store
    from nlp.tracks.queue import Pick

Key = tuple[str, str]
CANDIDATES = 10
"""Texts that are read per posting wanted: near copies and third ads of an employer among them are passed over."""


def batch(
    store: Store, definition: str, thresholds: Mapping[str, float], labeller: str, size: int, seed: int, state: Path
) -> list[Pick]:
    """The open batch of this labeller, which `state` remembers, or a new one of `size` postings.

    Args:
        thresholds: per head the probability from which it says yes.

    Raises:
        EmptyError: every posting of the store is labelled already, or none is tagged.
    """
    from nlp.tracks import session

    def choose(mine: set[Key]) -> list[Pick]:
        done = {posting_id for posting_id, _ in mine}
        rows = [row for row in tagged(store) if row["posting_id"] not in done]
        if not rows:
            raise EmptyError("every tagged posting of the store is labelled already: crawl or import more, then tag")
        return _chosen(store, rows, sorted(mine), thresholds, size, seed + len(mine))

    return session.opened(store, definition, labeller, state, choose)


def tagged(store: Store) -> list[dict[str, Any]]:
    """The latest version of every posting with the probabilities of its latest tagging, sorted by posting."""
    from crawler.tables import POSTINGS
    from nlp.tables import TAGGINGS

    columns = ["posting_id", "content_hash", "ml_role_probability", *(f"{one}_probability" for one in TRACKS)]
    if not store.exists(TAGGINGS):
        return []
    found: dict[Key, dict[str, Any]] = {}
    for row in sorted(store.read(TAGGINGS, [*columns, "tagged_at"]).to_pylist(), key=lambda row: row["tagged_at"]):
        found[row["posting_id"], row["content_hash"]] = row
    latest: dict[str, dict[str, Any]] = {}
    for row in store.read(POSTINGS, ["posting_id", "content_hash", "first_seen"]).to_pylist():
        known = latest.get(row["posting_id"])
        if known is None or row["first_seen"] >= known["first_seen"]:
            latest[row["posting_id"]] = row
    keys = [(one, row["content_hash"]) for one, row in sorted(latest.items())]
    return [found[key] for key in keys if key in found]


def _chosen(
    store: Store, rows: Sequence[Mapping[str, Any]], mine: Sequence[Key], thresholds: Mapping[str, float],
    size: int, seed: int,
) -> list[Pick]:  # fmt: skip
    """A random slice, and the postings that the classifier is least sure of, in a random order."""
    from nlp.tracks import labelstore, queue
    from nlp.tracks.names import HEADS

    slice_ = queue.draw(rows, max(1, round(size * queue.RANDOM_SHARE)), seed)
    drawn = {pick.posting_id for pick in slice_}
    rng = np.random.default_rng(seed + 1)
    places = rng.choice(len(rows), min(len(rows), queue.LOOKED_AT), replace=False)
    seen = [rows[place] for place in sorted(places) if rows[place]["posting_id"] not in drawn]
    chances = np.array([[row[f"{head}_probability"] or 0.0 for head in HEADS] for row in seen]).reshape(-1, len(HEADS))
    near = queue.uncertainty(chances, np.array([thresholds[head] for head in HEADS]))
    first = np.argsort(-near, kind="stable")[: CANDIDATES * size]
    keys = [(seen[place]["posting_id"], seen[place]["content_hash"]) for place in first]
    texts = labelstore.read_texts(store, [*keys, *mine]) if keys or mine else {}
    known = [(texts[key], near[place]) for key, place in zip(keys, first, strict=True) if key in texts]
    before = [texts[key]["description"] for key in mine if key in texts]
    sure = np.array([value for _, value in known])
    picks = slice_ + queue.varied([row for row, _ in known], sure, size - len(slice_), before)
    return [picks[place] for place in rng.permutation(len(picks))]
