"""A batch of the labelling queue: made once, resumed where it was left, gone when done."""

import json
from collections.abc import Mapping, Sequence
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


def batch(
    store: Store, tagger: TrackTagger, definition: str, labeller: str, size: int, seed: int, state: Path
) -> list[Pick]:
    """The open batch of this labeller, or a new one of `size` postings; `state` is the file that remembers it.

    Raises:
        EmptyError: every posting of the store is labelled already.
    """
    mine = {one.key for one in labelstore.read_judged(store, definition) if one.labeller == labeller}
    waiting = [pick for pick in _remembered(state) if (pick.posting_id, pick.content_hash) not in mine]
    if waiting:
        return waiting
    rows = labelstore.read_texts(store)
    done = {posting_id for posting_id, _ in mine}
    open_rows = [row for key, row in sorted(rows.items()) if key[0] not in done]
    if not open_rows:
        raise EmptyError("every posting of the store is labelled already: crawl or import more")
    picks = _choose(
        open_rows, [rows[key]["description"] for key in mine if key in rows], tagger, size, seed + len(mine)
    )
    state.parent.mkdir(parents=True, exist_ok=True)
    replace_file(state, json.dumps([asdict(pick) for pick in picks]).encode())
    return picks


def _remembered(state: Path) -> list[Pick]:
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
