"""Shares over time."""

from __future__ import annotations

import datetime
from typing import Any

from reports import theme
from reports.explorer.charts import HOVER, interval
from reports.explorer.cohort import Cohort
from reports.explorer.data import month_text
from reports.explorer.marks import Chart, axis, empty, layout, percent_axis, plain
from reports.explorer.shares import Shares
from reports.sentences import whole

Point = tuple[int, Shares]
FEW = 5
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
        beside = (place - (len(lines) - 1) / 2) * width * 2.5 if len(found) <= FEW else 0.0
        data += _line(place, name, found, width, f"{field}={lines[place]}", beside)
        table += [_row(place, name, one, width) for one in found]
    drills = [("period", f"{_period(bucket, width)} {field}={line}") for line in lines for bucket, _ in found]
    figure = {
        "data": data,
        "layout": layout(
            340,
            showlegend=True,
            xaxis=_time_axis([bucket for bucket, _ in found], width),
            yaxis=percent_axis("% of postings"),
        ),
    }
    return Chart("trend", "Over time", note, figure, table, drills)


def _time_axis(buckets: list[int], width: int) -> dict[str, Any]:
    """Half a period of room at either end; ticks are whole periods, or whole years where there are many."""
    ends = (buckets[0] * width - width / 2, buckets[-1] * width + width / 2)
    shape = {"type": "date", "showgrid": False, "range": [_day(end) for end in ends]}
    few = {"tickmode": "array", "tickvals": [f"{month_text(one * width)}-01" for one in buckets]}
    few |= {"ticktext": [_period_name(one, width) for one in buckets]}
    return axis(f"{_WIDTHS[width]} of the posting", tickformat="%Y", **shape, **(few if len(buckets) <= FEW else {}))


def _start(month: int, days: float) -> str:
    """The first day of a month since 1970, and so many days later."""
    first = datetime.date.fromisoformat(f"{month_text(month)}-01")
    return (first + datetime.timedelta(days=round(days))).isoformat()


def _day(months: float) -> str:
    """Months since 1970, halves too, as a day."""
    return f"{month_text(int(months // 1))}-{15 if months % 1 else 1:02d}"


def _row(place: int, name: str, point: Point, width: int) -> dict[str, Any]:
    bucket, found = point
    share, low, high = found.row(place)
    counts = {"postings": int(found.count[place]), "of": found.total}
    return {"period": _period_name(bucket, width), "line": name, **counts, "share": share, "low": low, "high": high}


def runs(buckets: list[int]) -> list[tuple[int, int]]:
    """Places [start, end) of the stretches of periods without a gap."""
    starts = [i for i, one in enumerate(buckets) if i == 0 or one != buckets[i - 1] + 1]
    return list(zip(starts, [*starts[1:], len(buckets)], strict=True))


def _line(place: int, name: str, found: list[Point], width: int, kept: str, beside: float) -> list[dict[str, Any]]:
    """The traces of one line: a band per stretch, then marks joined within each stretch.

    `kept` is the line's filter; `beside` the days by which it stands beside the others where there are few periods.

    A period that stands alone has no band, so its mark carries the interval itself.
    """
    colour = theme.LIGHT[_COLOURS[place]]
    data: list[dict[str, Any]] = []
    points: list[tuple[str, float | None, list[str], float, float]] = []
    for start, end in runs([bucket for bucket, _ in found]):
        stretch = found[start:end]
        rows = [one.row(place) for _, one in stretch]
        where = [_start(bucket * width, beside) for bucket, _ in stretch]
        alone = len(stretch) == 1
        data += [] if alone else _band(where, rows, colour)
        for x, (share, low, high), point in zip(where, rows, stretch, strict=True):
            spread = (100 * (high - share), 100 * (share - low)) if alone else (0.0, 0.0)
            points.append((x, 100 * share, _mark(place, name, point, width, kept), *spread))
        points.append((where[-1], None, [], 0.0, 0.0))
    columns = [list(column) for column in zip(*points, strict=True)]
    marks = {
        "type": "scatter",
        "mode": "lines+markers",
        "x": columns[0],
        "y": columns[1],
        "name": plain(name),
        "line": {"color": colour, "width": 2},
        "marker": {"size": 8, "symbol": _SHAPES[place]},
        "error_y": {"type": "data", "symmetric": False, "array": columns[3], "arrayminus": columns[4], "color": colour},
        "customdata": columns[2],
        "hovertemplate": HOVER,
    }
    return [*data, marks]


def _mark(place: int, name: str, point: Point, width: int, kept: str) -> list[str]:
    bucket, found = point
    figures = f"{interval(*found.row(place))}<br>{whole(found.count[place])} of {whole(found.total)} postings"
    return ["period", f"{_period(bucket, width)} {kept}", plain(f"{name}, {_period_name(bucket, width)}", 60), figures]


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
