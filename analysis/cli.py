"""`skilldemand path` and `skilldemand compare`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analysis import choices
from crawler import console

if TYPE_CHECKING:
    import pandas as pd

    from analysis.path import LearningPath


def path(
    skills: Annotated[
        list[str] | None, typer.Argument(help='Skills you have, by name: Python SQL "Deep learning".')
    ] = None,
    have: Annotated[Path | None, typer.Option(help="A file with the skills you have, one a line.")] = None,
    cv: Annotated[Path | None, typer.Option(help="A text, such as your CV, whose skills you have.")] = None,
    cover: Annotated[float, typer.Option(help="The part of a posting's required skills that opens it to you.")] = 0.6,
    steps: Annotated[int, typer.Option(min=1, help="How many skills at most.")] = 10,
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
    min_postings: choices.MinPostings = None,
    min_employers: choices.MinEmployers = None,
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
            min_postings=min_postings,
            min_employers=min_employers,
        )
        text = read_text(cv) if cv else ""
        found = run.path(Store(data), skills or (), have, text, options, cover=cover, steps=steps)
        if json:
            rows = [row | {"opened": found.opened[row["step"]]} for row in found.steps.to_dict("records")]
            about = {"have": found.have, "cover": cover, "mix": options.mix, "postings": found.postings}
            console.emit_json(about | {"steps": rows, "stopped": found.stopped, "notes": found.notes})
        else:
            _show_path(found, cover, _standardised(options.mix))


def compare(
    a: Annotated[str, typer.Argument(help="A period: 2023, 2023-04, 2023-Q2 or 2023-01..2023-06.")],
    b: Annotated[str, typer.Argument(help="A later period.")],
    track: choices.Track = None,
    country: choices.Country = None,
    seniority: choices.Seniority = None,
    workplace: choices.Workplace = None,
    source: choices.Source = None,
    employer: choices.Employer = None,
    weights: choices.Weights = "vacancy",
    mix: choices.Mix = None,
    all_rows: Annotated[bool, typer.Option("--all", help="Also what shows no clear change.")] = False,
    min_postings: choices.MinPostings = None,
    min_employers: choices.MinEmployers = None,
    data: console.DataOption = console.DEFAULT_DATA,
    json: console.JsonOption = False,
) -> None:
    """What rose, fell, came and went between two periods, with false-discovery control.

    Example: skilldemand compare 2023 2024
    """
    with console.errors():
        from analysis import run
        from crawler.store import Store

        options = choices.chosen(
            track=track,
            country=country,
            seniority=seniority,
            workplace=workplace,
            source=source,
            employer=employer,
            weights=weights,
            mix=mix,
            min_postings=min_postings,
            min_employers=min_employers,
        )
        table = run.compare(Store(data), a, b, options)
        kept = table if all_rows else table[table["verdict"] != "no clear change"]
        if json:
            about = {"periods": [a, b], "mix": options.mix} | table.attrs
            console.emit_json(about | {"rows": kept.to_dict("records")})
        else:
            _show_comparison(table, kept, (a, b), _standardised(options.mix))


def _show_path(found: LearningPath, cover: float, standardised: str) -> None:
    shown = [
        (
            row["step"],
            row["name"],
            _percent(row["opens"]) if row["step"] else "",
            _percent(row["share"]),
            _interval(row),
        )
        for row in found.steps.to_dict("records")
    ]
    console.emit_table(("Step", "Skill", "Opens", "Open postings", "95 % interval"), shown)
    console.say(
        f"{found.postings:,} postings require skills{standardised}; open: at least {cover:.0%} of them known; "
        f"{found.stopped}"
    )
    for note in found.notes:
        console.say(note)


def _show_comparison(table: pd.DataFrame, kept: pd.DataFrame, periods: tuple[str, str], standardised: str) -> None:
    shown = [
        (row["verdict"], row["name"], row["kind"], _percent(row["share_a"]), _percent(row["share_b"]), _interval(row))
        for row in kept.to_dict("records")
    ]
    if shown:
        console.emit_table(("Verdict", "Name", "Kind", *periods, "Change, 95 %"), shown)
    else:
        console.say("no change is certain at this size of the periods; --all shows every row with its interval")
    before, after = table.attrs["postings"]
    console.say(
        f"{before:,} and {after:,} postings of {', '.join(table.attrs['sources'])}{standardised}; "
        f"{len(table) - len(kept):,} rows without a clear change left out"
    )
    for note in table.attrs["notes"]:
        console.say(note)


def _standardised(mix: Any) -> str:
    from analysis.mix import described

    return f" (standardised to {described(mix)})" if mix else ""


def _percent(share: float) -> str:
    return f"{share:.1%}"


def _interval(row: dict[Any, Any]) -> str:
    return f"{row['low']:.1%} to {row['high']:.1%}"


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(path)
    app.command()(compare)
