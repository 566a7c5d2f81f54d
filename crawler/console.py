"""What every command shares: one-line errors, progress on stderr, tables for people, JSON for machines."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from crawler.errors import SkillDemandError

DataOption = Annotated[
    str, typer.Option("--data", envvar="SKILLDEMAND_DATA", help="Folder (or object-store URL) of the store.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout instead of a table.")]
DEFAULT_DATA = "data"


@contextmanager
def errors() -> Iterator[None]:
    """Turn the project's own errors, a full disk and a missing permission into one line and exit status 1."""
    try:
        yield
    except SkillDemandError as error:
        fail(str(error))
    except PermissionError as error:
        fail(f"no permission to use {error.filename}: choose another folder or change its mode")
    except BrokenPipeError:
        # The reader of a pipe went away (`| head`): nothing is wrong with the data.
        sys.stderr.close()
        raise typer.Exit(1) from None
    except OSError as error:
        fail(f"{error.filename or 'the operating system'}: {error.strerror or error}")


def fail(message: str) -> None:
    """Print one line on stderr and leave with exit status 1."""
    typer.echo(f"skilldemand: {' '.join(message.split())}", err=True)
    raise typer.Exit(1)


def say(message: str) -> None:
    """A line for the user on stderr."""
    typer.echo(message, err=True)


def emit_json(value: Any) -> None:
    """Write JSON to stdout; dates as ISO 8601."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def emit_table(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str | None = None) -> None:
    """Write a table for people to stdout; the columns of numbers are aligned to the right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", header_style="bold")
    for position, column in enumerate(columns):
        numeric = bool(rows) and all(isinstance(row[position], int | float) for row in rows)
        table.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        # Text and not str: a title from outside must not be read as rich's markup.
        table.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


class Meter:
    """How far a long piece of work is: call it with the number of things done since the last call."""

    def __init__(self, what: str, total: int | None) -> None:
        self.what, self.total, self.done = what, total, 0
        self.started = self.printed = time.monotonic()
        self.shown = -1

    def __call__(self, n: int) -> None:
        self.done += n
        if time.monotonic() - self.printed >= 10:
            self.finish()

    def expect(self, total: int) -> None:
        """Say how many things there are, once that is known."""
        self.total = total

    def finish(self) -> None:
        """Print where the work is, unless that was the last thing printed."""
        self.printed = time.monotonic()
        if self.shown == self.done:
            return
        self.shown = self.done
        of = "" if self.total is None else f" of {self.total:,}"
        say(f"{self.what}: {self.done:,}{of} in {self.printed - self.started:.0f} s")


class _Bar(Meter):
    def __init__(self, what: str, total: int | None, bar: Any) -> None:
        super().__init__(what, total)
        self.bar, self.task = bar, bar.add_task(what, total=total)

    def __call__(self, n: int) -> None:
        self.bar.advance(self.task, n)

    def expect(self, total: int) -> None:
        self.bar.update(self.task, total=total)


@contextmanager
def progress(what: str, total: int | None = None) -> Iterator[Meter]:
    """Show how far a long piece of work is: a bar on a terminal, a plain line every ten seconds elsewhere.

    Args:
        what: the work in a few words ("tagging").
        total: how many things there are, None where nobody knows (yet).
    """
    if not sys.stderr.isatty():
        meter = Meter(what, total)
        yield meter
        meter.finish()
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    numbers = (MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(TextColumn("{task.description}"), BarColumn(), *numbers, console=Console(stderr=True)) as bar:
        yield _Bar(what, total, bar)


def key_values(rows: Mapping[str, Any], title: str | None = None) -> None:
    """Write a two-column table for people to stdout."""
    emit_table(("", ""), list(rows.items()), title)
