"""Postings out of files that others collected: `import_files`, what `skilldemand import` calls.

An import is a crawl of the board `<source>:<file's stem>`: one batch, one line in the manifest, one sighting of each
posting on its collection date. The batch's id comes from the file's content, so that importing a file twice changes
nothing, and a killed import is finished by running it again.
"""

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from crawler import readers
from crawler.errors import InputError
from crawler.posting import Posting
from crawler.rows import ALIASES, RowReader
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS

PART = 2_000
"""Postings that are held in memory and written at once."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Warn = Callable[[str], None]


@dataclass(slots=True)
class Imported:
    """What became of one file: postings stored, rows lost (with the first reasons), comments that
    are no ads, and what was odd."""

    path: Path
    board: str
    stored: int = 0
    repeated: int = 0
    broken: int = 0
    no_ads: int = 0
    already: bool = False
    reasons: list[str] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)


def import_files(
    store: Store,
    paths: Sequence[Path],
    source: str,
    board: str | None = None,
    mapping: Mapping[str, str] | None = None,
    hackernews: bool = False,
    warn: Warn = lambda line: None,
    advance: Callable[[int], None] = lambda done: None,
) -> list[Imported]:
    """Import files one after the other; a file that can't be read costs nothing but itself.

    Args:
        store: where the postings go.
        paths: JSON Lines, CSV or Parquet (see `crawler.readers`).
        source: the postings' source; "{stem}" stands for the file's name without its suffixes.
        board: the postings' board, the file's stem by default.
        mapping: our field to the file's column, over `crawler.rows.ALIASES`.
        hackernews: each row is a comment of a "Who is hiring?" thread, read like the crawler reads them.
        warn: called with a line for every file or row that is lost.
        advance: called with the number of rows done since the last call.

    Raises:
        InputError: a mapping to an unknown field, or a source that is no name. What concerns one file alone is
            reported through `warn` and in the result.
    """
    mapping = dict(mapping or {})
    if unknown := set(mapping) - set(ALIASES):
        raise InputError(f"--map {unknown.pop()}=…: no such field; the fields are {', '.join(ALIASES)}")
    done = []
    for path in paths:
        stem = readers.stem(path)
        reader = RowReader(_checked(source.replace("{stem}", stem)), _checked(board or stem), mapping, hackernews)
        done.append(_import_file(store, path, reader, warn, advance))
    return done


def _checked(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:100]
    raise InputError(
        f"{name!r} is no name for a source or board: use letters, digits, '.', '_' and '-', such as {plain!r}"
    )


def _import_file(store: Store, path: Path, reader: RowReader, warn: Warn, advance: Callable[[int], None]) -> Imported:
    result = Imported(path, f"{reader.source}:{reader.board}")
    started = dt.datetime.now(dt.UTC)
    try:
        names = readers.columns(path)
        if names is not None:
            reader.check_columns(names)
        batch_id = _batch_id(path, reader)
        crawl_id = f"import-{batch_id[-16:]}"
        known = _known(store, reader.source)
        for number, part in enumerate(_parts(path, reader, result, warn, advance)):
            _stage(store, batch_id, number, crawl_id, part, known, started)
            result.stored += len(part)
    except InputError as error:
        _lose(result, warn, str(error) if str(path) in str(error) else f"{path}: {error}")
        return result
    result.already = not store.append(batch_id, {CRAWLS: [_manifest(result, reader, crawl_id, started)]})
    for what, count in result.odd.items():
        warn(f"{path}: {count:,} rows with {what}; left empty")
    return result


Found = tuple[Posting, dt.datetime | None]


def _parts(
    path: Path, reader: RowReader, result: Imported, warn: Warn, advance: Callable[[int], None]
) -> Iterator[list[Found]]:
    """The file's postings in parts of at least PART (the last one may be smaller), each id once."""
    part: list[Found] = []
    seen: set[str] = set()
    pending = 0
    for row in readers.rows(path):
        pending += 1
        for posting, collected in _read(path, reader, row, result, warn):
            if posting.posting_id in seen:
                result.repeated += 1
                continue
            seen.add(posting.posting_id)
            part.append((posting, collected))
        if len(part) >= PART:
            advance(pending)
            pending = 0
            yield part
            part = []
    advance(pending)
    if part:
        yield part


def _read(
    path: Path, reader: RowReader, row: readers.Broken | tuple[int, readers.Row], result: Imported, warn: Warn
) -> list[Found]:
    if isinstance(row, readers.Broken):
        _lose(result, warn, f"{path}:{row.line}: {row.reason}")
        return []
    try:
        found = list(reader.postings(row[1], result.odd))
    except InputError as error:
        _lose(result, warn, f"{path}:{row[0]}: {error}")
        return []
    result.no_ads += not found
    return found


def _lose(result: Imported, warn: Warn, reason: str) -> None:
    result.broken += 1
    # A file of the wrong kind has as many broken rows as lines; a few show what is wrong.
    if result.broken <= 5:
        result.reasons.append(reason)
        warn(reason)


def _stage(
    store: Store,
    batch_id: str,
    number: int,
    crawl_id: str,
    part: "Sequence[Found]",
    known: frozenset[tuple[str, str]],
    now: dt.datetime,
) -> None:
    postings, sightings = [], []
    for posting, collected in part:
        seen_at = collected or now
        key = posting.posting_id, posting.content_hash
        sightings.append({"posting_id": key[0], "content_hash": key[1], "crawl_id": crawl_id, "seen_at": seen_at})
        if key not in known:
            postings.append(posting_row(posting, crawl_id, seen_at))
    store.stage(batch_id, number, {POSTINGS: postings, SIGHTINGS: sightings})


def posting_row(posting: Posting, crawl_id: str, first_seen: dt.datetime) -> dict[str, Any]:
    """A posting as a row of the table `postings`."""
    row = {name: getattr(posting, name) for name in posting.__slots__}
    return row | {
        "posting_id": posting.posting_id,
        "content_hash": posting.content_hash,
        "locations": list(posting.locations),
        "crawl_id": crawl_id,
        "first_seen": first_seen,
    }


def _known(store: Store, source: str) -> frozenset[tuple[str, str]]:
    import pyarrow.compute as pc

    if not store.exists(POSTINGS):
        return frozenset()
    keys = store.read(POSTINGS, ["posting_id", "content_hash"], pc.field("source") == source)
    return frozenset(zip(keys["posting_id"].to_pylist(), keys["content_hash"].to_pylist(), strict=True))


def _batch_id(path: Path, reader: RowReader) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256")
    content.update(
        json.dumps([reader.source, reader.board, dict(reader.mapping), reader.hackernews], sort_keys=True).encode()
    )
    return f"import:{reader.source}:{reader.board}:{content.hexdigest()[:16]}"


def _manifest(result: Imported, reader: RowReader, crawl_id: str, started: dt.datetime) -> dict[str, Any]:
    status = "partial" if result.broken else "ok" if result.stored else "empty"
    return {
        "crawl_id": crawl_id,
        "board": result.board,
        "source": reader.source,
        "status": status,
        "stated_total": None,
        "obtained": result.stored,
        "dropped": result.broken + result.repeated + result.no_ads,
        "requests": 0,
        "bytes": result.path.stat().st_size,
        "robots": "not asked",
        "policy": "import",
        "error": result.reasons[0] if result.reasons else None,
        "started_at": started,
        "finished_at": dt.datetime.now(dt.UTC),
    }
