"""SmartRecruiters: a list in pages, the text in one answer per job. SOURCES:
developers.smartrecruiters.com/docs/posting-api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler.fields import employment_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.relevance import may_be_technical
from crawler.spiders.addresses import pages
from crawler.spiders.base import BoardSpider, Outcome

_PAGE = 100
_SECTIONS = ("companyDescription", "jobDescription", "qualifications", "additionalInformation")
_ASIDE = """
    uuid jobId jobAdId defaultJobAd refNumber creator customField referralUrl applyUrl active visibility industry
    function department experienceLevel language ref profiles
"""


class Smartrecruiters(BoardSpider):
    """An unknown company answers like one without jobs, so this kind has no dead boards. `creator` names a person
    and is left aside. Jobs whose title can't be technical are dropped before their page is asked for."""

    name = "smartrecruiters"
    base = "https://api.smartrecruiters.com"
    path = "/v1/companies/{slug}/postings?limit=100&offset=0"
    ignored: ClassVar[frozenset[str]] = (
        names("limit offset")
        # What a list says of a job, its page says too.
        | names(_ASIDE + "company location typeOfEmployment releasedDate", "content.")
        | names(_ASIDE)
        | names("company.identifier typeOfEmployment.id jobAd.language jobAd.sections.videos")
        | names(
            """
            latitude longitude city region regionCode country address addressLine2 postalCode manual
            hybridDescription
            """,
            "location.",
        )
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        yield from self._list(response, run)
        for offset in pages(_PAGE, _PAGE, run.stated or 0):
            yield self.ask(self.url(run, self.path).replace("offset=0", f"offset={offset}"), self._list)

    def _list(self, response: Response, run: BoardRun) -> Iterator[Request]:
        answer = self.answer(response)
        run.stated = answer.integer("totalFound")
        for job in answer.records("content"):
            number, title = job.text("id"), job.text("name")
            if not self.session.job.everything and not may_be_technical(title):
                run.drop("not_relevant")
            elif number.isalnum():
                yield self.ask(self.url(run, f"/v1/companies/{{slug}}/postings/{number}"), self._detail)
            else:
                run.drop("no_id")

    def _detail(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        job = self.answer(response)
        location, ad = job.record("location"), job.record("jobAd").record("sections")
        sections = [(ad.record(name).text("title"), ad.record(name).text("text")) for name in _SECTIONS]
        yield Draft(
            source_id=job.text("id"),
            title=job.text("name"),
            parts=[f"<h3>{heading}</h3>{text}" for heading, text in sections if text.strip()],
            url=job.text("postingUrl"),
            employer=job.record("company").text("name"),
            locations=[location.text("fullLocation")],
            workplace=_workplace(location),
            employment_type=employment_of(job.record("typeOfEmployment").text("label")),
            date_posted=job.date("releasedDate"),
        )


def _workplace(location: Record) -> str | None:
    hybrid, remote = location.flag("hybrid"), location.flag("remote")
    # Both false is the default, not a statement.
    return "hybrid" if hybrid else "remote" if remote else None
