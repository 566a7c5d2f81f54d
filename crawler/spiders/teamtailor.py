"""Teamtailor's JSON feed, which carries a schema.org JobPosting per job. SOURCES: jsonfeed.org,
schema.org/JobPosting"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler import jsonld
from crawler.harvest import BoardRun
from crawler.spiders.base import BoardSpider, Outcome


class Teamtailor(BoardSpider):
    """The item's own id, title, address and text come before those of its `_jobposting`, which adds employer, places
    and pay. Long feeds have a `next_url`."""

    name = "teamtailor"
    base = "https://{slug}.teamtailor.com"
    path = "/jobs.json"
    ignored: ClassVar[frozenset[str]] = frozenset(
        {
            *jsonld.IGNORED,
            "items.id",
            "items.date_modified",
            "items.summary",
            "items.image",
            "items.tags",
            "items.author",
        }
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        feed = self.answer(response)
        for item in feed.records("items"):
            posting = item.raw("_jobposting")
            draft = jsonld.draft(posting if isinstance(posting, dict) else {}, item.text("url"))
            draft.source_id = item.text("id") or draft.source_id
            draft.title = item.text("title") or draft.title
            draft.parts = [item.text("content_html")] if item.text("content_html") else draft.parts
            draft.url = item.text("url") or draft.url
            draft.date_posted = item.date("date_published") or draft.date_posted
            yield draft
        following = feed.text("next_url")
        if following and following.startswith(response.url.partition("/jobs")[0] + "/"):
            yield self.ask(following)
