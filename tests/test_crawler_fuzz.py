"""Any answer of the right outer shape gives postings or counted drops, never an exception or a failed board."""

import json
import os

import pytest
from crawler_fixtures import saved_boards
from crawler_reading import Reading, saved, walk
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

VALUE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=30)
    | st.sampled_from(["<p>machine learning</p>", "2026-01-01", "\x00", "\ud800", "1e999", "https://x.example/j"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "id", "value", "text", "items"]), inner, max_size=3)
    ),
    max_leaves=6,
)


def job(*keys):
    return st.fixed_dictionaries({}, optional=dict.fromkeys(keys, VALUE)) | VALUE


GREENHOUSE = job(
    "id",
    "internal_job_id",
    "title",
    "content",
    "location",
    "offices",
    "metadata",
    "pay_input_ranges",
    "first_published",
    "company_name",
)
LEVER = job(
    "id", "text", "categories", "lists", "description", "additional", "createdAt", "salaryRange", "workplaceType"
)
ASHBY = job(
    "id", "title", "isListed", "secondaryLocations", "compensation", "descriptionHtml", "isRemote", "employmentType"
)
RECRUITEE = job("id", "title", "status", "locations", "salary", "description", "requirements", "employment_type_code")
WORKABLE = job("shortcode", "title", "description", "locations", "city", "country", "published_on", "telecommuting")
POSTING = job(
    "@type",
    "title",
    "description",
    "jobLocation",
    "hiringOrganization",
    "baseSalary",
    "identifier",
    "employmentType",
    "url",
    "skills",
)
FEED = job(
    "id",
    "slug",
    "position",
    "title",
    "description",
    "location",
    "salary",
    "company",
    "job_types",
    "links",
    "created_at",
    "guid",
    "name",
    "contents",
    "locations",
    "refs",
    "pubDate",
    "salary_min",
)
COMMENT = job("id", "text", "created_at_i", "children")

SHAPES = {
    "greenhouse": lambda jobs: {"jobs": jobs, "meta": {"total": len(jobs)}},
    "lever": lambda jobs: jobs,
    "ashby": lambda jobs: {"jobs": jobs},
    "recruitee": lambda jobs: {"offers": jobs},
    "workable": lambda jobs: {"name": "Acme", "jobs": jobs},
    "teamtailor": lambda jobs: {"items": [{"id": "1", "title": "ML", "_jobposting": one} for one in jobs]},
    "remoteok": lambda jobs: jobs,
    "remotive": lambda jobs: {"jobs": jobs},
    "arbeitnow": lambda jobs: {"data": jobs, "links": {}},
    "himalayas": lambda jobs: {"jobs": jobs, "totalCount": len(jobs)},
    "themuse": lambda jobs: {"results": jobs, "page_count": 1},
    "smartrecruiters": lambda jobs: {"content": jobs, "totalFound": len(jobs)},
    "bamboohr": lambda jobs: {"result": jobs},
    "workday": lambda jobs: {"jobPostings": jobs, "total": len(jobs)},
    "usajobs": lambda jobs: {"SearchResult": {"SearchResultItems": jobs}},
}
JOBS = {
    "greenhouse": GREENHOUSE,
    "lever": LEVER,
    "ashby": ASHBY,
    "recruitee": RECRUITEE,
    "workable": WORKABLE,
    "teamtailor": POSTING,
}


def places(value, path=()):
    """Where something stands in a JSON value: keys and positions from the top."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield (*path, key)
        yield from places(item, (*path, key))


def replaced(value, path, new):
    """The value with something else at one place."""
    if not path:
        return new
    if isinstance(value, dict):
        return {key: replaced(item, path[1:], new) if key == path[0] else item for key, item in value.items()}
    if isinstance(value, list):
        return [replaced(item, path[1:], new) if at == path[0] else item for at, item in enumerate(value)]
    return value


def harmed(data, body):
    """An answer with anything anywhere if it is JSON, with characters lost, doubled and changed if it is not."""
    text = body.decode()
    if text.lstrip().startswith(("{", "[")):
        value = json.loads(text)
        for path in data.draw(st.lists(st.sampled_from(list(places(value))), min_size=1, max_size=4)):
            value = replaced(value, path, data.draw(VALUE))
        return json.dumps(value).encode()
    for at in data.draw(st.lists(st.integers(0, max(0, len(text) - 1)), max_size=6)):
        text = (
            text[:at] + data.draw(st.sampled_from(["", "<", ">", "&", "]]>", "\x00", '"', "{", "é"])) + text[at + 1 :]
        )
    return text.encode()


@pytest.mark.parametrize("folder", saved_boards())
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_saved_boards_with_anything_anywhere(folder, data):
    """Lists, pages and details of every kind: postings or counted drops or a failure in words."""
    os.environ |= {"USAJOBS_KEY": "written-for-tests", "USAJOBS_EMAIL": "test@example.org"}
    routes, slug = saved(folder)
    route = data.draw(st.sampled_from(sorted(routes)))
    reading = walk(saved_boards()[folder]["kind"], {**routes, route: harmed(data, routes[route])}, slug, most=40)
    assert "spider failed" not in " ".join([reading.run.failure, *reading.run.troubles])
    assert len(reading.postings) == reading.run.obtained
    for posting in reading.postings:
        assert posting.title
        assert posting.description
        json.dumps([posting.posting_id, posting.employer, posting.locations, posting.url], ensure_ascii=False).encode()
        posting.description.encode("utf-8")


@pytest.mark.parametrize("kind", SHAPES)
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_lists_of_anything(kind, data):
    jobs = data.draw(st.lists(JOBS.get(kind, FEED), max_size=4))
    slug = "acme.wd1.Site" if kind == "workday" else "acme"
    reading = Reading(kind, slug).answer(json.dumps(SHAPES[kind](jobs)), skip=0, offset=0, page=1, facets={})
    assert not reading.run.failure
    assert len(reading.postings) == reading.run.obtained
    for posting in reading.postings:
        json.dumps([posting.title, posting.description, posting.url]).encode()
        posting.description.encode("utf-8")


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(comments=st.lists(COMMENT, max_size=4))
def test_threads_of_anything(comments):
    reading = Reading("hackernews").answer(json.dumps({"children": comments}), hook="_thread")
    assert not reading.run.failure


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(blocks=st.lists(POSTING, max_size=3), wrap=st.sampled_from(["{}", '{{"@graph": [{}]}}', "<!-- {} -->", "[{}]"]))
def test_pages_of_anything(blocks, wrap):
    scripts = "".join(
        f'<script type="application/ld+json">{wrap.format(json.dumps(block))}</script>' for block in blocks
    )
    reading = Reading("jsonld").answer(f"<html>{scripts}", hook="_page")
    assert not reading.run.failure


@pytest.mark.parametrize("kind", [*SHAPES, "hackernews", "personio"])
@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"{}", b"3", b"<html>", b"\xff\xfe", b"[" * 5_000, b'{"jobs": {}}']
)
def test_wrong_outer_shapes_fail_the_board_in_words_or_read_nothing(kind, body):
    slug = "acme.wd1.Site" if kind == "workday" else "acme"
    reading = Reading(kind, slug).answer(body, skip=0, offset=0, page=1, facets={})
    assert not reading.postings
    assert "spider failed" not in reading.run.failure
