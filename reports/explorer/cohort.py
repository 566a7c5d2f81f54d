"""Selections: which postings the filters keep, and what can be counted in them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.explorer.data import CONTEXT, PREFERRED, REQUIRED, TRACKS, Population, month_number
from reports.explorer.shares import Shares, difference, of_flags, of_rows, shares
from reports.explorer.state import NO_TRACK, Filters

Array = NDArray[Any]
FEW_POSTINGS, FEW_EMPLOYERS = 100, 30
MOST_PERIODS, USUAL_IN_PERIOD, LEAST_IN_PERIOD = 26, 20, 5
COUNTED = {
    "asked": REQUIRED | PREFERRED,
    "required": REQUIRED,
    "preferred": PREFERRED,
    "any": CONTEXT | PREFERRED | REQUIRED,
}
_FACETS = ("seniority", "workplace", "country", "employer", "source")


def rows_of(population: Population, filters: Filters) -> Array:
    """Which rows the filters keep, a bool each."""
    keep = np.ones(len(population), bool)
    if filters.track:
        wanted = [TRACKS.index(one) for one in filters.track if one != NO_TRACK]
        found = population.tracks[:, wanted].any(axis=1)
        keep &= found | ~population.tracks.any(axis=1) if NO_TRACK in filters.track else found
    for name in _FACETS:
        values = getattr(filters, name)
        if values:
            facet = population.facets[name]
            chosen = np.zeros(len(facet.values), bool)
            chosen[[facet.index[value] for value in values]] = True
            keep &= chosen[facet.codes]
    if filters.since:
        keep &= population.month >= month_number(filters.since)
    if filters.until:
        keep &= (population.month <= month_number(filters.until)) & (population.month >= 0)
    for skill in filters.skill:
        keep &= _asking(population, population.skill_index[skill], filters.level)
    return _once(population, keep)


def _once(population: Population, keep: Array) -> Array:
    """The first kept row of each vacancy's repeats; by the order of the rows it is the one that the report counts."""
    rows = np.flatnonzero(keep & population.repeated)
    _, first = np.unique(population.vacancy[rows], return_index=True)
    keep[rows] = False
    keep[rows[first]] = True
    return keep


def _asking(population: Population, skill: int, level: str) -> Array:
    counted = (population.entry_skill == skill) & (population.entry_flags & COUNTED[level] > 0)
    out = np.zeros(len(population), bool)
    out[population.entry_row[counted]] = True
    return out


