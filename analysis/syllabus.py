"""How much of the demand a syllabus covers: a course or exam as a list of skills, against what postings require.

Syllabi are data files (data/syllabi/*.toml, or a user's own): name, status ("current" or "historical"), and parts with
a name and skills. What a taught skill implies counts as taught.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from analysis.demand import FIGURE, figures
from analysis.intervals import Array, Matrix
from analysis.options import Options
from analysis.population import Population
from crawler.errors import InputError
from nlp.records import TRACKS

DATA = Path(__file__).parent / "data"
SYLLABUS = ["syllabus", "name", "status", "source", "as_of", "track", "year", "demand_share", *FIGURE]
GAPS = ["syllabus", "name", "skill", "skill_name", "gap", "share"]
COVER = 0.6  # the part of a posting's required ML skills that counts as covering it
_GAPS = 25


@dataclass(frozen=True, slots=True)
class Syllabus:
    """A syllabus: `parts` with the numbers of the skills that each teaches; `as_of`: the edition that was read."""

    id: str
    name: str
    status: str
    source: str
    parts: tuple[tuple[str, tuple[int, ...]], ...]
    as_of: str = ""

    @property
    def skills(self) -> tuple[int, ...]:
        """The numbers of the taught skills, each once, in the order of the file."""
        return tuple(dict.fromkeys(skill for _, skills in self.parts for skill in skills))


def read_syllabus(path: Path, catalog: Catalog) -> Syllabus:
    """The syllabus in a TOML file; InputError names the file and the part or skill at fault."""
    return _read(path, catalog, forgiving=False)


def _read(path: Path, catalog: Catalog, *, forgiving: bool) -> Syllabus:
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as exc:
        raise InputError(f"{path}: not a syllabus file ({' '.join(str(exc).split())}): see docs/method.md") from exc
    if not isinstance(data.get("name"), str) or data.get("status") not in ("current", "historical"):
        raise InputError(f'{path}: a syllabus needs name = "…" and status = "current" or "historical"')
    parts = []
    for number, part in enumerate(data.get("parts", []), start=1):
        where = f"{path}, part {number}"
        if not isinstance(part, dict) or not part.get("name") or not part.get("skills"):
            raise InputError(f"{where}: a part needs a name and skills")
        names = [skill for skill in part["skills"] if not forgiving or skill in catalog.number]
        skills = tuple(catalog.number[catalog.find(str(skill), where)] for skill in names)
        parts.append((str(part["name"]), skills))
    if not parts:
        raise InputError(f"{path}: no [[parts]] with skills in it")
    source, as_of = (str(data.get(name, "")) for name in ("source", "as_of"))
    return Syllabus(path.stem, data["name"], data["status"], source, tuple(parts), as_of)


def shipped(catalog: Catalog) -> list[Syllabus]:
    """The syllabi of data/syllabi, without skills that a user's taxonomy has removed."""
    found = [_read(path, catalog, forgiving=True) for path in sorted((DATA / "syllabi").glob("*.toml"))]
    return [syllabus for syllabus in found if syllabus.skills]


def ml_skills(catalog: Catalog) -> Array:
    """A mask of the skills that an ML course could teach (data/scope.toml)."""
    scope = set(tomllib.loads((DATA / "scope.toml").read_text(encoding="utf-8"))["ml_categories"])
    return np.array([category in scope for category in catalog.categories], bool)


def syllabi(population: Population, found: Sequence[Syllabus], options: Options) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(coverage with columns SYLLABUS, gaps with columns GAPS).

    coverage, for all postings and each track, over all years and for each year with stated days: demand_share, the part
    of all demand for ML skills (one unit per posting and skill) that falls on taught skills; count and share (with
    interval): postings of which the syllabus teaches at least 60 % of the required ML skills, among those that require
    any.

    gaps: skills "taught, not asked" by any posting above the floors, and "asked, not taught", the 25 most demanded of
    each; share is the skill's demand.
    """
    columns = np.flatnonzero(ml_skills(population.catalog))
    counts = np.asarray(population.either[:, columns].sum(axis=0, dtype=np.int64)).ravel()
    rows, gaps = [], []
    for syllabus in found:
        closure = population.catalog.closure[list(syllabus.skills)]
        taught = np.asarray(closure.sum(axis=0)).ravel()[columns] > 0
        rows += _coverage(population, syllabus, columns, taught, options)
        gaps += _gaps(population, syllabus, columns, taught, counts, options)
    table = pd.DataFrame(rows, columns=SYLLABUS)
    whole = ["count", "denominator", "employers", "employers_all"]
    return table.astype(dict.fromkeys(whole, "int64")), pd.DataFrame(gaps, columns=GAPS)


def _coverage(
    population: Population, syllabus: Syllabus, columns: Array, taught: Array, options: Options
) -> list[list[object]]:
    """The rows of SYLLABUS of one syllabus; `taught` is a mask over the ML skills, which are numbered `columns`."""
    asked, held = _numbers(population.either[:, columns], taught)
    length, known = _numbers(population.required[:, columns], taught)
    covered = (known >= COVER * length - 1e-9).astype(np.int8)[:, None]
    about = [syllabus.id, syllabus.name, syllabus.status, syllabus.source, syllabus.as_of]
    rows = []
    for track, year, inside in _scopes(population, options):
        part = np.flatnonzero(inside & (length > 0))
        if len(part) < options.min_postings or len(np.unique(population.employer[part])) < options.min_employers:
            continue
        weight = population.weight[inside]
        demand = float((weight * held[inside]).sum() / max((weight * asked[inside]).sum(), 1e-12))
        figure = figures(population, covered, options, part).iloc[0]
        rows.append([*about, track, year, demand, *figure[FIGURE]])
    return rows


def _numbers(matrix: Matrix, taught: Array) -> tuple[Array, Array]:
    """(how many skills each posting has in `matrix`, how many of them are taught)."""
    asked = np.asarray(matrix.sum(axis=1, dtype=np.int64)).ravel()
    return asked, np.asarray(matrix @ taught.astype(np.int64)).ravel()


def _scopes(population: Population, options: Options) -> list[tuple[str, str, Array]]:
    everything = np.ones(len(population.postings), bool)
    year = population.postings["date_posted"].dt.year
    scopes = []
    for track in ("all", *TRACKS):
        inside = everything if track == "all" else population.postings[track].to_numpy(bool)
        scopes.append((track, "all", inside))
        scopes += [(track, str(int(y)), inside & (year == y).to_numpy()) for y in sorted(year.dropna().unique())]
    return [scope for scope in scopes if scope[2].sum() >= options.min_postings]


def _gaps(
    population: Population, syllabus: Syllabus, columns: Array, taught: Array, counts: Array, options: Options
) -> list[list[object]]:
    catalog = population.catalog
    own = np.isin(columns, syllabus.skills)  # what is only implied was never promised
    order = np.lexsort((columns, -counts))
    lacks = [i for i in order if not taught[i] and counts[i] >= options.min_count][:_GAPS]
    idle = [i for i in order[::-1] if own[i] and counts[i] < options.min_count][:_GAPS]
    total = len(population.postings)
    return [
        [syllabus.id, syllabus.name, catalog.ids[columns[i]], catalog.names[columns[i]], gap, float(counts[i] / total)]
        for gap, members in (("asked, not taught", lacks), ("taught, not asked", idle))
        for i in members
    ]
