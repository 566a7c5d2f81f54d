"""Which postings stand behind the marks of syllabus, path, pay and trends: the same conditions that the analysis counts
by, as row numbers of the population with a word on each posting."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from nlp.records import TRACKS
from reports import theme
from reports.report import Wanted
from reports.sentences import listed, plural, whole
from reports.tables import missing, records

if TYPE_CHECKING:
    import pandas as pd

    from analysis.intervals import Array
    from analysis.options import Options
    from analysis.population import Population

_NAMED = 6  # skills that a note names at most


def pay(population: Population, shown: pd.DataFrame, currency: str) -> tuple[Wanted, ...]:
    """Marks of pay: postings that state it in `currency` and ask for the track or skill (columns kind, id, name)."""
    postings = population.postings
    stated = postings["pay_min_year"].notna() | postings["pay_max_year"].notna()
    rows = np.flatnonzero(stated & (postings["salary_currency"] == currency))
    note = partial(_amount, postings)
    return tuple(
        Wanted(row["id"], str(row["name"]), tracks=(row["id"],), rows=rows, note=note)
        if row["kind"] == "track"
        else Wanted(row["id"], str(row["name"]), skills=(row["id"],), rows=rows, note=note)
        for row in records(shown)
    )


def _amount(postings: pd.DataFrame, row: int) -> str:
    one = postings.iloc[row]
    ends = [whole(value) for value in (one["pay_min_year"], one["pay_max_year"]) if not missing(float(value))]
    return f"{one['salary_currency']} {'–'.join(dict.fromkeys(ends))} a year"


def trends(population: Population, shown: pd.DataFrame, mixed: str) -> tuple[Wanted, ...]:
    """Marks of trends (columns key, line, year, name, track: a track or "any"); the line `mixed` takes all sources."""
    postings = population.postings
    year, found = postings["date_posted"].dt.year, []
    for row in records(shown):
        here = (year == row["year"]) & ((postings["source"] == row["line"]) | (row["line"] == mixed))
        tracks = TRACKS if row["track"] == "any" else (row["track"],)
        label = f"{row['line']}, {row['year']}: {row['name']}"
        found.append(Wanted(row["key"], label, tracks=tracks, rows=np.flatnonzero(here)))
    return tuple(found)


def months(population: Population, shown: pd.DataFrame) -> tuple[Wanted, ...]:
    """Marks of months of the year (columns line, id: any_track or a track, name, month, month_name)."""
    postings, found = population.postings, []
    for row in records(shown):
        here = (postings["date_posted"].dt.month == row["month"]) & (postings["source"] == row["line"])
        tracks = (row["id"],) if row["id"] in TRACKS else TRACKS
        key = f"{row['line']}-{row['id']}-{row['month']}"
        label = f"{row['name']} in {row['month_name']}"
        found.append(Wanted(key, label, tracks=tracks, rows=np.flatnonzero(here)))
    return tuple(found)


def movers(population: Population, shown: pd.DataFrame) -> tuple[Wanted, ...]:
    """Marks of skills in the first and the last year of a source (columns id, name, line, first, last)."""
    postings, found = population.postings, []
    for row in records(shown):
        for year in (row["first"], row["last"]):
            here = (postings["date_posted"].dt.year == year) & (postings["source"] == row["line"])
            label = f"{row['name']}, {year}"
            found.append(Wanted(f"{row['id']}-{year}", label, (row["id"],), rows=np.flatnonzero(here)))
    return tuple(found)


def syllabus(population: Population, options: Options) -> tuple[Wanted, ...]:
    """Marks `<syllabus>-<track>`: postings of which the syllabus teaches enough of the required ML skills."""
    from analysis.syllabus import COVER, ml_skills, read_syllabus, shipped

    catalog, found = population.catalog, []
    scope = ml_skills(catalog)
    for one in [*shipped(catalog), *(read_syllabus(file, catalog) for file in options.syllabi)]:
        taught = closed(population, one.skills) & scope
        covered = enough(population, taught, COVER, scope)
        for track in ("all", *TRACKS):
            inside = True if track == "all" else population.postings[track].to_numpy(bool)
            note = partial(_known, population, taught, scope, ("machine-learning skill", "taught"))
            label = f"{one.name}: {'all postings' if track == 'all' else theme.TRACKS[track]}"
            skills = _ids(population, taught)
            found.append(Wanted(f"{one.id}-{track}", label, skills, rows=np.flatnonzero(covered & inside), note=note))
    return tuple(found)


def path(population: Population, reader: str, had: Sequence[str], steps: pd.DataFrame) -> tuple[Wanted, ...]:
    """Marks `<reader>-<step>`: postings that each step opens to a reader; at step 0 those open today.

    Args:
        had: ids of the skills that the reader starts with. steps: columns step, skill, name of this reader, in order.
    """
    from reports.readers import COVER

    number = population.catalog.number
    known = closed(population, [number[skill] for skill in had])
    everything, found = np.ones(len(known), bool), []
    before = np.zeros(len(population.postings), bool)
    for row in records(steps):
        shows = known
        if row["step"]:
            shows = closed(population, [number[row["skill"]]]) & ~known
            known = known | shows
        now = enough(population, known, COVER, everything)
        note = partial(_known, population, known, everything, ("skill", "known"))
        label = f"{reader}: {row['step']}. {row['name']}" if row["step"] else f"{reader}: today"
        rows = np.flatnonzero(now & ~before)
        found.append(Wanted(f"{reader}-{row['step']}", label, _ids(population, shows), rows=rows, note=note))
        before = now
    return tuple(one for one in found if one.skills)


def closed(population: Population, skills: Sequence[int]) -> Array:
    """A mask of these skills (numbers) and of what they imply."""
    known: Array = np.zeros(len(population.catalog.ids), bool)
    if len(skills):
        known |= np.asarray(population.catalog.closure[list(skills)].sum(axis=0)).ravel() > 0
    return known


def enough(population: Population, known: Array, cover: float, scope: Array) -> Array:
    """A mask of the postings of whose required skills within `scope` the part `cover` or more is known, those that
    require none left out."""
    required = population.required.astype(np.int64)
    asked, held = required @ scope.astype(np.int64), required @ (known & scope).astype(np.int64)
    found: Array = (asked > 0) & (held >= cover * asked - 1e-9)
    return found


def _ids(population: Population, mask: Array) -> tuple[str, ...]:
    return tuple(population.catalog.ids[number] for number in np.flatnonzero(mask))


def _known(population: Population, known: Array, scope: Array, what: tuple[str, str], row: int) -> str:
    """`3 of the 4 skills that it requires are known: A, B and C; not D`.

    Args:
        what: the kind of skill and what holds of it, such as ("skill", "known").
    """
    asked = [number for number in population.required[row].indices if scope[number]]
    names = population.catalog.names
    held, lacks = ([names[n] for n in asked if known[n] == side] for side in (True, False))
    kind, done = what
    if not lacks:
        return (
            f"the one {kind} that it requires is {done}"
            if len(held) == 1
            else f"all of its {kind}s are {done}: {_few(held)}"
        )
    verb = "is" if len(held) == 1 else "are"
    return f"{len(held)} of the {len(asked)} {kind}s that it requires {verb} {done}: {_few(held)}; not {_few(lacks)}"


def _few(names: list[str]) -> str:
    more = len(names) - _NAMED
    return listed([*names[:_NAMED], plural(more, "other")] if more > 0 else names)
