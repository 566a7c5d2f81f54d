"""The models of a data folder: which one tags, what replaced what, and why.

    <data>/models/<model_id>/        a bundle each
    <data>/models/registry.json      who is promoted per definition, the history, and how often each test was looked at

Nothing here loads TensorFlow; `promote.py` compares models.
"""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.errors import InputError, ModelError
from nlp.tracks.bundle import SHIPPED, Bundle, read, replace_file, save
from nlp.tracks.names import GUIDE

SHIPPED_NAME = "shipped"


@dataclass(frozen=True, slots=True)
class Registry:
    """The models under `<data>/models`. Every change is written at once, atomically."""

    root: Path

    @classmethod
    def of(cls, data: str | Path) -> "Registry":
        """The registry of a store's folder.

        Raises:
            InputError: the store is an object-store URL; models live on a local disk.
        """
        if "://" in str(data):
            raise InputError(f"{data}: models are kept in a local folder; name one with --data")
        return cls(Path(data) / "models")

    def state(self) -> dict[str, Any]:
        """`promoted` (definition -> model name), `history` (rows, oldest first), `looks` (definition -> count)."""
        path = self.root / "registry.json"
        if not path.exists():
            return {"promoted": {}, "history": [], "looks": {}}
        try:
            state = json.loads(path.read_text("utf-8"))
            return {"promoted": state["promoted"], "history": state["history"], "looks": state["looks"]}
        except (OSError, ValueError, KeyError, TypeError) as exc:
            raise ModelError(f"{path}: damaged; mend it or move it away, the shipped model then tags again") from exc

    def _write(self, state: Mapping[str, Any]) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            replace_file(self.root / "registry.json", (json.dumps(state, indent=1) + "\n").encode())
        except OSError as exc:
            raise ModelError(
                f"{self.root}: can't be written ({exc.strerror or exc}); the models are as they were"
            ) from exc

    def folder(self, name: str) -> Path:
        """The folder of a model by its id, an unambiguous start of it, "shipped", or a path.

        Raises:
            ModelError: no such model.
        """
        if name == SHIPPED_NAME:
            return SHIPPED
        if (Path(name) / "model.json").is_file():
            return Path(name)
        found = [entry for entry in self._folders() if entry.name.startswith(name)]
        if len(found) != 1:
            what = "no model" if not found else f"{len(found)} models"
            raise ModelError(f"{what} named {name} in {self.root}; see `skilldemand models list`")
        return found[0]

    def _folders(self) -> list[Path]:
        if not self.root.is_dir():
            return []
        return sorted(entry for entry in self.root.iterdir() if (entry / "model.json").is_file())

    def names(self) -> list[str]:
        """The shipped model first, then the ids of the others."""
        return [SHIPPED_NAME, *(entry.name for entry in self._folders())]

    def add(self, bundle: Bundle) -> Path:
        """Write a model under its id; it tags nothing until it is promoted."""
        folder = self.root / bundle.model_id
        save(bundle, folder)
        return folder

    def promoted(self, definition: str = GUIDE) -> Path:
        """The folder of the model that tags for a definition: the promoted one, else the shipped one."""
        name = self.state()["promoted"].get(definition, SHIPPED_NAME)
        return self.folder(name)

    def promote(self, name: str, definition: str, entry: Mapping[str, Any]) -> None:
        """Make a model the one that tags; `entry` (comparison, reason) is kept in the history."""
        state = self.state()
        before = state["promoted"].get(definition, SHIPPED_NAME)
        folder = self.folder(name)
        read(folder)
        state["promoted"][definition] = SHIPPED_NAME if folder == SHIPPED else folder.name
        state["history"].append(
            {"at": _now(), "definition": definition, "model": state["promoted"][definition], "before": before, **entry}
        )
        self._write(state)

    def rollback(self, definition: str = GUIDE) -> str:
        """Return to the model before the last promotion of a definition; the name of the model that tags now.

        Raises:
            ModelError: nothing was promoted, or the model before is gone.
        """
        state = self.state()
        last = next((row for row in reversed(state["history"]) if _is_open(row, definition)), None)
        if last is None:
            raise ModelError(f"no promotion of {definition} to take back; the shipped model tags")
        self.folder(last["before"])
        last["taken_back"] = _now()
        state["promoted"][definition] = last["before"]
        self._write(state)
        return str(last["before"])

    def look(self, definition: str, what: str) -> int:
        """Count one look at a definition's test split; returns how many there were with this one."""
        state = self.state()
        rows = state["looks"].setdefault(definition, [])
        rows.append({"at": _now(), "what": what})
        self._write(state)
        return len(rows)

    def looks(self, definition: str) -> int:
        """How often a definition's test split was looked at."""
        return len(self.state()["looks"].get(definition, []))


def _is_open(row: Mapping[str, Any], definition: str) -> bool:
    return row["definition"] == definition and "taken_back" not in row


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
