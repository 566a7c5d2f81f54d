"""What every callback works on: the arrays, the store behind them, and the selections asked for last."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from reports.explorer import charts, network, trend
from reports.explorer.cohort import Cohort
from reports.explorer.data import Population
from reports.explorer.filters import other_names
from reports.explorer.marks import Chart
from reports.explorer.state import Filters, View, parse

if TYPE_CHECKING:
    from reports.explorer.desk import Desk
    from reports.explorer.texts import Texts

CHARTS = ("skills", "tracks", "seniority", "trend", "together", "workplace", "country", "pay", "employer", "source")
"""The figures of the first screen, in their order on it."""

FIRST, REST = CHARTS[0], CHARTS[1:]
"""What one sees without scrolling, and what lies below."""


@dataclass(eq=False)
class Explorer:
    """The running explorer. `texts` reads one posting, `desk` takes labels, `token` guards what is written."""

    population: Population
    texts: Texts | None = None
    desk: Desk | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24))

    def __post_init__(self) -> None:
        self._cohort = lru_cache(maxsize=48)(self._make)
        self._chart = lru_cache(maxsize=256)(self._draw)

    def _make(self, filters: Filters) -> Cohort:
        return Cohort(self.population, filters)

    def cohort(self, filters: Filters) -> Cohort:
        """The selection of `filters`; the latest 48 are kept."""
        return self._cohort(filters)

    def view(self, query: object) -> View:
        """The view that an address names; a browser may send anything for one."""
        return parse(query if isinstance(query, str) else "", self.population.known)

    def chart(self, key: str, cohort: Cohort) -> Chart:
        """The figure `key` of CHARTS, not to be changed; KeyError for another. The latest 256 are kept."""
        return self._chart(key, cohort.filters)

    def _draw(self, key: str, filters: Filters) -> Chart:
        cohort = self.cohort(filters)
        if key in self.population.facets:
            return charts.facet(cohort, key)
        return {
            "skills": charts.skills,
            "tracks": charts.tracks,
            "trend": trend.trend,
            "pay": charts.pay,
            "together": network.together,
        }[key](cohort)

    def warm(self) -> None:
        """Work out the first screen once, so that the first reader does not wait for imports and indexes."""
        whole = self.cohort(Filters())
        for key in CHARTS:
            self.chart(key, whole)
        len(self.population.row_of)
        other_names()
