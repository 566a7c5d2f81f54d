"""Employers' own career sites: robots.txt names sitemaps, sitemaps name pages, pages hold schema.org JobPosting."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Iterable, Iterator
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler import jsonld
from crawler.harvest import BadAnswerError, BoardRun
from crawler.spiders.addresses import on_same_host
from crawler.spiders.base import BoardSpider, Outcome

_SITEMAP = re.compile(rb"^\s*sitemap\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_JOB = re.compile(
    r"job|career|position|vacanc|opening|opportunit|stelle|karriere|emploi|offre|empleo|/j/", re.IGNORECASE
)
_MOST_SITEMAPS, _DEPTH, _MOST_PAGES = 200, 3, 4_000
_MOST_BYTES = 64 * 1024 * 1024


class Jsonld(BoardSpider):
    """A board is a host ("careers.example.org"). Only pages of that host whose address looks like a job are asked
    for, and only what their JobPosting says is read. Sitemaps may name each other in circles; each is read once."""

    name = "jsonld"
    base = "https://{slug}"
    path = "/robots.txt"
    accept = "text/html,application/xml;q=0.9"
    ignored: ClassVar[frozenset[str]] = jsonld.IGNORED

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        named = [address.decode("utf-8", "replace") for address in _SITEMAP.findall(response.body[:512_000])]
        yield from self._sitemaps(response, named, {}, 1)

    def missing(self, response: Response, run: BoardRun) -> Iterable[Outcome]:
        if response.meta["hook"] == self.parse_board:
            return self._sitemaps(response, [], {}, 1)
        if response.meta["hook"] == self._page:
            return super().missing(response, run)
        run.failure = run.failure or f"{response.url[:200]} is missing ({response.status}), so its pages can't be found"
        return ()

    def _sitemaps(
        self, response: Response, addresses: list[str], visited: dict[str, int], depth: int
    ) -> Iterator[Request]:
        for named in addresses or ["/sitemap.xml"]:
            address = on_same_host(named, response)
            if address and address not in visited and len(visited) < _MOST_SITEMAPS and depth <= _DEPTH:
                visited[address] = 0
                yield self.ask(address, self._sitemap, visited=visited, depth=depth)

    def _sitemap(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        root, addresses = _read(response.body)
        visited = response.meta["visited"]
        if root == "sitemapindex":
            if addresses:
                yield from self._sitemaps(response, addresses, visited, response.meta["depth"] + 1)
            return
        for address in (on_same_host(named, response) for named in addresses):
            if address and _JOB.search(address) and address not in visited:
                if len(visited) >= _MOST_PAGES:
                    run.trouble(f"only the first {_MOST_PAGES} pages were read")
                    return
                visited[address] = 1
                yield self.ask(address, self._page)

    def _page(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        text = response.body.decode(getattr(response, "encoding", None) or "utf-8", "replace")
        for posting in jsonld.find(text):
            yield jsonld.draft(posting, response.url)


def _read(body: bytes) -> tuple[str, list[str]]:
    """Root element and addresses of a sitemap, which may be gzipped whatever its headers say."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        if body.startswith(b"\x1f\x8b"):
            body = gzip.GzipFile(fileobj=io.BytesIO(body)).read(_MOST_BYTES + 1)
            if len(body) > _MOST_BYTES:
                raise BadAnswerError("a sitemap unpacks to more than 64 MiB")
        root = fromstring(body)
    except (DefusedXmlException, ParseError, OSError, EOFError, ValueError, LookupError, RecursionError) as exc:
        raise BadAnswerError("a sitemap is no readable XML") from exc
    addresses = [
        node.text.strip() for node in root.iter() if str(node.tag).endswith("}loc") or node.tag == "loc" if node.text
    ]
    return str(root.tag).rpartition("}")[2], addresses
