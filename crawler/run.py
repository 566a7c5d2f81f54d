"""The door of the crawler: `crawl` reads boards into the store.

The crawl itself is a process of its own (`python -m crawler.run`, the job on stdin, a line of JSON per board on
stdout): Twisted's reactor can't be started twice in a process, and a crawl that dies must not take its caller along.
When its stdin closes, because the caller is gone, it stops as on SIGTERM.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from crawler.archive import Replay
from crawler.boards import Board, choose, user_boards
from crawler.errors import InputError, SkillDemandError
from crawler.job import Job
from crawler.plan import contact_of, take_up, within_calls
from crawler.process import Report, run_apart
from crawler.session import Session, new_crawl_id, open_session
from crawler.store import Store
from crawler.tables import CRAWLS


def demo_recording() -> Path:
    """The recording that ships with the project: invented employers, written for it."""
    return Path(str(files("crawler") / "data" / "demo.warc.gz"))


def crawl(
    store: Store,
    boards: Sequence[str] | None = None,
    kinds: Sequence[str] | None = None,
    *,
    resume: bool = False,
    archive: Path | None = None,
    replay: Path | None = None,
    everything: bool = False,
    contact: str | None = None,
    listed: Sequence[Board] | None = None,
    report: Report | None = None,
    **options: Any,
) -> list[dict[str, Any]]:
    """Crawl boards into the store.

    Args:
        boards: "KIND:SLUG" names; with neither boards nor kinds all listed boards of the kinds that are on by default.
        kinds: all listed boards of these kinds.
        resume: go on with the latest crawl in the store: its boards that are not done, under its crawl_id.
        archive: folder to record every exchange into; it also makes requests conditional.
        replay: recording to read instead of the network; its boards by default.
        everything: keep ads that have nothing to do with machine learning.
        contact: e-mail address or URL for the user agent; SKILLDEMAND_CONTACT by default. Needed for a live crawl.
        listed: the boards to choose from, by default those that count for the store.
        report: called with each board's manifest row when it is committed.
        options: further fields of `crawler.job.Job`, for tests and benchmarks.

    Returns:
        The crawl's manifest rows, those of a resumed crawl's earlier part included, in the order of the boards' names.

    Raises:
        InputError: the request makes no sense: no such board, kind or recording, or nothing to resume.
        CrawlError: the crawl broke off; what was committed is in the store, and `resume` goes on.
    """
    if archive and replay:
        raise InputError("a replay is recorded already: use --archive or --replay, not both")
    job = Job(crawl_id=new_crawl_id(), data=store.root, everything=everything, **options)
    listed = listed or user_boards(store.root)
    if replay is not None:
        recording = Replay(replay)
        chosen = choose(boards or (None if kinds else recording.boards), kinds, listed)
        job.boards = [replace(board, employer=board.employer or recording.employers.get(board.id)) for board in chosen]
        job.replay, job.synthetic = str(replay), recording.synthetic
    else:
        job.boards = choose(boards, kinds, listed)
        job.contact = contact_of(contact)
        job.archive = str(archive) if archive else None
    if resume:
        take_up(store, job)
    if replay is None:
        job.boards = list(within_calls(store, job.boards))
    if job.boards:
        run_apart(job, report or (lambda row: None))
    return manifest(store, job.crawl_id)


def manifest(store: Store, crawl_id: str) -> list[dict[str, Any]]:
    """The manifest rows of a crawl, by board."""
    import pyarrow.compute as pc

    if not store.exists(CRAWLS):
        return []
    rows = store.read(CRAWLS, filter=pc.field("crawl_id") == crawl_id).to_pylist()
    return sorted(rows, key=lambda row: str(row["board"]))


# The crawling process, seen from inside


def work() -> int:
    """Do the job that stands on stdin; returns the exit status."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    # What anything prints by accident must not look like an event.
    os.dup2(2, 1)

    def tell(event: dict[str, Any]) -> None:
        with contextlib.suppress(BrokenPipeError):
            events.write(json.dumps(event, default=str) + "\n")
            events.flush()

    job = Job.from_json(sys.stdin.readline())
    try:
        session = open_session(job, lambda row: tell({"row": row}))
        # Before anybody is asked: a store that can't be read is no place for what they answer.
        session.load_history()
        _scrapy(session)
    except SkillDemandError as exc:
        tell({"error": str(exc)})
        return 1
    if session.fault:
        tell({"error": session.fault})
        return 1
    return 0


def _scrapy(session: Session) -> None:
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.settings import Settings

    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    agent = f"skilldemand/{_version()}" + (f" (+{session.job.contact})" if session.job.contact else "")
    settings.update({"USER_AGENT": agent, "SKILLDEMAND_ALLOW_PRIVATE": session.job.allow_private}, priority="cmdline")
    scrapy_limits = {name: value for name, value in session.job.limits.items() if name.isupper()}
    settings.update(scrapy_limits, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    # A robots.txt that can't be had stands in the manifest in one line; Scrapy adds a traceback of sixty.
    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)
    _stop_on_signals(session, process)
    for kind in session.job.kinds:
        process.crawl(kind)
    process.start(install_signal_handlers=False)
    if session.writer is not None and not session.fault:
        session.writer.flush()
    if session.archive is not None:
        session.archive.close()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("skilldemand")
    except PackageNotFoundError:
        return "dev"


def _stop_on_signals(session: Session, process: Any) -> None:
    """End cleanly on SIGINT, SIGTERM or when the caller is gone; at once on a second signal."""
    ending: list[asyncio.Future[Any]] = []

    def stop() -> None:
        if not session.stopping:
            session.stopping = True
            session.pace.close("the crawl is being stopped")
            ending.append(asyncio.ensure_future(process.stop()))

    def on_signal(_number: int, _frame: object) -> None:
        from twisted.internet import reactor

        if session.stopping:
            os._exit(130)
        reactor.callFromThread(stop)

    def watch_caller() -> None:
        from twisted.internet import reactor

        sys.stdin.read()
        reactor.callFromThread(stop)

    session.stop = stop
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, on_signal)
    threading.Thread(target=watch_caller, daemon=True).start()


if __name__ == "__main__":
    sys.exit(work())
