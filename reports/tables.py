"""How a frame of numbers becomes a table that people read: which columns, under which heads, in which
form."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from reports.sentences import places

if TYPE_CHECKING:
    import pandas as pd

NONE = "–"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the shown table: its head, the frame's columns it is made of, and the form of a cell.

    `kind`: text, count, number, share, interval (two columns: low, high), ratio, ratios (two columns),
    places (two), effect, effects (ratios as differences in percent), small (a p- or q-value), points (a
    difference of shares), pointses (two columns), money, monies (two columns), date, year (of a date).
    """

    head: str
    names: tuple[str, ...]
    kind: str = "text"

    @property
    def numeric(self) -> bool:
        """Whether cells stand right-aligned."""
        return self.kind not in ("text", "date", "year")


@dataclass(slots=True)
class Table:
    """A table of the report: all of `frame` is exported as `name`; readers see `columns` of its first
    `limit` rows."""

    name: str
    frame: pd.DataFrame
    columns: Sequence[Column]
    limit: int = 25

    def heads(self) -> list[tuple[str, bool]]:
        """Each shown column's head and whether it is numeric."""
        return [(c.head, c.numeric) for c in self.shown()]

    def shown(self) -> list[Column]:
        """The columns whose parts the frame has: a measure without ranks shows a table without ranks."""
        return [c for c in self.columns if all(name in self.frame.columns for name in c.names)]

    def rows(self) -> list[list[str]]:
        """The shown rows as texts."""
        columns = self.shown()
        return [
            [cell(column.kind, [row[name] for name in column.names]) for column in columns]
            for row in records(self.frame.head(self.limit))
        ]

    @property
    def more(self) -> int:
        """How many rows stand in the exported table only."""
        return max(0, len(self.frame) - self.limit)


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of `frame` as dicts by column."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def missing(value: Any) -> bool:
    """None, NaN, NaT and pandas' NA."""
    if value is None:
        return True
    if isinstance(value, float):
        return not math.isfinite(value)
    return type(value).__name__ in ("NAType", "NaTType")


def _percent(value: float, digits: int = 1) -> str:
    return f"{100 * value:.{digits}f}%"


def _digits(*values: float) -> int:
    return 2 if 0 < min(abs(v) for v in values) < 0.001 else 1


_FORMS: dict[str, Callable[..., str]] = {
    "text": lambda value: "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value),
    "count": lambda value: f"{round(float(value)):,}",
    "number": lambda value: f"{float(value):,.2f}",
    "share": lambda value: _percent(value, _digits(value)),
    "interval": lambda low, high: f"{_percent(low, _digits(high))} – {_percent(high, _digits(high))}",
    "ratio": lambda value: f"{value:.2f}",
    "ratios": lambda low, high: f"{low:.2f} – {high:.2f}",
    "places": places,
    "points": lambda value: f"{100 * value:+.1f}",
    "pointses": lambda low, high: f"{100 * low:+.1f} to {100 * high:+.1f}",
    "year": lambda value: str(value)[:4],
    "money": lambda value: f"{round(float(value), -2):,.0f}",
    "monies": lambda low, high: f"{round(float(low), -2):,.0f} – {round(float(high), -2):,.0f}",
    "small": lambda value: "< 0.001" if value < 0.001 else f"{value:.3f}",
    "effect": lambda value: f"{value - 1:+.1%}",
    "effects": lambda low, high: f"{low - 1:+.1%} – {high - 1:+.1%}",
    "date": lambda value: str(value)[:10],
}


def cell(kind: str, values: Sequence[Any]) -> str:
    """One cell's text; a dash where a number is missing, never "nan"."""
    if any(not isinstance(value, list | tuple) and missing(value) for value in values):
        return NONE
    if kind in ("text", "date") and values[0] == "":
        return NONE
    return _FORMS[kind](*values)


SHARES: tuple[Column, ...] = (
    Column("Postings", ("count",), "count"),
    Column("of", ("denominator",), "count"),
    Column("Employers", ("employers",), "count"),
    Column("Share", ("share",), "share"),
    Column("95% interval", ("low", "high"), "interval"),
    Column("Rank", ("rank_low", "rank_high"), "places"),
    Column("n_eff", ("n_eff",), "count"),
)
"""What every table of shares shows after its own first columns."""
