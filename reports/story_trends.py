"""Parts about time: the tracks year by year within each source, and the skills that rose or fell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import behind, figures_more, theme
from reports.report import Part
from reports.rows import hover
from reports.sentences import Estimate, listed, plural, share, versus
from reports.story import Material, estimate
from reports.tables import SHARES, Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

PANELS = 4
"""Sources with a panel of their own; all of them stand in the table."""
ANY = "At least one of the three"
MOVERS = 14
_YEARLY = (Column("Source", ("line",)), Column("Year", ("year",)), Column("Asks for", ("name",)), *SHARES)


def trends(material: Material) -> list[Part]:
    """The tracks by year, each source in a panel of its own: sources are never mixed in one line."""
    from analysis.trends import FIXED_MIX

    title = "Year by year, source by source"
    rows = yearly(material)
    if not len(rows):
        return [Part("trends", title, "No source has two years with enough dated postings for a trend.")]
    heads = rows[rows["name"] == ANY]
    sizes = heads.groupby("line")["denominator"].sum().sort_values(ascending=False, kind="stable")
    # Sources first, the largest on top; the mix of sources, which is of all of them, last.
    order = [line for line in sizes.index if line != FIXED_MIX][:PANELS] + [
        one for one in sizes.index if one == FIXED_MIX
    ]
    keys = [next((key for key, name in theme.TRACKS.items() if name == one), "any") for one in rows["name"]]
    shown = rows.assign(
        panel=rows["line"], line=rows["name"], when=rows["year"], label=rows["name"],
        colour=[theme.LIGHT[key] for key in keys], symbol=[theme.SYMBOLS[key] for key in keys], track=keys,
        key=[f"{row['line']}-{row['year']}-{key}" for row, key in zip(records(rows), keys, strict=True)],
    )  # fmt: skip
    shown = shown[shown["panel"].isin(order)].sort_values(["panel", "year"], key=lambda c: c.map(_rank(order)))
    shown = shown.assign(
        hover=[f"{year}<br>{text}" for year, text in zip(shown["year"], hover(shown, "asked for"), strict=True)]
    )
    return [
        Part(
            "trends",
            title,
            trend_sentence(heads[heads["line"] == order[0]]),
            figure=figures_more.lines(shown, "year in which the posting was posted"),
            table=Table("trends", rows, _YEARLY, limit=60),
            reading="Shares of each year's machine-learning postings, with 95% intervals. Only postings that state "
            "their day are counted; years with too few are left out."
            + (" The line of all sources holds their mix fixed." if FIXED_MIX in order else ""),
            notes=corrected_years(material),
            population=material.dated,
            wanted=()
            if material.dated is None
            else behind.trends(material.dated, shown.assign(name=shown["line"], line=shown["panel"]), FIXED_MIX),
        ),
        *movers(material),
    ]


def corrected_years(material: Material) -> list[str]:
    """The share of any track corrected for the classifier's errors, for the years of a source with enough labels; a
    year within a longer stretch that is told is not told again."""
    import pandas as pd

    rows = pd.concat([material.corrected("source, years"), material.corrected("source, year")])
    rows = rows[rows["id"] == "any_track"]
    if not len(rows):
        return []
    split = rows["value"].str.rsplit(", ", n=1)
    named = rows.assign(line=split.str[0], span=split.str[1])
    said: list[str] = []
    for line, part in named.sort_values(["line", "span"]).groupby("line", sort=False):
        told = _apart(records(part))
        spans = [f"{row['span']} {share(estimate(row), first=not said and not at)}" for at, row in enumerate(told)]
        said.append(f"in {line} {listed(spans)}")
    return [f"At least one of the three, corrected for the classifier's errors: {'; '.join(said)}."]


def _apart(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows without the single years that lie within the stretch of another row (`span`: 2017, or 2015 to 2018)."""
    stretches = [row["span"].split(" to ") for row in rows if " to " in row["span"]]
    inside = {row["span"] for row in rows for first, last in stretches if first <= row["span"] <= last}
    return [row for row in rows if " to " in row["span"] or row["span"] not in inside]


def _rank(order: list[str]) -> dict[Any, Any]:
    return {name: place for place, name in enumerate(order)} | {year: year for year in range(1990, 2100)}


def yearly(material: Material) -> pd.DataFrame:
    """line (source), year, name (a track, or ANY) and the figure's columns, of sources with two years or
    more."""
    import pandas as pd

    from analysis.demand import FIGURE

    columns = ["line", "year", "name", *FIGURE]
    table = material.table("trends")
    if len(table):
        wanted = table[(table["period"] == "year") & table["kind"].isin(["headline", "track"])]
        year = pd.to_datetime(wanted["start"]).dt.year.astype("int64")
        parts = [wanted.assign(year=year, name=wanted["id"].map(theme.TRACKS).fillna(ANY))[columns]]
    else:
        head = material.table("headline")
        head = head[(head["scope"] == "source, year") & (head["flag"] == "")]
        split = head["value"].str.rsplit(", ", n=1)
        parts = [head.assign(line=split.str[0], year=split.str[1].astype("int64"), name=ANY)[columns]]
    rows = pd.concat(parts, ignore_index=True)
    heads = rows[rows["name"] == ANY].groupby("line")["year"].nunique()
    kept: pd.DataFrame = rows[rows["line"].isin(heads[heads >= 2].index)].sort_values(["line", "name", "year"])
    return kept.reset_index(drop=True)


