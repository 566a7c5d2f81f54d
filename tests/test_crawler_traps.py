"""What the sources are known to do, one test per trap that the saved responses do not show."""

import gzip
import json
from types import SimpleNamespace

import pytest
from crawler_reading import Reading

from crawler import jsonld
from crawler.harvest import BadAnswerError


def missing(reading, url="https://board.example/x", hook="parse_board", **meta):
    """What the spider asks for after a 404."""
    reading.run.asked += 1
    request = reading.spider.ask(url, getattr(reading.spider, hook), **meta)
    return list(reading.spider.missing(SimpleNamespace(status=404, url=url, meta=request.meta), reading.run))


def test_lever_boards_unknown_in_the_us_are_asked_for_in_the_eu():
    reading = Reading("lever")
    (request,) = missing(reading)
    assert request.url.startswith("https://api.eu.lever.co/v0/postings/acme?")
    assert missing(reading) == []
    assert reading.run.dead
    assert "neither in the US nor in the EU" in reading.run.failure


def test_lever_pages_end_with_one_that_is_not_full():
    jobs = [{"id": str(n), "text": "ML Engineer", "description": "PyTorch"} for n in range(100)]
    url = "https://api.lever.co/v0/postings/acme?mode=json&skip=0&limit=100"
    reading = Reading("lever").answer(json.dumps(jobs), url, skip=0)
    assert [request.url for request in reading.requests] == [url.replace("skip=0", "skip=100")]
    assert not Reading("lever").answer(json.dumps(jobs[:99]), url, skip=0).requests


def test_personio_feeds_live_under_de_or_com():
    reading = Reading("personio")
    (request,) = missing(reading)
    assert request.url == "https://acme.jobs.personio.com/xml?language=en"
    assert missing(reading) == []
    assert reading.run.dead


def test_personio_feeds_that_are_switched_off_say_so():
    assert "switched it off" in Reading("personio").answer(b"").run.failure


def test_workable_lists_are_asked_where_widgets_are_empty():
    reading = Reading("workable").answer(json.dumps({"name": "Acme Ovens", "jobs": []}))
    (listing,) = reading.requests
    assert (listing.method, listing.url) == ("POST", "https://apply.workable.com/api/v3/accounts/acme/jobs")
    jobs = [{"shortcode": "AA11", "title": "ML Engineer"}, {"shortcode": "../x", "title": "ML Engineer"}]
    body = json.dumps({"total": 3, "results": jobs, "nextPage": "t0ken"})
    reading.answer(body, hook="_list", employer="Acme Ovens")
    detail, more = reading.requests[1:]
    assert detail.url == "https://apply.workable.com/api/v2/accounts/acme/jobs/AA11"
    assert json.loads(more.body)["token"] == "t0ken"
    assert reading.run.dropped == {"no_id": 1}
    page = {
        "shortcode": "AA11",
        "title": "ML Engineer",
        "description": "<p>Bread.</p>",
        "requirements": "<p>PyTorch</p>",
    }
    page |= {"locations": [{"city": "Patras", "country": "Greece"}], "workplace": "on_site", "published": "2026-01-02"}
    (posting,) = reading.answer(json.dumps(page), hook="_detail", employer="Acme Ovens").postings
    assert posting.description == "Bread.\n\nPyTorch"
    assert (posting.employer, posting.locations, posting.workplace) == ("Acme Ovens", ("Patras, Greece",), "onsite")


def test_workday_lists_that_are_cut_are_read_facet_by_facet():
    facets = [{"facetParameter": "jobFamilyGroup", "values": [{"id": "a", "count": 1_500}, {"id": "b", "count": 900}]}]
    answer = {"total": 2_000, "jobPostings": [], "facets": facets}
    reading = Reading("workday", "acme.wd3.Ext").answer(json.dumps(answer), facets={})
    assert [json.loads(r.body)["appliedFacets"] for r in reading.requests] == [
        {"jobFamilyGroup": ["a"]},
        {"jobFamilyGroup": ["b"]},
    ]
    part = {"total": 45, "jobPostings": [], "facets": facets}
    reading.answer(json.dumps(part), facets={"jobFamilyGroup": ["a"]})
    assert [json.loads(request.body)["offset"] for request in reading.requests[2:]] == [20, 40]
    assert all(json.loads(request.body)["limit"] == 20 for request in reading.requests)


