"""The store's promises: marked batches, nothing doubled, two writers, growth of schemas, clear errors."""

import datetime as dt
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.errors import EmptyError, StoreError
from crawler.schema import Table
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
from nlp.tables import LABELS, MENTIONS, TAGGINGS

NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
ROOT = Path(__file__).resolve().parents[1]
NUMBERS = Table(name="numbers", key=("n",), columns=(("n", "int64"),), marker="done")
DONE = Table(name="done", key=("what",), columns=(("what", "string"),))


def posting(number: int, **changes: object) -> dict[str, object]:
    empty = dict.fromkeys(name for name, _ in POSTINGS.columns)
    identity = {"posting_id": f"lever:acme:{number}", "content_hash": "v1", "source": "lever", "board": "acme"}
    return empty | identity | {"source_id": str(number), "description": "text", "first_seen": NOW} | changes


def crawl(crawl_id: str) -> dict[str, object]:
    return dict.fromkeys(name for name, _ in CRAWLS.columns) | {
        "crawl_id": crawl_id,
        "board": "lever:acme",
        "status": "ok",
    }


def ids(store: Store) -> list[str]:
    return sorted(store.read(POSTINGS, ["posting_id"])["posting_id"].to_pylist())


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


@pytest.mark.parametrize(
    "table", [POSTINGS, SIGHTINGS, CRAWLS, TAGGINGS, MENTIONS, LABELS], ids=lambda table: table.name
)
def test_every_table_keeps_what_it_declares(store: Store, table: Table) -> None:
    assert len(set(table.schema.names)) == len(table.schema.names)
    assert set(table.key) <= set(table.schema.names)
    alone = replace(table, marker=None)
    store.append("b", {alone: [dict.fromkeys(name for name, _ in table.columns)]})
    kept = store.read(table)
    assert kept.schema.names == [name for name, _ in table.columns]
    assert [field.type for field in kept.schema] == [table.schema.field(name).type for name in kept.schema.names]


def test_rows_come_back_with_their_types(store: Store) -> None:
    row = posting(1, locations=["Köln", "Lyon"], date_posted=dt.date(2026, 2, 1), salary_min=1.5, synthetic=True)
    store.append("b", {POSTINGS: [row], SIGHTINGS: [], CRAWLS: [crawl("c")]})
    assert store.read(POSTINGS).to_pylist() == [row]


def test_an_unmarked_batch_is_not_read(store: Store) -> None:
    store.append("one", {POSTINGS: [posting(1)], SIGHTINGS: [], CRAWLS: [crawl("c1")]})
    store.stage("two", 0, {POSTINGS: [posting(2)]})
    assert ids(store) == ["lever:acme:1"]
    store.stage("two", 1, {POSTINGS: [posting(3)]})
    store.append("two", {CRAWLS: [crawl("c2")]})
    assert ids(store) == ["lever:acme:1", "lever:acme:2", "lever:acme:3"]


def test_a_repeated_batch_changes_nothing(store: Store) -> None:
    batch = {POSTINGS: [posting(1)], SIGHTINGS: [], CRAWLS: [crawl("c")]}
    assert store.append("one", batch)
    assert not store.append("one", batch)
    store.stage("two", 0, {POSTINGS: [posting(2)]})
    store.stage("two", 0, {POSTINGS: [posting(2)]})
    store.append("two", {CRAWLS: [crawl("c2")]})
    assert ids(store) == ["lever:acme:1", "lever:acme:2"]
    assert store.count(CRAWLS) == 2


def test_one_key_is_read_from_one_batch_only(store: Store) -> None:
    for batch in ("one", "two"):
        store.append(batch, {POSTINGS: [posting(1, title=batch)], SIGHTINGS: [], CRAWLS: [crawl(batch)]})
    assert len(ids(store)) == 1
    key = {"posting_id": "lever:acme:1", "content_hash": "v1", "tagger_id": "t"}
    empty = dict.fromkeys(name for name, _ in TAGGINGS.columns)
    mention = dict.fromkeys(name for name, _ in MENTIONS.columns) | key
    for batch, count in (("x", 2), ("y", 3)):
        store.append(batch, {MENTIONS: [mention | {"start": n} for n in range(count)], TAGGINGS: [empty | key]})
    assert store.count(TAGGINGS) == 1
    assert store.count(MENTIONS) in (2, 3)


def test_the_marker_must_be_last(store: Store) -> None:
    with pytest.raises(StoreError, match="marker"):
        store.append("b", {CRAWLS: [], POSTINGS: []})


def test_filter_and_columns(store: Store) -> None:
    store.append("b", {POSTINGS: [posting(n) for n in range(5)], SIGHTINGS: [], CRAWLS: [crawl("c")]})
    found = store.read("postings", ["source_id"], pc.field("source_id") == "3")
    assert found.to_pylist() == [{"source_id": "3"}]
    with pytest.raises(StoreError, match="no column nonsense"):
        store.read(POSTINGS, ["nonsense"])


def test_a_column_added_later_is_null_before(store: Store) -> None:
    store.append("a", {DONE: [{"what": "x"}]})
    newer = replace(DONE, columns=(*DONE.columns, ("why", "string")), version=2)
    assert store.read(newer).to_pylist() == [{"what": "x", "why": None}]
    store.append("b", {newer: [{"what": "y", "why": "z"}]})
    assert sorted(store.read(newer).to_pylist(), key=str) == [{"what": "x", "why": None}, {"what": "y", "why": "z"}]
    with pytest.raises(StoreError, match="upgrade"):
        store.append("c", {DONE: [{"what": "older program"}]})


