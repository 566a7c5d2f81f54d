"""Reading one skill file: TOML in, checked raw entries out. What files mean together is `nlp.taxonomy`'s business."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from crawler.errors import InputError

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
TRACKS = ("computer_vision", "nlp", "sequence_modeling")

_TEXT = ("name", "category", "description", "track")
_LISTS = ("aliases", "cased", "implies")
_CHANGES = ("add_aliases", "remove_aliases")
_AMBIGUITY_LISTS = ("aliases", "near", "cues", "refuse")
_SKILL_KEYS = (*_TEXT, *_LISTS, "ambiguous")
_USER_KEYS = (*_SKILL_KEYS, *_CHANGES, "remove")
_TOP_KEYS = ("category", "name", "skills")


@dataclass(frozen=True, slots=True)
class SkillFile:
    """One file as it stands: the category that its new skills join, and the entries by id, keys and types checked."""

    path: Path
    category: str | None
    category_name: str | None
    entries: Mapping[str, Mapping[str, Any]]


def fail(path: Path, entry: str, what: str) -> InputError:
    """The one line for a bad entry: file, entry, what is wrong with it."""
    return InputError(f"{path}: {entry}: {what}" if entry else f"{path}: {what}")


def hint(wrong: str, valid: Iterable[str]) -> str:
    """The nearest valid name as ` (did you mean 'x'?)`, or nothing where none is near."""
    near = get_close_matches(wrong, list(valid), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""


def read_toml(path: Path) -> dict[str, Any]:
    """The file's tables; InputError when it is absent, no UTF-8 or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise fail(path, "", f"cannot be read: {exc.strerror or exc}") from exc
    except UnicodeDecodeError as exc:
        raise fail(path, "", "is not UTF-8 text") from exc
    except tomllib.TOMLDecodeError as exc:
        raise fail(path, "", f"is not valid TOML: {exc}") from exc


def read_skill_file(path: Path, *, user: bool = False) -> SkillFile:
    """Read and check one file. A user's file may also change (`add_aliases`, `remove_aliases`) and `remove` skills.

    Raises InputError naming file and entry for an unknown key (with the nearest valid one), a wrong type or a bad id.
    """
    data = read_toml(path)
    check_keys(path, "", data, _TOP_KEYS)
    for key in ("category", "name"):
        if key in data:
            check_text(path, "", key, data[key])
    category = data.get("category")
    if not user and category != path.stem:
        raise fail(path, "", f"category must be {path.stem!r}, the name of the file, not {category!r}")
    if category is not None:
        check_id(path, "category", category)
    skills = data.get("skills", {})
    if not isinstance(skills, dict):
        raise fail(path, "skills", "must hold tables [skills.<id>]")
    for skill_id, entry in skills.items():
        _check_entry(path, skill_id, entry, _USER_KEYS if user else _SKILL_KEYS)
    return SkillFile(path, category, data.get("name"), skills)


def check_keys(path: Path, where: str, table: Mapping[str, Any], valid: Iterable[str]) -> None:
    """Refuse the first key that is not one of `valid`."""
    names = tuple(valid)
    for key in table:
        if key not in names:
            raise fail(path, where, f"unknown key {key!r}{hint(key, names)}; known: {', '.join(names)}")


def check_id(path: Path, where: str, skill_id: str) -> None:
    """Refuse an id that is not kebab-case."""
    if not ID.fullmatch(skill_id):
        raise fail(
            path,
            where,
            f"bad id {skill_id!r}: use lower-case letters, digits and single hyphens, such as 'deep-learning'",
        )


def check_text(path: Path, where: str, key: str, value: object) -> None:
    """Refuse anything but a text that holds something and no stray blanks."""
    if not isinstance(value, str) or not value or value != " ".join(value.split()):
        raise fail(path, where, f"{key} must be one line of text without stray blanks, not {value!r}")


def check_texts(path: Path, where: str, key: str, value: object) -> None:
    """Refuse anything but a list of texts, each once."""
    if not isinstance(value, list):
        raise fail(path, where, f"{key} must be a list of texts, not {value!r}")
    for text in value:
        check_text(path, where, key, text)
    if len(set(value)) != len(value):
        twice = next(text for text in value if value.count(text) > 1)
        raise fail(path, where, f"{key} names {twice!r} twice")


def _check_entry(path: Path, skill_id: str, entry: object, valid: tuple[str, ...]) -> None:
    where = f"skills.{skill_id}"
    check_id(path, where, skill_id)
    if not isinstance(entry, dict):
        raise fail(path, where, "must be a table")
    check_keys(path, where, entry, valid)
    for key, value in entry.items():
        if key in _TEXT:
            check_text(path, where, key, value)
        elif key in (*_LISTS, *_CHANGES):
            check_texts(path, where, key, value)
    if "remove" in entry and (entry["remove"] is not True or len(entry) > 1):
        raise fail(path, where, "remove = true must stand alone")
    if "track" in entry and entry["track"] not in TRACKS:
        raise fail(
            path, where, f"unknown track {entry['track']!r}{hint(entry['track'], TRACKS)}; known: {', '.join(TRACKS)}"
        )
    ambiguous = entry.get("ambiguous", [])
    if not isinstance(ambiguous, list) or not all(isinstance(rule, dict) for rule in ambiguous):
        raise fail(path, where, "ambiguous must be tables [[skills.<id>.ambiguous]]")
    for rule in ambiguous:
        _check_ambiguity(path, f"{where}.ambiguous", rule)


def _check_ambiguity(path: Path, where: str, rule: Mapping[str, Any]) -> None:
    check_keys(path, where, rule, (*_AMBIGUITY_LISTS, "window"))
    for key in _AMBIGUITY_LISTS:
        check_texts(path, where, key, rule.get(key, []))
    if not rule.get("aliases"):
        raise fail(path, where, "aliases must name the ambiguous ones")
    if not any(rule.get(key) for key in ("near", "cues", "refuse")):
        raise fail(path, where, "needs at least one of near, cues, refuse")
    window = rule.get("window", 8)
    if not isinstance(window, int) or isinstance(window, bool) or not 1 <= window <= 100:
        raise fail(path, where, f"window must be a whole number of tokens from 1 to 100, not {window!r}")
