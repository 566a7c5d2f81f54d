"""What an attacker may answer: each costs one board and its counts, and the crawl goes on."""

import gzip
import itertools
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from crawler_reading import Reading
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job

from crawler.boards import Board, choose
from crawler.job import Job
from crawler.run import crawl
from crawler.store import Store

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<{root}><{child}>&c;</{child}></{root}>"
)
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><{root}><{child}>&a;</{child}></{root}>'


@pytest.fixture
def server():
    made = Server()
    yield made
    made.close()


# "[" and thirty million blanks in 55 bytes.
BROTLI = bytes.fromhex(
    "cbffff3ff8a540b6e2b24000f7fe2ffeffffc12f0110874500baf77ffcffff835f02200e0b0074efff12703809bf04401c1600ecec2601"
)


def zstd(size):
    """A Zstandard frame of blanks: four bytes for each 128 KiB (RFC 8878, blocks of one repeated byte)."""
    blocks = [min(131_072, size - at) for at in range(0, size, 131_072)]
    frame = b"\x28\xb5\x2f\xfd\xa0" + size.to_bytes(4, "little")
    for number, length in enumerate(blocks, 1):
        frame += (int(number == len(blocks)) | 1 << 1 | length << 3).to_bytes(3, "little") + b" "
    return frame


def without_end():
    """A description of 1 GB in one JSON string."""
    yield b'{"jobs": [{"id": 1, "title": "ML Engineer", "content": "'
    yield from itertools.repeat(b"a" * 65_536, 16_384)
    yield b'"}], "meta": {"total": 1}}'


def endless_feed(server):
    def page(asked):
        number = int(asked.path.rpartition("=")[2]) if "page=" in asked.path else 1
        ad = {"slug": f"ml-{number}", "title": "ML Engineer", "description": "ML", "location": ""}
        return Answer({"data": [ad], "links": {"next": f"{server.base}/api/job-board-api?page={number + 1}"}})

    return page


def same_token_for_ever(asked):
    return Answer({"total": 1, "results": [], "nextPage": "again"})


def odd_job():
    title = "ML\x00 Engineer\x07 \ud800" + "x" * 100_000
    return greenhouse_job(1, title, "Mach\x00ine learning.\ud834 " + "word " * 500_000)


def sitemap(*addresses, root="urlset", child="url"):
    inner = "".join(f"<{child}><loc>{address}</loc></{child}>" for address in addresses)
    return Answer(f"<{root}>{inner}</{root}>")


