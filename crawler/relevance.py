"""A high-recall test for "may be a machine-learning developer's job"; the words stand in data/relevance.toml."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class _Rules:
    keep: re.Pattern[str]
    technical: re.Pattern[str]
    other_work: re.Pattern[str]
    terms: re.Pattern[str]
    needs: dict[str, int]
    headers_only: frozenset[str]


@functools.cache
def _rules() -> _Rules:
    data = tomllib.loads((files("crawler") / "data" / "relevance.toml").read_text(encoding="utf-8"))

    def words(pattern: str) -> re.Pattern[str]:
        # Line ends in the file are layout; "_" counts as a word's end ("ml_engineer").
        joined = pattern.replace("\n", "")
        return re.compile(rf"(?<![a-z0-9])(?:{joined})(?![a-z0-9])", re.IGNORECASE)

    return _Rules(
        words(data["title"]["keep"]),
        words(data["title"]["technical"]),
        words(data["title"]["other_work"]),
        words(data["text"].pop("terms")),
        data["text"],
        frozenset(data["headers_only"]),
    )


def may_be_ml(title: str, text: str, kind: str | None = None) -> bool:
    """Whether an ad of a kind of board is worth keeping. `text` may be HTML or plain text; only words count."""
    rules = _rules()
    if rules.keep.search(title):
        return True
    if kind in rules.headers_only or rules.technical.search(title):
        wanted = rules.needs["technical_title"]
    else:
        wanted = rules.needs["other_work_title" if rules.other_work.search(title) else "any_title"]
    found: set[str] = set()
    for match in rules.terms.finditer(text):
        found.add(match.group().lower())
        if len(found) >= wanted:
            return True
    return False


def may_be_technical(title: str) -> bool:
    """Whether a title alone leaves open that the job is one for `may_be_ml`: asked before a page is fetched for its
    text."""
    rules = _rules()
    return bool(rules.keep.search(title) or rules.technical.search(title) or not rules.other_work.search(title))
