"""How long an ad was open: from its sightings, the manifest of crawls, and the days that it states itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from analysis.intervals import Array
from crawler.store import Store
from crawler.tables import CRAWLS, SIGHTINGS

LONGEST = 365
"""Days: what is said to be open for longer was left standing, or states a day that means nothing."""


def with_sightings(store: Store, postings: pd.DataFrame) -> pd.DataFrame:
    """The postings with `last_seen` and `closed`: a later crawl read the ad's board whole and did not find it.

    The rules of crawler.openness, for whole columns at once: a crawl with status ok saw all that was open, one that
    found nothing modified saw the same again, an import closes nothing. A board that was found empty closes nothing
    here. `postings` has posting_id, source, board, first_seen.
    """
    if not store.exists(SIGHTINGS):
        return postings.assign(last_seen=postings["first_seen"], closed=False)
    sightings = store.read(SIGHTINGS, ["posting_id", "crawl_id", "seen_at"]).to_pandas()
    sightings["seen_at"] = naive(sightings["seen_at"])
    last = _at(sightings.groupby("posting_id")["seen_at"].max(), postings["posting_id"])
    last = last.fillna(postings["first_seen"])
    looks = _looks(store)
    board = postings["source"] + ":" + postings["board"]
    whole, again = _at(looks["finished_at"], board), _at(looks["again"], board)
    crawl = pd.Series(looks["crawl_id"].reindex(board).to_numpy(object), index=postings.index).fillna("").astype(str)
    then = sightings[sightings["crawl_id"].isin(looks["crawl_id"])]
    found = (postings["posting_id"] + "\n" + crawl).isin(then["posting_id"] + "\n" + then["crawl_id"])
    closed = whole.notna() & ~found & (last <= whole)
    still = ~closed & again.notna() & (again > last)
    return postings.assign(last_seen=last.where(~still, again), closed=closed)


def _at(moments: pd.Series, keys: pd.Series) -> pd.Series:
    """The moment of each key, NaT for none, on the index of the keys."""
    return pd.Series(moments.reindex(keys).to_numpy("datetime64[ns]"), index=keys.index)


def _looks(store: Store) -> pd.DataFrame:
    """By board: the crawl_id and finished_at of the last crawl that read it whole, and `again`, the last that found
    nothing modified."""
    columns = ["crawl_id", "board", "status", "requests", "finished_at"]
    crawls = store.read(CRAWLS, columns).to_pandas() if store.exists(CRAWLS) else pd.DataFrame(columns=columns)
    crawls = crawls[crawls["requests"].fillna(0) > 0].sort_values("finished_at")
    crawls = crawls.assign(finished_at=naive(crawls["finished_at"]))
    whole = crawls[crawls["status"] == "ok"].drop_duplicates("board", keep="last").set_index("board")
    again = crawls[crawls["status"] == "not_modified"].groupby("board")["finished_at"].max()
    looks: pd.DataFrame = whole[["crawl_id", "finished_at"]].join(again.rename("again"), how="outer")
    return looks


def naive(moments: pd.Series) -> pd.Series:
    """Days and UTC moments as nanoseconds without a zone."""
    return pd.to_datetime(moments, utc=True).dt.tz_localize(None).astype("datetime64[ns]")


def open_days(postings: pd.DataFrame) -> Array:
    """The days that each ad was open, NaN where nothing tells: both ends are one moment.

    From the day posted, where it is stated and not after the day first seen, else from the day first seen; to the day
    last seen, or, for an ad that no crawl found closed, to the day until which it says it is valid, if that is later.
    At most LONGEST.
    """
    start = postings["date_posted"].where(postings["date_posted"] <= postings["first_seen"], postings["first_seen"])
    stated = postings["valid_through"].where(~postings["closed"] & (postings["valid_through"] > postings["last_seen"]))
    end = stated.fillna(postings["last_seen"])
    days: Any = (end - start).dt.total_seconds().to_numpy(float) / 86400
    found: Array = np.where(days > 0, np.clip(np.ceil(days), 1, LONGEST), np.nan)
    return found
