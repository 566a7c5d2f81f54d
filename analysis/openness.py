"""How long an ad was open: from its sightings, the manifest of crawls, and the days that it states itself."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
import pandas as pd

from analysis.intervals import Array
from crawler.store import Store
from crawler.tables import CRAWLS, SIGHTINGS

LONGEST = 365
"""Days: what is said to be open for longer was left standing, or states a day that means nothing."""
_EVER = pd.Timestamp("2200-01-01")


def with_sightings(store: Store, postings: pd.DataFrame) -> pd.DataFrame:
    """The postings with `last_seen` and `closed`: a later crawl read the ad's board whole and did not find it.

    The rules of crawler.openness, for whole columns at once: a crawl with status ok saw all that was open, one that
    found nothing modified saw the same again, an import closes nothing. A board that was found empty closes nothing
    here. `postings` has posting_id, source, board, first_seen.
    """
    if not store.exists(SIGHTINGS):
        return postings.assign(last_seen=postings["first_seen"], closed=False)
    board = postings["source"] + ":" + postings["board"]
    crawls = _crawls(store)
    seen = _seen(store, crawls, pd.Series(board.to_numpy(), index=postings["posting_id"]))
    last = _at(seen["seen_at"], postings["posting_id"]).fillna(postings["first_seen"])
    upto = _at(seen["upto"], postings["posting_id"]).fillna(last)
    asked = crawls[crawls["requests"].fillna(0) > 0]
    closing = _beside(asked[asked["status"] == "ok"], board, upto, "forward")
    again = _beside(asked[asked["status"] == "not_modified"], board, closing.fillna(_EVER), "backward")
    return postings.assign(last_seen=last.where(~(again > last), again), closed=closing.notna())


def _crawls(store: Store) -> pd.DataFrame:
    columns = ["crawl_id", "board", "status", "requests", "finished_at"]
    crawls = store.read(CRAWLS, columns).to_pandas() if store.exists(CRAWLS) else pd.DataFrame(columns=columns)
    return crawls.assign(finished_at=naive(crawls["finished_at"]))


def _seen(store: Store, crawls: pd.DataFrame, boards: pd.Series) -> pd.DataFrame:
    """By posting_id: when it was last seen, and the end of the last crawl that saw it."""
    sightings = store.read(SIGHTINGS, ["posting_id", "crawl_id", "seen_at"]).to_pandas()
    sightings = sightings[sightings["posting_id"].isin(boards.index)]
    sightings = sightings.assign(
        seen_at=naive(sightings["seen_at"]),
        board=boards.groupby(level=0).first().reindex(sightings["posting_id"]).to_numpy(),
    )
    finished = crawls.drop_duplicates(["crawl_id", "board"], keep="last")[["crawl_id", "board", "finished_at"]]
    joined = sightings.merge(finished, how="left", on=["crawl_id", "board"])
    joined["upto"] = joined[["seen_at", "finished_at"]].max(axis=1)
    ends: pd.DataFrame = joined.groupby("posting_id")[["seen_at", "upto"]].max()
    return ends


def _beside(
    crawls: pd.DataFrame, board: pd.Series, moments: pd.Series, direction: Literal["forward", "backward"]
) -> pd.Series:
    """For each board and moment the end of its nearest crawl after it or before it, NaT for none."""
    left = pd.DataFrame({"board": board, "moment": moments, "row": np.arange(len(board))}).sort_values("moment")
    right = crawls[["board", "finished_at"]].sort_values("finished_at")
    joined = pd.merge_asof(
        left,
        right,
        left_on="moment",
        right_on="finished_at",
        by="board",
        direction=direction,
        allow_exact_matches=False,
    )
    return pd.Series(joined.sort_values("row")["finished_at"].to_numpy("datetime64[ns]"), index=board.index)


def _at(moments: pd.Series, keys: pd.Series) -> pd.Series:
    """The moment of each key, NaT for none, on the index of the keys."""
    return pd.Series(moments.reindex(keys).to_numpy("datetime64[ns]"), index=keys.index)


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
