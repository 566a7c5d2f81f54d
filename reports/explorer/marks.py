"""Pieces of Plotly figures as plain dictionaries: building go.Figure objects would cost more time than the statistics.

Colours come from reports.theme in their light form; the page's script turns them dark where the page is dark.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from reports import theme

Figure = dict[str, Any]
Floats = Sequence[float] | NDArray[Any]
LONGEST_LABEL = 28
_MARGIN = 56
_LETTER = 7.1  # pixels of a usual letter at 13 px


@dataclass(frozen=True, slots=True)
class Chart:
    """One figure with what a reader needs beside it.

    note: unit and denominator. table: the figures behind it, shares in [0, 1]; `drills`: for each line of the table the
    (field, value) that narrows the selection to it, or None.
    """

    key: str
    title: str
    note: str
    figure: Figure
    table: list[dict[str, Any]] = field(default_factory=list)
    drills: Sequence[tuple[str, str] | None] = field(default_factory=list)


def plain(text: str, longest: int = LONGEST_LABEL) -> str:
    """A text for a figure: shortened, and escaped, since Plotly reads a subset of HTML in labels."""
    clean = "".join(c for c in text if c.isprintable())
    return html.escape(clean if len(clean) <= longest else f"{clean[: longest - 1]}…", quote=False)


def layout(height: int, **more: Any) -> Figure:
    """Layout of every figure; `height` in pixels, the width is that of its place."""
    colours = theme.LIGHT
    return {
        "height": height,
        "autosize": True,
        "dragmode": False,
        "hovermode": "closest",
        "font": {"family": theme.FONT, "size": 13, "color": colours["text"]},
        "paper_bgcolor": colours["page"],
        "plot_bgcolor": colours["page"],
        "margin": _margins(more),
        "showlegend": False,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1,
            "yanchor": "bottom",
            "traceorder": "normal",
            "bgcolor": "rgba(0,0,0,0)",
        },
        "hoverlabel": {
            "bgcolor": colours["panel"],
            "bordercolor": colours["line"],
            "align": "left",
            "font": {"family": theme.FONT, "size": 13, "color": colours["text"]},
        },
        **more,
    }


def _margins(more: Figure) -> Figure:
    """Margins from the labels: Plotly's own automargin draws every figure twice."""
    names = more.get("yaxis", {}).get("ticktext")
    named = 10 + _LETTER * max((len(html.unescape(one)) for one in names), default=0) if names else 0
    drawn = more.get("yaxis", {}).get("visible", True)
    below = 48 if "title" in more.get("xaxis", {}) else 8
    return {"l": named or (64 if drawn else 4), "r": 14, "t": 34 if more.get("showlegend") else 8, "b": below}


def axis(title: str | None = None, **more: Any) -> Figure:
    """A quiet axis."""
    line = theme.LIGHT["line"]
    out: Figure = {"gridcolor": line, "zerolinecolor": line, "linecolor": line}
    # Neither margins nor labels are measured twice: both would cost a redraw of every figure at every move.
    out |= {"fixedrange": True, "automargin": False, "ticklabeloverflow": "allow"}
    if title:
        out["title"] = {"text": title, "standoff": 10, "font": {"size": 12}}
    return {**out, **more}


def percent_axis(title: str, **more: Any) -> Figure:
    """An axis of shares in percent that starts at zero."""
    return axis(title, ticksuffix="%", rangemode="tozero", nticks=6, tickangle=0, tickfont={"size": 11}, **more)


def names_axis(names: Sequence[str], longest: int = LONGEST_LABEL) -> Figure:
    """A category axis, the first name on top; places rather than names are its values, since names may repeat."""
    return axis(
        tickmode="array",
        tickvals=list(range(len(names))),
        ticktext=[f"{plain(one, longest)} " for one in names],
        range=[len(names) - 0.4, -0.6],
        showgrid=False,
        zeroline=False,
    )


def bars(values: Floats, **more: Any) -> Figure:
    """Horizontal bars at the places 0, 1, 2 …"""
    return {"type": "bar", "orientation": "h", "x": list(values), "y": list(range(len(values))), **more}


def whiskers(values: Floats, low: Floats, high: Floats) -> Figure:
    """Error bars of an interval that need not be symmetric."""
    return {
        "type": "data",
        "symmetric": False,
        "thickness": 1.3,
        "width": 3,
        "color": theme.LIGHT["text"],
        "array": [h - v for v, h in zip(values, high, strict=True)],
        "arrayminus": [v - lo for v, lo in zip(values, low, strict=True)],
    }


def bar_height(count: int, legend: bool = False) -> int:
    """Pixels for `count` horizontal bars."""
    return 24 * max(count, 3) + _MARGIN + (28 if legend else 0)


def empty(text: str, height: int = 160) -> Figure:
    """A figure that says why there is nothing to draw."""
    hidden = {"visible": False}
    note = {"text": plain(text, 90), "showarrow": False, "x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper"}
    return {"data": [], "layout": layout(height, xaxis=hidden, yaxis=hidden, annotations=[note])}
