"""The typical readers for whom the report draws a learning path: data/readers.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from crawler.errors import EmptyError

if TYPE_CHECKING:
    import pandas as pd

    from analysis.catalog import Catalog
    from analysis.options import Options
    from analysis.population import Population


COVER = 0.6
"""The part of a posting's required skills that opens it to a reader."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Someone who starts with `skills` (ids)."""

    name: str
    skills: tuple[str, ...]


def readers(catalog: Catalog) -> list[Reader]:
    """The readers in the file's order, with those of their skills that `catalog` has."""
    text = resources.files("reports").joinpath("data", "readers.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)["readers"].values()
    return [Reader(one["name"], tuple(s for s in one["skills"] if s in catalog.number)) for one in tables]


def paths(population: Population, options: Options) -> pd.DataFrame:
    """The columns of analysis.path.PATH and `reader`, for each reader; empty where too few postings require
    skills."""
    import pandas as pd

    from analysis.path import PATH, plan

    parts = []
    for reader in readers(population.catalog):
        try:
            steps = plan(population, reader.skills, options, cover=COVER, steps=8).steps
        except EmptyError:
            continue
        parts.append(steps.assign(reader=reader.name))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["reader", *PATH])
