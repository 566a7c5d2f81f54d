"""Personio's XML feed: the whole board in one answer. SOURCES: support.personio.de/hc/en-us/articles/207576365"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, ClassVar

from scrapy import Request
from scrapy.http import Response

from crawler.fields import date_of, employment_of, workplace_of
from crawler.harvest import BadAnswerError, BoardRun, Draft
from crawler.record import names, note
from crawler.spiders.base import BoardSpider, Outcome

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_READ = names(
    """
    id subcompany office additionalOffices additionalOffices.office name jobDescriptions
    jobDescriptions.jobDescription jobDescriptions.jobDescription.name jobDescriptions.jobDescription.value
    employmentType schedule createdAt
    """,
    "position.",
)


class Personio(BoardSpider):
    """Texts are CDATA or escaped HTML, both in use; an employer that has switched the feed off sends an empty body;
    there is no address of a job in the feed, so it is made from the id. Feeds live under .de or .com."""

    name = "personio"
    base = "https://{slug}.jobs.personio.de"
    base_com = "https://{slug}.jobs.personio.com"
    path = "/xml?language=en"
    accept = "application/xml"
    ignored: ClassVar[frozenset[str]] = names(
        "department recruitingCategory seniority yearsOfExperience keywords occupation occupationCategory", "position."
    )

    def parse_board(self, response: Response, run: BoardRun) -> Iterator[Draft]:
        home = response.url.partition("/xml")[0]
        root = self._root(response)
        self._audit(root, "", run)
        for position in root.iter("position"):
            yield _draft(position, home)

    def _audit(self, element: Element, path: str, run: BoardRun) -> None:
        for child in element:
            name = path + str(child.tag)
            if name == "position" or name in _READ:
                self._audit(child, f"{name}.", run)
            elif name not in self.ignored:
                note(run.unknown, name)

    def missing(self, response: Response, run: BoardRun) -> Iterable[Outcome]:
        if run.asked > 1:
            run.dead = True
            run.failure = f"there is no such board ({response.status}), neither under .de nor under .com"
            return ()
        base = self.session.job.base_urls.get("personio_com", self.base_com)
        request: Request = self.ask((base + self.path).replace("{slug}", run.board.slug))
        return [request]

    @staticmethod
    def _root(response: Response) -> Element:
        from defusedxml import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring

        if not response.body.strip():
            raise BadAnswerError("the feed is empty: the employer has switched it off")
        try:
            root: Element = fromstring(response.body)
        except DefusedXmlException as exc:
            raise BadAnswerError("the XML holds entities or a DTD, which are refused") from exc
        except (ParseError, ValueError, LookupError, RecursionError) as exc:
            raise BadAnswerError("XML was promised, the answer is none") from exc
        if root.tag != "workzag-jobs":
            raise BadAnswerError(f"a <workzag-jobs> was promised, the answer is a <{str(root.tag)[:40]}>")
        return root


def _draft(position: Element, home: str) -> Draft:
    def text(name: str) -> str:
        return (position.findtext(name) or "").strip()

    offices = [text("office"), *((office.text or "") for office in position.iterfind("additionalOffices/office"))]
    parts = [
        f"<h3>{part.findtext('name') or ''}</h3>{part.findtext('value') or ''}"
        for part in position.iterfind("jobDescriptions/jobDescription")
    ]
    kind, schedule = text("employmentType"), text("schedule")
    return Draft(
        source_id=text("id"),
        title=text("name"),
        parts=parts,
        url=f"{home}/job/{text('id')}",
        employer=text("subcompany"),
        locations=offices,
        workplace="remote" if {workplace_of(office) for office in offices if office} == {"remote"} else None,
        # "permanent" says nothing about hours; the schedule does.
        employment_type=employment_of(schedule if kind in {"", "permanent"} and schedule else kind),
        date_posted=date_of(text("createdAt")),
    )
