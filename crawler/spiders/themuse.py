"""The Muse: jobs of many employers in pages, by category. SOURCES: themuse.com/developers/api/v2"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider, Outcome


class Themuse(BoardSpider):
    """A board is a category: "data-and-analytics" asks for "Data and Analytics", "all" for everything. Pages count
    from 1. The limit of requests is announced in X-RateLimit headers, which the pace keeps."""

    name = "themuse"
    base = "https://www.themuse.com"
    path = "/api/public/jobs?page=1"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = names(
        """
        items_per_page took timed_out aggregations results.type results.short_name results.model_type
        results.categories results.levels results.tags results.company.id results.company.short_name page
        """
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self.ask(self._page(run, 1), page=1)

    def _page(self, run: BoardRun, page: int) -> str:
        small = {"and", "of"}
        words = [word if word in small else word.capitalize() for word in run.board.slug.split("-")]
        category = "" if run.board.slug == "all" else f"&category={quote(' '.join(words))}"
        return self.url(run, self.path.replace("page=1", f"page={page}")) + category

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        answer = self.answer(response)
        run.stated, last = answer.integer("total"), answer.integer("page_count") or 0
        jobs = answer.records("results")
        yield from map(_draft, jobs)
        page = response.meta["page"] + 1
        if jobs and page <= last:
            yield self.ask(self._page(run, page), page=page)


def _draft(job: Record) -> Draft:
    places = [place.text("name") for place in job.records("locations")]
    # "Flexible / Remote" stands among the places.
    remote = [place for place in places if "remote" in place.lower()]
    return Draft(
        source_id=job.text("id"),
        title=job.text("name"),
        parts=[job.text("contents")],
        url=job.record("refs").text("landing_page"),
        employer=job.record("company").text("name"),
        locations=[place for place in places if place not in remote],
        workplace="remote" if remote and len(remote) == len(places) else None,
        date_posted=job.date("publication_date"),
    )
