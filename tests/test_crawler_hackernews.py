"""Comments of hiring threads: headers, several roles, and what is no ad."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.hackernews import is_hiring_thread, read_comment

BODY = "<p>We count fish with sonar and are hiring people who like boats. Apply at reef.example."


@pytest.mark.parametrize(
    ("header", "employer", "title", "places", "workplace", "employment", "pay"),
    [
        (
            "Acme Reef | ML Engineer | Lisbon, Portugal | ONSITE | Full-time | €60k-80k",
            "Acme Reef",
            "ML Engineer",
            ("Lisbon, Portugal",),
            "onsite",
            "full_time",
            (60_000, 80_000, "EUR", None),
        ),
        (
            "Acme Reef (YC W24) | Senior / Staff Engineer | REMOTE (US)",
            "Acme Reef",
            "Senior / Staff Engineer",
            ("REMOTE (US)",),
            "remote",
            None,
            None,
        ),
        (
            "Acme Reef - Data Scientist - London - Hybrid",
            "Acme Reef",
            "Data Scientist",
            ("London",),
            "hybrid",
            None,
            None,
        ),
        (
            "reef.example.ai | Research Engineer (Vision/Sonar) | NYC or Remote",
            "reef.example.ai",
            "Research Engineer (Vision/Sonar)",
            ("NYC or Remote",),
            "remote",
            None,
            None,
        ),
        (
            "San Francisco, CA | Acme Reef | Backend Engineer | onsite or remote",
            "Acme Reef",
            "Backend Engineer",
            (),
            None,
            None,
            None,
        ),
        (
            "Acme Reef | DevOps&#x2F;Backend developer | Contract | Berlin",
            "Acme Reef",
            "DevOps/Backend developer",
            ("Berlin",),
            None,
            "contract",
            None,
        ),
    ],
)
def test_headers(header, employer, title, places, workplace, employment, pay):
    (ad,) = read_comment(header + BODY)
    assert (ad.employer, ad.title, ad.workplace, ad.employment_type, ad.salary) == (
        employer,
        title,
        workplace,
        employment,
        pay,
    )
    assert set(places) <= set(ad.locations)


def test_a_link_first_and_the_header_below():
    (ad,) = read_comment(
        '<a href="https:&#x2F;&#x2F;snail.example">https:&#x2F;&#x2F;snail.example</a>'
        "<p>Acme Snail | ML Engineer | REMOTE" + BODY
    )
    assert (ad.employer, ad.title) == ("Acme Snail", "ML Engineer")


def test_several_roles_share_the_common_text_only():
    ads = read_comment(
        "Acme Reef | ML Engineer, Data Engineer | Lisbon | Full-time<p>We count fish."
        "<p>ML Engineer: you train detectors in PyTorch"
        "<p>- three years of vision\n- CUDA<p>Data Engineer: you move terabytes with Airflow<p>Apply at reef.example"
    )
    assert [(ad.number, ad.title) for ad in ads] == [(1, "ML Engineer"), (2, "Data Engineer")]
    assert "PyTorch" in ads[0].text
    assert "CUDA" in ads[0].text
    assert "Airflow" not in ads[0].text
    assert "Airflow" in ads[1].text
    assert "CUDA" not in ads[1].text
    assert all("count fish" in ad.text and "Apply at" in ad.text for ad in ads)


def test_roles_listed_in_the_body():
    ads = read_comment(
        "Acme Reef | Multiple roles | REMOTE | Full-time<p>We count fish."
        "<p>- Senior ML Engineer: PyTorch\n- Data Engineer: Airflow\n<p>Apply!"
    )
    assert [ad.title for ad in ads] == ["Senior ML Engineer", "Data Engineer"]
    assert "Airflow" not in ads[0].text


@pytest.mark.parametrize(
    "comment",
    [
        None,
        "",
        "Is this open to people in Canada?",
        "Please, companies, think about offering a four day week. It does everybody good, and I speak from experience.",
        "SEEKING WORK | Remote | Python, ML. Willing to relocate: yes. Résumé/CV: on request. I am an engineer.",
        "I applied in March and never heard back from them, so be careful. Others have told me the same story.",
    ],
)
def test_what_is_no_ad(comment):
    assert read_comment(comment) == []


def test_threads_are_told_apart_by_title():
    assert is_hiring_thread("Ask HN: Who is hiring? (March 2026)")
    assert not is_hiring_thread("Ask HN: Who wants to be hired? (March 2026)")
    assert not is_hiring_thread("Ask HN: Freelancer? Seeking freelancer? (March 2026)")


@given(st.text(alphabet=st.sampled_from("Acme |-•/,()&;:<p>\n hiring Engineer remote$100k "), max_size=400))
def test_anything_is_read(comment):
    for ad in read_comment(comment):
        assert ad.text
