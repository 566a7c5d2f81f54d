"""Figures of one row per name: labels, axes, intervals and marks that several figures share."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from reports import theme
from reports.tables import missing, records
from reports.theme import plotly_text

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go


def wrapped(text: str, width: int, lines: int = 2) -> str:
    """`text` in at most `lines` lines of about `width` characters, escaped; what is longer ends in an
    ellipsis.

    A word that is too long is broken behind its signs (`board_2012_` / `2018`); one without any may stand out by half
    the width before it is cut, since no one reads a word broken anywhere.
    """
    room = width + width // 2
    rows = [""]
    for piece, blank in _pieces(text, width):
        piece = piece if len(piece) <= room else f"{piece[: room - 1]}…"
        joined = f"{rows[-1]}{' ' if blank and rows[-1] else ''}{piece}"
        if len(joined) <= width or not rows[-1]:
            rows[-1] = joined
        elif len(rows) < lines:
            rows.append(piece)
        else:
            rows[-1] = rows[-1].rstrip("…") + "…"
            break
    return "<br>".join(plotly_text(row) for row in rows)


def _pieces(text: str, width: int) -> Iterator[tuple[str, bool]]:
    """The pieces between which a line may end, and whether a blank stands before each."""
    for word in text.split():
        parts = [word] if len(word) <= width else re.split(r"(?<=[_/.\-])(?=\w)", word)
        for place, part in enumerate(parts):
            yield part, place == 0


def labels(names: Sequence[str], wide: int = 44, narrow: int = 19) -> tuple[list[str], list[str]]:
    """Tick texts for a wide place and for a phone."""
    return [wrapped(name, wide, 1) for name in names], [wrapped(name, narrow) for name in names]


def percent_axis(title: str, top: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """A share axis from zero to a little above `top`, ticks in percent, title with the denominator; the
    phone's patch."""
    reach = min(1.0, max(top * 1.06, 0.01))
    axis = {
        "title": {"text": wrapped(title, 54)},
        "tickformat": ",.0%" if reach > 0.04 else ",.1%",
        "range": [0, 1.005 if reach == 1.0 else reach],
        "fixedrange": True,
        "nticks": 7,
    }
    return axis, {"title": {"text": wrapped(title, 28, 4), "font": {"size": 13}}, "nticks": 5}


