"""What earlier crawls spare a later one, and what they must not."""

import datetime as dt
import json
import os
import time

import pytest
from crawler_reading import Reading
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job

from crawler.archive import Archive
from crawler.boards import Board
from crawler.harvest import BoardRun
from crawler.history import interrupted, load, reader
from crawler.middlewares.handler import REPEATED, UNCHANGED, GuestHandler
from crawler.policies import policies, policy
from crawler.run import crawl
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
from crawler.warc import Exchange, key_of

URL = "https://board.example/jobs"
KEY = key_of("GET", URL, b"")
ACME = Board(kind="lever", slug="acme")


def manifest(crawl_id, status="ok", day=1, **values):
    """A manifest row of the board lever:acme."""
    moment = dt.datetime(2026, 3, day, tzinfo=dt.UTC)
    row = dict.fromkeys(CRAWLS.schema.names) | {"crawl_id": crawl_id, "board": ACME.id, "source": "lever"}
    row |= {"status": status, "obtained": 4, "dropped": 3, "not_relevant": 2, "requests": 1, "bytes": 9}
    row |= {"reader": reader(ACME, False), "started_at": moment, "finished_at": moment} | values
    del row["batch_id"]
    return row


def archive(tmp_path, crawl_id, body=b"[]"):
    made = Archive(tmp_path, crawl_id)
    made.record(KEY, Exchange(URL, 200, (("ETag", '"v"'),), body), ACME.id)
    return made


def test_the_history_of_a_board_is_its_whole_readings(tmp_path):
    store = Store(str(tmp_path))
    assert load(store, ["lever"], "now").boards == {}
    statuses = ["ok", "partial", "not_modified", "failed"]
    for number, status in enumerate(statuses):
        store.append(str(number), {CRAWLS: [manifest(f"c{number}", status, number + 1)]})
    history = load(store, ["lever"], "now")
    assert history.boards[ACME.id].crawls == {"c0", "c2"}
    assert history.boards[ACME.id].row["status"] == "not_modified"
    assert load(store, ["lever"], "c2").boards[ACME.id].crawls == {"c0"}, "a crawl that goes on is not its own past"
    assert load(store, ["ashby"], "now").boards == {}


def test_a_crawl_that_goes_on_knows_what_it_has_sighted(tmp_path):
    store = Store(str(tmp_path))
    seen = {
        "posting_id": "lever:acme:1",
        "content_hash": "x",
        "crawl_id": "c1",
        "seen_at": manifest("c1")["started_at"],
    }
    store.append("one", {POSTINGS: [], SIGHTINGS: [seen], CRAWLS: [manifest("c1", "partial")]})
    assert load(store, ["lever"], "c1").seen == {"lever:acme:1"}
    assert load(store, ["lever"], "c2").seen == set()


def stored_flags(source, **run):
    given = {"before": manifest("c1"), "read_in": frozenset({"c1"}), "asked": 1, "reader": reader(ACME, False)}
    exchange, flags = GuestHandler._stored(BoardRun(ACME, **given | run), source, Exchange(URL, 304, (), b""), KEY)
    return exchange.body, flags


def test_an_unchanged_answer_is_read_again_only_if_it_must(tmp_path):
    source = archive(tmp_path, "c1")
    assert stored_flags(source) == (b"", [UNCHANGED, REPEATED])
    read_again = [
        {"reader": reader(ACME, True)},
        {"before": manifest("c1", reader=None)},
        {"before": manifest("c1", requests=2)},
        {"asked": 2},
    ]
    for run in read_again:
        assert stored_flags(source, **run) == (b"[]", [UNCHANGED]), run
    assert stored_flags(source, before=None, read_in=frozenset()) == (b"[]", []), "a store that does not have the board"
    source.close()


def test_what_a_killed_crawl_recorded_is_no_proof_that_nothing_changed(tmp_path):
    archive(tmp_path, "c1").close()
    source = archive(tmp_path, "c2-killed", b"[1]")
    assert stored_flags(source) == (b"[1]", [])
    source.close()


