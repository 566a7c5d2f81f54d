"""Two periods against each other: which skills rise, fall, come and go, with false-discovery control."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from analysis.contrast import contrast, false_discovery
from analysis.frames import Frames
from analysis.intervals import Array
from analysis.mix import Mix, by_dimension, rake
from analysis.options import Options
from analysis.population import Population, weighting_notes
from analysis.trends import dated, followed
from crawler.errors import EmptyError, InputError

COMPARISON = [
    "kind",
    "id",
    "name",
    "count_a",
    "count_b",
    "share_a",
    "share_b",
    "change",
    "low",
    "high",
    "p_value",
    "q_value",
    "verdict",
]
_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def period(text: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last day of "2023", "2023-04", "2023-04-01", "2023-Q2" or "2023-01..2023-06"; InputError otherwise."""
    first, _, last = text.strip().partition("..")
    start, end = _one(first, text)[0], _one(last or first, text)[1]
    if start > end:
        raise InputError(f"period {text!r}: {first} lies after {last}")
    return start, end


def _one(text: str, whole: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    if quarter := re.fullmatch(r"(\d{4})-?[Qq]([1-4])", text.strip()):
        first = pd.Period(f"{quarter[1]}Q{quarter[2]}", freq="Q")
        return first.start_time.normalize(), first.end_time.normalize()
    found = _DAY.match(text.strip())
    try:
        if not found:
            raise ValueError
        value = pd.Period(text.strip(), freq="D" if found[3] else "M" if found[2] else "Y")
    except ValueError as exc:
        raise InputError(f"period {whole!r}: write 2023, 2023-04, 2023-Q2 or 2023-01..2023-06") from exc
    return value.start_time.normalize(), value.end_time.normalize()


def compare(frames: Frames, a: str, b: str, options: Options) -> pd.DataFrame:
    """Columns COMPARISON, the largest certain changes first.

    Only sources with enough postings in both periods are compared, and each source weighs the same in both (its number
    of postings in the two together), so that a change is no change of sources; `attrs["sources"]` names them.
    `options.mix` gives other weights to the sources, and holds countries or seniority fixed too (analysis.mix).

    change = share_b - share_a with its interval; q_value: false-discovery rate over all rows; verdict: "new" (nobody
    asked before), "gone" (nobody asks any more), "rising", "falling" where q_value <= Options.fdr, else "no clear
    change".

    Raises InputError for a period that means nothing, EmptyError when no source has enough dated postings in both.
    """
    spans = period(a), period(b)
    if spans[0][0] <= spans[1][1] and spans[1][0] <= spans[0][1]:
        raise InputError(f"periods {a!r} and {b!r} overlap: compare periods without a common day")
    population = dated(frames, options)
    if population is None:
        raise EmptyError("no posting states its day: nothing to compare over time")
    sides = [_inside(population.postings["date_posted"], *span) for span in spans]
    for by, shares in by_dimension(options.mix).items():
        named = population.postings[by].isin(list(shares)).to_numpy()
        sides = [side & named for side in sides]
    sources, sides = _common_sources(
        population.postings["source"].to_numpy(object), population.employer, sides, options
    )
    if not sources:
        low = f"{options.min_postings} postings of {options.min_employers} employers"
        raise EmptyError(f"too few: no source has {low} in both {a} and {b}; sources are never mixed over time")
    notes = weighting_notes(population, options)
    population = _fixed_mix(population, sources, sides, options.mix)
    what, matrix = followed(population, _all_skills(options, len(population.catalog.ids)))
    found = contrast(population, matrix, sides[1], sides[0], options.level)
    table = what.assign(
        count_a=found.count0,
        count_b=found.count1,
        share_a=found.share0,
        share_b=found.share1,
        change=found.difference,
        low=found.low,
        high=found.high,
        p_value=found.p_value,
    )
    table = table[table["count_a"] + table["count_b"] >= options.min_count]
    table = table.assign(q_value=false_discovery(table["p_value"].to_numpy()))
    table = table.assign(verdict=_verdict(table, options)).reset_index(drop=True)
    order = table.assign(sure=table["verdict"] != "no clear change", size=table["change"].abs())
    table = table.loc[order.sort_values(["sure", "size", "id"], ascending=[False, False, True]).index, COMPARISON]
    table = table.reset_index(drop=True)
    table.attrs["sources"] = sources
    table.attrs["postings"] = [int(side.sum()) for side in sides]
    table.attrs["notes"] = list(notes)
    return table


def _all_skills(options: Options, skills: int) -> Options:
    return replace(options, trend_skills=skills, min_count=1)


def _inside(day: pd.Series, first: pd.Timestamp, last: pd.Timestamp) -> Array:
    inside: Array = ((day >= first) & (day < last + pd.Timedelta(days=1))).to_numpy()
    return inside


def _common_sources(
    source: Array, employer: Array, sides: list[Array], options: Options
) -> tuple[list[str], list[Array]]:
    enough = []
    for name in sorted(set(source)):
        parts = [side & (source == name) for side in sides]
        if all(p.sum() >= options.min_postings and len(np.unique(employer[p])) >= options.min_employers for p in parts):
            enough.append(str(name))
    kept = np.isin(source.astype(str), enough)
    return enough, [side & kept for side in sides]


def _fixed_mix(population: Population, sources: list[str], sides: list[Array], mix: Mix) -> Population:
    """The population with weights that give each source, and what else `mix` names, the same part of both sides."""
    both = sides[0] | sides[1]
    pooled = pd.Series(population.weight[both]).groupby(population.postings["source"].to_numpy(object)[both]).sum()
    wanted = {"source": {name: float(pooled[name] / pooled.sum()) for name in sources}} | by_dimension(mix)
    if lacking := [name for name in wanted["source"] if name not in sources]:
        raise InputError(f"mix of source: {lacking[0]!r} has too few postings in the two periods")
    weight = population.weight.copy()
    for side in sides:
        weight[side] = rake(population.postings[side], weight[side], wanted)
    return population.reweighted(weight)


def _verdict(table: pd.DataFrame, options: Options) -> Array:
    sure = table["q_value"] <= options.fdr
    conditions = [
        sure & (table["count_a"] == 0),
        sure & (table["count_b"] == 0),
        sure & (table["change"] > 0),
        sure & (table["change"] < 0),
    ]
    verdict: Array = np.select(conditions, ["new", "gone", "rising", "falling"], "no clear change")
    return verdict
