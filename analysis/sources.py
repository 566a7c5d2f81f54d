"""Where the postings come from, and how much the answers hang on it: leave-one-out, standardisation, sensitivity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis import bootstrap
from analysis.demand import TRACK_NAMES, any_track, figures
from analysis.frames import Frames
from analysis.intervals import Array, Matrix, clopper_pearson
from analysis.openness import open_days
from analysis.options import WEIGHTS, Options
from analysis.population import Population, weights
from crawler.errors import InputError
from nlp.records import TRACKS

SOURCES = [
    "source",
    "postings",
    "employers",
    "without_employer",
    "dated",
    "first_day",
    "last_day",
    "boards",
    "stated",
    "obtained",
    "completeness",
    "terms",
]
LEAVE_ONE_OUT = ["left_out", "id", "name", "share", "without", "moved"]
STANDARDISED = ["by", "mix", "id", "name", "raw", "share", "low", "high"]
SENSITIVITY = ["what", "id", "name", "share", "low", "high"]
EMPLOYERS = ["employer_id", "name", "postings", "share", "agency"]
_NAMES = {"any_track": "Any of the three tracks", **TRACK_NAMES}


def headlines(population: Population) -> Matrix:
    """n x 4: any track, then each track."""
    tracks: Array = population.postings[list(TRACKS)].to_numpy(np.int8)
    return sp.csr_matrix(np.hstack([any_track(population), tracks]))


def sources(population: Population, frames: Frames, terms: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Columns SOURCES, the largest first.

    without_employer, dated: shares; first_day, last_day: of the days stated, ISO or ""; boards, stated, obtained: of
    the latest crawl of each board (0 and "import" where there is none); completeness: what the manifest says; terms:
    from the policies, "" where none is known.
    """
    rows = []
    for source, part in population.postings.groupby("source"):
        days = part["date_posted"].dropna()
        first, last = (days.min().date().isoformat(), days.max().date().isoformat()) if len(days) else ("", "")
        rows.append(
            [
                source,
                len(part),
                part.loc[part["employer_id"] != "", "employer_id"].nunique(),
                float((part["employer_id"] == "").mean()),
                float(part["date_posted"].notna().mean()),
                first,
                last,
                *_completeness(frames.crawls, str(source)),
                (terms or {}).get(str(source), ""),
            ]
        )
    return pd.DataFrame(rows, columns=SOURCES).sort_values(
        ["postings", "source"], ascending=[False, True], ignore_index=True
    )


def _completeness(crawls: pd.DataFrame, source: str) -> tuple[int, int, int, str]:
    own = crawls[crawls["source"] == source].sort_values("finished_at").drop_duplicates("board", keep="last")
    stated, obtained = int(own["stated_total"].fillna(0).sum()), int(own["obtained"].fillna(0).sum())
    if not len(own):
        return 0, 0, 0, "import"
    states = own["status"].value_counts()
    said = ", ".join(f"{count} {status}" for status, count in sorted(states.items()))
    known = own["stated_total"].notna()
    if known.any() and stated:
        part = float(own.loc[known, "obtained"].fillna(0).sum()) / stated
        said += f"; {min(part, 1):.0%} of the {stated} stated"
    return len(own), stated, obtained, said


