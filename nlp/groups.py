"""Foundation groups: which categories and skills the reports add up under one name (nlp/data/groups.toml)."""

from __future__ import annotations

from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.skillfiles import check_id, check_keys, check_text, check_texts, fail, hint, read_toml


@dataclass(frozen=True, slots=True)
class Group:
    """A foundation group of the reports: whole categories plus single skills, perhaps inside a parent group."""

    id: str
    name: str
    parent: str | None
    categories: tuple[str, ...]
    skills: tuple[str, ...]


def read_groups(
    path: Path, skills: Collection[str], categories: Collection[str], removed: Container[str] = ()
) -> dict[str, Group]:
    """The groups of a groups file; names that a user `removed` are dropped, unknown ones are an InputError."""
    data = read_toml(path)
    check_keys(path, "", data, ("groups",))
    tables: dict[str, dict[str, Any]] = data.get("groups", {})
    for group_id, table in tables.items():
        where = f"groups.{group_id}"
        check_id(path, where, group_id)
        check_keys(path, where, table, ("name", "parent", "categories", "skills"))
        check_text(path, where, "name", table.get("name"))
        for key, valid in (("categories", categories), ("skills", skills)):
            check_texts(path, where, key, table.get(key, []))
            for one in table.get(key, []):
                if one not in valid and one not in removed:
                    raise fail(path, where, f"{key}: unknown {one!r}{hint(one, valid)}")
        if (parent := table.get("parent")) is not None and parent not in tables:
            raise fail(path, where, f"unknown parent {parent!r}{hint(str(parent), tables)}")
        _check_parents(path, group_id, tables)
    return {group_id: _group(group_id, table, skills) for group_id, table in tables.items()}


def _group(group_id: str, table: Mapping[str, Any], skills: Container[str]) -> Group:
    kept = tuple(skill for skill in table.get("skills", ()) if skill in skills)
    return Group(group_id, table["name"], table.get("parent"), tuple(table.get("categories", ())), kept)


def _check_parents(path: Path, group_id: str, tables: Mapping[str, Mapping[str, Any]]) -> None:
    seen, at = [group_id], str(tables[group_id].get("parent"))
    while at in tables:
        if at in seen:
            raise fail(path, f"groups.{group_id}", f"parent goes in a circle: {' -> '.join([*seen, at])}")
        seen.append(at)
        at = str(tables[at].get("parent"))