@dataclass(frozen=True)
class Cohort:
    """The postings that `filters` keep, and their figures, each worked out when first asked for."""

    population: Population
    filters: Filters

    @cached_property
    def rows(self) -> Array:
        """Bool per posting."""
        return rows_of(self.population, self.filters)

    @cached_property
    def places(self) -> Array:
        """Row numbers that are kept."""
        return np.flatnonzero(self.rows)

    @cached_property
    def clusters(self) -> Array:
        """Employer of each kept row."""
        return self.population.cluster[self.places]

    @cached_property
    def sizes(self) -> Array:
        """Kept postings per employer."""
        return np.bincount(self.clusters, minlength=self.population.clusters)

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def employers(self) -> int:
        """Employers with a kept posting; a posting without employer counts as one."""
        return int((self.sizes > 0).sum())

    @property
    def small(self) -> bool:
        """Whether intervals will be wide enough to need a warning."""
        return len(self) < FEW_POSTINGS or self.employers < FEW_EMPLOYERS

    def hits(self, level: str) -> Array:
        """Postings per pair of employer and skill that count at `level`."""
        flags = self.population.entry_flags & COUNTED[level] > 0
        flags &= self.rows[self.population.entry_row]
        pair, cluster, _ = self.population.pairs
        return np.bincount(pair[flags], minlength=len(cluster)).astype(float)

    @cached_property
    def counts(self) -> Array:
        """Postings per skill at the level of the filters."""
        _, _, skill = self.population.pairs
        return np.bincount(skill, weights=self.hits(self.filters.level), minlength=len(self.population.skills))

    @cached_property
    def required(self) -> Array:
        """Postings per skill that require it."""
        _, _, skill = self.population.pairs
        return np.bincount(skill, weights=self.hits("required"), minlength=len(self.population.skills))

    def top(self, most: int, floor: int = 1) -> Array:
        """Codes of the skills asked for most, those that are filtered for left out (they would all stand at 100 %)."""
        order = np.argsort(-self.counts, kind="stable")
        chosen = {self.population.skill_index[one] for one in self.filters.skill}
        found = [code for code in order[: most + len(chosen)] if self.counts[code] >= floor and code not in chosen]
        return np.array(found[:most], int)

    def demand(self, skills: Array) -> Shares:
        """Shares of these skill codes at the level of the filters, with intervals."""
        _, cluster, skill = self.population.pairs
        place = np.full(len(self.population.skills), -1)
        place[skills] = np.arange(len(skills))
        kind = place[skill]
        some = kind >= 0
        return shares(cluster[some], kind[some], self.hits(self.filters.level)[some], len(skills), self.sizes)

    @cached_property
    def tracks(self) -> Shares:
        """Shares of the three tracks, then of any of them."""
        flags = self.population.tracks[self.places]
        flags = np.concatenate([flags, flags.any(axis=1, keepdims=True)], axis=1)
        return of_flags(self.clusters, flags, self.population.clusters)

    def facet(self, name: str) -> Shares:
        """Shares of the values of a facet."""
        facet = self.population.facets[name]
        return of_rows(self.clusters, facet.codes[self.places], len(facet.values), self.population.clusters)

    def periods(self) -> tuple[Array, int]:
        """(bucket of each kept row or -1, months per bucket): months, quarters or years.

        The finest of them that makes at most 26 periods with 20 postings in the middle one, so that lines are no noise.
        """
        months = np.where(self.population.posted, self.population.month, -1)[self.places].astype(int)
        dated = months[months >= 0]
        if not len(dated):
            return np.full(len(months), -1), 12
        width = next((w for w in (1, 3) if _readable(dated // w)), 12)
        return np.where(months >= 0, months // width, -1), width

    def trend(self) -> tuple[list[str], int, list[tuple[int, Shares]]]:
        """(what the lines are, months per period, for each period its bucket and the shares of the lines).

        The lines are the three tracks, or the skills that are filtered for; that filter itself is left out.
        """
        if self.filters.skill:
            base = Cohort(self.population, self.filters.without("skill"))
            codes = [self.population.skill_index[one] for one in self.filters.skill[:4]]
            flags = np.stack([_asking(self.population, one, self.filters.level) for one in codes], axis=1)
            lines = list(self.filters.skill[:4])
        else:
            base = Cohort(self.population, self.filters.without("track")) if self.filters.track else self
            flags, lines = self.population.tracks, list(TRACKS)
        bucket, width = base.periods()
        found = []
        for one in np.unique(bucket[bucket >= 0]):
            places = base.places[bucket == one]
            if len(places) < LEAST_IN_PERIOD:
                continue
            found.append((int(one), of_flags(self.population.cluster[places], flags[places], self.population.clusters)))
        return lines, width, found

    def together(self, skills: Array) -> Array:
        """skills x skills: postings that ask for both; the diagonal holds the count of each."""
        counted = (self.population.entry_flags & COUNTED[self.filters.level] > 0) & self.rows[self.population.entry_row]
        place = np.full(len(self.population.skills), -1)
        place[skills] = np.arange(len(skills))
        column = place[self.population.entry_skill]
        counted &= column >= 0
        table = np.zeros((len(self), len(skills)), np.float32)
        compact = np.cumsum(self.rows) - 1
        table[compact[self.population.entry_row[counted]], column[counted]] = 1
        return table.T @ table

    def pay(self, field: str) -> tuple[str | None, list[tuple[str, int, Array]]]:
        """(currency, [(value, postings, quartiles)]) of the pay per year in the currency that most postings state."""
        pay = self.population.pay[self.places]
        stated = np.isfinite(pay)
        if not stated.any():
            return None, []
        codes = self.population.currency.codes[self.places]
        currency = int(np.bincount(codes[stated]).argmax())
        stated &= codes == currency
        facet = self.population.facets[field]
        kind = facet.codes[self.places]
        found = []
        for code, value in enumerate(facet.values):
            some = pay[stated & (kind == code)]
            if len(some) >= 5:
                found.append((value, len(some), np.quantile(some, [0.25, 0.5, 0.75])))
        return self.population.currency.values[currency], found


def _readable(bucket: Array) -> bool:
    _, counts = np.unique(bucket, return_counts=True)
    return int(bucket.max() - bucket.min()) < MOST_PERIODS and float(np.median(counts)) >= USUAL_IN_PERIOD


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two selections skill by skill: `skills` are codes, `low` and `high` bound the difference of the shares."""

    skills: Array
    first: Shares
    second: Shares
    low: Array
    high: Array


def contrast(a: Cohort, b: Cohort, most: int) -> Contrast:
    """The skills that either selection asks for most, with the interval of the difference of their shares."""
    skills = np.array(list(dict.fromkeys([*a.top(most).tolist(), *b.top(most).tolist()])), int)
    first, second = a.demand(skills), b.demand(skills)
    _, cluster, skill = a.population.pairs
    place = np.full(len(a.population.skills), -1)
    place[skills] = np.arange(len(skills))
    kind = place[skill]
    some = kind >= 0
    hits = (a.hits(a.filters.level)[some], b.hits(b.filters.level)[some])
    low, high = difference(first, second, hits, (a.sizes, b.sizes), cluster[some], kind[some])
    return Contrast(skills, first, second, low, high)
