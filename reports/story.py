"""The story: which parts the report has, in which order, out of what was measured."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from reports.report import Card, Part, Report, Wanted
from reports.sentences import Estimate, listed, percent, percent_range, plural, share, whole, within
from reports.tables import records

if TYPE_CHECKING:
    import pandas as pd

    from analysis.frames import Frames
    from analysis.intervals import Array
    from analysis.population import Population
    from analysis.run import Measures


FIELDS = "ml-fields"
"""The category of names of fields: that machine-learning jobs ask for machine learning is no news."""


@dataclass(frozen=True)
class Material:
    """What the parts are made of.

    Attributes:
        measures: of the whole population.
        by_track: the same for the postings of each track that has enough of them.
        population: the counted postings; None when the report is made of measures alone.
        paths: the readers' learning paths (reports.readers.paths); None when they were not asked for.
        frames: what the population was drawn from; None as well then.
    """

    measures: Measures
    by_track: Mapping[str, Measures] = field(default_factory=dict)
    population: Population | None = None
    paths: pd.DataFrame | None = None
    frames: Frames | None = None

    def table(self, name: str) -> pd.DataFrame:
        """A table of the measures; an empty frame where these measures do not have it."""
        import pandas as pd

        found = self.measures.tables().get(name)
        return pd.DataFrame() if found is None else found

    def corrected(self, scope: str) -> pd.DataFrame:
        """The rows of `corrected` for a scope that hold a correction, those refused or too few left out."""
        table = self.table("corrected")
        if not len(table):
            return table.reindex(columns=["scope", "value", "id", "share", "low", "high", "labelled"])
        kept: pd.DataFrame = table[(table["scope"] == scope) & (table["note"] == "")]
        return kept

    def lacks(self, *names: str) -> bool:
        """Whether one of these tables was not measured at all, which is another thing than an empty table."""
        return not set(names) <= set(self.measures.tables())

    def demand(self, kind: str, level: str, track: str | None = None) -> pd.DataFrame:
        """Rows of the demand table with `key` and `label` as figures want them, largest share first."""
        table = (self.measures if track is None else self.by_track[track]).demand
        rows = table[(table["kind"] == kind) & (table["level"] == level)]
        rows = rows.assign(field=rows["category"] == FIELDS)
        if self.frames is not None:
            names = self.frames.catalog.category_names
            rows = rows.assign(category=[names.get(one, one) for one in rows["category"]])
        return rows.assign(key=rows["id"], label=rows["name"]).reset_index(drop=True)

    def rows(self, **values: object) -> Array | None:
        """Numbers of the counted postings that have these values: `rows(source="lever")`, `rows(nlp=True)`; None when
        there is no population to number."""
        if self.population is None:
            return None
        import numpy as np

        postings = self.population.postings
        fits = [(postings[name] == value).to_numpy() for name, value in values.items()]
        return np.flatnonzero(np.logical_and.reduce(fits))

    @cached_property
    def dated(self) -> Population | None:
        """The postings that trends count: those with a day, a vacancy once in every month in which it was posted."""
        if self.frames is None:
            return None
        from analysis.trends import dated

        return dated(self.frames, self.measures.options)

    @property
    def postings(self) -> int:
        """How many postings are counted."""
        return int(self.measures.any_track.denominator)

    @property
    def of(self) -> str:
        """The denominator in words."""
        return f"{whole(self.postings)} machine-learning postings"


def wanted(rows: pd.DataFrame, behind: Array | None = None) -> tuple[Wanted, ...]:
    """The bars of skills (columns id and name) as examples are looked up for them, among the postings `behind`."""
    return tuple(Wanted(row["id"], str(row["name"]), (row["id"],), rows=behind) for row in records(rows))


def estimate(row: Mapping[str, float]) -> Estimate:
    """share, low, high of a row of measures."""
    return Estimate(float(row["share"]), float(row["low"]), float(row["high"]))


def cards(material: Material) -> list[Card]:
    """The three headline figures: any track, the most asked-for track, the most asked-for skill."""
    head = material.measures.any_track
    if head.flag:
        return [Card(whole(head.denominator), "too few for shares", "machine-learning postings counted")]
    whole_head = Estimate(head.share, head.low, head.high)
    chosen = material.measures.options.track
    found = [
        Card(whole(head.denominator), f"of {plural(head.employers_all, 'employer')}", "postings counted")
        if chosen
        else Card(
            percent(whole_head),
            f"95% interval {percent_range(whole_head)}",
            "of machine-learning postings ask for computer vision, NLP or sequence modeling" + _mended(material),
        )
    ]
    if not chosen:
        found += _track_card(material)
    return found + _skill_card(material)


def corrected_head(material: Material) -> Estimate | None:
    """The share of any track, corrected for the classifier's errors; None where labels do not carry it."""
    rows = material.corrected("all")
    rows = rows[rows["id"] == "any_track"]
    return estimate(records(rows)[0]) if len(rows) else None


