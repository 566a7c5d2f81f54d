"""What a store knows of the boards before a crawl: which versions it holds, and how each board was last read whole."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from crawler.boards import Board
from crawler.harvest import INTERRUPTED
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS

WHOLE = frozenset({"ok", "empty", "not_modified"})
"""Statuses of a board that was read whole."""

# What turns answers into postings: with any of it changed, an unchanged answer has to be read again.
_READING = (
    "spiders/addresses.py spiders/base.py fields.py hackernews.py harvest.py jsonld.py posting.py record.py "
    "relevance.py text.py data/hackernews.toml data/relevance.toml data/text.toml"
).split()


@dataclass(frozen=True, slots=True)
class Earlier:
    """Crawls that read a board whole, and the manifest row of the latest of them."""

    crawls: frozenset[str]
    row: Mapping[str, Any]


@dataclass(slots=True)
class History:
    """`known` are the stored versions as (posting_id, content_hash), `seen` the postings that this very crawl, stopped
    and resumed, has sighted already, and `boards` the boards that earlier crawls read whole."""

    known: set[tuple[str, str]] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)
    boards: dict[str, Earlier] = field(default_factory=dict)


def load(store: Store, kinds: Sequence[str], crawl_id: str) -> History:
    """The history of some kinds of boards, for a crawl that starts or goes on."""
    import pyarrow.compute as pc

    history = History()
    of_kinds = pc.field("source").isin(list(kinds))
    if store.exists(POSTINGS):
        for batch in store.scan(POSTINGS, ["posting_id", "content_hash"], of_kinds):
            history.known.update(zip(batch["posting_id"].to_pylist(), batch["content_hash"].to_pylist(), strict=True))
    if not store.exists(CRAWLS):
        return history
    columns = "crawl_id board status stated_total obtained dropped not_relevant requests reader finished_at".split()
    rows: dict[str, list[dict[str, Any]]] = {}
    resumed = False
    for row in store.read(CRAWLS, columns, of_kinds).to_pylist():
        if row["crawl_id"] == crawl_id:
            resumed = True
        elif row["status"] in WHOLE:
            rows.setdefault(row["board"], []).append(row)
    for board, several in rows.items():
        latest = max(several, key=lambda row: row["finished_at"])
        history.boards[board] = Earlier(frozenset(row["crawl_id"] for row in several), latest)
    if resumed and store.exists(SIGHTINGS):
        for batch in store.scan(SIGHTINGS, ["posting_id"], pc.field("crawl_id") == crawl_id):
            history.seen.update(batch["posting_id"].to_pylist())
    return history


def interrupted(row: Mapping[str, Any]) -> bool:
    """Whether a manifest row tells of a board that a signal cut off, which `--resume` reads again."""
    return row["status"] == "partial" and (row["error"] or "").startswith(INTERRUPTED)


def reader(board: Board, everything: bool) -> str:
    """A name for what reads a board now: another one may read the same answer differently."""
    about = f"{_code(board.kind)} {everything} {board.employer}"
    return hashlib.blake2b(about.encode(), digest_size=8).hexdigest()


@functools.cache
def _code(kind: str) -> str:
    root, digest = files("crawler"), hashlib.blake2b(digest_size=8)
    for name in (*_READING, f"spiders/{kind}.py"):
        digest.update((root / name).read_bytes())
    return digest.hexdigest()
