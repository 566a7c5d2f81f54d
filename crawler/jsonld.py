"""schema.org JobPosting out of HTML pages: for the jsonld spider, for feeds that embed it, and for WARC files."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from typing import Any

from crawler.fields import employment_of, number_of, period_of
from crawler.harvest import Draft
from crawler.record import Record, names

_SCRIPT = re.compile(r"<script\b([^>]{0,1000})>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)
# Wrappers that sites put around the JSON against old parsers.
_WRAP = re.compile(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)|(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)\s*$"
)
_DEPTH = 6
_MOST = 500

_Pay = tuple[float | None, float | None, str, str | None]

IGNORED = names(
    """
    @context @type @id directApply industry occupationalCategory educationRequirements EducationRequirements
    experienceRequirements experienceInPlaceOfEducation uniqueJobCode image logo mainEntityOfPage
    incentiveCompensation jobBenefits workHours specialCommitments jobStartDate totalJobOpenings jobImmediateStart
    applicationContact employmentUnit salaryCurrency estimatedSalary relevantOccupation dateModified inLanguage
    identifier.@type identifier.name identifier.value identifier.@id
    hiringOrganization.@type hiringOrganization.sameAs hiringOrganization.logo hiringOrganization.url
    hiringOrganization.@id hiringOrganization.description hiringOrganization.address
    jobLocation.@type jobLocation.@id jobLocation.geo jobLocation.name jobLocation.latitude jobLocation.longitude
    jobLocation.address.@type jobLocation.address.streetAddress jobLocation.address.postalCode
    jobLocation.address.addressCountry.@type
    baseSalary.@type baseSalary.value.@type applicantLocationRequirements.@type
    """
)
"""Fields left aside on purpose. `applicationContact` names people."""


def find(page: str) -> list[dict[str, Any]]:
    """All JobPosting objects of a page: in any block, list, `@graph` or nested object, with the type attribute
    escaped or not. Broken blocks are passed over."""
    found: list[dict[str, Any]] = []
    for attributes, body in _SCRIPT.findall(page):
        if "ld+json" in html.unescape(attributes).lower():
            found.extend(_walk(_load(body), _DEPTH))
    return found[:_MOST]


def _load(body: str) -> Any:
    body = _WRAP.sub("", _WRAP.sub("", body)).strip()
    for text in (body, html.unescape(body), re.sub(r",\s*([}\]])", r"\1", body)):
        try:
            # Not strict: raw line ends inside strings are common.
            return json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _walk(node: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth == 0:
        return
    if isinstance(node, list):
        for item in node[:_MOST]:
            yield from _walk(item, depth - 1)
    elif isinstance(node, dict):
        kind = node.get("@type")
        kinds = kind if isinstance(kind, list) else [kind]
        if any(isinstance(name, str) and name.rpartition("/")[2] == "JobPosting" for name in kinds):
            yield node
            return
        for key in ("@graph", "mainEntity", "itemListElement", "item"):
            if key in node:
                yield from _walk(node[key], depth - 1)


def draft(posting: dict[str, Any], url: str) -> Draft:
    """A Draft of a JobPosting that stands on the page `url`; never raises, whatever the object holds."""
    job = Record(posting)
    remote = "TELECOMMUTE" in {value.upper() for value in job.texts("jobLocationType")}
    places = [place for location in job.some("jobLocation") for place in [_place(location)] if place]
    areas = [area.text("name") for area in job.some("applicantLocationRequirements")]
    employers = [employer.text("name") for employer in job.some("hiringOrganization")]
    address = job.text("url")
    types = job.texts("employmentType")
    return Draft(
        record=job,
        source_id=_id(job, address or url),
        title=html.unescape(job.text("title") or job.text("name")),
        parts=_parts(job),
        url=address if address.startswith("http") else url,
        employer=next(iter(employers), ""),
        locations=places or (areas if remote else []),
        workplace="remote" if remote else None,
        employment_type=employment_of(types[0]) if types else None,
        date_posted=job.date("datePosted"),
        valid_through=job.date("validThrough"),
        salary=_pay(job),
    )


def _id(job: Record, url: str) -> str:
    for identifier in job.some("identifier"):
        value = identifier.text("value") or identifier.text("name")
        # Some sites give the employer's name as the identifier of every job.
        if re.search(r"\d", value):
            return value[:200]
    return url.partition("?")[0].rstrip("/").rpartition("/")[2][:200] or url[-200:]


def _parts(job: Record) -> list[str]:
    parts = [job.text("description")]
    for key in ("responsibilities", "qualifications", "skills"):
        for text in job.texts(key):
            # Often a copy of a section of the description.
            if text.strip() and text.strip()[:80] not in parts[0]:
                parts.append(text)
    return parts


def _place(location: Record) -> str:
    if text := location.text("name"):
        return text
    names: list[str] = []
    for address in location.some("address"):
        for key in ("addressLocality", "addressRegion", "addressCountry"):
            # A country may be an object of its own.
            names += [part.text("name").strip() for part in address.some(key)]
        names.append(address.text("name"))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _pay(job: Record) -> _Pay | None:
    return next(iter([_range(salary, job.text("salaryCurrency")) for salary in job.some("baseSalary")]), None)


def _range(salary: Record, other_currency: str) -> _Pay:
    currency, unit = salary.text("currency") or other_currency, period_of(salary.text("unitText"))
    if isinstance(salary.raw("value"), dict):
        salary = salary.record("value")
        unit = period_of(salary.text("unitText")) or unit
    # Amounts come as numbers and as text; what is neither ("competitive") is no fault of the record.
    low, high, exact = (number_of(salary.raw(key)) for key in ("minValue", "maxValue", "value"))
    return low or exact, high or exact, currency, unit
