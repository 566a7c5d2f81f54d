"""`skilldemand demo`: the whole way once, offline, on the recording that comes with the project."""

from pathlib import Path
from typing import Annotated

import typer

from crawler import console


def demo(
    out: Annotated[Path, typer.Option(help="Folder for the demo's store and report.")] = Path("demo"),
) -> None:
    """Everything, offline: replay the bundled recording of three invented employers, tag it, write the report.

    Example: skilldemand demo --out demo
    """
    with console.errors():
        from analysis.options import Options
        from crawler import run as crawling
        from crawler.store import Store
        from nlp import run as tagging
        from reports import run as reporting
        from reports import terminal

        store = Store(out / "data")
        console.say("1/3 crawl: replaying the recorded boards of three invented employers, no network")
        crawling.crawl(store, replay=crawling.demo_recording())
        console.say("2/3 tag: skills, facts and tracks of every posting")
        with console.progress("tagging") as meter:
            tagging.tag(store, advance=meter, expect=meter.expect)
        console.say("3/3 report")
        # Three employers are far below the floors that a real report keeps; the demo shows what they would hide.
        low = Options(min_postings=5, min_employers=2, min_count=2, min_asking=2)
        built = reporting.build(store, out / "report", low)
        terminal.short(built.report, built.path)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(demo)