@pytest.mark.parametrize(
    ("organization", "employer"),
    [("2100 Acme USA", "Acme USA"), ("3M Docks", "3M Docks"), ("", "acme"), (None, "acme")],
)
def test_workday_employers_lose_the_number_of_their_cost_centre(organization, employer):
    page = {"jobPostingInfo": {"jobReqId": "R1", "title": "ML", "jobDescription": "x"}}
    page["hiringOrganization"] = {"name": organization}
    reading = Reading("workday", "acme.wd3.Ext").answer(json.dumps(page), hook="_detail")
    assert reading.postings[0].employer == employer


def test_workday_parts_that_are_still_cut_are_parted_again():
    facets = [{"facetParameter": name, "values": [{"id": f"{name}1"}]} for name in ("family", "place")]
    answer = json.dumps({"total": 2_000, "jobPostings": [], "facets": facets})
    reading = Reading("workday", "acme.wd3.Ext").answer(answer, facets={"family": ["a"]})
    assert [json.loads(request.body)["appliedFacets"] for request in reading.requests] == [
        {"family": ["a"], "place": ["place1"]}
    ]
    last = Reading("workday", "acme.wd3.Ext").answer(answer, facets={"family": ["a"], "place": ["b"]})
    assert last.run.troubles == ["a list is cut at 2000 and has no facets left to part it by"]


def test_smartrecruiters_has_no_dead_boards():
    reading = Reading("smartrecruiters").answer(json.dumps({"offset": 0, "limit": 100, "totalFound": 0, "content": []}))
    assert reading.run.verdict() == ("empty", None)


def test_workday_boards_need_three_parts():
    reading = Reading("workday", "acme")
    with pytest.raises(BadAnswerError, match=r"TENANT\.wdN\.SITE"):
        list(reading.spider.first_requests(reading.run))


def test_smartrecruiters_pages_by_stated_total():
    reading = Reading("smartrecruiters").answer(json.dumps({"totalFound": 250, "content": []}))
    assert [request.url.rpartition("=")[2] for request in reading.requests] == ["100", "200"]


def test_smartrecruiters_job_ids_cannot_climb():
    content = [{"id": "../../other", "name": "ML Engineer"}]
    reading = Reading("smartrecruiters").answer(json.dumps({"totalFound": 1, "content": content}))
    assert not reading.requests
    assert reading.run.dropped == {"no_id": 1}


def test_himalayas_counts_what_came_and_not_what_it_asked_for():
    jobs = [{"title": "ML", "guid": f"https://himalayas.app/companies/a/jobs/{n}"} for n in range(20)]
    body = json.dumps({"totalCount": 95_217, "limit": 20, "jobs": jobs})
    reading = Reading("himalayas", "all").answer(body, offset=40)
    assert reading.requests[0].url.endswith("offset=60")


def test_arbeitnow_stays_on_its_host():
    body = {"data": [{"slug": "x", "title": "ML"}], "links": {"next": "https://elsewhere.example/api?page=2"}}
    assert not Reading("arbeitnow", "all").answer(json.dumps(body)).requests


def test_ads_repeated_by_shifting_pages_count_once():
    job = {"slug": "x", "title": "ML Engineer", "description": "PyTorch"}
    reading = Reading("arbeitnow", "all").answer(json.dumps({"data": [job, job], "links": {}}))
    assert (reading.run.obtained, reading.run.seen) == (1, 1)


def test_people_are_not_kept():
    detail = {
        "id": "1",
        "name": "ML Engineer",
        "creator": {"name": "Jane Q. Sample"},
        "jobAd": {"sections": {"jobDescription": {"text": "Ask jane@sample.example or +49 30 1234567"}}},
    }
    (posting,) = Reading("smartrecruiters").answer(json.dumps(detail), hook="_detail").postings
    assert "Jane" not in repr(posting)
    assert posting.description == "Ask [e-mail] or [phone]"


def test_sitemaps_that_unpack_without_end_are_refused():
    bomb = gzip.compress(b"<urlset>" + b" " * 80_000_000)
    reading = Reading("jsonld", "careers.example").answer(bomb, hook="_sitemap", visited={}, depth=1)
    assert reading.run.failure == "a sitemap unpacks to more than 64 MiB"


