"""Demand: the share of postings that ask for a skill, a category, a foundation group, a track, or any of
the tracks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.catalog import Catalog
from analysis.intervals import Array, Matrix, ratio
from analysis.options import Options
from analysis.population import Population, totals
from analysis.ranks import ranks
from nlp.records import TRACKS

TRACK_NAMES = {
    "computer_vision": "Computer vision",
    "nlp": "Natural language processing",
    "sequence_modeling": "Sequence modeling",
}
FIGURE = [
    "count",
    "denominator",
    "employers",
    "employers_all",
    "share",
    "low",
    "high",
    "design_effect",
    "n_eff",
]
RANKS = ["rank", "rank_low", "rank_high", "tied_with_next"]
DEMAND = ["kind", "id", "name", "category", "level", *FIGURE, *RANKS]
HEADLINE = ["scope", "value", *FIGURE, "flag"]
TOO_FEW = ["kind", "level", "suppressed"]
LEVELS = ("either", "required", "preferred")


def figures(
    population: Population, matrix: Matrix | Array, options: Options, rows: Array | None = None
) -> pd.DataFrame:
    """The columns FIGURE for each column of an n x J matrix of zeros and ones, over the postings `rows`
    (default all).

    count, denominator: postings, unweighted; employers: those with at least one such posting; employers_all:
    those in the denominator; share, low, high: weighted share and its interval; design_effect; n_eff.
    """
    return _counted(population, matrix, options, rows)[0]


_Totals = tuple[Matrix, Array, float]


def _counted(
    population: Population, matrix: Matrix | Array, options: Options, rows: Array | None = None
) -> tuple[pd.DataFrame, _Totals]:
    """The figures, and the employers' totals that they come from."""
    matrix = sp.csr_matrix(matrix)
    employer, weight = population.employer, population.weight
    if rows is not None:
        matrix, employer, weight = matrix[rows], employer[rows], weight[rows]
    hits, sizes, squares = totals(matrix, employer, weight)
    result = ratio(hits, sizes, squares, population.likeness, options.level)
    table = pd.DataFrame(
        {
            "count": np.asarray(matrix.sum(axis=0, dtype=np.int64)).ravel(),
            "denominator": matrix.shape[0],
            "employers": np.bincount(hits.indices, minlength=matrix.shape[1]),
            "employers_all": len(sizes),
            "share": result.share,
            "low": result.low,
            "high": result.high,
            "design_effect": result.design_effect,
            "n_eff": result.n_eff,
        }
    )
    return table, (hits, sizes, squares)


def any_track(population: Population) -> Array:
    """n x 1: does the posting ask for at least one of the three tracks?"""
    labels: Array = population.postings[list(TRACKS)].to_numpy(bool)
    asks: Array = labels.max(axis=1, keepdims=True).astype(np.int8)
    return asks


def flag(table: pd.DataFrame, options: Options) -> Array:
    """ "too few" where the denominator is below the floors, else ""."""
    few = (table["denominator"] < options.min_postings) | (table["employers_all"] < options.min_employers)
    return np.where(few, "too few", "")


def headline(population: Population, options: Options) -> pd.DataFrame:
    """The share that asks for at least one of the three tracks: over all, by source, by year within a source.

    Columns HEADLINE. scope "all" (value ""), "source" (its name), "source, year" ("name, 2016"; postings with
    a stated day only). Rows below the floors stay and say flag "too few".
    """
    asks = any_track(population)
    postings = population.postings
    scopes: list[tuple[str, str, Array | None]] = [("all", "", None)]
    sources = sorted(postings["source"].unique())
    scopes += [("source", source, (postings["source"] == source).to_numpy()) for source in sources]
    years = postings["date_posted"].dt.year
    for source in sources:
        here = (postings["source"] == source).to_numpy()
        found = sorted(years[here].dropna().unique())
        scopes += [("source, year", f"{source}, {int(y)}", here & (years == y).to_numpy()) for y in found]
    rows = [figures(population, asks, options, mask).assign(scope=scope, value=value) for scope, value, mask in scopes]
    table = pd.concat(rows, ignore_index=True)
    return table.assign(flag=flag(table, options))[HEADLINE]


