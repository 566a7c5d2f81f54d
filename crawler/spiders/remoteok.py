"""Remote OK: about the last hundred ads of many employers in one answer. SOURCES: remoteok.com/api"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import date_of
from crawler.harvest import BoardRun, Draft, flat_draft
from crawler.record import names
from crawler.spiders.base import BoardSpider


class Remoteok(BoardSpider):
    """The first element is the legal notice. Texts carry mojibake, a honeypot sentence and our own address in
    disguise (see data/text.toml). Pay is in US dollars a year by the site's convention; 0 means unknown."""

    name = "remoteok"
    base = "https://remoteok.com"
    path = "/api"
    many_employers = True
    ignored: ClassVar[frozenset[str]] = names(
        """
        legal last_updated slug epoch company_logo logo tags apply_url original verified
        """
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        for job in self.answers(response):
            if job.raw("legal") is not None:
                continue
            draft = flat_draft(job, title="position", employer="company")
            draft.workplace = "remote"
            draft.date_posted = job.date("date") or date_of(job.raw("epoch"))
            draft.salary = job.number("salary_min"), job.number("salary_max"), "USD", "year"
            yield draft
