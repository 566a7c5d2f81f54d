"""The one door of the analysis: `measure`, and the two questions a reader asks of it, `path` and `compare`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pandas as pd

from analysis import compare as comparing
from analysis import correction, demand, pairs, sources, syllabus, trends
from analysis import path as learning
from analysis import pay as paying
from analysis.composition import COMPOSITION, composition
from analysis.frames import Frames
from analysis.lift import LIFT, lift
from analysis.load import load
from analysis.mix import by_dimension, mixed
from analysis.options import Options
from analysis.population import Population, select, weighting_notes
from analysis.seasonality import SEASONALITY, seasonality
from crawler.store import Store


@dataclass(frozen=True)
class Figure:
    """One share with what it rests on; see analysis.demand.figures. `flag` is "" or "too few"."""

    count: int
    denominator: int
    employers: int
    employers_all: int
    share: float
    low: float
    high: float
    design_effect: float
    n_eff: float
    flag: str


@dataclass(frozen=True)
class Measures:
    """Everything that was measured. No table holds NaN; tables that do not apply are empty, with their columns.

    A figure's columns, wherever they stand: `count` and `denominator` (postings), `employers` (asking) and
    `employers_all` (in the denominator), `share` with its interval `low`, `high`, `design_effect`, `n_eff`.
    Definitions, formulas and references: docs/method.md and the functions that make the tables.

    options: what was asked for.
    notes: lines that a reader must know: what the weights rest on.
    any_track: the headline figure: ML postings that ask for at least one of the three tracks.
    likeness: how alike one employer's postings are, an intra-class correlation in [0, 1].
    population: step, postings: from all stored postings down to the counted ones.
    headline: scope ("all", "source", "source, year"), value, the figure's columns, flag ("" or "too few").
    corrected: scope ("all", "source", "source, year", "source, years"), value, id (any_track or a track), name, raw,
        share, low, high, boot_low, boot_high (employers drawn anew), labelled, postings, weight_of_predictions,
        note ("" or why there is no correction). Empty without sampled labels.
    demand: kind (skill, category, group, track), id, name, category, level (either, required, preferred), the figure's
        columns, rank, rank_low, rank_high, tied_with_next; sorted by share within kind and level.
    too_few: kind, level, suppressed: rows of `demand` left out because they lie below the floors.
    lift: track, skill, name, count, share_in, share_out, lift, low, high, p_value, q_value, special, own_track.
    pairs: a, b, name_a, name_b, support, share, pmi, lift, low, high, q_value, cluster_a, cluster_b.
    clusters: cluster, name, skill, skill_name, share.
    graph_nodes: skill, name, category, cluster, share, x, y.
    graph_edges: a, b, weight, support.
    trends: line (a source, or "all sources, fixed mix"), period ("month", "year"), start (ISO day), kind (headline,
        track, group, skill), id, name, the figure's columns.
    composition: line, kind, id, name, by (seniority, country, employer), start, end, change, within,
        between, each with its interval: change_low, change_high, within_low, within_high, between_low, between_high.
    seasonality: line, kind, id, name, month (1 to 12), effect, low, high, p_value.
    pay: currency, kind (all, track, skill), id, name, postings, employers, median, median_low, median_high, effect
        (1.08 is 8 % more), effect_low, effect_high, p_value, q_value.
    path: step, skill, name, opens, opens_low, opens_high, the figure's columns: for someone without any skill.
    syllabus: syllabus, name, status, source, as_of (the edition that was read), track ("all" or a track), year ("all"
        or "2024"), demand_share, the figure's columns.
    syllabus_gaps: syllabus, name, skill, skill_name, gap ("asked, not taught", "taught, not asked"), share.
    sources: source, postings, employers, without_employer, dated, first_day, last_day, boards, stated, obtained,
        completeness, terms.
    leave_one_out: left_out, id, name, share, without, moved.
    standardised: by (source, country, seniority), mix, id, name, raw, share, low, high.
    sensitivity: what, id, name, share, low, high.
    employers: employer_id, name, postings, share, agency: the fifty with most postings.
    """

    options: Options
    any_track: Figure
    likeness: float
    population: pd.DataFrame
    headline: pd.DataFrame
    corrected: pd.DataFrame
    demand: pd.DataFrame
    too_few: pd.DataFrame
    lift: pd.DataFrame
    pairs: pd.DataFrame
    clusters: pd.DataFrame
    graph_nodes: pd.DataFrame
    graph_edges: pd.DataFrame
    trends: pd.DataFrame
    composition: pd.DataFrame
    seasonality: pd.DataFrame
    pay: pd.DataFrame
    path: pd.DataFrame
    syllabus: pd.DataFrame
    syllabus_gaps: pd.DataFrame
    sources: pd.DataFrame
    leave_one_out: pd.DataFrame
    standardised: pd.DataFrame
    sensitivity: pd.DataFrame
    employers: pd.DataFrame
    notes: tuple[str, ...] = ()

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {f.name: value for f in fields(self) if isinstance(value := getattr(self, f.name), pd.DataFrame)}


_EMPTY = {
    "corrected": correction.CORRECTED,
    "demand": demand.DEMAND,
    "too_few": demand.TOO_FEW,
    "lift": LIFT,
    "pairs": pairs.PAIRS,
    "clusters": pairs.CLUSTERS,
    "graph_nodes": pairs.NODES,
    "graph_edges": pairs.EDGES,
    "trends": trends.TRENDS,
    "composition": COMPOSITION,
    "seasonality": SEASONALITY,
    "pay": paying.PAY,
    "path": learning.PATH,
    "syllabus": syllabus.SYLLABUS,
    "syllabus_gaps": syllabus.GAPS,
    "sources": sources.SOURCES,
    "leave_one_out": sources.LEAVE_ONE_OUT,
    "standardised": sources.STANDARDISED,
    "sensitivity": sources.SENSITIVITY,
    "employers": sources.EMPLOYERS,
}


def measure(source: Frames | Store, options: Options | None = None) -> Measures:
    """Measure the ML postings of `source` that `options` selects.

    Args:
        source: a store, or frames from `analysis.load.load` when it is measured more than once.
        options: filters, weights and floors; `options.parts` may leave parts out, whose tables are then empty.

    Raises EmptyError when no posting is left, InputError for options that mean nothing.
    """
    options = options or Options()
    frames = _frames(source, options)
    population = select(frames, options)
    head = demand.headline(population, options)
    tables = {name: pd.DataFrame(columns=columns) for name, columns in _EMPTY.items()}
    for part in options.parts:
        tables.update(_part(part, frames, population, options))
    first = head.iloc[0].to_dict()
    return Measures(
        options=options,
        any_track=Figure(**{f.name: first[f.name] for f in fields(Figure)}),
        likeness=population.likeness,
        population=population.funnel,
        headline=head,
        notes=weighting_notes(population, options),
        **tables,
    )


def _frames(source: Frames | Store, options: Options) -> Frames:
    return source if isinstance(source, Frames) else load(source, duplicates=options.duplicates)


def _part(part: str, frames: Frames, population: Population, options: Options) -> dict[str, pd.DataFrame]:
    """The tables of one of Options.parts."""
    if part == "demand":
        return dict(zip(("demand", "too_few"), demand.demand(population, options), strict=True))
    if part == "pairs":
        names = ("pairs", "clusters", "graph_nodes", "graph_edges")
        return dict(zip(names, pairs.pairs(population, options), strict=True))
    if part == "syllabus":
        catalog = population.catalog
        own = [syllabus.read_syllabus(file, catalog) for file in options.syllabi]
        found = syllabus.syllabi(population, [*syllabus.shipped(catalog), *own], options)
        return dict(zip(("syllabus", "syllabus_gaps"), found, strict=True))
    if part == "trends":
        return _over_time(frames, options)
    if part == "sources":
        return _provenance(frames, population, options)
    single = {
        "corrected": lambda: correction.corrected(frames, options),
        "lift": lambda: lift(population, options),
        "pay": lambda: paying.pay(population, options),
        "path": lambda: learning.from_nothing(population, options),
    }
    return {part: single[part]()}


def _over_time(frames: Frames, options: Options) -> dict[str, pd.DataFrame]:
    population = trends.dated(frames, options)
    if population is None:
        return {}
    table = trends.trends(population, options)
    return {
        "trends": table,
        "composition": composition(population, table, options),
        "seasonality": seasonality(table, level=options.level),
    }


def _provenance(frames: Frames, population: Population, options: Options) -> dict[str, pd.DataFrame]:
    from crawler.policies import policies

    terms = {name: policy.terms for name, policy in policies().items()}
    return {
        "sources": sources.sources(population, frames, terms),
        "leave_one_out": sources.leave_one_out(population, options),
        "standardised": sources.standardised(population, options, by_dimension(options.mix)),
        "sensitivity": sources.sensitivity(population, options),
        "employers": sources.employers(population),
    }


def path(
    source: Frames | Store,
    have: Sequence[str] = (),
    file: Path | None = None,
    text: str = "",
    options: Options | None = None,
    *,
    cover: float = 0.6,
    steps: int = 10,
) -> learning.LearningPath:
    """Which skills to learn next, from those in `have` (ids, names or aliases), in `file` (one a line) and named in
    `text`.

    `options.mix` standardises the postings first (analysis.mix.mixed).

    Raises InputError for an unknown skill (with the nearest ones) and for a file that holds none, EmptyError when too
    few postings require skills.
    """
    options = options or Options()
    frames = _frames(source, options)
    skills = [frames.catalog.find(written, "have") for written in have]
    if file is not None:
        skills += learning.read_skills(file, frames.catalog)
    if text:
        skills += learning.skills_in(text, frames.catalog)
    population = mixed(select(frames, options), options.mix)
    found = learning.plan(population, list(dict.fromkeys(skills)), options, cover=cover, steps=steps)
    return replace(found, notes=weighting_notes(population, options))


def compare(source: Frames | Store, a: str, b: str, options: Options | None = None) -> pd.DataFrame:
    """What rose, fell, came and went between the periods `a` and `b`; see analysis.compare.compare."""
    options = options or Options()
    return comparing.compare(_frames(source, options), a, b, options)
