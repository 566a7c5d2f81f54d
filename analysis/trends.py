"""Demand over time: only postings that state their day, and never two sources in one line unless their mix is held
fixed.

Sources differ more from each other than years do, so a line that mixes them shows when a source was collected. A line
is therefore one source; "all sources, fixed mix" weighs the shares of those sources that have every one of its periods
by their total number of dated postings, the same in every period (direct standardisation). A vacancy counts once in
each period in which it was posted: its reposts in later months are demand in those months.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.demand import FIGURE, TRACK_NAMES, any_track, figures
from analysis.frames import Frames
from analysis.intervals import Array, Matrix, clopper_pearson
from analysis.options import Options
from analysis.population import Population, select
from nlp.records import TRACKS

TRENDS = ["line", "period", "start", "kind", "id", "name", *FIGURE]
FIXED_MIX = "all sources, fixed mix"
_PERIODS = {"month": "M", "year": "Y"}


def dated(frames: Frames, options: Options) -> Population | None:
    """The postings with a stated day, one row per vacancy, source and month; None when there are none."""
    known = frames.postings["date_posted"].notna()
    if not (known & frames.postings["ml_role"]).any():
        return None
    month = frames.postings["date_posted"].dt.to_period("M").astype(str)
    key, _ = pd.factorize(frames.postings["vacancy"].astype(str) + " " + frames.postings["source"] + " " + month)
    only = frames.with_postings(ml_role=frames.postings["ml_role"] & known, vacancy=key)
    return select(only, options)


def followed(population: Population, options: Options) -> tuple[pd.DataFrame, Matrix]:
    """What trends are drawn of: any track, the tracks, the groups and the most demanded skills: (kind, id, name) and
    n x K.
    """
    catalog, either = population.catalog, population.either
    counts = np.asarray(either.sum(axis=0, dtype=np.int64)).ravel()
    top = np.lexsort((np.arange(len(counts)), -counts))[: options.trend_skills]
    top = top[counts[top] >= options.min_count]
    rows = [("headline", "any_track", "Any of the three tracks"), *(("track", t, TRACK_NAMES[t]) for t in TRACKS)]
    columns: list[Matrix] = [any_track(population), population.postings[list(TRACKS)].to_numpy(np.int8)]
    for group, (name, members) in catalog.groups.items():
        rows.append(("group", group, name))
        asked = np.asarray(either[:, list(members)].sum(axis=1, dtype=np.int64)).reshape(-1, 1) > 0
        columns.append(asked.astype(np.int8))
    rows += [("skill", catalog.ids[i], catalog.names[i]) for i in top]
    matrix = sp.hstack([*(sp.csr_matrix(one) for one in columns), either[:, top]]).tocsr()
    return pd.DataFrame(rows, columns=["kind", "id", "name"]), matrix


def trends(population: Population, options: Options) -> pd.DataFrame:
    """Columns TRENDS: shares by month and by year, for each source with two periods above the floors, and the fixed
    mix.

    start: first day of the period, ISO. The figure's columns as in analysis.demand.figures; for the fixed mix count,
    denominator and employers are sums over its sources and the interval adds up their variances.
    """
    what, matrix = followed(population, options)
    parts = []
    for period, code in _PERIODS.items():
        start = starts(population, code)
        lines = [
            table for source in _sources(population) if len(table := _line(population, matrix, start, source, options))
        ]
        mixed = _mixed(lines, options)
        for table in [*lines, *([mixed] if len(mixed) else [])]:
            parts.append(what.iloc[table.pop("at")].reset_index(drop=True).join(table.assign(period=period)))
    if not parts:
        return pd.DataFrame(columns=TRENDS)
    return pd.concat(parts, ignore_index=True)[TRENDS].sort_values(
        ["line", "period", "kind", "id", "start"], ignore_index=True
    )


def starts(population: Population, code: str) -> Array:
    starts: Array = (
        population.postings["date_posted"].dt.to_period(code).dt.start_time.dt.strftime("%Y-%m-%d").to_numpy()
    )
    return starts


def _sources(population: Population) -> list[str]:
    return sorted(population.postings["source"].unique())


def _line(population: Population, matrix: Matrix, start: Array, source: str, options: Options) -> pd.DataFrame:
    here = np.flatnonzero(population.postings["source"] == source)
    codes, periods = pd.factorize(start[here], sort=True)
    bounds = np.searchsorted(np.sort(codes), np.arange(1, len(periods)))
    parts = []
    for period, rows in zip(periods, np.split(here[np.argsort(codes, kind="stable")], bounds), strict=True):
        if len(rows) < options.min_postings or len(np.unique(population.employer[rows])) < options.min_employers:
            continue
        table = figures(population, matrix, options, rows)
        parts.append(table.assign(at=np.arange(len(table)), line=source, start=period))
    return pd.concat(parts, ignore_index=True) if len(parts) > 1 else pd.DataFrame()


def _mixed(lines: list[pd.DataFrame], options: Options) -> pd.DataFrame:
    """One line over the sources that share at least two periods, each weighing the same in every period."""
    held = {str(line["line"].iloc[0]): set(line["start"]) for line in lines}
    best: tuple[int, list[str], set[str]] = (0, [], set())
    for first, own in held.items():  # greedily: the sources that keep most source-periods in common
        names, common = [first], own
        for other in sorted(held, key=lambda s: (-len(held[s] & held[first]), s)):
            if other != first and len(common & held[other]) >= 2:
                names, common = [*names, other], common & held[other]
        if len(names) > 1 and len(names) * len(common) > best[0]:
            best = len(names) * len(common), names, common
    _, names, common = best
    if not names:
        return pd.DataFrame()
    table = pd.concat([line for line in lines if line["line"].iloc[0] in names])
    table = table[table["start"].isin(common)]
    mix = table[table["at"] == 0].groupby("line")["denominator"].sum()
    weight = table["line"].map(mix / mix.sum())
    share = table["share"].clip(1e-9, 1 - 1e-9)
    table = table.assign(
        part=weight * table["share"],
        spread=weight**2 * share * (1 - share) / table["n_eff"],
    )
    sums = table.groupby(["start", "at"])[
        ["count", "denominator", "employers", "employers_all", "part", "spread"]
    ].sum()
    middle: Array = sums["part"].clip(1e-9, 1 - 1e-9).to_numpy()
    n_eff = np.minimum(middle * (1 - middle) / sums["spread"].to_numpy(), sums["denominator"].to_numpy())
    low, high = clopper_pearson(middle, np.maximum(n_eff, 1), options.level)
    return sums.reset_index().assign(
        share=sums["part"].to_numpy(),
        low=np.minimum(low, sums["part"].to_numpy()),
        high=high,
        n_eff=n_eff,
        design_effect=sums["denominator"].to_numpy() / n_eff,
        line=FIXED_MIX,
    )
