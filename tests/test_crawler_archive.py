"""WARC files: what a killed process leaves, lost indexes, keep-for limits, forgetting, and the shipped recording."""

import os
import shutil
import time

import pytest
import typer

from crawler.archive import Archive, Replay, forget, prune
from crawler.demo import companies, exchanges, write_recording
from crawler.errors import InputError
from crawler.run import crawl, demo_recording
from crawler.store import Store
from crawler.warc import Exchange, key_of

URL = "https://board.example/jobs?x=1"
KEY = key_of("GET", URL, b"")


def answer(body=b"[1]", status=200, **headers):
    return Exchange(URL, status, tuple((name.replace("_", "-"), value) for name, value in headers.items()), body)


def recorded(directory, *found, crawl_id="20260301T000000-aaaaaa", started="2026-03-01", board="lever:acme", key=KEY):
    archive = Archive(directory, crawl_id, {"boards": board, "started": started})
    for exchange in found:
        archive.record(key, exchange, board)
    archive.close()
    return archive.path


def test_exchanges_come_back_in_order_byte_for_byte(tmp_path):
    body = bytes(range(256)) * 50
    first, second = (
        answer(b"no", 503, Retry_After="1"),
        answer(body, ETag='"v"', Content_Encoding="br", Set_Cookie="a=b"),
    )
    recorded(tmp_path, first, second, Exchange(URL, 0, (), b"", error="the connection was refused"))
    replay = Replay(tmp_path)
    assert [replay.next(KEY) for _ in range(2)] == [first, second]
    assert replay.next(KEY).error == replay.next(KEY).error == "the connection was refused"
    assert replay.next(key_of("POST", URL, b"{}")) is None
    assert replay.boards == ["lever:acme"]


def test_a_304_is_replayed_with_the_body_of_an_earlier_crawl(tmp_path):
    recorded(tmp_path, answer(b"old", ETag='"v"'))
    recorded(tmp_path, answer(b"", 304, ETag='"v"'), crawl_id="20260302T000000-bbbbbb", started="2026-03-02")
    replay = Replay(tmp_path)
    assert replay.next(KEY).status == 304
    assert replay.stored(KEY).body == b"old"


def test_validators_come_from_the_latest_good_answer(tmp_path):
    recorded(
        tmp_path,
        answer(b"old", ETag='"v1"'),
        answer(b"new", ETag='"v2"', Last_Modified="Sun, 01 Mar 2026 12:00:30 GMT"),
    )
    recorded(tmp_path, answer(b"down", 500, ETag='"bad"'))
    archive = Archive(tmp_path, "20260303T000000-cccccc")
    assert archive.validators(KEY) == {"If-None-Match": '"v2"', "If-Modified-Since": "Sun, 01 Mar 2026 12:00:30 GMT"}
    assert archive.stored(KEY).body == b"new"
    assert archive.validators("GET https://other.example/") == {}
    archive.close()


def test_what_a_killed_process_leaves_is_readable(tmp_path):
    path = recorded(tmp_path, answer(b"whole"), answer(b"cut" * 1000))
    path.write_bytes(path.read_bytes()[:-700])
    (tmp_path / f"{path.name}.index").unlink()
    replay = Replay(tmp_path)
    assert replay.next(KEY).body == b"whole"


def test_a_lost_or_foreign_index_is_made_again(tmp_path):
    path = recorded(tmp_path, answer(b"one"))
    index = tmp_path / f"{path.name}.index"
    for text in ("", "garbage\n", '{"key": 1}\n'):
        index.write_text(text)
        assert Replay(tmp_path).next(KEY).body == b"one"


def test_old_files_are_pruned_with_their_indexes(tmp_path):
    old = recorded(tmp_path, answer())
    recorded(tmp_path, answer(), crawl_id="20260302T000000-bbbbbb")
    os.utime(old, (time.time() - 100 * 86_400,) * 2)
    assert prune(tmp_path, 90) == 1
    assert len(list(tmp_path.iterdir())) == 2


def test_forgetting_a_posting_removes_its_boards_exchanges(tmp_path):
    recorded(tmp_path, answer(b"keep"), board="lever:other", key="GET https://other.example/")
    recorded(tmp_path, answer(b"A Person's advert"), crawl_id="20260302T000000-bbbbbb", started="2026-03-02")
    assert forget(tmp_path, ["lever:acme:41"]) == 1
    assert Archive(tmp_path, "20260303T000000-cccccc").stored("GET https://other.example/").body == b"keep"
    from warcio.archiveiterator import ArchiveIterator

    for path in tmp_path.glob("*.warc.gz"):
        with path.open("rb") as file:
            assert all(b"Person" not in record.raw_stream.read() for record in ArchiveIterator(file))


@pytest.mark.parametrize("content", [None, b"", b"no gzip at all"])
def test_no_recording_is_one_clear_line(content, tmp_path):
    path = tmp_path / "x.warc.gz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        Replay(path)
    assert "\n" not in str(caught.value)


def test_the_shipped_recording_is_what_its_source_says(tmp_path):
    write_recording(tmp_path / "demo.warc.gz")
    shipped, written = Replay(demo_recording()), Replay(tmp_path / "demo.warc.gz")
    assert shipped.synthetic
    assert shipped.boards == written.boards
    assert shipped.employers == written.employers
    for _, exchange in exchanges():
        key = key_of("GET", exchange.url, b"")
        assert shipped.next(key).body == written.next(key).body == exchange.body


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """A store into which the shipped recording was replayed, and the crawl's manifest."""
    store = Store(str(tmp_path_factory.mktemp("demo")))
    return store, crawl(store, replay=demo_recording())


def test_the_demo_replays_offline(demo):
    store, rows = demo
    jobs = sum(len(company["jobs"]) for company in companies())
    assert [row["status"] for row in rows] == ["ok", "ok", "ok"]
    assert sum(row["obtained"] + row["dropped"] for row in rows) == jobs
    postings = store.read("postings").to_pylist()
    assert 35 <= len(postings) <= 45
    assert all(row["synthetic"] for row in postings)
    assert {row["employer"] for row in postings} == {company["employer"] for company in companies()}
    assert {row["workplace"] for row in postings} == {"remote", "hybrid", "onsite"}
    assert any(row["salary_period"] == "month" for row in postings)


def test_store_forget_reaches_the_stores_own_archive(demo, tmp_path):
    from typer.testing import CliRunner

    import crawler.cli

    shutil.copytree(demo[0].root, tmp_path, dirs_exist_ok=True)
    store = Store(str(tmp_path))
    recorded(tmp_path / "archive", answer(b"advert"), board="lever:parlancekiln")
    app = typer.Typer()
    crawler.cli.register(app)
    done = CliRunner().invoke(app, ["store", "forget", "--source", "lever", "--yes", "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert store.count("postings") == 26
    with pytest.raises(InputError, match="no exchange"):
        Replay(tmp_path / "archive")
