"""Exchanges with boards as WARC files: the archive, the HTTP cache and the replay are one mechanism.

An archive is a folder of `<crawl>-<n>.warc.gz` files, each record its own gzip member, written as it happens: what a killed
process leaves is readable up to its last whole record. Beside each stands a `.index` file with a JSON line per exchange; it
is only a shortcut and is made again from the WARC file where it is missing or short.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from crawler.errors import InputError

_SUFFIX = ".warc.gz"
_BOARD, _KEY = "WARC-Skilldemand-Board", "WARC-Skilldemand-Key"
# Of the transfer, not of the content; warcio would otherwise try to undo the chunking a second time.
_HOP_HEADERS = frozenset({"transfer-encoding", "connection", "keep-alive"})


@dataclass(frozen=True, slots=True)
class Exchange:
    """One answer as it came (body still compressed if `Content-Encoding` says so), or one failure to get any."""

    url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Entry:
    key: str
    file: str
    offset: int
    status: int
    board: str
    etag: str
    modified: str


def key_of(method: str, url: str, body: bytes) -> str:
    """What tells requests apart: method, URL and body."""
    return f"{method} {url}" + (f" {hashlib.sha1(body, usedforsecurity=False).hexdigest()}" if body else "")


class Archive:
    """An archive to record into, which also gives the validators for conditional requests.

    Raises:
        OSError: the folder can't be made or written.
    """

    def __init__(self, directory: Path, crawl_id: str, about: dict[str, str] | None = None) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._latest: dict[str, _Entry] = {}
        for entry in _entries(directory):
            self._remember(entry)
        self._name, self._file = _new_file(directory, crawl_id)
        self._index = (directory / f"{self._name}.index").open("a", encoding="utf-8")
        self._writer = _warc_writer(self._file)
        info = {"software": "skilldemand", "format": "WARC File Format 1.1", "crawl_id": crawl_id, **(about or {})}
        self._writer.write_record(self._writer.create_warcinfo_record(self._name, info))
        self._file.flush()

    @property
    def path(self) -> Path:
        """The file that is being written."""
        return self.directory / self._name

    def _remember(self, entry: _Entry) -> None:
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
        return None if entry is None else _load(self.directory, entry)

    def record(self, key: str, exchange: Exchange, board: str, request: bytes = b"") -> None:
        """Write one exchange, as request and response, or as a metadata record if it failed."""
        offset = self._file.tell()
        written = _write(self._writer, key, exchange, board, request)
        self._file.flush()
        if written:
            entry = _entry(self._name, offset, key, exchange, board)
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
        paths = sorted(source.glob(f"*{_SUFFIX}"), key=_order) if source.is_dir() else [source]
        infos = {path.name: _warcinfo(path) for path in paths}
        dated = [(info.get("started", ""), info["crawl_id"]) for info in infos.values() if info.get("crawl_id")]
        if not dated:
            raise InputError(f"{source}: holds no WARC file that crawl --archive wrote")
        self.crawl_id = max(dated)[1]
        self._queues: dict[str, list[_Entry]] = {}
        self._older: dict[str, _Entry] = {}
        boards: dict[str, None] = {}
        self.synthetic = False
        self.employers: dict[str, str] = {}
        for path in paths:
            latest = infos[path.name].get("crawl_id") == self.crawl_id
            if latest:
                boards.update(dict.fromkeys(infos[path.name].get("boards", "").split()))
                self.employers |= json.loads(infos[path.name].get("employers", "{}"))
                self.synthetic |= infos[path.name].get("synthetic") == "true"
            for entry in _index_of(path):
                if latest:
                    self._queues.setdefault(entry.key, []).append(entry)
                elif entry.status == 200:
                    self._older[entry.key] = entry
        self.boards = list(boards)

    def next(self, key: str) -> Exchange | None:
        """The next recorded answer to a request (the last one again when they are used up); None if there is none."""
        queue = self._queues.get(key)
        if not queue:
            return None
        entry = queue.pop(0) if len(queue) > 1 else queue[0]
        if entry.status == 200:
            self._older[key] = entry
        return _load(self.directory, entry)

    def stored(self, key: str) -> Exchange | None:
        """The answer that a recorded 304 stands for."""
        entry = self._older.get(key)
        return None if entry is None else _load(self.directory, entry)


def prune(directory: Path, keep_days: float) -> int:
    """Delete WARC files last written more than `keep_days` ago; returns how many."""
    old = [path for path in directory.glob(f"*{_SUFFIX}") if path.stat().st_mtime < time.time() - keep_days * 86_400]
    for path in old:
        path.unlink()
        path.with_name(f"{path.name}.index").unlink(missing_ok=True)
    return len(old)


def forget(directory: Path, posting_ids: Iterable[str]) -> int:
    """Remove every exchange with the boards of these postings: one answer holds a board's postings together, so they go
    together. Returns how many exchanges are gone."""
    boards = {":".join(posting_id.split(":")[:2]) for posting_id in posting_ids}
    return sum(_rewrite(path, lambda board: board not in boards) for path in directory.glob(f"*{_SUFFIX}"))


def _rewrite(path: Path, keep: Callable[[str], bool]) -> int:
    gone = [entry for entry in _index_of(path) if not keep(entry.board)]
    if not gone:
        return 0
    scratch = path.with_name(path.name + ".part")
    with scratch.open("wb") as target, path.open("rb") as source:
        writer = _warc_writer(target)
        for record in _records(source):
            if keep(record.rec_headers.get_header(_BOARD) or ""):
                writer.write_record(record)
    path.with_name(f"{path.name}.index").unlink(missing_ok=True)
    scratch.replace(path)
    return len(gone)


# WARC files


def _new_file(directory: Path, crawl_id: str) -> tuple[str, BinaryIO]:
    for number in range(10_000):
        path = directory / f"{crawl_id}-{number}{_SUFFIX}"
        try:
            return path.name, path.open("xb")
        except FileExistsError:
            continue
    raise InputError(f"{directory}: holds too many files of crawl {crawl_id}; name another folder")


def _order(path: Path) -> tuple[str, int]:
    crawl, _, number = path.name.removesuffix(_SUFFIX).rpartition("-")
    return crawl, int(number) if number.isdigit() else 0


def _warc_writer(file: BinaryIO) -> Any:
    from warcio.warcwriter import WARCWriter

    return WARCWriter(file, gzip=True, warc_version="1.1")


def _write(writer: Any, key: str, exchange: Exchange, board: str, request: bytes) -> bool:
    from warcio.statusandheaders import StatusAndHeaders

    named = {_KEY: key, _BOARD: board}
    if exchange.error:
        payload = io.BytesIO(f"error: {exchange.error}\r\n".encode())
        record = writer.create_warc_record(exchange.url, "metadata", payload=payload, warc_headers_dict=named)
        writer.write_record(record)
        return True
    headers = [(name, value) for name, value in exchange.headers if name.lower() not in _HOP_HEADERS]
    http = StatusAndHeaders(f"{exchange.status} ", headers, protocol="HTTP/1.1")
    response = writer.create_warc_record(
        exchange.url, "response", payload=io.BytesIO(exchange.body), http_headers=http, warc_headers_dict=named
    )
    writer.write_record(response)
    method = key.split(" ", 1)[0]
    sent = writer.create_warc_record(
        exchange.url,
        "request",
        payload=io.BytesIO(request),
        http_headers=StatusAndHeaders(f"{method} {exchange.url} HTTP/1.1", [], is_http_request=True),
        warc_headers_dict={_BOARD: board, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
    )
    writer.write_record(sent)
    return True


def _entry(file: str, offset: int, key: str, exchange: Exchange, board: str) -> _Entry:
    found = {name.lower(): value for name, value in exchange.headers}
    etag, modified = found.get("etag", ""), found.get("last-modified", "")
    return _Entry(key, file, offset, exchange.status, board, etag, modified)


def _entries(directory: Path) -> Iterator[_Entry]:
    for path in sorted(directory.glob(f"*{_SUFFIX}"), key=_order):
        yield from _index_of(path)


def _index_of(path: Path) -> Sequence[_Entry]:
    """A WARC file's exchanges in order, by its index if that is whole, else by reading the file."""
    index = path.with_name(f"{path.name}.index")
    try:
        lines = index.read_text(encoding="utf-8").splitlines()
        entries = [_Entry(**json.loads(line)) for line in lines]
        if index.stat().st_mtime >= path.stat().st_mtime - 1 and all(e.file == path.name for e in entries) and entries:
            return entries
    except (OSError, ValueError, TypeError):
        pass
    entries = list(_scan(path))
    if os.access(path.parent, os.W_OK) and index.exists():
        index.write_text("".join(json.dumps(asdict(entry)) + "\n" for entry in entries), encoding="utf-8")
    return entries


