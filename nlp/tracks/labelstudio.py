"""Labels to and from Label Studio's JSON: one task per posting, one choice per column."""

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from crawler.errors import InputError
from nlp.tracks.bundle import replace_file
from nlp.tracks.labels import check
from nlp.tracks.labelstore import Judged
from nlp.tracks.names import COLUMNS


def _choices(name: str, values: str) -> str:
    options = "".join(f'<Choice value="{value}"/>' for value in values)
    return f'  <Header value="{name}"/><Choices name="{name}" toName="text" required="true">{options}</Choices>\n'


CONFIG = (
    '<View>\n  <Header value="$title"/>\n  <Text name="text" value="$text"/>\n'
    + "".join(_choices(column, "01" if column == "ml_role" else "012") for column in COLUMNS)
    + "</View>\n"
)
"""The labelling interface to paste into a Label Studio project."""


def export(rows: Mapping[tuple[str, str], Mapping[str, Any]], judged: Iterable[Judged], path: Path) -> int:
    """Write postings and their labels as tasks; returns how many tasks."""
    given: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        given.setdefault(one.key, []).append(one)
    tasks = [_task(key, row, given.get(key, [])) for key, row in rows.items()]
    replace_file(path, (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode())
    return len(tasks)


def _task(key: tuple[str, str], row: Mapping[str, Any], given: Sequence[Judged]) -> dict[str, Any]:
    return {
        "data": {"posting_id": key[0], "content_hash": key[1], "title": row["title"], "text": row["description"]},
        "annotations": [
            {
                "completed_by": {"email": one.labeller},
                "created_at": one.labelled_at.isoformat(),
                "result": [
                    {"from_name": column, "to_name": "text", "type": "choices", "value": {"choices": [str(value)]}}
                    for column, value in zip(COLUMNS, one.labels, strict=True)
                ],
            }
            for one in given
        ],
    }


def load(path: Path, definition: str, labeller: str) -> list[Judged]:
    """Labels of a Label Studio export; `labeller` stands where the export names nobody.

    Raises:
        InputError: not such an export; names the task.
    """
    try:
        tasks = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise InputError(f"{path}: not JSON; give Label Studio's export in the format JSON") from exc
    if not isinstance(tasks, list):
        raise InputError(f"{path}: not a list of tasks; give Label Studio's export in the format JSON")
    return [one for n, task in enumerate(tasks, 1) for one in _judged(task, f"{path}, task {n}", definition, labeller)]


def _judged(task: Any, where: str, definition: str, labeller: str) -> Iterable[Judged]:
    try:
        data, annotations = task["data"], task.get("annotations", [])
        key = (str(data["posting_id"]), str(data["content_hash"]))
        for annotation in annotations:
            if annotation.get("was_cancelled"):
                continue
            said = {part["from_name"]: int(part["value"]["choices"][0]) for part in annotation["result"]}
            yield Judged(
                *key, definition, _who(annotation, labeller), _when(annotation), check(said, where), "imported"
            )
    except (KeyError, TypeError, AttributeError, ValueError, IndexError) as exc:
        raise InputError(f"{where}: lacks {exc}; tasks need data.posting_id, data.content_hash and results") from exc


def _who(annotation: Mapping[str, Any], labeller: str) -> str:
    by = annotation.get("completed_by")
    if isinstance(by, dict):
        return str(by.get("email") or by.get("id") or labeller)
    return labeller if by is None else f"{labeller}-{by}"


def _when(annotation: Mapping[str, Any]) -> dt.datetime:
    stamp = annotation.get("created_at")
    found = dt.datetime.fromisoformat(stamp) if stamp else dt.datetime.now(dt.UTC)
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
