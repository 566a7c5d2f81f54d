"""Parts beyond plain demand: places, workplace and seniority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import facets, figures, figures_more, theme
from reports.report import Part
from reports.sentences import listed, share, versus
from reports.story import Material, estimate
from reports.tables import SHARES, Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

_FACET_WORDS = {"seniority": "seniority", "workplace": "the workplace", "country": "a country"}


PANELS = 5
"""Sources with a line of their own; all of them stand in the table."""


def trends(material: Material) -> list[Part]:
    """The headline share by year, each source in a panel of its own: sources are never mixed in one line."""
    title = "Year by year, source by source"
    rows = by_year(material.table("headline"))
    if not len(rows):
        return [Part("trends", title, "No source has two years with enough dated postings for a trend.")]
    order = rows.groupby("source")["denominator"].sum().sort_values(ascending=False, kind="stable").index[:PANELS]
    shown = rows[rows["source"].isin(order)].assign(
        panel=lambda table: table["source"],
        line="at least one of the three tracks",
        when=lambda table: table["year"],
        colour=theme.LIGHT["any"],
        symbol=theme.SYMBOLS["any"],
        label=lambda table: table["value"],
    )
    shown = shown.assign(hover=figures.hover(shown, "any track"), rank=shown["source"].map(list(order).index))
    columns = (Column("Source", ("source",)), Column("Year", ("year",)), *SHARES)
    return [
        Part(
            "trends",
            title,
            trend_sentence(rows[rows["source"] == order[0]]),
            figure=figures_more.lines(shown.sort_values(["rank", "year"]), "year in which the posting was posted"),
            table=Table("trends", rows.drop(columns=["scope", "flag", "value"], errors="ignore"), columns, limit=60),
            reading="Shares of each year's machine-learning postings that ask for at least one of the three tracks, "
            "with 95% intervals. Only postings that state their day are counted; years with too few are left out.",
        )
    ]


def by_year(headline: pd.DataFrame) -> pd.DataFrame:
    """The unflagged rows of scope "source, year" with columns source and year, of sources with two years or
    more."""
    rows = headline[(headline["scope"] == "source, year") & (headline["flag"] == "")]
    split = rows["value"].str.rsplit(", ", n=1)
    rows = rows.assign(source=split.str[0], year=split.str[1].astype("int64"))
    years = rows.groupby("source")["year"].transform("nunique")
    kept: pd.DataFrame = rows[years >= 2].sort_values(["source", "year"])
    return kept


def trend_sentence(rows: pd.DataFrame) -> str:
    """First year against last year of one source; a change is claimed only when their intervals lie apart."""
    first, last = records(rows)[0], records(rows)[-1]
    before, after = estimate(first), estimate(last)
    said = {
        "more often than": "it rose",
        "less often than": "it fell",
        "about as often as": "the intervals carry no change between these two years",
    }[versus(after, before)]
    return (
        f"In {first['source']} the share that asks for at least one of the three tracks was {share(before)} in "
        f"{first['year']} and {share(after, first=False)} in {last['year']}: {said}."
    )


def where(material: Material) -> list[Part]:
    """Seniority, workplace and country of the postings that state one."""
    title = "Seniority, workplace and country"
    if material.population is None:
        return [Part("where", title, "These measures hold no seniority, workplace or country.")]
    table = facets.shares(material.population, material.measures.options)
    if not len(table):
        return [Part("where", title, "Too few postings state a seniority, a workplace or a country.")]
    colours = {"seniority": "computer_vision", "workplace": "nlp", "country": "sequence_modeling"}
    shown = table.assign(
        key=table["facet"] + "-" + table["value"],
        colour=[theme.LIGHT[colours[facet]] for facet in table["facet"]],
        symbol=[theme.SYMBOLS[colours[facet]] for facet in table["facet"]],
        what=table["facet"],
        group=[
            f"{facet.capitalize()} (stated in {of:,})"
            for facet, of in zip(table["facet"], table["denominator"], strict=True)
        ],
    )
    return [
        Part(
            "where",
            title,
            where_sentence(table),
            figure=figures.dots(shown, "share of the machine-learning postings that state it"),
            table=Table(
                "where",
                table.drop(columns="label"),
                (
                    Column("Facet", ("facet",)),
                    Column("Value", ("value",)),
                    Column("Postings", ("count",), "count"),
                    Column("of those that state it", ("denominator",), "count"),
                    Column("Employers", ("employers",), "count"),
                    Column("Share", ("share",), "share"),
                    Column("95% interval", ("low", "high"), "interval"),
                ),
                limit=40,
            ),
            reading="Each share is of the postings that state the thing at all; many postings do not.",
        )
    ]


def where_sentence(table: pd.DataFrame) -> str:
    """The most frequent value of each facet among the postings that state one."""
    said: list[str] = []
    for facet, rows in table.groupby("facet", sort=False):
        first = records(rows)[0]
        of = f"of those that state {_FACET_WORDS[str(facet)]}"
        said.append(f"{share(estimate(first), first=not said)} {of} say {first['label']}")
    return f"Of the postings, {listed(said)}."
