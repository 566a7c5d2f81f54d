"""The one door of the tagger: `tag`, over the store or from a file to a file."""

import datetime as dt
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from crawler import readers
from crawler.errors import EmptyError, InputError
from crawler.store import Store
from crawler.tables import POSTINGS
from crawler.text import clean_characters, html_to_text
from nlp.records import TRACKS, Record, Salary, Tagged
from nlp.tables import MENTIONS, TAGGINGS

if TYPE_CHECKING:
    from nlp.tagger import Tagger

PART = 1_000
"""Postings per batch of the store: at most so many are tagged again after a kill."""
_ENOUGH_FOR_TWO = 3_000
"""Postings below which a second process costs more to start than it saves."""

Warn = Callable[[str], None]
Advance = Callable[[int], None]
Row = dict[str, Any]


@dataclass(slots=True)
class TagReport:
    """What a run did; `broken` counts input lines that could not be read."""

    tagger_id: str
    tagged: int = 0
    up_to_date: int = 0
    broken: int = 0


def tag(
    source: Store | Path,
    out: Path | None = None,
    *,
    skills: Sequence[Path] = (),
    model: Path | None = None,
    workers: int | None = None,
    warn: Warn = lambda line: None,
    advance: Advance = lambda done: None,
    expect: Advance = lambda total: None,
) -> TagReport:
    """Tag postings that have no tagging of the current tagger.

    Args:
        source: the store, whose untagged postings are tagged, or a JSON Lines file with `id`, `title`,
            `description` (text or HTML) and perhaps `employer` per line.
        out: for a file, where the tagged lines go (the output contract); None means stdout.
        skills: taxonomy files of the user's own, over the shipped one.
        model: a folder with a track model; by default the store's promoted one, for a file the shipped one.
        workers: processes; by default as many as there are cores, if there is enough to do.
        warn: called with one line for each input line that can't be read.
        advance: called with the number of postings tagged since the last call.
        expect: called with the number of postings to tag, once that is known.

    Raises:
        EmptyError: the store holds no postings.
        InputError: no such file, or an unreadable taxonomy.
        ModelError: the model can't be loaded.
    """
    if isinstance(source, Store):
        setup = tuple(skills), promoted(source.root) if model is None else model
        return _tag_store(source, setup, workers, advance, expect)
    return _tag_file(source, out, (tuple(skills), model), warn, advance)


def promoted(data: str) -> Path | None:
    """The folder of the model that was promoted in a data folder; None, the shipped one, where there is none."""
    from nlp.tracks.registry import Registry

    return None if "://" in data else Registry.of(data).promoted()


Setup = tuple[tuple[Path, ...], Path | None]


def _tagger(setup: Setup) -> "Tagger":
    from nlp.tagger import Tagger
    from nlp.taxonomy import load_taxonomy

    skills, model = setup
    return Tagger(load_taxonomy(skills), model)


# A file to a file


def _tag_file(path: Path, out: Path | None, setup: Setup, warn: Warn, advance: Advance) -> TagReport:
    if ".jsonl" not in path.name and ".ndjson" not in path.name:
        raise InputError(
            f"{path}: tag reads JSON Lines; name it …{path.suffix or ''}.jsonl, or import it into the store"
        )
    rows = readers.rows(path)
    first = next(rows, None)  # a missing file says so before the model is loaded
    tagger = _tagger(setup)
    report = TagReport(tagger.tagger_id)

    def records() -> Iterator[Record]:
        for row in chain([] if first is None else [first], rows):
            try:
                if isinstance(row, readers.Broken):
                    raise InputError(row.reason)
                yield _record_of(row[1])
            except InputError as error:
                report.broken += 1
                line = row.line if isinstance(row, readers.Broken) else row[0]
                warn(f"{path}:{line}: {error}")

    with _replacing(out) as lines:
        for tagged in tagger.tag(records()):
            lines.write(json.dumps(tagged.as_json(tagger.names), ensure_ascii=False) + "\n")
            report.tagged += 1
            advance(1)
    return report


def _record_of(row: Row) -> Record:
    identity = row.get("id")
    if not isinstance(identity, str | int) or identity == "":
        raise InputError("no id; give every line one")
    description = row.get("description")
    if not isinstance(description, str):
        raise InputError("no description; it must be text or HTML")
    title, employer = row.get("title"), row.get("employer")
    return Record(
        id=str(identity),
        title=clean_characters(title) if isinstance(title, str) else "",
        text=html_to_text(description),
        employer=employer if isinstance(employer, str) else None,
    )