def _mended(material: Material) -> str:
    found = corrected_head(material)
    return "" if found is None else f"; {share(found, first=False)} once the classifier's errors are corrected"


def _track_card(material: Material) -> list[Card]:
    rows = material.demand("track", "either")
    if not len(rows):
        return []
    first, name = estimate(records(rows)[0]), within(str(rows.iloc[0]["name"]))
    alone = len(rows) == 1 or first.low > float(rows.iloc[1]["high"])
    words = "more than for any other track" if alone else "the track found most often"
    return [Card(percent(first), f"95% interval {percent_range(first)}", f"of them ask for {name}, {words}")]


def _skill_card(material: Material) -> list[Card]:
    rows = material.demand("skill", "either")
    if not len(rows):
        return []
    ahead, rest = besides(rows)
    first = estimate(records(rest)[0])
    text = f"of them ask for {rest.iloc[0]['name']}, the skill found most often"
    text += f" besides {listed([within(name) for name in ahead])}" if ahead else ""
    return [Card(percent(first), f"95% interval {percent_range(first)}", text)]


def besides(rows: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    """(names of fields that stand before the first skill that is none, the rows from that skill on).

    Where all rows are fields, they are taken as they come.
    """
    first = int((~rows["field"]).to_numpy().argmax()) if (~rows["field"]).any() else 0
    return [str(name) for name in rows["name"].head(first)], rows.iloc[first:]


def lead(material: Material) -> str:
    """What was measured and what an interval is, in a few sentences for someone who comes by."""
    head, sources = material.measures.any_track, material.table("headline")
    names = [] if not len(sources) else sources.loc[sources["scope"] == "source", "value"].tolist()
    text = f"Counted in {plural(head.denominator, 'job posting')}"
    text += f" from {plural(len(names), 'source')}" if names else ""
    if material.population is not None:
        text += _who(material.population.postings)
    return (
        f"{text}. The range beside a share, its 95% interval, is what chance leaves open; what the sources never saw "
        "is not in it."
    )


def _who(postings: pd.DataFrame) -> str:
    """`, of 4,800 named employers; the dated ones are of 2012 to 2026`."""
    named = postings.loc[postings["employer_id"] != "", "employer_id"].nunique()
    text = f" and {plural(named, 'named employer')}" if named else ""
    days = postings["date_posted"].dropna()
    if len(days):
        first, last = days.min().year, days.max().year
        years = str(first) if first == last else f"{first} to {last}"
        text += f", dated {years}" if len(days) == len(postings) else f"; those with a date are of {years}"
    return text


def filters(material: Material) -> dict[str, str]:
    """The filters that narrow this report, for the reader."""
    options = material.measures.options
    shown: dict[str, str] = {}
    for name in ("since", "until"):
        if getattr(options, name) is not None:
            shown[name] = str(getattr(options, name))
    for name in ("track", "country", "seniority", "workplace", "source", "employer"):
        if getattr(options, name):
            shown[name] = ", ".join(getattr(options, name))
    if options.weights != "vacancy":
        shown["weights"] = options.weights
    if options.mix:
        shown["standardised beside the count to"] = ", ".join(
            f"{by} {value} {weight:g}" for by, value, weight in options.mix
        )
    return shown


def compose(material: Material) -> Report:
    """The report of `material`: every part that its tables allow, the others as one sentence."""
    from reports import (
        story_advice,
        story_change,
        story_demand,
        story_firm,
        story_headline,
        story_method,
        story_model,
        story_pay,
        story_special,
        story_trends,
        story_where,
    )

    makers: list[Callable[[Material], list[Part]]] = [
        story_headline.headline, story_demand.skills, story_demand.per_track, story_special.special,
        story_demand.foundation, story_special.together, story_trends.trends, story_change.composition,
        story_change.seasons, story_pay.pay, story_where.where, story_advice.syllabus, story_advice.path,
        story_firm.firm, story_method.sources, story_model.card, story_method.method,
    ]  # fmt: skip
    population = material.population
    synthetic = population is not None and bool(population.postings["synthetic"].all())
    return Report(
        title="What machine-learning jobs ask for",
        lead=lead(material),
        cards=cards(material),
        parts=[part for maker in makers for part in maker(material)],
        filters=filters(material),
        synthetic=synthetic,
    )
