"""The population in memory: small integer codes for what is filtered and counted, texts left in the store.

One row is one posting. About 100 bytes a posting and 12 a pair of posting and skill: 200,000 postings fit in 200 MB.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from reports.explorer.state import NO_TRACK, UNSTATED

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from analysis.catalog import Catalog

TRACKS = ("computer_vision", "nlp", "sequence_modeling")
SENIORITY = ("intern", "junior", "mid", "senior", "lead", "manager")
WORKPLACE = ("onsite", "hybrid", "remote")
CONTEXT, PREFERRED, REQUIRED = 1, 2, 4
"""Flags of the strongest level at which a posting names a skill; a greater flag is a stronger level."""


@dataclass(frozen=True, slots=True)
class Facet:
    """A field with few values: `values[codes[i]]` is that of row i; `index` finds the code of a value."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]
    index: Mapping[str, int]

    @classmethod
    def of(cls, column: pd.Series[Any], order: Sequence[str] = ()) -> Facet:
        """Codes of a column; `order` first, then the rest by frequency; what is missing becomes `unstated`, last."""
        texts = column.astype("string")
        texts = texts.mask(texts == "")
        found = [str(v) for v in texts.value_counts().index]
        values = [v for v in order if v in found] + [v for v in found if v not in order and v != UNSTATED]
        place = {value: code for code, value in enumerate(values)}
        codes = texts.map(place)
        if codes.isna().any():
            place[UNSTATED] = len(values)
            values.append(UNSTATED)
            codes = codes.fillna(place[UNSTATED])
        return cls(tuple(values), np.asarray(codes, dtype=np.int32), place)


@dataclass(frozen=True)
class Population:
    """Every posting that the explorer shows, and which skills it names.

    Attributes:
        ids, titles, urls, employers, hashes: Arrow string arrays, a row each. Rows are sorted by day, then id.
        tracks: bool, rows x 3 in the order of TRACKS.
        month: months since 1970-01 of the day posted, else first seen; -1 where neither is known.
        posted, date: whether the day posted is stated, and it as days since 1970-01-01, else -1.
        pay: middle of the stated pay per year, NaN where none; currency: its facet.
        cluster: employer code of the intervals; a posting without employer is a cluster of its own.
        vacancy: repeats of one ad share a number; a selection counts the first of them.
        origin: the row in the frames, whose order the analysis draws by.
        entry_row, entry_skill, entry_flags: one entry per posting and skill, CONTEXT, PREFERRED or REQUIRED.
        catalog: the skills; a skill's code is its number there.
    """

    ids: pa.StringArray
    titles: pa.StringArray
    urls: pa.StringArray
    employers: pa.StringArray
    hashes: pa.StringArray
    facets: Mapping[str, Facet]
    employer_names: Mapping[str, str]
    currency: Facet
    tracks: NDArray[np.bool_]
    month: NDArray[np.int16]
    posted: NDArray[np.bool_]
    date: NDArray[np.int32]
    pay: NDArray[np.float32]
    cluster: NDArray[np.int32]
    vacancy: NDArray[np.int32]
    origin: NDArray[np.int32]
    catalog: Catalog
    entry_row: NDArray[np.int32]
    entry_skill: NDArray[np.int32]
    entry_flags: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.cluster)

    @property
    def skills(self) -> tuple[str, ...]:
        """Skill ids by code."""
        return self.catalog.ids

    @property
    def names(self) -> tuple[str, ...]:
        """Skill names by code."""
        return self.catalog.names

    @property
    def categories(self) -> tuple[str, ...]:
        """Category ids by skill code."""
        return self.catalog.categories

    @property
    def category_names(self) -> Mapping[str, str]:
        """Names of the categories by id."""
        return self.catalog.category_names

    @cached_property
    def clusters(self) -> int:
        """Number of employers, each posting without one counted."""
        return int(self.cluster.max()) + 1 if len(self) else 0

    @cached_property
    def skill_index(self) -> Mapping[str, int]:
        """Skill id to its code."""
        return {skill: code for code, skill in enumerate(self.skills)}

    @cached_property
    def pairs(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]]:
        """Pairs of employer and skill that occur: (pair of each entry, cluster of each pair, skill of each pair)."""
        keys, place = np.unique(
            self.cluster[self.entry_row].astype(np.int64) * len(self.skills) + self.entry_skill, return_inverse=True
        )
        width = max(len(self.skills), 1)
        return place.astype(np.int32), (keys // width).astype(np.int32), (keys % width).astype(np.int32)

    @cached_property
    def repeated(self) -> NDArray[np.bool_]:
        """Rows whose vacancy has another row."""
        return np.bincount(self.vacancy)[self.vacancy] > 1

    @cached_property
    def counted(self) -> NDArray[np.intp]:
        """The rows that count when nothing is filtered: the first of each vacancy."""
        return np.sort(np.unique(self.vacancy, return_index=True)[1])

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """Posting id to its row."""
        return {one: row for row, one in enumerate(self.ids.to_pylist())}

    @cached_property
    def known(self) -> Mapping[str, Mapping[str, int]]:
        """For each filter of an address, the values that the data has."""
        tracks = {track: code for code, track in enumerate((*TRACKS, NO_TRACK))}
        return {"track": tracks, "skill": self.skill_index} | {name: f.index for name, f in self.facets.items()}

    @cached_property
    def months(self) -> tuple[int, int] | None:
        """First and last month with a posting, or None when no posting has a date."""
        dated = self.month[self.month >= 0]
        return (int(dated.min()), int(dated.max())) if len(dated) else None

    @cached_property
    def by_popularity(self) -> list[int]:
        """Skill codes by the number of postings that ask for them, most first."""
        counts = self.skill_counts
        return [int(code) for code in np.argsort(-counts, kind="stable") if counts[code]]

    @cached_property
    def skill_counts(self) -> NDArray[np.intp]:
        """Postings that a filter on each skill (required or preferred) keeps."""
        asked = self.entry_flags > CONTEXT
        return self.kept(self.entry_row[asked], self.entry_skill[asked], len(self.skills))

    def kept(self, rows: NDArray[Any], codes: NDArray[Any], size: int) -> NDArray[np.intp]:
        """How many vacancies have a row of each of `size` codes: what a filter on the code leaves."""
        pairs = np.unique(self.vacancy[rows].astype(np.int64) * max(size, 1) + codes)
        return np.bincount(pairs % max(size, 1), minlength=size)

    @cached_property
    def common_categories(self) -> list[str]:
        """Category ids by the number of postings and skills that they stand for, most first, those without any last."""
        counts = dict.fromkeys(dict.fromkeys(self.categories), 0)
        for code, count in enumerate(np.bincount(self.entry_skill, minlength=len(self.skills)).tolist()):
            counts[self.categories[code]] += count
        return sorted(counts, key=lambda one: (-counts[one], one))

    def label(self, field: str, value: str) -> str:
        """How a value of a filter is written for people."""
        from reports.explorer.words import label

        if field == "skill":
            return self.names[self.skill_index[value]]
        if field == "employer" and value != UNSTATED:
            return self.employer_names.get(value) or value
        return label(field, value)


def month_text(month: int) -> str:
    """600 as 2020-01."""
    return f"{1970 + month // 12:04d}-{month % 12 + 1:02d}"


def month_number(text: str) -> int:
    """2020-01 as 600."""
    return (int(text[:4]) - 1970) * 12 + int(text[5:7]) - 1
