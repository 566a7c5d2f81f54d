"""Example postings behind a bar: the sentence with the skill marked, and the rule that decided its level.

Texts come from the store at the time the report is made. Reference data holds no texts, so a report of it
has no examples and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from nlp.records import TRACKS
from reports.report import Drill, Example, web_link
from reports.tables import missing, records

if TYPE_CHECKING:
    import pandas as pd

    from crawler.store import Store

CLIP = 240
"""Characters shown at most before and after the mark."""

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


def pick(mentions: pd.DataFrame, per_skill: int) -> pd.DataFrame:
    """At most `per_skill` mentions of each skill: one per employer, required before preferred, newest
    first."""
    ordered = mentions.assign(_level=mentions["level"].astype(str).map(_LEVELS)).dropna(subset=["_level"])
    ordered = ordered.sort_values(
        ["skill", "_level", "date_posted", "posting_id", "start"],
        ascending=[True, True, False, True, True],
        na_position="last",
        kind="stable",
    )
    who = ordered["employer_id"].where(ordered["employer_id"] != "", ordered["posting_id"])
    ordered = ordered.assign(_who=who).drop_duplicates(["skill", "posting_id"]).drop_duplicates(["skill", "_who"])
    return ordered.groupby("skill", sort=False).head(per_skill)


def skill_drills(
    store: Store, population: pd.DataFrame, skills: Sequence[tuple[str, str]], per_skill: int = 3
) -> list[Drill]:
    """Drills for `skills` (id, name) from the postings of `population`.

    Args:
        population: one row per posting with posting_id, content_hash, employer_id, date_posted; what is
            left of the filters.
    """
    wanted = [skill for skill, _ in skills]
    found = _mentions(store, wanted, population)
    if found is None:
        return []
    chosen = pick(found, per_skill)
    texts = _postings(store, chosen["posting_id"].tolist())
    drills = []
    for skill, name in skills:
        rows = records(chosen[chosen["skill"] == skill])
        examples = tuple(one for one in (_example(row, texts) for row in rows) if one is not None)
        if examples:
            drills.append(Drill(skill, name, examples))
    return drills


def _mentions(store: Store, skills: Sequence[str], population: pd.DataFrame) -> pd.DataFrame | None:
    import pandas as pd
    import pyarrow.compute as pc

    if not store.exists("mentions") or not skills:
        return None
    known = population[["posting_id", "content_hash", "employer_id", "date_posted"]].drop_duplicates("posting_id")
    asked = pc.field("skill").isin(list(skills)) & pc.field("level").isin(list(_LEVELS))
    frames = []
    for batch in store.scan("mentions", columns=_MENTION, filter=asked):
        frame = batch.to_pandas()
        if len(frame):
            frames.append(frame.merge(known, on=["posting_id", "content_hash"], how="inner"))
    return pd.concat(frames, ignore_index=True) if frames else None


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