@pytest.mark.parametrize(
    "address", ["http://[", "https://board.example:x/jobs/1", "//elsewhere.example/jobs/2", "", " "]
)
def test_addresses_that_are_none_cost_only_themselves(address):
    sitemap = f"<urlset><url><loc>{address}</loc></url><url><loc>https://board.example/jobs/9</loc></url></urlset>"
    reading = Reading("jsonld").answer(sitemap, hook="_sitemap", visited={}, depth=1)
    assert [request.url for request in reading.requests] == ["https://board.example/jobs/9"]
    assert not reading.run.failure
    body = {"data": [{"slug": "x", "title": "ML"}], "links": {"next": address}}
    feed = Reading("arbeitnow", "all").answer(json.dumps(body))
    assert not feed.requests
    assert not feed.run.failure


def test_sitemaps_in_circles_and_of_other_hosts_are_left_aside():
    index = (
        "<sitemapindex>"
        + "".join(
            f"<sitemap><loc>{url}</loc></sitemap>"
            for url in (
                "https://board.example/path",
                "https://board.example/b.xml",
                "https://elsewhere.example/c.xml",
            )
        )
        + "</sitemapindex>"
    )
    reading = Reading("jsonld").answer(index, hook="_sitemap", visited={"https://board.example/path": 0}, depth=1)
    assert [request.url for request in reading.requests] == ["https://board.example/b.xml"]
    plain = index.replace("https://board", "http://board")
    reading = Reading("jsonld").answer(plain, hook="_sitemap", visited={}, depth=1)
    assert reading.requests[-1].url == "https://board.example/b.xml", "http in the sitemap of an https site"
    assert not Reading("jsonld").answer(index, hook="_sitemap", visited={}, depth=3).requests, (
        "three deep is deep enough"
    )


def page(*blocks, kind="application/ld+json"):
    return "".join(f'<script type="{kind}">{block}</script>' for block in blocks)


POSTING = '{"@type": "JobPosting", "title": "ML Engineer"}'


def test_job_postings_are_found_wherever_they_stand():
    assert len(jsonld.find(page(POSTING, '{"@type": "Organization"}', POSTING))) == 2
    assert jsonld.find(page(f'{{"@graph": [{{"@type": "WebSite"}}, {POSTING}]}}'))
    assert jsonld.find(page(f'[{{"@type": "ItemList", "itemListElement": [{{"item": {POSTING}}}]}}]'))
    assert jsonld.find(page(POSTING, kind="application/ld&#x2B;json"))
    assert jsonld.find(page('{"@type": ["Thing", "JobPosting"], "title": "x"}'))
    assert jsonld.find(page('{"\\u0040type": "JobPosting"}'))
    assert jsonld.find(page('{"@type": "JobPosting", "description": "raw\nline\tends"}'))
    assert jsonld.find(page(f"<!-- {POSTING} -->"))
    assert jsonld.find(page('{"@type": "JobPosting", "title": "x",}'))
    assert jsonld.find(page('{"@type": "https://schema.org/JobPosting"}'))
    assert jsonld.find(page("{broken", POSTING))
    assert jsonld.find(page("[" * 50_000)) == []
    assert jsonld.find("<p>no block</p>") == []


def test_job_posting_fields_in_all_their_forms():
    def read(**fields):
        return jsonld.draft(
            {"@type": "JobPosting", "title": "x", "description": "y", **fields}, "https://a.example/jobs/9"
        )

    assert read(employmentType="FULL_TIME").employment_type == read(employmentType=["FULL_TIME", "X"]).employment_type
    assert read(hiringOrganization="Acme").employer == read(hiringOrganization={"name": "Acme"}).employer == "Acme"
    place = {"address": {"addressLocality": "Brest", "addressCountry": "FR"}}
    assert read(jobLocation=place).locations == read(jobLocation=[place]).locations == ["Brest, FR"]
    assert read(jobLocation={"address": "Brest"}).locations == ["Brest"]
    assert read(baseSalary={"currency": "EUR", "value": {"value": 50_000, "unitText": "YEAR"}}).salary == (
        50_000,
        50_000,
        "EUR",
        "year",
    )
    assert read(baseSalary={"currency": "EUR", "value": "4000", "unitText": "MONTH"}).salary == (
        4000,
        4000,
        "EUR",
        "month",
    )
    assert read().salary is None
    assert read().source_id == "9"
    assert read(identifier={"name": "Acme", "value": "J-5"}).source_id == "J-5"
    assert read(identifier="Acme").source_id == "9", "an employer's name is no id"
    assert read(jobLocationType="TELECOMMUTE", applicantLocationRequirements={"name": "FR"}).locations == ["FR"]
    assert read(qualifications="Rust", description="You need Rust").parts == ["You need Rust"]
