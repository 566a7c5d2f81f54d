"""Labels out of JSON Lines, for postings that are in the store: what annotators write with tools of their own."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler import readers
from crawler.errors import InputError
from crawler.store import Store
from nlp.tracks.labels import check
from nlp.tracks.labelstore import Judged

POSTINGS = "postings"


def load(store: Store, path: Path, definition: str, labeller: str) -> tuple[list[Judged], list[str]]:
    """Labels of a file and, as lines for the user, what is wrong with the others.

    Each row names its posting by `posting_id`, or by `id` as `<source>:<id at the source>`, and holds `ml_role` (0, 1),
    `cv`, `nlp`, `seq` (0, 1, 2); `inclusion_prob` in (0, 1] where it was drawn at random, `labeller` and `note` if
    there are any. A label goes to the newest version of its posting.
    """
    newest = _newest(store)
    judged, wrong = [], []
    for row in readers.rows(path):
        if isinstance(row, readers.Broken):
            wrong.append(f"{path}:{row.line}: {row.reason}")
            continue
        try:
            judged.append(_judged(row[1], f"{path}:{row[0]}", newest, definition, labeller))
        except InputError as error:
            wrong.append(str(error))
    return judged, wrong


def _newest(store: Store) -> dict[str, tuple[str, str]]:
    """The key of the newest version of every posting, by its id and by `<source>:<id at the source>`."""
    found: dict[str, tuple[Any, str, str]] = {}
    for batch in store.scan(POSTINGS, ["posting_id", "content_hash", "source", "source_id", "first_seen"]):
        for row in batch.to_pylist():
            version = row["first_seen"], row["posting_id"], row["content_hash"]
            for name in (row["posting_id"], f"{row['source']}:{row['source_id']}"):
                found[name] = max(found.get(name, version), version)
    return {name: (posting_id, content_hash) for name, (_, posting_id, content_hash) in found.items()}


def _judged(
    row: Mapping[str, Any], where: str, newest: Mapping[str, tuple[str, str]], definition: str, labeller: str
) -> Judged:
    name = str(row.get("posting_id") or row.get("id") or "")
    if name not in newest:
        raise InputError(f"{where}: posting {name or '(no posting_id)'} is not in the store; import or crawl it first")
    chance = row.get("inclusion_prob")
    if chance is not None and (isinstance(chance, bool) or not isinstance(chance, int | float) or not 0 < chance <= 1):
        raise InputError(f"{where}: inclusion_prob is {chance!r}, but must lie in (0, 1]")
    return Judged(
        *newest[name],
        definition,
        str(row.get("labeller") or labeller),
        dt.datetime.now(dt.UTC),
        check(row, where),
        "imported" if chance is None else "random",
        chance,
        str(row["note"]) if row.get("note") else None,
    )
