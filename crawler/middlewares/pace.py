"""When a host may be asked again: the delay between requests, Retry-After, backoff and the circuit breaker.

One `Pace` serves all spiders of a process, because a host does not care which of them asks. No scrapy in here.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import email.utils
import random
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

# The server sees requests later than we send them, by an amount that varies: a little more than the promise keeps it.
_MARGIN = 1.02
_MARGIN_SECONDS = 0.02
_BACKOFF_BASE, _BACKOFF_MAX = 1.0, 120.0
# Longer waits than this are not sat out: the host's boards fail in this crawl and are asked again in the next.
LONGEST_WAIT = 600.0
# Answers that say "not now": each lengthens the backoff, a row of them opens the breaker.
_TROUBLE = frozenset({401, 403, 408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})


# A host that fails so often in a row is left alone for the rest of the crawl.
BREAKER = 8


class HostClosedError(Exception):
    """The host failed too often in a row or asked for too long a wait: it is left alone for the rest of the crawl."""


@dataclass(slots=True)
class _Host:
    delay: float
    next_at: float = 0.0
    troubles: int = 0
    closed: str = ""
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    visit: asyncio.Lock = field(default_factory=asyncio.Lock)


class Pace:
    """Turns at hosts.

    Args:
        factor: multiplies the policies' delays; 0 switches them off (tests and benchmarks against loopback).
        Crawl-delay and Retry-After are kept whatever it is.
        backoff: seconds before the second try; doubles with each trouble in a row, drawn at random below that.
        breaker: troubles in a row that close a host.
    """

    def __init__(self, *, factor: float = 1.0, backoff: float = _BACKOFF_BASE, breaker: int = BREAKER) -> None:
        self._factor = factor
        self._backoff = backoff
        self._breaker = breaker
        self._hosts: dict[str, _Host] = {}
        self._closing = asyncio.Event()
        self._closed = ""

    def close(self, reason: str) -> None:
        """Give nobody a turn any more, not even those who wait for one."""
        self._closed = reason
        self._closing.set()

    def _host(self, host: str, delay: float = 0.0) -> _Host:
        state = self._hosts.setdefault(host, _Host(0.0))
        state.delay = max(state.delay, delay * self._factor)
        return state

    def crawl_delay(self, host: str, seconds: float) -> None:
        """A Crawl-delay of the host's robots.txt; only ever lengthens the delay.

        A delay longer than `LONGEST_WAIT` closes the host: nobody would wait for the second page.
        """
        state = self._host(host)
        state.delay = max(state.delay, seconds)
        if seconds > LONGEST_WAIT:
            state.closed = f"its robots.txt asks for {seconds:.0f} s between requests"
        state.next_at = max(state.next_at, time.monotonic() + self._gap(state))

    async def turn(self, host: str, delay: float) -> None:
        """Wait until the host may be asked; `delay` is the policy's, in seconds.

        Raises:
            HostClosedError: the breaker is open.
        """
        state = self._host(host, delay)
        async with state.turn:
            while True:
                if self._closed or state.closed:
                    raise HostClosedError(self._closed or f"{host} is left alone: {state.closed}")
                wait = state.next_at - time.monotonic()
                if wait <= 0:
                    break
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._closing.wait(), wait)
            state.next_at = time.monotonic() + self._gap(state)

    @contextlib.asynccontextmanager
    async def visit(self, host: str, delay: float) -> AsyncIterator[None]:
        """A turn at a host that lasts until its answer is there: nobody else has one meanwhile.

        Scrapy's own limit per domain does not hold where several requests wait at once: it counts them only when
        their tasks have started.

        Raises:
            HostClosedError: the breaker is open.
        """
        async with self._host(host, delay).visit:
            await self.turn(host, delay)
            yield

    def answered(self, host: str, status: int, headers: Mapping[str, str]) -> None:
        """Take note of an answer: it may ask for a pause, and it ends or lengthens a row of troubles."""
        state = self._host(host)
        now = time.monotonic()
        # From the answer on, so that a slow host has its rest too.
        state.next_at = max(state.next_at, now + self._gap(state))
        if status not in _TROUBLE:
            state.troubles = 0
            if headers.get("x-ratelimit-remaining", "").strip() == "0":
                self._rest(state, reset_after(headers.get("x-ratelimit-reset")))
            return
        self._trouble(state, f"it answered {status}")
        if status in {429, 503}:
            self._rest(state, retry_after(headers.get("retry-after")))

    def failed(self, host: str, reason: str) -> None:
        """Take note that a request got no answer at all."""
        self._trouble(self._host(host), reason)

    def _rest(self, state: _Host, seconds: float | None) -> None:
        if seconds is None:
            return
        if seconds > LONGEST_WAIT:
            state.closed = f"it asks for a pause of {seconds:.0f} s"
        state.next_at = max(state.next_at, time.monotonic() + seconds * _MARGIN + _MARGIN_SECONDS)

    def _trouble(self, state: _Host, reason: str) -> None:
        state.troubles += 1
        if state.troubles >= self._breaker:
            state.closed = f"{reason}, {state.troubles} times in a row"
        # Jitter spreads the crawlers that a host's outage has brought into step; half is kept so that waits still grow.
        longest = min(_BACKOFF_MAX, self._backoff * 2 ** (state.troubles - 1))
        state.next_at = max(state.next_at, time.monotonic() + random.uniform(longest / 2, longest))

    @staticmethod
    def _gap(state: _Host) -> float:
        return state.delay * _MARGIN + _MARGIN_SECONDS if state.delay else 0.0


def retry_after(value: str | None, now: dt.datetime | None = None) -> float | None:
    """Seconds that a Retry-After header asks for, in either of its forms (seconds, HTTP date); None if it has none."""
    value = (value or "").strip()
    if value.isdecimal():
        return float(value[:12])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except (TypeError, ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - (now or dt.datetime.now(dt.UTC))).total_seconds())


def reset_after(value: str | None, now: float | None = None) -> float | None:
    """Seconds until X-RateLimit-Reset, which some hosts write as seconds and some as an epoch."""
    seconds = retry_after(value)
    if seconds is not None and seconds > 1e9:
        return max(0.0, seconds - (time.time() if now is None else now))
    return seconds
