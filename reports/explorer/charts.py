"""The figures of a selection. Each says its unit and its denominator, and each mark knows what it narrows to."""

from __future__ import annotations

from typing import Any

import numpy as np

from reports import theme
from reports.explorer.cohort import Cohort
from reports.explorer.data import TRACKS
from reports.explorer.marks import (
    Chart,
    Figure,
    axis,
    bar_height,
    bars,
    empty,
    layout,
    names_axis,
    percent_axis,
    plain,
    whiskers,
)
from reports.explorer.shares import Shares
from reports.explorer.state import LEVELS, UNSTATED
from reports.explorer.words import label
from reports.sentences import plural, whole

TOP = 25
HOVER = "<b>%{customdata[2]}</b><br>%{customdata[3]}<extra></extra>"


def base(cohort: Cohort) -> str:
    """The denominator in words."""
    if not len(cohort):
        return "no posting"
    return f"{plural(len(cohort), 'posting')} of {plural(cohort.employers, 'employer')}"


def interval(share: float, low: float, high: float) -> str:
    """`12.3% (95% interval 10.1–14.8%)`."""
    return f"{100 * share:.1f}% (95% interval {100 * low:.1f}–{100 * high:.1f}%)"


def _marks(field: str, values: list[str], names: list[str], found: Shares) -> list[list[str]]:
    """What a click and a hover need, per mark: field, value, name, figures."""
    return [
        [field, value, plain(name, 60), _figures(found, i)]
        for i, (value, name) in enumerate(zip(values, names, strict=True))
    ]


def _figures(found: Shares, i: int) -> str:
    count = f"{whole(found.count[i])} of {whole(found.total)} postings, {plural(found.employers[i], 'employer')}"
    return f"{interval(*found.row(i))}<br>{count}"


def _table(head: str, names: list[str], found: Shares) -> list[dict[str, Any]]:
    return [
        {
            head: name,
            "postings": int(found.count[i]),
            "of": found.total,
            "employers": int(found.employers[i]),
            "share": float(found.share[i]),
            "low": float(found.low[i]),
            "high": float(found.high[i]),
            "n_eff": float(found.n_eff[i]),
        }
        for i, name in enumerate(names)
    ]


def skills(cohort: Cohort) -> Chart:
    """The skills asked for most: required and preferred apart, the interval on the sum."""
    people, level = cohort.population, cohort.filters.level
    codes = cohort.top(TOP)
    title = "Skills that employers ask for most"
    note = f"Share of {base(cohort)}, in percent; a skill counts when it is {LEVELS[level]}. Whiskers: 95% interval."
    if not len(codes):
        return Chart("skills", title, note, empty("No skill is asked for in these postings."))
    found = cohort.demand(codes)
    values, names = [people.skills[c] for c in codes], [people.names[c] for c in codes]
    must = 100 * cohort.required[codes] / max(len(cohort), 1)
    figure = {
        "data": _skill_bars(level, must, found, _marks("skill", values, names, found)),
        "layout": layout(
            bar_height(len(codes), True),
            barmode="stack",
            bargap=0.25,
            showlegend=level == "asked",
            xaxis=percent_axis("% of postings"),
            yaxis=names_axis(names),
        ),
    }
    table = _table("skill", names, found)
    for line, code in zip(table, codes, strict=True):
        line["category"] = people.category_names.get(people.categories[code], people.categories[code])
        line["required"] = int(cohort.required[code])
    return Chart("skills", title, note, figure, table, [("skill", v) for v in values])


def _skill_bars(level: str, must: Any, found: Shares, custom: list[list[str]]) -> list[Figure]:
    """Required and what is preferred only, one upon the other; one bar where the level is chosen."""
    share = 100 * found.share
    shared = {"customdata": custom, "hovertemplate": HOVER}
    solid = {"color": theme.LIGHT["required"]}
    hatched = {"color": theme.LIGHT["preferred"], "pattern": {"shape": "/", "size": 5, "solidity": 0.25}}
    error = whiskers(share, 100 * found.low, 100 * found.high)
    if level != "asked":
        return [bars(share, name=LEVELS[level], marker=solid, error_x=error, **shared)]
    return [
        bars(must, name="required", marker=solid, **shared),
        bars(share - must, name="preferred only", marker=hatched, error_x=error, **shared),
    ]


def tracks(cohort: Cohort) -> Chart:
    """How many ask for each of the three tracks, and for any of them; a filter on tracks is left out here."""
    chosen = cohort.filters.track
    cohort = Cohort(cohort.population, cohort.filters.without("track")) if chosen else cohort
    found = cohort.tracks
    values = [*TRACKS, "+".join(TRACKS)]
    names = [theme.TRACKS[t] for t in TRACKS] + ["At least one of the three"]
    note = f"Share of {base(cohort)}, in percent; one posting can ask for several. Whiskers: 95% interval."
    note += _LEFT_OUT if chosen else ""
    if not len(cohort):
        return Chart("tracks", "The three tracks", note, empty("No posting is left."))
    share = 100 * found.share
    colours = [theme.LIGHT[t if not chosen or t in chosen else "rest"] for t in (*TRACKS, "any")]
    bar = bars(
        share,
        customdata=_marks("track", values, names, found),
        hovertemplate=HOVER,
        marker={"color": colours},
        error_x=whiskers(share, 100 * found.low, 100 * found.high),
    )
    drawn = layout(bar_height(4) + 10, bargap=0.25, xaxis=percent_axis("% of postings"), yaxis=names_axis(names))
    drills = [("track", one) for one in values]
    return Chart(
        "tracks", "The three tracks", note, {"data": [bar], "layout": drawn}, _table("track", names, found), drills
    )