def test_readers_differ_by_kind_employer_and_what_is_kept():
    names = {
        reader(board, everything)
        for board in (ACME, Board(kind="lever", slug="acme", employer="Acme"), Board(kind="ashby", slug="acme"))
        for everything in (True, False)
    }
    assert len(names) == 6


def test_only_boards_that_a_signal_cut_off_are_interrupted():
    assert interrupted(manifest("c", "partial", error="stopped by a signal after 3 postings"))
    assert not interrupted(manifest("c", "partial", error="stopped after 5000 requests"))
    assert not interrupted(manifest("c", "partial", error=None))
    assert not interrupted(manifest("c", "ok"))


@pytest.mark.slow
def test_unchanged_boards_are_neither_sent_nor_read_and_changes_are_never_missed(tmp_path):
    """Over a real crawl: the recorded body is not even there any more when the unchanged board is crawled again."""
    server, tag = Server(), {"value": '"v1"'}
    jobs = [greenhouse_job(1), greenhouse_job(2), greenhouse_job(3, "Recruiter", "Hire people.")]

    def board(asked):
        if asked.headers.get("if-none-match") == tag["value"]:
            return Answer(status=304)
        return Answer(greenhouse_board(*jobs), headers={"ETag": tag["value"]})

    server.routes["/v1/boards/acme/jobs"] = board

    def run(name):
        options = {"base_urls": {"greenhouse": server.base}, "allow_private": True, "delay_factor": 0}
        (row,) = crawl(
            Store(str(tmp_path / name)),
            ["greenhouse:acme"],
            contact="test@example.org",
            archive=tmp_path / "warc",
            **options,
        )
        return row

    first = run("store")
    counts = ("stated_total", "obtained", "dropped", "not_relevant")
    assert [first[name] for name in counts] == [3, 2, 1, 1]
    (warc,) = (tmp_path / "warc").glob("*.warc.gz")
    whole = warc.read_bytes()
    warc.write_bytes(b"")
    os.utime(warc, (time.time() - 60,) * 2)
    again = run("store")
    assert (again["status"], again["bytes"], again["requests"]) == ("not_modified", 0, 1)
    assert [again[name] for name in counts] == [first[name] for name in counts]

    warc.write_bytes(whole)
    del jobs[1]
    tag["value"] = '"v2"'
    # Recorded by a crawl of which the store knows nothing, as one that was killed before its first commit.
    assert run("other")["status"] == "ok"
    changed = run("store")
    assert (changed["status"], changed["bytes"], changed["obtained"]) == ("ok", 0, 1), "an ad has gone"
    assert len(server.asked("/v1/boards/acme/jobs")) == 4
    server.close()


def test_long_feeds_have_limits_with_which_they_can_be_read_whole():
    # Stated by the feeds in June 2026, with the pages that were seen.
    for kind, jobs, page in (("himalayas", 95_217, 20), ("themuse", 499_160, 20)):
        limits = policy(kind)
        requests = jobs / page
        assert limits.max_requests > 1.15 * requests
        assert limits.max_hours * 3600 > 1.15 * requests * limits.delay
    assert all(item.max_hours <= 64 and item.max_requests <= 30_000 for item in policies().values())


@pytest.mark.parametrize(("kind", "most"), [("himalayas", 20_000), ("arbeitnow", 5_000)])
def test_limits_come_from_the_policies(kind, most):
    reading = Reading(kind, "all")
    request = reading.spider.ask("https://feed.example/page")
    reading.run.asked = most - 1
    assert reading.spider._may_ask(request, reading.run)
    reading.run.asked = most
    assert not reading.spider._may_ask(request, reading.run)
    assert reading.run.troubles == [f"stopped after {most} requests"]


def test_a_boards_time_runs_from_its_first_answer():
    reading = Reading("arbeitnow", "all", limits={"board_seconds": 0})
    request = reading.spider.ask("https://feed.example/page")
    assert reading.spider._may_ask(request, reading.run), "waiting for a turn is not the board's time"
    reading.answer(json.dumps({"data": [{"slug": "x", "title": "ML"}], "links": {"next": "/next"}}))
    assert reading.run.troubles == ["stopped after 0 s"]
    assert reading.requests == []
