"""Recruitee career sites: the whole board in one answer. SOURCES:
docs.recruitee.com/reference/intro-to-careers-site-api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import employment_of, period_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider


class Recruitee(BoardSpider):
    """Description and requirements are two fields and both needed; `translations` repeat them. `mailbox_email` is left
    aside."""

    name = "recruitee"
    base = "https://{slug}.recruitee.com"
    path = "/api/offers/"
    ignored: ClassVar[frozenset[str]] = names(
        """
        position location careers_apply_url city state_name state_code country country_code department department_id
        updated_at created_at slug guid translations mailbox_email tags open_questions options_cv
        options_cover_letter options_phone options_photo options_salary min_hours max_hours min_hours_per_week
        max_hours_per_week category_code experience_code education_code close_at highlight cover_image location_ids
        locations_question locations_question_required locations_question_type locations.id locations.name
        locations.translations locations.country_code locations.state_code locations.postal_code locations.street
        locations.note
        """,
        "offers.",
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        board = self.answer(response)
        for job in board.records("offers"):
            draft = _draft(job)
            if job.text("status") in {"", "published"}:
                yield draft
            else:
                run.drop("unlisted")


def _draft(job: Record) -> Draft:
    places = [
        ", ".join(filter(None, (place.text("city"), place.text("state"), place.text("country"))))
        for place in job.records("locations")
    ]
    pay = job.record("salary")
    code = job.text("employment_type_code")
    return Draft(
        source_id=job.text("id"),
        title=job.text("title"),
        parts=[job.text("description"), job.text("requirements"), job.text("highlight_html")],
        url=job.text("careers_url"),
        employer=job.text("company_name"),
        locations=places or [job.text("location")],
        workplace=_workplace(job),
        # "fulltime_permanent", "parttime_fixed_term", "internship" …
        employment_type=employment_of(code.partition("_")[0]),
        date_posted=job.date("published_at"),
        salary=(pay.number("min"), pay.number("max"), pay.text("currency"), period_of(pay.text("period")))
        if pay
        else None,
    )


def _workplace(job: Record) -> str | None:
    flags = {name: job.flag(key) for name, key in (("hybrid", "hybrid"), ("remote", "remote"), ("onsite", "on_site"))}
    return next((name for name, flag in flags.items() if flag), None)
