"""The report as a thing of parts: a part tells one finding in a sentence, a figure, its table, notes and, where the
store has the text, example postings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from reports.tables import Table

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from analysis.intervals import Array
    from analysis.population import Population


@dataclass(frozen=True, slots=True)
class Example:
    """One posting that stands behind a mark: the sentence in three pieces, of which `marked` names what is counted;
    `note` is what else makes the posting count, "" for nothing."""

    title: str
    employer: str
    source: str
    date: str
    url: str | None
    before: str
    marked: str
    after: str
    level: str
    rule: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Drill:
    """The examples behind one mark; `key` is what the figure's points carry as customdata."""

    key: str
    label: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A mark to find examples for: which postings stand behind it, and which sentence shows it.

    Attributes:
        key, label: of the mark.
        skills: the sentence names any of these skills, which the posting requires or prefers.
        tracks: the sentence carried any of these tracks. Where skills are given as well, they decide.
        fact: a fact and its value, such as ("seniority", "senior"): the sentence, the title or the board's own field
            states it.
        rows: numbers of the population's postings behind the mark; None: all that fit skills, tracks or fact.
        note: what else to say of a posting, from its number.
    """

    key: str
    label: str
    skills: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    fact: tuple[str, str] | None = None
    rows: Array | None = None
    note: Callable[[int], str] | None = None


@dataclass(slots=True)
class Part:
    """One finding of the report. Without `figure` the finding says what is missing, or says it all.

    `wanted` says for which marks examples are looked up, among the postings of `population` where it is not that of the
    report. A mark whose customdata is "part/key" opens the examples of
    another part.
    """

    id: str
    title: str
    finding: str
    figure: go.Figure | None = None
    table: Table | None = None
    reading: str = ""
    notes: list[str] = field(default_factory=list)
    drills: list[Drill] = field(default_factory=list)
    wanted: tuple[Wanted, ...] = ()
    population: Population | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """One of the headline figures: `value` large, `interval` under it, then what it counts."""

    value: str
    interval: str
    text: str


@dataclass(slots=True)
class Report:
    """The whole report. `lead`: what was measured, in a few sentences; `synthetic`: all postings are invented."""

    title: str
    lead: str
    cards: list[Card]
    parts: list[Part]
    filters: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False

    @property
    def figures(self) -> dict[str, go.Figure]:
        """Every figure by its part's id."""
        return {part.id: part.figure for part in self.parts if part.figure is not None}

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by its file's name."""
        return {part.table.name: part.table for part in self.parts if part.table is not None}
