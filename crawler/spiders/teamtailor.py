"""Teamtailor's JSON feed, which carries a schema.org JobPosting per job. SOURCES: jsonfeed.org,
schema.org/JobPosting"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler import jsonld
from crawler.harvest import BoardRun
from crawler.record import names
from crawler.spiders.addresses import on_same_host
from crawler.spiders.base import BoardSpider, Outcome


class Teamtailor(BoardSpider):
    """The item's own id, title, address and text come before those of its `_jobposting`, which adds employer, places
    and pay. Long feeds have a `next_url`."""

    name = "teamtailor"
    base = "https://{slug}.teamtailor.com"
    path = "/jobs.json"
    ignored: ClassVar[frozenset[str]] = (
        jsonld.IGNORED
        | names("version title home_page_url feed_url description user_comment icon favicon language hubs expired")
        | names(
            """
            external_url content_text summary image banner_image date_modified author authors tags language attachments
            """,
            "items.",
        )
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        feed = self.answer(response)
        for item in feed.records("items"):
            posting = item.raw("_jobposting")
            draft = jsonld.draft(posting if isinstance(posting, dict) else {}, item.text("url"))
            number, title, text, posted = (
                item.text("id"),
                item.text("title"),
                item.text("content_html"),
                item.date("date_published"),
            )
            draft.source_id = number or draft.source_id
            draft.title = title or draft.title
            draft.parts = [text] if text else draft.parts
            draft.url = item.text("url") or draft.url
            draft.date_posted = posted or draft.date_posted
            yield draft
        following = on_same_host(feed.text("next_url"), response)
        if following not in {"", response.url}:
            yield self.ask(following)
