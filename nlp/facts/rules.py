"""Reading the rule files of nlp/facts/data, and the cheap search that comes before their expressions.

An expression with forty alternatives costs a hundred times what `str.find` costs. So the rules look for plain
lower-case strings first and try their expressions only around the places where one stands.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib import resources
from typing import Any


@cache
def load(name: str) -> dict[str, Any]:
    """One rule file, `name` without its folder and `.toml`."""
    text = (resources.files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def any_of(patterns: Iterable[str], before: str = "", after: str = "") -> re.Pattern[str]:
    """One expression for several, without regard to case; `before` and `after` stand around the whole group."""
    return re.compile(f"{before}(?:{'|'.join(patterns)}){after}", re.IGNORECASE)


@cache
def by_language(file: str, table: tuple[str, ...], language: str | None) -> tuple[str, ...]:
    """The strings of a table of lists by language: those for a posting in `language`, or all where it is not known.

    Postings in any language hold English, so the English strings are always among them.
    """
    lists: dict[str, Any] = load(file)
    for key in table:
        lists = lists[key]
    picked = lists if language is None else {"en", language}
    return tuple(dict.fromkeys(word for name in picked for word in lists.get(name, ())))


@lru_cache(maxsize=4)
def lowered(text: str) -> str:
    """The text in lower case with every character in its place (the few that would become two stay as they are).

    The last texts are kept: every fact of a posting asks for the same one.
    """
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


def find_all(low: str, words: Iterable[str], most: int) -> list[tuple[int, int]]:
    """Start and end of the first `most` places in a lower-cased text where one of the words stands, in order."""
    places = []
    for word in words:
        at = low.find(word)
        for _ in range(most):
            if at < 0:
                break
            places.append((at, at + len(word)))
            at = low.find(word, at + len(word))
    return sorted(places)[:most]
