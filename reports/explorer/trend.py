"""Shares over time."""

from __future__ import annotations

from typing import Any

from reports import theme
from reports.explorer.charts import HOVER, interval
from reports.explorer.cohort import Cohort
from reports.explorer.data import month_text
from reports.explorer.marks import Chart, axis, empty, layout, percent_axis, plain
from reports.explorer.shares import Shares
from reports.sentences import whole

Point = tuple[int, Shares]
_WIDTHS = {1: "month", 3: "quarter", 12: "year"}
_SHAPES = ("circle", "diamond", "square", "triangle-up")
_COLOURS = ("computer_vision", "nlp", "sequence_modeling", "any")


def trend(cohort: Cohort) -> Chart:
    """Shares per period with their intervals as bands; lines break where a period has too few postings."""
    lines, width, found = cohort.trend()
    field = "skill" if cohort.filters.skill else "track"
    names = [cohort.population.label(field, one) for one in lines]
    what = "the skills filtered for" if field == "skill" else "the three tracks"
    note = (
        f"Share of the dated postings of a {_WIDTHS[width]} that ask for {what}, in percent; bands: 95% interval. "
        "Sources differ between periods, so a step can be a change of source. Periods under 5 postings are left out."
    )
    if cohort.filters.skill or cohort.filters.track:
        note += " The filter on what the lines show is left out here."
    if not found:
        return Chart("trend", "Over time", note, empty("No posting here has a date."))
    data: list[dict[str, Any]] = []
    table: list[dict[str, Any]] = []
    for place, name in enumerate(names):
        data += _line(place, name, found, width)
        table += [_row(place, name, one, width) for one in found]
    drills = [("period", _period(bucket, width)) for _ in names for bucket, _ in found]
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


def _row(place: int, name: str, point: Point, width: int) -> dict[str, Any]:
    bucket, found = point
    share, low, high = found.row(place)
    counts = {"postings": int(found.count[place]), "of": found.total}
    return {"period": _period_name(bucket, width), "line": name, **counts, "share": share, "low": low, "high": high}


def runs(buckets: list[int]) -> list[tuple[int, int]]:
    """Places [start, end) of the stretches of periods without a gap."""
    starts = [i for i, one in enumerate(buckets) if i == 0 or one != buckets[i - 1] + 1]
    return list(zip(starts, [*starts[1:], len(buckets)], strict=True))


def _line(place: int, name: str, found: list[Point], width: int) -> list[dict[str, Any]]:
    """The traces of one line: a band per stretch, then marks joined within each stretch."""
    colour = theme.LIGHT[_COLOURS[place]]
    rows = [one.row(place) for _, one in found]
    where = [f"{month_text(bucket * width)}-01" for bucket, _ in found]
    data: list[dict[str, Any]] = []
    x: list[str] = []
    y: list[float | None] = []
    custom: list[list[str]] = []
    above: list[float] = []
    below: list[float] = []
    for start, end in runs([bucket for bucket, _ in found]):
        alone = end - start == 1
        if not alone:
            data += _band(where[start:end], rows[start:end], colour)
        for i in range(start, end):
            share, low, high = rows[i]
            x.append(where[i])
            y.append(100 * share)
            custom.append(_mark(place, name, found[i], width))
            above.append(100 * (high - share) if alone else 0)
            below.append(100 * (share - low) if alone else 0)
        x.append(where[end - 1])
        y.append(None)
        custom.append([])
        above.append(0)
        below.append(0)
    marks = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": x,
        "y": y,
        "name": plain(name),
        "line": {"color": colour, "width": 2},
        "marker": {"size": 8, "symbol": _SHAPES[place]},
        "error_y": {
            "type": "data",
            "symmetric": False,
            "array": above,
            "arrayminus": below,
            "color": colour,
            "width": 3,
        },
        "customdata": custom,
        "hovertemplate": HOVER,
    }
    return [*data, marks]


def _mark(place: int, name: str, point: Point, width: int) -> list[str]:
    bucket, found = point
    figures = f"{interval(*found.row(place))}<br>{whole(found.count[place])} of {whole(found.total)} postings"
    return ["period", _period(bucket, width), plain(f"{name}, {_period_name(bucket, width)}", 60), figures]


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
