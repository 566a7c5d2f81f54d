"""USAJOBS, with the user's own key. Off by default. SOURCES: developer.usajobs.gov/api-reference/get-api-search"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import quote

from scrapy import Request
from scrapy.http import Response

from crawler.errors import InputError
from crawler.fields import employment_of, period_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider, Outcome

_PERIODS = {"PA": "year", "PH": "hour", "PD": "day", "PM": "month"}
_SCHEDULES = {"1": "Full-time", "2": "Part-time", "3": "Shift work", "4": "Intermittent", "5": "Job sharing"}
_JOB = "SearchResult.SearchResultItems.MatchedObjectDescriptor."


class Usajobs(BoardSpider):
    """A board is a search word with hyphens for blanks ("machine-learning"). The key and its e-mail address come from
    USAJOBS_KEY and USAJOBS_EMAIL, as headers, and are never recorded. Without `Fields=Full` an answer has the summary
    of the text only; a schedule may have a code and no name; one query ends after 10,000 ads."""

    name = "usajobs"
    base = "https://data.usajobs.gov"
    path = "/api/search?ResultsPerPage=250&Page=1&Fields=Full"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = (
        names("LanguageCode SearchParameters SearchResult.SearchResultCount SearchResult.UserArea")
        | names("RelevanceRank", "SearchResult.SearchResultItems.")
        | names(
            """
            PositionID ApplyURI PositionLocationDisplay DepartmentName SubAgency JobCategory JobGrade
            PositionOfferingType PositionStartDate PositionEndDate PositionFormattedDescription OrganizationCodes
            UserArea.IsRadialSearch
            """,
            _JOB,
        )
        | names("Description MinimumRange MaximumRange RateIntervalCode", _JOB + "PositionRemuneration.")
        | names("Name Code", _JOB + "PositionSchedule.")
        | names(
            "CountryCode CountrySubDivisionCode CityName LocationCode Longitude Latitude", _JOB + "PositionLocation."
        )
        | names(
            """
            WhoMayApply LowGrade HighGrade PromotionPotential SubAgencyName OrganizationCodes Relocation HiringPath
            MCOTags TotalOpenings AgencyMarketingStatement TravelCode ApplyOnlineUrl DetailStatusUrl HowToApply
            WhatToExpectNext RequiredDocuments Benefits BenefitsUrl BenefitsDisplayDefaultText OtherInformation
            WithinArea CommuteDistance ServiceType AnnouncementClosingType AgencyContactEmail AgencyContactPhone
            SecurityClearance DrugTestRequired PositionSensitivitiy AdjudicationType TeleworkEligible
            FinancialDisclosure BargainingUnitStatus VacancyQuestionnaire
            """,
            _JOB + "UserArea.Details.",
        )
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self._page(run, 1)

    def _page(self, run: BoardRun, page: int) -> Request:
        key, email = os.environ.get("USAJOBS_KEY"), os.environ.get("USAJOBS_EMAIL")
        if not key or not email:
            raise InputError("USAJOBS needs your own key: set USAJOBS_KEY and USAJOBS_EMAIL")
        words = quote(run.board.slug.replace("-", " "))
        url = self.url(run, self.path.replace("&Page=1", f"&Page={page}")) + f"&Keyword={words}"
        request = self.ask(url, page=page)
        request.headers["Authorization-Key"], request.headers["User-Agent"] = key, email
        return request

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        result = self.answer(response).record("SearchResult")
        run.stated = result.integer("SearchResultCountAll")
        items = result.records("SearchResultItems")
        yield from map(_draft, items)
        if items and len(items) * response.meta["page"] < (run.stated or 0):
            yield self._page(run, response.meta["page"] + 1)


def _draft(item: Record) -> Draft:
    job = item.record("MatchedObjectDescriptor")
    details = job.record("UserArea").record("Details")
    parts = [details.text("JobSummary"), *details.texts("MajorDuties"), job.text("QualificationSummary")]
    parts.append("".join(f"<li>{wanted}</li>" for wanted in details.texts("KeyRequirements")))
    parts += [details.text(name) for name in ("Requirements", "Education", "Evaluations")]
    return Draft(
        source_id=item.text("MatchedObjectId"),
        title=job.text("PositionTitle"),
        parts=parts,
        url=job.text("PositionURI"),
        employer=job.text("OrganizationName"),
        locations=[place.text("LocationName") for place in job.records("PositionLocation")],
        workplace="remote" if details.flag("RemoteIndicator") else None,
        employment_type=_schedule(job.records("PositionSchedule")),
        date_posted=job.date("PublicationStartDate"),
        valid_through=job.date("ApplicationCloseDate"),
        salary=_pay(job.records("PositionRemuneration")),
    )


def _schedule(schedules: list[Record]) -> str | None:
    named = [schedule.text("Name") or _SCHEDULES.get(schedule.text("Code"), "") for schedule in schedules]
    return employment_of(next((name for name in named if name), ""))


def _pay(ranges: list[Record]) -> tuple[float | None, float | None, str, str | None] | None:
    for pay in ranges:
        code, low, high = pay.text("RateIntervalCode"), pay.number("MinimumRange"), pay.number("MaximumRange")
        # "PA", or "Per Year" in older answers; two weeks ("BW"), piece work, none at all ("WC") are no period of ours.
        period = _PERIODS.get(code) or period_of(code)
        if period is not None:
            return low, high, "USD", period
    return None
