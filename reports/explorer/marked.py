"""A posting's text with its skills and the evidence for its tracks marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from dash import html

from nlp.records import LEVELS
from reports import theme
from reports.explorer.cards import aria, notice
from reports.explorer.data import Population
from reports.explorer.texts import Detail, Found

LONGEST_TEXT = 60_000
SHORT = {"computer_vision": "CV", "nlp": "NLP", "sequence_modeling": "SEQ"}
Piece = tuple[int, int, Found | None, tuple[str, ...]]


def annotated(people: Population, detail: Detail) -> list[Any]:
    """A legend and the marked text; of a very long text the first part, and a line that says so."""
    shown = detail.text[:LONGEST_TEXT]
    parts: list[Any] = [legend(people, detail), html.Div(marked(shown, people, detail), className="text", dir="auto")]
    if len(shown) < len(detail.text):
        parts.append(notice(f"The text goes on; {len(detail.text) - len(shown):,} characters are not shown."))
    return parts


def legend(people: Population, detail: Detail) -> Any:
    """What colours, lines and tags mean, as far as this text has them."""
    kinds = kinds_of(people, detail)
    items = [html.Li(html.Mark(people.category_names.get(one, one), className=kind)) for one, kind in kinds.items()]
    levels = {one.level for one in detail.mentions if one.skill in people.skill_index}
    lines = [html.Mark(one, className="" if one == "required" else one) for one in LEVELS if one in levels]
    if lines:
        items.append(html.Li([part for line in lines for part in (", ", line)][1:]))
    told = [track for track, (has, _, spans) in detail.tracks.items() if has and spans]
    if told:
        items.append(html.Li([html.Span("evidence", className="evidence"), html.Span(_tag(told), className="tag")]))
    return html.Ul(items, className="legend", **aria(label="What the marks in the text mean"))


def kinds_of(people: Population, detail: Detail) -> dict[str, str]:
    """The style of each category of this text, the most common ones of all postings first.

    Eight have colours of their own, so that few texts need the one that the rest share.
    """
    index = people.skill_index
    present = {people.categories[index[one.skill]] for one in detail.mentions if one.skill in index}
    ordered = [one for one in people.common_categories if one in present]
    return {one: f"kind-{min(place, len(theme.CATEGORIES) - 1)}" for place, one in enumerate(ordered)}


def segments(text: str, mentions: Sequence[Found], evidence: Sequence[tuple[str, int, int]]) -> list[Piece]:
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
    inside = [(name, max(start, 0), min(end, size)) for name, start, end in evidence]
    inside = [one for one in inside if one[1] < one[2]]
    edges = [p for m in kept for p in (m.start, m.end)] + [p for _, *span in inside for p in span]
    out: list[Piece] = []
    place = 0
    for start, end in pairwise(sorted({0, size, *edges})):
        while place < len(kept) and kept[place].end <= start:
            place += 1
        mention = kept[place] if place < len(kept) and kept[place].start <= start else None
        out.append((start, end, mention, tuple(n for n, s, e in inside if s <= start and end <= e)))
    return out


def marked(text: str, people: Population, detail: Detail) -> list[Any]:
    """The text in pieces: skills underlined in their category's colour, evidence on a coloured ground with a tag."""
    evidence = [(track, start, end) for track, (has, _, spans) in detail.tracks.items() if has for start, end in spans]
    pieces = segments(text, detail.mentions, evidence)
    kinds = kinds_of(people, detail)
    out: list[Any] = []
    for (start, end, mention, tracks), after in zip(pieces, [*(p[3] for p in pieces[1:]), ()], strict=True):
        piece: Any = text[start:end]
        if mention is not None and mention.skill in people.skill_index:
            piece = _skill(piece, people, mention, kinds)
        if tracks:
            names = ", ".join(theme.TRACKS[one] for one in tracks)
            piece = html.Span(piece, className="evidence", title=f"evidence for {names}")
        out.append(piece)
        ended = [one for one in tracks if one not in after]
        if ended:
            out.append(html.Span(_tag(ended), className="tag"))
    return out


def _tag(tracks: Sequence[str]) -> str:
    """The tag's text; blanks that break no line keep it at the end of its passage."""
    return "".join(f"\u00a0{SHORT[one]}" for one in tracks)


def _skill(text: str, people: Population, mention: Found, kinds: Mapping[str, str]) -> Any:
    code = people.skill_index[mention.skill]
    category = people.categories[code]
    says = f"{people.names[code]} · {people.category_names.get(category, category)} · {mention.level}"
    level = mention.level if mention.level in ("preferred", "context") else ""
    return html.Mark(text, className=f"{kinds[category]} {level}".strip(), title=f"{says} (rule: {mention.rule})")
