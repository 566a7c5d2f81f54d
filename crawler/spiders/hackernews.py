"""Hacker News, "Ask HN: Who is hiring?": the thread by Algolia's search, its comments in one answer. SOURCES:
hn.algolia.com/api"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import Record
from crawler.hackernews import is_hiring_thread, read_comment
from crawler.harvest import BadAnswerError, BoardRun, Draft
from crawler.spiders.base import BoardSpider, Outcome


class Hackernews(BoardSpider):
    """The board "whoishiring" is the latest thread, "whoishiring-6" the latest six. Only first-level comments are
    ads, and not all of them; deleted ones have no text. Authors' names are left aside. A comment with several roles
    gives several ads."""

    name = "hackernews"
    base = "https://hn.algolia.com"
    path = "/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=100"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = frozenset(
        f"children.{name}"
        for name in "author children options parent_id points story_id title type url created_at parent".split()
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        number = run.board.slug.rpartition("-")[2]
        wanted = int(number) if number.isdigit() else 1
        threads = [
            hit.text("objectID") for hit in self.answer(response).records("hits") if is_hiring_thread(hit.text("title"))
        ]
        if not threads:
            raise BadAnswerError("the search gave no hiring thread")
        for thread in threads[: max(1, wanted)]:
            if thread.isdigit():
                yield self.ask(self.url(run, f"/api/v1/items/{thread}"), self._thread)

    def _thread(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        for comment in self.answer(response).records("children"):
            text = comment.text("text")
            if not text:
                run.drop("deleted")
                continue
            ads = read_comment(text)
            if not ads:
                run.drop("no_ad")
            for ad in ads:
                number = comment.text("id")
                yield Draft(
                    record=comment if ad.number == 1 else None,
                    source_id=number if ad.number == 1 else f"{number}#{ad.number}",
                    title=ad.title or _first_line(ad.text),
                    parts=[ad.text],
                    url=f"https://news.ycombinator.com/item?id={number}",
                    employer=ad.employer or "",
                    locations=ad.locations,
                    workplace=ad.workplace,
                    employment_type=ad.employment_type,
                    date_posted=_date(comment),
                    salary=ad.salary,
                )


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0][:200]


def _date(comment: Record) -> dt.date | None:
    return comment.date("created_at_i") or comment.date("created_at")
