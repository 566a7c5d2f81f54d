"""Which postings stand for a mark: one of an employer, the sources by turns, each source's newest first.

Only the numbers are looked at; the texts of those chosen are read afterwards (reports.evidence).
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from reports.report import Wanted

if TYPE_CHECKING:
    from analysis.intervals import Array, Matrix
    from analysis.population import Population

SPARE = 4
"""How many times as many postings as asked for are kept in reserve: not every text still shows what was counted."""


class Chooser:
    """Chooses postings of one population.

    Args:
        population: the postings with their skills; `postings` has posting_id, employer_id, source, date_posted, a bool
            and a `<track>_probability` per track.
    """

    def __init__(self, population: Population) -> None:
        self.population = population
        self._required, self._either = population.required.tocsc(), population.either.tocsc()
        self._source = np.unique(population.postings["source"].to_numpy(object).astype(str), return_inverse=True)[1]
        self._by_tracks: dict[tuple[str, ...], Array] = {}

    def choose(self, wanted: Wanted, number: int) -> Array:
        """At most `number` x SPARE postings for a mark, the best first: required before preferred, the clearest
        carriers of a track first."""
        rows: Array = np.arange(len(self._source)) if wanted.rows is None else wanted.rows
        first: Array = np.zeros(len(rows), int)
        order = self._newest
        if wanted.skills:
            columns = [self.population.catalog.number[skill] for skill in wanted.skills]
            asked = _any(self._either, columns, rows)
            rows = rows[asked]
            first = np.where(_any(self._required, columns, rows), 0, 1)
        elif wanted.tracks:
            carries: Array = self.population.postings[list(wanted.tracks)].to_numpy(bool)
            rows = rows[carries[rows].any(axis=1)]
            first, order = np.zeros(len(rows), int), self._clearest(wanted.tracks)
        return self._spread(rows, first, order, number * SPARE)

    def _spread(self, rows: Array, first: Array, place: Array, number: int) -> Array:
        """One posting per employer, then the sources by turns within each value of `first`, by `place`."""
        order = np.lexsort((place[rows], first))
        rows, first = rows[order], first[order]
        kept = np.sort(np.unique(self.population.employer[rows], return_index=True)[1])
        rows, first = rows[kept], first[kept]
        order = np.lexsort((place[rows], _turns(first, self._source[rows]), first))
        return rows[order][:number]

    @cached_property
    def _newest(self) -> Array:
        """Each posting's place when the newest come first, those without a date last."""
        postings = self.population.postings.reset_index(drop=True)
        order = postings.sort_values(["date_posted", "posting_id"], ascending=[False, True], na_position="last").index
        return _places(order.to_numpy())

    def _clearest(self, tracks: tuple[str, ...]) -> Array:
        """Each posting's place when the highest probability of any of the tracks comes first, then the newest."""
        if tracks not in self._by_tracks:
            probability = self.population.postings[[f"{track}_probability" for track in tracks]].max(axis=1)
            self._by_tracks[tracks] = _places(np.lexsort((self._newest, -probability.to_numpy())))
        return self._by_tracks[tracks]


def _any(matrix: Matrix, columns: list[int], rows: Array) -> Array:
    counts: Array = np.asarray(matrix[:, columns].sum(axis=1)).ravel()
    found: Array = counts[rows] > 0
    return found


def _places(order: Array) -> Array:
    places = np.empty(len(order), int)
    places[order] = np.arange(len(order))
    return places


def _turns(first: Array, source: Array) -> Array:
    """How many earlier rows share a row's `first` and `source`."""
    seen: dict[tuple[int, int], int] = {}
    turns = np.empty(len(first), int)
    for at, key in enumerate(zip(first.tolist(), source.tolist(), strict=True)):
        turns[at] = seen.get(key, 0)
        seen[key] = turns[at] + 1
    return turns