@contextmanager
def _replacing(out: Path | None) -> Iterator[IO[str]]:
    """A file that takes its name only when it is complete; stdout for None."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8") as lines:
            yield lines
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)


# The store


def _tag_store(store: Store, setup: Setup, workers: int | None, advance: Advance, expect: Advance) -> TagReport:
    latest = _latest(store)
    if not latest:
        raise EmptyError(f"no postings in {store.root}: crawl or import some first")
    tagger = _tagger(setup)
    report = TagReport(tagger.tagger_id)
    pending = latest - _tagged(store, tagger.tagger_id)
    report.up_to_date = len(latest) - len(pending)
    expect(len(pending))
    if workers is None:
        workers = min(os.cpu_count() or 1, 1 + len(pending) // _ENOUGH_FOR_TWO)
    for rows, taggings, mentions in _tag_parts(_parts(store, pending), tagger, setup, workers):
        digest = hashlib.blake2b(
            "\0".join(f"{row['posting_id']}\0{row['content_hash']}" for row in rows).encode(), digest_size=12
        )
        store.append(f"tag:{tagger.tagger_id}:{digest.hexdigest()}", {MENTIONS: mentions, TAGGINGS: taggings})
        report.tagged += len(taggings)
        advance(len(taggings))
    return report


def _latest(store: Store) -> set[tuple[str, str]]:
    """The key of the newest version of every posting."""
    if not store.exists(POSTINGS):
        return set()
    newest: dict[str, tuple[Any, str]] = {}
    for batch in store.scan(POSTINGS, ["posting_id", "content_hash", "first_seen"]):
        for posting_id, content_hash, seen in zip(*(column.to_pylist() for column in batch.columns), strict=True):
            if posting_id not in newest or newest[posting_id] < (seen, content_hash):
                newest[posting_id] = seen, content_hash
    return {(posting_id, content_hash) for posting_id, (_, content_hash) in newest.items()}


def _tagged(store: Store, tagger_id: str) -> set[tuple[str, str]]:
    import pyarrow.compute as pc

    if not store.exists(TAGGINGS):
        return set()
    keys = store.read(TAGGINGS, ["posting_id", "content_hash"], pc.field("tagger_id") == tagger_id)
    return set(zip(keys["posting_id"].to_pylist(), keys["content_hash"].to_pylist(), strict=True))


def _parts(store: Store, pending: set[tuple[str, str]]) -> Iterator[list[Row]]:
    columns = ["posting_id", "content_hash", "title", "employer", "locations", "workplace", "description"]
    columns += ["salary_min", "salary_max", "salary_currency", "salary_period"]
    part: list[Row] = []
    for batch in store.scan(POSTINGS, columns) if pending else ():
        for row in batch.to_pylist():
            if (row["posting_id"], row["content_hash"]) in pending:
                part.append(row)
            if len(part) == PART:
                yield part
                part = []
    if part:
        yield part


Part = tuple[list[Row], list[Row], list[Row]]


def _tag_parts(parts: Iterator[list[Row]], tagger: "Tagger", setup: Setup, workers: int) -> Iterator[Part]:
    if workers <= 1:
        for rows in parts:
            yield rows, *_tag_rows(tagger, rows)
        return
    from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
    from multiprocessing import get_context

    # "spawn": TensorFlow's threads don't survive a fork.
    with ProcessPoolExecutor(workers, get_context("spawn"), _start_worker, (setup,)) as pool:
        running: dict[Any, list[Row]] = {}
        for rows in parts:
            running[pool.submit(_work, rows)] = rows
            # A few parts wait beside the running ones, not all: memory must not grow with the store.
            while len(running) > workers + 1:
                for done in wait(running, return_when=FIRST_COMPLETED).done:
                    yield running.pop(done), *done.result()
        for done in list(running):
            yield running.pop(done), *done.result()


_worker: "Tagger | None" = None


def _start_worker(setup: Setup) -> None:
    global _worker
    _worker = _tagger(setup)


def _work(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    assert _worker is not None
    return _tag_rows(_worker, rows)


def _tag_rows(tagger: "Tagger", rows: list[Row]) -> tuple[list[Row], list[Row]]:
    taggings: list[Row] = []
    mentions: list[Row] = []
    for row, tagged in zip(rows, tagger.tag([_record_of_posting(row) for row in rows]), strict=True):
        key = {"posting_id": row["posting_id"], "content_hash": row["content_hash"], "tagger_id": tagger.tagger_id}
        taggings.append(key | _tagging(tagged))
        mentions.extend(key | {name: getattr(one, name) for name in one.__slots__} for one in tagged.skills)
    return taggings, mentions


def _record_of_posting(row: Row) -> Record:
    stated = (row["salary_min"], row["salary_max"])
    return Record(
        id=row["posting_id"],
        title=row["title"] or "",
        text=row["description"] or "",
        employer=row["employer"],
        locations=tuple(row["locations"] or ()),
        workplace=row["workplace"],
        salary=Salary(*stated, row["salary_currency"], row["salary_period"]) if any(stated) else None,
    )


def _tagging(tagged: Tagged) -> Row:
    from nlp.facts.pay import per_year

    row: Row = {"language": tagged.language, "tagged_at": dt.datetime.now(dt.UTC)}
    row |= {"ml_role": tagged.ml_role.label, "ml_role_probability": tagged.ml_role.probability}
    for track in TRACKS:
        said = tagged.tracks[track]
        row |= {track: said.label, f"{track}_probability": said.probability}
        row[f"{track}_evidence"] = [{"start": start, "end": end} for start, end in said.evidence]
    facts = tagged.facts
    row |= {name: getattr(facts, name) for name in ("seniority", "workplace", "country", "min_years")}
    salary = facts.salary
    row |= {f"salary_{name}": getattr(salary, name, None) for name in ("min", "max", "currency", "period")}
    row["pay_min_year"], row["pay_max_year"] = (salary and per_year(salary)) or (None, None)
    return row
