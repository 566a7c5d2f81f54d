"""`skilldemand report` and `skilldemand export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from analysis import choices
from crawler import console


def report(
    data: console.DataOption = console.DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("report"),
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

        options = choices.chosen(
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
        built = run.build(Store(data), out, options, run.Settings(images=images, examples=examples), console.say)
        if json:
            console.emit_json(terminal.as_json(built.report, built.path))
        else:
            terminal.short(built.report, built.path)


def export(
    data: console.DataOption = console.DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("export"),
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
    json: console.JsonOption = False,
) -> None:
    """Write every measured table, and the counted postings without their texts, as CSV and Parquet.

    Example: skilldemand export --out export --country DE
    """
    with console.errors():
        from crawler.store import Store
        from reports import run

        options = choices.chosen(
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
        written = run.export_tables(Store(data), out, options, console.say)
        if json:
            console.emit_json([str(path) for path in written])
        else:
            for path in written:
                typer.echo(path)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(report)
    app.command()(export)
