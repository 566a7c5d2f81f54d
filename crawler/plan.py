"""What a crawl is to do, before it starts: who asks, what a stopped crawl has left, what the policies still allow."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from typing import Any

from crawler.boards import Board
from crawler.errors import InputError
from crawler.history import interrupted
from crawler.job import Job
from crawler.policies import policies
from crawler.store import Store
from crawler.tables import CRAWLS


def contact_of(contact: str | None) -> str:
    """The contact for the user agent: the one given, or that of SKILLDEMAND_CONTACT.

    Raises:
        InputError: there is none, or it can't stand in a header.
    """
    contact = (contact or os.environ.get("SKILLDEMAND_CONTACT", "")).strip()
    if not contact or not contact.isprintable() or len(contact) > 200:
        raise InputError(
            "boards should know who asks: give an e-mail address or a URL with --contact or in SKILLDEMAND_CONTACT"
        )
    return contact


def take_up(store: Store, job: Job) -> None:
    """Give a job the latest crawl's id, and only the boards that are still to be read: those without a row in its
    manifest, and those that a signal cut off."""
    columns = ["crawl_id", "board", "status", "error", "requests", "started_at"]
    rows: list[dict[str, Any]] = store.read(CRAWLS, columns).to_pylist() if store.exists(CRAWLS) else []
    # Imports have rows too, but they make no requests of boards.
    crawls = [row for row in rows if row["requests"] is not None and row["requests"] > 0]
    if not crawls:
        return
    job.crawl_id = max(crawls, key=lambda row: row["started_at"])["crawl_id"]
    done = {row["board"] for row in rows if row["crawl_id"] == job.crawl_id and not interrupted(row)}
    job.boards = [board for board in job.boards if board.id not in done]


def within_calls(store: Store, boards: list[Board]) -> Iterator[Board]:
    """The boards that the policies still allow to be asked today."""
    import pyarrow.compute as pc

    limited = {kind: item.max_calls_per_day for kind, item in policies().items() if item.max_calls_per_day}
    wanted = limited.keys() & {board.kind for board in boards}
    spent: dict[str, int] = {}
    if wanted and store.exists(CRAWLS):
        midnight = dt.datetime.now(dt.UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        today = pc.field("source").isin(sorted(wanted)) & (pc.field("started_at") >= midnight)
        for row in store.read(CRAWLS, ["source", "requests"], today).to_pylist():
            spent[row["source"]] = spent.get(row["source"], 0) + (row["requests"] or 0)
    for board in boards:
        limit = limited.get(board.kind)
        if limit is None or spent.get(board.kind, 0) < limit:
            yield board
        elif len(boards) == 1:
            raise InputError(f"{board.kind} allows {limit} calls a day, and they are spent: crawl it again tomorrow")
