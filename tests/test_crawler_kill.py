"""A crawl that is stopped at any moment: nothing lost, nothing doubled, and `resume` finishes it."""

import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job

from crawler.boards import Board
from crawler.errors import CrawlError
from crawler.job import Job
from crawler.run import _resume, crawl
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
    _resume(Store(made.data), made)
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


def test_sigterm_ends_cleanly_and_resume_finishes(server, tmp_path):
    store, seen = Store(str(tmp_path)), []

    def report(row):
        seen.append(row["board"])
        if len(seen) == 1:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGTERM)).start()

    names = [board.id for board in BOARDS]
    options = {
        "contact": "test@example.org",
        "base_urls": {"greenhouse": server.base},
        "allow_private": True,
        "delay_factor": 0,
        "backoff": 0.01,
        "limits": LIMITS,
    }
    with pytest.raises(CrawlError, match="stopped: finished boards are stored"):
        crawl(store, names, report=report, **options)
    done = {row["board"]: row for row in store.read("crawls").to_pylist()}
    assert 0 < len(done) < len(BOARDS)
    assert {row["status"] for row in done.values()} == {"ok"}
    per_board = {}
    for row in store.read("postings", ["board"]).to_pylist():
        per_board[f"greenhouse:{row['board']}"] = per_board.get(f"greenhouse:{row['board']}", 0) + 1
    assert per_board == {name: row["obtained"] for name, row in done.items()}, "only whole boards are there"
    rows = crawl(store, names, resume=True, **options)
    assert len(rows) == len(BOARDS)
    assert len({row["crawl_id"] for row in rows}) == 1
    assert store.count("postings") == 29 * 3 + 200


def test_a_crawl_whose_caller_dies_stops_by_itself(server, tmp_path):
    process = start(tmp_path, server)
    process.stdout.readline()
    process.stdin.close()
    process.stdout.read()
    assert process.wait(30) == 0
    assert 0 < Store(str(tmp_path)).count("crawls") <= len(BOARDS)
