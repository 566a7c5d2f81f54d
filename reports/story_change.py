"""Parts about what lies behind a trend: whether the jobs changed or who advertises, and whether the month matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import behind, figures_more, theme
from reports.report import Part
from reports.sentences import Estimate, listed, points, within
from reports.story import Material
from reports.tables import Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

    from analysis.options import Options

_FRONT = ("headline", "track")
_MIX = {"seniority": "seniority", "country": "country", "employer": "employers"}
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_COMPOSITION = (
    Column("Source", ("line",)), Column("Asks for", ("name",)), Column("From", ("start",), "year"),
    Column("to", ("end",), "year"), Column("Split by", ("by",)), Column("Change in points", ("change",), "points"),
    Column("95% interval", ("change_low", "change_high"), "pointses"), Column("Within groups", ("within",), "points"),
    Column("95% interval", ("within_low", "within_high"), "pointses"), Column("By the mix", ("between",), "points"),
    Column("95% interval", ("between_low", "between_high"), "pointses"),
)  # fmt: skip


def composition(material: Material) -> list[Part]:
    """How much of each change of a track is change within groups and how much is another mix of them."""
    table = material.table("composition")
    if not len(table) or "change_low" not in table:
        return []
    front = table[table["kind"].isin(_FRONT)].reset_index(drop=True)
    return [
        Part(
            "composition",
            "Did the jobs change, or who advertises them?",
            composition_sentence(front),
            table=Table("composition", _front_first(table), _COMPOSITION, limit=len(front)),
            reading="A share changes when the jobs of a group (one seniority, one country, the same employers) ask for "
            "something else, or when the mix of the groups changes. The two add up to the change.",
        )
    ]


def _front_first(table: pd.DataFrame) -> pd.DataFrame:
    """The tracks first, which the page shows; groups and skills follow in the exported table."""
    ordered: pd.DataFrame = table.sort_values("kind", key=lambda kind: ~kind.isin(_FRONT), kind="stable")
    return ordered.reset_index(drop=True)


def composition_sentence(rows: pd.DataFrame) -> str:
    """For each clear change what the mix has to do with it; a change or a part within its interval is not claimed."""
    clear = rows[(rows["change_low"] > 0) | (rows["change_high"] < 0)]
    if not len(clear):
        return "No change of a track between a source's first and last year is clear enough to be taken apart."
    said = []
    for _, part in clear.groupby(["line", "id"], sort=False):
        first = records(part)[0]
        verb = "rose" if first["change"] > 0 else "fell"
        text = f"In {first['line']} the share that asks for {_named(first)} {verb} by {_points(first, 'change')} "
        text += f"from {str(first['start'])[:4]} to {str(first['end'])[:4]}"
        mixed = part[(part["between_low"] > 0) | (part["between_high"] < 0)]
        if len(mixed):
            parts = [f"the mix of {_MIX[row['by']]} {_points(row, 'between', signed=True)}" for row in records(mixed)]
            text += f"; to this, {listed(parts)} contributed clearly"
        else:
            mixes = listed([_MIX[str(by)] for by in part["by"]], "or")
            text += f"; no clear part of it is due to another mix of {mixes}"
        said.append(text + ".")
    return " ".join(said)


def _named(row: dict[str, Any]) -> str:
    return "at least one of the three tracks" if row["kind"] == "headline" else within(str(row["name"]))


def _points(row: dict[str, Any], what: str, signed: bool = False) -> str:
    return points(Estimate(row[what], row[f"{what}_low"], row[f"{what}_high"]), signed)


def seasons(material: Material) -> list[Part]:
    """Whether shares follow the months of the year, false discoveries controlled over all lines and tracks."""
    table = material.table("seasonality")
    if not len(table):
        return []
    tested = with_q(table)
    options = material.measures.options
    clear = tested[tested["q_value"] <= options.fdr]
    columns = (
        Column("Source", ("line",)), Column("Asks for", ("name",)), Column("Month", ("month_name",)),
        Column("From the year's mean, points", ("effect",), "points"),
        Column("95% interval", ("low", "high"), "pointses"), Column("q of all its months", ("q_value",), "small"),
    )  # fmt: skip
    return [
        Part(
            "seasons",
            "Does the month matter?",
            seasons_sentence(tested, options),
            figure=None if not len(clear) else _seasons_figure(clear),
            table=Table("seasonality", tested, columns, limit=48),
            population=material.dated,
            wanted=() if material.dated is None or not len(clear) else behind.months(material.dated, clear),
            reading="Only sources of four years or more can tell a season from a trend.",
        )
    ]


def with_q(table: pd.DataFrame) -> pd.DataFrame:
    """`table` with `month_name` and `q_value`: the test that all months are alike, one for each line and track, under
    the false-discovery control of Benjamini and Hochberg."""
    from analysis.contrast import false_discovery

    tests = table.groupby(["line", "id"], sort=False)["p_value"].first().reset_index()
    tests = tests.assign(q_value=false_discovery(tests["p_value"].to_numpy(float))).drop(columns="p_value")
    named = table.assign(month_name=[_MONTHS[int(month) - 1] for month in table["month"]])
    merged: pd.DataFrame = named.merge(tests, on=["line", "id"], how="left")
    return merged


def seasons_sentence(tested: pd.DataFrame, options: Options) -> str:
    """The months furthest from their year's mean where all months are not alike; else that none is."""
    count = tested["line"].nunique()
    lines = "the one source" if count == 1 else f"the {count} sources"
    clear = tested[tested["q_value"] <= options.fdr]
    if not len(clear):
        return (
            f"Not that these data show: in {lines} of four years or more, no track's share hangs on the month of "
            "posting by more than chance allows."
        )
    said = []
    for _, rows in clear.groupby(["line", "id"], sort=False):
        apart = rows[(rows["low"] > 0) | (rows["high"] < 0)]
        far = apart.loc[apart["effect"].abs().sort_values(ascending=False).index[:2]] if len(apart) else apart
        months = [f"{row['month_name']} ({_effect(row)})" for row in records(far)]
        where = f", most in {listed(months)}" if months else ""
        said.append(f"in {rows.iloc[0]['line']} the share that asks for {_named(records(rows)[0])} does{where}")
    text = listed(said)
    return f"Yes: {text}, against the year's mean."


def _effect(row: dict[str, Any]) -> str:
    return points(Estimate(row["effect"], row["low"], row["high"]), signed=True)


def _seasons_figure(clear: pd.DataFrame) -> Any:
    shown = clear.assign(
        key=[f"{row['line']}-{row['id']}-{row['month']}" for row in records(clear)], label=clear["month_name"],
        value=clear["effect"], group=[f"{row['name']}, {row['line']}" for row in records(clear)],
        hover=[f"<b>{row['month_name']}</b><br>{100 * row['effect']:+.1f} points (95% interval "
               f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f})" for row in records(clear)],
        colour=[theme.LIGHT.get(one, theme.LIGHT["any"]) for one in clear["id"]],
    )  # fmt: skip
    return figures_more.marks(shown, "difference from the year's mean", one=0.0, form="+,.0%")
