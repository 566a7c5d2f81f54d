"""A crawl that is stopped at any moment: nothing lost, nothing doubled, and `resume` finishes it."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.compute as pc
import pytest
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job

from crawler.boards import Board, choose
from crawler.errors import CrawlError
from crawler.job import Job
from crawler.plan import take_up
from crawler.run import crawl
from crawler.session import new_crawl_id
from crawler.store import Store

BOARDS = [Board(kind="greenhouse", slug=f"board-{n}") for n in range(30)]
# Small groups and parts, so that there are many moments between commits; the large board is staged in several.
LIMITS = {"group_rows": 12, "group_seconds": 0.3, "part_rows": 40}


@pytest.fixture
def server():
    made = Server()
    for number, board in enumerate(BOARDS):
        count = 200 if number == 10 else 3
        jobs = [greenhouse_job(number * 1_000 + n, text=f"Models in Python, number {n}.") for n in range(count)]
        body = json.dumps(greenhouse_board(*jobs)).encode()
        made.routes[f"/v1/boards/{board.slug}/jobs"] = Answer(body, wait=0.02)
    yield made
    made.close()


def job(data, server):
    return Job(
        crawl_id=new_crawl_id(), data=str(data), boards=list(BOARDS), contact="test@example.org", limits=LIMITS,
        base_urls={"greenhouse": server.base}, allow_private=True, delay_factor=0, backoff=0.01,
    )  # fmt: skip


def start(data, server):
    """The crawling process, on what is left to do; None if nothing is."""
    made = job(data, server)
    take_up(Store(made.data), made)
    if not made.boards:
        return None
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=env
    )
    process.stdin.write(made.to_json().encode() + b"\n")
    process.stdin.flush()
    return process


def tables(data):
    store, found = Store(str(data)), {}
    for name in ("postings", "sightings", "crawls"):
        out = {"crawl_id", "batch_id", "first_seen", "seen_at", "started_at", "finished_at"}
        rows = [{k: v for k, v in row.items() if k not in out} for row in store.read(name).to_pylist()]
        found[name] = sorted(rows, key=lambda row: json.dumps(row, default=str))
    return found


@pytest.mark.slow
def test_kill_9_at_25_random_moments(server, tmp_path):
    process = start(tmp_path / "calm", server)
    begin = time.monotonic()
    first = process.stdout.readline()
    opening = time.monotonic() - begin
    process.stdout.read()
    assert first
    assert process.wait() == 0
    length = time.monotonic() - begin
    calm = tables(tmp_path / "calm")
    assert len(calm["postings"]) == 29 * 3 + 200

    chance, kills, rounds = random.Random(20260301), 0, 0
    while kills < 25:
        rounds += 1
        data = tmp_path / f"killed-{rounds}"
        while (process := start(data, server)) is not None:
            # Mostly in the part where rows are written, but the start is not left out.
            moment = chance.uniform(0.0 if chance.random() < 0.2 else opening * 0.8, length)
            try:
                process.wait(moment if kills < 25 else None)
            except subprocess.TimeoutExpired:
                process.kill()
                kills += 1
            process.stdout.close()
            process.wait()
        assert tables(data) == calm, f"round {rounds}, after {kills} kills"


PAGES = 8


def paged(server, stop_at=()):
    """A feed of eight pages; a request for a page in `stop_at` sends this process a signal, once."""
    left = dict(stop_at)

    def page(asked):
        number = int(asked.path.rpartition("=")[2]) if "page=" in asked.path else 1
        if number in left:
            os.kill(os.getpid(), left.pop(number))
        following = f"{server.base}/api/job-board-api?page={number + 1}" if number < PAGES else None
        ads = [
            {"slug": f"ml-{number}-{n}", "title": "ML Engineer", "description": "Machine learning.", "location": "Graz"}
            for n in range(5)
        ]
        return Answer({"data": ads, "links": {"next": following}}, wait=0.1)

    server.routes["/api/job-board-api"] = page


def options(server):
    return {
        "contact": "test@example.org",
        "base_urls": {"arbeitnow": server.base, "greenhouse": server.base},
        "allow_private": True,
        "delay_factor": 0,
        "backoff": 0.01,
        "limits": LIMITS | {"part_rows": 8},
    }


NAMES = ["arbeitnow:all", BOARDS[3].id]


def stop_in_the_middle(store, server, least, **more):
    """A crawl that a signal ends; gives the row of the board that it cut off."""
    seen = []
    with pytest.raises(CrawlError, match="stopped: what was read until then is stored"):
        crawl(store, NAMES, report=seen.append, **options(server), **more)
    (row,) = store.read("crawls", filter=pc.field("source") == "arbeitnow").to_pylist()
    assert row["status"] == "partial"
    assert row["error"].startswith("stopped by a signal")
    assert least <= row["obtained"] < 5 * PAGES
    stored = store.read("postings", ["source"]).to_pylist().count({"source": "arbeitnow"})
    assert stored == row["obtained"], "everything that was read is committed"
    assert store.count("sightings") == store.count("postings")
    assert [row["status"] for row in seen if row["source"] == "arbeitnow"] == ["partial"]
    return row


def test_a_signal_leaves_what_was_got_as_partial_and_resume_makes_it_whole(server, tmp_path):
    store = Store(str(tmp_path))
    paged(server, {4: signal.SIGINT})
    stopped = stop_in_the_middle(store, server, 15)
    rows = crawl(store, NAMES, resume=True, **options(server))
    assert [(row["status"], row["obtained"]) for row in rows] == [("ok", 5 * PAGES), ("ok", 3)]
    assert {row["crawl_id"] for row in rows} == {stopped["crawl_id"]}
    left = job(tmp_path, server)
    left.boards = choose(NAMES)
    take_up(store, left)
    assert left.boards == [], "nothing is left to do"


@pytest.mark.slow
def test_after_two_signals_and_two_resumes_the_tables_are_those_of_an_undisturbed_crawl(server, tmp_path):
    paged(server)
    crawl(Store(str(tmp_path / "calm")), NAMES, **options(server))
    paged(server, {4: signal.SIGTERM, 7: signal.SIGTERM})
    store = Store(str(tmp_path / "stopped"))
    stop_in_the_middle(store, server, 15)
    stop_in_the_middle(store, server, 30, resume=True)
    crawl(store, NAMES, resume=True, **options(server))
    assert tables(tmp_path / "stopped") == tables(tmp_path / "calm")


def test_a_crawl_whose_caller_dies_stops_by_itself(server, tmp_path):
    process = start(tmp_path, server)
    process.stdout.readline()
    process.stdin.close()
    process.stdout.read()
    assert process.wait(30) == 0
    assert 0 < Store(str(tmp_path)).count("crawls") <= len(BOARDS)
