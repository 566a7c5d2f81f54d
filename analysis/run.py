"""The one door of the analysis: `measure`."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pandas as pd

from analysis import demand
from analysis.frames import Frames
from analysis.lift import lift
from analysis.load import load
from analysis.options import Options
from analysis.population import select
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
    """Everything that was measured. No table holds NaN; tables that do not apply are empty, with their
    columns.

    A figure's columns, wherever they stand: `count` and `denominator` (postings), `employers` (asking) and
    `employers_all` (in the denominator), `share` with its interval `low`, `high`, `design_effect`, `n_eff`.

    Attributes:
        options: what was asked for. any_track: the headline figure: ML postings that ask for at least one of
        the three tracks. population: step, postings: from all stored postings down to the counted ones.
        headline: scope ("all", "source", "source, year"), value, the figure's columns, flag ("" or "too
        few"). demand: kind (skill, category, group, track), id, name, category, level (either, required,
        preferred), the figure's
            columns, rank, rank_low, rank_high, tied_with_next; sorted by share within kind and level.
        too_few: kind, level, suppressed: rows of `demand` left out because they lie below the floors.
        lift: track, skill, name, count, share_in, share_out, lift, low, high, p_value, q_value, special, own_track.
    """

    options: Options
    any_track: Figure
    population: pd.DataFrame
    headline: pd.DataFrame
    demand: pd.DataFrame
    too_few: pd.DataFrame
    lift: pd.DataFrame

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table by name."""
        return {f.name: value for f in fields(self) if isinstance(value := getattr(self, f.name), pd.DataFrame)}


def measure(source: Frames | Store, options: Options | None = None) -> Measures:
    """Measure the ML postings of `source` that `options` selects.

    Raises EmptyError when no posting is left, InputError for options that mean nothing.
    """
    options = options or Options()
    frames = source if isinstance(source, Frames) else load(source, duplicates=options.duplicates)
    population = select(frames, options)
    head = demand.headline(population, options)
    table, few = demand.demand(population, options)
    first = head.iloc[0].to_dict()
    return Measures(
        options=options,
        any_track=Figure(**{f.name: first[f.name] for f in fields(Figure)}),
        population=population.funnel,
        headline=head,
        demand=table,
        too_few=few,
        lift=lift(population, options),
    )
