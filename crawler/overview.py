"""What a store holds, and which of its postings a description means."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from crawler.errors import EmptyError, InputError
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS


def overview(store: Store) -> dict[str, Any]:
    """Rows by table, and for each source its postings, employers, dates and crawls.

    Raises:
        EmptyError: there is no store.
    """
    tables = {name: store.count(name) for name in store.tables()}
    if not tables:
        raise EmptyError(f"no store in {store.root}: crawl or import postings first, or name another with --data")
    return {"tables": tables, "sources": _sources(store)}


def _sources(store: Store) -> list[dict[str, Any]]:
    if not store.exists(POSTINGS):
        return []
    postings = store.read(POSTINGS, ["source", "posting_id", "employer", "date_posted"])
    found = postings.group_by("source").aggregate(
        [
            ("posting_id", "count_distinct"),
            ("employer", "count_distinct"),
            ("date_posted", "min"),
            ("date_posted", "max"),
        ]
    )
    crawls = store.read(CRAWLS, ["source", "status"]).to_pylist()
    rows = []
    for row in sorted(found.to_pylist(), key=lambda row: -int(row["posting_id_count_distinct"])):
        statuses = [crawl["status"] for crawl in crawls if crawl["source"] == row["source"]]
        rows.append(
            {
                "source": row["source"],
                "postings": row["posting_id_count_distinct"],
                "employers": row["employer_count_distinct"],
                "posted_from": row["date_posted_min"],
                "posted_to": row["date_posted_max"],
                "crawls": len(statuses),
                "failed_or_partial": sum(status in ("failed", "partial", "dead") for status in statuses),
            }
        )
    return rows


def matching(
    store: Store, posting_ids: Sequence[str], source: str | None, employer: str | None, before: str | None
) -> list[str]:
    """Ids of the postings for which every given condition holds.

    Raises:
        InputError: no condition at all, or a day that is none.
    """
    if not (posting_ids or source or employer or before):
        raise InputError("say which postings: --posting, --source, --employer or --before")
    rows = store.read(POSTINGS, ["posting_id", "source", "employer"]).to_pylist()
    fresh = _seen_since(store, before) if before else set()
    wanted = set(posting_ids)
    return sorted(
        {
            row["posting_id"]
            for row in rows
            if (not wanted or row["posting_id"] in wanted)
            and source in (None, row["source"])
            and employer in (None, row["employer"])
            and row["posting_id"] not in fresh
        }
    )


def _seen_since(store: Store, day: str) -> set[str]:
    import pyarrow.compute as pc

    try:
        moment = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(), dt.UTC)
    except ValueError as error:
        raise InputError(f"--before {day}: write a day as 2025-12-31") from error
    return set(store.read(SIGHTINGS, ["posting_id"], pc.field("seen_at") >= moment)["posting_id"].to_pylist())
