"""The one way to the network: address check, pace, conditional request, recording; or the recording instead of all
that.

It is a download handler and not a downloader middleware because only here a request is about to leave: everything that
Scrapy itself asks for (robots.txt, redirects, retries) passes too, and a wait here is a wait before the very dispatch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.exceptions import DownloadCancelledError, DownloadConnectionRefusedError, DownloadFailedError, IgnoreRequest
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes

from crawler.middlewares.guard import PrivateAddressError, PublicResolver, check_url
from crawler.middlewares.pace import HostClosedError
from crawler.policies import policies
from crawler.session import current
from crawler.warc import Exchange, key_of

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

    from crawler.archive import Archive, Replay
    from crawler.harvest import BoardRun

UNCHANGED = "unchanged"
"""Flag of a 304 to what a crawl that read the whole board had got: the response has that body."""
REPEATED = "repeated"
"""Flag of an unchanged response that need not be read again (`BoardRun.repeats`): it has no body."""


class ReplayedError(DownloadFailedError):
    """A failure that stands in the recording, with its words."""


class GuestHandler(HTTP11DownloadHandler):
    """Downloads http and https as a polite guest, and counts requests and bytes into `request.meta["run"]`."""

    lazy = False

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._kind = crawler.spider.name if crawler.spider else ""
        self._session = current(self._kind)
        self._delay = policies()[self._kind].delay if self._kind in policies() else 1.0

    async def download_request(self, request: Request) -> Response:
        """The answer from the network or the recording.

        Raises:
            IgnoreRequest: a private address, or a host that is left alone in this crawl.
        """
        run = request.meta.get("run")
        key = key_of(request.method, request.url, request.body)
        board = run.board.id if run is not None else "robots"
        if self._session.replay is not None:
            exchange = self._replayed(request, key)
        else:
            exchange = await self._asked(request, key, board)
        if run is not None:
            run.bytes += len(exchange.body)
        return self._response(request, exchange, key)

    def _replayed(self, request: Request, key: str) -> Exchange:
        assert self._session.replay is not None
        exchange = self._session.replay.next(key)
        if exchange is None:
            raise IgnoreRequest(f"{request.url} is not in the recording")
        _count(request)
        if exchange.error:
            raise ReplayedError(exchange.error)
        return exchange

    async def _asked(self, request: Request, key: str, board: str) -> Exchange:
        check_url(request.url, allow_private=self._session.job.allow_private)
        host, pace, archive = urlsplit(request.url).hostname or "", self._session.pace, self._session.archive
        if archive is not None and request.method == "GET":
            for name, value in archive.validators(key).items():
                request.headers[name] = value
        try:
            async with pace.visit(host, self._delay):
                response = await self._downloaded(request, host, key, board)
        except HostClosedError as exc:
            raise IgnoreRequest(str(exc)) from exc
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        exchange = Exchange(request.url, response.status, headers, response.body)
        if archive is not None:
            archive.record(key, exchange, board, request.body)
        return exchange

    async def _downloaded(self, request: Request, host: str, key: str, board: str) -> Response:
        _count(request)
        try:
            response = await super().download_request(request)
        except Exception as exc:
            if host in PublicResolver.refused:
                raise PrivateAddressError(PublicResolver.refused[host]) from exc
            self._session.pace.failed(host, describe(exc))
            if self._session.archive is not None:
                self._session.archive.record(key, Exchange(request.url, 0, (), b"", error=describe(exc)), board)
            raise
        named = {
            name.decode("latin-1").lower(): values[-1].decode("latin-1") for name, values in response.headers.items()
        }
        self._session.pace.answered(host, response.status, named)
        return response

    def _response(self, request: Request, exchange: Exchange, key: str) -> Response:
        shown: Exchange = exchange
        flags: list[str] = []
        source = self._session.replay or self._session.archive
        if exchange.status == 304 and source is not None:
            shown, flags = self._stored(request.meta.get("run"), source, exchange, key)
        headers = Headers()
        for name, value in shown.headers:
            headers.appendlist(name, value)
        kind: Any = responsetypes.from_args(headers=headers, url=request.url, body=shown.body)
        response: Response = kind(url=request.url, status=shown.status, headers=headers, body=shown.body, flags=flags)
        return response

    @staticmethod
    def _stored(
        run: BoardRun | None, source: Archive | Replay, exchange: Exchange, key: str
    ) -> tuple[Exchange, list[str]]:
        """What a 304 stands for, and its flags."""
        # What a killed or partial crawl recorded may differ from what the store has of the board.
        unchanged = run is not None and source.crawl_of(key) in run.read_in
        if unchanged and run is not None and run.repeats:
            return Exchange(exchange.url, 200, (), b""), [UNCHANGED, REPEATED]
        stored = source.stored(key)
        return (exchange, []) if stored is None else (stored, [UNCHANGED] if unchanged else [])


def _count(request: Request) -> None:
    """Note in the board's account that a request goes out; robots.txt belongs to no board."""
    run = request.meta.get("run")
    if run is not None:
        run.requests += 1


def describe(exc: BaseException) -> str:
    """A failure in one short line, the same live and replayed."""
    if isinstance(exc, ReplayedError):
        return str(exc)
    if isinstance(exc, DownloadConnectionRefusedError):
        return "the connection was refused"
    words = " ".join(str(exc).split())[:300]
    if isinstance(exc, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in words:
        return "the answer is larger than allowed (DOWNLOAD_MAXSIZE), unpacked or as it came"
    words = words[:200]
    if isinstance(exc, IgnoreRequest) or not words:
        return words or type(exc).__name__
    return f"{type(exc).__name__}: {words}"
