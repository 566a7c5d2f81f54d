"""`skilldemand report` and `skilldemand export`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from crawler import console

if TYPE_CHECKING:
    from analysis.options import Options

Names = list[str] | None

Since = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only postings of this day or later.")]
Until = Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only postings of this day or earlier.")]
Track = Annotated[list[str] | None, typer.Option(help="computer_vision, nlp or sequence_modeling; may be repeated.")]
Country = Annotated[list[str] | None, typer.Option(help="Two letters (ISO 3166), such as DE; may be repeated.")]
Seniority = Annotated[
    list[str] | None, typer.Option(help="intern, junior, mid, senior, lead or manager; may be repeated.")
]
Workplace = Annotated[list[str] | None, typer.Option(help="remote, hybrid or onsite; may be repeated.")]
Source = Annotated[list[str] | None, typer.Option(help="The source of the postings; may be repeated.")]
Employer = Annotated[list[str] | None, typer.Option(help="The canonical id of an employer; may be repeated.")]
Weights = Annotated[str, typer.Option(help="vacancy, employer (one employer, one vote) or days (days open).")]
Syllabus = Annotated[list[Path] | None, typer.Option(help="Your own syllabus file, beside the shipped ones.")]


def _options(
    since: dt.datetime | None,
    until: dt.datetime | None,
    track: Names,
    country: Names,
    seniority: Names,
    workplace: Names,
    source: Names,
    employer: Names,
    weights: str,
    syllabus: list[Path] | None,
) -> Options:
    from analysis.options import Options

    return Options(
        since=since.date() if since else None,
        until=until.date() if until else None,
        track=tuple(track or ()),
        country=tuple(one.upper() for one in country or ()),
        seniority=tuple(seniority or ()),
        workplace=tuple(workplace or ()),
        source=tuple(source or ()),
        employer=tuple(employer or ()),
        weights=weights,
        syllabi=tuple(syllabus or ()),
    )


def report(
    data: console.DataOption = console.DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder for the report.")] = Path("report"),
    since: Since = None,
    until: Until = None,
    track: Track = None,
    country: Country = None,
    seniority: Seniority = None,
    workplace: Workplace = None,
    source: Source = None,
    employer: Employer = None,
    weights: Weights = "vacancy",
    syllabus: Syllabus = None,
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

        options = _options(since, until, track, country, seniority, workplace, source, employer, weights, syllabus)
        built = run.build(Store(data), out, options, run.Settings(images=images, examples=examples), console.say)
        if json:
            console.emit_json(terminal.as_json(built.report, built.path))
        else:
            terminal.short(built.report, built.path)


def export(
    data: console.DataOption = console.DEFAULT_DATA,
    out: Annotated[Path, typer.Option(help="Folder for the tables.")] = Path("export"),
    since: Since = None,
    until: Until = None,
    track: Track = None,
    country: Country = None,
    seniority: Seniority = None,
    workplace: Workplace = None,
    source: Source = None,
    employer: Employer = None,
    weights: Weights = "vacancy",
    syllabus: Syllabus = None,
    json: console.JsonOption = False,
) -> None:
    """Write every measured table, and the counted postings without their texts, as CSV and Parquet.

    Example: skilldemand export --out export --country DE
    """
    with console.errors():
        from crawler.store import Store
        from reports import run

        options = _options(since, until, track, country, seniority, workplace, source, employer, weights, syllabus)
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
