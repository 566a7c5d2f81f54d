"""skilldemand: which skills does one need to get a job as a machine-learning developer?

The command line. Each package adds its own commands; their bodies import what they need, so that `--help` answers
before Scrapy, spaCy, TensorFlow, pandas or Plotly are loaded.
"""

import signal
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

import analysis.cli
import crawler.cli
import crawler.crawl_cli
import nlp.cli
import nlp.skills_cli
import nlp.tracks.cli
import reports.cli
import reports.demo
import reports.explorer.cli

app = typer.Typer(
    name="skilldemand",
    help="Which skills does one need to get a job as a machine-learning developer? Answers from real job postings.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
    rich_markup_mode=None,
)

for part in (
    reports.demo,
    crawler.crawl_cli,
    crawler.cli,
    nlp.cli,
    reports.cli,
    reports.explorer.cli,
    analysis.cli,
    nlp.tracks.cli,
    nlp.skills_cli,
):
    part.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        try:
            typer.echo(f"skilldemand {version('skilldemand')}")
        except PackageNotFoundError:
            typer.echo("skilldemand (not installed)")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Which skills does one need to get a job as a machine-learning developer? Answers from real job postings."""


def main() -> None:
    """The console script: a reader of a pipe that goes away ends the program quietly."""
    if hasattr(signal, "SIGPIPE") and not sys.stdout.isatty():
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    app()


if __name__ == "__main__":
    main()
