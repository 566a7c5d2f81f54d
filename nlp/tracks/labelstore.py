"""Labels in the store: appended with who and when; the latest of each labeller stands, and labellers vote."""

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.errors import EmptyError, InputError
from crawler.store import Store
from nlp.tables import LABELS
from nlp.tracks.agreement import Labels
from nlp.tracks.labels import Example
from nlp.tracks.names import COLUMNS

POSTINGS = "postings"


@dataclass(frozen=True, slots=True)
class Judged:
    """One labeller's word on one version of a posting; `chosen` says how the posting came up."""

    posting_id: str
    content_hash: str
    definition_id: str
    labeller: str
    labelled_at: dt.datetime
    labels: Labels
    chosen: str
    inclusion_prob: float | None = None
    note: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """What was judged."""
        return (self.posting_id, self.content_hash)

    def as_row(self) -> dict[str, Any]:
        """The row of the table `labels`."""
        return {
            "posting_id": self.posting_id,
            "content_hash": self.content_hash,
            "definition_id": self.definition_id,
            "labeller": self.labeller,
            "labelled_at": self.labelled_at,
            **dict(zip(COLUMNS, self.labels, strict=True)),
            "chosen": self.chosen,
            "inclusion_prob": self.inclusion_prob,
            "note": self.note,
        }


def append(store: Store, judged: Sequence[Judged]) -> None:
    """Append labels."""
    if judged:
        store.append(f"labels-{uuid.uuid4().hex}", {LABELS: [one.as_row() for one in judged]})


def read_judged(store: Store, definition: str) -> list[Judged]:
    """Every labeller's latest word on each posting under a definition, in order of time."""
    if not store.exists(LABELS):
        return []
    latest: dict[tuple[str, str, str], Judged] = {}
    rows = (row for row in store.read(LABELS).to_pylist() if row["definition_id"] == definition)
    for row in sorted(rows, key=lambda row: row["labelled_at"]):
        labels = (row["ml_role"], row["cv"], row["nlp"], row["seq"])
        one = Judged(
            row["posting_id"],
            row["content_hash"],
            row["definition_id"],
            row["labeller"],
            row["labelled_at"],
            labels,
            row["chosen"],
            row["inclusion_prob"],
            row["note"],
        )
        latest[(*one.key, one.labeller)] = one
    return list(latest.values())


def by_labeller(judged: Iterable[Judged]) -> dict[str, dict[str, Labels]]:
    """For `agreement.agreement`: labeller -> posting -> labels."""
    found: dict[str, dict[str, Labels]] = defaultdict(dict)
    for one in judged:
        found[one.labeller]["\0".join(one.key)] = one.labels
    return found


def settle(votes: Sequence[Labels]) -> Labels | None:
    """What labellers agree on: the majority per column, the higher level of two positive ones; None at a tie."""
    settled = []
    for column in zip(*votes, strict=True):
        yes = sum(value > 0 for value in column)
        if 2 * yes == len(column):
            return None
        kept = Counter(value for value in column if (value > 0) == (2 * yes > len(column)))
        settled.append(max(kept, key=lambda value: (kept[value], value)))
    return (settled[0], settled[1], settled[2], settled[3])


def read_examples(store: Store, definition: str) -> tuple[list[Example], int]:
    """The labelled postings of a definition with their texts, and how many were left out because labellers
    contradict each other.

    Raises:
        EmptyError: no labels under this definition.
        InputError: labels for a posting that the store does not hold.
    """
    judged = read_judged(store, definition)
    if not judged:
        raise EmptyError(
            f"no labels of {definition} in {store.root}: run `skilldemand label`, or name a file with --labels"
        )
    votes: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judged:
        votes[one.key].append(one)
    texts = read_texts(store, votes)
    examples = []
    for key, given in votes.items():
        if key not in texts:
            raise InputError(f"labels for posting {key[0]}, which the store does not hold: import or crawl it first")
        labels = settle([one.labels for one in given])
        if labels is not None:
            chance = next((one.inclusion_prob for one in given if one.inclusion_prob), None)
            examples.append(as_example(texts[key], labels, 1 / chance if chance else None))
    return examples, len(votes) - len(examples)


def read_texts(store: Store, keys: Iterable[tuple[str, str]] | None = None) -> dict[tuple[str, str], Mapping[str, Any]]:
    """The posting versions of these keys; without keys the latest version of every posting.

    Raises:
        EmptyError: no postings in the store.
    """
    import pyarrow.compute as pc

    columns = ["posting_id", "content_hash", "source", "title", "employer", "description", "date_posted", "first_seen"]
    if keys is not None:
        wanted = set(keys)
        ids = sorted({posting_id for posting_id, _ in wanted})
        rows = store.read(POSTINGS, columns, pc.field("posting_id").isin(ids)).to_pylist()
        return {key: row for row in rows if (key := (row["posting_id"], row["content_hash"])) in wanted}
    latest: dict[str, Mapping[str, Any]] = {}
    for row in store.read(POSTINGS, columns).to_pylist():
        known = latest.get(row["posting_id"])
        if known is None or row["first_seen"] >= known["first_seen"]:
            latest[row["posting_id"]] = row
    return {(row["posting_id"], row["content_hash"]): row for row in latest.values()}


def as_example(row: Mapping[str, Any], labels: Labels, weight: float | None = None) -> Example:
    """A row of `postings` as an example."""
    year = str(row["date_posted"] or row["first_seen"] or "")[:4]
    return Example(
        row["posting_id"],
        row["title"] or "",
        row["description"] or "",
        labels,
        row["employer"],
        row["source"] or "",
        year,
        "",
        weight,
    )
