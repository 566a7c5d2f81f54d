"""The skill taxonomy: what can be asked for, under which names, and what each skill implies.

One TOML file per category in `nlp/data/skills/`, foundation groups in `nlp/data/groups.toml`; a user's own files add,
change and remove skills (docs/taxonomy.md). Everything is checked at load time: a wrong entry is an InputError that
names the file and the entry. Sources of the names: nlp/data/skills/ATTRIBUTION.md.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from nlp.groups import Group, read_groups
from nlp.skillfiles import SkillFile, fail, hint, read_skill_file

DATA = Path(__file__).parent / "data"
WINDOW = 8  # tokens on each side of an ambiguous alias, where the entry names none


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """Aliases that count only in context: a skill of `near` (category or skill id) or a phrase of `cues` within
    `window` tokens, and not inside a phrase of `refuse`. Without near and cues only the refusals decide."""

    aliases: tuple[str, ...]
    near: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()
    window: int = WINDOW


@dataclass(frozen=True, slots=True)
class Skill:
    """One canonical skill. `aliases` match in any case and hold the name unless `cased` (as written only) does."""

    id: str
    name: str
    category: str
    aliases: tuple[str, ...]
    cased: tuple[str, ...]
    implies: tuple[str, ...]
    description: str
    track: str | None
    ambiguous: tuple[Ambiguity, ...]

    @property
    def surfaces(self) -> tuple[str, ...]:
        """Every way to write the skill that the taxonomy lists: aliases, then the cased ones."""
        return self.aliases + self.cased


@dataclass(frozen=True)
class Taxonomy:
    """All skills by id, category names by id, groups by id. Ids are kebab-case; no category id is a skill id."""

    skills: Mapping[str, Skill]
    categories: Mapping[str, str]
    groups: Mapping[str, Group]
    _implied: dict[str, frozenset[str]] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def fingerprint(self) -> str:
        """16 hex digits of the content that can change a tagging; descriptions and groups are not in it."""
        content = [{k: v for k, v in asdict(self.skills[s]).items() if k != "description"} for s in sorted(self.skills)]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:16]

    def implied(self, skill_id: str) -> frozenset[str]:
        """Every skill that this one implies, through any number of steps, itself not included."""
        if skill_id not in self._implied:
            direct = self.skills[skill_id].implies
            self._implied[skill_id] = frozenset(direct).union(*(self.implied(one) for one in direct))
        return self._implied[skill_id]

    def members(self, group_id: str) -> frozenset[str]:
        """The skills of a group and of every group inside it."""
        group = self.groups[group_id]
        inside = [self.members(other.id) for other in self.groups.values() if other.parent == group_id]
        own = {s.id for s in self.skills.values() if s.category in group.categories}
        return frozenset(own | set(group.skills)).union(*inside)

    def find(self, text: str) -> Skill | None:
        """The skill with this id, name or alias, whatever its case and hyphens; None when there is none."""
        if text in self.skills:
            return self.skills[text]
        key = alias_key(text)
        owner = self._owners.get(text) or self._owners.get(key) or self._owners.get(key.replace(" ", ""))
        return self.skills[owner] if owner else None

    @cached_property
    def _owners(self) -> dict[str, str]:
        owners: dict[str, str] = {}
        for skill in self.skills.values():
            owners |= dict.fromkeys(skill.cased, skill.id)
        for skill in self.skills.values():
            for alias in skill.surfaces:
                owners.setdefault(alias_key(alias), skill.id)
                owners.setdefault(alias_key(alias).replace(" ", ""), skill.id)
        return owners | {alias_key(a): s.id for s in self.skills.values() for a in s.aliases}


def alias_key(alias: str) -> str:
    """What the matcher makes equal by itself: case, and hyphen, underscore or blank between words."""
    return " ".join(alias.casefold().replace("-", " ").replace("_", " ").split())


def load_taxonomy(extra: Sequence[Path] = ()) -> Taxonomy:
    """The shipped taxonomy with the user's `extra` files applied in order. Raises InputError naming file and entry."""
    loader = _Loader()
    for path in sorted((DATA / "skills").glob("*.toml")):
        loader.add(read_skill_file(path))
    for path in extra:
        loader.change(read_skill_file(Path(path), user=True))
    return loader.finish(DATA / "groups.toml")


