"""Labelled postings: reading them from files and the store, and refusing what can't be learned from."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.errors import InputError
from nlp.tracks.names import COLUMNS
from nlp.tracks.splits import employer_key

LEAST = 40
"""Fewer labelled postings than this teach nothing that could be measured."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled posting. `labels` are ml_role (0, 1) and cv, nlp, seq (0, 1, 2), `weight` 1 / inclusion
    probability where the posting was drawn at random."""

    id: str
    title: str
    text: str
    labels: tuple[int, int, int, int]
    employer: str | None = None
    source: str = ""
    year: str = ""
    stratum: str = ""
    weight: float | None = None

    @property
    def cluster(self) -> str:
        """The employer, or the text itself for a posting without one."""
        return employer_key(self.employer, self.text)


def truth(examples: Sequence[Example]) -> NDArray[np.float32]:
    """The labels as 0 and 1, (n, 4)."""
    return np.array([[float(value > 0) for value in example.labels] for example in examples], np.float32).reshape(-1, 4)


def read_files(paths: Iterable[Path], tell: Callable[[str], None] = lambda line: None) -> list[Example]:
    """Labelled postings of JSON Lines files with id, title, text (or description) and the four label columns.

    A posting that stands in several files counts once, with the labels of the first; `tell` is told how many differ.

    Raises:
        InputError: names file and line of a broken row, or the posting that one file labels in two ways.
    """
    seen: dict[str, Example] = {}
    torn = 0
    for path in paths:
        here: set[str] = set()
        for example in _read(path):
            known = seen.setdefault(example.id, example)
            differ = known.labels != example.labels
            if differ and example.id in here:
                raise InputError(f"{path}: posting {example.id} has two different labels; keep one of them")
            torn += differ
            here.add(example.id)
            seen[example.id] = _merged(known, example)
    if torn:
        tell(f"{torn} postings are labelled differently in several files: the first file's labels stand")
    return list(seen.values())


def _read(path: Path) -> Iterable[Example]:
    try:
        lines = path.read_text("utf-8").split("\n")  # not splitlines: U+2028 may stand in a text
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path}: can't be read as UTF-8 text; give a JSON Lines file of labelled postings") from exc
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as exc:
                raise InputError(f"{path}, line {number}: not JSON; give one object a line") from exc
            yield _example(row, f"{path}, line {number}")


def _example(row: Any, where: str) -> Example:
    if not isinstance(row, dict) or not isinstance(row.get("id"), str):
        raise InputError(f"{where}: no field id; each line is an object with id, title, text, {', '.join(COLUMNS)}")
    text = row.get("text", row.get("description"))
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{where}: posting {row['id']} has no text")
    chance = row.get("inclusion_prob")
    if chance is not None and not (isinstance(chance, int | float) and 0 < chance <= 1):
        raise InputError(f"{where}: inclusion_prob {chance} is not in (0, 1]")
    return Example(
        row["id"],
        str(row.get("title") or ""),
        text,
        check(row, where),
        row.get("employer") or row.get("company"),
        row.get("source") or row["id"].split(":", 1)[0],
        str(row.get("date") or "")[:4],
        row.get("stratum") or "",
        1 / chance if chance else None,
    )


def check(row: Mapping[str, Any], where: str) -> tuple[int, int, int, int]:
    """The four labels of a row.

    Raises:
        InputError: a label is missing or not among its values.
    """
    for column in COLUMNS:
        allowed = (0, 1) if column == "ml_role" else (0, 1, 2)
        if isinstance(row.get(column), bool) or row.get(column) not in allowed:
            said = row.get(column)
            raise InputError(f"{where}: {column} is {said!r}, but must be one of {', '.join(map(str, allowed))}")
    return (int(row["ml_role"]), int(row["cv"]), int(row["nlp"]), int(row["seq"]))


def _merged(known: Example, new: Example) -> Example:
    """A later copy adds its stratum and its weight; the labels of the first stay."""
    return replace(known, stratum=known.stratum or new.stratum, weight=known.weight or new.weight)


def usable(examples: Sequence[Example]) -> list[str]:
    """The heads that can be learned: both answers occur at least three times.

    Raises:
        InputError: fewer than LEAST postings, or no head at all with both answers.
    """
    if len(examples) < LEAST:
        raise InputError(f"{len(examples)} labelled postings are too few; label at least {LEAST} (`skilldemand label`)")
    yes = truth(examples).sum(axis=0)
    heads = [column for column, n in zip(COLUMNS, yes, strict=True) if 3 <= n <= len(examples) - 3]
    if not heads:
        raise InputError("every label says the same for each posting; label some of the other kind too")
    return heads
