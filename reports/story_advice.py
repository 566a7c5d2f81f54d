"""Parts that advise: what a syllabus covers, and which skill to learn next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports import behind, figures, figures_more, theme
from reports.readers import readers
from reports.report import Part, Wanted
from reports.sentences import listed, plural, share, versus
from reports.story import Material, estimate
from reports.tables import Column, Table, records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd

STEPS = 8


def syllabus(material: Material) -> list[Part]:
    """How many postings' required skills each syllabus covers, overall and per track."""
    title = "The syllabus check: what courses and exams cover"
    if material.lacks("syllabus", "syllabus_gaps"):
        return [Part("syllabus", title, "No syllabus was measured for this report.")]
    table = material.table("syllabus")
    rows = table[table["year"].astype(str) == "all"] if len(table) else table
    if not len(rows):
        return [Part("syllabus", title, "There are too few postings to check a syllabus against.")]
    words = {"all": "All postings"} | theme.TRACKS
    names = [f"{row['name']}{' (historical)' if row['status'] == 'historical' else ''}" for row in records(rows)]
    shown = rows.assign(
        key=rows["syllabus"] + "-" + rows["track"], label=[words.get(one, one) for one in rows["track"]], group=names,
        colour=[theme.LIGHT.get(one, theme.LIGHT["any"]) for one in rows["track"]],
        symbol=[theme.SYMBOLS.get(one, "star") for one in rows["track"]], what="covered",
    )  # fmt: skip
    return [
        Part(
            "syllabus", title, syllabus_sentence(rows),
            figure=figures.dots(shown, "share of postings whose required machine-learning skills it covers"),
            table=Table("syllabus", _by_year_last(table, words), (
                Column("Syllabus", ("name",)), Column("Track", ("track",)), Column("Year", ("year",)),
                Column("Share of the demand", ("demand_share",), "share"),
                Column("Postings covered", ("count",), "count"),
                Column("of", ("denominator",), "count"), Column("Share covered", ("share",), "share"),
                Column("95% interval", ("low", "high"), "interval")), limit=len(rows)),
            notes=_gaps(material.table("syllabus_gaps")),
            wanted=_covered(material, set(shown["key"])),
        )
    ]  # fmt: skip


def _covered(material: Material, keys: set[str]) -> tuple[Wanted, ...]:
    if material.population is None:
        return ()
    return tuple(one for one in behind.syllabus(material.population, material.measures.options) if one.key in keys)


def _by_year_last(table: pd.DataFrame, words: dict[str, str]) -> pd.DataFrame:
    """The rows of all years first, which the page shows; single years follow in the exported table."""
    named = table.assign(year=table["year"].astype(str), track=table["track"].map(words).fillna(table["track"]))
    ordered: pd.DataFrame = named.sort_values("year", key=lambda year: year != "all", kind="stable")
    return ordered


def syllabus_sentence(rows: pd.DataFrame) -> str:
    """For each syllabus the share of all postings whose required skills it covers."""
    said: list[str] = []
    for row in records(rows[rows["track"] == "all"]):
        past = " (historical: closed to new candidates)" if row["status"] == "historical" else ""
        said.append(f"{row['name']}{past} covers {share(estimate(row), first=not said)}")
    if not said:
        return "No syllabus was checked."
    return (
        f"Of the postings that require machine-learning skills, {listed(said)}. A posting is covered when at "
        "least 60% of the machine-learning skills that it requires are taught."
    )


def _gaps(gaps: pd.DataFrame) -> list[str]:
    """For each syllabus what is asked for and lacks, and what it teaches that nobody asks for."""
    notes = []
    for name, rows in gaps.groupby("name", sort=False) if len(gaps) else ():
        for gap, words in (
            ("asked, not taught", "Asked for but not taught"),
            ("taught, not asked", "Taught but not asked for"),
        ):
            part = rows[rows["gap"] == gap].sort_values("share", ascending=False)
            if len(part):
                few = [str(one) for one in part["skill_name"].head(6)]
                more = [f"{len(part) - len(few)} more"] if len(part) > len(few) else []
                notes.append(f"{name}. {words}: {listed(few + more)}.")
    return notes


def path(material: Material) -> list[Part]:
    """Which skill opens most postings next, for readers who start from different places."""
    title = "A learning path"
    if material.paths is None:
        return [Part("path", title, "No learning path was measured for this report.")]
    if not len(material.paths):
        return [Part("path", title, "There are too few postings with required skills to draw a learning path.")]
    table = material.paths
    shown = table.assign(
        panel=table["reader"],
        label=[f"{row['step']}. {row['name']}" if row["step"] else "Today" for row in records(table)],
        hover=[
            f"<b>{plotly_text(str(row['name']) or 'Today')}</b><br>open to this reader: {row['share']:.1%} "
            f"(95% interval {row['low']:.1%} to {row['high']:.1%})<br>this step adds {row['opens']:.1%}"
            for row in records(table)
        ],
    )
    return [
        Part(
            "path", title, path_sentence(table),
            figure=figures_more.steps(shown, "share of postings of which enough required skills are known"),
            table=Table("path", table, (
                Column("Reader", ("reader",)), Column("Step", ("step",), "count"), Column("Learn", ("name",)),
                Column("Postings open", ("count",), "count"), Column("of", ("denominator",), "count"),
                Column("Share", ("share",), "share"), Column("95% interval", ("low", "high"), "interval"),
                Column("The step adds", ("opens",), "share")), limit=60),
            reading="A posting is open when a reader has at least 60% of the skills that it requires; the next skill "
                    "is the one that opens most for the effort. The order is found on one half of the employers and "
                    "measured on the other.",
            wanted=_opened(material),
        )
    ]  # fmt: skip


def _opened(material: Material) -> tuple[Wanted, ...]:
    """The marks of every reader's steps."""
    if material.population is None or material.paths is None:
        return ()
    known = {reader.name: reader.skills for reader in readers(material.population.catalog)}
    found: list[Wanted] = []
    for name, steps in material.paths.groupby("reader", sort=False):
        found += behind.path(material.population, str(name), known[str(name)], steps)
    return tuple(found)


def path_sentence(table: pd.DataFrame) -> str:
    """What each reader learns first, and how far that leads; the steps that the interval carries."""
    said: list[str] = []
    for reader, rows in table.groupby("reader", sort=False):
        steps = records(rows[rows["step"] > 0].sort_values("step"))
        today = records(rows[rows["step"] == 0])
        if not steps or not today:
            continue
        start, end = estimate(today[0]), estimate(steps[-1])
        if versus(end, start) != "more often than":
            said.append(f"{reader}: no order of skills opens clearly more postings.")
            continue
        first = listed([str(row["name"]) for row in steps[:3]])
        verb = "opens" if len(steps) == 1 else "open"
        now, then = share(end, first=not said), share(start, first=False)
        said.append(
            f"{reader}: {first} first; {plural(len(steps), 'skill')} {verb} {now} of the postings instead of {then}."
        )
    return " ".join(said) if said else "No further skill opens more postings."
