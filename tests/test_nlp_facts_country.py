"""Countries from places as boards write them, and from texts."""

import pytest

from nlp.facts import country


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("Berlin, Germany", "DE"),
        ("Munich", "DE"),
        ("Austin, TX", "US"),
        ("New York, NY, United States", "US"),
        ("San Francisco", "US"),
        ("Remote (UK)", "GB"),
        ("London, England, United Kingdom", "GB"),
        ("London, ON, Canada", "CA"),
        ("Toronto, ON", "CA"),
        ("Memphis, TN 38100 (Kite Hill-Yorkshire area)", "US"),
        ("Berlin, DE 10115", "DE"),
        ("Remote (US-only)", "US"),
        ("Berlin, DE", "DE"),
        ("Wilmington, DE", "US"),
        ("Bangalore, IN", "IN"),
        ("Garching, BY, DE, 85748", "DE"),
        ("Vejle, DK", "DK"),
        ("Pointe-Claire, QC, CA, H9R 5J2", "CA"),
        ("Irvine, CA", "US"),
        ("Remote - Anywhere in Spain", "ES"),
        ("Zürich, Schweiz", "CH"),
        ("Hong Kong", "HK"),
        ("Atlanta, Georgia", "US"),
        ("São Paulo", "BR"),
        ("Warsaw, POL", "PL"),
        ("Remote", None),
        ("", None),
        ("🚀", None),
    ],
)
def test_place(place: str, code: str | None) -> None:
    assert country.of_place(place) == code


def test_stated_places_win_and_the_most_frequent_counts() -> None:
    assert country.extract("Based in Paris", "Acme | Rome", ("Berlin", "Austin, TX", "Hamburg, Germany")) == "DE"
    assert country.extract("Based in Paris", "Acme | Rome | Engineer") == "IT"
    assert country.extract("", "Acme | NY | on-site") == "US"


def test_a_place_may_be_glued_to_the_title() -> None:
    assert country.extract("", "Kite EngineerWorkshopRio de Janeiro, RJ/Remote") == "BR"
    assert country.extract("", "Sail MakerFull-timeLisbon") == "PT"
    assert country.extract("", "Kite Engineer at SailIndiaRope") is None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("We are a team based in Amsterdam with offices nearby.", "NL"),
        ("Location: Lyon, France\nStart: now", "FR"),
        ("Benefits: 401(k), dental", "US"),
        ("Arbeitsort: Wien", "AT"),
        ("Job location Occitanie - France Employer unknown", "FR"),
        ("Notre client basé à Toulouse, leader des cerfs-volants", "FR"),
        ("Work location to be agreed", None),
        ("A job without any place", None),
    ],
)
def test_text(text: str, code: str | None) -> None:
    assert country.extract(text) == code
