"""Parts about where the numbers come from: sources with the terms that ask for a credit, method and
limits."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from nlp.records import TRACKS
from reports import figures, theme
from reports.report import Part, Wanted
from reports.sentences import listed, plural, share, versus, whole
from reports.story import Material, estimate
from reports.story_headline import CORRECTED, OPEN_MARKS
from reports.tables import SHARES, Column, Table, records

if TYPE_CHECKING:
    import pandas as pd


_DEMAND = (
    "Demand of a skill is the share of postings with a required or a preferred mention of it; a mention in the "
    "employer's own description does not count. A posting counts once, however often it names the skill."
)
_INTERVALS = (
    "Intervals have {level} coverage and treat each employer's postings as one cluster, since they resemble each "
    "other; a posting that names no employer is a cluster of its own. n_eff is the number of independent postings "
    "that would carry as much information."
)
_LIMITS = (
    "Whether a job is a machine-learning job and which tracks it asks for is decided by a trained classifier, which "
    "errs; the skills are found by a dictionary with context rules. The postings are those that the sources hold, "
    "which is not all the jobs there are."
)


def sources(material: Material) -> list[Part]:
    """The share of any track by source: sources differ, and the reader sees how much."""
    title = "Sources"
    headline = material.table("headline")
    rows = headline[(headline["scope"] == "source")].sort_values("denominator", ascending=False)
    kept = rows[rows["flag"] == ""]
    notes: list[str] = []
    few = rows[rows["flag"] != ""]
    if len(few):
        notes.insert(0, f"Too few postings for a share of their own: {listed(few['value'].tolist())}.")
    notes += terms(material.table("sources"))
    if not len(kept):
        none = f"No source holds enough of the {material.of} for a share of its own."
        return [Part("sources", title, none, table=_sources_table(material, rows), notes=notes)]
    order = kept.sort_values("share", ascending=False).merge(corrected_by_source(material), on="value", how="left")
    shown = order.assign(
        key=order["value"], label=order["value"], colour=theme.LIGHT["any"], symbol="star", what="any track"
    ).head(25)
    return [
        Part(
            "sources",
            title,
            sources_sentence(order),
            figure=figures.dots(
                shown,
                "share of the source's machine-learning postings that ask for any of the three tracks",
                top=1.0,
                half=True,
            ),
            table=_sources_table(material, rows),
            reading="" if not len(corrected_by_source(material)) else OPEN_MARKS.strip(),
            wanted=tuple(
                Wanted(one, f"{one}: any of the three tracks", tracks=TRACKS, rows=material.rows(source=one))
                for one in shown["value"]
            ),
            notes=notes + bias(material),
        )
    ]


def sources_sentence(rows: pd.DataFrame) -> str:
    """How far the sources are apart. Rows: largest share first.

    The two ends are the outermost of all, so their intervals must lie apart when they are widened by what Tukey's
    range test asks for with so many sources.
    """
    if len(rows) == 1:
        row = rows.iloc[0]
        return f"All figures come from one source, {row['value']}: {plural(row['denominator'], 'posting')}."
    first, last = records(rows)[0], records(rows)[-1]
    by = widening(len(rows))
    if versus(estimate(first).widened(by), estimate(last).widened(by)) == "more often than":
        return (
            f"The sources differ: in {first['value']} {share(estimate(first))} of the postings ask for any of the "
            f"three tracks, in {last['value']} {share(estimate(last), first=False)}. A figure from one source is no "
            "figure of all jobs."
        )
    return f"No difference between the {len(rows)} sources is larger than chance allows among so many."


def widening(groups: int) -> float:
    """By how much two of `groups` intervals must be widened so that the outermost two lie apart by chance in no more
    than 5 % of cases: Tukey's studentized range against two intervals that do not meet; at least 1."""
    from scipy import stats

    return max(1.0, float(stats.studentized_range.ppf(0.95, groups, 1e4)) / math.sqrt(2) / (math.sqrt(2) * 1.96))


def _sources_table(material: Material, shares: pd.DataFrame) -> Table:
    """The sources with what they hold and, beside it, their share; the shares alone where nothing else is
    known."""
    known = material.table("sources")
    if not len(known):
        return Table("sources", shares, (Column("Source", ("value",)), *SHARES), limit=40)
    beside = shares[["value", "share", "low", "high"]].rename(columns={"value": "source"})
    mended = corrected_by_source(material).rename(columns={"value": "source"})
    table = known.merge(beside, on="source", how="left").merge(mended, on="source", how="left")
    return Table(
        "sources",
        table.assign(complete=[read(text) for text in known["completeness"]], terms=known["terms"].where(
            known["terms"] != "", "not known")),
        (
            Column("Source", ("source",)), Column("Postings", ("postings",), "count"),
            Column("Employers", ("employers",), "count"), Column("First day", ("first_day",)),
            Column("Last day", ("last_day",)), Column("Any track", ("share",), "share"),
            Column("95% interval", ("low", "high"), "interval"), *CORRECTED, Column("Read", ("complete",)),
            Column("Terms", ("terms",)),
        ),
        limit=40,
    )  # fmt: skip


