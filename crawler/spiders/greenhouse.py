"""Greenhouse job boards: the whole board with texts in one answer. SOURCES: developers.greenhouse.io/job-board.html"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import period_of, workplace_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.spiders.base import BoardSpider


class Greenhouse(BoardSpider):
    """`content` is HTML escaped once more (see data/text.toml). `first_published` is the date: `updated_at` is
    touched for whole boards at once. One job may stand on the board several times with one `internal_job_id`, once
    per place."""

    name = "greenhouse"
    base = "https://boards-api.greenhouse.io"
    path = "/v1/boards/{slug}/jobs?content=true&pay_transparency=true"
    ignored: ClassVar[frozenset[str]] = names(
        """
        jobs.updated_at jobs.requisition_id jobs.language jobs.data_compliance jobs.departments jobs.offices.id
        jobs.offices.child_ids jobs.offices.parent_id jobs.education jobs.metadata.id jobs.metadata.name
        jobs.metadata.value_type jobs.metadata.value jobs.pay_input_ranges.title jobs.pay_input_ranges.blurb
        jobs.pay_input_ranges.min_cents jobs.pay_input_ranges.max_cents jobs.pay_input_ranges.currency_type
        jobs.questions jobs.location_questions jobs.compliance jobs.demographic_questions
        jobs.include_ai_disclaimer
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        board = self.answer(response)
        run.stated = board.record("meta").integer("total")
        drafts: dict[str, Draft] = {}
        for job in board.records("jobs"):
            draft = self._draft(job)
            twin = drafts.setdefault(job.text("internal_job_id") or draft.source_id, draft)
            if twin is not draft:
                twin.locations = [*twin.locations, *draft.locations]
                run.drop("same_job")
        yield from drafts.values()

    @staticmethod
    def _draft(job: Record) -> Draft:
        metadata = job.records("metadata")
        return Draft(
            source_id=job.text("id"),
            title=job.text("title"),
            parts=[job.text("content")],
            url=job.text("absolute_url"),
            employer=job.text("company_name"),
            locations=[job.record("location").text("name"), *_offices(job)],
            workplace=_workplace(metadata),
            date_posted=job.date("first_published"),
            valid_through=job.date("application_deadline"),
            salary=_pay(job, metadata),
        )


def _offices(job: Record) -> list[str]:
    # An office's own name is often internal ("HQ 2"); its location is a place.
    offices = [(office.text("name"), office.text("location")) for office in job.records("offices")]
    return [location for _, location in offices if location]


def _workplace(metadata: list[Record]) -> str | None:
    # Employers name the field as they like; its value is what gives it away.
    values = [value for value in (field.raw("value") for field in metadata) if isinstance(value, str)]
    return next((place for place in map(workplace_of, values) if place), None)


def _pay(job: Record, metadata: list[Record]) -> tuple[float | None, float | None, str, str | None] | None:
    for pay in job.records("pay_input_ranges"):
        low, high, currency = pay.number("min_cents"), pay.number("max_cents"), pay.text("currency_type")
        if low or high:
            # Cents, and a period only if the range's title happens to name one: the API has no field for it.
            cents = [amount / 100 if amount is not None else None for amount in (low, high)]
            return cents[0], cents[1], currency, period_of(pay.text("title"))
    for field in metadata:
        if field.text("value_type") == "currency_range":
            value = field.record("value")
            return value.number("min_value"), value.number("max_value"), value.text("unit"), None
    return None
