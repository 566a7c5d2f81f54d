"""What is special about a track: how many times as often a skill is asked for in its postings as in the others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.contrast import contrast, false_discovery
from analysis.options import Options
from analysis.population import Population
from nlp.records import TRACKS

LIFT = [
    "track",
    "skill",
    "name",
    "count",
    "share_in",
    "share_out",
    "lift",
    "low",
    "high",
    "p_value",
    "q_value",
    "special",
    "own_track",
]


def lift(population: Population, options: Options) -> pd.DataFrame:
    """Columns LIFT, a row per track and skill above the floors, the most special first.

    count: postings of the track that ask for the skill; lift = share_in / share_out with its interval; p_value of no
    difference; q_value: false-discovery rate over all rows; special: q_value <= Options.fdr and lift above 1;
    own_track: the skill itself belongs to the track, so that its lift is no news.
    """
    catalog, parts = population.catalog, []
    matrix = population.either
    for track in TRACKS:
        inside = population.postings[track].to_numpy(bool)
        if not _enough(population, inside, options) or not _enough(population, ~inside, options):
            continue
        found = contrast(population, matrix, inside, ~inside, options.level)
        table = pd.DataFrame(
            {
                "track": track,
                "skill": catalog.ids,
                "name": catalog.names,
                "count": found.count1,
                "share_in": found.share1,
                "share_out": found.share0,
                "lift": found.ratio,
                "low": found.ratio_low,
                "high": found.ratio_high,
                "p_value": found.p_value,
                "own_track": [own == track for own in catalog.tracks],
                "both": found.count1 + found.count0,
            }
        )
        parts.append(table)
    if not parts:
        return pd.DataFrame(columns=LIFT)
    table = pd.concat(parts, ignore_index=True)
    asking = np.tile(np.diff(population.by_employer(matrix)[0].tocsc().indptr), len(parts))
    table = table[(table["both"] >= options.min_count) & (asking >= options.min_asking)]
    table = table.assign(q_value=false_discovery(table["p_value"].to_numpy()))
    table = table.assign(special=(table["q_value"] <= options.fdr) & (table["lift"] > 1))
    return table.sort_values(
        ["track", "special", "lift", "skill"], ascending=[True, False, False, True], ignore_index=True
    )[LIFT]


def _enough(population: Population, rows: np.ndarray, options: Options) -> bool:
    return bool(
        rows.sum() >= options.min_postings and len(np.unique(population.employer[rows])) >= options.min_employers
    )