def corrected_by_source(material: Material) -> pd.DataFrame:
    """value, corrected, corrected_low, corrected_high: the share of any track of each source with enough labels."""
    rows = material.corrected("source")
    rows = rows[rows["id"] == "any_track"]
    names = {"share": "corrected", "low": "corrected_low", "high": "corrected_high"}
    found: pd.DataFrame = rows[["value", "share", "low", "high"]].rename(columns=names)
    return found


NAMED = 6
UNKNOWN = "not known to this report"
_STATES = {"ok": "whole", "partial": "in part", "failed": "not at all (failed)", "dead": "not at all (gone)",
           "empty": "whole (empty)", "not_modified": "unchanged"}  # fmt: skip


def read(completeness: str) -> str:
    """The manifest's words in plain ones: `3 ok, 1 failed; 98% of …` as `3 boards whole and 1 not at all …`."""
    counts, _, stated = completeness.partition(";")
    said: list[str] = []
    for part in counts.split(", "):
        number, _, state = part.partition(" ")
        if not number.isdecimal():
            return completeness
        said.append(f"{number if said else plural(int(number), 'board')} {_STATES.get(state, state)}")
    return listed(said) + (f";{stated}" if stated else "")


def terms(known: pd.DataFrame) -> list[str]:
    """The credits that the sources' terms ask for, and the collections of which no terms are known."""
    from crawler.policies import policies

    stated = policies()
    names = [] if not len(known) else known["source"].tolist()
    credit = [stated[name].attribution for name in names if name in stated and stated[name].attribution]
    notes = [f"Credits that the sources' terms ask for: {'; '.join(dict.fromkeys(credit))}."] if credit else []
    others = [name for name in names if name not in stated]
    if others:
        notes.append(
            f"Imported: {_named(others)}. Authors, licences and terms of what was imported are {UNKNOWN}: before you "
            "publish numbers from it, find out what they ask for and name them."
        )
    return notes


def _named(sources: list[str]) -> str:
    """The names, or how many where the table below tells them better."""
    few = len(sources) <= NAMED
    return listed(sources) if few else f"{len(sources)} collections, which the table below names"


def bias(material: Material) -> list[str]:
    """How far the headline moves when one source is left out."""
    table = material.table("leave_one_out")
    rows = table[table["id"] == "any_track"] if len(table) else table
    if not len(rows):
        return []
    row = records(rows.assign(size=rows["moved"].abs()).sort_values("size", ascending=False))[0]
    points = f"{abs(row['moved']) * 100:.1f} points ({row['left_out']})"
    return [f"Leaving out one source moves the headline share by at most {points}."]


def method(material: Material) -> list[Part]:
    """How the numbers were made, in a few plain paragraphs, with the funnel of what was counted."""
    options, funnel = material.measures.options, material.table("population")
    few = material.table("too_few")
    floors = (
        f"Shares need at least {plural(options.min_postings, 'posting')} of "
        f"{plural(options.min_employers, 'employer')}, and a skill {plural(options.min_count, 'posting')} of "
        f"{plural(options.min_asking, 'employer')}. {suppressed(few)}"
    )
    notes = [_DEMAND, _INTERVALS.format(level=f"{options.level:.0%}"), floors, _LIMITS]
    steps = [f"{whole(row['postings'])} {row['step']}" for row in records(funnel)]
    table = Table("population", funnel, (Column("Step", ("step",)), Column("Postings", ("postings",), "count")))
    return [Part("method", "Method and limits", f"Counted were: {' → '.join(steps)}.", table=table, notes=notes)]


def suppressed(few: pd.DataFrame) -> str:
    """How many skills fall below the floors."""
    rows = few[(few["kind"] == "skill") & (few["level"] == "either")] if len(few) else few
    number = int(rows["suppressed"].sum()) if len(rows) else 0
    if not number:
        return "No skill that is asked for falls below that."
    verbs = ("is", "falls") if number == 1 else ("are", "fall")
    return f"{plural(number, 'skill')} that {verbs[0]} asked for {verbs[1]} below that."
