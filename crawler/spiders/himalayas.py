"""Himalayas: remote jobs of many employers, newest first, in pages. SOURCES: himalayas.app/docs"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler.fields import employment_of, period_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider, Outcome


class Himalayas(BoardSpider):
    """The host decides how many jobs a page has, whatever is asked for; the next offset counts what came. Dates are
    seconds though the docs say milliseconds."""

    name = "himalayas"
    base = "https://himalayas.app"
    path = "/jobs/api?limit=100&offset=0"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = names(
        """
        offset limit updatedAt comments jobs.excerpt jobs.companySlug jobs.companyLogo jobs.seniority
        jobs.timezoneRestrictions jobs.categories jobs.parentCategories jobs.applicationLink
        """
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self.ask(self.url(run, self.path), offset=0)

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        page = self.answer(response)
        run.stated = page.integer("totalCount")
        jobs = page.records("jobs")
        yield from map(_draft, jobs)
        offset = response.meta["offset"] + len(jobs)
        if jobs and offset < (run.stated or 0):
            yield self.ask(self.url(run, self.path.replace("offset=0", f"offset={offset}")), offset=offset)


def _draft(job: Record) -> Draft:
    address = job.text("guid")
    return Draft(
        source_id=address.rstrip("/").partition("/companies/")[2].replace("/jobs/", "/") or address,
        title=job.text("title"),
        parts=[job.text("description")],
        url=address,
        employer=job.text("companyName"),
        locations=job.texts("locationRestrictions") or ["Worldwide"],
        workplace="remote",
        employment_type=employment_of(job.text("employmentType")),
        date_posted=job.date("pubDate"),
        valid_through=job.date("expiryDate"),
        salary=(
            job.number("minSalary"),
            job.number("maxSalary"),
            job.text("currency"),
            period_of(job.text("salaryPeriod")),
        ),
    )
