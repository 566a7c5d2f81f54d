"""What the `skills` commands do: describe a skill, find superfluous names, write a skill to a user's own file."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from crawler.errors import InputError
from nlp.skillfiles import check_id, hint, read_skill_file
from nlp.taxonomy import Skill, Taxonomy, load_taxonomy

if TYPE_CHECKING:
    from nlp.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Entry:
    """What to write: a new skill (name and category given), or more aliases for one that exists (lists only)."""

    skill: str
    name: str | None = None
    category: str | None = None
    description: str | None = None
    lists: Mapping[str, Sequence[str]] = field(default_factory=dict)


def describe(name: str, skills: Sequence[Path] = ()) -> dict[str, str | list[str]]:
    """All that the taxonomy knows of a skill, for a table or as JSON. `name` is its id, its name or any alias."""
    taxonomy = load_taxonomy(skills)
    skill = taxonomy.find(name)
    if skill is None:
        names = [*taxonomy.skills, *(alias for one in taxonomy.skills.values() for alias in one.surfaces)]
        raise InputError(f"no skill {name!r}{hint(name, names)}; skilldemand skills discover finds what is missing")
    groups = [group.name for group in taxonomy.groups.values() if skill.id in taxonomy.members(group.id)]
    implied_by = [other.id for other in taxonomy.skills.values() if skill.id in taxonomy.implied(other.id)]
    return {
        "id": skill.id,
        "name": skill.name,
        "description": skill.description,
        "category": taxonomy.categories[skill.category],
        "track": skill.track or "",
        "found as, in any case": list(skill.aliases),
        "found only as written": list(skill.cased),
        "implies": sorted(taxonomy.implied(skill.id)),
        "implied by": sorted(implied_by),
        "groups": groups,
        "only in context": list(_rules(skill)),
    }


def _rules(skill: Skill) -> Iterator[str]:
    for rule in skill.ambiguous:
        needs = [f"near {', '.join(rule.near)}"] if rule.near else []
        needs += [f"with a word of: {', '.join(rule.cues)}"] if rule.cues else []
        condition = f" within {rule.window} tokens " + " or ".join(needs) if needs else ""
        but = f", not in: {', '.join(rule.refuse)}" if rule.refuse else ""
        yield f"{', '.join(rule.aliases)}{condition}{but}"


def redundant(taxonomy: Taxonomy) -> list[tuple[str, str]]:
    """Pairs (skill id, alias) where another alias of the skill already matches the alias in full, without its help."""
    from nlp.phrases import Trie

    cutter = Trie(())
    found = []
    for skill in taxonomy.skills.values():
        ruled = {alias for rule in skill.ambiguous for alias in rule.aliases}
        forms: dict[tuple[str, ...], set[str]] = {}
        for alias in skill.aliases:
            for form in () if alias in ruled else _forms(cutter.cut(alias)):
                forms.setdefault(form, set()).add(alias)
        for alias in skill.aliases:
            tokens = cutter.cut(alias)
            plain = all(gap.strip() in ("", "-") for gap in tokens.gaps[1:-1])
            if plain and alias != skill.name and alias not in ruled and forms[tuple(tokens.stems)] - {alias}:
                found.append((skill.id, alias))
    return found


def _forms(tokens: Tokens) -> Iterator[tuple[str, ...]]:
    """The stems under which the matcher finds an alias: its words, and two of them written as one."""
    from nlp.tokens import stem

    yield tuple(tokens.stems)
    for i in range(len(tokens) - 1):
        joined = tokens.words[i] + tokens.words[i + 1]
        if len(joined) > 5 and joined.isalnum():  # as Trie does it
            yield (*tokens.stems[:i], stem(joined), *tokens.stems[i + 2 :])


def add(entry: Entry, path: Path) -> Taxonomy:
    """Append `entry` to the user's file (made where there is none), if the taxonomy with it is sound.

    Returns the taxonomy with the file. Raises InputError, and leaves the file as it was, for anything wrong.
    """
    check_id(path, f"skills.{entry.skill}", entry.skill)
    exists = path.exists()
    if exists and entry.skill in read_skill_file(path, user=True).entries:
        raise InputError(f"{path}: skills.{entry.skill} stands there already: edit it by hand")
    old = path.read_text(encoding="utf-8") if exists else ""
    known = load_taxonomy([path] if exists else ())
    if entry.name is None and entry.skill not in known.skills:
        raise InputError(
            f"a new skill needs --name, and there is no skill {entry.skill!r}{hint(entry.skill, known.skills)}"
        )
    if entry.name is not None and entry.skill not in known.skills and entry.category is None:
        raise InputError(f"a new skill needs --category: one of {', '.join(sorted(known.categories))}")
    new = (old.rstrip("\n") + "\n\n" if old.strip() else "") + _as_toml(entry, known)
    with TemporaryDirectory(dir=path.parent) as folder:
        draft = Path(folder) / path.name
        draft.write_text(new, encoding="utf-8")
        try:
            taxonomy = load_taxonomy([draft])
        except InputError as exc:
            raise InputError(str(exc).replace(str(draft), str(path))) from exc
        os.replace(draft, path)
    return taxonomy


def _as_toml(entry: Entry, known: Taxonomy) -> str:
    present = known.skills.get(entry.skill)
    lines = [f"[skills.{entry.skill}]"]
    texts = {"name": entry.name, "category": entry.category, "description": entry.description}
    if present is None and entry.description is None:
        texts["description"] = f"{entry.name}."
    lines += [f"{key} = {_quoted(value)}" for key, value in texts.items() if value is not None]
    for key, values in entry.lists.items():
        if present is not None and key == "aliases":
            key = "add_aliases"
        elif present is not None:  # lists that replace: keep what the skill has
            values = [*getattr(present, key), *(one for one in values if one not in getattr(present, key))]
        lines.append(f"{key} = [{', '.join(map(_quoted, values))}]")
    if len(lines) == 1:
        raise InputError(f"nothing to add to {entry.skill!r}: give --alias, --cased or --implies")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string
