"""The page of one posting: its text with skills and evidence marked, and its facts."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from dash import html

from nlp.records import LEVELS
from reports import theme
from reports.explorer.cards import aria, notice
from reports.explorer.context import Explorer
from reports.explorer.data import TRACKS, Population
from reports.explorer.grid import day_text, row
from reports.explorer.marked import annotated
from reports.explorer.state import View, encode
from reports.explorer.texts import Detail


def page(explorer: Explorer, view: View) -> list[Any]:
    """The posting that `view` names, or a line that says that there is none."""
    people = explorer.population
    back = html.P(html.A("← Back to the postings", href=f"/postings{encode(View(a=view.a))}"))
    place = people.row_of.get(view.posting or "")
    if place is None:
        return [html.H1("No such posting"), notice("The data has no posting of this address.", "stop"), back]
    detail = None
    if explorer.texts is not None:
        detail = explorer.texts.detail(people.ids[place].as_py(), people.hashes[place].as_py())
    facts = row(people, place)
    return [
        back,
        html.H1(facts["title"], dir="auto"),
        html.Div(
            className="posting",
            children=[
                html.Div(
                    annotated(people, detail) if detail else notice("The store does not hold the text of this posting.")
                ),
                html.Div(
                    className="facts",
                    tabIndex="0",  # it scrolls by itself beside a long text
                    role="region",
                    children=_facts(people, place, facts, detail),
                    **aria(label="Facts, tracks and skills"),
                ),
            ],
        ),
    ]


def _facts(people: Population, place: int, facts: dict[str, Any], detail: Detail | None) -> list[Any]:
    lines = [
        ("Employer", facts["employer"]),
        ("Posted", day_text(int(people.date[place]))),
        ("Source", facts["source"]),
        ("Seniority", facts["seniority"]),
        ("Workplace", facts["workplace"]),
        ("Country", facts["country"]),
    ]
    if detail:
        lines += [
            ("Places", "; ".join(detail.locations)),
            ("Pay as stated", detail.salary),
            ("Years asked for", f"{detail.min_years:g}" if detail.min_years is not None else ""),
        ]
    known = [(name, value) for name, value in lines if value]
    out: list[Any] = [
        html.H2("Facts"),
        html.Dl([x for name, value in known for x in (html.Dt(name), html.Dd(value, dir="auto"))]),
    ]
    url = people.urls[place].as_py()
    if safe(url):
        out.append(html.P(html.A("The original ad", href=url, target="_blank", rel="noopener noreferrer nofollow")))
    out += [html.H2("Tracks"), html.Dl(_tracks(people, place, detail))]
    if detail and detail.tracks:
        out.append(html.P("Each track has a threshold of its own.", className="note"))
    if detail:
        out += [html.H2("Skills"), *_skills(people, detail)]
    return out


def safe(url: str | None) -> bool:
    """Whether an address may become a link: http or https with a host, nothing else."""
    try:
        parts = urlsplit((url or "").strip())
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _tracks(people: Population, place: int, detail: Detail | None) -> list[Any]:
    out: list[Any] = []
    for code, track in enumerate(TRACKS):
        says = "asked for" if people.tracks[place, code] else "not asked for"
        if detail and track in detail.tracks:
            _, probability, spans = detail.tracks[track]
            says += f" (probability {probability:.2f}"
            says += (
                f", {len(spans)} passage{'' if len(spans) == 1 else 's'} marked)"
                if spans and people.tracks[place, code]
                else ")"
            )
        out += [html.Dt(theme.TRACKS[track]), html.Dd(says)]
    return out


def _skills(people: Population, detail: Detail) -> list[Any]:
    """The skills by level, each once, at its strongest level."""
    strongest: dict[str, int] = {}
    for one in detail.mentions:
        if one.skill in people.skill_index and one.level in LEVELS:
            strongest[one.skill] = min(strongest.get(one.skill, 9), LEVELS.index(one.level))
    out: list[Any] = []
    for place, level in enumerate(LEVELS):
        names = sorted(people.names[people.skill_index[one]] for one, at in strongest.items() if at == place)
        if names:
            out += [html.H3(level.capitalize()), html.P(", ".join(names))]
    return out or [html.P("None found.")]
