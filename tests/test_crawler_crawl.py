"""Crawls against a real server on loopback: what boards may answer, and what is stored."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from crawler_reading import Reading
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job

from crawler.boards import Board, choose
from crawler.errors import CrawlError, InputError
from crawler.job import Job
from crawler.pipelines import Writer
from crawler.plan import take_up, within_calls
from crawler.process import run_apart
from crawler.run import crawl
from crawler.store import Store
from crawler.tables import CRAWLS


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


def run(store, server, boards, **options):
    """A crawl of Greenhouse boards on the server without delays; manifest rows by slug."""
    given = {"contact": "test@example.org", "base_urls": {"greenhouse": server.base}, "allow_private": True}
    rows = crawl(store, boards, **given | {"delay_factor": 0, "backoff": 0.01} | options)
    return {row["board"].partition(":")[2]: row for row in rows}


def board(server, slug, answer):
    server.routes[f"/v1/boards/{slug}/jobs"] = answer
    return f"greenhouse:{slug}"


def test_what_boards_may_answer(server, tmp_path):
    answers = {
        "fine": Answer(greenhouse_board(greenhouse_job(1), greenhouse_job(2, "Recruiter", "Hire people."))),
        "none": Answer(greenhouse_board()),
        "html": Answer("<!doctype html><html><p>Welcome!", headers={"Content-Type": "text/html"}),
        "broken": Answer("out of order", 500),
        "garbage": Answer(b"\xff\xfe\x00garbage"),
        "list": Answer([1, 2]),
        "blank": Answer(b""),
        "refused": Answer("no", 403),
        "short": Answer(greenhouse_board(greenhouse_job(3), total=5)),
        "few": Answer(greenhouse_board(greenhouse_job(4))),
        "odd": Answer(
            {"jobs": [7, None, {"id": 5}, {"title": "AI Engineer"}, greenhouse_job(6)], "meta": {"total": 5}}
        ),
    }
    names = [board(server, slug, answer) for slug, answer in answers.items()]
    listed = [Board(kind="greenhouse", slug="few", min_postings=3)]
    store = Store(str(tmp_path))
    rows = run(store, server, [*names, "greenhouse:unknown"], listed=listed)
    assert {slug: row["status"] for slug, row in rows.items()} == {
        "fine": "ok",
        "none": "empty",
        "html": "failed",
        "broken": "failed",
        "garbage": "failed",
        "list": "failed",
        "blank": "failed",
        "refused": "failed",
        "short": "partial",
        "few": "failed",
        "odd": "ok",
        "unknown": "dead",
    }
    errors = {slug: row["error"] for slug, row in rows.items()}
    assert "HTML" in errors["html"]
    assert "500" in errors["broken"]
    assert "403" in errors["refused"]
    assert "at least 3" in errors["few"]
    assert "1 of 5" in errors["short"]
    assert (rows["fine"]["stated_total"], rows["fine"]["obtained"], rows["fine"]["dropped"]) == (2, 1, 1)
    assert rows["fine"]["not_relevant"] == 1
    assert (rows["odd"]["obtained"], rows["odd"]["dropped"], rows["odd"]["not_relevant"]) == (1, 4, 0)
    assert rows["broken"]["requests"] == 4, "an error is asked again three times"
    assert rows["fine"]["robots"] == "allowed (no robots.txt: 404)"
    assert rows["fine"]["bytes"] == len(answers["fine"].bytes())
    stored = {row["source_id"]: row for row in store.read("postings").to_pylist()}
    assert set(stored) == {"1", "3", "4", "6"}
    assert stored["1"]["date_posted"] == dt.date(2026, 3, 3), "UTC, from first_published and not updated_at"
    assert store.count("sightings") == 4
    agents = {one.headers["user-agent"] for one in server.log}
    assert len(agents) == 1
    assert re.fullmatch(r"skilldemand/\S+ \(\+test@example\.org\)", agents.pop())


def test_a_second_crawl_stores_only_what_changed(tmp_path):
    store = Store(str(tmp_path))

    def stored(crawl_id, *jobs):
        reading = Reading("greenhouse", data=store.root, crawl_id=crawl_id).answer(json.dumps(greenhouse_board(*jobs)))
        writer = Writer(reading.spider.session)
        writer.add(reading.run, reading.postings)
        writer.done(reading.run)
        writer.flush()

    stored("one", greenhouse_job(1), greenhouse_job(2))
    stored("two", greenhouse_job(1), greenhouse_job(2, text="You also know Rust and ML."))
    versions = sorted(row["source_id"] for row in store.read("postings", ["source_id"]).to_pylist())
    assert versions == ["1", "2", "2"]
    assert store.count("sightings") == 4


def test_archive_then_unchanged_then_replay(server, tmp_path):
    def tagged(asked):
        if asked.headers.get("if-none-match") == '"v1"':
            return Answer(status=304, headers={"ETag": '"v1"'})
        return Answer(greenhouse_board(greenhouse_job(1)), headers={"ETag": '"v1"'})

    stumbles = iter([503, 200])
    names = [board(server, "acme", tagged), "greenhouse:gone"]
    body = greenhouse_board(greenhouse_job(7))
    names.append(board(server, "shaky", lambda asked: Answer(body, next(stumbles, 200))))
    archive = tmp_path / "archive"
    first = run(Store(str(tmp_path / "one")), server, names, archive=archive)
    served = len(server.log)

    replayed = run(Store(str(tmp_path / "two")), server, None, replay=archive)
    assert len(server.log) == served, "a replay asks nobody"
    for table in ("postings", "sightings", "crawls"):
        assert comparable(Store(str(tmp_path / "two")), table) == comparable(Store(str(tmp_path / "one")), table)
    assert replayed["shaky"]["requests"] == first["shaky"]["requests"] == 2

    again = run(Store(str(tmp_path / "one")), server, names[:1], archive=archive)
    assert (again["acme"]["status"], again["acme"]["bytes"]) == ("not_modified", 0)


def comparable(store, table):
    """A table's rows without crawl_id, batch and times, sorted."""
    out = {"crawl_id", "batch_id", "first_seen", "seen_at", "started_at", "finished_at"}
    rows = [{k: v for k, v in row.items() if k not in out} for row in store.read(table).to_pylist()]
    return sorted(rows, key=lambda row: json.dumps(row, default=str))