def _scan(path: Path) -> Iterator[_Entry]:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        for record in _whole(iterator):
            key = record.rec_headers.get_header(_KEY)
            if key:
                offset = iterator.get_record_offset()
                yield _entry(path.name, offset, key, _exchange(record), record.rec_headers.get_header(_BOARD) or "")


def _records(file: BinaryIO) -> Iterator[Any]:
    from warcio.archiveiterator import ArchiveIterator

    return _whole(ArchiveIterator(file))


def _whole(iterator: Any) -> Iterator[Any]:
    """The records up to the first damaged one: a killed process leaves half a record at the end."""
    from warcio.exceptions import ArchiveLoadFailed

    try:
        yield from iterator
    except (ArchiveLoadFailed, EOFError, OSError, ValueError):
        return


def _load(directory: Path, entry: _Entry) -> Exchange | None:
    try:
        with (directory / entry.file).open("rb") as file:
            file.seek(entry.offset)
            record = next(_records(file), None)
            return None if record is None or record.rec_headers.get_header(_KEY) != entry.key else _exchange(record)
    except OSError:
        return None


def _exchange(record: Any) -> Exchange:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    body = record.raw_stream.read()
    if record.rec_type == "metadata":
        return Exchange(url, 0, (), b"", error=body.decode("utf-8", "replace").removeprefix("error: ").strip())
    status = record.http_headers.get_statuscode()
    return Exchange(url, int(status) if status.isdigit() else 0, tuple(record.http_headers.headers), body)


def _warcinfo(path: Path) -> dict[str, str]:
    try:
        with path.open("rb") as file:
            record = next(_records(file), None)
            if record is None or record.rec_type != "warcinfo":
                return {}
            lines = record.raw_stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}
