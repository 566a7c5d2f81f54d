"""Arbeitnow: ads of many employers, mostly German, in pages. SOURCES: arbeitnow.com/blog/job-board-api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import EMPLOYMENT_TYPES, employment_of
from crawler.harvest import BoardRun, flat_draft
from crawler.record import names
from crawler.spiders.addresses import on_same_host
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
        jobs = page.records("data")
        for job in jobs:
            draft = flat_draft(job, source_id="slug")
            draft.workplace = "remote" if job.flag("remote") or "remote" in job.text("location").lower() else None
            types = [employment_of(name) for name in job.texts("job_types")]
            draft.employment_type = next((name for name in types if name in EMPLOYMENT_TYPES), None)
            draft.date_posted = job.date("created_at")
            yield draft
        following = on_same_host(page.record("links").text("next"), response)
        if jobs and following not in {"", response.url}:
            yield self.ask(following)
