"""Lever job sites, US and EU. SOURCES: github.com/lever/postings-api"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler.fields import employment_of, period_of, workplace_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider, Outcome

_PAGE = 100


class Lever(BoardSpider):
    """The requirements stand in `lists`, not in `description`: all sections are joined. A site that the US host does
    not know may live on the EU host, so a 404 is asked there once more. Pages end with one that is not full."""

    name = "lever"
    base = "https://api.lever.co"
    base_eu = "https://api.eu.lever.co"
    path = "/v0/postings/{slug}?mode=json&skip=0&limit=100"
    ignored: ClassVar[frozenset[str]] = names(
        """
        applyUrl descriptionPlain descriptionBodyPlain openingPlain additionalPlain additionalHtml
        salaryDescriptionPlain country categories.team categories.department categories.level descriptionBody
        opening
        """
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self.ask(self.url(run, self.path), skip=0)

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        count = 0
        for job in self.answers(response):
            count += 1
            yield _draft(job)
        if count >= _PAGE:
            skip = response.meta["skip"] + _PAGE
            yield self.ask(response.url.replace(f"skip={skip - _PAGE}", f"skip={skip}"), skip=skip)

    def missing(self, response: Response, run: BoardRun) -> Iterable[Outcome]:
        if run.asked > 1:
            return super().missing(response, run) if run.seen else self._dead(response, run)
        eu = self.session.job.base_urls.get("lever_eu", self.base_eu)
        return [self.ask((eu + self.path).replace("{slug}", run.board.slug), skip=0)]

    @staticmethod
    def _dead(response: Response, run: BoardRun) -> Iterable[Outcome]:
        run.dead = True
        run.failure = f"there is no such board ({response.status}), neither in the US nor in the EU"
        return ()


def _draft(job: Record) -> Draft:
    categories, pay = job.record("categories"), job.record("salaryRange")
    lists = [f"<h3>{part.text('text')}</h3><ul>{part.text('content')}</ul>" for part in job.records("lists")]
    return Draft(
        source_id=job.text("id"),
        title=job.text("text"),
        parts=[job.text("description"), *lists, job.text("additional"), job.text("salaryDescription")],
        url=job.text("hostedUrl"),
        locations=[*categories.texts("allLocations"), categories.text("location")],
        workplace=workplace_of(job.text("workplaceType")),
        employment_type=employment_of(categories.text("commitment")),
        # The creation of the posting: the API has no later date.
        date_posted=job.date("createdAt"),
        salary=(pay.number("min"), pay.number("max"), pay.text("currency"), period_of(pay.text("interval")))
        if pay
        else None,
    )
