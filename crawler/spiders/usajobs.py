"""USAJOBS, with the user's own key. Off by default. SOURCES: developer.usajobs.gov"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from crawler.errors import InputError
from crawler.fields import Record, employment_of, names
from crawler.harvest import BoardRun, Draft
from crawler.spiders.base import BoardSpider, Outcome

_PERIODS = {"PA": "year", "PER YEAR": "year", "PH": "hour", "PER HOUR": "hour", "PD": "day", "PM": "month", "BW": None}


class Usajobs(BoardSpider):
    """A board is a search word with hyphens for blanks ("machine-learning"). The key and its e-mail address come from
    USAJOBS_KEY and USAJOBS_EMAIL, as headers, and are never recorded."""

    name = "usajobs"
    base = "https://data.usajobs.gov"
    path = "/api/search?ResultsPerPage=250&Page=1"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = names(
        """
        PositionID ApplyURI PositionLocationDisplay DepartmentName SubAgency JobCategory JobGrade
        PositionOfferingType PositionStartDate PositionEndDate PositionFormattedDescription UserArea PositionLocation
        PositionSchedule PositionRemuneration OrganizationCodes
        """
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self._page(run, 1)

    def _page(self, run: BoardRun, page: int) -> Request:
        key, email = os.environ.get("USAJOBS_KEY"), os.environ.get("USAJOBS_EMAIL")
        if not key or not email:
            raise InputError("USAJOBS needs your own key: set USAJOBS_KEY and USAJOBS_EMAIL")
        words = quote(run.board.slug.replace("-", " "))
        url = self.url(run, self.path.replace("Page=1", f"Page={page}")) + f"&Keyword={words}"
        request = self.ask(url, page=page)
        request.headers["Authorization-Key"], request.headers["User-Agent"] = key, email
        return request

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        result = self.answer(response).record("SearchResult")
        run.stated = result.integer("SearchResultCountAll")
        count = 0
        for item in result.records("SearchResultItems"):
            count += 1
            yield _draft(item.text("MatchedObjectId"), item.record("MatchedObjectDescriptor"))
        if count and count * response.meta["page"] < (run.stated or 0):
            yield self._page(run, response.meta["page"] + 1)


def _draft(number: str, job: Record) -> Draft:
    details = job.record("UserArea").record("Details")
    parts = [details.text("JobSummary"), *details.texts("MajorDuties"), job.text("QualificationSummary")]
    parts += [details.text(name) for name in ("Requirements", "Education", "Evaluations")]
    pay = next(job.records("PositionRemuneration"), Record({}))
    schedule = next(job.records("PositionSchedule"), Record({}))
    return Draft(
        record=job,
        source_id=number,
        title=job.text("PositionTitle"),
        parts=parts,
        url=job.text("PositionURI"),
        employer=job.text("OrganizationName"),
        locations=[place.text("LocationName") for place in job.records("PositionLocation")],
        workplace="remote" if details.flag("RemoteIndicator") else None,
        employment_type=employment_of(schedule.text("Name")),
        date_posted=job.date("PublicationStartDate"),
        valid_through=job.date("ApplicationCloseDate"),
        salary=(
            pay.number("MinimumRange"),
            pay.number("MaximumRange"),
            "USD",
            _PERIODS.get(pay.text("RateIntervalCode").upper()),
        ),
    )
