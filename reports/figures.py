"""Figures of shares: rankings with intervals and brackets, and the headline.

Every function takes plain frames and returns a Plotly figure in the light template; the page darkens it.
Frames have `key` (what a click names), `label`, `share`, `low`, `high`, `count`, `denominator`,
`employers`. What a phone needs otherwise stands in `layout.meta.narrow`, a patch of the layout that the
page's script applies below 600 pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reports import theme
from reports.rows import drawn, headed, hover, interval_bars, percent_axis, upright, with_rows

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

ROW = 27
"""Pixels of a row of a ranking: room for two marks one above the other."""


def ranking(
    either: pd.DataFrame, required: pd.DataFrame, preferred: pd.DataFrame, of: str, ranks: bool = True
) -> go.Figure:
    """A ranking of skills: a bar for required or preferred, marks with intervals for each of the two.

    Args:
        either: rows in the order to draw; rows of one `group` follow a row with its name where there is such a column;
            with `rank_low` and `rank_high`, brackets at the right join the runs of neighbours within a group that
            cannot be told apart.
        required, preferred: rows of the same keys; keys that are absent get no mark.
        of: the denominator in words, for the axis.
    """
    rows = headed(either)
    places = [place for place, (_, number) in enumerate(rows) if number is not None]
    fig = theme.figure(height=max(ROW * len(rows) + 110, 170), barmode="overlay", bargap=0.22)
    _bars(fig, either, places)
    at = dict(zip(either["key"], places, strict=True))
    for part, level, symbol, shift in (
        (required, "required", "circle", -0.2),
        (preferred, "preferred", "diamond", 0.2),
    ):
        _level(fig, part[part["key"].isin(list(at))], at, level, symbol, shift)
    with_rows(fig, rows, *percent_axis(f"share of {of}", float(either["high"].max())))
    # On a phone the legend stands in three rows, and many names in two.
    fig.layout.meta["narrow"]["height"] = max((ROW + 6) * len(rows) + 170, 230)
    if ranks and {"rank_low", "rank_high"} <= set(either.columns):
        _draw_brackets(fig, _runs_within(either, places))
    return fig


def _bars(fig: go.Figure, either: pd.DataFrame, places: Sequence[int]) -> None:
    fig.add_bar(
        x=either["share"].tolist(),
        y=list(places),
        orientation="h",
        name="required or preferred",
        marker={"color": theme.see_through(theme.LIGHT["either"], 0.4), "line": {"width": 0}},
        customdata=either["key"].tolist(),
        hovertext=hover(either, "required or preferred"),
        hoverinfo="text",
        error_x=interval_bars(either, theme.LIGHT["either"]),
    )


def _level(fig: go.Figure, rows: pd.DataFrame, at: dict[str, int], level: str, symbol: str, shift: float) -> None:
    fig.add_scatter(
        x=rows["share"].tolist(),
        y=[at[key] + shift for key in rows["key"]],
        mode="markers",
        cliponaxis=False,
        name=level,
        marker={"color": theme.LIGHT[level], "symbol": symbol, "size": 8},
        error_x=interval_bars(rows, theme.LIGHT[level]),
        customdata=rows["key"].tolist(),
        hovertext=hover(rows, level),
        hoverinfo="text",
    )


def _runs_within(either: pd.DataFrame, places: Sequence[int]) -> list[tuple[int, int]]:
    """`runs` of each group by itself, as places in the figure."""
    groups = either["group"].tolist() if "group" in either else [""] * len(either)
    found = []
    for group in dict.fromkeys(groups):
        own = [number for number, one in enumerate(groups) if one == group]
        rows = either.iloc[own]
        joined = runs(rows["rank_low"].tolist(), rows["rank_high"].tolist())
        found += [(places[own[first]], places[own[last]]) for first, last in joined]
    return found


def runs(low: Sequence[float], high: Sequence[float]) -> list[tuple[int, int]]:
    """Maximal runs (first row, last row) of neighbours no two of which can be told apart.

    `low` and `high` are rank intervals in the order of the rows. Two rows are told apart when their rank
    intervals do not meet. Runs of one row are left out, as are runs that lie inside another.
    """
    found: list[tuple[int, int]] = []
    for first in range(len(low)):
        last = first
        while last + 1 < len(low) and max(low[first : last + 2]) <= min(high[first : last + 2]):
            last += 1
        if last > first and (not found or last > found[-1][1]):
            found.append((first, last))
    return found


def lanes(found: Sequence[tuple[int, int]]) -> list[int]:
    """A lane for each run so that runs in one lane do not touch."""
    ends: list[int] = []
    given = []
    for first, last in found:
        free = next((lane for lane, end in enumerate(ends) if end < first), len(ends))
        ends[free : free + 1] = [last]
        given.append(free)
    return given


def _draw_brackets(fig: go.Figure, found: Sequence[tuple[int, int]]) -> None:
    """Brackets right of the plot, one lane each; the plot gives up room for them at its right."""
    if not found:
        return
    given = lanes(found)
    step = 0.014
    edge = 1 - step * (max(given) + 1)
    fig.update_layout(xaxis={"domain": [0, edge - 0.004]})
    for (first, last), lane in zip(found, given, strict=True):
        x = edge + step * lane + 0.004
        line = {"color": theme.LIGHT["muted"], "width": 2}
        fig.add_shape(
            type="line", xref="paper", yref="y", x0=x, x1=x, y0=first - 0.3, y1=last + 0.3, line=line, layer="above"
        )


def dots(frame: pd.DataFrame, title: str, top: float | None = None, half: bool = False) -> go.Figure:
    """One mark of a share with its interval per row; `half` draws a line at one half.

    Columns that may stand beside the usual ones: those of `drawn`, and `what` a mark counts. With `corrected`,
    `corrected_low` and `corrected_high` an open mark stands below.
    """
    shown = frame.assign(value=frame["share"])
    if "hover" not in frame:
        words = frame["what"].tolist() if "what" in frame else ["share"] * len(frame)
        shown["hover"] = [hover(frame.iloc[[at]], str(what))[0] for at, what in enumerate(words)]
    fig, rows = drawn(shown, 32)
    high = [float(frame[name].max()) for name in ("high", "corrected_high") if name in frame]
    with_rows(fig, rows, *percent_axis(title, top if top is not None else max(high)))
    if half:
        upright(fig, 0.5)
    return fig
