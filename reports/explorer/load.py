"""From the measured frames to the arrays of the explorer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from crawler.errors import EmptyError
from reports.explorer.data import CONTEXT, PREFERRED, REQUIRED, SENIORITY, TRACKS, WORKPLACE, Facet, Population
from reports.explorer.state import UNSTATED

if TYPE_CHECKING:
    import pandas as pd

    from analysis.frames import Frames

_BITS = np.array([REQUIRED, PREFERRED, CONTEXT], np.uint8)  # in the order of nlp.records.LEVELS


def population(frames: Frames) -> Population:
    """The postings of ML roles as arrays, sorted so that of a vacancy's repeats the one that counts comes first.

    Raises:
        EmptyError: nothing is stored, nothing is tagged, or no posting is an ML role.
    """
    from analysis.frames import day

    postings = frames.postings
    _refuse_empty(len(postings), frames.untagged, int(postings["ml_role"].sum()))
    order = postings.assign(day=day(postings))[postings["ml_role"]].sort_values(["day", "posting_id"]).index
    place = np.full(len(postings), -1, np.int32)
    place[order.to_numpy()] = np.arange(len(order), dtype=np.int32)
    chosen = postings.loc[order].reset_index(drop=True)
    catalog = frames.catalog
    row, skill, flags = _entries(frames.mentions, place, len(catalog.ids))
    employer = Facet.of(chosen["employer_id"])
    posted = chosen["date_posted"]
    return Population(
        ids=_texts(chosen["posting_id"]),
        titles=_texts(chosen["title"]),
        urls=_texts(chosen["url"]),
        employers=_texts(chosen["employer_name"].where(chosen["employer_name"] != "", chosen["employer"])),
        hashes=_texts(chosen["content_hash"]),
        facets=_facets(chosen, employer),
        employer_names=dict(zip(chosen["employer_id"].tolist(), chosen["employer_name"].tolist(), strict=True)),
        currency=Facet.of(chosen["salary_currency"]),
        tracks=chosen[list(TRACKS)].to_numpy(dtype=bool),
        month=_months(day(chosen)),
        posted=posted.notna().to_numpy(),
        date=_days(posted),
        pay=((chosen["pay_min_year"] + chosen["pay_max_year"]) / 2).to_numpy(dtype=np.float32),
        cluster=_clusters(employer),
        vacancy=np.unique(chosen["vacancy"], return_inverse=True)[1].astype(np.int32),
        origin=order.to_numpy(dtype=np.int32),
        catalog=catalog,
        entry_row=row,
        entry_skill=skill,
        entry_flags=flags,
    )


def _facets(chosen: pd.DataFrame, employer: Facet) -> dict[str, Facet]:
    return {
        "seniority": Facet.of(chosen["seniority"], SENIORITY),
        "workplace": Facet.of(chosen["workplace"], WORKPLACE),
        "country": Facet.of(chosen["country"]),
        "employer": employer,
        "source": Facet.of(chosen["source"]),
    }


def _refuse_empty(tagged: int, untagged: int, roles: int) -> None:
    if not tagged and not untagged:
        raise EmptyError("the store holds no postings; run `skilldemand crawl` or `skilldemand import` first")
    if not tagged:
        raise EmptyError(f"none of the {untagged:,} postings is tagged; run `skilldemand tag` first")
    if not roles:
        raise EmptyError(
            f"none of the {tagged:,} tagged postings is an ML developer's job; there is nothing to explore"
        )


def _texts(column: pd.Series[Any]) -> Any:
    import pyarrow as pa

    return pa.array(column.astype(object), pa.large_string())


def _months(when: pd.Series[Any]) -> Any:
    return ((when.dt.year - 1970) * 12 + when.dt.month - 1).fillna(-1).to_numpy(dtype=np.int16)


def _days(when: pd.Series[Any]) -> Any:
    import pandas as pd

    return (when - pd.Timestamp(0)).dt.days.fillna(-1).to_numpy(dtype=np.int32)


def _clusters(employer: Facet) -> Any:
    """Employer codes; a posting without employer gets a code of its own behind the others."""
    code = employer.index.get(UNSTATED)
    out = employer.codes.copy()
    if code is not None:
        alone = out == code
        out[alone] = code + np.arange(int(alone.sum()), dtype=np.int32)
    return out


def _entries(mentions: pd.DataFrame, place: Any, skills: int) -> tuple[Any, Any, Any]:
    """(row, skill, strongest level as a flag) of each pair of posting and skill, sorted by row."""
    row = place[mentions["posting"].to_numpy()]
    kept = row >= 0
    key = row[kept].astype(np.int64) * max(skills, 1) + mentions["skill"].to_numpy()[kept]
    flags = _BITS[mentions["level"].to_numpy()[kept]]
    order = np.argsort(key, kind="stable")
    keys, start = np.unique(key[order], return_index=True)
    strongest = np.maximum.reduceat(flags[order], start) if len(keys) else flags
    return (keys // max(skills, 1)).astype(np.int32), (keys % max(skills, 1)).astype(np.int32), strongest
