"""The demo recording: the invented jobs of data/demo/*.toml as answers of their boards' APIs, in one WARC file.

`python -m crawler.demo FILE` writes it; a test holds that the shipped file is what this module makes of the jobs.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import json
import sys
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.archive import Archive
from crawler.warc import Exchange, key_of

_RECORDED = dt.datetime(2026, 3, 16, 9, 0, tzinfo=dt.UTC)
_ROBOTS = b"User-agent: *\nAllow: /\n"


def companies() -> list[dict[str, Any]]:
    """The employers with their jobs, by name."""
    folder = files("crawler") / "data" / "demo"
    found = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return [tomllib.loads((folder / name).read_text(encoding="utf-8")) for name in found]


def exchanges() -> list[tuple[str, Exchange]]:
    """Board and exchange of everything that the recording holds, robots.txt included."""
    made: list[tuple[str, Exchange]] = []
    for company in companies():
        host, path, build = _APIS[company["kind"]]
        url = f"https://{host}{path.replace('{slug}', company['slug'])}"
        text = (("Content-Type", "text/plain"),)
        made.append(("robots", Exchange(f"https://{host}/robots.txt", 200, text, _ROBOTS)))
        body = json.dumps(build(company), ensure_ascii=False, indent=1).encode()
        headers = (("Content-Type", "application/json"), ("ETag", f'"{company["slug"]}-1"'))
        made.append((f"{company['kind']}:{company['slug']}", Exchange(url, 200, headers, body)))
    return made


def write_recording(path: Path) -> None:
    """Write the recording; the bodies are the same on every run, WARC's ids and dates are not."""
    boards = " ".join(f"{company['kind']}:{company['slug']}" for company in companies())
    names = {f"{company['kind']}:{company['slug']}": company["employer"] for company in companies()}
    about = {"boards": boards, "employers": json.dumps(names), "synthetic": "true", "started": _RECORDED.isoformat()}
    archive = Archive(path.parent, f"writing-{path.name}", about)
    for board, exchange in exchanges():
        archive.record(key_of("GET", exchange.url, b""), exchange, board)
    written = archive.path
    archive.close()
    written.with_name(f"{written.name}.index").unlink()
    written.replace(path)


def _markup(text: str) -> list[tuple[str, str]]:
    """Sections of a job's text as (heading, HTML): "## " starts a section, "- " an item."""
    sections: list[tuple[str, io.StringIO]] = [("", io.StringIO())]
    items = False
    for line in (line.strip() for line in text.strip().splitlines()):
        if items and not line.startswith("- "):
            sections[-1][1].write("</ul>")
            items = False
        if line.startswith("## "):
            sections.append((line[3:], io.StringIO()))
        elif line.startswith("- "):
            sections[-1][1].write(("" if items else "<ul>") + f"<li>{html.escape(line[2:], quote=False)}</li>")
            items = True
        elif line:
            sections[-1][1].write(f"<p>{html.escape(line, quote=False)}</p>")
    if items:
        sections[-1][1].write("</ul>")
    return [(heading, body.getvalue()) for heading, body in sections]


def _whole(company: dict[str, Any], job: dict[str, Any]) -> str:
    parts = "".join((f"<h3>{heading}</h3>" if heading else "") + body for heading, body in _markup(job["text"]))
    return f"<p>{company['about']}</p>{parts}"


def _greenhouse(company: dict[str, Any]) -> dict[str, Any]:
    jobs = []
    for job in company["jobs"]:
        ranges = [
            {
                "min_cents": low * 100,
                "max_cents": high * 100,
                "currency_type": currency,
                "title": "Annual salary",
                "blurb": "",
            }
            for low, high, currency in filter(None, [job.get("pay")])
        ]
        posted = job["date"].isoformat()
        jobs.append(
            {
                "id": job["id"],
                "internal_job_id": job["id"] + 9_000_000,
                "title": job["title"],
                "company_name": company["employer"],
                "location": {"name": "; ".join(job["places"])},
                "absolute_url": f"https://jobs.example.org/{company['slug']}/{job['id']}",
                "first_published": f"{posted}T09:30:00+01:00",
                "updated_at": "2026-03-12T18:00:00+01:00",
                "requisition_id": f"R{job['id']}",
                "metadata": [{"id": 1, "name": "Workplace", "value": job["workplace"], "value_type": "single_select"}],
                "offices": [],
                "departments": [],
                "pay_input_ranges": ranges,
                "content": html.escape(_whole(company, job), quote=False),
            }
        )
    return {"jobs": jobs, "meta": {"total": len(jobs)}}


def _lever(company: dict[str, Any]) -> list[dict[str, Any]]:
    jobs = []
    for job in company["jobs"]:
        (_, intro), *sections = _markup(job["text"])
        pay, moment = job.get("pay"), dt.datetime.combine(job["date"], dt.time(10), dt.UTC)
        period = f"per-{pay[3] if pay and len(pay) > 3 else 'year'}-salary"
        jobs.append(
            {
                "id": job["id"],
                "text": job["title"],
                "categories": {
                    "location": job["places"][0],
                    "allLocations": job["places"],
                    "commitment": job.get("type", "Permanent"),
                },
                "createdAt": int(moment.timestamp() * 1000),
                "workplaceType": "on-site" if job["workplace"] == "onsite" else job["workplace"],
                "hostedUrl": f"https://jobs.example.org/{company['slug']}/{job['id']}",
                "description": f"<div>{company['about']}</div>{intro}",
                "lists": [
                    {"text": heading, "content": body.removeprefix("<ul>").removesuffix("</ul>")}
                    for heading, body in sections
                ],
                "additional": "",
                "salaryRange": {"min": pay[0], "max": pay[1], "currency": pay[2], "interval": period} if pay else None,
            }
        )
    return jobs


def _ashby(company: dict[str, Any]) -> dict[str, Any]:
    jobs = []
    names = {"onsite": "OnSite", "hybrid": "Hybrid", "remote": "Remote"}
    for job in company["jobs"]:
        salary = [
            {"compensationType": "Salary", "interval": f"1 {period.upper()}", "currencyCode": currency}
            | {"minValue": low, "maxValue": high}
            for low, high, currency, period in filter(None, [job.get("pay")])
        ]
        jobs.append(
            {
                "id": job["id"],
                "title": job["title"],
                "employmentType": "FullTime",
                "location": job["places"][0],
                "secondaryLocations": [{"location": place} for place in job["places"][1:]],
                "publishedAt": f"{job['date'].isoformat()}T14:00:00.000+00:00",
                "isListed": True,
                "isRemote": job["workplace"] == "remote",
                "workplaceType": names[job["workplace"]],
                "jobUrl": f"https://jobs.example.org/{company['slug']}/{job['id']}",
                "descriptionHtml": _whole(company, job),
                "compensation": {"summaryComponents": salary},
            }
        )
    return {"jobs": jobs}


_APIS = {
    "greenhouse": (
        "boards-api.greenhouse.io",
        "/v1/boards/{slug}/jobs?content=true&pay_transparency=true",
        _greenhouse,
    ),
    "lever": ("api.lever.co", "/v0/postings/{slug}?mode=json&skip=0&limit=100", _lever),
    "ashby": ("api.ashbyhq.com", "/posting-api/job-board/{slug}?includeCompensation=true", _ashby),
}

if __name__ == "__main__":
    write_recording(Path(sys.argv[1]))
