"""What the components of one crawling process share: the job, the pace, the archive and the writer.

Scrapy builds spiders, handlers and pipelines itself and gives them settings only; a process does exactly one crawl,
so they find the rest here.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.archive import Archive, Replay
from crawler.boards import choose
from crawler.errors import InputError
from crawler.history import History, load
from crawler.job import Job
from crawler.middlewares.pace import BREAKER, Pace
from crawler.store import Store

if TYPE_CHECKING:
    from crawler.pipelines import Writer


@dataclass(slots=True)
class Session:
    """One crawl in one process. `report` is called with the manifest row of each board that is done; `stopping`
    turns true when a signal ends the crawl early; `fault` is why the store could not be written; `stop` ends the
    crawl."""

    job: Job
    store: Store
    pace: Pace
    archive: Archive | None = None
    replay: Replay | None = None
    report: Callable[[dict[str, Any]], None] = lambda row: None
    stopping: bool = False
    fault: str = ""
    writer: Writer | None = None
    stop: Callable[[], None] = lambda: None
    rows: list[dict[str, Any]] = field(default_factory=list)
    _history: History | None = None

    def load_history(self) -> History:
        """Read what the store knows before this crawl.

        Raises:
            StoreError: the store can't be read.
        """
        self._history = load(self.store, self.job.kinds, self.job.crawl_id)
        return self._history

    @property
    def history(self) -> History:
        """What the store knew before this crawl."""
        return self._history or self.load_history()


_current: Session | None = None


def open_session(job: Job, report: Callable[[dict[str, Any]], None] | None = None) -> Session:
    """Make the process's session.

    Raises:
        InputError: the recording to replay is missing or unusable.
    """
    global _current
    replay = Replay(Path(job.replay)) if job.replay else None
    archive = None
    if job.archive:
        about = {"boards": " ".join(board.id for board in job.boards), "started": dt.datetime.now(dt.UTC).isoformat()}
        about |= {"employers": json.dumps({board.id: board.employer for board in job.boards if board.employer})}
        about |= {"synthetic": "true"} if job.synthetic else {}
        archive = Archive(Path(job.archive), job.crawl_id, about)
    pace = Pace(factor=job.delay_factor, backoff=job.backoff, breaker=int(job.limits.get("breaker", BREAKER)))
    _current = Session(job, Store(job.data), pace, archive, replay)
    if report is not None:
        _current.report = report
    return _current


def current(kind: str) -> Session:
    """The process's session; `scrapy crawl KIND` has none, and gets one over all listed boards of the kind and the
    store that SKILLDEMAND_DATA names."""
    if _current is None:
        data, contact = os.environ.get("SKILLDEMAND_DATA", "data"), os.environ.get("SKILLDEMAND_CONTACT", "")
        if not contact:
            raise InputError("boards should know who asks: set SKILLDEMAND_CONTACT to an e-mail address or a URL")
        return open_session(Job(crawl_id=new_crawl_id(), data=data, boards=choose(kinds=[kind]), contact=contact))
    return _current


def new_crawl_id() -> str:
    """A name for a crawl that sorts by time."""
    return f"{dt.datetime.now(dt.UTC):%Y%m%dT%H%M%S}-{uuid.uuid4().hex[:6]}"