def test_hostile_answers_cost_one_board_each(server, tmp_path):
    spaces = b"[" + b" " * 30_000_000
    answers = {
        "gzip": (Answer(gzip.compress(spaces), headers={"Content-Encoding": "gzip"}), "failed"),
        "deflate": (Answer(zlib.compress(spaces), headers={"Content-Encoding": "deflate"}), "failed"),
        "brotli": (Answer(BROTLI, headers={"Content-Encoding": "br"}), "failed"),
        "zstd": (Answer(zstd(30_000_000), headers={"Content-Encoding": "zstd"}), "failed"),
        "twice": (Answer(gzip.compress(gzip.compress(spaces)), headers={"Content-Encoding": "gzip, gzip"}), "failed"),
        "large": (Answer(b"[" + b" " * 6_000_000 + b"]"), "failed"),
        "endless": (Answer(without_end), "failed"),
        "slow": (Answer(b"{}", wait=4), "failed"),
        "loop": (Answer(status=302, headers={"Location": "/v1/boards/loop/jobs"}), "failed"),
        "file": (Answer(status=302, headers={"Location": "file:///etc/passwd"}), "failed"),
        "deep": (Answer("[" * 100_000), "failed"),
        "keys": (Answer({"jobs": [{f"k{n}": n for n in range(20_000)}], "meta": {"total": 1}}), "ok"),
        "odd": (Answer(greenhouse_board(odd_job(), greenhouse_job(2) | {"id": "1\n2"})), "ok"),
        "good": (Answer(greenhouse_board(greenhouse_job(9))), "ok"),
    }
    for slug, (answer, _) in answers.items():
        server.routes[f"/v1/boards/{slug}/jobs"] = answer
    server.routes["/xml"] = Answer(LAUGHS.format(root="workzag-jobs", child="position"))
    server.routes["/api/job-board-api"] = endless_feed(server)
    server.routes["/api/v1/widget/accounts/tokens"] = Answer({"name": "Acme", "jobs": []})
    server.routes["/api/v3/accounts/tokens/jobs"] = same_token_for_ever
    server.routes["/robots.txt"] = Answer(f"Sitemap: {server.base}/a.xml\n")
    server.routes["/a.xml"] = sitemap(f"{server.base}/b.xml", root="sitemapindex", child="sitemap")
    server.routes["/b.xml"] = sitemap(
        f"{server.base}/a.xml", f"{server.base}/c.xml", root="sitemapindex", child="sitemap"
    )
    server.routes["/c.xml"] = sitemap(f"{server.base}/jobs/1", f"{server.base}/jobs/1", f"{server.base}/c.xml")
    posting = {"@type": "JobPosting", "title": "ML Engineer", "description": "PyTorch"}
    server.routes["/jobs/1"] = Answer(f'<script type="application/ld+json">{json.dumps(posting)}</script>')
    feeds = {"personio:xml": "failed", "arbeitnow:all": "partial", "workable:tokens": "partial", "jsonld:circle": "ok"}
    names = [*(f"greenhouse:{slug}" for slug in answers), *feeds]
    # A list of boards may be edited by hand, so that its names are not safe either.
    tricks = [Board(kind="lever", slug=slug) for slug in ("../../etc/passwd", "x?y=1#", "%2e%2e")]
    limits = {
        "DOWNLOAD_MAXSIZE": 5_000_000,
        "DOWNLOAD_TIMEOUT": 1,
        "RETRY_TIMES": 1,
        "max_requests": 12,
        "breaker": 100,
    }
    kinds = ("greenhouse", "personio", "arbeitnow", "workable", "jsonld", "lever")
    store = Store(str(tmp_path))
    found = crawl(
        store,
        names,
        ["lever"],
        listed=tricks,
        contact="test@example.org",
        base_urls=dict.fromkeys(kinds, server.base),
        allow_private=True,
        delay_factor=0,
        backoff=0.01,
        limits=limits,
    )
    rows = {row["board"]: row for row in found}
    expected = {f"greenhouse:{slug}": status for slug, (_, status) in answers.items()} | feeds
    expected |= {board.id: "failed" for board in tricks}
    assert {board: row["status"] for board, row in rows.items()} == expected
    bombs = ("gzip", "deflate", "brotli", "zstd", "twice", "large", "endless")
    assert {slug for slug in bombs if "larger than allowed" not in rows[f"greenhouse:{slug}"]["error"]} == set()
    assert "entities" in rows["personio:xml"]["error"]
    assert rows["arbeitnow:all"]["error"] == rows["workable:tokens"]["error"] == "stopped after 12 requests"
    assert rows["arbeitnow:all"]["obtained"] == 12
    assert rows["jsonld:circle"]["requests"] == 5, "each sitemap and page once"
    assert max(asked.sent for asked in server.asked("/v1/boards/endless/jobs")) < 60_000_000, "hung up on, not read"
    assert all("not usable" in rows[board.id]["error"] for board in tricks)
    assert not any("lever" in asked.path or "passwd" in asked.path or "/v0/" in asked.path for asked in server.log)
    odd = next(row for row in store.read("postings").to_pylist() if row["board"] == "odd")
    assert (rows["greenhouse:odd"]["obtained"], rows["greenhouse:odd"]["dropped"]) == (1, 1)
    assert odd["title"].startswith("ML Engineer xxx")
    assert len(odd["title"]) == 300
    assert odd["description"].startswith("Machine learning. word")
    assert len(odd["description"]) <= 200_000


# The crawling process with a name service that an attacker owns; 127.0.0.1 stands for a public host, all else is real.
NAME_SERVICE = """
import ipaddress, socket
import crawler.middlewares.guard as guard
public, found = guard.is_public, {"public.example": "127.0.0.1", "inside.example": "10.0.0.5"}
guard.is_public = lambda address: address == "127.0.0.1" or public(address)
socket.gethostbyname = lambda name: found.get(name, "127.0.0.2")
from crawler.run import work
raise SystemExit(work())
"""


