"""The place of a text that shows what was counted: a sentence in three pieces, clipped for the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CLIP = 240
"""Characters shown at most before and after the mark."""
_SENTENCES = 200  # of one text are read for a fact: the longest real posting has fewer

Pieces = tuple[str, str, str]


def cut(text: str, span: tuple[int, int], sentence: tuple[int, int]) -> Pieces | None:
    """The sentence in three pieces (before, marked, after), white space folded, long ends clipped; None if
    it is not a place of `text`."""
    (start, end), (first, last) = span, sentence
    first, last = min(first, start), max(last, end)
    if not (0 <= first <= start < end <= last <= len(text)):
        return None
    before, marked, after = (_folded(text[a:b]) for a, b in ((first, start), (start, end), (end, last)))
    if len(before) > CLIP:
        before = "…" + before[-CLIP:]
    if len(after) > CLIP:
        after = after[:CLIP] + "…"
    return before.lstrip(), marked if len(marked) <= 2 * CLIP else marked[: 2 * CLIP] + "…", after.rstrip()


def _folded(text: str) -> str:
    """Runs of white space as one space, kept at the ends, where they separate the mark from its
    neighbours."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def short(text: str | None, length: int = 120) -> str:
    """`text` on one line of at most `length` characters."""
    line = " ".join((text or "").split())
    return line if len(line) <= length else line[: length - 1] + "…"


def stating(posting: Mapping[str, Any], facet: str, value: str) -> tuple[Pieces, str] | None:
    """Where a posting states a fact, and how it was read: in the board's own fields, the title or a sentence.

    The rules that read the whole posting (nlp.facts) are asked of each place alone; None where no single place says it.

    Args:
        posting: title, description, locations and workplace as stored.
        facet: seniority, workplace or country.
    """
    from nlp import facts
    from nlp.sentences import sentences

    title, places = posting["title"] or "", [place for place in posting["locations"] or () if place]
    if getattr(facts.extract("", locations=places, workplace=posting["workplace"]), facet) == value:
        field = posting["workplace"] if facet == "workplace" and posting["workplace"] else "; ".join(places)
        return ("", short(field), ""), "the board's own field"
    if getattr(facts.extract("", title), facet) == value:
        return ("", short(title), ""), "the title"
    text = posting["description"] or ""
    for start, end in sentences(text)[:_SENTENCES]:
        if getattr(facts.extract(text[start:end]), facet) == value:
            pieces = cut(text, (start, end), (start, end))
            return None if pieces is None else (pieces, "the text")
    return None
