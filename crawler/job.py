"""What one crawl is to do, as plain values that travel to the process that does it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from crawler.boards import Board


@dataclass(slots=True, kw_only=True)
class Job:
    """One crawl.

    `data` is the store's root; `boards` what to crawl; `everything` keeps ads that relevance would drop; `archive` and
    `replay` are paths; `contact` goes into the user agent. The rest is for tests and benchmarks: `base_urls`
    replaces the hosts of kinds, `delay_factor` multiplies the policies' delays, `allow_private` lets the crawler
    speak to loopback, and `backoff` is the first wait after trouble in seconds; `limits` overrides settings by name.
    """

    crawl_id: str
    data: str
    boards: list[Board] = field(default_factory=list)
    everything: bool = False
    archive: str | None = None
    replay: str | None = None
    contact: str = ""
    synthetic: bool = False
    base_urls: dict[str, str] = field(default_factory=dict)
    delay_factor: float = 1.0
    backoff: float = 1.0
    allow_private: bool = False
    limits: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Job:
        """Read what `to_json` wrote."""
        values: dict[str, Any] = json.loads(text)
        for board in values["boards"]:
            for key in ("checked_on", "list_date"):
                board[key] = dt.date.fromisoformat(board[key]) if board[key] else None
        values["boards"] = [Board(**board) for board in values["boards"]]
        return cls(**values)

    @property
    def kinds(self) -> list[str]:
        """The kinds of the boards, each once, in order."""
        return list(dict.fromkeys(board.kind for board in self.boards))