def row_axis(names: Sequence[str]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A vertical axis with one row per name, the first on top; and the phone's patch for it."""
    wide, narrow = labels(names)
    axis = {
        "tickvals": list(range(len(names))),
        "ticktext": wide,
        "range": [len(names) - 0.4, -0.6],
        "fixedrange": True,
        "showgrid": False,
        "zeroline": False,
    }
    return axis, {"ticktext": narrow}


def interval_bars(frame: pd.DataFrame, colour: str, value: str = "share") -> dict[str, Any]:
    """Plotly's error bars from `low` and `high` around `value`."""
    return {
        "type": "data",
        "symmetric": False,
        "color": colour,
        "thickness": 1.6,
        "width": 0,
        "array": (frame["high"] - frame[value]).clip(lower=0).tolist(),
        "arrayminus": (frame[value] - frame["low"]).clip(lower=0).tolist(),
    }


def hover(frame: pd.DataFrame, what: str) -> list[str]:
    """A hover text per row: name, share, interval, postings of how many, employers."""
    return [
        f"<b>{plotly_text(str(row['label']))}</b>, {what}<br>{row['share']:.1%} "
        f"(95% interval {row['low']:.1%} to {row['high']:.1%})<br>{row['count']:,.0f} of {row['denominator']:,.0f} "
        f"postings, {row['employers']:,.0f} employers"
        for row in records(frame)
    ]


def drawn(frame: pd.DataFrame, room: int) -> tuple[go.Figure, list[tuple[str, int | None]]]:
    """A figure with one mark and its interval per row, `room` pixels high each, and its rows as `headed` gives them.

    Columns: key, label, value, low, high, hover; perhaps `colour` and `symbol` of the mark, and `group`: rows of one
    group follow a row with its name.
    """
    rows = headed(frame)
    fig = theme.figure(height=max(room * len(rows) + 85, 150), showlegend=False)
    values = records(frame)
    for place, (name, number) in enumerate(rows):
        if number is None:
            continue
        row = values[number]
        two = not missing(row.get("corrected"))
        _mark(fig, row, place - (0.16 if two else 0), name)
        if two:
            beside = {"value": row["corrected"], "low": row["corrected_low"], "high": row["corrected_high"]}
            said = f"<b>{plotly_text(name)}</b>, corrected<br>{row['corrected']:.1%} (95% interval "
            said += f"{row['corrected_low']:.1%} to {row['corrected_high']:.1%})"
            symbol = f"{row.get('symbol', 'circle')}-open"
            _mark(fig, row | beside | {"hover": said, "symbol": symbol}, place + 0.2, name)
    return fig, rows


def _mark(fig: go.Figure, row: dict[str, Any], place: float, name: str) -> None:
    colour, is_open = row.get("colour", theme.LIGHT["required"]), str(row.get("symbol", "")).endswith("-open")
    fig.add_scatter(
        x=[row["value"]],
        y=[place],
        mode="markers",
        cliponaxis=False,
        name=plotly_text(name),
        marker={"color": colour, "size": 11, "symbol": row.get("symbol", "circle"), "line": {"width": 1.6}}
        if is_open
        else {"color": colour, "size": 11, "symbol": row.get("symbol", "circle")},
        error_x={
            "type": "data",
            "symmetric": False,
            "color": colour,
            "thickness": 1.4 if is_open else 3,
            "width": 0,
            "array": [max(row["high"] - row["value"], 0)],
            "arrayminus": [max(row["value"] - row["low"], 0)],
        },
        customdata=[row["key"]],
        hovertext=[row["hover"]],
        hoverinfo="text",
    )


def upright(fig: go.Figure, at: float) -> None:
    """A dashed line from top to bottom."""
    line = {"color": theme.LIGHT["muted"], "width": 1.5, "dash": "dash"}
    fig.add_shape(type="line", xref="x", yref="paper", x0=at, x1=at, y0=0, y1=1, line=line)


def headed(frame: pd.DataFrame) -> list[tuple[str, int | None]]:
    """The rows to draw, top down: (label, its row's number), and (group, None) before each group's first
    row."""
    rows: list[tuple[str, int | None]] = []
    last = None
    for number, row in enumerate(records(frame)):
        if "group" in row and row["group"] != last:
            last = row["group"]
            rows.append((str(last), None))
        rows.append((str(row["label"]), number))
    return rows


def with_rows(
    fig: go.Figure, rows: Sequence[tuple[str, int | None]], across: dict[str, Any], slim: dict[str, Any]
) -> None:
    """Label the rows of `headed`: names as ticks, groups as headings inside the plot, where there is room
    for them.

    Args:
        across, slim: the horizontal axis and its patch for a phone.
    """
    axis, narrow = row_axis([name if number is not None else "" for name, number in rows])
    groups = [(name, place) for place, (name, number) in enumerate(rows) if number is None]
    fig.update_layout(
        yaxis=axis,
        xaxis=across,
        annotations=[_heading(wrapped(name, 70, 1), place) for name, place in groups],
        meta={
            "narrow": {
                "yaxis": narrow,
                "xaxis": slim,
                "annotations": [_heading(wrapped(name, 26, 2), place) for name, place in groups],
            }
        },
    )


def _heading(text: str, place: int) -> dict[str, Any]:
    return {
        "text": f"<b>{text}</b>", "xref": "paper", "x": 0, "xanchor": "left", "yref": "y", "y": place, "align": "left",
        "showarrow": False, "font": {"color": theme.LIGHT["text"], "size": 13}, "xshift": 4,
        "bgcolor": theme.LIGHT["page"], "borderpad": 1,
    }  # fmt: skip
