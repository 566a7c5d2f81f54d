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

from crawler import fields, readers
from crawler.errors import InputError
from crawler.posting import Posting
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
from crawler.text import clean_characters, html_to_text, mask_personal

# Names that public collections and JobSpy give to our fields, in the order in which they are looked for.
ALIASES: dict[str, tuple[str, ...]] = {
    "source_id": ("source_id", "id", "job_id"),
    "title": ("title", "job_title", "position"),
    "description": ("description", "text", "job_description", "body"),
    "employer": ("employer", "company", "company_name", "hiring_organization"),
    "locations": ("locations", "location", "job_location"),
    "workplace": ("workplace", "remote", "is_remote"),
    "employment_type": ("employment_type", "job_type"),
    "url": ("url", "job_url", "link"),
    "date_posted": ("date_posted", "posted", "published_at"),
    "valid_through": ("valid_through", "expires"),
    "salary_min": ("salary_min", "min_amount"),
    "salary_max": ("salary_max", "max_amount"),
    "salary_currency": ("salary_currency", "currency"),
    "salary_period": ("salary_period", "interval"),
    "collected": ("collected", "date_collected", "date_scraped"),
}
PART = 2_000
"""Postings that are held in memory and written at once."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")

Warn = Callable[[str], None]


@dataclass(slots=True)
class Imported:
    """What became of one file: postings stored, rows lost (with the first reasons), and what was odd."""

    path: Path
    board: str
    stored: int = 0
    repeated: int = 0
    broken: int = 0
    already: bool = False
    reasons: list[str] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)


def import_files(
    store: Store,
    paths: Sequence[Path],
    source: str,
    board: str | None = None,
    mapping: Mapping[str, str] | None = None,
    warn: Warn = lambda line: None,
    advance: Callable[[int], None] = lambda done: None,
) -> list[Imported]:
    """Import files one after the other; a file that can't be read costs nothing but itself.

    Args:
        store: where the postings go.
        paths: JSON Lines, CSV or Parquet (see `crawler.readers`).
        source: the postings' source; "{stem}" stands for the file's name without its suffixes.
        board: the postings' board, the file's stem by default.
        mapping: our field to the file's column, over `ALIASES`.
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
        reader = _Reader(_checked(source.replace("{stem}", stem)), _checked(board or stem), mapping)
        done.append(_import_file(store, path, reader, warn, advance))
    return done


