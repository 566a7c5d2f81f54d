"""How long ads were open: the columns agree with the rules of crawler.openness, the days with what is stated."""

import datetime

import numpy as np
import pandas as pd
import pytest
from analysis_frames import frames
from hypothesis import example, given, settings
from hypothesis import strategies as st

from analysis.frames import complete
from analysis.openness import LONGEST, open_days, with_sightings
from analysis.options import Options
from analysis.population import select, weighting_notes, weights
from analysis.run import measure
from crawler.openness import of_store
from crawler.store import Store
from crawler.tables import CRAWLS, SIGHTINGS

UTC = datetime.UTC
crawls = st.lists(
    st.tuples(st.sampled_from(["ok", "not_modified", "partial", "failed"]), st.sets(st.integers(0, 4)), st.booleans()),
    min_size=1,
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(crawls)
@example([("ok", {0}, False), ("not_modified", set(), True), ("ok", set(), True)])
def test_closed_and_last_seen_are_those_of_the_rules(tmp_path_factory, drawn):
    store = Store(tmp_path_factory.mktemp("store"))
    for day, (status, found, asked) in enumerate(drawn, start=1):
        at = datetime.datetime(2024, 1, day, tzinfo=UTC)
        row = {"crawl_id": f"c{day}", "board": "s:b", "source": "s", "status": status, "finished_at": at}
        seen = found if status in ("ok", "partial") else set()
        sightings = [
            {
                "posting_id": f"s:b:{i}",
                "content_hash": "x",
                "crawl_id": f"c{day}",
                "seen_at": at - datetime.timedelta(hours=1),
            }
            for i in sorted(seen)
        ]
        store.append(f"b{day}", {SIGHTINGS: sightings, CRAWLS: [row | {"requests": 1 if asked else 0, "obtained": 0}]})
    rules = of_store(store)
    if not rules:
        return
    postings = pd.DataFrame({"posting_id": list(rules), "source": "s", "board": "b"})
    postings["first_seen"] = pd.to_datetime([rules[i].first_seen for i in rules], utc=True).tz_localize(None)
    table = with_sightings(store, postings.astype({"first_seen": "datetime64[ns]"}))
    for row in table.itertuples():
        rule = rules[row.posting_id]
        assert row.closed == (rule.closed is not None)
        assert row.last_seen == pd.Timestamp(rule.last_seen).tz_localize(None)


@pytest.mark.parametrize(
    ("posted", "first", "last", "valid", "closed", "days"),
    [
        ("2024-01-01", "2024-01-05", "2024-01-11", None, False, 10),
        (None, "2024-01-05", "2024-01-11", None, False, 6),
        ("2024-01-08", "2024-01-05", "2024-01-11", None, False, 6),  # reposted: it was there before
        (None, "2024-01-05", "2024-01-05", "2024-02-04", False, 30),
        (None, "2024-01-05", "2024-01-09", "2024-02-04", True, 4),  # closed before the day it states
        (None, "2024-01-05", "2024-01-05", "2023-12-01", False, None),
        (None, "2024-01-05", "2024-01-05", None, False, None),
        ("2010-01-01", "2024-01-05", "2024-01-05", "2099-01-01", False, LONGEST),
    ],
)
def test_days(posted, first, last, valid, closed, days):
    row = {"posting_id": "a", "date_posted": posted, "first_seen": first, "last_seen": last, "valid_through": valid}
    table = complete(pd.DataFrame([row | {"closed": closed}]))
    found = open_days(table)[0]
    assert np.isnan(found) if days is None else found == days


def test_days_weigh_and_what_nothing_tells_weighs_the_median():
    made = frames(300, 60)
    until = made.postings["first_seen"] + pd.to_timedelta(np.where(np.arange(300) % 3 == 0, 10, 40), unit="D")
    made = made.with_postings(valid_through=until.where(np.arange(300) % 2 == 0))
    options = Options(weights="days", parts=("sources",))
    population = select(made, options)
    assert set(population.weight) == {10.0, 40.0}
    assert (population.weight[1::2] == 40).all()
    assert measure(made, options).notes == weighting_notes(population, options)
    assert "50% of the postings tell" in weighting_notes(population, options)[0]
    assert measure(made, options).any_track.share != measure(made, Options(parts=("sources",))).any_track.share
    assert "weights: days" in set(measure(made, Options(parts=("sources",))).sensitivity["what"])


def test_where_nothing_tells_the_weights_change_nothing_and_say_so():
    made = frames(300, 60)
    options = Options(weights="days", parts=("sources",))
    result = measure(made, options)
    assert result.notes == ("weights by days change nothing here: no posting tells how long it was open",)
    assert result.any_track.share == measure(made, Options(parts=())).any_track.share
    assert "weights: days" not in set(result.sensitivity["what"])
    assert (weights(made.postings, np.zeros(300, int), "days") == 1).all()
