"""`skilldemand path` and `skilldemand compare`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import console

Values = Annotated[list[str] | None, typer.Option(help="Only these; may be repeated.")]


def path(
    skills: Annotated[
        list[str] | None, typer.Argument(help='Skills you have, by name: Python SQL "Deep learning".')
    ] = None,
    have: Annotated[Path | None, typer.Option(help="A file with the skills you have, one a line.")] = None,
    cv: Annotated[Path | None, typer.Option(help="A text, such as your CV, whose skills you have.")] = None,
    cover: Annotated[float, typer.Option(help="The part of a posting's required skills that opens it to you.")] = 0.6,
    steps: Annotated[int, typer.Option(min=1, help="How many skills at most.")] = 10,
    track: Values = None,
    country: Values = None,
    seniority: Values = None,
    source: Values = None,
    min_postings: Annotated[int | None, typer.Option(min=1, help="Floor: postings.")] = None,
    min_employers: Annotated[int | None, typer.Option(min=1, help="Floor: employers.")] = None,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """Which skill to learn next: the order that opens the most postings to you.

    Example: skilldemand path Python SQL --cover 0.6
    """
    with console.errors():
        from analysis import run
        from analysis.path import read_text
        from crawler.store import Store

        options = _options(track, country, seniority, source, min_postings, min_employers)
        text = read_text(cv) if cv else ""
        found = run.path(Store(data), skills or (), have, text, options, cover=cover, steps=steps)
        rows = found.steps.to_dict("records")
        if json:
            for row in rows:
                row["opened"] = found.opened[row["step"]]
            console.emit_json({"have": found.have, "cover": cover, "steps": rows, "stopped": found.stopped})
            return
        shown = [
            (
                row["step"],
                row["name"],
                "" if not row["step"] else _percent(row["opens"]),
                _percent(row["share"]),
                _interval(row),
            )
            for row in rows
        ]
        console.emit_table(("Step", "Skill", "Opens", "Open postings", "95 % interval"), shown)
        console.say(
            f"{found.postings:,} postings require skills; open: at least {cover:.0%} of them known; {found.stopped}"
        )


def compare(
    a: Annotated[str, typer.Argument(help="A period: 2023, 2023-04, 2023-Q2 or 2023-01..2023-06.")],
    b: Annotated[str, typer.Argument(help="A later period.")],
    track: Values = None,
    country: Values = None,
    seniority: Values = None,
    source: Values = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Also what shows no clear change.")] = False,
    min_postings: Annotated[int | None, typer.Option(min=1, help="Floor: postings.")] = None,
    min_employers: Annotated[int | None, typer.Option(min=1, help="Floor: employers.")] = None,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """What rose, fell, came and went between two periods, with false-discovery control.

    Example: skilldemand compare 2023 2024
    """
    with console.errors():
        from analysis import run
        from crawler.store import Store

        table = run.compare(Store(data), a, b, _options(track, country, seniority, source, min_postings, min_employers))
        sources, postings = table.attrs["sources"], table.attrs["postings"]
        kept = table if all_rows else table[table["verdict"] != "no clear change"]
        rows = kept.to_dict("records")
        if json:
            console.emit_json({"periods": [a, b], "sources": sources, "postings": postings, "rows": rows})
            return
        shown = [
            (
                row["verdict"],
                row["name"],
                row["kind"],
                _percent(row["share_a"]),
                _percent(row["share_b"]),
                _interval(row),
            )
            for row in rows
        ]
        console.emit_table(("Verdict", "Name", "Kind", a, b, "Change, 95 %"), shown)
        console.say(
            f"{postings[0]:,} and {postings[1]:,} postings of {', '.join(sources)}; "
            f"{len(table) - len(kept):,} rows without a clear change left out"
        )


def _options(
    track: list[str] | None,
    country: list[str] | None,
    seniority: list[str] | None,
    source: list[str] | None,
    min_postings: int | None,
    min_employers: int | None,
) -> Any:
    from analysis.options import Options

    plain = Options()
    return Options(
        track=tuple(track or ()),
        country=tuple(country or ()),
        seniority=tuple(seniority or ()),
        source=tuple(source or ()),
        min_postings=min_postings or plain.min_postings,
        min_employers=min_employers or plain.min_employers,
    )


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _interval(row: dict[Any, Any]) -> str:
    return f"{row['low']:.1%} to {row['high']:.1%}"


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(path)
    app.command()(compare)
