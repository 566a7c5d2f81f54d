"""Which listed boards live, moved or died: the crawler itself asks each once, into a store that is thrown away."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler.boards import Board, choose, own_list, read_boards, user_boards, write_boards

_MOVED = "moved to "


def check_boards(
    data: str,
    boards: Sequence[str] | None,
    kinds: Sequence[str] | None,
    contact: str | None,
    report: Callable[[dict[str, Any]], None] | None = None,
    **options: Any,
) -> list[dict[str, str]]:
    """Ask each board once and write the outcome into the store's own list of boards.

    A board is "live" if it answered as its kind does, even with no postings, "dead" if it is gone, "moved" if it
    sent us to another host; after any other answer nothing is known and its entry stays as it is.

    Returns:
        A row per board: board, status ("live", "moved", "dead", "unknown") and a note.

    Raises:
        InputError: as `crawler.run.crawl`.
    """
    from crawler.run import crawl
    from crawler.store import Store

    listed = user_boards(data)
    chosen = choose(boards, kinds, listed)
    outcomes: dict[str, tuple[str, str]] = {}

    def asked(row: dict[str, Any]) -> None:
        outcomes[row["board"]] = _outcome(row)
        if report is not None:
            report(row)

    try:
        with tempfile.TemporaryDirectory(prefix="skilldemand-check-") as scratch:
            crawl(
                Store(scratch),
                [board.id for board in chosen],
                contact=contact,
                report=asked,
                listed=[replace(board, min_postings=None) for board in chosen],
                limits={"max_requests": 1, **options.pop("limits", {})},
                **options,
            )
    finally:
        # Stopped half-way, too: what was asked is known.
        _note(own_list(data), chosen, outcomes)
    return [{"board": name, "status": status, "note": note} for name, (status, note) in sorted(outcomes.items())]


def _note(own: Path, chosen: Sequence[Board], outcomes: dict[str, tuple[str, str]]) -> None:
    """Write what is known now into a store's own list."""
    today = dt.datetime.now(dt.UTC).date()
    entries = {board.id: board for board in (read_boards(own) if own.is_file() else [])}
    for board in chosen:
        status = outcomes.get(board.id, ("unknown", ""))[0]
        if status != "unknown":
            entries[board.id] = replace(entries.get(board.id, board), status=status, checked_on=today)
    if entries:
        own.parent.mkdir(parents=True, exist_ok=True)
        write_boards(own, entries.values())


def _outcome(row: dict[str, Any]) -> tuple[str, str]:
    error = row["error"] or ""
    if error.startswith(_MOVED):
        return "moved", error
    if row["status"] == "dead":
        return "dead", error
    if row["status"] == "failed":
        return "unknown", error
    return "live", f"{row['stated_total'] or row['obtained'] + row['dropped']} postings"
