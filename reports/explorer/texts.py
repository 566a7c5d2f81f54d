"""One posting with everything that was found in it, read from the store when someone opens it."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from reports.explorer.data import TRACKS

if TYPE_CHECKING:
    from crawler.store import Store

Span = tuple[int, int]
Key = tuple[str, str]
KEPT = 256


@dataclass(frozen=True, slots=True)
class Found:
    """A mention: `text[start:end]` names the skill; `rule` decided the level."""

    skill: str
    start: int
    end: int
    level: str
    rule: str


@dataclass(frozen=True, slots=True)
class Detail:
    """The text of a posting, its mentions, per track (label, probability, evidence), and the stated facts."""

    text: str
    title: str = ""
    employer: str = ""
    mentions: tuple[Found, ...] = ()
    tracks: Mapping[str, tuple[bool, float, tuple[Span, ...]]] = field(default_factory=dict)
    locations: tuple[str, ...] = ()
    min_years: float | None = None
    salary: str = ""


class Texts:
    """Reads postings from `store`; raises what the store raises. The latest KEPT stay in memory."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._kept: dict[Key, Detail | None] = {}
        self._lock = threading.Lock()

    def detail(self, posting_id: str, content_hash: str) -> Detail | None:
        """The posting of that id and version, or None where the store does not hold it."""
        key = (posting_id, content_hash)
        if key not in self._kept:
            self.fetch([key])
        return self._kept.get(key)

    def fetch(self, keys: Sequence[Key]) -> None:
        """Read these postings at once: one is read as fast as twenty."""
        wanted = [key for key in dict.fromkeys(keys) if key not in self._kept][:KEPT]
        found = self._read(wanted) if wanted else {}
        with self._lock:
            for key in wanted:
                self._kept[key] = found.get(key)
            for old in list(self._kept)[: max(len(self._kept) - KEPT, 0)]:
                del self._kept[old]

    def _read(self, keys: Sequence[Key]) -> dict[Key, Detail]:
        import pyarrow.compute as pc

        from crawler.tables import POSTINGS
        from nlp.tables import MENTIONS, TAGGINGS

        some = pc.field("posting_id").isin(sorted({one for one, _ in keys}))
        columns = ["posting_id", "content_hash", "description", "locations", "title", "employer"]
        out = {
            _key(row): Detail(
                row["description"] or "",
                row["title"] or "",
                row["employer"] or "",
                (),
                {},
                tuple(row["locations"] or ()),
            )
            for row in self.store.read(POSTINGS, columns, some).to_pylist()
            if _key(row) in keys
        }
        latest: dict[Key, dict[str, Any]] = {}
        for row in self.store.read(TAGGINGS, filter=some).to_pylist():
            if _key(row) in out and (_key(row) not in latest or row["tagged_at"] >= latest[_key(row)]["tagged_at"]):
                latest[_key(row)] = row
        named: dict[Key, list[Found]] = {key: [] for key in latest}
        columns = ["posting_id", "content_hash", "tagger_id", "skill", "start", "end", "level", "rule"]
        for row in self.store.read(MENTIONS, columns, some).to_pylist():
            if _key(row) in latest and row["tagger_id"] == latest[_key(row)]["tagger_id"]:
                found = Found(row["skill"], row["start"], row["end"], row["level"], row["rule"])
                named[_key(row)].append(found)
        return out | {key: _tagged(out[key], row, named[key]) for key, row in latest.items()}


def _key(row: Mapping[str, Any]) -> Key:
    return row["posting_id"], row["content_hash"]


def _tagged(detail: Detail, row: Mapping[str, Any], mentions: Sequence[Found]) -> Detail:
    tracks = {track: _track(row, track) for track in TRACKS}
    return replace(detail, mentions=tuple(mentions), tracks=tracks, min_years=row["min_years"], salary=_salary(row))


def _track(row: Mapping[str, Any], track: str) -> tuple[bool, float, tuple[Span, ...]]:
    evidence = tuple((one["start"], one["end"]) for one in row[f"{track}_evidence"] or ())
    return bool(row[track]), float(row[f"{track}_probability"] or 0), evidence


def _salary(row: Mapping[str, Any]) -> str:
    low, high = row["salary_min"], row["salary_max"]
    amounts = [f"{value:,.0f}" for value in dict.fromkeys((low, high)) if value is not None]
    if not amounts:
        return ""
    period = f" per {row['salary_period']}" if row["salary_period"] else ""
    return f"{row['salary_currency'] or ''} {'–'.join(amounts)}{period}".strip()
