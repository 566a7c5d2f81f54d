"""Parts about where the jobs are: places, workplace and seniority."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import facets, figures, theme
from reports.report import Part, Wanted
from reports.sentences import listed, share, versus, whole, within
from reports.story import Material, estimate
from reports.tables import Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

_FACET_WORDS = {"seniority": "seniority", "workplace": "the workplace", "country": "a country"}


def where(material: Material) -> list[Part]:
    """Seniority, workplace and country of the postings that state one."""
    title = "Seniority, workplace and country"
    if material.population is None:
        return [Part("where", title, "These measures hold no seniority, workplace or country.")]
    table = facets.shares(material.population, material.measures.options)
    if not len(table):
        return [Part("where", title, "Too few postings state a seniority, a workplace or a country.")]
    shown = _drawn(table)
    return [
        Part(
            "where",
            title,
            where_sentence(table),
            figure=figures.dots(shown, "share of the machine-learning postings that state it"),
            table=Table("where", table, _WHERE, limit=40),
            wanted=tuple(
                Wanted(
                    row["key"],
                    f"{row['what'].capitalize()}: {row['label']}",
                    fact=(row["facet"], row["value"]),
                    rows=material.rows(**{row["facet"]: row["value"]}),
                )
                for row in records(shown)
            ),
            reading="Each share is of the postings that state the thing at all; many postings do not.",
        )
    ]


def _drawn(table: pd.DataFrame) -> pd.DataFrame:
    """The rows as `figures.dots` wants them, each facet a group in its own colour and shape."""
    colours = {"seniority": "computer_vision", "workplace": "nlp", "country": "sequence_modeling"}
    return table.assign(
        key=table["facet"] + "-" + table["value"],
        colour=[theme.LIGHT[colours[facet]] for facet in table["facet"]],
        symbol=[theme.SYMBOLS[colours[facet]] for facet in table["facet"]],
        what=table["facet"],
        group=[
            f"{facet.capitalize()} (stated in {of:,})"
            for facet, of in zip(table["facet"], table["denominator"], strict=True)
        ],
    )


_WHERE = (
    Column("Facet", ("facet",)), Column("Value", ("label",)), Column("Postings", ("count",), "count"),
    Column("of those that state it", ("denominator",), "count"), Column("Employers", ("employers",), "count"),
    Column("Share", ("share",), "share"), Column("95% interval", ("low", "high"), "interval"),
)  # fmt: skip


def where_sentence(table: pd.DataFrame) -> str:
    """The most frequent value of each facet among the postings that state one; two that cannot be told apart are both
    named."""
    said: list[str] = []
    for facet, rows in table.groupby("facet", sort=False):
        first, *others = records(rows)
        ties = [row for row in others if versus(estimate(first), estimate(row)) == "about as often as"][:2]
        words = [
            f"{share(estimate(row), first=not said and row is first)} say {within(row['label'])}"
            for row in (first, *ties)
        ]
        text = f"Of the {whole(first['denominator'])} postings that state {_FACET_WORDS[str(facet)]}, {listed(words)}"
        said.append(f"{text}, about equally many." if ties else f"{text}, more than anything else.")
    return " ".join(said)
