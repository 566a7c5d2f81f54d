"""Figures beyond shares: ratios, the graph of skills asked for together, trends, pay, paths."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports import theme
from reports.arrange import COLUMNS, arrange
from reports.rows import drawn, interval_bars, percent_axis, row_axis, upright, with_rows, wrapped
from reports.tables import records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go


def marks(frame: pd.DataFrame, title: str, one: float | None = None, log: bool = False, form: str = "") -> go.Figure:
    """One mark with its interval per row on any scale; columns as in `rows.drawn`.

    `one` draws a line at the value that means "no difference"; `form` is the ticks' d3 format.
    """
    fig, rows = drawn(frame, 30)
    with_rows(fig, rows, *_value_axis(frame, title, one, log, form))
    if one is not None:
        upright(fig, one)
    return fig


def _value_axis(
    frame: pd.DataFrame, title: str, one: float | None, log: bool, form: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    ends = [float(frame["low"].min()), float(frame["high"].max())] + ([] if one is None else [one])
    low, high = min(ends), max(ends)
    axis: dict[str, Any] = {"title": {"text": wrapped(title, 54)}, "fixedrange": True, "tickformat": form}
    slim: dict[str, Any] = {"title": {"text": wrapped(title, 28, 4), "font": {"size": 13}}}
    if log:
        low, high = math.log10(max(low, 1e-3)), math.log10(high)
        axis |= {"type": "log", "tickangle": 0} | _times(low, high, (1, 2, 5) if high - low < 2 else (1, 3))
        slim |= _times(low, high, (1, 2, 5) if high - low < 0.8 else (1, 3) if high - low < 1.6 else (1,))
    else:
        axis["nticks"] = 7
    room = (high - low) * 0.05 or 0.1
    axis["range"] = [low - room, high + room]
    return axis, slim if log else slim | {"nticks": 4}


def _times(low: float, high: float, bases: Sequence[int]) -> dict[str, Any]:
    """Ticks of a logarithmic axis from 10^low to 10^high as multiples: 1×, 3×, 10× …"""
    steps = [base * 10**power for power in range(-3, 6) for base in bases]
    shown = [step for step in steps if low - 0.05 <= math.log10(step) <= high + 0.05]
    return {"tickvals": shown, "ticktext": [f"{step:,g}×" for step in shown]}


_PANEL, _GAP, _AROUND = 170, 66, 110  # pixels of a panel, between two, and above and below all of them


def lines(frame: pd.DataFrame, title: str, form: str = ",.0%") -> go.Figure:
    """Lines over time with their intervals as bands, one panel per `panel`, one line per `line`.

    Columns: key, panel, line, when (date or number), share, low, high, hover; colour and symbol of each line.
    """
    panels = list(dict.fromkeys(frame["panel"]))
    inner = _PANEL * len(panels) + _GAP * (len(panels) - 1)
    fig = theme.figure(height=inner + _AROUND)
    named: set[str] = set()
    for place, panel in enumerate(panels):
        rows = frame[frame["panel"] == panel]
        _panel(fig, rows, place, inner, form, named)
        fig.update_layout({f"xaxis{_number(place)}": _years(frame["when"].tolist())})
    last = f"xaxis{_number(len(panels) - 1)}"
    # On a phone the legend stands in a row per line.
    slim = {"height": inner + _AROUND + 26 * frame["line"].nunique(), last: {"title": {"text": wrapped(title, 28, 4)}}}
    fig.update_layout({"legend": {"y": 1 + 38 / inner}, last: {"title": {"text": title}}}, meta={"narrow": slim})
    return fig


def _number(place: int) -> str:
    return "" if place == 0 else str(place + 1)


def _panel(fig: go.Figure, rows: pd.DataFrame, place: int, inner: int, form: str, named: set[str]) -> None:
    """One panel with its lines; `named` holds the lines that stand in the legend already."""
    number, top = _number(place), 1 - place * (_PANEL + _GAP) / inner
    for line in dict.fromkeys(rows["line"]):
        own = rows[rows["line"] == line].sort_values("when")
        _line(fig, own, str(line), f"x{number}", f"y{number}", first=line not in named)
        named.add(line)
    reach = min(1.0, float(rows["high"].max()) * 1.08)
    up = {"domain": [max(0, top - _PANEL / inner), top], "range": [0, reach], "tickformat": form, "nticks": 5}
    fig.update_layout(
        {
            f"xaxis{number}": {"anchor": f"y{number}", "fixedrange": True},
            f"yaxis{number}": {"anchor": f"x{number}", "fixedrange": True} | up,
        }
    )
    fig.add_annotation(
        text=f"<b>{plotly_text(str(rows['panel'].iloc[0]))}</b>", xref="paper", yref="paper", x=0, y=top,
        xanchor="left", yanchor="bottom", yshift=4, font={"color": theme.LIGHT["text"], "size": 13},
    )  # fmt: skip


def _years(when: Sequence[Any]) -> dict[str, Any]:
    """One tick a year, or every second, fifth … so that about eight remain; the same reach in every panel."""
    first, last = min(when), max(when)
    if not isinstance(first, int):
        return {"range": [first, last]}
    step = next(step for step in (1, 2, 5, 10, 50) if (last - first) / step <= 9)
    room = (last - first) * 0.03 or 0.5
    return {"tick0": first, "dtick": step, "tickformat": "d", "range": [first - room, last + room]}


def _line(fig: go.Figure, rows: pd.DataFrame, name: str, x: str, y: str, first: bool) -> None:
    colour, symbol = str(rows["colour"].iloc[0]), str(rows["symbol"].iloc[0])
    when = rows["when"].tolist()
    fig.add_scatter(
        x=when + when[::-1], y=rows["high"].tolist() + rows["low"].tolist()[::-1], xaxis=x, yaxis=y, fill="toself",
        mode="lines", line={"width": 0}, fillcolor=theme.see_through(colour, 0.16), hoverinfo="skip", showlegend=False,
        legendgroup=name,
    )  # fmt: skip
    fig.add_scatter(
        x=when, y=rows["share"].tolist(), xaxis=x, yaxis=y, mode="lines+markers", name=plotly_text(name),
        legendgroup=name, showlegend=first, line={"color": colour, "width": 2.2},
        marker={"color": colour, "symbol": symbol, "size": 7}, hovertext=rows["hover"].tolist(), hoverinfo="text",
        customdata=rows["key"].tolist(),
    )  # fmt: skip


def network(nodes: pd.DataFrame, edges: pd.DataFrame, seed: int = 3) -> go.Figure:
    """A graph of skills: a node's area is its share, an edge's width its weight, colours name the clusters.

    Args:
        nodes: key, label, size (in [0, 1]), cluster (the cluster's name), hover.
        edges: a, b (keys), weight (in [0, 1]).
    """
    place, rows_needed = arrange(nodes["key"].tolist(), edges, seed)
    clusters = list(dict.fromkeys(nodes["cluster"]))
    colours = theme.category_colours([str(one) for one in clusters])
    fig = theme.figure(height=96 * rows_needed + 30 * (nodes["cluster"].nunique() // 2 + 2), hovermode="closest")
    for row in records(edges):
        (x0, y0), (x1, y1) = place[row["a"]], place[row["b"]]
        fig.add_scatter(
            x=[x0, x1], y=[y0, y1], mode="lines", hoverinfo="skip", showlegend=False,
            line={"color": theme.LIGHT["line"], "width": 1 + 5 * float(row["weight"])},
        )  # fmt: skip
    for cluster in clusters:
        rows = nodes[nodes["cluster"] == cluster]
        spots = [place[key] for key in rows["key"]]
        fig.add_scatter(
            x=[x for x, _ in spots], y=[y for _, y in spots], mode="markers+text", name=wrapped(str(cluster), 44, 1),
            text=[wrapped(str(name), 13, 3) for name in rows["label"]], textposition="bottom center",
            textfont={"size": 12, "color": theme.LIGHT["text"]}, cliponaxis=False,
            marker={
                "opacity": 1, "color": colours[str(cluster)],
                "size": [10 + 38 * math.sqrt(size) for size in rows["size"]],
                "line": {"color": theme.LIGHT["page"], "width": 1.5},
            },
            customdata=rows["key"].tolist(), hovertext=rows["hover"].tolist(), hoverinfo="text",
        )  # fmt: skip
    hidden = {"visible": False, "fixedrange": True}
    across = hidden | {"range": [-0.5, COLUMNS]}
    fig.update_layout(
        xaxis=across, yaxis=hidden | {"range": [rows_needed - 0.2, -0.5]}, margin={"r": 8}, meta={"text": 10}
    )
    return fig


def steps(frame: pd.DataFrame, title: str) -> go.Figure:
    """Share of postings within reach after each skill learnt, one panel per reader.

    Columns: panel, step (0 = today), label (the skill), share, low, high, hover.
    """
    shown = frame.assign(
        group=frame["panel"], key=frame["panel"] + "-" + frame["step"].astype(str), value=frame["share"],
        colour=[theme.LIGHT["either"] if step == 0 else theme.LIGHT["required"] for step in frame["step"]],
    )  # fmt: skip
    return marks(shown, title, form=",.0%")


def dumbbell(frame: pd.DataFrame, first: str, last: str, title: str) -> go.Figure:
    """Two marks with intervals per row, joined by a line: where a share stood and where it stands.

    Columns: id, name, and share, low, high with the endings _first and _last.
    """
    rows = records(frame)
    fig = theme.figure(height=30 * len(rows) + 120)
    for place, row in enumerate(rows):
        fig.add_scatter(
            x=[row["share_first"], row["share_last"]], y=[place, place], mode="lines", hoverinfo="skip",
            showlegend=False, line={"color": theme.LIGHT["either"], "width": 1.5, "dash": "dot"},
        )  # fmt: skip
    for side, name, level, symbol, shift in (
        ("first", first, "rest", "circle-open", -0.12), ("last", last, "required", "circle", 0.12),
    ):  # fmt: skip
        own = frame.assign(**{part: frame[f"{part}_{side}"] for part in ("share", "low", "high")})
        fig.add_scatter(
            x=own["share"].tolist(), y=[place + shift for place in range(len(rows))], mode="markers",
            cliponaxis=False, name=name,
            marker={"color": theme.LIGHT[level], "symbol": symbol, "size": 10},
            error_x=interval_bars(own, theme.LIGHT[level]),
            hovertext=[
                f"<b>{plotly_text(str(row['name']))}</b>, {name}<br>{row['share']:.1%} "
                f"(95% interval {row['low']:.1%} to {row['high']:.1%})"
                for row in records(own)
            ],
            hoverinfo="text", customdata=[f"{row['id']}-{name}" for row in rows],
        )  # fmt: skip
    axis, narrow = row_axis([str(row["name"]) for row in rows])
    top = max(float(frame["high_first"].max()), float(frame["high_last"].max()))
    across, slim = percent_axis(title, top)
    fig.update_layout(yaxis=axis, xaxis=across, meta={"narrow": {"yaxis": narrow, "xaxis": slim}})
    return fig
