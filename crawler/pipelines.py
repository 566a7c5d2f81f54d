"""From packs of postings to committed rows: one batch of small boards at a time, a batch of its own for a large
board."""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from typing import TYPE_CHECKING, Any

from crawler.errors import SkillDemandError
from crawler.harvest import INTERRUPTED
from crawler.importer import posting_row
from crawler.posting import Posting
from crawler.session import Session, current
from crawler.spiders.base import Harvest
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.harvest import BoardRun

logger = logging.getLogger(__name__)

# A commit costs some 50 ms whatever it holds, so boards share one; a killed crawl loses at most this much work.
_GROUP_ROWS, _GROUP_SECONDS = 2_000, 5.0
# Beyond this a board's postings are staged in parts, so that memory does not hang on the size of a board.
_PART_ROWS = 1_000


class Writer:
    """Writes what all spiders of the process harvest.

    A board becomes visible with its row in `crawls` and not before: killed at any moment, a crawl leaves whole boards;
    told to stop, it also leaves what it has got of the others, as `partial`.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._history = session.history
        limits = session.job.limits
        self._group_rows = int(limits.get("group_rows", _GROUP_ROWS))
        self._group_seconds = float(limits.get("group_seconds", _GROUP_SECONDS))
        self._part_rows = int(limits.get("part_rows", _PART_ROWS))
        self._parts: dict[int, tuple[list[dict[str, Any]], list[dict[str, Any]]]] = {}
        self._batches: dict[int, str] = {}
        self._group: tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]] = ([], [], [])
        self._group_since = 0.0

    def add(self, run: BoardRun, postings: list[Posting]) -> None:
        """Take a pack of a board."""
        rows, sightings = self._parts.setdefault(id(run), ([], []))
        now = dt.datetime.now(dt.UTC)
        crawl_id = self._session.job.crawl_id
        for posting in postings:
            key = (posting.posting_id, posting.content_hash)
            if key not in self._history.known:
                self._history.known.add(key)
                run.all_known = False
                rows.append(posting_row(posting, crawl_id, now))
            if key[0] not in self._history.seen:
                sightings.append({"posting_id": key[0], "content_hash": key[1], "crawl_id": crawl_id, "seen_at": now})
        if len(sightings) >= self._part_rows:
            batch = self._batches.setdefault(id(run), _batch_id(crawl_id))
            self._session.store.stage(batch, run.staged, {POSTINGS: rows, SIGHTINGS: sightings})
            run.staged += 1
            self._parts[id(run)] = ([], [])

    def done(self, run: BoardRun) -> None:
        """Close a board's account and commit it, alone or with its neighbours."""
        status, error = run.verdict()
        self._close(run, status, error)

    def interrupted(self, run: BoardRun) -> None:
        """Commit what was got of a board that a signal cut off, if anything was."""
        if run.seen:
            of_all = "" if run.stated is None else f" of {run.stated} stated"
            self._close(run, "partial", f"{INTERRUPTED} after {run.seen}{of_all} postings: --resume reads it again")

    def _close(self, run: BoardRun, status: str, error: str | None) -> None:
        run.settled = True
        rows, sightings = self._parts.pop(id(run), ([], []))
        row = _manifest(run, self._session.job.crawl_id, status, error)
        if run.unknown:
            fields = ", ".join(f"{name} ({n})" for name, n in run.unknown.most_common(8))
            logger.warning("%s: fields that are not known yet: %s", run.board.id, fields)
        batch = self._batches.pop(id(run), None)
        if batch is not None:
            self._session.store.append(batch, {POSTINGS: rows, SIGHTINGS: sightings, CRAWLS: [row]})
            self._reported([row])
            return
        if not self._group[2]:
            self._group_since = time.monotonic()
        for group, more in zip(self._group, (rows, [] if status == "not_modified" else sightings, [row]), strict=True):
            group.extend(more)
        if len(self._group[1]) >= self._group_rows or time.monotonic() - self._group_since > self._group_seconds:
            self.flush()

    def flush(self) -> None:
        """Commit the boards that are done."""
        rows, sightings, manifest = self._group
        self._group = ([], [], [])
        if manifest:
            batch = _batch_id(self._session.job.crawl_id)
            self._session.store.append(batch, {POSTINGS: rows, SIGHTINGS: sightings, CRAWLS: manifest})
            self._reported(manifest)

    def _reported(self, manifest: list[dict[str, Any]]) -> None:
        self._session.rows.extend(manifest)
        for row in manifest:
            self._session.report(row)


class StorePipeline:
    """Hands packs to the process's one writer. A store that can't be written ends the crawl."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.session = current(crawler.spider.name if crawler.spider else "")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> StorePipeline:
        return cls(crawler)

    def open_spider(self) -> None:
        if self.session.writer is None:
            self.session.writer = Writer(self.session)

    def process_item(self, item: Any) -> Any:
        """Store a pack; lets other items pass."""
        if isinstance(item, Harvest) and not self.session.fault:
            assert self.session.writer is not None
            try:
                if item.postings:
                    self.session.writer.add(item.run, item.postings)
                if item.done and not (self.session.stopping and item.run.cut):
                    self.session.writer.done(item.run)
            except SkillDemandError as exc:
                self._end(exc)
        return item

    def close_spider(self) -> None:
        """Commit what is done, and after a signal what was got of the other boards."""
        writer = self.session.writer
        if writer is None or self.session.fault:
            return
        try:
            if self.session.stopping:
                for run in getattr(self.crawler.spider, "runs", ()):
                    if not run.settled:
                        writer.interrupted(run)
            writer.flush()
        except SkillDemandError as exc:
            self._end(exc)

    def _end(self, fault: SkillDemandError) -> None:
        self.session.fault = str(fault)
        self.session.stop()


def _manifest(run: BoardRun, crawl_id: str, status: str, error: str | None) -> dict[str, Any]:
    return {
        "crawl_id": crawl_id,
        "board": run.board.id,
        "source": run.board.kind,
        "status": status,
        "stated_total": run.stated,
        "obtained": run.obtained,
        "dropped": sum(run.dropped.values()),
        "requests": run.requests,
        "bytes": run.bytes,
        "robots": run.robots or None,
        "policy": run.policy,
        "error": error,
        "started_at": run.started_at,
        "finished_at": dt.datetime.now(dt.UTC),
        "not_relevant": run.dropped["not_relevant"],
        "reader": run.reader,
    }


def _batch_id(crawl_id: str) -> str:
    # Counting down: of two rows of one board the store reads the one whose batch sorts first, which must be the later
    # one, that of the resumed crawl.
    return f"{crawl_id}/{2**63 - time.time_ns():016x}-{uuid.uuid4().hex[:6]}"