def test_no_way_leads_into_a_private_network(server, tmp_path):
    """Redirects and names, in every notation, to a server that must never be asked."""
    inside = Server("127.0.0.2")
    port = inside.base.rpartition(":")[2]
    hosts = {
        "literal": "127.0.0.2",
        "name": "trap.example",
        "other": "inside.example",
        "mapped": "[::ffff:127.0.0.2]",
        "hex": "0x7f.2",
        "decimal": "2130706434",
        "octal": "0177.0.0.2",
        "short": "127.2",
        "local": "localhost",
        "bare": "intranet",
        "user": "public.example@127.0.0.2",
    }
    for slug, host in hosts.items():
        answer = Answer(status=302, headers={"Location": f"http://{host}:{port}/v1/boards/{slug}/jobs"})
        server.routes[f"/v1/boards/{slug}/jobs"] = answer
    server.routes["/v1/boards/fine/jobs"] = Answer(greenhouse_board(greenhouse_job(1)))
    boards = choose([f"greenhouse:{slug}" for slug in (*hosts, "fine")] + ["lever:base", "ashby:base"])
    job = Job(
        crawl_id="one", data=str(tmp_path), boards=boards, contact="test@example.org", backoff=0.01, delay_factor=0
    )
    job.base_urls = {
        "greenhouse": f"http://public.example:{server.base.rpartition(':')[2]}",
        "lever": f"http://trap.example:{port}",
        "ashby": inside.base,
    }
    job.limits = {"breaker": 100, "RETRY_TIMES": 0}
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    process = subprocess.Popen(
        [sys.executable, "-c", NAME_SERVICE], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, env=env, text=True
    )
    # Its stdin stays open: a caller that goes away would stop it.
    process.stdin.write(job.to_json() + "\n")
    process.stdin.flush()
    assert process.wait(120) == 0
    process.stdin.close()
    rows = {row["board"]: row for row in Store(str(tmp_path)).read("crawls").to_pylist()}
    assert rows.pop("greenhouse:fine")["status"] == "ok", "the stand-in for a public host is asked"
    assert {row["status"] for row in rows.values()} == {"failed"}
    assert len(rows) == len(hosts) + 2
    assert {board: row["error"] for board, row in rows.items() if "not a public address" not in row["error"]} == {}
    assert inside.log == []
    inside.close()


@pytest.mark.parametrize("bomb", [LAUGHS, FILE], ids=["laughs", "file"])
def test_xml_with_entities_is_refused_in_feeds_and_sitemaps(bomb):
    feed = Reading("personio").answer(bomb.format(root="workzag-jobs", child="position"))
    assert "entities" in feed.run.failure
    sitemap = Reading("jsonld").answer(bomb.format(root="urlset", child="loc"), hook="_sitemap", visited={}, depth=1)
    assert sitemap.run.failure == "a sitemap is no readable XML"
    assert not feed.postings
    assert not sitemap.requests


def test_unknown_fields_without_end_do_not_fill_the_memory():
    jobs = [{"id": n, "title": "ML", "content": "x", f"{'k' * 1_000}{n}": 1} for n in range(3_000)]
    reading = Reading("greenhouse").answer(json.dumps({"jobs": jobs}))
    assert len(reading.run.unknown) <= 1_000
    assert max(map(len, reading.run.unknown)) <= 160


def test_numbers_out_of_every_range_are_read_as_nothing():
    text = (
        '{"jobs": [{"id": 1e400, "title": "ML", "content": "x", "first_published": 1e400}], "meta": {"total": -1e308}}'
    )
    reading = Reading("greenhouse").answer(text)
    assert not reading.run.failure
    assert reading.run.stated is None
    assert all(posting.date_posted is None for posting in reading.postings)
    huge = f'{{"jobs": [{{"id": {"9" * 5_000}, "title": "ML", "content": "x"}}]}}'
    assert Reading("greenhouse").answer(huge).run.failure
