"""Open and closed: one test per rule."""

import datetime as dt

import pytest

from crawler.openness import of_board

DAY = [dt.datetime(2026, 3, day, tzinfo=dt.UTC) for day in range(1, 10)]


def history(*crawls):
    """(status, seen ads, stated total) per day as manifest rows and sightings."""
    rows, sightings = [], {}
    for day, (status, ads, *stated) in enumerate(crawls):
        requests = 0 if status == "import" else 1
        status = "ok" if status == "import" else status
        rows.append(
            {
                "crawl_id": str(day),
                "status": status,
                "stated_total": stated[0] if stated else None,
                "requests": requests,
            }
            | {"finished_at": DAY[day]}
        )
        sightings[str(day)] = dict.fromkeys(ads, DAY[day])
    return of_board(reversed(rows), sightings)


def closed(*crawls):
    return {ad: state.closed for ad, state in history(*crawls).items()}


def test_ok_closes_what_it_did_not_see():
    assert closed(("ok", "ab"), ("ok", "b")) == {"a": DAY[1], "b": None}


def test_an_ad_that_comes_back_is_open_again():
    states = history(("ok", "ab"), ("ok", "b"), ("ok", "ab"))
    assert states["a"].closed is None
    assert (states["a"].first_seen, states["a"].last_seen) == (DAY[0], DAY[2])


@pytest.mark.parametrize("status", ["partial", "failed", "dead"])
def test_incomplete_crawls_close_nothing(status):
    assert closed(("ok", "ab"), (status, "")) == {"a": None, "b": None}


def test_a_partial_crawl_still_sees():
    states = history(("ok", "a"), ("partial", "b"))
    assert states["b"].closed is None
    assert states["a"].last_seen == DAY[0]


def test_not_modified_counts_as_having_seen_everything_open():
    states = history(("ok", "ab"), ("ok", "b"), ("not_modified", ""))
    assert states["b"].last_seen == DAY[2]
    assert states["a"].closed == DAY[1]
    assert states["a"].last_seen == DAY[0]


def test_empty_closes_only_with_a_stated_zero_and_a_second_crawl():
    assert closed(("ok", "a"), ("empty", "", 0)) == {"a": None}
    assert closed(("ok", "a"), ("empty", ""), ("empty", "")) == {"a": None}
    assert closed(("ok", "a"), ("empty", "", 0), ("empty", "", 0)) == {"a": DAY[1]}
    assert closed(("ok", "a"), ("empty", "", 0), ("failed", ""), ("empty", "", 0)) == {"a": DAY[1]}
    assert closed(("ok", "a"), ("empty", "", 0), ("ok", "a"), ("empty", "", 0)) == {"a": None}


def test_an_import_is_a_sighting_and_closes_nothing():
    assert closed(("ok", "ab"), ("import", "c")) == {"a": None, "b": None, "c": None}
