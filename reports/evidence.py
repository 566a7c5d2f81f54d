"""Example postings behind a bar: the sentence with the skill marked, and the rule that decided its level.

Texts come from the store at the time the report is made. Reference data holds no texts, so a report of it
has no examples and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nlp.records import TRACKS
from reports.report import Drill, Example, Wanted, web_link
from reports.tables import missing, records

if TYPE_CHECKING:
    import pandas as pd

    from crawler.store import Store

CLIP = 240
"""Characters shown at most before and after the mark."""

_HELD = 200_000  # mentions held at a time while looking
_LEVELS = {"required": 0, "preferred": 1}
_MENTION = [
    "posting_id",
    "content_hash",
    "tagger_id",
    "skill",
    "level",
    "start",
    "end",
    "sentence_start",
    "sentence_end",
    "rule",
]
_POSTING = ["posting_id", "content_hash", "source", "url", "title", "employer", "date_posted", "description"]


def cut(text: str, span: tuple[int, int], sentence: tuple[int, int]) -> tuple[str, str, str] | None:
    """The sentence in three pieces (before, marked, after), white space folded, long ends clipped; None if
    it is not a place of `text`."""
    (start, end), (first, last) = span, sentence
    first, last = min(first, start), max(last, end)
    if not (0 <= first <= start < end <= last <= len(text)):
        return None
    before, marked, after = (_folded(text[a:b]) for a, b in ((first, start), (start, end), (end, last)))
    if len(before) > CLIP:
        before = "…" + before[-CLIP:]
    if len(after) > CLIP:
        after = after[:CLIP] + "…"
    return before.lstrip(), marked if len(marked) <= 2 * CLIP else marked[: 2 * CLIP] + "…", after.rstrip()


def _folded(text: str) -> str:
    """Runs of white space as one space, kept at the ends, where they separate the mark from its
    neighbours."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def pick(mentions: pd.DataFrame, number: int, spare: bool = False) -> pd.DataFrame:
    """At most `number` of the mentions: one per employer, required before preferred, the sources by turns,
    each source's newest first. `spare` keeps twice as many of every source instead, enough to pick from
    later."""
    order = ["_level", "date_posted", "posting_id", "start"]
    ordered = mentions.assign(_level=mentions["level"].astype(str).map(_LEVELS)).dropna(subset=["_level"])
    ordered = ordered.sort_values(order, ascending=[True, False, True, True], na_position="last", kind="stable")
    who = ordered["employer_id"].where(ordered["employer_id"] != "", ordered["posting_id"])
    ordered = ordered[~who.duplicated()]
    turn = ordered.groupby(["_level", "source"]).cumcount()
    if spare:
        return ordered[turn < 2 * number]
    ordered = ordered.assign(_turn=turn)
    order = ["_level", "_turn", "date_posted", "posting_id"]
    return ordered.sort_values(order, ascending=[True, True, False, True], na_position="last").head(number)


@dataclass(frozen=True, slots=True)
class Request:
    """Examples for some bars, from the postings of `track` (None: of all)."""

    wanted: Sequence[Wanted]
    track: str | None = None


def skill_drills(
    store: Store, population: pd.DataFrame, requests: Sequence[Request], per_bar: int = 3
) -> list[list[Drill]]:
    """For each request its drills; mentions and texts are each read once for all of them.

    Args:
        population: one row per posting with posting_id, content_hash, employer_id, date_posted, source and
            a bool column per track; what is left of the filters.
    """
    found = _mentions(store, population, requests, per_bar)
    if found is None:
        return [[] for _ in requests]
    chosen = [_picked(found, request, per_bar) for request in requests]
    texts = _postings(store, {one for rows in chosen for one in rows["posting_id"]})
    return [_drills(rows, request, texts) for rows, request in zip(chosen, requests, strict=True)]


def _picked(mentions: pd.DataFrame, request: Request, per_bar: int, spare: bool = False) -> pd.DataFrame:
    """The rows picked for every bar of a request, with the bar's key in `bar`."""
    import pandas as pd

    rows = mentions if request.track is None else mentions[mentions[request.track]]
    parts = [rows.iloc[:0].assign(bar="")]
    for one in request.wanted:
        own = rows[rows["skill"].isin(one.skills)].assign(bar=one.key)
        parts.append(pick(own, per_bar, spare))
    return pd.concat(parts)


def _drills(rows: pd.DataFrame, request: Request, texts: Mapping[tuple[str, str], Mapping[str, Any]]) -> list[Drill]:
    drills = []
    for one in request.wanted:
        shown = [_example(row, texts) for row in records(rows[rows["bar"] == one.key])]
        examples = tuple(example for example in shown if example is not None)
        if examples:
            drills.append(Drill(one.key, one.label, examples))
    return drills