def test_forget_leaves_no_trace(store: Store) -> None:
    secret = posting(1, posting_id="lever:acme:o'brien", description="to be forgotten")
    store.append("b", {POSTINGS: [secret, posting(2)], SIGHTINGS: [], CRAWLS: [crawl("c")]})
    store.append(
        "t",
        {
            MENTIONS: [],
            TAGGINGS: [dict.fromkeys(n for n, _ in TAGGINGS.columns) | {"posting_id": "lever:acme:o'brien"}],
        },
    )
    removed = store.forget(["lever:acme:o'brien"])
    assert removed["postings"] == 1
    assert removed["taggings"] == 1
    assert ids(store) == ["lever:acme:2"]
    files = list(Path(store.root).rglob("*.parquet"))
    assert len(files) == len([uri for name in store.tables() for uri in store._delta.open(name).file_uris()])
    # The rest goes on as before: the same batch still changes nothing, filters still work.
    assert not store.append("b", {POSTINGS: [secret], SIGHTINGS: [], CRAWLS: [crawl("c")]})
    assert store.read(POSTINGS, ["source"], pc.field("source") == "lever").num_rows == 1


def test_compact_drops_what_was_never_marked(store: Store) -> None:
    for number in range(3):
        store.append(f"b{number}", {POSTINGS: [posting(number)], SIGHTINGS: [], CRAWLS: [crawl(f"c{number}")]})
    store.stage("left over", 0, {POSTINGS: [posting(9)]})
    assert store.compact()["postings"] == 1
    assert len(store._delta.open("postings").file_uris()) == 1
    assert len(ids(store)) == 3


def test_what_is_missing_or_damaged_is_said_in_one_line(store: Store) -> None:
    with pytest.raises(EmptyError, match="crawl or import"):
        store.read(POSTINGS)
    store.append("b", {POSTINGS: [posting(1)], SIGHTINGS: [], CRAWLS: [crawl("c")]})
    for path in (Path(store.root) / "postings").glob("*.parquet"):
        path.write_bytes(b"garbage")
    with pytest.raises(StoreError, match=r"table postings .* is damaged .*restore"):
        store.read(POSTINGS)
    assert store.count(CRAWLS) == 1
    log = Path(store.root) / "crawls" / "_delta_log"
    for path in log.glob("*.json"):
        path.write_text("{broken")
    with pytest.raises(StoreError, match="crawls"):
        store.read(CRAWLS)


def test_a_foreign_delta_table_is_not_taken_for_ours(tmp_path: Path) -> None:
    import pyarrow as pa
    from deltalake import write_deltalake

    write_deltalake(tmp_path / "postings", pa.table({"a": [1]}))
    with pytest.raises(StoreError, match="not written by skilldemand"):
        Store(tmp_path).read("postings")


def _write_numbers(root: str, writer: int, batches: int) -> None:
    store = Store(root)
    for number in range(batches):
        store.append(f"w{writer}-{number}", {NUMBERS: [{"n": writer * 1000 + number}], DONE: [{"what": f"{writer}"}]})


def test_two_writers_at_once_both_land(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_numbers, args=(str(tmp_path), n, 8)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(120)
        assert writer.exitcode == 0
    expected = [writer * 1000 + number for writer in range(2) for number in range(8)]
    assert sorted(Store(tmp_path).read(NUMBERS)["n"].to_pylist()) == expected


WRITER = textwrap.dedent(
    """
    import sys
    sys.path.insert(0, sys.argv[2])
    from crawler.store import Store
    from crawler.schema import Table
    numbers = Table(name="numbers", key=("n",), columns=(("n", "int64"),), marker="done")
    done = Table(name="done", key=("what",), columns=(("what", "string"),))
    store = Store(sys.argv[1])
    print("started", flush=True)
    for batch in range(30):
        store.stage(f"b{batch}", 0, {numbers: [{"n": batch * 10}]})
        store.append(f"b{batch}", {numbers: [{"n": batch * 10 + 1}], done: [{"what": f"b{batch}"}]})
    """
)


@pytest.mark.parametrize("kills", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_a_kill_at_any_moment_leaves_the_last_marked_batch_and_nothing_doubled(tmp_path: Path, kills: int) -> None:
    dice = random.Random(7)
    root = tmp_path / "data"
    for _ in range(kills):
        process = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(root), str(ROOT)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(dice.uniform(0, 0.5))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        store = Store(root)
        if store.exists(DONE):
            marked = store.read(DONE)["what"].to_pylist()
            assert marked == sorted(set(marked), key=marked.index)
            seen = sorted(store.read(NUMBERS)["n"].to_pylist()) if store.exists(NUMBERS) else []
            assert seen == sorted(n for what in marked for n in (int(what[1:]) * 10, int(what[1:]) * 10 + 1))
    subprocess.run([sys.executable, "-c", WRITER, str(root), str(ROOT)], check=True, stdout=subprocess.DEVNULL)
    final = sorted(Store(root).read(NUMBERS)["n"].to_pylist())
    assert final == sorted(n for batch in range(30) for n in (batch * 10, batch * 10 + 1))


@settings(max_examples=8, deadline=None)
@given(
    batches=st.lists(
        st.tuples(st.integers(0, 3), st.lists(st.text(min_size=1, max_size=5).filter(str.isprintable), max_size=3)),
        max_size=5,
    )
)
def test_reading_gives_each_marked_batch_once(
    batches: list[tuple[int, list[str]]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    store = Store(tmp_path_factory.mktemp("store"))
    expected: dict[int, list[str]] = {}
    for number, words in batches:
        store.append(str(number), {DONE: [{"what": f"{number}{word}"} for word in dict.fromkeys(words)]})
        expected.setdefault(number, [f"{number}{word}" for word in dict.fromkeys(words)])
    got = sorted(store.read(DONE)["what"].to_pylist()) if expected else []
    assert got == sorted(word for words in expected.values() for word in words)