def _checked(name: str) -> str:
    if _NAME.fullmatch(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-._")[:100]
    raise InputError(
        f"{name!r} is no name for a source or board: use letters, digits, '.', '_' and '-', such as {plain!r}"
    )


class _Reader:
    """Rows of one file to postings."""

    def __init__(self, source: str, board: str, mapping: Mapping[str, str]) -> None:
        self.source, self.board, self.mapping = source, board, mapping
        self.candidates = {ours: (mapping[ours],) if ours in mapping else names for ours, names in ALIASES.items()}

    def check_columns(self, names: Sequence[str]) -> None:
        """Raise InputError if a mapped or needed column is not among the file's."""
        for ours, theirs in self.mapping.items():
            if theirs not in names:
                raise InputError(f"no column {theirs!r} for {ours}; the file has {', '.join(names) or 'no columns'}")
        if not set(self.candidates["description"]) & set(names):
            raise InputError(
                f"no column for the description; name it with --map description=COLUMN; the file has {', '.join(names)}"
            )

    def posting(self, row: Mapping[str, Any], odd: Counter[str]) -> tuple[Posting, dt.datetime | None]:
        """One row as a posting and the moment it was collected.

        Raises:
            InputError: no description, or a mapped column is missing.
        """
        record = {ours: self._get(row, ours) for ours in self.candidates}
        for ours, theirs in self.mapping.items():
            if theirs not in row:
                raise InputError(f"no column {theirs!r} for {ours}")
        description = html_to_text(_text(record["description"]), self.source)
        if not description:
            raise InputError("no description")
        values = {
            "title": _line(record["title"]),
            "description": mask_personal(description),
            "url": _line(record["url"]) or None,
            "employer": _line(record["employer"]) or None,
            "locations": tuple(filter(None, map(_line, _list(record["locations"])))),
            "workplace": _workplace(record["workplace"]),
            "employment_type": fields.employment_of(_line(record["employment_type"])),
            "date_posted": _date(record["date_posted"], "date_posted", odd),
            "valid_through": _date(record["valid_through"], "valid_through", odd),
            **_salary(record, odd),
        }
        source_id = self._source_id(_line(record["source_id"]) or _line(record["url"]), values)
        posting = Posting(source=self.source, board=self.board, source_id=source_id, synthetic=False, **values)
        collected = _date(record["collected"], "collected", odd)
        return posting, dt.datetime.combine(collected, dt.time(), dt.UTC) if collected else None

    def _get(self, row: Mapping[str, Any], ours: str) -> Any:
        for name in self.candidates[ours]:
            if row.get(name) not in (None, ""):
                return row[name]
        return None

    def _source_id(self, stated: str, values: Mapping[str, Any]) -> str:
        if stated:
            # Collections often write their own name before the id, and we write the source before it anyway.
            return stated.removeprefix(f"{self.source}:")[:500]
        content = json.dumps([values["title"], values["employer"], values["description"]], ensure_ascii=True)
        return hashlib.blake2b(content.encode("ascii"), digest_size=10).hexdigest()


def _import_file(store: Store, path: Path, reader: _Reader, warn: Warn, advance: Callable[[int], None]) -> Imported:
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


def _parts(
    path: Path, reader: _Reader, result: Imported, warn: Warn, advance: Callable[[int], None]
) -> Iterator[list[tuple[Posting, dt.datetime | None]]]:
    part: list[tuple[Posting, dt.datetime | None]] = []
    seen: set[str] = set()
    pending = 0
    for row in readers.rows(path):
        pending += 1
        if isinstance(row, readers.Broken):
            _lose(result, warn, f"{path}:{row.line}: {row.reason}")
            continue
        try:
            posting, collected = reader.posting(row[1], result.odd)
        except InputError as error:
            _lose(result, warn, f"{path}:{row[0]}: {error}")
            continue
        if posting.posting_id in seen:
            result.repeated += 1
            continue
        seen.add(posting.posting_id)
        part.append((posting, collected))
        if len(part) == PART:
            advance(pending)
            pending = 0
            yield part
            part = []
    advance(pending)
    if part:
        yield part


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
    part: Sequence[tuple[Posting, dt.datetime | None]],
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


def _batch_id(path: Path, reader: _Reader) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256")
    content.update(json.dumps([reader.source, reader.board, dict(reader.mapping)], sort_keys=True).encode())
    return f"import:{reader.source}:{reader.board}:{content.hexdigest()[:16]}"


def _manifest(result: Imported, reader: _Reader, crawl_id: str, started: dt.datetime) -> dict[str, Any]:
    status = "partial" if result.broken else "ok" if result.stored else "empty"
    return {
        "crawl_id": crawl_id,
        "board": result.board,
        "source": reader.source,
        "status": status,
        "stated_total": None,
        "obtained": result.stored,
        "dropped": result.broken + result.repeated,
        "requests": 0,
        "bytes": result.path.stat().st_size,
        "robots": "not asked",
        "policy": "import",
        "error": result.reasons[0] if result.reasons else None,
        "started_at": started,
        "finished_at": dt.datetime.now(dt.UTC),
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _line(value: Any) -> str:
    """One line of plain text; a title of 100,000 characters is cut, and HTML in it is read."""
    text = _text(value)
    if "<" in text or "&" in text:
        text = html_to_text(text)
    return " ".join(clean_characters(text).split())[:1_000]


def _list(value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    return () if value is None else (value,)


def _workplace(value: Any) -> str | None:
    if isinstance(value, bool) or _text(value).lower() in ("true", "false"):
        # "Not remote" says nothing about hybrid or on site.
        return "remote" if _text(value).lower() == "true" else None
    return fields.workplace_of(_text(value))


def _date(value: Any, name: str, odd: Counter[str]) -> dt.date | None:
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if value in (None, ""):
        return None
    text = _text(value).strip()
    # A month alone is how collections date what they took; its first day stands for it.
    date = fields.date_of(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else value)
    if date is None:
        odd[f"an unreadable {name}"] += 1
    return date


def _salary(record: Mapping[str, Any], odd: Counter[str]) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    for name in ("salary_min", "salary_max"):
        amounts[name] = fields.number_of(record[name])
        if amounts[name] is None and record[name] not in (None, ""):
            odd[f"an unreadable {name}"] += 1
        if not amounts[name] or amounts[name] < 0:
            amounts[name] = None  # boards write 0 where they know nothing
    if not any(amounts.values()):
        return amounts
    currency = _line(record["salary_currency"]).upper()
    return amounts | {
        "salary_currency": currency if re.fullmatch("[A-Z]{3}", currency) else None,
        "salary_period": fields.period_of(_text(record["salary_period"])),
    }
