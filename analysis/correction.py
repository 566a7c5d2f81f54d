"""Track shares corrected for the classifier's errors, from a probability sample of labels (analysis.powered).

Filters and the one row per vacancy hold here as they do for the raw shares: both are known of every posting, so the
labels inside them are a sample of the part (domain estimation, Cochran 1977, section 2.12). What cannot be told from
the labels that there are is refused in words, never guessed.

Predictions on labelled postings must come from models that did not see their labels. Where the labels bring
cross-fitted predictions (columns `ml_role_prediction`, `<track>_prediction`), pi' is pi. Else only the labels of the
classifier's test split stand in the last sum (column `held_out`): it is a random quarter of the employers, so pi' is a
quarter of pi for them. All labels stand in the first sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis import bootstrap
from analysis.demand import TRACK_NAMES
from analysis.frames import Frames
from analysis.intervals import Array
from analysis.options import Options
from analysis.population import employer_codes, filtered, one_per_vacancy
from analysis.powered import prediction_powered
from nlp.records import TRACKS
from nlp.tracks.splits import TEST as HELD_OUT

CORRECTED = [
    "scope",
    "value",
    "id",
    "name",
    "raw",
    "share",
    "low",
    "high",
    "boot_low",
    "boot_high",
    "labelled",
    "postings",
    "weight_of_predictions",
    "note",
]
COLUMN = {"computer_vision": "cv", "nlp": "nlp", "sequence_modeling": "seq"}
NAMES = {"any_track": "Any of the three tracks", **TRACK_NAMES}


@dataclass(frozen=True)
class _Scope:
    """A part of the postings: a mask over them, and why its labels cannot speak for it ("" where they can)."""

    kind: str
    value: str
    inside: Array
    note: str = ""


def corrected(frames: Frames, options: Options) -> pd.DataFrame:
    """Columns CORRECTED: the raw and the corrected share of any track and of each, in these scopes:

    "all"; "source"; "source, year" (stated days; value "name, 2016"); "source, years" (value "name, 2012 to 2014"):
    neighbouring years of a source taken together until each part holds enough labels, where single years do not.

    share, low, high: corrected, interval of analysis.powered; boot_low, boot_high: the interval from
    `options.replicates` replicates of employers drawn anew in the labels and in the rest; labelled, postings: of the
    scope; weight_of_predictions: lambda. note says why a row has no correction: its share is then the raw one and its
    intervals are the whole of [0, 1]. One vacancy, one vote. Empty without labels with an inclusion probability.
    """
    postings = frames.postings
    if options.source:
        postings = postings[postings["source"].isin(options.source)].reset_index(drop=True)
    labels = _usable(frames.labels, postings)
    if not len(labels):
        return pd.DataFrame(columns=CORRECTED)
    inside = filtered(postings, options)
    if options.duplicates:
        kept = one_per_vacancy(postings, np.flatnonzero(inside))
        inside = np.isin(np.arange(len(postings)), kept)
    employer = employer_codes(postings)
    rows = [
        row
        for scope in _scopes(postings, labels, inside, options)
        for row in _rows(scope, postings, labels, employer, options)
    ]
    return pd.DataFrame(rows, columns=CORRECTED)


def _usable(labels: pd.DataFrame, postings: pd.DataFrame) -> pd.DataFrame:
    """Randomly drawn labels of stored postings, the latest of each, with `row`, the posting's number."""
    labels = labels[labels["inclusion_prob"].notna() & labels["ml_role"].notna()]
    labels = labels.drop_duplicates("posting_id", keep="last")
    row = pd.Series(np.arange(len(postings)), index=postings["posting_id"])
    labels = labels[labels["posting_id"].isin(row.index)]
    return labels.assign(row=labels["posting_id"].map(row).astype(int)).reset_index(drop=True)


def _scopes(postings: pd.DataFrame, labels: pd.DataFrame, inside: Array, options: Options) -> Iterator[_Scope]:
    source = postings["source"].to_numpy(object)
    at = labels["row"].to_numpy()
    lacking = [
        str(name) for name in sorted(set(source[postings["ml_role"].to_numpy(bool)])) if not (source[at] == name).any()
    ]
    note = f"refused: no sampled labels for {', '.join(lacking)}" if lacking else ""
    yield _Scope("all", "", inside, note or _frame(labels, np.ones(len(postings), bool)))
    years = postings["date_posted"].dt.year
    for name in sorted(set(source)):
        here = source == name
        note = _frame(labels, here)
        yield _Scope("source", str(name), inside & here, note)
        part = inside & here & postings["ml_role"].to_numpy(bool)
        found = [int(year) for year in sorted(years[part].dropna().unique())]
        if len(found) < 2:
            continue
        for first, last in [
            *((year, year) for year in found),
            *_together(found, years[at[(inside & here)[at]]], options),
        ]:
            kind = "source, year" if first == last else "source, years"
            span = str(first) if first == last else f"{first} to {last}"
            yield _Scope(kind, f"{name}, {span}", inside & here & years.between(first, last).to_numpy(), note)