_LEFT_OUT = " The filter on this field is left out here; what it keeps is coloured."
_FACET_TITLES = {
    "seniority": "Seniority",
    "workplace": "Workplace",
    "country": "Countries",
    "employer": "Employers with most postings",
    "source": "Where the postings come from",
}
_IN_ORDER = ("seniority", "workplace")
_OF_THE_SAMPLE = ("employer", "source")


def facet(cohort: Cohort, name: str, most: int = 12) -> Chart:
    """Shares of the values of a field, `most` of them, those that state nothing last.

    The field's own filter is left out and what it keeps is drawn in colour: one sees what else there is. Employers and
    sources describe the collection and estimate nothing, so they have no interval.
    """
    chosen = getattr(cohort.filters, name)
    cohort = Cohort(cohort.population, cohort.filters.without(name)) if chosen else cohort
    title, values = _FACET_TITLES[name], cohort.population.facets[name].values
    note = f"Share of {base(cohort)}, in percent." + ("" if name in _OF_THE_SAMPLE else " Whiskers: 95% interval.")
    if chosen:
        note += _LEFT_OUT
    found = cohort.facet(name)
    order = range(len(values)) if name in _IN_ORDER else np.argsort(-found.count, kind="stable").tolist()
    stated = [i for i in order if values[i] != UNSTATED and found.count[i]]
    stated = stated[:most] + [i for i in stated[most:] if values[i] in chosen]
    places = stated + [i for i in order if values[i] == UNSTATED and found.count[i]]
    if not places:
        return Chart(name, title, note, empty("No posting is left."))
    found, shown = found.take(np.array(places)), [values[i] for i in places]
    names = [cohort.population.label(name, value) for value in shown]
    figure = _facet_figure(name, found, shown, names, chosen)
    return Chart(name, title, note, figure, _table(name, names, found), [(name, value) for value in shown])


def _facet_figure(name: str, found: Shares, shown: list[str], names: list[str], chosen: tuple[str, ...]) -> Figure:
    grey = {value for value in shown if value == UNSTATED or (chosen and value not in chosen)} - set(chosen)
    data = bars(
        100 * found.share,
        customdata=_marks(name, shown, names, found),
        hovertemplate=HOVER,
        marker={"color": [theme.LIGHT["rest" if value in grey else "required"] for value in shown]},
    )
    if name not in _OF_THE_SAMPLE:
        data["error_x"] = whiskers(100 * found.share, 100 * found.low, 100 * found.high)
    return {
        "data": [data],
        "layout": layout(
            bar_height(len(shown)), bargap=0.25, xaxis=percent_axis("% of postings"), yaxis=names_axis(names)
        ),
    }


def pay(cohort: Cohort) -> Chart:
    """Quartiles of the stated pay per year by seniority."""
    currency, found = cohort.pay("seniority")
    title = "Stated pay by seniority"
    if not found:
        return Chart("pay", title, "Pay per year.", empty("Too few of these postings state pay."))
    stated = plural(sum(n for _, n, _ in found), "posting")
    note = (
        f"{currency} per year, middle of the stated range: quartiles and median of {stated} that state pay in "
        f"{currency}, of {whole(len(cohort))}. Most postings state none."
    )
    table = [
        {
            "seniority": label("seniority", value),
            "postings": n,
            "currency": currency,
            "lower quartile": float(quartiles[0]),
            "median": float(quartiles[1]),
            "upper quartile": float(quartiles[2]),
        }
        for value, n, quartiles in found
    ]
    drills = [("seniority", value) for value, _, _ in found]
    return Chart("pay", title, note, _pay_figure(str(currency), found), table, drills)


def _pay_figure(currency: str, found: list[tuple[str, int, Any]]) -> Figure:
    names = [f"{label('seniority', value)} (n={whole(n)})" for value, n, _ in found]
    shared = {"customdata": [_pay_mark(*one) for one in found], "hovertemplate": HOVER}
    boxes = bars(
        [q[2] - q[0] for _, _, q in found],
        base=[q[0] for _, _, q in found],
        name="middle half",
        marker={"color": theme.LIGHT["either"]},
        width=0.5,
        **shared,
    )
    medians = {
        "type": "scatter",
        "mode": "markers",
        "x": [q[1] for _, _, q in found],
        "y": list(range(len(found))),
        "name": "median",
        "marker": {"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": theme.LIGHT["text"]}},
        **shared,
    }
    across = axis(f"{currency} per year", rangemode="tozero", nticks=6)
    height = bar_height(len(found), True)
    return {"data": [boxes, medians], "layout": layout(height, showlegend=True, xaxis=across, yaxis=names_axis(names))}


def _pay_mark(value: str, n: int, quartiles: Any) -> list[str]:
    low, middle, high = (whole(one) for one in quartiles)
    said = f"median {middle}, quartiles {low}–{high}<br>{plural(n, 'posting')}"
    return ["seniority", value, plain(label("seniority", value)), said]
