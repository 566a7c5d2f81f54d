"""robots.txt, read as RFC 9309 says, with Crawl-delay kept."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.utils.misc import build_from_crawler
from twisted.internet.defer import Deferred

from crawler.middlewares.handler import describe
from crawler.session import current

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

_FORBID_ALL = b"User-agent: *\nDisallow: /"


class Robots(RobotsTxtMiddleware):
    """Asks each host for its robots.txt before anything else.

    Scrapy's own reads an error page as rules and takes an unreachable robots.txt for consent; here an answer of 4xx
    means that all is allowed, 5xx and no answer that nothing is (RFC 9309, 2.3.1). The decision is noted in the
    board's account.
    """

    async def process_request(self, request: Request) -> None:  # type: ignore[override]
        """Let the request pass if it is allowed.

        Raises:
            IgnoreRequest: it is not; says why.
        """
        if request.meta.get("dont_obey_robotstxt"):
            return
        rules = await self.robot_parser(request)
        run, host = request.meta.get("run"), urlsplit(request.url).netloc
        note, agent = self._notes.get(host, "allowed"), self._robotstxt_useragent or ""
        allowed = rules is None or rules.allowed(request.url, agent)
        if run is not None and (not run.robots or not allowed):
            run.robots = note if allowed or note.startswith("unavailable") else "forbidden"
        if not allowed:
            self._stats.inc_value("robotstxt/forbidden")
            reason = f"is {note}" if note.startswith("unavailable") else "forbids it"
            raise IgnoreRequest(f"robots.txt of {host} {reason}")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500:
            self._settle(netloc, _FORBID_ALL, f"unavailable ({response.status})")
        elif response.status >= 400:
            self._settle(netloc, b"", f"allowed (no robots.txt: {response.status})")
        else:
            # RFC 9309 asks for at least 500 KiB to be read; more than that is not rules.
            rules = self._settle(netloc, response.body[: 512 * 1024], "allowed")
            delay = rules.crawl_delay(self._robotstxt_useragent or "")
            session = current(self.crawler.spider.name if self.crawler.spider else "")
            if delay and session.replay is None:
                session.pace.crawl_delay(urlsplit(request.url).hostname or "", delay)

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        self._settle(netloc, _FORBID_ALL, f"unavailable ({describe(exc)})")

    def _settle(self, netloc: str, body: bytes, note: str) -> RobotParser:
        rules: RobotParser = build_from_crawler(self._parserimpl, self.crawler, body)
        self._notes[netloc] = note
        waiting = self._parsers[netloc]
        self._parsers[netloc] = rules
        if isinstance(waiting, Deferred):
            waiting.callback(rules)
        return rules

    @property
    def _notes(self) -> dict[str, str]:
        notes: dict[str, str] = self.__dict__.setdefault("_decided", {})
        return notes
