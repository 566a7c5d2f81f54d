"""Hacker News, "Ask HN: Who is hiring?": the thread by Algolia's search, its comments in one answer. SOURCES:
hn.algolia.com/api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.hackernews import is_hiring_thread, read_comment
from crawler.harvest import BadAnswerError, BoardRun, Draft
from crawler.record import names
from crawler.spiders.base import BoardSpider, Outcome

_ITEM = "author options parent_id points story_id type url created_at created_at_i parent id title text "


class Hackernews(BoardSpider):
    """The board "whoishiring" is the latest thread, "whoishiring-6" the latest six. Only first-level comments are
    ads, and not all of them; deleted ones have no text. Authors' names are left aside. A comment with several roles
    gives several ads."""

    name = "hackernews"
    base = "https://hn.algolia.com"
    path = "/api/v1/search_by_date?tags=story,author_whoishiring&hitsPerPage=100"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = (
        names(
            """
            nbHits nbPages page hitsPerPage exhaustive exhaustiveNbHits exhaustiveTypo query params processingTimeMS
            processingTimingsMS serverTimeMS
            """
        )
        | names(
            """
            author story_text url num_comments points created_at created_at_i updated_at story_id parent_id children
            comment_text story_title story_url _tags _highlightResult
            """,
            "hits.",
        )
        # Of a thread, and of each of its comments.
        | names(_ITEM)
        | names(_ITEM + "children title", "children.")
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        number = run.board.slug.rpartition("-")[2]
        wanted = int(number) if number.isdecimal() else 1
        hits = [(hit.text("objectID"), hit.text("title")) for hit in self.answer(response).records("hits")]
        threads = [thread for thread, title in hits if is_hiring_thread(title)]
        if not threads:
            raise BadAnswerError("the search gave no hiring thread")
        for thread in threads[: max(1, wanted)]:
            if thread.isdecimal():
                yield self.ask(self.url(run, f"/api/v1/items/{thread}"), self._thread)

    def _thread(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        for comment in self.answer(response).records("children"):
            number, text, posted = comment.text("id"), comment.text("text"), comment.date("created_at_i")
            if not text:
                run.drop("deleted")
                continue
            ads = read_comment(text)
            if not ads:
                run.drop("no_ad")
            for ad in ads:
                yield Draft(
                    source_id=number if ad.number == 1 else f"{number}#{ad.number}",
                    title=ad.title or _first_line(ad.text),
                    parts=[ad.text],
                    url=f"https://news.ycombinator.com/item?id={number}",
                    employer=ad.employer or "",
                    locations=ad.locations,
                    workplace=ad.workplace,
                    employment_type=ad.employment_type,
                    date_posted=posted or comment.date("created_at"),
                    salary=ad.salary,
                )


def _first_line(text: str) -> str:
    return text.split("\n", maxsplit=1)[0][:200]
