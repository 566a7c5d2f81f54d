"""Recorded answers of the real APIs (../shared/data/payloads): facts that were read off them by eye."""

import datetime as dt
import json
import re

import pytest
from crawler_reading import Reading

from crawler import jsonld
from crawler.hackernews import read_comment

pytestmark = pytest.mark.shared


@pytest.fixture
def payload(shared):
    return lambda name: (shared / "data" / "payloads" / name).read_bytes()


def by_id(reading):
    return {posting.source_id: posting for posting in reading.postings}


CASES = [
    # kind, file, one ad's id, and what it must be
    (
        "greenhouse",
        "ergon__greenhouse_sample.json",
        "7946288",
        {
            "title": "AI Engineer, Community Support Engineering",
            "employer": "Airbnb",
            "workplace": "remote",
            "locations": ("China - Remote", "Beijing, China"),
            "date_posted": dt.date(2026, 5, 21),
        },
    ),
    (
        "lever",
        "ergon__lever_sample.json",
        "88499546-e9f7-4403-87a5-240050bd7c5b",
        {
            "title": "Accounts Payable Analyst",
            "locations": ("New York, NY",),
            "workplace": "hybrid",
            "date_posted": dt.date(2026, 5, 11),
            "salary_min": 66189.0,
            "salary_max": 94556.0,
            "salary_currency": "USD",
            "salary_period": "year",
        },
    ),
    (
        "ashby",
        "ergon__ashby_sample.json",
        "34413f8d-26bf-4bbc-8ade-eb309a0e2245",
        {
            "title": "Security Engineer, Cloud",
            "workplace": "hybrid",
            "salary_min": 211400.0,
            "salary_max": 290600.0,
            "salary_period": "year",
            "date_posted": dt.date(2026, 4, 7),
            "employment_type": "full_time",
        },
    ),
    (
        "ashby",
        "ergon__ashby_sample.json",
        "67fadb77-43d8-4449-954b-d4cf2c6d3b8b",
        {
            "salary_period": "month",
            "salary_max": 11700.0,
            "employment_type": "internship",
        },
    ),
    (
        "recruitee",
        "ergon__recruitee_sample.json",
        "2622523",
        {
            "title": "AI Engineer",
            "employer": "Channable",
            "workplace": "hybrid",
            "salary_min": 5000.0,
            "salary_period": "month",
            "locations": ("Utrecht, Utrecht, Netherlands",),
            "date_posted": dt.date(2026, 6, 2),
        },
    ),
    (
        "personio",
        "ergon__personio_sample.xml",
        "1834171",
        {
            "title": "Staff Software Engineer, Data Platform",
            "employer": "Personio SE & Co. KG",
            "locations": ("Munich", "Berlin"),
            "employment_type": "full_time",
            "date_posted": dt.date(2024, 11, 13),
        },
    ),
    (
        "teamtailor",
        "ergon__teamtailor_jobs.json",
        "942c032b-91ee-4fc4-a044-c5e7971f3a1e",
        {
            "employer": "1KOMMA5° Sverige",
            "locations": ("Stockholm, Mälardalen, SE",),
            "date_posted": dt.date(2026, 5, 26),
        },
    ),
    (
        "remoteok",
        "sureshmenon87__remoteok-response_2025-08.json",
        "1097929",
        {
            "title": "Engineering Lead",
            "employer": "Aragon",
            "salary_min": 60000.0,
            "salary_max": 140000.0,
            "workplace": "remote",
            "date_posted": dt.date(2025, 8, 28),
        },
    ),
    (
        "remotive",
        "ergon__remotive_sample.json",
        "2090881",
        {
            "title": "Business Transformation Lead",
            "salary_min": 175000.0,
            "salary_max": 225000.0,
            "locations": ("USA",),
        },
    ),
    (
        "himalayas",
        "ergon__himalayas_sample.json",
        "remote/senior-backend-engineer-elixir-7339256917",
        {
            "salary_min": 53300.0,
            "salary_currency": "USD",
            "salary_period": "year",
            "date_posted": dt.date(2026, 6, 16),
            "valid_through": dt.date(2026, 8, 15),
        },
    ),
    (
        "themuse",
        "ergon__themuse_sample.json",
        "21643383",
        {
            "employer": "Uber",
            "locations": ("Tokyo, Japan",),
            "date_posted": dt.date(2026, 6, 11),
        },
    ),
    (
        "arbeitnow",
        "ergon__arbeitnow_sample.json",
        "marketing-operations-manager-100-remote-cologne-332231",
        {
            "title": "Marketing Operations Manager (m/w/d) | 100 % Remote",
            "workplace": "remote",
            "employment_type": "full_time",
            "date_posted": dt.date(2026, 6, 16),
        },
    ),
]


@pytest.mark.parametrize(("kind", "name", "source_id", "facts"), CASES, ids=[f"{c[0]}-{c[2][:12]}" for c in CASES])
def test_recorded_ads(kind, name, source_id, facts, payload):
    reading = Reading(kind).answer(payload(f"{kind}/{name}"), skip=0, offset=0, page=1)
    assert not reading.run.failure
    assert not reading.run.unknown, "every field is read or ignored on purpose"
    posting = by_id(reading)[source_id]
    assert {field: getattr(posting, field) for field in facts} == facts
    assert posting.description


