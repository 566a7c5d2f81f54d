"""`skilldemand tag`."""

from pathlib import Path
from typing import Annotated

import typer

from crawler import console


def tag(
    file: Annotated[Path | None, typer.Argument(help="JSON Lines to tag; the store where none is named.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where the tagged lines of FILE go; stdout by default.")] = None,
    data: console.DataOption = console.DEFAULT_DATA,
    skills: Annotated[list[Path] | None, typer.Option(help="Your own taxonomy file; may be repeated.")] = None,
    model: Annotated[Path | None, typer.Option(help="Folder of a track model instead of the promoted one.")] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core by default.")] = None,
    json: console.JsonOption = False,
) -> None:
    """Tag postings with skills, facts and tracks: those in the store that lack it, or a file to a file.

    Example: skilldemand tag postings.jsonl --out tagged.jsonl
    """
    with console.errors():
        from dataclasses import asdict

        from crawler.errors import InputError
        from crawler.store import Store
        from nlp import run

        if file is None and out is not None:
            raise InputError("--out goes with a FILE; the store's taggings stay in the store (see skilldemand export)")
        if file is not None and model is None:
            model = run.promoted(data)
        with console.progress("tagging") as meter:
            report = run.tag(
                Store(data) if file is None else file,
                out,
                skills=skills or (),
                model=model,
                workers=workers,
                warn=console.say,
                advance=meter,
                expect=meter.expect,
            )
        if json and file is None:
            console.emit_json(asdict(report))
        console.say(
            f"tagged {report.tagged:,} postings with {report.tagger_id}"
            + (f", {report.up_to_date:,} were up to date" if report.up_to_date else "")
        )
        if report.broken:
            raise InputError(f"{file}: {report.broken:,} lines could not be read and were left out")


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(tag)
