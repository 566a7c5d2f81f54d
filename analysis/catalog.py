"""The taxonomy as the analysis needs it: names, categories, groups and implications by skill number."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sp

from analysis.intervals import Matrix
from crawler.errors import InputError
from nlp.taxonomy import Taxonomy, alias_key


@dataclass(frozen=True)
class Catalog:
    """Skills in a fixed order; a skill's number is its place in `ids`.

    `implied[i]` holds the numbers that skill i implies through any number of steps; `groups` the member
    numbers of each foundation group (name, members), `aliases` every other way to write a skill, for files
    that people write.
    """

    ids: tuple[str, ...]
    names: tuple[str, ...]
    categories: tuple[str, ...]
    category_names: Mapping[str, str]
    tracks: tuple[str, ...]
    implied: tuple[tuple[int, ...], ...]
    groups: Mapping[str, tuple[str, tuple[int, ...]]]
    aliases: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def number(self) -> dict[str, int]:
        """The number of each skill id."""
        return {skill: i for i, skill in enumerate(self.ids)}

    @cached_property
    def closure(self) -> Matrix:
        """skills x skills, 1 where the row's skill is or implies the column's."""
        rows = [i for i, others in enumerate(self.implied) for _ in (i, *others)]
        columns = [j for i, others in enumerate(self.implied) for j in (i, *others)]
        size = len(self.ids)
        return sp.csr_matrix((np.ones(len(rows), np.int32), (rows, columns)), shape=(size, size))

    def find(self, written: str, where: str = "skills") -> str:
        """The id of a skill written as id, name or alias; InputError with the nearest names when there is
        none.
        """
        if written in self.number:
            return written
        found = self._by_alias.get(alias_key(written))
        if found is None:
            near = difflib.get_close_matches(alias_key(written), list(self._by_alias), n=3, cutoff=0.6)
            names = [self.names[self.number[self._by_alias[one]]] for one in near]
            hint = f"; did you mean {' or '.join(dict.fromkeys(names))}?" if names else ""
            raise InputError(f"{where}: unknown skill {written!r}{hint}")
        return found

    @cached_property
    def _by_alias(self) -> dict[str, str]:
        owners = {alias_key(alias): skill for alias, skill in self.aliases.items()}
        owners |= {alias_key(skill): skill for skill in self.ids}
        return owners | {alias_key(name): skill for skill, name in zip(self.ids, self.names, strict=True)}


def from_taxonomy(taxonomy: Taxonomy, also: Sequence[str] = ()) -> Catalog:
    """The catalog of a taxonomy; `also` names skills of older taggings that the taxonomy no longer has."""
    ids = tuple(taxonomy.skills)
    number = {skill: i for i, skill in enumerate(ids)}
    gone = tuple(skill for skill in also if skill not in number)
    skills = [taxonomy.skills[skill] for skill in ids]
    groups = {
        group.id: (group.name, tuple(sorted(number[s] for s in taxonomy.members(group.id))))
        for group in taxonomy.groups.values()
    }
    return Catalog(
        ids=ids + gone,
        names=tuple(skill.name for skill in skills) + tuple(one.replace("-", " ").capitalize() for one in gone),
        categories=tuple(skill.category for skill in skills) + ("",) * len(gone),
        category_names=dict(taxonomy.categories) | ({"": "No longer in the taxonomy"} if gone else {}),
        tracks=tuple(skill.track or "" for skill in skills) + ("",) * len(gone),
        implied=tuple(tuple(sorted(number[s] for s in taxonomy.implied(skill))) for skill in ids) + ((),) * len(gone),
        groups=groups,
        aliases={alias: skill.id for skill in skills for alias in skill.surfaces},
    )
