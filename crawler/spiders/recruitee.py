"""Recruitee career sites: the whole board in one answer. SOURCES:
docs.recruitee.com/reference/intro-to-careers-site-api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import Record, employment_of, names, period_of
from crawler.harvest import BoardRun, Draft
from crawler.spiders.base import BoardSpider


class Recruitee(BoardSpider):
    """Description and requirements are two fields and both needed; `translations` repeat them. `mailbox_email` is left
    aside."""

    name = "recruitee"
    base = "https://{slug}.recruitee.com"
    path = "/api/offers/"
    ignored: ClassVar[frozenset[str]] = names(
        """
        offers.position offers.location offers.careers_apply_url offers.city offers.state_name offers.state_code
        offers.country offers.country_code offers.department offers.updated_at offers.created_at offers.slug
        offers.translations offers.mailbox_email offers.locations.id offers.locations.translations
        offers.locations.country_code offers.locations.state_code offers.locations.postal_code
        offers.locations.street offers.locations.note offers.locations.name offers.tags offers.open_questions
        offers.options_cv offers.options_cover_letter offers.options_phone offers.options_photo offers.min_hours
        offers.max_hours offers.min_hours_per_week offers.max_hours_per_week offers.category_code
        offers.experience_code offers.education_code offers.guid offers.locations_question
        offers.locations_question_required offers.locations_question_type offers.close_at offers.department_id
        offers.highlight offers.cover_image offers.options_salary offers.location_ids
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        board = self.answer(response)
        for job in board.records("offers"):
            board.forget(job)
            if job.text("status") not in {"", "published"}:
                run.drop("unlisted")
                continue
            yield _draft(job)


def _draft(job: Record) -> Draft:
    places = [
        ", ".join(filter(None, (place.text("city"), place.text("state"), place.text("country"))))
        for place in job.records("locations")
    ]
    pay = job.record("salary")
    code = job.text("employment_type_code")
    return Draft(
        record=job,
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
