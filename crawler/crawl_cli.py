"""`skilldemand crawl` and `skilldemand boards`: collecting postings, and the list of boards to collect them from."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import console

boards_app = typer.Typer(help="The list of boards: show it, check it, add to it.", no_args_is_help=True)

ContactOption = Annotated[
    str | None,
    typer.Option(envvar="SKILLDEMAND_CONTACT", help="E-mail address or URL that boards find in the user agent."),
]


def crawl(
    board: Annotated[
        list[str] | None, typer.Option(help="KIND:SLUG, such as greenhouse:acme; may be repeated.")
    ] = None,
    kind: Annotated[list[str] | None, typer.Option(help="All listed boards of a kind; may be repeated.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the latest crawl where it stopped.")] = False,
    archive: Annotated[
        Path | None, typer.Option(help="Folder for WARC files of every exchange; also saves unchanged boards' bytes.")
    ] = None,
    no_archive: Annotated[
        bool, typer.Option("--no-archive", help="Record nothing: every board is sent whole.")
    ] = False,
    keep_days: Annotated[float, typer.Option(min=0, help="Delete archive files older than this many days.")] = 90,
    replay: Annotated[
        Path | None, typer.Option(help="Read a recording (a folder or a WARC file) instead of the network.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Keep ads of every trade, not only ML-related ones.")
    ] = False,
    contact: ContactOption = None,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """Collect postings from job boards into the store.

    Example: skilldemand crawl --board greenhouse:anthropic --contact you@example.org
    """
    with console.errors():
        from crawler.boards import user_boards
        from crawler.run import crawl as run
        from crawler.store import Store

        if archive is None and not no_archive and replay is None and "://" not in data:
            archive = Path(data) / "archive"
        _keep(archive, keep_days)
        rows = _with_progress(
            "crawling",
            lambda report: run(
                Store(data),
                board,
                kind,
                resume=resume,
                archive=archive,
                replay=replay,
                everything=everything,
                contact=contact,
                listed=user_boards(data),
                report=report,
            ),
        )
        if json:
            console.emit_json(rows)
        else:
            _summary(rows)
        _complain(rows)


def _keep(archive: Path | None, days: float) -> None:
    from crawler.archive import prune

    if archive is not None and archive.is_dir():
        gone = prune(archive, days)
        if gone:
            console.say(f"{gone} archive files older than {days:g} days are deleted")


def _with_progress(what: str, work: Any) -> list[dict[str, Any]]:
    with console.progress(f"{what} boards") as advance:

        def report(row: dict[str, Any]) -> None:
            advance(1)
            if row["status"] not in {"ok", "not_modified"}:
                console.say(f"{row['board']}: {row['status']}" + (f": {row['error']}" if row["error"] else ""))

        rows: list[dict[str, Any]] = work(report)
    return rows


def _summary(rows: list[dict[str, Any]]) -> None:
    columns = ("board", "status", "stated", "obtained", "dropped", "not ML", "requests", "bytes")
    fields = ("board", "status", "stated_total", "obtained", "dropped", "not_relevant", "requests", "bytes")
    console.emit_table(columns, [tuple("" if row[name] is None else row[name] for name in fields) for row in rows])


def _complain(rows: list[dict[str, Any]]) -> None:
    from crawler.errors import CrawlError

    bad = [row for row in rows if row["status"] not in {"ok", "not_modified"}]
    if bad:
        names = ", ".join(f"{row['board']} ({row['status']})" for row in bad[:5]) + (" …" if len(bad) > 5 else "")
        raise CrawlError(f"{len(bad)} of {len(rows)} boards gave no whole answer: {names}; all others are stored")


@boards_app.command("list")
def list_boards(
    kind: Annotated[str | None, typer.Option(help="Only boards of this kind.")] = None,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """Show the boards that a crawl reads, and where each entry comes from.

    Example: skilldemand boards list --kind lever
    """
    with console.errors():
        from dataclasses import asdict

        from crawler.boards import user_boards
        from crawler.policies import policy

        if kind is not None:
            policy(kind)
        boards = [board for board in user_boards(data) if kind in (None, board.kind)]
        if json:
            console.emit_json([asdict(board) for board in boards])
        else:
            if not boards:
                console.say(f"no {kind} board is listed; crawl one with --board {kind}:NAME, or add its careers page")
            columns = ("board", "employer", "status", "checked on", "from", "list of")
            console.emit_table(
                columns, [(b.id, b.employer, b.status, b.checked_on, b.list, b.list_date) for b in boards]
            )


@boards_app.command("add")
def add(
    url: Annotated[str, typer.Argument(help="Address of a careers page or of one job on it.")],
    employer: Annotated[str | None, typer.Option(help="The employer's name.")] = None,
    min_postings: Annotated[int | None, typer.Option(min=1, help="Fewer postings than this fail the board.")] = None,
    data: console.DataOption = console.DEFAULT_DATA,
) -> None:
    """Recognise the board behind a careers page and add it to the store's own list.

    Example: skilldemand boards add https://jobs.lever.co/acme --employer "Acme GmbH"
    """
    with console.errors():
        from crawler.boards import add_board
        from crawler.careers import recognise

        board, new = add_board(data, recognise(url), employer, min_postings)
        console.say("added" if new else "changed")
        typer.echo(board.id)


@boards_app.command("check")
def check(
    board: Annotated[list[str] | None, typer.Option(help="KIND:SLUG; may be repeated.")] = None,
    kind: Annotated[list[str] | None, typer.Option(help="All listed boards of a kind; may be repeated.")] = None,
    contact: ContactOption = None,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """Ask each board once and write down which live, moved or died; nothing else is stored.

    Example: skilldemand boards check --kind ashby --contact you@example.org
    """
    with console.errors():
        from crawler.check import check_boards

        rows = _with_progress("checking", lambda report: check_boards(data, board, kind, contact, report))
        if json:
            console.emit_json(rows)
        else:
            console.emit_table(("board", "status", "note"), [(r["board"], r["status"], r["note"]) for r in rows])


def register(app: typer.Typer) -> None:
    """Add this part's commands to the application."""
    app.command("crawl")(crawl)
    app.add_typer(boards_app, name="boards")
