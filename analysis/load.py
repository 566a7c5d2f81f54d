"""From the store to frames, without ever holding the descriptions: they are streamed past once, for the duplicates."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from analysis.catalog import Catalog, from_taxonomy
from analysis.duplicates import vacancies
from analysis.employers import identify
from analysis.frames import CRAWL_COLUMNS, LABEL_COLUMNS, Frames, complete, day
from analysis.intervals import Array
from analysis.openness import naive, with_sightings
from analysis.signatures import signed
from crawler.errors import EmptyError
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS
from nlp.records import LEVELS, TRACKS
from nlp.tables import LABELS, MENTIONS, TAGGINGS
from nlp.taxonomy import Taxonomy, load_taxonomy
from nlp.tracks.splits import TEST, employer_key, share

_POSTING = [
    "posting_id",
    "content_hash",
    "source",
    "board",
    "url",
    "title",
    "employer",
    "locations",
    "date_posted",
    "valid_through",
    "first_seen",
    "synthetic",
]
_TAGGING = [
    "posting_id",
    "content_hash",
    "tagger_id",
    "tagged_at",
    "language",
    "ml_role",
    "ml_role_probability",
    *TRACKS,
    *(f"{track}_probability" for track in TRACKS),
    "seniority",
    "workplace",
    "country",
    "min_years",
    "pay_min_year",
    "pay_max_year",
    "salary_currency",
]


def load(store: Store, *, duplicates: bool = True, taxonomy: Taxonomy | None = None) -> Frames:
    """The latest version of every tagged posting with its latest tagging and that tagging's mentions.

    Args:
        store: where postings and taggings are.
        duplicates: group the near copies of the ML postings by their texts; without it each posting is a vacancy.
        taxonomy: names and relations of the skills, the shipped one by default.

    Raises:
        EmptyError: no postings, or none tagged.
    """
    latest = _latest_versions(store)
    if not store.exists(TAGGINGS):
        raise EmptyError(f"{len(latest)} postings in {store.root}, none of them tagged: run `skilldemand tag` first")
    postings = latest.merge(_latest_taggings(store), on=["posting_id", "content_hash"], how="inner")
    postings = postings.sort_values("posting_id", ignore_index=True)
    postings = postings.assign(employer=postings["employer"].fillna(""), title=postings["title"].fillna(""))
    postings = postings.join(identify(postings))
    tagger = postings["tagger_id"].to_numpy()
    frame = complete(postings)
    if duplicates:
        frame = frame.assign(vacancy=_vacancies(store, frame))
    catalog, mentions = _mentions(store, frame, tagger, taxonomy or load_taxonomy())
    return Frames(
        frame,
        mentions,
        catalog,
        labels=_labels(store),
        crawls=_table(store, CRAWLS, list(CRAWL_COLUMNS)),
        untagged=len(latest) - len(frame),
    )


def _table(store: Store, table: Any, columns: list[str]) -> pd.DataFrame:
    if not store.exists(table):
        return pd.DataFrame(columns=columns)
    frame: pd.DataFrame = store.read(table, columns).to_pandas()
    return frame


def _labels(store: Store) -> pd.DataFrame:
    """The randomly drawn labels, the latest of each posting, with `held_out`: never trained on (nlp.tracks.splits)."""
    columns = [*LABEL_COLUMNS, "definition_id", "labelled_at"]
    labels = _table(store, LABELS, columns)
    labels = labels[labels["inclusion_prob"].notna()].sort_values("labelled_at", kind="stable")
    labels = labels.drop_duplicates("posting_id", keep="last")
    if not len(labels):
        return labels.assign(held_out=pd.Series(dtype=bool))
    wanted = pc.field("posting_id").isin(labels["posting_id"].tolist())
    texts = store.read(POSTINGS, ["posting_id", "employer", "description"], wanted).to_pylist()
    keys = {row["posting_id"]: employer_key(row["employer"], row["description"] or "") for row in texts}
    shares = [
        share(keys.get(posting, ""), definition)
        for posting, definition in zip(labels["posting_id"], labels["definition_id"], strict=True)
    ]
    return labels.assign(held_out=np.array(shares) < TEST).reset_index(drop=True)


def _latest_versions(store: Store) -> pd.DataFrame:
    """One row per posting: its latest version; when any version was first and last seen, and whether it is closed."""
    table = store.read(POSTINGS, _POSTING)
    locations = [("; ".join(one) if one else "") for one in table["locations"].to_pylist()]
    frame: pd.DataFrame = table.drop_columns(["locations"]).to_pandas().assign(location=locations)
    for column in ("date_posted", "valid_through", "first_seen"):
        frame[column] = naive(frame[column])
    frame = frame.sort_values(["first_seen", "content_hash"], kind="stable")
    earliest = frame.groupby("posting_id")["first_seen"].min()
    frame = frame.drop_duplicates("posting_id", keep="last")
    frame["first_seen"] = frame["posting_id"].map(earliest)
    return with_sightings(store, frame)


def _latest_taggings(store: Store) -> pd.DataFrame:
    frame: pd.DataFrame = store.read(TAGGINGS, _TAGGING).to_pandas()
    frame = frame.sort_values(["tagged_at", "tagger_id"], kind="stable")
    return frame.drop_duplicates(["posting_id", "content_hash"], keep="last").drop(columns="tagged_at")


def _vacancies(store: Store, frame: pd.DataFrame) -> Array:
    """The vacancy numbers; postings that are no ML role are vacancies of their own."""
    numbers = np.arange(len(frame))
    wanted = frame[frame["ml_role"]].reset_index(drop=True)

    def texts(hashes: Collection[str]) -> Iterator[tuple[str, str]]:
        for batch in store.scan(POSTINGS, ["content_hash", "description"]):
            keys = batch["content_hash"].to_pylist()
            for at, key in enumerate(keys):
                if key in hashes:
                    yield key, batch["description"][at].as_py() or ""

    signature = signed(store, wanted["content_hash"], texts)
    group = vacancies(wanted.assign(day=day(wanted)), signature)
    places = np.flatnonzero(frame["ml_role"].to_numpy())
    numbers[places] = places[group]
    return numbers


def _mentions(store: Store, frame: pd.DataFrame, tagger: Array, taxonomy: Taxonomy) -> tuple[Catalog, pd.DataFrame]:
    """The mentions of exactly these postings, versions and taggings, in number codes."""
    ids = pd.Index(frame["posting_id"])
    hashes, hash_index = pd.factorize(frame["content_hash"])
    taggers, tagger_index = pd.factorize(tagger)
    skills: dict[str, int] = {}
    parts: list[tuple[Array, Array, Array]] = []
    for batch in _chunks(store) if store.exists(MENTIONS) else ():
        row = _codes(batch["posting_id"], ids)
        fits = row >= 0
        fits &= _codes(batch["content_hash"], pd.Index(hash_index)) == hashes[row]
        fits &= _codes(batch["tagger_id"], pd.Index(tagger_index)) == taggers[row]
        parts.append(
            (
                row[fits].astype(np.int32),
                _numbers(batch["skill"], skills)[fits],
                _codes(batch["level"], pd.Index(LEVELS))[fits],
            )
        )
    catalog = from_taxonomy(taxonomy, also=sorted(skills))
    place = np.array([catalog.number[skill] for skill in skills], np.int32)
    columns = [np.concatenate([np.zeros(0, np.int32), *(part[i] for part in parts)]) for i in range(3)]
    skill = place[columns[1]] if skills else columns[1]
    return catalog, pd.DataFrame({"posting": columns[0], "skill": skill, "level": columns[2].astype(np.int8)})


def _chunks(store: Store, rows: int = 500_000) -> Iterator[pa.Table]:
    """Mentions in large tables: looking up codes costs by table, not by row."""
    held: list[pa.RecordBatch] = []
    count = 0
    for batch in store.scan(MENTIONS, ["posting_id", "content_hash", "tagger_id", "skill", "level"]):
        held.append(batch)
        count += batch.num_rows
        if count >= rows:
            yield pa.Table.from_batches(held)
            held, count = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _codes(column: pa.ChunkedArray, index: pd.Index[Any]) -> Array:
    """The place of each value in the index, -1 for none."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    place = index.get_indexer(pd.Index(encoded.dictionary.to_pylist()))
    codes: Array = place[encoded.indices.to_numpy(zero_copy_only=False)]
    return codes


def _numbers(column: pa.ChunkedArray, known: dict[str, int]) -> Array:
    """The number of each value in `known`, which grows."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    place = np.array([known.setdefault(value, len(known)) for value in encoded.dictionary.to_pylist()], np.int32)
    numbers: Array = place[encoded.indices.to_numpy(zero_copy_only=False)]
    return numbers
