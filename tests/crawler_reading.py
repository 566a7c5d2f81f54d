"""Spiders' hooks without a network or a reactor: answers in, postings and further requests out."""

import importlib
import json
from typing import Any

from crawler_fixtures import FIXTURES

from crawler.boards import Board
from crawler.harvest import BoardRun
from crawler.job import Job
from crawler.posting import Posting
from crawler.session import open_session


class Reading:
    """What one or several answers gave."""

    def __init__(
        self, kind: str, slug: str = "acme", *, everything: bool = True, data: str = "unused", **job: Any
    ) -> None:
        board = Board(kind=kind, slug=slug)
        open_session(Job(**{"crawl_id": "test"} | job, data=data, boards=[board], everything=everything))
        spider = getattr(importlib.import_module(f"crawler.spiders.{kind}"), kind.capitalize())
        self.spider = spider()
        self.run: BoardRun = self.spider._run(board)
        self.postings: list[Posting] = []
        self.requests: list[Any] = []

    def answer(
        self, body: bytes | str, url: str = "https://board.example/path", hook: str = "parse_board", **meta: Any
    ) -> "Reading":
        """Give an answer to a hook, as the spider's base does: exceptions become the board's failure."""
        self.give(self.spider.ask(url, getattr(self.spider, hook), **meta), body)
        return self

    def give(self, request: Any, body: bytes | str, status: int = 200) -> list[Any]:
        """Answer a request that the spider made; gives the requests that follow."""
        from scrapy import Request
        from scrapy.http import TextResponse

        request.meta["run"] = self.run
        self.run.pending += 1
        self.run.asked += 1
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        response = TextResponse(request.url, body=raw, encoding="utf-8", request=request, status=status)
        following = []
        for item in self.spider._answered(response):
            if isinstance(item, Request):
                following.append(item)
            else:
                self.postings.extend(item.postings)
        self.requests.extend(following)
        return following


BASE = "https://board.example"


def walk(kind: str, routes: dict[str, bytes], slug: str, most: int = 1_000, **options: Any) -> Reading:
    """A whole board from answers by method, path and query ("POST /x", "/y?z=1"); what has none is a 404. Ends after
    `most` requests."""
    reading = Reading(kind, slug, base_urls={kind: BASE}, **options)
    left = list(reading.spider.first_requests(reading.run))
    while left and most > 0:
        most -= 1
        request = left.pop(0)
        path = ("POST " if request.method == "POST" else "") + request.url.removeprefix(BASE)
        body = routes.get(path)
        left.extend(reading.give(request, body or b"", 200 if body is not None else 404))
    return reading


def saved(kind: str) -> tuple[dict[str, bytes], str]:
    """The routes and the slug of a kind's saved board."""
    about = json.loads((FIXTURES / kind / "board.json").read_text())
    bodies = {path: (FIXTURES / kind / name).read_text() for path, name in about["routes"].items()}
    return {path: text.replace("{base}", BASE).encode() for path, text in bodies.items()}, about["slug"]
