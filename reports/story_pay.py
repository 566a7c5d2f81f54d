"""The part about pay: what postings that state pay offer, with seniority, country and year held fixed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import behind, figures_more, theme
from reports.report import Part
from reports.sentences import Estimate, listed, money, plural
from reports.story import Material
from reports.tables import Column, Table, records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 16
FIXED = "seniority, country, source and year"

_PAY = (
    Column("Currency", ("currency",)), Column("What", ("kind",)), Column("Name", ("name",)),
    Column("Postings", ("postings",), "count"), Column("Employers", ("employers",), "count"),
    Column("Median a year", ("median",), "money"), Column("95% interval", ("median_low", "median_high"), "monies"),
    Column("Difference", ("effect",), "effect"), Column("its 95% interval", ("effect_low", "effect_high"), "effects"),
    Column("q", ("q_value",), "small"),
)  # fmt: skip


def pay(material: Material) -> list[Part]:
    """Median pay, and how pay differs with a skill, in the currency with the most postings."""
    title = "Pay"
    if material.lacks("pay"):
        return [Part("pay", title, "Pay was not measured for this report.")]
    table = material.table("pay")
    everything = table[table["kind"] == "all"].sort_values("postings", ascending=False) if len(table) else table
    if not len(everything):
        return [Part("pay", title, "Too few postings state their pay.")]
    first = records(everything)[0]
    rows = table[(table["currency"] == first["currency"]) & table["kind"].isin(["track", "skill"])]
    rows = rows[rows["effect"].notna()] if len(rows) else rows
    shown = _drawn(rows)
    of = f"{plural(first['postings'], 'posting')} of {plural(first['employers'], 'employer')}"
    return [
        Part(
            "pay",
            title,
            pay_sentence(first, rows, material.measures.options.fdr),
            figure=None
            if not len(shown)
            else figures_more.marks(
                shown,
                f"pay where it is asked for against where it is not, in {first['currency']}",
                one=0.0,
                form="+,.0%",
            ),
            table=Table("pay", compared(table), _PAY, limit=40),
            wanted=()
            if material.population is None
            else behind.pay(material.population, shown, str(first["currency"])),
            reading=f"From {of} that state pay in {first['currency']}. {FIXED.capitalize()} are held fixed; lines are "
            " 95% intervals. A difference is no cause: who pays more may also ask for more.",
        )
    ]


def compared(table: pd.DataFrame) -> pd.DataFrame:
    """`table` without a difference where there is nothing to compare with: the rows of all postings."""
    columns = ["effect", "effect_low", "effect_high", "p_value", "q_value"]
    shown: pd.DataFrame = table.assign(**{name: table[name].where(table["kind"] != "all") for name in columns})
    return shown


def _drawn(rows: pd.DataFrame) -> pd.DataFrame:
    """Tracks and the skills with the clearest differences, largest difference first."""
    if not len(rows):
        return rows
    tracks = rows[rows["kind"] == "track"]
    clearest = rows[rows["kind"] == "skill"].sort_values("q_value").head(SHOWN).sort_values("effect", ascending=False)
    import pandas as pd

    shown = pd.concat([tracks.sort_values("effect", ascending=False), clearest], ignore_index=True)
    hover = [
        f"<b>{plotly_text(str(row['name']))}</b><br>{row['effect'] - 1:+.1%} "
        f"(95% interval {row['effect_low'] - 1:+.1%} to {row['effect_high'] - 1:+.1%})<br>"
        f"{row['postings']:,} postings, {row['employers']:,} employers"
        for row in records(shown)
    ]
    colours = [theme.LIGHT[row["id"] if row["kind"] == "track" else "required"] for row in records(shown)]
    return shown.assign(
        key=shown["id"], label=shown["name"], value=shown["effect"] - 1, low=shown["effect_low"] - 1,
        high=shown["effect_high"] - 1, hover=hover, colour=colours,
        group=shown["kind"].map({"track": "Tracks", "skill": "Skills with the clearest difference"}),
    )  # fmt: skip


def pay_sentence(first: dict[str, float | str], rows: pd.DataFrame, fdr: float) -> str:
    """The median, and the skills whose difference from zero survives the control of false discoveries."""
    median = Estimate(float(first["median"]), float(first["median_low"]), float(first["median_high"]))
    of = plural(float(first["postings"]), "posting")
    amount = money(median, str(first["currency"]))
    text = f"Half of the {of} that state pay in {first['currency']} offer more than {amount} a year, half less."
    clear = rows[(rows["kind"] == "skill") & (rows["q_value"] <= fdr)] if len(rows) else rows
    more, less = (clear[clear["effect_low"] > 1], clear[clear["effect_high"] < 1]) if len(clear) else (clear, clear)
    if not len(more) and not len(less):
        return f"{text} No skill goes with clearly higher or lower pay once {FIXED} are held fixed."
    said: list[str] = []
    for part, by, word in ((more, "effect_low", "higher"), (less, "effect_high", "lower")):
        if len(part):
            shown = records(part.sort_values(by, ascending=word == "lower").head(3))
            names = [f"{row['name']} ({_percent(row, first=not said and not at)})" for at, row in enumerate(shown)]
            said.append(f"{word} where {listed(names)} {_stand(len(names))} asked for")
    return f"{text} With {FIXED} held fixed, pay is {listed(said)}."


def _percent(row: dict[str, Any], first: bool) -> str:
    """`+26%, 95% interval +14 to +40%`: a difference of pay."""
    value, low, high = (100 * (row[name] - 1) for name in ("effect", "effect_low", "effect_high"))
    return f"{value:+.0f}%, {'95% interval ' if first else ''}{low:+.0f} to {high:+.0f}%"


def _stand(number: int) -> str:
    return "is" if number == 1 else "are"
