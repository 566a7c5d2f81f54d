"""How firm the headline is: the same question counted in other ways, each of which someone could have chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import figures, theme
from reports.report import Part
from reports.sentences import Estimate, half, listed, plural, span, whole
from reports.story import Material
from reports.tables import Column, Table, records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd

_WAYS = {
    "weights: employer": "Every employer counts once",
    "weights: days": "Weighed by days open",
    "weights: vacancy": "Every vacancy counts once",
    "unnamed employers as one per board": "Nameless employers: one per board",
    "unnamed employers left out": "Nameless employers left out",
    "agencies left out": "Agencies left out",
    "intervals: employers drawn anew": "Employers drawn anew (bootstrap)",
}
_MIXES = {"source": "Every source weighs the same", "country": "Every country weighs the same",
          "seniority": "Every seniority weighs the same"}  # fmt: skip
COUNTED = "As counted"
_FIRST = "Counted and corrected"


def firm(material: Material) -> list[Part]:
    """The headline share counted in every other way that was measured."""
    head = material.measures.any_track
    if head.flag or material.measures.options.track:
        return []
    rows = ways(material)
    if len(rows) < 2:
        return []
    shown = rows.assign(
        key="tracks/any", label=rows["way"], group=rows["kind"], what="any of the three tracks", count=head.count,
        denominator=head.denominator, employers=head.employers,
        colour=[theme.LIGHT["any" if way == COUNTED else "required"] for way in rows["way"]],
        symbol=["star" if way == COUNTED else "circle" for way in rows["way"]],
    )  # fmt: skip
    hover = [
        f"<b>{plotly_text(row['way'])}</b><br>{row['share']:.1%} (95% interval {row['low']:.1%} to {row['high']:.1%})"
        for row in records(rows)
    ]
    return [
        Part(
            "firm",
            "How firm the headline is",
            firm_sentence(rows),
            figure=figures.dots(shown.assign(hover=hover), "share that asks for any of the three tracks", half=True),
            table=Table(
                "firm",
                rows,
                (
                    Column("Counted", ("way",)),
                    Column("Share", ("share",), "share"),
                    Column("95% interval", ("low", "high"), "interval"),
                ),
                limit=40,
            ),
            reading="Each mark answers the same question in another way that someone could have chosen; the dashed "
            "line is one half. No way of counting mends what the sources leave out.",
        )
    ]


def ways(material: Material) -> pd.DataFrame:
    """kind, way, share, low, high: as counted, corrected for the classifier's errors, and the tables `sensitivity` and
    `standardised`, what says the same as the count itself left out."""
    import pandas as pd

    head, corrected = material.measures.any_track, material.corrected("all")
    rows: list[dict[str, Any]] = [_way(_FIRST, COUNTED, vars_of(head))]
    rows += [
        _way(_FIRST, f"Corrected with {whole(row['labelled'])} labels", row)
        for row in records(corrected[corrected["id"] == "any_track"])
    ]
    other = material.table("sensitivity")
    for row in records(other[other["id"] == "any_track"]) if len(other) else ():
        rows.append(_way("Other weights and employers", _WAYS.get(row["what"], row["what"]), row))
    mixes = material.table("standardised")
    for row in records(mixes[mixes["id"] == "any_track"]) if len(mixes) else ():
        even = row["mix"] == "equal"
        rows.append(
            _way("Another mix of postings", _MIXES[row["by"]] if even else f"Mix of {row['by']}: {row['mix']}", row)
        )
    same = [place > 0 and all(row[n] == rows[0][n] for n in ("share", "low", "high")) for place, row in enumerate(rows)]
    return pd.DataFrame([row for row, drop in zip(rows, same, strict=True) if not drop])


def vars_of(head: Any) -> dict[str, float]:
    """share, low and high of a figure."""
    return {name: getattr(head, name) for name in ("share", "low", "high")}


def _way(kind: str, way: str, row: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "way": way, "share": row["share"], "low": row["low"], "high": row["high"]}


def firm_sentence(rows: pd.DataFrame) -> str:
    """Whether every way of counting gives the count's answer to "do most?", and how far the ways lie apart."""
    found = [(str(row["way"]), Estimate(row["share"], row["low"], row["high"])) for row in records(rows)]
    first, others = found[0][1], found[1:]
    edges = [Estimate(edge, edge, edge) for _, one in found for edge in (one.low, one.high)]
    ends = f"the shares run from {span([one for _, one in found])}, their intervals from {span(edges)}"
    ways = plural(len(others), "other way")
    side = half(first)
    differ = [way for way, one in others if half(one) != side]
    if not side:
        return f"Counted in {ways}, {ends}; the count itself does not decide whether it is more than half."
    if not differ:
        return f"Counted in {ways}, the share is still clearly {side} than half: {ends}."
    named = listed([f"“{way}”" for way in differ])
    return (
        f"Not every way of counting says so: counted in {ways}, {ends}. It is not clearly {side} than half in {named}."
    )
