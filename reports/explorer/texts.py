"""One posting with everything that was found in it, read from the store when someone opens it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reports.explorer.data import TRACKS

if TYPE_CHECKING:
    from crawler.store import Store

Span = tuple[int, int]


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
    """Reads postings from `store`; raises what the store raises."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.detail = lru_cache(maxsize=256)(self._detail)

    def _detail(self, posting_id: str, content_hash: str) -> Detail | None:
        """The posting of that id and version, or None where the store does not hold it."""
        import pyarrow.compute as pc

        from crawler.tables import POSTINGS
        from nlp.tables import MENTIONS, TAGGINGS

        one = (pc.field("posting_id") == posting_id) & (pc.field("content_hash") == content_hash)
        posting = self.store.read(POSTINGS, ["description", "locations", "title", "employer"], one).to_pylist()
        if not posting:
            return None
        taggings = self.store.read(TAGGINGS, filter=one).to_pylist()
        latest = max(taggings, key=lambda row: row["tagged_at"], default=None)
        detail = Detail(
            text=posting[0]["description"] or "",
            title=posting[0]["title"] or "",
            employer=posting[0]["employer"] or "",
            locations=tuple(posting[0]["locations"] or ()),
        )
        if latest is None:
            return detail
        own = one & (pc.field("tagger_id") == latest["tagger_id"])
        mentions = self.store.read(MENTIONS, ["skill", "start", "end", "level", "rule"], own).to_pylist()
        return replace(
            detail,
            mentions=tuple(Found(**row) for row in mentions),
            tracks={track: _track(latest, track) for track in TRACKS},
            min_years=latest["min_years"],
            salary=_salary(latest),
        )


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
