"""`skilldemand report` and `skilldemand export`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from analysis import choices
from analysis.options import Options
from crawler import console


def _chosen(
    *,
    since: choices.Since = None,
    until: choices.Until = None,
    track: choices.Track = None,
    country: choices.Country = None,
    seniority: choices.Seniority = None,
    workplace: choices.Workplace = None,
    source: choices.Source = None,
    employer: choices.Employer = None,
    weights: choices.Weights = "vacancy",
    mix: choices.Mix = None,
    syllabus: choices.Syllabus = None,
) -> Options:
    """What both commands measure: their filters, weights and syllabi, written once."""
    return choices.chosen(
        since=since,
        until=until,
        track=track,
        country=country,
        seniority=seniority,
        workplace=workplace,
        source=source,
        employer=employer,
        weights=weights,
        mix=mix,
        syllabus=syllabus,
    )


def measuring(command: Callable[..., None]) -> Callable[..., None]:
    """`command` as Typer reads it: with the parameters of `_chosen` in place of its own parameter `options`."""
    own, filters = inspect.signature(command, eval_str=True), inspect.signature(_chosen, eval_str=True)

    def run(**given: Any) -> None:
        with console.errors():
            options = _chosen(**{name: given.pop(name) for name in filters.parameters})
        command(**given, options=options)

    parameters = list(own.parameters.values())
    at = list(own.parameters).index("options")
    run.__signature__ = own.replace(  # type: ignore[attr-defined]
        parameters=[*parameters[:at], *filters.parameters.values(), *parameters[at + 1 :]]
    )
    run.__name__, run.__doc__, run.__annotations__ = command.__name__, command.__doc__, {}
    return run


def report(
    *,
    data: console.DataOption = console.DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("report"),
    options: Options,
    examples: Annotated[int, typer.Option(min=0, max=20, help="Example postings behind each bar.")] = 3,
    images: Annotated[bool, typer.Option("--images", help="Write the figures as PNG and SVG too.")] = False,
    json: console.JsonOption = False,
) -> None:
    """Measure the store's machine-learning postings and write the report: HTML, Markdown, tables and figures.

    Example: skilldemand report --out report --track nlp --since 2025-01-01
    """
    with console.errors():
        from crawler.store import Store
        from reports import run, terminal

        built = run.build(Store(data), out, options, run.Settings(images=images, examples=examples), console.say)
        if json:
            console.emit_json(terminal.as_json(built.report, built.path))
        else:
            terminal.short(built.report, built.path)


def export(
    *,
    data: console.DataOption = console.DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("export"),
    options: Options,
    json: console.JsonOption = False,
) -> None:
    """Write every measured table, and the counted postings without their texts, as CSV and Parquet.

    Example: skilldemand export --out export --country DE
    """
    with console.errors():
        from crawler.store import Store
        from reports import run

        written = run.export_tables(Store(data), out, options, console.say)
        if json:
            console.emit_json([str(path) for path in written])
        else:
            for path in written:
                typer.echo(path)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(measuring(report))
    app.command()(measuring(export))
