"""Which ads are open: derived from sightings and the manifest, never stored.

The rules, per board and in the order of its crawls:

- `ok` saw the whole board: an ad that it did not see is closed from then on.
- `not_modified` saw what the crawl before it saw: all open ads are still open.
- `empty` closes everything only if the source states a total of 0 and the next crawl that got an answer agrees.
- `partial`, `failed`, `dead` close nothing; what a partial crawl saw is open.
- An import is one sighting on its collection date and closes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from crawler.store import Store


@dataclass(slots=True)
class Openness:
    """When an ad was first and last seen; `closed` is the time of the crawl that missed it, None while it counts as
    open."""

    first_seen: dt.datetime
    last_seen: dt.datetime
    closed: dt.datetime | None = None


def of_board(
    crawls: Iterable[Mapping[str, Any]], sightings: Mapping[str, Mapping[str, dt.datetime]]
) -> dict[str, Openness]:
    """The ads of one board.

    Args:
        crawls: the board's manifest rows in any order (crawl_id, status, stated_total, requests, finished_at).
        sightings: per crawl_id the posting_ids that were seen, with the time.
    """
    ads: dict[str, Openness] = {}
    emptied: dt.datetime | None = None
    for crawl in sorted(crawls, key=lambda row: row["finished_at"]):
        seen, at, status = sightings.get(crawl["crawl_id"], {}), crawl["finished_at"], crawl["status"]
        for posting_id, moment in seen.items():
            known = ads.setdefault(posting_id, Openness(moment, moment))
            known.first_seen, known.last_seen = min(known.first_seen, moment), max(known.last_seen, moment)
            known.closed = None
        # An import makes no requests of a board, so it can't say what is missing there.
        if not crawl["requests"] or status in {"partial", "failed", "dead"}:
            continue
        if status == "not_modified":
            for known in ads.values():
                if known.closed is None:
                    known.last_seen = max(known.last_seen, at)
        elif status == "ok":
            _close(ads, seen, at)
        elif status == "empty" and crawl["stated_total"] == 0:
            if emptied is not None:
                _close(ads, {}, emptied)
            emptied = emptied or at
            continue
        emptied = None
    return ads


def _close(ads: Mapping[str, Openness], seen: Mapping[str, Any], at: dt.datetime) -> None:
    for posting_id, known in ads.items():
        if known.closed is None and posting_id not in seen:
            known.closed = at


def of_store(store: Store) -> dict[str, Openness]:
    """Every ad of a store by posting_id.

    Raises:
        EmptyError: nothing was crawled or imported yet.
    """
    from crawler.tables import CRAWLS, SIGHTINGS

    columns = ["crawl_id", "board", "status", "stated_total", "requests", "finished_at"]
    crawls: dict[str, list[dict[str, Any]]] = {}
    for row in store.read(CRAWLS, columns).to_pylist():
        crawls.setdefault(row["board"], []).append(row)
    seen: dict[str, dict[str, dict[str, dt.datetime]]] = {}
    for batch in store.scan(SIGHTINGS, ["posting_id", "crawl_id", "seen_at"]):
        for row in batch.to_pylist():
            board = ":".join(row["posting_id"].split(":")[:2])
            seen.setdefault(board, {}).setdefault(row["crawl_id"], {})[row["posting_id"]] = row["seen_at"]
    ads: dict[str, Openness] = {}
    for board, rows in crawls.items():
        ads.update(of_board(rows, seen.get(board, {})))
    return ads
