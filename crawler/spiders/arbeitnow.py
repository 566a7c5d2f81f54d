"""Arbeitnow: ads of many employers, mostly German, in pages. SOURCES: arbeitnow.com/blog/job-board-api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.fields import EMPLOYMENT_TYPES, employment_of
from crawler.harvest import BoardRun, Draft
from crawler.record import names
from crawler.spiders.base import BoardSpider, Outcome


class Arbeitnow(BoardSpider):
    """`links.next` leads through the pages, whose size changes. `remote` is often false where the place says
    "Remote". Job types are free text in two languages."""

    name = "arbeitnow"
    base = "https://www.arbeitnow.com"
    path = "/api/job-board-api"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = names(
        """
        meta links.first links.last links.prev data.tags
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        page = self.answer(response)
        count = 0
        for job in page.records("data"):
            count += 1
            place = job.text("location")
            remote = bool(job.flag("remote")) or "remote" in place.lower()
            types = [employment_of(name) for name in job.texts("job_types")]
            yield Draft(
                source_id=job.text("slug"),
                title=job.text("title"),
                parts=[job.text("description")],
                url=job.text("url"),
                employer=job.text("company_name"),
                locations=[place],
                workplace="remote" if remote else None,
                employment_type=next((name for name in types if name in EMPLOYMENT_TYPES), None),
                date_posted=job.date("created_at"),
            )
        following = urljoin(response.url, page.record("links").text("next"))
        if count and following != response.url and urlsplit(following).netloc == urlsplit(response.url).netloc:
            yield self.ask(following)
