"""The page of one posting: its text with skills and evidence marked, and its facts."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from dash import html

from reports import theme
from reports.explorer.cards import aria, notice
from reports.explorer.context import Explorer
from reports.explorer.data import TRACKS, Population
from reports.explorer.grid import day_text, row
from reports.explorer.state import View, encode
from reports.explorer.texts import Detail, Found

LONGEST_TEXT = 60_000


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
                    _text(people, detail) if detail else notice("The store does not hold the text of this posting.")
                ),
                html.Div(className="facts", children=_facts(people, place, facts, detail)),
            ],
        ),
    ]


def _text(people: Population, detail: Detail) -> list[Any]:
    colours = theme.category_colours(_categories(people, detail.mentions))
    shown = detail.text[:LONGEST_TEXT]
    parts: list[Any] = [
        _legend(people, detail, colours),
        html.Div(marked(shown, people, detail, colours), className="text", dir="auto"),
    ]
    if len(shown) < len(detail.text):
        parts.append(notice(f"The text goes on; {len(detail.text) - len(shown):,} characters are not shown."))
    return parts


def _categories(people: Population, mentions: Sequence[Found]) -> list[str]:
    index = people.skill_index
    return sorted({people.categories[index[one.skill]] for one in mentions if one.skill in index})


def _legend(people: Population, detail: Detail, colours: dict[str, str]) -> Any:
    items = [
        html.Li(html.Mark(people.category_names.get(one, one), className=_style(colour)))
        for one, colour in colours.items()
    ]
    if any(evidence for _, _, evidence in detail.tracks.values()):
        items.append(html.Li(html.Span("evidence for a track", className="evidence")))
    return html.Ul(items, className="legend", **aria(label="Colours in the text"))


def _style(colour: str) -> str:
    return f"kind-{[light for light, _ in theme.CATEGORIES].index(colour)}"


def segments(text: str, mentions: Sequence[Found], evidence: Sequence[tuple[str, int, int]]) -> list[Any]:
    """Cut a text where a mention or an evidence starts or ends.

    Returns:
        (start, end, mention or None, names of the tracks that the piece is evidence for) in order, without gaps.
        Spans that lie outside of the text are cut; where mentions overlap the first, then the longest, is shown.
    """
    size = len(text)
    spans = sorted((one for one in mentions if 0 <= one.start < one.end <= size), key=lambda m: (m.start, -m.end))
    kept: list[Found] = []
    for one in spans:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    inside = [(name, max(start, 0), min(end, size)) for name, start, end in evidence if start < end]
    cuts = sorted(
        {0, size, *(p for m in kept for p in (m.start, m.end)), *(p for _, s, e in inside for p in (s, e) if p <= size)}
    )
    out, place = [], 0
    for start, end in pairwise(cuts):
        while place < len(kept) and kept[place].end <= start:
            place += 1
        mention = kept[place] if place < len(kept) and kept[place].start <= start else None
        out.append((start, end, mention, tuple(n for n, s, e in inside if s <= start and end <= e)))
    return out


def marked(text: str, people: Population, detail: Detail, colours: dict[str, str]) -> list[Any]:
    """The text as spans: skills underlined in the colour of their category, evidence on a coloured ground."""
    evidence = [(track, start, end) for track, (has, _, spans) in detail.tracks.items() if has for start, end in spans]
    out: list[Any] = []
    for start, end, mention, tracks in segments(text, detail.mentions, evidence):
        piece: Any = text[start:end]
        if mention is not None and mention.skill in people.skill_index:
            code = people.skill_index[mention.skill]
            category = people.categories[code]
            piece = html.Mark(
                piece,
                className=_style(colours[category]),
                title=(
                    f"{people.names[code]} · {people.category_names.get(category, category)} · {mention.level} "
                    f"(rule: {mention.rule})"
                ),
            )
        if tracks:
            names = ", ".join(theme.TRACKS[one] for one in tracks)
            piece = html.Span(piece, className="evidence", title=f"evidence for {names}")
        out.append(piece)
    return out


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
    order = ("required", "preferred", "context")
    strongest: dict[str, int] = {}
    for one in detail.mentions:
        if one.skill in people.skill_index and one.level in order:
            strongest[one.skill] = min(strongest.get(one.skill, 9), order.index(one.level))
    out: list[Any] = []
    for place, level in enumerate(order):
        names = sorted(people.names[people.skill_index[one]] for one, at in strongest.items() if at == place)
        if names:
            out += [html.H3(level.capitalize()), html.P(", ".join(names))]
    return out or [html.P("None found.")]
