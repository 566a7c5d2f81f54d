"""Rows out of files: JSON Lines, CSV and Parquet, plain or gzipped, streaming.

A row that can't be read becomes a `Broken` in its place, so that the others go on; only what makes the rest of the
file unreadable (a truncated gzip, a Parquet footer) ends it early, as a last `Broken`.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from crawler.errors import InputError

Row = dict[str, Any]
# One line of a file: a posting of 1 GB is an attack or a missing line break, and either would fill the memory.
MAX_LINE = 16_000_000
SUFFIXES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz", ".csv", ".csv.gz", ".parquet")


@dataclass(frozen=True, slots=True)
class Broken:
    """A row, or the rest of a file, that can't be read; `reason` says why in a few words, `line` counts from 1."""

    line: int
    reason: str


def stem(path: Path) -> str:
    """The file's name without the suffixes that say its format."""
    name = path.name
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if name.lower().endswith(suffix):
            return name[: -len(suffix)]
    return path.stem


def columns(path: Path) -> list[str] | None:
    """The names of a CSV's or a Parquet file's columns; None for JSON Lines, whose lines each have their own."""
    if _format(path) == "csv":
        with _opened(path) as lines:
            return next(csv.reader(_capped(lines)), [])
    if _format(path) == "parquet":
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return list(pq.read_schema(path).names)
        except pa.ArrowInvalid as error:
            raise InputError(f"{path} is no Parquet file: {_short(error)}") from error
    return None


def rows(path: Path) -> Iterator[tuple[int, Row] | Broken]:
    """Stream a file's rows with their numbers (lines, for JSON Lines and CSV).

    Raises:
        InputError: no such file, a folder, or a suffix that is none of `SUFFIXES`.
    """
    kind = _format(path)
    if kind == "parquet":
        yield from _parquet(path)
        return
    with _opened(path) as lines:
        yield from (_json_lines if kind == "json" else _csv)(lines)


def _format(path: Path) -> str:
    if not path.exists():
        raise InputError(f"no file {path}: check the path")
    if path.is_dir():
        raise InputError(f"{path} is a folder: name the files in it, such as {path}/*.jsonl.gz")
    name = path.name.lower()
    if not name.endswith(SUFFIXES):
        raise InputError(f"{path}: unknown format; the name must end in one of {', '.join(SUFFIXES)}")
    return "parquet" if name.endswith(".parquet") else "csv" if ".csv" in name else "json"


def _opened(path: Path) -> IO[str]:
    # newline="" keeps line breaks inside quoted CSV fields; a byte that is no UTF-8 costs one character, not the file.
    raw: Any = gzip.open(path, "rb") if path.name.lower().endswith(".gz") else path.open("rb")  # noqa: SIM115
    return io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")


def _capped(lines: IO[str]) -> Iterator[str]:
    """The lines of a file; one that is too long raises instead of filling the memory."""
    while line := lines.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise _TooLongError
        yield line


class _TooLongError(Exception):
    pass


_UNREADABLE = (EOFError, gzip.BadGzipFile, zlib.error, _TooLongError)


def _why(error: BaseException) -> str:
    if isinstance(error, EOFError):
        return "the gzip file is truncated here; get it again"
    if isinstance(error, _TooLongError):
        return f"a line of more than {MAX_LINE:,} characters; is this JSON Lines?"
    return f"the gzip file is damaged here ({_short(error)}); get it again"


def _json_lines(lines: IO[str]) -> Iterator[tuple[int, Row] | Broken]:
    number = 0
    try:
        for number, line in enumerate(_capped(lines), 1):
            if line.isspace():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                yield Broken(number, f"no JSON: {_short(error)}")
                continue
            yield (number, row) if isinstance(row, dict) else Broken(number, "not a JSON object")
    except _UNREADABLE as error:
        yield Broken(number + 1, _why(error))


def _csv(lines: IO[str]) -> Iterator[tuple[int, Row] | Broken]:
    csv.field_size_limit(MAX_LINE)
    reader = csv.reader(_capped(lines))
    try:
        names = next(reader, [])
        for cells in reader:
            if not cells:
                continue
            if len(cells) > len(names):
                yield Broken(reader.line_num, f"{len(cells)} cells under {len(names)} columns; is a quote missing?")
                continue
            yield reader.line_num, dict(zip(names, cells, strict=False))
    except _UNREADABLE as error:
        yield Broken(reader.line_num + 1, _why(error))
    except csv.Error as error:
        yield Broken(reader.line_num + 1, f"no CSV from here on: {_short(error)}")


def _parquet(path: Path) -> Iterator[tuple[int, Row] | Broken]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1_000):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (pa.ArrowException, OSError) as error:
        yield Broken(number + 1, f"no Parquet from here on: {_short(error)}")


def _short(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]
