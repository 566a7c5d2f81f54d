"""Importing: every format, a column map, rows that can't be read, repeats, kills."""

import csv
import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import readers
from crawler.errors import InputError
from crawler.importer import Imported, import_files
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS

ROWS: list[dict[str, Any]] = [
    {
        "id": "a1",
        "title": "ML Engineer",
        "company": "Nordlicht",
        "description": "<p>Train</p><ul><li>PyTorch</li></ul>",
    },
    {"id": "a2", "title": "Data Scientist", "company": "", "description": "Forecasts.\n\n• pandas", "location": "Ulm"},
]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    if ".csv" in path.name:
        names = list(dict.fromkeys(name for row in rows for name in row))
        with gzip.open(path, "wt", newline="") if path.suffix == ".gz" else path.open("w", newline="") as file:
            writer = csv.DictWriter(file, names)
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def run(tmp_path: Path, *files: Path, source: str = "test", **options: Any) -> tuple[Store, list[Imported], list[str]]:
    store, lines = Store(tmp_path / "data"), []
    done = import_files(store, files, source, warn=lines.append, **options)
    return store, done, lines


def postings(store: Store) -> list[dict[str, Any]]:
    return sorted(store.read(POSTINGS).to_pylist(), key=lambda row: str(row["posting_id"]))


@pytest.mark.parametrize("name", ["x.jsonl", "x.jsonl.gz", "x.ndjson", "x.csv", "x.csv.gz", "x.parquet"])
def test_every_format_gives_the_same_postings(tmp_path: Path, name: str) -> None:
    rows = [{"location": None} | row for row in ROWS]
    store, done, lines = run(tmp_path, write(tmp_path / name, rows))
    assert lines == []
    first, second = postings(store)
    assert first["posting_id"] == "test:x:a1"
    assert first["description"] == "Train\n• PyTorch"
    assert (first["employer"], second["employer"]) == ("Nordlicht", None)
    assert second["locations"] == ["Ulm"]
    assert done[0].stored == store.count(SIGHTINGS) == 2
    (manifest,) = store.read(CRAWLS).to_pylist()
    assert (manifest["board"], manifest["status"], manifest["obtained"]) == ("test:x", "ok", 2)


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", ROWS)
    run(tmp_path, path)
    store, done, _ = run(tmp_path, path)
    assert done[0].already
    assert (store.count(POSTINGS), store.count(SIGHTINGS), store.count(CRAWLS)) == (2, 2, 1)


def test_a_later_file_adds_versions_and_sightings(tmp_path: Path) -> None:
    run(tmp_path, write(tmp_path / "x.jsonl", ROWS))
    path = write(tmp_path / "x.jsonl", [ROWS[0], ROWS[1] | {"description": "Other words."}])
    store, _, _ = run(tmp_path, path)
    assert (store.count(POSTINGS), store.count(SIGHTINGS)) == (3, 4)


def test_map_stem_and_collection_date(tmp_path: Path) -> None:
    row = {"job": "Dev", "text": "Text", "key": "k", "date_collected": "2023-11", "posted": "2023-10-05T23:00:00-05:00"}
    path = write(tmp_path / "board_7.csv", [row])
    store, _, lines = run(tmp_path, path, source="{stem}", mapping={"title": "job", "source_id": "key"})
    (found,) = postings(store)
    assert lines == []
    assert found["posting_id"] == "board_7:board_7:k"
    assert found["title"] == "Dev"
    assert found["first_seen"] == dt.datetime(2023, 11, 1, tzinfo=dt.UTC)
    assert found["date_posted"] == dt.date(2023, 10, 6)


