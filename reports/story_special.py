"""Parts about skills in company: what is special about each track, what is asked for together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports import figures_more, theme
from reports.report import Part, Wanted
from reports.sentences import Estimate, at_least, listed, plural, times, within
from reports.story import Material, wanted
from reports.tables import Column, Table, records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd

PER_TRACK = 8
TELLING = 0.03
WIDE = 3
NODES, EDGES = 32, 48

_LIFT = (
    Column("Track", ("track",)), Column("Skill", ("name",)), Column("Postings", ("count",), "count"),
    Column("Share in the track", ("share_in",), "share"), Column("Share elsewhere", ("share_out",), "share"),
    Column("Times as often", ("lift",), "ratio"), Column("95% interval", ("low", "high"), "ratios"),
    Column("q", ("q_value",), "small"),
)  # fmt: skip


def special(material: Material) -> list[Part]:
    """The skills that each track asks for more often than the other postings do, false discoveries
    controlled."""
    title = "What is special about each track"
    if material.lacks("lift"):
        return [Part("special", title, "What is special about each track was not measured for this report.")]
    table = material.table("lift")
    found = table[table["special"]] if len(table) else table
    if not len(found):
        return [Part("special", title, "No skill stands out in any track by more than chance allows.")]
    beside = found[~found["own_track"]]
    shown = _strongest(beside if len(beside) else found)
    if not len(shown):
        return [Part("special", title, "What stands out in a track stands in too few of its postings to be told.")]
    inside = {track: material.rows(**{track: True}) for track in theme.TRACKS}
    return [
        Part(
            "special",
            title,
            special_sentence(shown),
            figure=figures_more.marks(
                shown, "times as often as in the other machine-learning postings", one=1.0, log=True
            ),
            table=Table("special", found.assign(track=found["track"].map(theme.TRACKS)), _LIFT, limit=45),
            wanted=tuple(
                Wanted(row["key"], f"{row['group']}: {row['name']}", (row["skill"],), rows=inside[row["track"]])
                for row in records(shown)
            ),
            reading="Skills that define the track itself, and skills of fewer than 3% of its postings, are left out of "
            "the figure. The dashed line is “as often as elsewhere”; the false-discovery rate of the list is held at "
            f"{material.measures.options.fdr:.0%}.",
        )
    ]


def _strongest(found: pd.DataFrame) -> pd.DataFrame:
    """For each track the skills with the largest lower ends of their intervals, as `figures_more.marks`
    wants them."""
    import pandas as pd

    # What few of the track's postings ask for can be special without telling a reader much.
    telling = found[found["share_in"] >= TELLING]
    parts = [
        telling[telling["track"] == track].sort_values("low", ascending=False).head(PER_TRACK) for track in theme.TRACKS
    ]
    rows = pd.concat(parts, ignore_index=True)
    hover = [
        f"<b>{plotly_text(str(row['name']))}</b><br>{row['share_in']:.1%} in the track, "
        f"{row['share_out']:.1%} elsewhere"
        f"<br>{row['lift']:.2f} times (95% interval {row['low']:.2f} to {row['high']:.2f})"
        for row in records(rows)
    ]
    return rows.assign(
        key=rows["track"] + "-" + rows["skill"], label=rows["name"], value=rows["lift"], hover=hover,
        group=rows["track"].map(theme.TRACKS), colour=[theme.LIGHT[track] for track in rows["track"]],
        symbol=[theme.SYMBOLS[track] for track in rows["track"]],
    )  # fmt: skip


def special_sentence(shown: pd.DataFrame) -> str:
    """For each track its most telling skill. Rows: as drawn."""
    said = []
    for track, name in theme.TRACKS.items():
        rows = shown[shown["track"] == track]
        if len(rows):
            first = records(rows)[0]
            said.append(f"{within(name)} postings ask for {first['name']} {_times(first)} as often")
    ends = " (lower ends of 95% intervals)" if any("at least" in one for one in said) else ""
    return f"Compared with the other machine-learning postings, {listed(said)}{ends}."


def _times(row: dict[str, Any]) -> str:
    """The ratio with its interval, or only its lower end where the upper one is more than three times as large."""
    lift = Estimate(row["lift"], row["low"], row["high"])
    return times(lift) if lift.high <= WIDE * lift.low else at_least(lift)


_PAIRS = (
    Column("Skill", ("name_a",)), Column("and", ("name_b",)), Column("Postings with both", ("support",), "count"),
    Column("Share", ("share",), "share"), Column("Times as often as by chance", ("lift",), "ratio"),
    Column("95% interval", ("low", "high"), "ratios"), Column("q", ("q_value",), "small"),
)  # fmt: skip


def together(material: Material) -> list[Part]:
    """The graph of skills that are asked for together more often than their popularity explains."""
    title = "What is asked for together"
    if material.lacks("pairs", "graph_nodes", "graph_edges"):
        return [Part("together", title, "Pairs of skills were not measured for this report.")]
    pairs, nodes, edges = (material.table(name) for name in ("pairs", "graph_nodes", "graph_edges"))
    if not len(pairs) or not len(edges):
        return [Part("together", title, "No two skills are asked for together more often than by chance.")]
    drawn_nodes, drawn_edges = graph(nodes, edges, material.table("clusters"))
    return [
        Part(
            "together",
            title,
            together_sentence(pairs, material.measures.options.fdr),
            figure=figures_more.network(drawn_nodes, drawn_edges),
            table=Table("pairs", pairs, _PAIRS, limit=30),
            reading="A dot's size is the skill's share, a line joins two skills that are asked for together more often "
            "than their popularity explains, the thicker the more; colours are groups found in these lines. What one "
            "skill implies of another (PyTorch is deep learning) is left out.",
            wanted=wanted(drawn_nodes.assign(id=drawn_nodes["key"])),
        )
    ]


def graph(nodes: pd.DataFrame, edges: pd.DataFrame, clusters: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The strongest edges among the most asked-for skills, and the skills they join, as
    `figures_more.network` wants."""
    kept = set(nodes.sort_values("share", ascending=False).head(NODES)["skill"])
    strong = edges[edges["a"].isin(kept) & edges["b"].isin(kept)].sort_values("weight", ascending=False).head(EDGES)
    joined = set(strong["a"]) | set(strong["b"])
    shown = nodes[nodes["skill"].isin(joined)].sort_values(["cluster", "share"], ascending=[True, False])
    names = {} if not len(clusters) else dict(zip(clusters["cluster"], clusters["name"], strict=True))
    hover = [f"<b>{plotly_text(str(row['name']))}</b><br>{row['share']:.1%} of postings" for row in records(shown)]
    top = float(strong["weight"].max())
    return (
        shown.assign(
            key=shown["skill"], label=shown["name"], size=shown["share"], hover=hover,
            cluster=[str(names.get(one, one)) for one in shown["cluster"]],
        ),
        strong.assign(weight=strong["weight"] / top if top > 0 else 0.5),
    )  # fmt: skip


def together_sentence(pairs: pd.DataFrame, fdr: float) -> str:
    """The pair with the largest lower end of its interval among those of some share; no claim within
    chance."""
    clear = pairs[(pairs["low"] > 1) & (pairs["q_value"] <= fdr)]
    if not len(clear):
        return "No pair of skills is asked for together more often than by chance, as far as the intervals carry."
    telling = clear[clear["share"] >= TELLING]
    first: dict[str, Any] = records((telling if len(telling) else clear).sort_values("low", ascending=False))[0]
    count = len(clear)
    lift = times(Estimate(first["lift"], first["low"], first["high"]))
    return (
        f"{first['name_a']} and {first['name_b']} are asked for together {lift} as often as their popularity alone "
        f"would bring about; in all, {plural(count, 'pair')} of skills {'stands' if count == 1 else 'stand'} together "
        "more often than by chance."
    )
