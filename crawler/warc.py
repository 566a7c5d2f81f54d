"""WARC files of exchanges: writing records, reading them again, and the index beside each file."""

from __future__ import annotations

import hashlib
import io
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from crawler.errors import InputError

SUFFIX = ".warc.gz"
BOARD, KEY = "WARC-Skilldemand-Board", "WARC-Skilldemand-Key"
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
class Entry:
    """A line of the index: where an exchange stands and what a conditional request needs."""

    key: str
    file: str
    offset: int
    status: int
    board: str
    etag: str
    modified: str

    @property
    def crawl(self) -> str:
        """The crawl whose file it is."""
        return order(Path(self.file))[0]


def key_of(method: str, url: str, body: bytes) -> str:
    """What tells requests apart: method, URL and body."""
    return f"{method} {url}" + (f" {hashlib.sha1(body, usedforsecurity=False).hexdigest()}" if body else "")


def new_file(directory: Path, crawl_id: str) -> tuple[str, BinaryIO]:
    """A new file of a crawl, opened for writing, and its name; two processes never get the same."""
    for number in range(10_000):
        path = directory / f"{crawl_id}-{number}{SUFFIX}"
        try:
            return path.name, path.open("xb")
        except FileExistsError:
            continue
    raise InputError(f"{directory}: holds too many files of crawl {crawl_id}; name another folder")


def order(path: Path) -> tuple[str, int]:
    """Sorts a folder's files as they were written."""
    crawl, _, number = path.name.removesuffix(SUFFIX).rpartition("-")
    return crawl, int(number) if number.isdecimal() else 0


def warc_writer(file: BinaryIO) -> Any:
    """A writer of single gzip members, so that each record can be read alone."""
    from warcio.warcwriter import WARCWriter

    return WARCWriter(file, gzip=True, warc_version="1.1")


def write(writer: Any, key: str, exchange: Exchange, board: str, request: bytes) -> None:
    """Write an exchange as response and request, or as a metadata record if it failed."""
    from warcio.statusandheaders import StatusAndHeaders

    named = {KEY: key, BOARD: board}
    if exchange.error:
        payload = io.BytesIO(f"error: {exchange.error}\r\n".encode())
        record = writer.create_warc_record(exchange.url, "metadata", payload=payload, warc_headers_dict=named)
        writer.write_record(record)
        return
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
        warc_headers_dict={BOARD: board, "WARC-Concurrent-To": response.rec_headers.get_header("WARC-Record-ID")},
    )
    writer.write_record(sent)


def entry_of(file: str, offset: int, key: str, exchange: Exchange, board: str) -> Entry:
    """The line of the index for an exchange."""
    found = {name.lower(): value for name, value in exchange.headers}
    etag, modified = found.get("etag", ""), found.get("last-modified", "")
    return Entry(key, file, offset, exchange.status, board, etag, modified)


def entries(directory: Path) -> Iterator[Entry]:
    """All exchanges of a folder in order."""
    for path in sorted(directory.glob(f"*{SUFFIX}"), key=order):
        yield from index_of(path)


def index_of(path: Path) -> Sequence[Entry]:
    """A WARC file's exchanges in order, by its index if that is whole, else by reading the file."""
    index = path.with_name(f"{path.name}.index")
    try:
        lines = index.read_text(encoding="utf-8").splitlines()
        entries = [Entry(**json.loads(line)) for line in lines]
        if index.stat().st_mtime >= path.stat().st_mtime - 1 and all(e.file == path.name for e in entries) and entries:
            return entries
    except (OSError, ValueError, TypeError):
        pass
    entries = list(_scan(path))
    if os.access(path.parent, os.W_OK) and index.exists():
        index.write_text("".join(json.dumps(asdict(entry)) + "\n" for entry in entries), encoding="utf-8")
    return entries


def _scan(path: Path) -> Iterator[Entry]:
    from warcio.archiveiterator import ArchiveIterator

    with path.open("rb") as file:
        iterator = ArchiveIterator(file)
        for record in _whole(iterator):
            key = record.rec_headers.get_header(KEY)
            if key:
                offset = iterator.get_record_offset()
                yield entry_of(path.name, offset, key, _exchange(record), record.rec_headers.get_header(BOARD) or "")


def records(file: BinaryIO) -> Iterator[Any]:
    """A file's records up to the first damaged one."""
    from warcio.archiveiterator import ArchiveIterator

    return _whole(ArchiveIterator(file))


def _whole(iterator: Any) -> Iterator[Any]:
    """The records up to the first damaged one: a killed process leaves half a record at the end."""
    from warcio.exceptions import ArchiveLoadFailed

    try:
        yield from iterator
    except (ArchiveLoadFailed, EOFError, OSError, ValueError):
        return


def load(directory: Path, entry: Entry) -> Exchange | None:
    """The exchange behind a line of the index; None if the file has changed."""
    try:
        with (directory / entry.file).open("rb") as file:
            file.seek(entry.offset)
            record = next(records(file), None)
            return None if record is None or record.rec_headers.get_header(KEY) != entry.key else _exchange(record)
    except OSError:
        return None


def _exchange(record: Any) -> Exchange:
    url = record.rec_headers.get_header("WARC-Target-URI") or ""
    body = record.raw_stream.read()
    if record.rec_type == "metadata":
        return Exchange(url, 0, (), b"", error=body.decode("utf-8", "replace").removeprefix("error: ").strip())
    status = record.http_headers.get_statuscode()
    return Exchange(url, int(status) if status.isdecimal() else 0, tuple(record.http_headers.headers), body)


def warcinfo(path: Path) -> dict[str, str]:
    """What a file says of itself; empty if nothing."""
    try:
        with path.open("rb") as file:
            record = next(records(file), None)
            if record is None or record.rec_type != "warcinfo":
                return {}
            lines = record.raw_stream.read().decode("utf-8", "replace").splitlines()
    except OSError:
        return {}
    return {name: value for name, _, value in (line.partition(": ") for line in lines)}