def test_jobspy_columns_are_known(tmp_path: Path) -> None:
    row = {
        "id": "in-1", "site": "indeed", "job_url": "https://example.org/1", "title": "ML Engineer", "company": "Acme",
        "location": "Berlin, DE", "job_type": "fulltime", "date_posted": "2026-01-31", "interval": "yearly",
        "min_amount": "60000.0", "max_amount": "0", "currency": "eur", "is_remote": "True", "description": "Words",
    }  # fmt: skip
    store, _, _ = run(tmp_path, write(tmp_path / "jobs.csv", [row]))
    (found,) = postings(store)
    assert (found["salary_min"], found["salary_max"]) == (60000, None)
    assert (found["salary_currency"], found["salary_period"]) == ("EUR", "year")
    assert (found["workplace"], found["employment_type"]) == ("remote", "full_time")
    assert found["url"] == "https://example.org/1"


@pytest.mark.parametrize(
    ("written", "employer"),
    [
        ("Brightkelp\n4.2", "Brightkelp"),
        ("Brightkelp \r\n 3.9 ", "Brightkelp"),
        ("Area\n51", "Area 51"),
        ("Kite 4.2", "Kite 4.2"),
    ],
)
def test_a_rating_below_the_employers_name_is_left_out(tmp_path: Path, written: str, employer: str) -> None:
    rows = [{"id": "1", "description": "We knot ropes.", "company": written}]
    store, _, _ = run(tmp_path, write(tmp_path / "x.jsonl", rows))
    assert [row["employer"] for row in postings(store)] == [employer]


def test_broken_lines_cost_themselves_alone(tmp_path: Path) -> None:
    lines_in = [
        json.dumps(ROWS[0]),
        "{broken",
        "[1]",
        json.dumps({"id": "x", "title": "no text"}),
        "",
        json.dumps(ROWS[1]),
    ]
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines_in))
    store, done, lines = run(tmp_path, path)
    assert [line.split(": ")[0] for line in lines] == [f"{path}:{n}" for n in (2, 3, 4)]
    assert (done[0].stored, done[0].broken) == (2, 3)
    assert store.read(CRAWLS).to_pylist()[0]["status"] == "partial"


def test_a_truncated_gzip_keeps_what_came_before(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl.gz"
    rows = [ROWS[0] | {"id": str(n), "description": f"Text {n * 7919}"} for n in range(3_000)]
    write(path, rows)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    store, done, lines = run(tmp_path, path)
    assert 0 < store.count(POSTINGS) < 3_000
    assert done[0].broken == 1
    assert "truncated" in lines[0]
    assert str(path) in lines[0]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("x.jsonl.gz", b"not gzip", "damaged"),
        ("x.parquet", b"not parquet", "no Parquet file"),
        ("x.csv", b"a,b\n1,2\n", "--map description="),
        ("x.csv", b"", "--map description="),
        ("x.txt", b"text", "unknown format"),
        ("x.csv", b'id,description\n1,"text\n2,more\n3,more', None),
        ("x.csv", b"id,description\n1,a,b,c\n2,fine\n", "4 cells under 2 columns"),
    ],
)
def test_bad_files_are_one_line_each(tmp_path: Path, name: str, content: bytes, message: str | None) -> None:
    path, good = tmp_path / name, write(tmp_path / "good.jsonl", ROWS)
    path.write_bytes(content)
    store, done, lines = run(tmp_path, path, good)
    assert store.count(POSTINGS) >= 2
    assert done[1].stored == 2
    if message is not None:
        assert len(lines) == 1
        assert str(path) in lines[0]
        assert message in lines[0]
        assert "\n" not in lines[0]


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    _, done, lines = run(tmp_path, tmp_path / "absent.jsonl", tmp_path)
    assert "no file" in lines[0]
    assert "folder" in lines[1]
    assert [one.broken for one in done] == [1, 1]


def test_wrong_options_are_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "x.jsonl", ROWS)
    with pytest.raises(InputError, match="no such field"):
        run(tmp_path, path, mapping={"nonsense": "title"})
    with pytest.raises(InputError, match="a-b"):
        run(tmp_path, path, source="a:b")
    _, _, lines = run(tmp_path, path, mapping={"title": "absent"})
    assert "no column 'absent' for title" in lines[0]


