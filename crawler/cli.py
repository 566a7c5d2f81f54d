"""`skilldemand import`, `store` and `info`: what goes into the store and what is there."""

from pathlib import Path
from typing import Annotated

import typer

from crawler import console

store_app = typer.Typer(help="Look after the store.", no_args_is_help=True)


def import_(
    files: Annotated[list[Path], typer.Argument(help="JSON Lines, CSV or Parquet; .gz too.")],
    source: Annotated[str, typer.Option(help="Name of the postings' source; {stem} stands for each file's name.")],
    board: Annotated[str | None, typer.Option(help="Name of the board; the file's name by default.")] = None,
    map_: Annotated[
        list[str] | None, typer.Option("--map", help="FIELD=COLUMN, such as title=job_title; may be repeated.")
    ] = None,
    hackernews: Annotated[
        bool, typer.Option("--hackernews", help="Each row is a comment of a Who-is-hiring thread: a posting per role.")
    ] = False,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """Import postings that others collected; the same file twice changes nothing.

    Example: skilldemand import jobs.csv --source jobspy --map title=job_title
    """
    with console.errors():
        from crawler.errors import InputError
        from crawler.importer import import_files
        from crawler.store import Store

        pairs = [pair.partition("=") for pair in map_ or ()]
        if wrong := [ours for ours, equals, theirs in pairs if not (ours and equals and theirs)]:
            raise InputError(f"--map {wrong[0]}: write FIELD=COLUMN, such as title=job_title")
        mapping = {ours: theirs for ours, _, theirs in pairs}
        with console.progress("importing") as meter:
            done = import_files(Store(data), files, source, board, mapping, hackernews, console.say, meter)
        if json:
            console.emit_json(
                [
                    {"file": str(one.path), "board": one.board, "stored": one.stored, "repeated": one.repeated}
                    | {"broken": one.broken, "already_imported": one.already}
                    for one in done
                ]
            )
        else:
            console.emit_table(
                ("file", "postings", "repeated ids", "unreadable", ""),
                [
                    (one.path.name, one.stored, one.repeated, one.broken, "imported before" if one.already else "")
                    for one in done
                ],
            )
        if broken := sum(one.broken for one in done):
            raise InputError(f"{broken:,} rows or files could not be read (see above); everything else is stored")


def info(data: console.DataOption = console.DEFAULT_DATA, json: console.JsonOption = False) -> None:
    """What the store holds: tables, sources, crawls.

    Example: skilldemand info --json
    """
    with console.errors():
        from crawler.overview import overview
        from crawler.store import Store

        seen = overview(Store(data))
        if json:
            console.emit_json(seen)
            return
        console.emit_table(("table", "rows"), list(seen["tables"].items()), f"store {data}")
        console.emit_table(
            ("source", "postings", "employers named", "posted from", "to", "crawls", "failed or partial"),
            [tuple(row.values()) for row in seen["sources"]],
        )


@store_app.command()
def forget(
    posting: Annotated[list[str] | None, typer.Option(help="A posting's id; may be repeated.")] = None,
    source: Annotated[str | None, typer.Option(help="All postings of a source.")] = None,
    employer: Annotated[str | None, typer.Option(help="All postings of an employer, as the posting names it.")] = None,
    before: Annotated[str | None, typer.Option(help="All postings not seen since this day (2025-12-31).")] = None,
    archive: Annotated[
        Path | None, typer.Option(help="An archive folder to remove them from as well; the store's own is always one.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data: console.DataOption = console.DEFAULT_DATA,
) -> None:
    """Remove postings and everything that hangs on them; several conditions must all hold.

    Example: skilldemand store forget --source remoteok --before 2025-12-31
    """
    with console.errors():
        from crawler.overview import matching
        from crawler.store import Store

        store = Store(data)
        postings = matching(store, posting or (), source, employer, before)
        if postings and not yes:
            typer.confirm(f"Remove {len(postings):,} postings for good?", abort=True, err=True)
        removed = store.forget(postings) if postings else {}
        if archive is None and "://" not in data and (Path(data) / "archive").is_dir():
            archive = Path(data) / "archive"
        if archive is not None:
            from crawler.archive import forget as forget_archive

            removed["archive"] = forget_archive(archive, postings)
        console.emit_table(("table", "rows removed"), list(removed.items()) or [("postings", 0)])


@store_app.command()
def compact(data: console.DataOption = console.DEFAULT_DATA) -> None:
    """Merge small files and drop what killed runs left; not while another command writes.

    Example: skilldemand store compact
    """
    with console.errors():
        from crawler.store import Store

        console.emit_table(("table", "left-over rows dropped"), list(Store(data).compact().items()))


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command("import")(import_)
    app.command()(info)
    app.add_typer(store_app, name="store")
