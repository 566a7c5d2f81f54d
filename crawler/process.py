"""The crawling process seen from outside: started, listened to, stopped."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crawler.errors import CrawlError
from crawler.job import Job

Report = Callable[[dict[str, Any]], None]


def run_apart(job: Job, report: Report) -> None:
    """Do a job in a process of its own; `report` gets each manifest row as it is committed.

    Raises:
        CrawlError: the crawl broke off or was stopped; what was committed is in the store.
    """
    path = os.pathsep.join([str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")])
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler.run"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path.rstrip(os.pathsep)},
        # In a session of its own, so that Ctrl-C reaches it once, from us.
        start_new_session=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    error, done = "", set()
    with _forwarded_signals(process) as stopped:
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(job.to_json().encode() + b"\n")
            process.stdin.flush()
        for line in process.stdout:
            event = json.loads(line)
            error = event.get("error", error)
            if "row" in event:
                done.add(event["row"]["board"])
                report(event["row"])
        status = process.wait()
    if error:
        raise CrawlError(error)
    if stopped:
        raise CrawlError("the crawl was stopped: what was read until then is stored, go on with --resume")
    if status:
        raise CrawlError(f"the crawl broke off ({_death(status)}): finished boards are stored, go on with --resume")
    if missing := [board.id for board in job.boards if board.id not in done]:
        raise CrawlError(f"{len(missing)} boards have no verdict, {missing[0]} first: go on with --resume")


def _death(status: int) -> str:
    return f"killed by signal {-status}" if status < 0 else f"exit status {status}"


@contextlib.contextmanager
def _forwarded_signals(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """Pass SIGINT and SIGTERM on to the crawl and wait for its clean end; a second one kills it."""
    got: list[int] = []

    def forward(number: int, _frame: object) -> None:
        got.append(number)
        process.send_signal(signal.SIGTERM if len(got) == 1 else signal.SIGKILL)

    if threading.current_thread() is not threading.main_thread():
        # Only the main thread may set handlers; the crawl still notices its caller's death by its stdin.
        yield got
        return
    before = {number: signal.signal(number, forward) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield got
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