def test_hostile_texts_are_stored_as_harmless_text(tmp_path: Path) -> None:
    nasty = {
        "id": "n\x00\ud800",
        "title": "T" * 100_000,
        "description": "a\x00b\ud800c <script>alert(1)</script> e@x.org",
    }
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(nasty))
    store, _, _ = run(tmp_path, path)
    (found,) = postings(store)
    assert len(found["title"]) <= 1_000
    assert found["description"] == "abc [e-mail]"


def test_a_killed_import_is_finished_by_running_it_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("crawler.importer.PART", 2)
    path = write(tmp_path / "x.jsonl", [ROWS[0] | {"id": str(n)} for n in range(7)])
    stage, calls = Store.stage, 0

    def dying(self: Store, *arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        stage(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(Store, "stage", dying)
        with pytest.raises(KeyboardInterrupt):
            run(tmp_path, path)
    store, _, _ = run(tmp_path, path)
    assert (store.count(POSTINGS), store.count(SIGHTINGS), store.count(CRAWLS)) == (7, 7, 1)


def test_comments_of_a_hiring_thread_are_read_like_the_crawler_reads_them(tmp_path: Path) -> None:
    comment = (
        "Brightkelp | Machine Learning Engineer, Data Engineer | Bergen, Norway | ONSITE | $90k-$120k<p>"
        "We measure the sea. Machine Learning Engineer: PyTorch on sonar images. Data Engineer: Airflow and Spark."
    )
    plea = "I wish that more companies here would offer a four-day week, it is 2026 after all and everybody knows."
    rows = [{"id": 11, "description": comment, "company": "wrong"}, {"id": 12, "description": plea}]
    store, done, lines = run(tmp_path, write(tmp_path / "hn.jsonl", rows), source="hackernews", hackernews=True)
    found = postings(store)
    assert lines == []
    assert [row["source_id"] for row in found] == ["11", "11#2"]
    assert {row["employer"] for row in found} == {"Brightkelp"}
    assert [row["title"] for row in found] == ["Machine Learning Engineer", "Data Engineer"]
    assert {(row["workplace"], row["salary_max"]) for row in found} == {("onsite", 120_000)}
    assert (done[0].stored, done[0].no_ads) == (2, 1)


_cells = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=30)
    | st.lists(st.text(max_size=5), max_size=3)
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["id", "title", "description", "location", "date_posted", "salary_min", "is_remote"]),
            _cells,
        ),
        max_size=4,
    )
)
def test_any_row_is_stored_or_counted(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, Any]]) -> None:
    tmp_path = tmp_path_factory.mktemp("any")
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows))
    store, done, _ = run(tmp_path, path)
    assert done[0].stored + done[0].broken + done[0].repeated == len(rows)
    assert (store.count(POSTINGS) if rows and store.exists(POSTINGS) else 0) == done[0].stored


def test_a_line_without_end_does_not_fill_the_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "MAX_LINE", 1_000)
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps(ROWS[0]) + "\n" + "x" * 5_000)
    store, done, lines = run(tmp_path, path)
    assert store.count(POSTINGS) == 1
    assert done[0].broken == 1
    assert "more than 1,000 characters" in lines[0]


@pytest.mark.shared
def test_real_collections_are_read_to_the_last_row(tmp_path: Path, shared: Path) -> None:
    files = sorted((shared / "data/postings").glob("*glassdoor20[12][137]*.gz"))[:2]
    store, done, lines = run(tmp_path, *files, source="{stem}")
    assert lines == []
    assert sum(one.stored + one.repeated for one in done) == sum(
        gzip.decompress(path.read_bytes()).count(b"\n") for path in files
    )
    assert all(len(row["description"]) > 20 and "<p>" not in row["description"] for row in postings(store))
