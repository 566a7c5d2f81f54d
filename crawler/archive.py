"""Exchanges with boards as WARC files: the archive, the HTTP cache and the replay are one mechanism.

An archive is a folder of `<crawl>-<n>.warc.gz` files, each record its own gzip member, written as it happens: what a
killed process leaves is readable up to its last whole record. Beside each stands a `.index` file with a JSON line
per exchange; it is only a shortcut and is made again from the WARC file where it is missing or short.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path

from crawler.errors import InputError
from crawler.warc import (
    BOARD,
    SUFFIX,
    Entry,
    Exchange,
    entries,
    entry_of,
    index_of,
    load,
    new_file,
    order,
    records,
    warc_writer,
    warcinfo,
    write,
)


class Archive:
    """An archive to record into, which also gives the validators for conditional requests.

    Raises:
        OSError: the folder can't be made or written.
    """

    def __init__(self, directory: Path, crawl_id: str, about: dict[str, str] | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._latest: dict[str, Entry] = {}
        for entry in entries(directory):
            self._remember(entry)
        self._name, self._file = new_file(directory, crawl_id)
        self._index = (directory / f"{self._name}.index").open("a", encoding="utf-8")
        self._writer = warc_writer(self._file)
        info = {"software": "skilldemand", "format": "WARC File Format 1.1", "crawl_id": crawl_id, **(about or {})}
        self._writer.write_record(self._writer.create_warcinfo_record(self._name, info))
        self._file.flush()

    @property
    def path(self) -> Path:
        """The file that is being written."""
        return self.directory / self._name

    def _remember(self, entry: Entry) -> None:
        # Only what can be shown again for a 304 is a cached answer.
        if entry.status == 200:
            self._latest[entry.key] = entry

    def validators(self, key: str) -> dict[str, str]:
        """Request headers that make the host answer 304 if nothing has changed; none if there is nothing stored."""
        entry = self._latest.get(key)
        if entry is None:
            return {}
        headers = {"If-None-Match": entry.etag, "If-Modified-Since": entry.modified}
        return {name: value for name, value in headers.items() if value}

    def stored(self, key: str) -> Exchange | None:
        """The latest stored answer to a request, None if it is not there any more."""
        entry = self._latest.get(key)
        return None if entry is None else load(self.directory, entry)

    def crawl_of(self, key: str) -> str | None:
        """The crawl that recorded the answer that `stored` gives."""
        entry = self._latest.get(key)
        return None if entry is None else entry.crawl

    def record(self, key: str, exchange: Exchange, board: str, request: bytes = b"") -> None:
        """Write one exchange, as request and response, or as a metadata record if it failed."""
        offset = self._file.tell()
        write(self._writer, key, exchange, board, request)
        self._file.flush()
        entry = entry_of(self._name, offset, key, exchange, board)
        self._remember(entry)
        self._index.write(json.dumps(asdict(entry)) + "\n")
        self._index.flush()

    def close(self) -> None:
        self._file.close()
        self._index.close()


class Replay:
    """The exchanges of the latest crawl in a recording, answered in the order in which they happened.

    `source` is an archive's folder or a single WARC file. `about` holds what the recording says of itself: "crawl_id",
    "boards" (a list), their "employers" by board where they were known, and "synthetic".

    Raises:
        InputError: there is no recording, or it holds no exchange.
    """

    def __init__(self, source: Path) -> None:
        if not source.exists():
            raise InputError(f"{source}: there is no recording; give the folder that crawl --archive wrote")
        self.directory = source if source.is_dir() else source.parent
        paths = sorted(source.glob(f"*{SUFFIX}"), key=order) if source.is_dir() else [source]
        infos = {path.name: warcinfo(path) for path in paths}
        dated = [(info.get("started", ""), info["crawl_id"]) for info in infos.values() if info.get("crawl_id")]
        if not dated:
            raise InputError(f"{source}: holds no WARC file that crawl --archive wrote")
        self.crawl_id = max(dated)[1]
        self._queues: dict[str, list[Entry]] = {}
        self._older: dict[str, Entry] = {}
        boards: dict[str, None] = {}
        self.synthetic = False
        self.employers: dict[str, str] = {}
        for path in paths:
            latest = infos[path.name].get("crawl_id") == self.crawl_id
            if latest:
                boards.update(dict.fromkeys(infos[path.name].get("boards", "").split()))
                self.employers |= json.loads(infos[path.name].get("employers", "{}"))
                self.synthetic |= infos[path.name].get("synthetic") == "true"
            for entry in index_of(path):
                if latest:
                    self._queues.setdefault(entry.key, []).append(entry)
                elif entry.status == 200:
                    self._older[entry.key] = entry
        self.boards = list(boards)
        if not self._queues:
            raise InputError(f"{source}: the recording of crawl {self.crawl_id} holds no exchange")

    def next(self, key: str) -> Exchange | None:
        """The next recorded answer to a request (the last one again when they are used up); None if there is none."""
        queue = self._queues.get(key)
        if not queue:
            return None
        entry = queue.pop(0) if len(queue) > 1 else queue[0]
        if entry.status == 200:
            self._older[key] = entry
        return load(self.directory, entry)

    def stored(self, key: str) -> Exchange | None:
        """The answer that a recorded 304 stands for."""
        entry = self._older.get(key)
        return None if entry is None else load(self.directory, entry)

    def crawl_of(self, key: str) -> str | None:
        """The crawl that recorded the answer that `stored` gives."""
        entry = self._older.get(key)
        return None if entry is None else entry.crawl


def prune(directory: Path, keep_days: float) -> int:
    """Delete WARC files last written more than `keep_days` ago; returns how many."""
    old = [path for path in directory.glob(f"*{SUFFIX}") if path.stat().st_mtime < time.time() - keep_days * 86_400]
    for path in old:
        path.unlink()
        path.with_name(f"{path.name}.index").unlink(missing_ok=True)
    return len(old)


def forget(directory: Path, posting_ids: Iterable[str]) -> int:
    """Remove every exchange with the boards of these postings: one answer holds a board's postings together, so they go
    together. Returns how many exchanges are gone."""
    boards = {":".join(posting_id.split(":")[:2]) for posting_id in posting_ids}
    return sum(_rewrite(path, lambda board: board not in boards) for path in directory.glob(f"*{SUFFIX}"))


def _rewrite(path: Path, keep: Callable[[str], bool]) -> int:
    gone = [entry for entry in index_of(path) if not keep(entry.board)]
    if not gone:
        return 0
    scratch = path.with_name(path.name + ".part")
    with scratch.open("wb") as target, path.open("rb") as source:
        writer = warc_writer(target)
        for record in records(source):
            if keep(record.rec_headers.get_header(BOARD) or ""):
                writer.write_record(record)
    path.with_name(f"{path.name}.index").unlink(missing_ok=True)
    scratch.replace(path)
    return len(gone)
