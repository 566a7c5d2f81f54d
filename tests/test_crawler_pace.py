"""Turns at hosts, and addresses that may be spoken to; times are compared with what was promised."""

import asyncio
import datetime as dt
import itertools
import time

import pytest
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job
from twisted.internet.error import DNSLookupError

from crawler.middlewares.guard import PrivateAddressError, PublicResolver, check_url, is_public
from crawler.middlewares.pace import LONGEST_WAIT, HostClosedError, Pace, reset_after, retry_after
from crawler.run import crawl
from crawler.store import Store


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7.0),
        ("Sun, 01 Mar 2026 12:00:30 GMT", 30.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("soon", None),
        ("-5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_both_forms(header, seconds):
    assert retry_after(header, dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)) == seconds


def test_limits_are_announced_as_seconds_or_as_an_epoch():
    assert reset_after("30") == 30.0
    assert reset_after("1772323260", now=1_772_323_200.0) == 60.0
    pace = Pace()
    pace.answered("a.example", 200, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "1"})
    assert starts(pace, 1)[0] >= 1.0


def starts(pace, turns, delay=0.0, host="a.example"):
    """When each of several turns that are asked for at once is given, in seconds from now."""

    async def all_turns():
        begin, given = time.monotonic(), []

        async def one():
            await pace.turn(host, delay)
            given.append(time.monotonic() - begin)

        await asyncio.gather(*(one() for _ in range(turns)))
        return given

    return asyncio.run(all_turns())


def test_turns_keep_the_delay_even_when_asked_for_at_once():
    given = starts(Pace(), 4, delay=0.05)
    assert all(later - sooner >= 0.05 for sooner, later in itertools.pairwise(given))


def test_a_crawl_delay_only_lengthens():
    pace = Pace()
    pace.crawl_delay("a.example", 0.1)
    given = starts(pace, 3, delay=0.01)
    assert all(later - sooner >= 0.1 for sooner, later in itertools.pairwise(given))


def test_a_pause_holds_those_who_wait_already():
    pace = Pace(backoff=0.001)

    async def scene():
        await pace.turn("a.example", 0.05)
        begin = time.monotonic()
        waiting = asyncio.create_task(pace.turn("a.example", 0.05))
        await asyncio.sleep(0.01)
        pace.answered("a.example", 429, {"retry-after": "1"})
        await waiting
        return time.monotonic() - begin

    assert asyncio.run(scene()) >= 1.0


def test_troubles_in_a_row_close_a_host_and_only_that_one():
    pace = Pace(backoff=0.0001, breaker=3)
    for _ in range(2):
        pace.answered("a.example", 500, {})
    pace.answered("a.example", 200, {})
    for _ in range(3):
        pace.answered("a.example", 500, {})
    with pytest.raises(HostClosedError, match="500, 3 times in a row"):
        starts(pace, 1)
    assert starts(pace, 1, host="b.example")


@pytest.mark.parametrize("note", ["retry-after", "crawl-delay"])
def test_waits_too_long_to_sit_out_close_the_host(note):
    pace = Pace()
    if note == "crawl-delay":
        pace.crawl_delay("a.example", LONGEST_WAIT + 1)
    else:
        pace.answered("a.example", 429, {"retry-after": str(int(LONGEST_WAIT) + 1)})
    with pytest.raises(HostClosedError):
        starts(pace, 1)


def test_backoff_grows_and_has_jitter():
    waits = []
    for _ in range(8):
        pace = Pace(backoff=1.0, breaker=99)
        for _ in range(3):
            pace.failed("a.example", "no answer")
        waits.append(pace._hosts["a.example"].next_at - time.monotonic())
    assert all(1.9 < wait <= 4.0 for wait in waits), "two doublings, drawn from the upper half"
    assert len({round(wait, 6) for wait in waits}) > 1


def test_closing_wakes_those_who_wait():
    pace = Pace()
    pace.crawl_delay("a.example", 60)

    async def scene():
        waiting = asyncio.create_task(pace.turn("a.example", 0))
        await asyncio.sleep(0.01)
        pace.close("the crawl is being stopped")
        with pytest.raises(HostClosedError):
            await waiting

    asyncio.run(asyncio.wait_for(scene(), 5))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "0.0.0.0",
        "100.64.0.1",
        "224.0.0.1",
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:10.0.0.1",
        "::ffff:7f00:1",
        "::10.0.0.1",
        "::ffff:0:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "fec0::1",
        "fe80::1%eth0",
        "2002:7f00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "nonsense",
    ],
)
def test_addresses_that_are_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "http://１２７.0.0.1/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://[64:ff9b::a00:1]/",
        "http://127.0.0.1./",
        "http://localhost./",
        "http://user@127.0.0.1/",
        "http://example.com@127.0.0.1/",
        "http://localhost:8000/",
        "http://intranet/",
        "http://printer.local/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "http:///x",
    ],
)
def test_urls_that_are_refused(url):
    with pytest.raises(PrivateAddressError):
        check_url(url, allow_private=False)


def test_public_urls_pass():
    check_url("https://boards-api.greenhouse.io/v1", allow_private=False)
    check_url("http://8.8.8.8/", allow_private=False)


def test_a_name_that_leads_to_a_private_address_is_refused_where_names_are_resolved():
    resolver = PublicResolver.__new__(PublicResolver)
    assert resolver._checked("93.184.215.14", "fine.example") == "93.184.215.14"
    with pytest.raises(DNSLookupError, match=r"trap\.example leads to 10\.0\.0\.5"):
        resolver._checked("10.0.0.5", "trap.example")
    assert "trap.example" in PublicResolver.refused
    resolver.trusted = frozenset({"proxy.example"})
    assert resolver._checked("10.0.0.6", "proxy.example") == "10.0.0.6", "the user's own proxy"


def test_the_servers_own_log_shows_a_good_guest(tmp_path):
    """With delays on: nothing sooner than policy, Crawl-delay and Retry-After allow, across boards and retries."""
    server, delay, crawl_delay, pause = Server(), 0.2, 0.3, 1
    pauses = iter([True])
    server.routes["/robots.txt"] = Answer(f"User-agent: *\nCrawl-delay: {crawl_delay}\n")

    def busy(asked):
        if next(pauses, False):
            return Answer("later", 429, {"Retry-After": str(pause)})
        return Answer(greenhouse_board(greenhouse_job(1)), wait=2 * crawl_delay)

    server.routes["/v1/boards/busy/jobs"] = busy
    for slug in "bcd":
        # Slower than the delay: a second request at a time would show.
        server.routes[f"/v1/boards/{slug}/jobs"] = Answer(greenhouse_board(greenhouse_job(2)), wait=2 * crawl_delay)
    names = [f"greenhouse:{slug}" for slug in ("busy", "b", "c", "d")]
    rows = crawl(
        Store(str(tmp_path)),
        names,
        contact="test@example.org",
        base_urls={"greenhouse": server.base},
        allow_private=True,
        delay_factor=delay,
        backoff=0.01,
    )
    server.close()
    assert {row["status"] for row in rows} == {"ok"}
    assert server.log[0].path == "/robots.txt"
    for sooner, later in itertools.pairwise(server.log):
        wait = pause if sooner.status == 429 else crawl_delay
        assert later.at - sooner.at >= wait, (sooner.path, later.path)
        assert later.at >= sooner.ended, "one request at a time"
