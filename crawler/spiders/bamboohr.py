"""BambooHR career sites: a list without texts, a page per job. Off by default: the endpoint is not documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import employment_of, pay_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.relevance import may_be_technical
from crawler.spiders.base import BoardSpider, Outcome

_WORKPLACES = {"0": "onsite", "1": "remote", "2": "hybrid"}


class Bamboohr(BoardSpider):
    """`isRemote` is always null; `locationType` says it. The place stands in `location` or in `atsLocation`, the other
    one is empty. Pay is free text. Dead and empty tenants answer alike."""

    name = "bamboohr"
    base = "https://{slug}.bamboohr.com"
    path = "/careers/list"
    ignored: ClassVar[frozenset[str]] = (
        names("meta result.formFields")
        | names(
            "departmentId departmentLabel employmentStatusLabel location atsLocation isRemote locationType", "result."
        )
        | names(
            """
            jobOpeningStatus jobCategoryId jobCategoryName departmentId departmentLabel employmentType isRemote
            minimumExperience seekPromoted location.id location.postalCode atsLocation.countryId atsLocation.stateId
            """,
            "result.jobOpening.",
        )
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        answer = self.answer(response)
        run.stated = answer.record("meta").integer("totalCount")
        for job in answer.records("result"):
            number, title = job.text("id"), job.text("jobOpeningName")
            if not self.session.job.everything and not may_be_technical(title):
                run.drop("not_relevant")
            elif number.isalnum():
                yield self.ask(self.url(run, f"/careers/{number}/detail"), self._detail, number=number)
            else:
                run.drop("no_id")

    def _detail(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        job = self.answer(response).record("result").record("jobOpening")
        number = response.meta["number"]
        places = [_place(job.record(name)) for name in ("location", "atsLocation")]
        yield Draft(
            source_id=number,
            title=job.text("jobOpeningName"),
            parts=[job.text("description")],
            url=job.text("jobOpeningShareUrl") or self.url(run, f"/careers/{number}"),
            locations=[place for place in places if place][:1],
            workplace=_WORKPLACES.get(job.text("locationType")),
            employment_type=employment_of(job.text("employmentStatusLabel")),
            date_posted=job.date("datePosted"),
            salary=pay_of(job.text("compensation")),
        )


def _place(location: Record) -> str:
    country = location.text("addressCountry") or location.text("country")
    state = location.text("state") or location.text("province")
    return ", ".join(filter(None, (location.text("city"), state, country)))
