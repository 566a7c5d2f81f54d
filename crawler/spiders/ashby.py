"""Ashby job boards: the whole board with texts and pay in one answer. SOURCES: developers.ashbyhq.com"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import employment_of, period_of, workplace_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider

_Pay = tuple[float | None, float | None, str, str | None]


class Ashby(BoardSpider):
    """`workplaceType` is right where `isRemote` disagrees; unlisted jobs are not for the public; of the
    compensation's parts only the salary is pay. Names of boards keep their case."""

    name = "ashby"
    base = "https://api.ashbyhq.com"
    path = "/posting-api/job-board/{slug}?includeCompensation=true"
    ignored: ClassVar[frozenset[str]] = names(
        """
        apiVersion jobs.applyUrl jobs.department jobs.team jobs.descriptionPlain jobs.address
        jobs.secondaryLocations.address jobs.shouldDisplayCompensationOnJobPostings
        jobs.compensation.compensationTierSummary jobs.compensation.compensationTiers
        jobs.compensation.scrapeableCompensationSalarySummary jobs.updatedAt
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        board = self.answer(response)
        for job in board.records("jobs"):
            draft = _draft(job)
            if job.flag("isListed") is False:
                run.drop("unlisted")
            else:
                yield draft


def _draft(job: Record) -> Draft:
    others = [place.text("location") for place in job.records("secondaryLocations")]
    workplace = workplace_of(job.text("workplaceType"))
    remote = job.flag("isRemote")
    return Draft(
        source_id=job.text("id"),
        title=job.text("title"),
        parts=[job.text("descriptionHtml")],
        url=job.text("jobUrl"),
        locations=[job.text("location"), *others],
        workplace=workplace or ("remote" if remote else None),
        employment_type=employment_of(job.text("employmentType")),
        date_posted=job.date("publishedAt"),
        salary=_pay(job.record("compensation")),
    )


def _pay(compensation: Record) -> _Pay | None:
    ranges: list[_Pay] = []
    for part in compensation.records("summaryComponents"):
        kind = part.text("compensationType")
        low, high = part.number("minValue"), part.number("maxValue")
        currency, period = part.text("currencyCode"), period_of(part.text("interval"))
        if kind == "Salary":
            ranges.append((low, high, currency, period))
    # Several places may have several salaries: the first currency's whole span is what the ad offers.
    same = [pay for pay in ranges if pay[2:] == ranges[0][2:]]
    lows, highs = [pay[0] for pay in same if pay[0]], [pay[1] for pay in same if pay[1]]
    return (min(lows, default=None), max(highs, default=None), *same[0][2:]) if same else None
