"""`skilldemand explore`."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler import console


def explore(
    data: console.DataOption = console.DEFAULT_DATA,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to answer on; 0 takes a free one.")] = 8050,
    host: Annotated[str, typer.Option(help="Address to answer on; only this machine by default.")] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None, typer.Option(help="Host name that browsers may use beside localhost; may be repeated.")
    ] = None,
) -> None:
    """Show the charts in the browser: filter, compare, read the postings behind every bar.

    Example: skilldemand explore --port 8051
    """
    with console.errors():
        from crawler.store import Store
        from reports.explorer.app import run

        run(Store(data), host, port, tuple(allow_host or ()), console.say)


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(explore)
