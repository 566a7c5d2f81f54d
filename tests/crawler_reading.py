"""Spiders' hooks without a network or a reactor: one answer in, postings and further requests out."""

import importlib
from typing import Any

from crawler.boards import Board
from crawler.harvest import BoardRun
from crawler.job import Job
from crawler.posting import Posting
from crawler.session import open_session


class Reading:
    """What one or several answers gave."""

    def __init__(self, kind: str, slug: str = "acme", *, everything: bool = True, data: str = "unused") -> None:
        open_session(Job(crawl_id="test", data=data, boards=[Board(kind=kind, slug=slug)], everything=everything))
        spider = getattr(importlib.import_module(f"crawler.spiders.{kind}"), kind.capitalize())
        self.spider = spider()
        self.run = BoardRun(Board(kind=kind, slug=slug), spider.ignored, everything, False, spider.many_employers)
        self.postings: list[Posting] = []
        self.requests: list[Any] = []

    def answer(
        self, body: bytes | str, url: str = "https://board.example/path", hook: str = "parse_board", **meta: Any
    ) -> "Reading":
        """Give an answer to a hook, as the spider's base does: exceptions become the board's failure."""
        from scrapy import Request
        from scrapy.http import TextResponse

        request = self.spider.ask(url, getattr(self.spider, hook), **meta)
        request.meta["run"] = self.run
        self.run.pending += 1
        self.run.asked += 1
        raw = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
        response = TextResponse(url, body=raw, encoding="utf-8", request=request)
        for item in self.spider._answered(response):
            if isinstance(item, Request):
                self.requests.append(item)
            else:
                self.postings.extend(item.postings)
        return self
