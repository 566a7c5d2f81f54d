"""Workday career sites. Off by default: the endpoint is not documented, and many sites refuse plain clients, which
we accept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar
from urllib.parse import unquote

from scrapy import Request
from scrapy.http import Response

from crawler.fields import employment_of, workplace_of
from crawler.harvest import BadAnswerError, BoardRun, Draft
from crawler.record import Record, names
from crawler.relevance import may_be_technical
from crawler.spiders.addresses import pages
from crawler.spiders.base import BoardSpider, Hook, Outcome

_PAGE = 20  # larger pages are refused
_FLAT_LIMIT = 2_000  # a list stops there whatever its total: larger ones are read facet by facet
_Facets = dict[str, list[str]]


class Workday(BoardSpider):
    """A board is "tenant.wdN.site". "Posted 30+ Days Ago" is no date; the job's page has `startDate`. A list of
    2,000 may be a cut one, so it is parted by the first facet, and a part that is still cut by the next. The hiring
    organization is a legal entity with a number in front, so a name in the list of boards goes before it."""

    name = "workday"
    base = "https://{tenant}.{data_center}.myworkdayjobs.com"
    path = "/wday/cxs/{tenant}/{site}/jobs"
    ignored: ClassVar[frozenset[str]] = (
        names("userAuthenticated similarJobs hiringOrganization.url total facets")
        | names("descriptor facetParameter values", "facets.")
        | names("descriptor count values facetParameter", "facets.values.")
        | names(
            "locationsText postedOn bulletFields remoteType startDate timeType additionalLocations subtitles",
            "jobPostings.",
        )
        | names(
            """
            id jobPostingId jobPostingSiteId jobRequisitionLocation postedOn canApply posted timeLeftToApply
            questionnaireId secondaryQuestionnaireId supplementaryQuestionnaireId includeResumeParsing logoImage
            jobPostingEndDateAsText country.id country.alpha2Code
            """,
            "jobPostingInfo.",
        )
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self._page(run, {}, 0, self.parse_board)

    def _address(self, run: BoardRun, path: str) -> str:
        parts = run.board.slug.split(".", 2)
        if len(parts) < 3:
            raise BadAnswerError(f"a Workday board is named TENANT.wdN.SITE, {run.board.slug!r} is not")
        address = self.url(run, path)
        for name, value in zip(("{tenant}", "{data_center}", "{site}"), parts, strict=True):
            address = address.replace(name, value)
        return address

    def _page(self, run: BoardRun, facets: _Facets, offset: int, hook: Hook) -> Request:
        body = {"appliedFacets": facets, "limit": _PAGE, "offset": offset, "searchText": ""}
        return self.ask(self._address(run, self.path), hook, json_body=body, facets=facets)

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        answer = self.answer(response)
        # Only a first page states the total.
        total, applied = answer.integer("total") or 0, response.meta["facets"]
        parts = list(_parts(answer, applied))
        if total >= _FLAT_LIMIT and parts:
            yield from (self._page(run, part, 0, self.parse_board) for part in parts)
            answer.raw("jobPostings")
            return
        if total >= _FLAT_LIMIT:
            run.trouble(f"a list is cut at {total} and has no facets left to part it by")
        run.stated = (run.stated or 0) + total
        yield from self._jobs(answer, run)
        for offset in pages(_PAGE, _PAGE, total):
            yield self._page(run, applied, offset, self._more)

    def _more(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        yield from self._jobs(self.answer(response), run)

    def _jobs(self, answer: Record, run: BoardRun) -> Iterator[Outcome]:
        for job in answer.records("jobPostings"):
            title, path = job.text("title"), job.text("externalPath")
            if not self.session.job.everything and not may_be_technical(title):
                run.drop("not_relevant")
            elif path.startswith("/") and ".." not in unquote(path):
                yield self.ask(self._address(run, "/wday/cxs/{tenant}/{site}") + path, self._detail)
            else:
                run.drop("no_id")

    def _detail(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        answer = self.answer(response)
        job, organization = answer.record("jobPostingInfo"), answer.record("hiringOrganization").text("name")
        yield Draft(
            source_id=job.text("jobReqId") or job.text("id"),
            title=job.text("title"),
            parts=[job.text("jobDescription")],
            url=job.text("externalUrl"),
            # "2100 Acme USA": the number is the cost centre's.
            employer=run.board.employer
            or re.sub(r"^\d{3,}\s+(?=\S)", "", organization)
            or run.board.slug.partition(".")[0],
            locations=[_place(job), *job.texts("additionalLocations")],
            workplace=workplace_of(job.text("remoteType")),
            employment_type=employment_of(job.text("timeType")),
            date_posted=job.date("startDate"),
            valid_through=job.date("endDate"),
        )


def _parts(answer: Record, applied: _Facets) -> Iterator[_Facets]:
    """The values of the first facet that is not applied yet, each with those that are."""
    for facet in answer.records("facets"):
        name, values = facet.text("facetParameter"), [value.text("id") for value in facet.records("values")]
        if name and name not in applied and all(values) and values:
            yield from ({**applied, name: [value]} for value in values)
            return


def _place(job: Record) -> str:
    """The first place with its country, which most sites leave out: "Hobart (TAS)"."""
    place, country = job.text("location"), job.record("country").text("descriptor")
    known = not country or country.lower() in place.lower() or re.match(r"(?:[A-Z]{2}|USA)\b", place)
    return place if known else f"{place}, {country}"
