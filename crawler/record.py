"""Reading records of foreign APIs: typed access that never raises, and an account of what was read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any, TypeVar

from crawler.fields import date_of, number_of

_T = TypeVar("_T")
_LONGEST, _MOST = 160, 1_000


def names(text: str, under: str = "") -> frozenset[str]:
    """The words of a text as a set, below `under` ("jobs."): how spiders write the fields that they leave aside."""
    return frozenset(under + word for word in text.split())


def note(unknown: Counter[str], name: str, kind: str = "") -> None:
    """Count a field that is not known; names from outside are many and long only where somebody means harm."""
    name = name[:_LONGEST] + kind
    if name in unknown or len(unknown) < _MOST:
        unknown[name] += 1


class Record:
    """A JSON object with an account of what is read of it.

    The getters give the value or an empty one of the asked type. Every key that is read counts as used; `audit`
    counts the rest of this object and of the objects read from it under dotted names, so that a source which
    starts to send something new is noticed.
    """

    __slots__ = ("_children", "_path", "_raw", "_used", "_wrong")

    def __init__(self, raw: object, path: str = "") -> None:
        self._raw: dict[str, Any] = raw if isinstance(raw, dict) else {}
        self._path = path
        self._used: set[str] = set()
        self._wrong: list[str] = [] if isinstance(raw, dict) or raw is None else [path.removesuffix(".") or "record"]
        # By key: an object that is asked for twice keeps one account.
        self._children: dict[str, list[Record]] = {}

    def __bool__(self) -> bool:
        return bool(self._raw)

    def raw(self, key: str) -> Any:
        """The value as sent, None if it is missing."""
        self._used.add(key)
        return self._raw.get(key)

    def text(self, key: str) -> str:
        """A string, or a number written as one; "" for everything else."""
        value = self.raw(key)
        if isinstance(value, str):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(value)
        return self._reject(key, value, "")

    def texts(self, key: str) -> list[str]:
        """The strings of a list, or a single string as a list of one."""
        value = self.raw(key)
        if isinstance(value, str):
            return [value]
        if isinstance(value, list):
            return [item for item in value if isinstance(item, str)]
        return self._reject(key, value, [])

    def number(self, key: str) -> float | None:
        """A finite number, or a string that is one; None for everything else."""
        value = self.raw(key)
        number = number_of(value)
        return number if number is not None or value in (None, "") else self._reject(key, value, None)

    def integer(self, key: str) -> int | None:
        number = self.number(key)
        return int(number) if number is not None and abs(number) < 2**53 else None

    def flag(self, key: str) -> bool | None:
        value = self.raw(key)
        return value if isinstance(value, bool) else self._reject(key, value, None)

    def date(self, key: str) -> dt.date | None:
        """A UTC date from ISO text or epoch seconds or milliseconds."""
        value = self.raw(key)
        date = date_of(value)
        return date if date is not None or value in (None, "") else self._reject(key, value, None)

    def record(self, key: str) -> Record:
        """A nested object; an empty one if there is none."""
        value = self.raw(key)
        if key not in self._children:
            self._children[key] = [self._child(key, value)]
        return self._children[key][0]

    def records(self, key: str) -> list[Record]:
        """The objects of a list; what is no object is counted as of a wrong type."""
        value = self.raw(key)
        if not isinstance(value, list):
            return self._reject(key, value, [])
        if key not in self._children:
            self._children[key] = [self._child(key, item) for item in value]
        return self._children[key]

    def some(self, key: str) -> list[Record]:
        """The objects under a key that holds one or a list of them; a bare string counts as an object with a "name"."""
        value = self.raw(key)
        if key not in self._children:
            values = value if isinstance(value, list) else [value]
            self._children[key] = [
                self._child(key, {"name": item} if isinstance(item, str) else item)
                for item in values
                if isinstance(item, (dict, str)) and item
            ]
        return self._children[key]

    def _child(self, key: str, raw: object) -> Record:
        return Record(raw, f"{self._path}{key}.")

    def audit(self, ignored: frozenset[str], unknown: Counter[str]) -> None:
        """Count into `unknown` what was neither read nor stands in `ignored` (dotted; an ignored object covers all
        below it), and as "name (type)" what had a wrong type."""
        for key in self._raw:
            name = f"{self._path}{key}"
            if key not in self._used and name not in ignored:
                note(unknown, name)
        for name in self._wrong:
            note(unknown, name, " (type)")
        for children in self._children.values():
            for child in children:
                child.audit(ignored, unknown)

    def _reject(self, key: str, value: object, empty: _T) -> _T:
        if value is not None and value != [] and value != {}:
            self._wrong.append(f"{self._path}{key}")
        return empty