def _together(found: list[int], labelled: pd.Series, options: Options) -> list[tuple[int, int]]:
    """Spans (first, last) of neighbouring years that hold enough labels each, but for those of one year.

    The years left over at the end join the last span.
    """
    spans: list[tuple[int, int]] = []
    start = found[0]
    for year in found:
        if labelled.between(start, year).sum() >= options.min_label_count:
            spans.append((start, year))
            start = year + 1
    if spans and start <= found[-1]:
        spans[-1] = spans[-1][0], found[-1]
    return [span for span in spans if span[0] < span[1]]


def _frame(labels: pd.DataFrame, inside: Array) -> str:
    """Why labels can't speak for all postings: they were drawn from a part of them, or from others too.

    Postings that came or went since the draw are all right, and so is chance, where the draw was not by source.
    """
    chosen = labels[inside[labels["row"].to_numpy()]]
    if not len(chosen):
        return ""  # too few, whatever they were drawn from
    stood_for, postings = float((1 / chosen["inclusion_prob"]).sum()), int(inside.sum())
    factor = 1 + max(0.3, 3 / len(chosen) ** 0.5)
    if max(stood_for, postings) <= factor * min(stood_for, postings):
        return ""
    return f"refused: the labels stand for {stood_for:,.0f} postings, but {postings:,} are here; draw labels from these"


def _rows(
    scope: _Scope, postings: pd.DataFrame, labels: pd.DataFrame, employer: Array, options: Options
) -> Iterator[list[object]]:
    inside = scope.inside
    chosen, part = labels[inside[labels["row"].to_numpy()]], postings[inside]
    note = scope.note
    if not note and len(chosen) < options.min_label_count:
        note = f"too few: {len(chosen)} labelled postings, {options.min_label_count} needed"
    codes = np.unique(employer[inside], return_inverse=True)[1]
    drawn = None if note else bootstrap.counts(int(codes.max()) + 1, options.replicates, options.seed)
    at = (np.cumsum(inside) - 1)[chosen["row"].to_numpy()]
    role = part["ml_role"].to_numpy(float)
    probability = chosen["inclusion_prob"].to_numpy(float)
    for name, title in NAMES.items():
        tracks = list(TRACKS) if name == "any_track" else [name]
        asks = role * part[tracks].to_numpy(bool).any(axis=1)
        raw = float(asks.sum() / role.sum()) if role.sum() else 0.0
        named = [scope.kind, scope.value, name, title, raw]
        if note:
            yield [*named, raw, 0.0, 1.0, 0.0, 1.0, len(chosen), len(part), 0.0, note]
            continue
        seen, honest = _seen(chosen, tracks, role[at], asks[at], probability)
        found = prediction_powered(
            {"role": role, "asks": asks},
            at,
            _said(chosen, tracks),
            seen,
            probability,
            codes,
            options.level,
            honest,
            drawn,
        )
        ends = (found.low, found.high, found.boot_low, found.boot_high)
        yield [*named, found.theta, *ends, len(chosen), len(part), found.power, ""]


def _said(chosen: pd.DataFrame, tracks: list[str]) -> dict[str, Array]:
    """What people say: the role, and that it asks for one of `tracks`."""
    role = chosen["ml_role"].to_numpy(float)
    return {"role": role, "asks": role * (chosen[[COLUMN[t] for t in tracks]].to_numpy(float) > 0).any(axis=1)}


def _seen(
    chosen: pd.DataFrame, tracks: list[str], role: Array, asks: Array, probability: Array
) -> tuple[dict[str, Array], Array]:
    """(predictions on the labelled postings, 1 / pi' of each)."""
    names = ["ml_role_prediction", *(f"{track}_prediction" for track in tracks)]
    if set(names) <= set(chosen.columns):
        own = chosen["ml_role_prediction"].to_numpy(float)
        return {"role": own, "asks": own * chosen[names[1:]].to_numpy(bool).any(axis=1)}, 1 / probability
    seen = {"role": role, "asks": asks}
    if "held_out" not in chosen:
        return seen, 1 / probability
    return seen, np.where(chosen["held_out"].to_numpy(bool), 1 / (HELD_OUT * probability), 0.0)