def test_no_markup_honeypot_or_mojibake_survives(payload):
    reading = Reading("remoteok").answer(payload("remoteok/sureshmenon87__remoteok-response_2025-08.json"))
    assert len(reading.postings) == 96
    assert reading.run.dropped == {"no_title": 1}
    for posting in reading.postings:
        assert "Please mention the word" not in posting.description
        assert not re.search(r"#R[A-Za-z0-9+/]{8}|â\x80|Ã¼|</?(?:p|li|div|span)\b|\\n", posting.description)
    assert sum(posting.salary_min is None for posting in reading.postings) >= 3, "0 means unknown"


def test_a_real_page_of_arbeitnow(payload):
    reading = Reading("arbeitnow").answer(payload("arbeitnow/Creampanda__arbeitnow_jobs.json"))
    assert (len(reading.postings), len(reading.requests)) == (100, 0), "links.next leads to another host than we asked"
    assert not any(
        "&#x26;" in posting.description or "on Arbeitnow" in posting.description for posting in reading.postings
    )


@pytest.mark.parametrize(
    "name", ["invalid", "malformed", "no-working-experience", "multiple-positions", "single-position"]
)
def test_personio_edge_cases(name, payload):
    reading = Reading("personio").answer(payload(f"personio/CPS-IT__api-response-{name}.xml"))
    assert "spider failed" not in reading.run.failure
    assert bool(reading.postings) == (name not in {"invalid", "malformed"})


def test_lists_that_lead_to_pages(payload):
    workable = Reading("workable").answer(payload("workable/ergon__workable_sample.json"))
    assert [request.method for request in workable.requests] == ["POST"], (
        "the recorded widget has no texts: the list is asked"
    )
    listed = Reading("workable").answer(
        payload("workable/abhibattula__workable_sample.json"), hook="_list", employer="Acme"
    )
    assert len(listed.requests) == 3
    recruiters = Reading("smartrecruiters").answer(payload("smartrecruiters/abhibattula__smartrecruiters_sample.json"))
    assert [request.url.rpartition("/")[2] for request in recruiters.requests] == ["744000133907678", "744000129971988"]
    detail = Reading("smartrecruiters").answer(
        payload("smartrecruiters/abhibattula__smartrecruiters_detail.json"), hook="_detail"
    )
    assert detail.postings[0].locations == ("Austin, TX, United States",)
    assert not detail.run.unknown
    workday = Reading("workday", "nvidia.wd5.Site").answer(payload("workday/ergon__workday_sample.json"), facets={})
    assert b"jobFamilyGroup" in workday.requests[0].body, "2,000 is a cut list: facets part it"
    bamboo = Reading("bamboohr").answer(payload("bamboohr/ergon__bamboohr_jobs.json"))
    assert len(bamboo.requests) == 3
    lists = {"workable": workable, "listed": listed, "recruiters": recruiters, "workday": workday, "bamboo": bamboo}
    assert {name: reading.run.unknown for name, reading in lists.items() if reading.run.unknown} == {}


def test_recorded_job_pages(shared):
    pages = sorted((shared / "data" / "payloads" / "jsonld").glob("*.html"))
    drafts = {
        path.name: [jsonld.draft(one, "https://x.example/jobs/1") for one in jsonld.find(path.read_text())]
        for path in pages
    }
    assert all(len(found) == 1 for found in drafts.values())
    read = {path.name: Reading("jsonld").answer(path.read_bytes(), hook="_page").run.unknown for path in pages}
    assert {name: unknown for name, unknown in read.items() if unknown} == {}
    jazz = drafts["headstart__jazzhr.html"][0]
    assert (jazz.employer, jazz.employment_type, jazz.locations) == (
        "Bath Concepts Independent Dealers",
        "contract",
        ["Cherry Hill Township, NJ"],
    )
    fasti = drafts["1027-_AI_Engineer__Backend_foc_8591405.html"][0]
    assert fasti.salary == (12000.0, 26400.0, "USD", "year")
    assert (fasti.workplace, fasti.date_posted, fasti.valid_through) == (
        "remote",
        dt.date(2026, 2, 26),
        dt.date(2026, 3, 28),
    )


def test_a_recorded_hiring_thread(payload):
    jobs = json.loads(payload("hn/gantryops__runs_2026-02-01_raw.json"))["jobs"]
    comments = {job["id"]: job.get("text") for job in jobs if job["source"] == "who_is_hiring"}
    ads = {number: read_comment(text) for number, text in comments.items()}
    found = [ad for several in ads.values() for ad in several]
    assert len([several for several in ads.values() if several]) >= 0.95 * len(comments) - 5
    assert sum(ad.employer is not None for ad in found) >= 0.9 * len(found)
    assert sum(ad.title is not None for ad in found) >= 0.8 * len(found)
    (ad,) = ads[46863232]
    assert (ad.employer, ad.title, ad.workplace, ad.employment_type) == (
        "Immunera",
        "Principal Machine Learning Engineer",
        "hybrid",
        "full_time",
    )
    several = next(several for several in ads.values() if several and several[0].employer == "ML6")
    assert [ad.title for ad in several] == ["Machine Learning Engineer", "Data Engineer"]
    text = "Hey, I applied last month and haven’t received any response yet…"
    assert all(not read for number, read in ads.items() if text in (comments[number] or ""))


def test_recorded_search_and_thread_shapes(payload):
    search = Reading("hackernews", "whoishiring").answer(payload("hn/abhibattula__hn_search.json"))
    assert [request.url for request in search.requests] == ["https://hn.algolia.com/api/v1/items/48747976"]
    thread = Reading("hackernews").answer(payload("hn/abhibattula__hn_item.json"), hook="_thread")
    assert by_id(thread)["48747990"].employer == "We The Flywheel"
    assert not thread.run.unknown