def test_robots_txt_is_obeyed(server, tmp_path, capfd):
    closed, down = Server("127.0.0.2"), Server("127.0.0.3")
    server.routes["/robots.txt"] = Answer("User-agent: *\nDisallow: /v1/boards/private/\nDisallow: /api\n")
    closed.routes["/robots.txt"] = Answer("User-agent: skilldemand\nDisallow: /\n")
    down.routes["/robots.txt"] = Answer("User-agent: *\nAllow: /\n", 503)
    names = [
        board(server, "open", Answer(greenhouse_board(greenhouse_job(1)))),
        "greenhouse:private",
        "lever:x",
        "ashby:y",
        "recruitee:z",
    ]
    bases = {"greenhouse": server.base, "lever": closed.base, "ashby": down.base, "recruitee": "http://127.0.0.4:9"}
    rows = run(Store(str(tmp_path)), server, names, base_urls=bases)
    assert {slug: (row["status"], row["requests"]) for slug, row in rows.items()} == {
        "open": ("ok", 1),
        "private": ("failed", 0),
        "x": ("failed", 0),
        "y": ("failed", 0),
        "z": ("failed", 0),
    }
    assert rows["private"]["robots"] == rows["x"]["robots"] == "forbidden"
    assert rows["y"]["robots"] == "unavailable (503)"
    assert rows["z"]["robots"] == "unavailable (the connection was refused)"
    assert "Traceback" not in capfd.readouterr().err, "a host that is away is no fault of the program"
    assert {one.path for one in closed.log} == {one.path for one in down.log} == {"/robots.txt"}
    assert not server.asked("/v1/boards/private/jobs")
    closed.close()
    down.close()


def crawled(store, crawl_id, board, requests=1, when=None, **values):
    """Put a manifest row into a store."""
    when = when or dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    row = dict.fromkeys(CRAWLS.schema.names) | {"source": board.partition(":")[0], "board": board, "status": "ok"}
    row |= {"crawl_id": crawl_id, "requests": requests, "started_at": when, "finished_at": when} | values
    del row["batch_id"]
    store.append(f"{crawl_id} {board}", {CRAWLS: [row]})


