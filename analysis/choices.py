"""The options of the commands that measure: which postings, how they weigh, above which floors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from analysis.options import Options

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
Mix = Annotated[
    list[str] | None,
    typer.Option(
        help="Standardise to a mix of sources, countries or seniority: country:US=0.6 (may be repeated) or a TOML or "
        "CSV file."
    ),
]
Syllabus = Annotated[list[Path] | None, typer.Option(help="Your own syllabus file, beside the shipped ones.")]
MinPostings = Annotated[int | None, typer.Option(min=1, help="Floor: postings.")]
MinEmployers = Annotated[int | None, typer.Option(min=1, help="Floor: employers.")]


def chosen(
    *,
    since: dt.datetime | None = None,
    until: dt.datetime | None = None,
    country: list[str] | None = None,
    mix: list[str] | None = None,
    syllabus: list[Path] | None = None,
    min_postings: int | None = None,
    min_employers: int | None = None,
    weights: str = "vacancy",
    **lists: list[str] | None,
) -> Options:
    """The Options that a command's options ask for; `lists` are filters with several values, None for all.

    Raises InputError for what means nothing.
    """
    from analysis.mix import read_mix
    from analysis.options import Options

    floors: dict[str, Any] = {"min_postings": min_postings, "min_employers": min_employers}
    several: dict[str, Any] = {name: tuple(values or ()) for name, values in lists.items()}
    return Options(
        since=since.date() if since else None,
        until=until.date() if until else None,
        country=tuple(one.upper() for one in country or ()),
        weights=weights,
        mix=read_mix(mix or ()),
        syllabi=tuple(syllabus or ()),
        **several,
        **{name: value for name, value in floors.items() if value is not None},
    )
