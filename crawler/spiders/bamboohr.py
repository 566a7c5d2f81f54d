"""BambooHR career sites: a list without texts, a page per job. Off by default: the endpoint is not documented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import Record, employment_of, names
from crawler.harvest import BoardRun, Draft
from crawler.relevance import may_be_technical
from crawler.spiders.base import BoardSpider, Outcome

_WORKPLACES = {"0": "onsite", "1": "remote", "2": "hybrid"}


class Bamboohr(BoardSpider):
    """`isRemote` is always null; `locationType` says it. Dead and empty tenants answer alike."""

    name = "bamboohr"
    base = "https://{slug}.bamboohr.com"
    path = "/careers/list"
    ignored: ClassVar[frozenset[str]] = names(
        """
        meta departmentId departmentLabel atsLocation isRemote minimumExperience employmentStatusLabel
        formFields location.postalCode location.id jobOpeningStatus jobCategoryId jobCategoryName compensation
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        answer = self.answer(response)
        run.stated = answer.record("meta").integer("totalCount")
        for job in answer.records("result"):
            number = job.text("id")
            if not self.session.job.everything and not may_be_technical(job.text("jobOpeningName")):
                run.drop("not_relevant")
            elif number.isalnum():
                yield self.ask(self.url(run, f"/careers/{number}/detail"), self._detail, number=number)
            else:
                run.drop("no_id")

    def _detail(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        result = self.answer(response).record("result")
        job = result.record("jobOpening")
        result.forget(job)
        number = response.meta["number"]
        yield Draft(
            record=job,
            source_id=number,
            title=job.text("jobOpeningName"),
            parts=[job.text("description")],
            url=job.text("jobOpeningShareUrl") or self.url(run, f"/careers/{number}"),
            locations=[_place(job.record("location")) or _place(job.record("atsLocation"))],
            workplace=_WORKPLACES.get(job.text("locationType")),
            employment_type=employment_of(job.text("employmentStatusLabel")),
            date_posted=job.date("datePosted"),
        )


def _place(location: Record) -> str:
    country = location.text("addressCountry") or location.text("country")
    return ", ".join(filter(None, (location.text("city"), location.text("state"), country)))