def demand(population: Population, options: Options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(demand with columns DEMAND, what was suppressed with columns TOO_FEW).

    One row per kind (skill, category, group, track), id and level. `level`: "required" or "preferred" is the
    strongest level of the posting's mentions, "either" is their sum. A category or group is asked for where
    one of its skills is. A track is asked for ("either") where the classifier says so; "required" counts
    those of these postings that require one of the track's skills by name, "preferred" those that only prefer
    one, so the two need not add up to "either".
    """
    catalog, parts = population.catalog, []
    levels = {"either": population.either, "required": population.required, "preferred": population.preferred}
    kinds = [_skills(catalog), *_unions(catalog)]
    for kind, ids, names, categories, members in kinds:
        for level, matrix in _levels(levels, members).items():
            table, sums = _counted(population, matrix, options)
            table = table.assign(kind=kind, id=ids, name=names, category=categories, level=level)
            parts.append(ranked(table, sums, population.likeness, options))
    for level, matrix in _tracks(population, levels).items():
        names = [TRACK_NAMES[one] for one in TRACKS]
        table, sums = _counted(population, matrix, options)
        table = table.assign(kind="track", id=TRACKS, name=names, category="", level=level)
        parts.append(ranked(table, sums, population.likeness, options))
    table, few = (pd.concat(some, ignore_index=True) for some in zip(*parts, strict=True))
    table = table.sort_values(["kind", "level", "share", "id"], ascending=[True, True, False, True])
    return table.reset_index(drop=True)[DEMAND], few[TOO_FEW]


def ranked(table: pd.DataFrame, sums: _Totals, likeness: float, options: Options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The rows above the floors with the columns RANKS among themselves, and the number of those below."""
    kept, few = suppress(table, options)
    hits, sizes, squares = sums
    found = ranks(
        hits[:, kept.index.to_numpy()], sizes, squares, likeness, options.level, options.replicates, options.seed
    )
    columns = (found.rank, found.low, found.high, found.tied_with_next)
    return kept.assign(**dict(zip(RANKS, columns, strict=True))), few


_Kind = tuple[str, Sequence[str], Sequence[str], Sequence[str], Matrix | None]


def _skills(catalog: Catalog) -> _Kind:
    return ("skill", catalog.ids, catalog.names, catalog.categories, None)


def _unions(catalog: Catalog) -> list[_Kind]:
    """Categories and groups with their skills x unions membership."""
    categories = [c for c in catalog.category_names if c]
    column = {category: i for i, category in enumerate(categories)}
    inside = [(i, column[c]) for i, c in enumerate(catalog.categories) if c in column]
    grouped = [(i, g) for g, (_, members) in enumerate(catalog.groups.values()) for i in members]
    names = [catalog.category_names[c] for c in categories]
    group_names = [name for name, _ in catalog.groups.values()]
    return [
        ("category", categories, names, categories, _membership(inside, len(catalog.ids), len(categories))),
        (
            "group",
            list(catalog.groups),
            group_names,
            [""] * len(group_names),
            _membership(grouped, len(catalog.ids), len(group_names)),
        ),
    ]


def _membership(pairs: list[tuple[int, int]], rows: int, columns: int) -> Matrix:
    cells = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return sp.csr_matrix((np.ones(len(cells), np.int32), (cells[:, 0], cells[:, 1])), shape=(rows, columns))


def _levels(levels: dict[str, Matrix], members: Matrix | None) -> dict[str, Matrix]:
    """For a union the strongest level of its members counts, as it does for one skill."""
    if members is None:
        return levels
    required, either = _any(levels["required"], members), _any(levels["either"], members)
    return {"either": either, "required": required, "preferred": either - required}


def _any(matrix: Matrix, members: Matrix) -> Matrix:
    counts = (matrix.astype(np.int32) @ members).tocsr()
    return sp.csr_matrix((np.ones(counts.nnz, np.int8), counts.indices, counts.indptr), shape=counts.shape)


def _tracks(population: Population, levels: dict[str, Matrix]) -> dict[str, Matrix]:
    labels = sp.csr_matrix(population.postings[list(TRACKS)].to_numpy().astype(np.int8))
    own = [(i, TRACKS.index(t)) for i, t in enumerate(population.catalog.tracks) if t in TRACKS]
    named = _levels(levels, _membership(own, len(population.catalog.ids), len(TRACKS)))
    return {
        "either": labels,
        "required": labels.multiply(named["required"]).tocsr(),
        "preferred": labels.multiply(named["preferred"]).tocsr(),
    }


def suppress(table: pd.DataFrame, options: Options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(rows above the floors, number of asked-for rows below them by kind and level). Rows nobody asks for
    just go.
    """
    asked = table[table["count"] > 0]
    enough = (asked["count"] >= options.min_count) & (asked["employers"] >= options.min_asking)
    enough &= flag(asked, options) == ""
    few = asked[~enough].groupby(["kind", "level"], sort=True).size().rename("suppressed").reset_index()
    return asked[enough], few[TOO_FEW]
