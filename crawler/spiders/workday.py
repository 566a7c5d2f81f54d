"""Workday career sites. Off by default: the endpoint is not documented, and many sites refuse plain clients, which
we accept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler.fields import Record, employment_of, names, workplace_of
from crawler.harvest import BadAnswerError, BoardRun, Draft
from crawler.relevance import may_be_technical
from crawler.spiders.base import BoardSpider, Outcome, pages

_PAGE = 20  # larger pages are refused
_FLAT_LIMIT = 2_000  # a list stops there whatever its total: larger ones are read facet by facet


class Workday(BoardSpider):
    """A board is "tenant.wdN.site". "Posted 30+ Days Ago" is no date; the job's page has `startDate`. A list of
    2,000 may be a cut one, so it is partitioned by the first facet."""

    name = "workday"
    base = "https://{tenant}.{data_center}.myworkdayjobs.com"
    path = "/wday/cxs/{tenant}/{site}/jobs"
    ignored: ClassVar[frozenset[str]] = names(
        """
        id jobPostingId jobPostingSiteId jobRequisitionLocation postedOn canApply posted timeLeftToApply country
        questionnaireId includeResumeParsing logoImage externalUrl similarJobs
        """
    )

    def first_requests(self, run: BoardRun) -> Iterator[Request]:
        yield self._page(run, {}, 0, self.parse_board)

    def _address(self, run: BoardRun, path: str) -> str:
        parts = run.board.slug.split(".", 2)
        if len(parts) < 3:
            raise BadAnswerError(f"a Workday board is named TENANT.wdN.SITE, {run.board.slug!r} is not")
        tenant, data_center, site = parts
        return (
            self.url(run, path)
            .replace("{tenant}", tenant)
            .replace("{data_center}", data_center)
            .replace("{site}", site)
        )

    def _page(self, run: BoardRun, facets: dict[str, Any], offset: int, hook: Any) -> Request:
        body = {"appliedFacets": facets, "limit": _PAGE, "offset": offset, "searchText": ""}
        return self.ask(self._address(run, self.path), hook, json_body=body, facets=facets)

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        answer = self.answer(response)
        total, facets = answer.integer("total") or 0, response.meta["facets"]
        if total < _FLAT_LIMIT or facets:
            run.stated = (run.stated or 0) + total
            yield from self._jobs(answer, run)
            for offset in pages(_PAGE, _PAGE, total):
                yield self._page(run, facets, offset, self._more)
            return
        for facet in answer.records("facets"):
            values = [value.text("id") for value in facet.records("values")]
            if facet.text("facetParameter") and values:
                for value in values:
                    yield self._page(run, {facet.text("facetParameter"): [value]}, 0, self.parse_board)
                return
        run.trouble(f"the list is cut at {total} and has no facets to part it by")

    def _more(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        yield from self._jobs(self.answer(response), run)

    def _jobs(self, answer: Record, run: BoardRun) -> Iterator[Outcome]:
        for job in answer.records("jobPostings"):
            path = job.text("externalPath")
            if not self.session.job.everything and not may_be_technical(job.text("title")):
                run.drop("not_relevant")
            elif path.startswith("/") and ".." not in path:
                yield self.ask(self._address(run, "/wday/cxs/{tenant}/{site}") + path, self._detail)
            else:
                run.drop("no_id")

    def _detail(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        answer = self.answer(response)
        job = answer.record("jobPostingInfo")
        yield Draft(
            record=job,
            source_id=job.text("jobReqId") or job.text("id"),
            title=job.text("title"),
            parts=[job.text("jobDescription")],
            url=job.text("externalUrl"),
            employer=answer.record("hiringOrganization").text("name"),
            locations=[job.text("location"), *job.texts("additionalLocations")],
            workplace=workplace_of(job.text("remoteType")),
            employment_type=employment_of(job.text("timeType")),
            date_posted=job.date("startDate"),
        )
