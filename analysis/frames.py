"""Postings and mentions as frames with number codes: what every measurement starts from.
 `Frames.postings` has one row per posting (its latest version), index 0..n-1, columns as in `POSTING_DTYPES`.
Texts that a posting does not state are "" and numbers NaN, days NaT: these are inputs, the measured tables
hold none of them. `Frames.mentions` has one row per mention: `posting` (int32, row number in postings),
`skill` (int32, number in the catalog), `level` (int8, place in nlp.records.LEVELS). Thirty million mentions
are 270 MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from nlp.records import TRACKS

POSTING_DTYPES: Mapping[str, str] = {
    "posting_id": "str",
    "content_hash": "str",
    "source": "str",
    "board": "str",
    "employer": "str",  # as the ad states it
    "employer_id": "str",  # canonical (analysis.employers), "" when the ad names none
    "employer_name": "str",  # the most frequent spelling of the employer_id
    "agency": "bool",
    "title": "str",
    "location": "str",  # all of them, "; " between
    "url": "str",
    "date_posted": "datetime64[ns]",
    "valid_through": "datetime64[ns]",
    "first_seen": "datetime64[ns]",
    "last_seen": "datetime64[ns]",
    "closed": "bool",  # a later crawl read its board whole and did not find it
    "language": "str",
    "seniority": "str",
    "workplace": "str",
    "country": "str",
    "min_years": "float64",
    "pay_min_year": "float64",
    "pay_max_year": "float64",
    "salary_currency": "str",
    "ml_role": "bool",
    "ml_role_probability": "float64",
    **dict.fromkeys(TRACKS, "bool"),
    **{f"{name}_probability": "float64" for name in TRACKS},
    "synthetic": "bool",
    "vacancy": "int64",  # postings of one vacancy share it (analysis.duplicates)
}
_DEFAULTS = {"str": "", "bool": False, "float64": float("nan"), "datetime64[ns]": pd.NaT, "int64": -1}

LABEL_COLUMNS = ("posting_id", "ml_role", "cv", "nlp", "seq", "inclusion_prob")
CRAWL_COLUMNS = ("board", "source", "status", "stated_total", "obtained", "finished_at")


@dataclass(frozen=True)
class Frames:
    """What was collected and tagged.

    Attributes:
        postings, mentions: see the module. catalog: names and relations of the skills. labels: people's labels of
        randomly drawn postings (LABEL_COLUMNS; cv, nlp, seq 0, 1, 2), perhaps with `held_out` (bool: the classifier
        never trains on it) or cross-fitted
            predictions in `ml_role_prediction` and `any_prediction` (bool).
        crawls: the manifest (CRAWL_COLUMNS), empty for imports.
        untagged: number of stored postings without a tagging, which are not in `postings`.
    """

    postings: pd.DataFrame
    mentions: pd.DataFrame
    catalog: Catalog
    labels: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(LABEL_COLUMNS)))
    crawls: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=list(CRAWL_COLUMNS)))
    untagged: int = 0

    def with_postings(self, **columns: Any) -> Frames:
        """The same frames with some columns of the postings replaced."""
        return replace(self, postings=self.postings.assign(**columns))


def complete(postings: pd.DataFrame) -> pd.DataFrame:
    """A postings frame with every column of POSTING_DTYPES in its type; what is absent gets "", False, NaN or
    NaT.

    A posting without `vacancy` is a vacancy of its own.
    """
    columns = {}
    for name, dtype in POSTING_DTYPES.items():
        if name in postings:
            values: Any = postings[name]
            if dtype in ("str", "bool"):
                values = values.astype(object).where(values.notna(), _DEFAULTS[dtype])
            columns[name] = values.astype(dtype).reset_index(drop=True)
        else:
            columns[name] = pd.Series([_DEFAULTS[dtype]] * len(postings), dtype=dtype)
    frame = pd.DataFrame(columns)
    alone = (frame["vacancy"] < 0).to_numpy()
    taken = int(frame["vacancy"].max()) + 1 if len(frame) else 0
    frame.loc[alone, "vacancy"] = max(taken, 0) + np.arange(int(alone.sum()))
    return frame


def day(postings: pd.DataFrame) -> pd.Series:
    """The day a posting counts for: the day posted, else the day first seen."""
    return postings["date_posted"].fillna(postings["first_seen"])