def _mentions(store: Store, population: pd.DataFrame, requests: Sequence[Request], per_bar: int) -> pd.DataFrame | None:
    """The mentions that any request may pick; memory hangs on the bars and not on the store, as what cannot
    be picked any more is dropped on the way."""
    import pandas as pd
    import pyarrow.compute as pc

    skills = sorted({skill for request in requests for one in request.wanted for skill in one.skills})
    if not store.exists("mentions") or not skills:
        return None
    known = population[["posting_id", "content_hash", "employer_id", "date_posted", "source", *TRACKS]]
    asked = pc.field("skill").isin(skills) & pc.field("level").isin(list(_LEVELS))
    kept: list[pd.DataFrame] = []
    size = 0
    for batch in store.scan("mentions", columns=_MENTION, filter=asked):
        kept.append(batch.to_pandas().merge(known, on=["posting_id", "content_hash"], how="inner"))
        size += len(kept[-1])
        if size > _HELD:
            everything = pd.concat(kept, ignore_index=True)
            picked = pd.concat([_picked(everything, request, per_bar, spare=True) for request in requests])
            kept = [everything.loc[picked.index.unique()]]
            size = len(kept[0])
    return pd.concat(kept, ignore_index=True) if size else None


def _postings(store: Store, ids: Iterable[str]) -> dict[tuple[str, str], dict[str, Any]]:
    import pyarrow.compute as pc

    wanted = sorted(set(ids))
    if not wanted:
        return {}
    table = store.read("postings", columns=_POSTING, filter=pc.field("posting_id").isin(wanted))
    return {(row["posting_id"], row["content_hash"]): row for row in table.to_pylist()}


def _example(row: Mapping[str, Any], texts: Mapping[tuple[str, str], Mapping[str, Any]]) -> Example | None:
    posting = texts.get((row["posting_id"], row["content_hash"]))
    if posting is None:
        return None
    pieces = cut(
        posting["description"] or "",
        (int(row["start"]), int(row["end"])),
        (int(row["sentence_start"]), int(row["sentence_end"])),
    )
    return None if pieces is None else _shown(posting, pieces, str(row["level"]), str(row["rule"]))


def _shown(posting: Mapping[str, Any], pieces: tuple[str, str, str], level: str, rule: str) -> Example:
    date = posting["date_posted"]
    return Example(
        title=_short(posting["title"]),
        employer=_short(posting["employer"]),
        source=_short(posting["source"]),
        date="" if missing(date) else str(date)[:10],
        url=web_link(posting["url"]),
        before=pieces[0],
        marked=pieces[1],
        after=pieces[2],
        level=level,
        rule=rule,
    )


def _short(text: str | None, length: int = 120) -> str:
    line = " ".join((text or "").split())
    return line if len(line) <= length else line[: length - 1] + "…"


def track_drills(store: Store, population: pd.DataFrame, names: Mapping[str, str], per_track: int = 3) -> list[Drill]:
    """Drills for the tracks: postings that carry one, with the sentence that carried it.

    Args:
        population: posting_id, employer_id, and per track a bool column and `<track>_probability`.
    """
    import pyarrow.compute as pc

    chosen = {}
    for track in TRACKS:
        rows = population[population[track].astype(bool)]
        rows = rows.sort_values([f"{track}_probability", "posting_id"], ascending=[False, True], kind="stable")
        chosen[track] = rows.drop_duplicates("employer_id").head(4 * per_track)["posting_id"].tolist()
    ids = sorted({one for some in chosen.values() for one in some})
    if not ids or not store.exists("taggings"):
        return []
    columns = ["posting_id", "content_hash", "tagger_id"]
    columns += [f"{track}{end}" for track in TRACKS for end in ("_probability", "_evidence")]
    taggings = store.read("taggings", columns=columns, filter=pc.field("posting_id").isin(ids)).to_pylist()
    texts = _postings(store, ids)
    by_posting = {row["posting_id"]: row for row in taggings if (row["posting_id"], row["content_hash"]) in texts}
    drills = []
    for track, some in chosen.items():
        examples = [_track_example(by_posting.get(one), texts, track) for one in some]
        kept = tuple(one for one in examples if one is not None)[:per_track]
        if kept:
            drills.append(Drill(track, names[track], kept))
    return drills


def _track_example(
    row: Mapping[str, Any] | None, texts: Mapping[tuple[str, str], Mapping[str, Any]], track: str
) -> Example | None:
    if row is None or not row[f"{track}_evidence"]:
        return None
    posting = texts[row["posting_id"], row["content_hash"]]
    span = row[f"{track}_evidence"][0]
    pieces = cut(posting["description"] or "", (span["start"], span["end"]), (span["start"], span["end"]))
    if pieces is None:
        return None
    rule = f"track classifier, probability {row[f'{track}_probability']:.2f}"
    return _shown(posting, pieces, "asks for the track", rule)
