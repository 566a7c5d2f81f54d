"""A batch of the labelling queue: made once, resumed where it was left, gone when done."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from crawler.errors import EmptyError
from crawler.store import Store
from nlp.records import Span
from nlp.sentences import sentences
from nlp.tracks import labelstore, queue
from nlp.tracks.bundle import replace_file
from nlp.tracks.names import HEADS
from nlp.tracks.predict import TrackItem, TrackResult, TrackTagger
from nlp.tracks.queue import Pick

Key = tuple[str, str]
"""posting_id and content_hash."""


def batch(
    store: Store, tagger: TrackTagger, definition: str, labeller: str, size: int, seed: int, state: Path
) -> list[Pick]:
    """The open batch of this labeller, or a new one of `size` postings; `state` is the file that remembers it.

    Raises:
        EmptyError: every posting of the store is labelled already.
    """

    def choose(mine: set[Key]) -> list[Pick]:
        rows = labelstore.read_texts(store)
        done = {posting_id for posting_id, _ in mine}
        open_rows = [row for key, row in sorted(rows.items()) if key[0] not in done]
        if not open_rows:
            raise EmptyError("every posting of the store is labelled already: crawl or import more")
        taken = [rows[key]["description"] for key in mine if key in rows]
        return _choose(open_rows, taken, tagger, size, seed + len(mine))

    return opened(store, definition, labeller, state, choose)


def opened(
    store: Store, definition: str, labeller: str, state: Path, choose: Callable[[set[Key]], list[Pick]]
) -> list[Pick]:
    """What is left of the batch that `state` remembers; if nothing is, what `choose` picks, which is remembered then.
    `choose` gets the keys of the postings that the labeller has judged."""
    mine = {one.key for one in labelstore.read_judged(store, definition) if one.labeller == labeller}
    waiting = [pick for pick in remembered(state) if (pick.posting_id, pick.content_hash) not in mine]
    if waiting:
        return waiting
    picks = choose(mine)
    state.parent.mkdir(parents=True, exist_ok=True)
    replace_file(state, json.dumps([asdict(pick) for pick in picks]).encode())
    return picks


def remembered(state: Path) -> list[Pick]:
    """The postings that a file of an open batch names; none where it is missing or damaged."""
    try:
        return [Pick(**row) for row in json.loads(state.read_text("utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _choose(
    rows: Sequence[Mapping[str, Any]], taken: Sequence[str], tagger: TrackTagger, size: int, seed: int
) -> list[Pick]:
    slice_ = queue.draw(rows, max(1, round(size * queue.RANDOM_SHARE)), seed)
    drawn = {pick.posting_id for pick in slice_}
    rng = np.random.default_rng(seed + 1)
    places = rng.choice(len(rows), min(len(rows), queue.LOOKED_AT), replace=False)
    seen = [rows[i] for i in sorted(places) if rows[i]["posting_id"] not in drawn]
    if not seen:
        return slice_
    chances = np.array([_chances(result) for result in tagger.predict([item(row) for row in seen])])
    cuts = np.array([tagger.bundle.thresholds[head] for head in HEADS])
    picks = slice_ + queue.varied(seen, queue.uncertainty(chances, cuts), size - len(slice_), taken)
    order = rng.permutation(len(picks))
    return [picks[i] for i in order]


def item(row: Mapping[str, Any]) -> TrackItem:
    """A row of `postings` as the tagger takes it."""
    text = row["description"] or ""
    return TrackItem(text, row["title"] or "", sentences(text))


def _chances(result: TrackResult) -> list[float]:
    return [result.ml_role.probability, *(result.tracks[head].probability for head in HEADS[1:])]


def spans(result: TrackResult) -> list[tuple[Span, str]]:
    """The evidence of all tracks, in the order of the text."""
    return sorted((span, track) for track, label in result.tracks.items() for span in label.evidence)
