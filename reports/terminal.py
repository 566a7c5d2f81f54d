"""The report's short form on a terminal, and all of it as JSON."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reports.report import Report
from reports.tables import records

if TYPE_CHECKING:
    from rich.console import Console


_SHORT = ("Skill", "Postings", "Employers", "Share", "95% interval", "Rank")
"""What fits a terminal of 80 columns."""


def clean(text: str) -> str:
    """`text` without control characters and direction marks, which could move or colour what a terminal
    shows."""
    return "".join(ch for ch in text if ch.isprintable() and ch not in "\u200e\u200f\u202a\u202b\u202c\u202d\u202e")


def short(report: Report, path: Path, console: Console | None = None, rows: int = 10) -> None:
    """The headline figures, the first ranking and the report's path on stdout (or `console`)."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    # A pipe or a file has no width of its own, and 80 columns would cut the table.
    console = console or Console(width=None if sys.stdout.isatty() else 120)
    console.print(Text(clean(report.title), style="bold"))
    console.print(Text(clean(report.lead)))
    if report.synthetic:
        console.print(Text("These postings are invented.", style="yellow"))
    headline = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    for card in report.cards:
        headline.add_row(Text(card.value, style="bold"), Text(card.interval), Text(clean(card.text)))
    console.print(headline)
    ranking = next((part for part in report.parts if part.id == "skills" and part.table is not None), None)
    if ranking is not None and ranking.table is not None:
        table = Table(title=clean(ranking.title), title_justify="left")
        kept = [place for place, (head, _) in enumerate(ranking.table.heads()) if head in _SHORT]
        for place in kept:
            head, numeric = ranking.table.heads()[place]
            table.add_column(head, justify="right" if numeric else "left", no_wrap=True)
        for row in ranking.table.rows()[:rows]:
            table.add_row(*(Text(clean(row[place])) for place in kept))
        console.print(table)
    console.print(Text(f"Report: {path}"), soft_wrap=True)


def as_json(report: Report, path: Path | None = None) -> dict[str, Any]:
    """All of the report as JSON values: cards, parts with their findings, notes, whole tables and
    examples."""
    return {
        "title": report.title,
        "lead": report.lead,
        "filters": report.filters,
        "synthetic": report.synthetic,
        "report": None if path is None else str(path),
        "headline": [{"value": c.value, "interval": c.interval, "text": c.text} for c in report.cards],
        "parts": [
            {
                "id": part.id,
                "title": part.title,
                "finding": part.finding,
                "notes": part.notes,
                "table": None
                if part.table is None
                else {
                    "name": part.table.name,
                    "rows": [plain(row) for row in records(part.table.frame)],
                },
                "evidence": [
                    {
                        "key": drill.key,
                        "label": drill.label,
                        "examples": [{name: getattr(one, name) for name in one.__slots__} for one in drill.examples],
                    }
                    for drill in part.drills
                ],
            }
            for part in report.parts
        ],
    }


def plain(value: Any) -> Any:
    """`value` as JSON knows it: numpy's and pandas' numbers as numbers, dates as ISO, what is missing as
    null."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [plain(inner) for inner in value]
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)
