"""What to measure: the filters of the population, the weights, and the floors below which no figure is
printed.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from crawler.errors import InputError
from nlp.records import SENIORITIES, TRACKS

WEIGHTS = ("vacancy", "employer", "days")
WORKPLACES = ("remote", "hybrid", "onsite")
PARTS = (
    "demand",
    "corrected",
    "lift",
    "pairs",
    "trends",
    "pay",
    "path",
    "syllabus",
    "sources",
)
"""What `measure` can leave out: the population and the headline are always there."""


@dataclass(frozen=True, slots=True)
class Options:
    """Filters, weights and floors of a measurement; checked when made, an InputError names the field.

    Filters: `since` and `until` (both inclusive) look at the day a posting was posted, or first seen where no
    day is stated; `track` one of nlp.records.TRACKS; `country` ISO alpha-2; `seniority`, `workplace`,
    `source`; `employer` an employer_id. A tuple of several values means any of them; the empty tuple means
    all.

    `weights`: "vacancy" one vacancy one vote; "employer" one employer one vote (its vacancies share it);
    "days" a vacancy weighs the days it was open (analysis.openness.open_days), the median where nothing
    tells.

    `mix`: a mix of sources, countries or seniority, entries such as ("source", "greenhouse", 0.7); weights are
    relative. `measure` standardises the headlines to it (`Measures.standardised`; where none is given for one of the
    three, all its values weigh the same), `path` and `compare` everything that they say.

    `syllabi`: files of your own, measured beside the shipped ones.

    Floors: a share needs `min_postings` in its denominator from at least `min_employers` employers, and a
    skill needs `min_count` postings of at least `min_asking` employers; what falls below is left out and
    counted in `too_few`. `min_label_count` is the smallest number of labelled postings of a source for the
    corrected shares.
    """

    since: datetime.date | None = None
    until: datetime.date | None = None
    track: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    seniority: tuple[str, ...] = ()
    workplace: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    employer: tuple[str, ...] = ()
    weights: str = "vacancy"
    duplicates: bool = True
    min_postings: int = 30
    min_employers: int = 20
    min_count: int = 5
    min_asking: int = 3
    min_label_count: int = 20
    level: float = 0.95
    fdr: float = 0.05
    replicates: int = 2000
    seed: int = 20260101
    trend_skills: int = 40
    mix: tuple[tuple[str, str, float], ...] = ()
    syllabi: tuple[Path, ...] = ()
    parts: tuple[str, ...] = PARTS

    def __post_init__(self) -> None:
        _one_of("track", self.track, TRACKS)
        _one_of("seniority", self.seniority, SENIORITIES)
        _one_of("workplace", self.workplace, WORKPLACES)
        _one_of("weights", (self.weights,), WEIGHTS)
        _one_of("parts", self.parts, PARTS)
        for by, value, weight in self.mix:
            _one_of("mix", (by,), ("source", "country", "seniority"))
            if weight <= 0:
                raise InputError(f"mix: {value!r} weighs {weight}: give a number above 0")
        if self.since and self.until and self.since > self.until:
            raise InputError(f"since: {self.since} lies after until, {self.until}")
        for name in (
            "min_postings",
            "min_employers",
            "min_count",
            "min_asking",
            "min_label_count",
            "replicates",
        ):
            if getattr(self, name) < 1:
                raise InputError(f"{name}: {getattr(self, name)} is below 1")
        for name in ("level", "fdr"):
            if not 0 < getattr(self, name) < 1:
                raise InputError(f"{name}: {getattr(self, name)} does not lie between 0 and 1")


def _one_of(field: str, values: tuple[str, ...], valid: tuple[str, ...]) -> None:
    for value in values:
        if value not in valid:
            raise InputError(f"{field}: {value!r} is none of {', '.join(valid)}")