def leave_one_out(population: Population, options: Options) -> pd.DataFrame:
    """Columns LEAVE_ONE_OUT: each headline without each source; moved = without - share, the largest moves first."""
    postings, matrix, rows = population.postings, headlines(population), []
    whole = figures(population, matrix, options)["share"]
    for source in sorted(postings["source"].unique()):
        rest = np.flatnonzero(postings["source"] != source)
        if len(rest) < options.min_postings:
            continue
        without = figures(population, matrix, options, rest)["share"]
        rows += [(source, i, _NAMES[i], whole[k], without[k], without[k] - whole[k]) for k, i in enumerate(_NAMES)]
    table = pd.DataFrame(rows, columns=LEAVE_ONE_OUT)
    order = table["moved"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def standardised(
    population: Population, options: Options, mixes: Mapping[str, Mapping[str, float]] | None = None
) -> pd.DataFrame:
    """Columns STANDARDISED: the headlines if sources, countries or seniority stood in a given mix.

    Args:
        mixes: for "source", "country" or "seniority" the weight of each value (they need not add up to 1). By default
            every value above the floors weighs the same.

    Values below the floors are left out of a mix by default; naming one in `mixes` is an InputError.
    """
    rows: list[tuple[object, ...]] = []
    matrix = headlines(population)
    raw = figures(population, matrix, options)["share"]
    for by in ("source", "country", "seniority"):
        values = population.postings[by].to_numpy(object)
        parts = {v: np.flatnonzero(values == v) for v in sorted(set(values)) if v}
        parts = {v: r for v, r in parts.items() if _enough(population, r, options)}
        given = dict((mixes or {}).get(by, {}))
        if unknown := [v for v in given if v not in parts]:
            known = ", ".join(map(str, parts)) or "none"
            raise InputError(f"mix of {by}: {unknown[0]!r} has too few postings here; there are {known}")
        mix = given or dict.fromkeys(parts, 1.0)
        if len(mix) < 2:
            continue
        total = sum(mix.values())
        tables = {v: figures(population, matrix, options, parts[v]) for v in mix}
        label = "equal" if not given else ", ".join(f"{v} {w / total:.0%}" for v, w in mix.items())
        for k, i in enumerate(_NAMES):
            share = sum(w / total * tables[v]["share"][k] for v, w in mix.items())
            variance = sum(
                (w / total) ** 2
                * max(tables[v]["share"][k] * (1 - tables[v]["share"][k]), 1e-6)
                / tables[v]["n_eff"][k]
                for v, w in mix.items()
            )
            n_eff = max(min(max(share * (1 - share), 1e-6) / variance, len(values)), 1.0)
            low, high = clopper_pearson(np.array([share]), np.array([n_eff]), options.level)
            rows.append((by, label, i, _NAMES[i], raw[k], share, low[0], high[0]))
    return pd.DataFrame(rows, columns=STANDARDISED)


def _enough(population: Population, rows: Array, options: Options) -> bool:
    return len(rows) >= options.min_postings and len(np.unique(population.employer[rows])) >= options.min_employers


def sensitivity(population: Population, options: Options) -> pd.DataFrame:
    """Columns SENSITIVITY: the headlines under the other choices one could have made.

    Weights by vacancy, employer and days (where any posting tells how long it was open); postings that name no employer
    as one employer per board instead of one each (the widest reading), and left out; agencies' postings left out;
    intervals from employers drawn anew (analysis.bootstrap) in place of the formula.
    """
    unknown = (population.postings["employer_id"] == "").to_numpy()
    board = (population.postings["source"] + ":" + population.postings["board"]).to_numpy(object)
    joined = population.employer.copy()
    if unknown.any():
        joined[unknown] = pd.factorize(board[unknown])[0] + population.employers
    joined = np.unique(joined, return_inverse=True)[1]
    everyone = np.arange(len(unknown))
    postings = population.postings
    kinds = [kind for kind in WEIGHTS if kind != "days" or not np.isnan(open_days(postings)).all()]
    cases: list[tuple[str, Population, Array]] = [
        (f"weights: {kind}", population.reweighted(weights(postings, population.employer, kind)), everyone)
        for kind in kinds
    ]
    cases += [
        ("unnamed employers as one per board", replace(population, employer=joined), everyone),
        ("unnamed employers left out", population, np.flatnonzero(~unknown)),
        ("agencies left out", population, np.flatnonzero(~postings["agency"].to_numpy(bool))),
    ]
    rows, matrix = [], headlines(population)
    for what, changed, part in cases:
        if len(part):
            table = figures(changed, matrix, options, part)
            rows += [(what, i, _NAMES[i], *table.loc[k, ["share", "low", "high"]]) for k, i in enumerate(_NAMES)]
    rows += _drawn_anew(population, matrix, options)
    return pd.DataFrame(rows, columns=SENSITIVITY)


def _drawn_anew(population: Population, matrix: Matrix, options: Options) -> list[tuple[object, ...]]:
    """The headlines with percentile intervals of employers drawn anew, where there is anything to draw."""
    hits, sizes, _ = population.by_employer(matrix)
    replicates = bootstrap.shares(hits, sizes, options.replicates, options.seed)
    low, high = bootstrap.percentiles(replicates, options.level)
    share = np.asarray(hits.sum(axis=0)).ravel() / sizes.sum()
    return [
        ("intervals: employers drawn anew", i, _NAMES[i], share[k], low[k], high[k])
        for k, i in enumerate(_NAMES)
        if high[k] - low[k] > 1e-9
    ]


def employers(population: Population, number: int = 50) -> pd.DataFrame:
    """Columns EMPLOYERS: the named employers with most postings."""
    named = population.postings[population.postings["employer_id"] != ""]
    table = named.groupby("employer_id").agg(
        name=("employer_name", "first"), postings=("title", "size"), agency=("agency", "max")
    )
    table = table.reset_index().sort_values(["postings", "employer_id"], ascending=[False, True]).head(number)
    return table.assign(share=table["postings"] / len(population.postings))[EMPLOYERS].reset_index(drop=True)
