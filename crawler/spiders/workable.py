"""Workable: the widget's answer holds the whole board with texts; the newer list has no texts and is asked if that
is empty.

SOURCES: help.workable.com (widget), apply.workable.com/api/v3 as the career pages themselves use it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from scrapy.http import Response

from crawler.fields import employment_of, workplace_of
from crawler.harvest import BoardRun, Draft
from crawler.record import Record, names
from crawler.relevance import may_be_technical
from crawler.spiders.base import BoardSpider, Outcome

_LIST = "/api/v3/accounts/{slug}/jobs"
_QUERY = {"query": "", "location": [], "department": [], "worktype": [], "remote": []}
_PLACE = "locations.countryCode locations.hidden locations.country_code location"
_NEWER = "id code department accountUid approvalStatus isInternal language state"


class Workable(BoardSpider):
    """One job stands in the widget once per country: its places are joined. Some accounts' widgets are empty though
    they have jobs; then the list of `/api/v3` and a page per job are read."""

    name = "workable"
    base = "https://apply.workable.com"
    path = "/api/v1/widget/accounts/{slug}?details=true"
    ignored: ClassVar[frozenset[str]] = (
        names("description")
        | names(_PLACE + " shortlink application_url code department education experience function industry", "jobs.")
        # What the list says of a job, its page says too.
        | names(_NEWER + " location locations remote workplace type published", "results.")
        | names(_PLACE + " location.countryCode")
        | names(_NEWER)
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        board = self.answer(response)
        drafts: dict[str, Draft] = {}
        employer = board.text("name")
        for job in board.records("jobs"):
            draft = _widget_draft(job, employer)
            twin = drafts.setdefault(draft.source_id, draft)
            if twin is not draft:
                twin.locations = [*twin.locations, *draft.locations]
        if drafts and any(any(draft.parts) for draft in drafts.values()):
            yield from drafts.values()
        else:
            yield self.ask(self.url(run, _LIST), self._list, json_body=_QUERY, employer=employer)

    def _list(self, response: Response, run: BoardRun) -> Iterator[Outcome]:
        answer = self.answer(response)
        run.stated = answer.integer("total")
        employer = response.meta["employer"]
        for job in answer.records("results"):
            code, title = job.text("shortcode"), job.text("title")
            if not self.session.job.everything and not may_be_technical(title):
                run.drop("not_relevant")
            elif code.isalnum():
                path = f"/api/v2/accounts/{{slug}}/jobs/{code}"
                yield self.ask(self.url(run, path), self._detail, employer=employer)
            else:
                run.drop("no_id")
        token = answer.text("nextPage")
        if token:
            body = _QUERY | {"token": token}
            yield self.ask(self.url(run, _LIST), self._list, json_body=body, employer=employer)

    def _detail(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        job = self.answer(response)
        code, remote = job.text("shortcode"), job.flag("remote")
        yield Draft(
            source_id=code,
            title=job.text("title"),
            parts=_sections(job),
            url=f"https://apply.workable.com/{run.board.slug}/j/{code}/",
            employer=response.meta["employer"],
            locations=_places(job) or [_place(job.record("location"))],
            workplace=workplace_of(job.text("workplace")) or ("remote" if remote else None),
            employment_type=employment_of(job.text("type")),
            date_posted=job.date("published"),
        )


def _widget_draft(job: Record, employer: str) -> Draft:
    own = ", ".join(filter(None, (job.text("city"), job.text("state"), job.text("country"))))
    published, created = job.date("published_on"), job.date("created_at")
    return Draft(
        source_id=job.text("shortcode"),
        title=job.text("title"),
        parts=_sections(job),
        url=job.text("url"),
        employer=employer,
        locations=_places(job) or [own],
        workplace="remote" if job.flag("telecommuting") else None,
        employment_type=employment_of(job.text("employment_type")),
        date_posted=published or created,
    )


def _sections(job: Record) -> list[str]:
    return [job.text("description"), job.text("requirements"), job.text("benefits")]


def _places(job: Record) -> list[str]:
    return [place for place in map(_place, job.records("locations")) if place]


def _place(location: Record) -> str:
    return ", ".join(filter(None, (location.text("city"), location.text("region"), location.text("country"))))