def test_resume_does_what_is_left(tmp_path):
    store, day = Store(str(tmp_path)), dt.timedelta(days=1)
    job = Job(crawl_id="new", data=store.root, boards=choose([f"lever:{slug}" for slug in "abcd"]))
    take_up(store, job)
    assert (job.crawl_id, len(job.boards)) == ("new", 4), "nothing to go on with"
    start = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    crawled(store, "first", "lever:d", when=start)
    crawled(store, "second", "lever:a", when=start + day)
    crawled(
        store, "second", "lever:b", when=start + day, status="partial", error="stopped by a signal after 3 postings"
    )
    crawled(store, "second", "lever:c", when=start + day, status="partial", error="3 of 5 stated postings read")
    crawled(store, "import", "list:e", requests=0, when=start + 2 * day)
    take_up(store, job)
    assert (job.crawl_id, [board.id for board in job.boards]) == ("second", ["lever:b", "lever:d"])


def test_a_crawl_that_ends_too_early_is_no_success(server, tmp_path):
    names = [
        board(server, slug, Answer(greenhouse_board(greenhouse_job(n)), wait=0.1)) for n, slug in enumerate("abcdef")
    ]
    with pytest.raises(CrawlError, match="boards have no verdict"):
        run(Store(str(tmp_path)), server, names, limits={"CLOSESPIDER_PAGECOUNT": 1, "CONCURRENT_REQUESTS": 1})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"boards": ["acme"]}, "has no kind"),
        ({"boards": ["greenhouse:../../etc"]}, "not usable"),
        ({"boards": ["adzuna:all"]}, "is not crawled"),
        ({"boards": ["nokind:x"]}, "no kind of board"),
        ({"boards": ["greenhouse:x"], "contact": ""}, "who asks"),
        ({"boards": ["greenhouse:x"], "contact": "a\nb"}, "who asks"),
        ({"replay": "nowhere"}, "no recording"),
    ],
)
def test_requests_that_make_no_sense(options, message, tmp_path, monkeypatch):
    monkeypatch.delenv("SKILLDEMAND_CONTACT", raising=False)
    if "replay" in options:
        options = {"replay": Path(options["replay"])}
    with pytest.raises(InputError, match=message):
        crawl(Store(str(tmp_path)), **options)


def test_a_store_that_cannot_be_written_ends_the_crawl_in_one_line(server, tmp_path):
    (tmp_path / "file").write_text("no folder")
    name = board(server, "acme", Answer(greenhouse_board(greenhouse_job(1))))
    with pytest.raises(CrawlError) as caught:
        run(Store(str(tmp_path / "file" / "store")), server, [name], listed=[])
    assert "\n" not in str(caught.value)


def test_a_damaged_store_is_one_line_and_nobody_is_asked(server, tmp_path, capfd):
    store = Store(str(tmp_path))
    crawled(store, "first", "greenhouse:acme")
    for log in (tmp_path / "crawls" / "_delta_log").glob("*.json"):
        log.write_text("garbage\n")
    name = board(server, "acme", Answer(greenhouse_board(greenhouse_job(1))))
    with pytest.raises(CrawlError) as caught:
        # No contact with the store in this process: the child finds it damaged.
        run_apart(Job(crawl_id="two", data=store.root, boards=choose([name]), contact="test@example.org"), print)
    assert "table crawls in" in str(caught.value)
    assert "is damaged" in str(caught.value)
    assert len(str(caught.value)) < 500
    assert "Traceback" not in capfd.readouterr().err
    assert not server.log


def test_daily_limits_are_kept_across_crawls(tmp_path):
    now, store = dt.datetime.now(dt.UTC), Store(str(tmp_path))
    boards = choose(["remotive:all", "lever:acme"])
    crawled(store, "yesterday", "remotive:all", 4, now - dt.timedelta(days=1, minutes=1))
    crawled(store, "today", "remotive:all", 3, now)
    assert [board.kind for board in within_calls(store, boards)] == ["remotive", "lever"]
    crawled(store, "later", "remotive:all", 1, now)
    assert [board.kind for board in within_calls(store, boards)] == ["lever"]
    with pytest.raises(InputError, match="allows 4 calls a day"):
        crawl(store, ["remotive:all"], contact="test@example.org")
