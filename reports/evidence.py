"""Example postings behind a mark: the sentence that shows what was counted, and the rule that decided.

Postings are chosen by their numbers (reports.choose); then the store is read once for all of them. Reference data
holds no texts, so a report of it has no examples and says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp.records import TRACKS
from reports.choose import Chooser
from reports.page import web_link
from reports.quotes import Pieces, cut, short, stating
from reports.report import Drill, Example, Wanted
from reports.tables import missing

if TYPE_CHECKING:
    from analysis.population import Population
    from crawler.store import Store

_LEVELS = {"required": 0, "preferred": 1}
_KEY = ("posting_id", "content_hash")
_MENTION = [*_KEY, "tagger_id", "skill", "level", "start", "end", "sentence_start", "sentence_end", "rule"]
_TAGGING = [*_KEY, "tagger_id", "tagged_at"]
_TAGGING += [f"{track}{end}" for track in TRACKS for end in ("", "_probability", "_evidence")]
_POSTING = [*_KEY, "source", "url", "title", "employer", "date_posted", "locations", "workplace", "description"]

Key = tuple[str, str]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Texts:
    """What the store holds of the chosen postings: texts, mentions and the latest tagging of each."""

    postings: Mapping[Key, Row]
    mentions: Mapping[Key, Sequence[Row]]
    taggings: Mapping[Key, Row]


def drills(store: Store, parts: Sequence[tuple[Population, Sequence[Wanted]]], number: int) -> list[list[Drill]]:
    """For each of `parts`, marks and the postings that their rows number, its drills with at most `number` examples
    each; a mark for which no text shows an example has none."""
    if number < 1:
        return [[] for _ in parts]
    choosers = {id(population): Chooser(population) for population, _ in parts}
    chosen = [[_choose(choosers[id(population)], one, number) for one in marks] for population, marks in parts]
    texts = _read(store, [one for part in chosen for one in part])
    found = [[_drill(one, texts, number) for one in part] for part in chosen]
    return [[drill for drill in part if drill.examples] for part in found]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A mark with the numbers and keys of the postings chosen for it, the best first."""

    wanted: Wanted
    rows: Sequence[int]
    keys: Sequence[Key]


def _choose(chooser: Chooser, wanted: Wanted, number: int) -> Chosen:
    rows = chooser.choose(wanted, number)
    few = chooser.population.postings.iloc[rows]
    return Chosen(wanted, rows.tolist(), list(zip(*(few[name] for name in _KEY), strict=True)))


def _drill(chosen: Chosen, texts: Texts, number: int) -> Drill:
    wanted, examples = chosen.wanted, list[Example]()
    for row, key in zip(chosen.rows, chosen.keys, strict=True):
        one = _example(wanted, key, texts, "" if wanted.note is None else wanted.note(row))
        if one is not None:
            examples.append(one)
        if len(examples) == number:
            break
    return Drill(wanted.key, wanted.label, tuple(examples))


def _read(store: Store, chosen: Iterable[Chosen]) -> Texts:
    """Texts, mentions and taggings of the chosen postings, each table read once."""
    named: dict[str, set[Key]] = defaultdict(set)
    skills: set[str] = set()
    for one in chosen:
        kind = "skills" if one.wanted.skills else "tracks" if one.wanted.tracks else "facts"
        named[kind].update(one.keys)
        skills.update(one.wanted.skills)
    postings = _rows(store, "postings", _POSTING, named["skills"] | named["tracks"] | named["facts"])
    said = _rows(store, "taggings", _TAGGING, named["skills"] | named["tracks"])
    taggings = {_key(row): row for row in sorted(said, key=lambda row: (row["tagged_at"], row["tagger_id"]))}
    mentions: dict[Key, list[Row]] = defaultdict(list)
    for row in _rows(store, "mentions", _MENTION, named["skills"], {"skill": skills, "level": set(_LEVELS)}):
        # Only what the latest tagging found was counted.
        if row["tagger_id"] == taggings.get(_key(row), row)["tagger_id"]:
            mentions[_key(row)].append(row)
    return Texts({_key(row): row for row in postings}, mentions, taggings)


def _key(row: Row) -> Key:
    return row["posting_id"], row["content_hash"]


def _rows(
    store: Store, table: str, columns: list[str], keys: set[Key], among: Mapping[str, set[str]] | None = None
) -> list[dict[str, Any]]:
    """The rows of a table that belong to `keys`, those of other versions of a posting left out."""
    import pyarrow.compute as pc

    if not keys or not store.exists(table):
        return []
    wanted = pc.field("posting_id").isin(sorted({one for one, _ in keys}))
    for name, values in (among or {}).items():
        wanted &= pc.field(name).isin(sorted(values))
    batches = (batch.to_pylist() for batch in store.scan(table, columns=columns, filter=wanted))
    return [row for rows in batches for row in rows if _key(row) in keys]


def _example(wanted: Wanted, key: Key, texts: Texts, note: str) -> Example | None:
    posting = texts.postings.get(key)
    if posting is None or not posting["description"]:
        return None
    if wanted.skills:
        found = _of_skill(posting, texts.mentions.get(key, ()), wanted.skills)
    elif wanted.tracks:
        found = _of_track(posting, texts.taggings.get(key), wanted.tracks)
    else:
        found = None if wanted.fact is None else _of_fact(posting, wanted.fact, wanted.label)
    return None if found is None else _shown(posting, *found, note)


Found = tuple[Pieces, str, str]
"""The sentence's pieces, what the posting says by it, and the rule that decided."""


def _of_skill(posting: Row, mentions: Iterable[Row], skills: tuple[str, ...]) -> Found | None:
    asked = [row for row in mentions if row["skill"] in skills]
    for row in sorted(asked, key=lambda row: (_LEVELS[row["level"]], row["start"])):
        pieces = cut(
            posting["description"] or "",
            (int(row["start"]), int(row["end"])),
            (int(row["sentence_start"]), int(row["sentence_end"])),
        )
        if pieces is not None:
            return pieces, str(row["level"]), str(row["rule"])
    return None


def _of_track(posting: Row, tagging: Row | None, tracks: tuple[str, ...]) -> Found | None:
    carried = [track for track in tracks if tagging is not None and tagging[track] and tagging[f"{track}_evidence"]]
    if tagging is None or not carried:
        return None
    track = max(carried, key=lambda one: float(tagging[f"{one}_probability"]))
    span = tagging[f"{track}_evidence"][0]
    pieces = cut(posting["description"] or "", (span["start"], span["end"]), (span["start"], span["end"]))
    probability = tagging[f"{track}_probability"]
    rule = f"track classifier, probability {f'{probability:.2f}' if probability < 0.995 else 'over 0.99'}"
    return None if pieces is None else (pieces, f"asks for {NAMES[track]}", rule)


NAMES = {"computer_vision": "computer vision", "nlp": "NLP", "sequence_modeling": "sequence modeling"}
"""The tracks in a word or two."""


def _of_fact(posting: Row, fact: tuple[str, str], word: str) -> Found | None:
    found = stating(posting, *fact)
    return None if found is None else (found[0], word, found[1])


def _shown(posting: Row, pieces: Pieces, level: str, rule: str, note: str) -> Example:
    date = posting["date_posted"]
    return Example(
        title=short(posting["title"]),
        employer=short(posting["employer"]),
        source=short(posting["source"]),
        date="" if missing(date) else str(date)[:10],
        url=web_link(posting["url"]),
        before=pieces[0],
        marked=pieces[1],
        after=pieces[2],
        level=level,
        rule=rule,
        note=note,
    )
