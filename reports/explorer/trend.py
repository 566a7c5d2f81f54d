"""Shares over time."""

from __future__ import annotations

from typing import Any

from reports import theme
from reports.explorer.charts import HOVER, interval
from reports.explorer.cohort import Cohort
from reports.explorer.data import month_text
from reports.explorer.marks import Chart, axis, empty, layout, percent_axis, plain
from reports.sentences import whole

_WIDTHS = {1: "month", 3: "quarter", 12: "year"}
_SHAPES = ("circle", "diamond", "square", "triangle-up")
_LINES = ("computer_vision", "nlp", "sequence_modeling", "any")


def trend(cohort: Cohort) -> Chart:
    """Shares per period with their intervals as bands."""
    lines, width, found = cohort.trend()
    is_skill = bool(cohort.filters.skill)
    names = [cohort.population.label("skill" if is_skill else "track", one) for one in lines]
    what = "the skills filtered for" if is_skill else "the three tracks"
    note = (
        f"Share of the dated postings of a {_WIDTHS[width]} that ask for {what}, in percent; bands: 95% interval. "
        "Sources differ between periods, so a step can be a change of source. Periods under 5 postings are left out."
    )
    if not found:
        return Chart("trend", "Over time", note, empty("No posting here has a date."))
    buckets = [one for one, _ in found]
    where = [month_text(one * width) + "-01" for one in buckets]
    data: list[dict[str, Any]] = []
    table: list[dict[str, Any]] = []
    drills: list[tuple[str, str] | None] = []
    for place, name in enumerate(names):
        rows = [(one.row(place), one) for _, one in found]
        colour = theme.LIGHT[_LINES[place]]
        data += _band(where, [r for r, _ in rows], colour)
        custom = [
            [
                "period",
                _period(bucket, width),
                plain(f"{name}, {_period_name(bucket, width)}", 60),
                f"{interval(*r)}<br>{whole(s.count[place])} of {whole(s.total)} postings",
            ]
            for bucket, (r, s) in zip(buckets, rows, strict=True)
        ]
        data.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": where,
                "y": [100 * r[0] for r, _ in rows],
                "name": plain(name),
                "line": {"color": colour, "width": 2},
                "marker": {"size": 8, "symbol": _SHAPES[place]},
                "customdata": custom,
                "hovertemplate": HOVER,
            }
        )
        for bucket, (r, s) in zip(buckets, rows, strict=True):
            table.append(
                {
                    "period": _period_name(bucket, width),
                    "line": name,
                    "postings": int(s.count[place]),
                    "of": s.total,
                    "share": r[0],
                    "low": r[1],
                    "high": r[2],
                }
            )
            drills.append(("period", _period(bucket, width)))
    figure = {
        "data": data,
        "layout": layout(
            340,
            showlegend=True,
            xaxis=axis(f"{_WIDTHS[width]} of the posting", type="date", showgrid=False),
            yaxis=percent_axis("% of postings"),
        ),
    }
    return Chart("trend", "Over time", note, figure, table, drills)


def _band(where: list[str], rows: list[tuple[float, float, float]], colour: str) -> list[dict[str, Any]]:
    line = {
        "type": "scatter",
        "mode": "lines",
        "x": where,
        "line": {"width": 0, "color": colour},
        "hoverinfo": "skip",
        "showlegend": False,
    }
    return [
        {**line, "y": [100 * r[1] for r in rows]},
        {**line, "y": [100 * r[2] for r in rows], "fill": "tonexty", "fillcolor": theme.see_through(colour, 0.14)},
    ]


def _period(bucket: int, width: int) -> str:
    return f"{month_text(bucket * width)}..{month_text(bucket * width + width - 1)}"


def _period_name(bucket: int, width: int) -> str:
    first = month_text(bucket * width)
    if width == 1:
        return first
    return first[:4] if width == 12 else f"{first[:4]} Q{(bucket * 3 % 12) // 3 + 1}"
