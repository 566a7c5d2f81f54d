"""Remotive: all public ads in one answer. SOURCES: github.com/remotive-com/remote-jobs-api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import employment_of, pay_of
from crawler.harvest import BoardRun, Draft, flat_draft
from crawler.record import names
from crawler.spiders.base import BoardSpider


class Remotive(BoardSpider):
    """Pay is free text; the date has no zone and is taken as UTC. Four calls a day at most (data/policies.toml)."""

    name = "remotive"
    base = "https://remotive.com"
    path = "/api/remote-jobs"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = names(
        """
        00-warning 0-legal-notice job-count jobs.company_logo jobs.company_logo_url jobs.category jobs.tags
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        board = self.answer(response)
        run.stated = board.integer("total-job-count")
        for job in board.records("jobs"):
            draft = flat_draft(job, place="candidate_required_location")
            draft.workplace = "remote"
            draft.employment_type = employment_of(job.text("job_type"))
            draft.date_posted = job.date("publication_date")
            draft.salary = pay_of(job.text("salary"))
            yield draft
