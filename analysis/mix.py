"""Standardisation: the postings weighted so that sources, countries or seniority stand in a given mix.

One dimension is post-stratification; several at once are raked, each in turn until all hold (Deming and Stephan 1940,
Annals of Mathematical Statistics 11: 427-444).
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.intervals import Array
from analysis.population import Population
from crawler.errors import InputError

DIMENSIONS = ("source", "country", "seniority")
Mix = tuple[tuple[str, str, float], ...]
_ROUNDS, _CLOSE = 500, 1e-9
_WRITE = "write country:US=0.6, or name a .toml or .csv file"


def read_mix(written: Sequence[str]) -> Mix:
    """Entries (dimension, value, weight) from arguments "country:US=0.6" and from files, in their order.

    A TOML file has a table per dimension ([country] US = 0.6), a CSV file the columns by, value, weight. Weights are
    relative. InputError names the argument, or file and line, that means nothing, and a value that is given twice.
    """
    entries: list[tuple[str, str, float]] = []
    for one in written:
        path = Path(one)
        if path.suffix.casefold() == ".toml":
            entries += _from_toml(path)
        elif path.suffix.casefold() == ".csv":
            entries += _from_csv(path)
        else:
            by, colon, rest = one.partition(":")
            value, equals, weight = rest.rpartition("=")
            if not colon or not equals:
                raise InputError(f"mix {one!r}: {_WRITE}")
            entries.append(_entry(by, value, weight, f"mix {one!r}"))
    seen: set[tuple[str, str]] = set()
    for by, value, _ in entries:
        if (by, value) in seen:
            raise InputError(f"mix: {by} {value!r} is given twice")
        seen.add((by, value))
    return tuple(entries)


def _entry(by: str, value: str, weight: object, where: str) -> tuple[str, str, float]:
    by, value = by.strip().casefold(), value.strip()
    if by not in DIMENSIONS:
        raise InputError(f"{where}: {by!r} is none of {', '.join(DIMENSIONS)}")
    try:
        number = float(str(weight).strip().removesuffix("%"))
    except ValueError as exc:
        raise InputError(f"{where}: {weight!r} is no number") from exc
    if not value or not 0 < number < float("inf"):
        raise InputError(f"{where}: give a value and a weight above 0")
    return by, value.upper() if by == "country" else value, number


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path}: cannot be read as text ({exc.__class__.__name__}): {_WRITE}") from exc


def _from_toml(path: Path) -> list[tuple[str, str, float]]:
    try:
        tables = tomllib.loads(_text(path))
    except tomllib.TOMLDecodeError as exc:
        raise InputError(f"{path}: not TOML ({exc}): a table per dimension, [country] with US = 0.6") from exc
    entries = []
    for by, values in tables.items():
        if not isinstance(values, dict):
            raise InputError(f"{path}: {by}: a table per dimension is wanted, [country] with US = 0.6")
        entries += [_entry(by, value, weight, f"{path}, [{by}]") for value, weight in values.items()]
    return entries


def _from_csv(path: Path) -> list[tuple[str, str, float]]:
    rows = csv.DictReader(_text(path).splitlines())
    if not {"by", "value", "weight"} <= set(rows.fieldnames or ()):
        raise InputError(f"{path}: the first line must name the columns by, value, weight")
    return [_entry(row["by"] or "", row["value"] or "", row["weight"], f"{path}, line {rows.line_num}") for row in rows]


def by_dimension(mix: Mix) -> dict[str, dict[str, float]]:
    """The shares of each dimension's values; they add up to 1."""
    found: dict[str, dict[str, float]] = {}
    for by, value, weight in mix:
        found.setdefault(by, {})[value] = weight
    return {by: {v: w / sum(values.values()) for v, w in values.items()} for by, values in found.items()}


def described(mix: Mix) -> str:
    """For people: "country US 60%, DE 40%"."""
    shares = by_dimension(mix)
    return "; ".join(f"{by} " + ", ".join(f"{v} {w:.0%}" for v, w in values.items()) for by, values in shares.items())


def rake(postings: pd.DataFrame, weight: Array, wanted: Mapping[str, Mapping[str, float]]) -> Array:
    """New weights, with the same sum, under which each dimension's values have the wanted shares.

    Every posting must have one of the wanted values. InputError for a value that no posting has, and for shares that
    cannot hold together (all of a source is in one country, and the mix says otherwise).
    """
    total, found = float(weight.sum()), weight.astype(float).copy()
    margins = []
    for by, shares in wanted.items():
        codes = pd.Categorical(postings[by], categories=list(shares)).codes
        if lacking := [v for i, v in enumerate(shares) if not (codes == i).any()]:
            raise InputError(f"mix of {by}: {lacking[0]!r} has no posting here")
        margins.append((codes, np.array(list(shares.values())) * total))
    for _ in range(_ROUNDS):
        moved = 0.0
        for codes, goal in margins:
            factor = goal / np.bincount(codes, found, len(goal))
            found *= factor[codes]
            moved = max(moved, float(np.abs(factor - 1).max()))
        if moved < _CLOSE or len(margins) == 1:
            return found
    raise InputError(f"mix: {' and '.join(wanted)} cannot stand in these shares together; give one of them less")


def mixed(population: Population, mix: Mix) -> Population:
    """The population with weights that make its mix the given one; postings of other values are left out.

    Raises InputError as `rake` does.
    """
    if not mix:
        return population
    wanted = by_dimension(mix)
    inside = np.ones(len(population.postings), bool)
    for by, shares in wanted.items():
        inside &= population.postings[by].isin(list(shares)).to_numpy()
    if not inside.any():
        raise InputError(f"mix: no posting has {described(mix)}")
    part = population.take(np.flatnonzero(inside))
    return part.reweighted(rake(part.postings, part.weight, wanted))