class _Loader:
    """Gathers the files' entries, then checks what only the whole can show: owners of aliases, references, cycles."""

    def __init__(self) -> None:
        self.skills: dict[str, Skill] = {}
        self.categories: dict[str, str] = {}
        self.origin: dict[str, Path] = {}
        self.removed: set[str] = set()

    def add(self, file: SkillFile) -> None:
        assert file.category is not None  # read_skill_file holds a shipped file to it
        self._name_category(file)
        for skill_id, entry in file.entries.items():
            self._new(file, skill_id, entry)

    def change(self, file: SkillFile) -> None:
        if file.category is not None:
            self._name_category(file)
        for skill_id, entry in file.entries.items():
            if entry.get("remove"):
                if skill_id not in self.skills:
                    raise fail(file.path, f"skills.{skill_id}", f"nothing to remove{hint(skill_id, self.skills)}")
                del self.skills[skill_id]
                self.removed.add(skill_id)
            elif skill_id in self.skills:
                self._merge(file, skill_id, entry)
            else:
                self._new(file, skill_id, entry)

    def _name_category(self, file: SkillFile) -> None:
        known = self.categories.get(file.category or "")
        if file.category_name is None and known is None:
            raise fail(
                file.path,
                "",
                f"new category {file.category!r} needs a name{hint(file.category or '', self.categories)}",
            )
        self.categories[file.category or ""] = file.category_name or known or ""

    def _new(self, file: SkillFile, skill_id: str, entry: Mapping[str, Any]) -> None:
        where = f"skills.{skill_id}"
        if skill_id in self.skills:
            raise fail(file.path, where, f"the id stands in {self.origin[skill_id].name} too")
        if "name" not in entry and file.path.parent != DATA / "skills":
            raise fail(
                file.path, where, f"a new skill needs a name, and no skill has this id{hint(skill_id, self.skills)}"
            )
        for key in ("name", "description"):
            if key not in entry:
                raise fail(file.path, where, f"{key} is missing")
        if not entry.get("category", file.category):
            raise fail(file.path, where, "a new skill needs a category")
        if changes := [key for key in ("add_aliases", "remove_aliases") if key in entry]:
            raise fail(file.path, where, f"{changes[0]} needs a skill that exists{hint(skill_id, self.skills)}")
        self.removed.discard(skill_id)
        blank = Skill(skill_id, "", file.category or "", (), (), (), "", None, ())
        self._store(file.path, blank, entry)

    def _merge(self, file: SkillFile, skill_id: str, entry: Mapping[str, Any]) -> None:
        skill, gone = self.skills[skill_id], set(entry.get("remove_aliases", ()))
        for alias in gone - set(skill.surfaces):
            raise fail(file.path, f"skills.{skill_id}", f"no alias {alias!r} to remove{hint(alias, skill.surfaces)}")
        kept = [a for a in (*entry.get("aliases", skill.aliases), *entry.get("add_aliases", ())) if a not in gone]
        cased = [a for a in entry.get("cased", skill.cased) if a not in gone]
        rules = [replace(rule, aliases=tuple(a for a in rule.aliases if a not in gone)) for rule in skill.ambiguous]
        old = replace(skill, ambiguous=tuple(rule for rule in rules if rule.aliases))
        self._store(file.path, old, {**entry, "aliases": kept, "cased": cased}, without_name=skill.name in gone)

    def _store(self, path: Path, old: Skill, entry: Mapping[str, Any], *, without_name: bool = False) -> None:
        name, cased = entry.get("name", old.name), tuple(entry.get("cased", old.cased))
        aliases = list(entry.get("aliases", old.aliases))
        if name not in aliases and name not in cased and not without_name:
            aliases.insert(0, name)
        rules = old.ambiguous
        if "ambiguous" in entry:
            rules = tuple(_ambiguity(rule) for rule in entry["ambiguous"])
        self.origin[old.id] = path
        self.skills[old.id] = Skill(
            id=old.id, name=name, category=entry.get("category", old.category), aliases=tuple(aliases), cased=cased,
            implies=tuple(entry.get("implies", old.implies)), description=entry.get("description", old.description),
            track=entry.get("track", old.track), ambiguous=rules,
        )  # fmt: skip

    def finish(self, groups: Path) -> Taxonomy:
        if self.removed:  # what a user removes may still be implied by others
            self.skills = {
                i: replace(skill, implies=tuple(other for other in skill.implies if other not in self.removed))
                for i, skill in self.skills.items()
            }
        for skill in self.skills.values():
            self._check_references(skill)
        self._check_owners()
        self._check_cycles()
        return Taxonomy(self.skills, self.categories, read_groups(groups, self.skills, self.categories, self.removed))

    def _check_references(self, skill: Skill) -> None:
        path, where = self.origin[skill.id], f"skills.{skill.id}"
        if skill.id in self.categories:
            raise fail(path, where, "a category has this id: `near` could not tell them apart")
        if skill.category not in self.categories:
            raise fail(path, where, f"unknown category {skill.category!r}{hint(skill.category, self.categories)}")
        for other in skill.implies:
            if other not in self.skills:
                raise fail(path, where, f"implies unknown skill {other!r}{hint(other, self.skills)}")
        for rule in skill.ambiguous:
            for alias in rule.aliases:
                if alias not in skill.surfaces:
                    raise fail(path, where, f"ambiguous names {alias!r}, no alias of it{hint(alias, skill.surfaces)}")
            for other in rule.near:
                if other not in self.skills and other not in self.categories and other not in self.removed:
                    raise fail(path, where, f"near: unknown {other!r}{hint(other, [*self.skills, *self.categories])}")

    def _check_owners(self) -> None:
        owner: dict[tuple[bool, str], str] = {}
        for skill in self.skills.values():
            keys = [((False, alias_key(a)), a) for a in skill.aliases] + [((True, a), a) for a in skill.cased]
            for key, alias in keys:
                if key in owner:
                    where = self.origin[owner[key]].name
                    raise fail(
                        self.origin[skill.id],
                        f"skills.{skill.id}",
                        f"alias {alias!r} belongs to {owner[key]!r} ({where}) already",
                    )
                owner[key] = skill.id

    def _check_cycles(self) -> None:
        done: set[str] = set()

        def visit(skill_id: str, trail: tuple[str, ...]) -> None:
            if skill_id in trail:
                circle = " -> ".join((*trail[trail.index(skill_id) :], skill_id))
                raise fail(self.origin[skill_id], f"skills.{skill_id}", f"implies goes in a circle: {circle}")
            if skill_id not in done:
                for other in self.skills[skill_id].implies:
                    visit(other, (*trail, skill_id))
                done.add(skill_id)

        for skill_id in self.skills:
            visit(skill_id, ())


def _ambiguity(rule: Mapping[str, Any]) -> Ambiguity:
    lists = {key: tuple(rule.get(key, ())) for key in ("aliases", "near", "cues", "refuse")}
    return Ambiguity(**lists, window=rule.get("window", WINDOW))