def trend_sentence(rows: pd.DataFrame) -> str:
    """First year against last year of one source; a change is claimed only when their intervals lie apart."""
    ordered = records(rows.sort_values("year"))
    first, last = ordered[0], ordered[-1]
    before, after = estimate(first), estimate(last)
    said = {
        "more often than": "it rose",
        "less often than": "it fell",
        "about as often as": "the intervals carry no change between these two years",
    }[versus(after, before)]
    return (
        f"In {first['line']} the share that asks for at least one of the three tracks was {share(before)} in "
        f"{first['year']} and {share(after, first=False)} in {last['year']}: {said}."
    )


def movers(material: Material) -> list[Part]:
    """Skills whose share in the first and the last year of one source have intervals that lie apart."""
    title = "Skills that rose and fell"
    rows = moved(material.table("trends"))
    if not len(rows):
        return []
    line, first, last = rows["line"].iloc[0], rows["first"].iloc[0], rows["last"].iloc[0]
    rose, fell = rows[rows["change"] > 0], rows[rows["change"] < 0]
    said = [
        f"{word} {listed([_moved(row) for row in records(part.head(2))])}"
        for part, word in ((rose, "most rose"), (fell.iloc[::-1], "most fell"))
        if len(part)
    ]
    finding = f"In {line} {plural(len(rows), 'skill')} moved clearly from {first} to {last}: {'; '.join(said)}."
    import pandas as pd

    largest = rows.assign(size=rows["change"].abs()).sort_values("size", ascending=False).head(MOVERS)
    drawn = rows[rows["id"].isin(largest["id"])]
    return [
        Part(
            "movers",
            title,
            finding,
            figure=figures_more.dumbbell(drawn, str(first), str(last), f"share of the year's postings in {line}"),
            table=Table(
                "movers",
                pd.DataFrame(rows),
                (
                    Column("Skill", ("name",)), Column(f"Share {first}", ("share_first",), "share"),
                    Column("95% interval", ("low_first", "high_first"), "interval"),
                    Column(f"Share {last}", ("share_last",), "share"),
                    Column("95% interval", ("low_last", "high_last"), "interval"),
                    Column("Change in points", ("change",), "points"),
                ),
            ),
            population=material.dated,
            wanted=() if material.dated is None else behind.movers(material.dated, drawn),
            reading="In brackets 95% intervals. Only skills whose two intervals lie apart are shown; the two years' "
            "employers differ as well.",
        )
    ]  # fmt: skip


def _moved(row: dict[str, Any]) -> str:
    """`React, from 0% (0–5%) to 19% (14–26%)`."""
    before, after = (
        Estimate(*(float(row[f"{name}_{side}"]) for name in ("share", "low", "high"))) for side in ("first", "last")
    )
    return f"{row['name']}, from {share(before, first=False)} to {share(after, first=False)}"


def moved(table: pd.DataFrame) -> pd.DataFrame:
    """First against last year of the line that spans most years: rows whose intervals lie apart, largest
    rise first."""
    import pandas as pd

    from analysis.trends import FIXED_MIX

    if not len(table):
        return pd.DataFrame()
    rows = table[(table["period"] == "year") & (table["kind"] == "skill")]
    rows = rows.assign(year=pd.to_datetime(rows["start"]).dt.year.astype("int64"))
    rows = rows[rows["line"] != FIXED_MIX]  # a mix has no first and last employers to speak of
    spans = rows.groupby("line")["year"].agg(lambda years: years.max() - years.min())
    if not len(spans) or spans.max() < 1:
        return pd.DataFrame()
    rows = rows[rows["line"] == spans.idxmax()]
    first, last = int(rows["year"].min()), int(rows["year"].max())
    keep = ["id", "name", "share", "low", "high"]
    sides = [rows.loc[rows["year"] == year, keep] for year in (first, last)]
    both = sides[0].merge(sides[1].drop(columns="name"), on="id", suffixes=("_first", "_last"))
    both = both.assign(
        change=both["share_last"] - both["share_first"], line=str(spans.idxmax()), first=first, last=last
    )
    apart = (both["low_first"] > both["high_last"]) | (both["low_last"] > both["high_first"])
    ordered: pd.DataFrame = both[apart].sort_values("change", ascending=False).reset_index(drop=True)
    return ordered
