"""Frames written for the tests of the reports: drawn with a fixed seed, nothing in them is real."""

from __future__ import annotations

import datetime as dt
from collections.abc import Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from analysis.frames import Frames, complete
from nlp.records import TRACKS

if TYPE_CHECKING:
    from crawler.store import Store

HOSTILE_TITLE = (
    "<script>window.hacked=1</script><img src=x onerror='window.hacked=1'> =cmd|' /C calc'!A0 \u202e" + "w" * 10_000
)
SOURCES = ("lever", "a_collection_with_a_long_name_2012_2018")
SKILLS = {
    "python": ("Python", "languages", "", 0.72),
    "sql": ("SQL", "languages", "", 0.4),
    "java": ("Java", "languages", "", 0.18),
    "cpp": ("C++", "languages", "", 0.2),
    "pytorch": ("PyTorch", "frameworks", "", 0.38),
    "tensorflow": ("TensorFlow", "frameworks", "", 0.36),
    "keras": ("Keras", "frameworks", "", 0.14),
    "scikit-learn": ("scikit-learn", "frameworks", "", 0.2),
    "opencv": ("OpenCV", "vision", "computer_vision", 0.12),
    "detection": ("object detection", "vision", "computer_vision", 0.15),
    "llms": ("large language models", "language", "nlp", 0.25),
    "ner": ("named entity recognition", "language", "nlp", 0.08),
    "forecasting": ("time-series forecasting", "sequences", "sequence_modeling", 0.14),
    "docker": ("Docker", "operations", "", 0.3),
    "kubernetes": ("Kubernetes", "operations", "", 0.25),
    "aws": ("AWS", "operations", "", 0.33),
    "git": ("Git", "operations", "", 0.22),
    "react": ("React", "web", "", 0.07),
    "rest": ("REST APIs", "web", "", 0.12),
    "hostile": ("<b>x</b><a href='javascript:alert(1)'>=1+1</a>", "web", "", 0.09),
}
PLACES = {"": [], "US": ["Austin, TX"], "DE": ["Berlin, Germany"], "GB": ["London, UK"], "IN": ["Pune, India"]}
CATEGORIES = {
    "languages": "Programming languages",
    "frameworks": "ML frameworks",
    "vision": "Computer vision",
    "language": "Language",
    "sequences": "Sequences",
    "operations": "Operations",
    "web": "Web",
}


def catalog() -> Catalog:
    """Twenty skills in seven categories and three foundation groups."""
    ids = tuple(SKILLS)
    column = list(zip(*SKILLS.values(), strict=True))
    groups = {
        "ml": ("Machine learning", ("frameworks",)),
        "software": ("Software engineering", ("languages", "operations")),
        "web": ("Web applications", ("web",)),
    }
    return Catalog(
        ids=ids,
        names=column[0],
        categories=column[1],
        category_names=CATEGORIES,
        tracks=column[2],
        implied=((),) * len(ids),
        groups={
            g: (name, tuple(i for i, c in enumerate(column[1]) if c in cats)) for g, (name, cats) in groups.items()
        },
    )


def frames(postings: int = 600, employers: int = 80, seed: int = 7) -> Frames:
    """ML postings of employers of very different sizes, with two sources, four years, pay and hostile
    texts."""
    draw = np.random.default_rng(seed)
    size = 1 / np.arange(1, employers + 1)
    employer = draw.choice(employers, postings, p=size / size.sum())
    lean = draw.normal(0, 0.8, (employers, len(SKILLS)))
    base = np.array([one[3] for one in SKILLS.values()])
    chance = 1 / (1 + np.exp(-(np.log(base / (1 - base)) + lean[employer])))
    asked = draw.random(chance.shape) < chance
    posting, skill = np.nonzero(asked)
    tracks = {
        track: asked[:, [i for i, one in enumerate(SKILLS.values()) if one[2] == track]].any(axis=1)
        for track in ("computer_vision", "nlp", "sequence_modeling")
    }
    first = pd.Timestamp("2021-01-01") + pd.to_timedelta(draw.integers(0, 4 * 365, postings), unit="D")
    low = draw.normal(120_000, 20_000, postings).round(-3)
    table = pd.DataFrame(
        {
            "posting_id": [f"{SOURCES[i % 3 == 0]}:board:{i}" for i in range(postings)],
            "content_hash": [f"{i:032x}" for i in range(postings)],
            "source": [SOURCES[i % 3 == 0] for i in range(postings)],
            "board": "board",
            "employer": [f"Employer {e}" if e else "=1+1 <i>Employer</i>" for e in employer],
            "employer_id": [f"employer-{e}" for e in employer],
            "employer_name": [f"Employer {e}" for e in employer],
            "title": HOSTILE_TITLE,
            "url": "javascript:alert(1)",
            "date_posted": first,
            "first_seen": first,
            "last_seen": first,
            "seniority": draw.choice(["", "junior", "mid", "senior", "lead"], postings),
            "workplace": draw.choice(["", "remote", "hybrid", "onsite"], postings),
            "country": draw.choice(["", "US", "DE", "GB", "IN"], postings),
            "pay_min_year": np.where(draw.random(postings) < 0.6, low, np.nan),
            "pay_max_year": np.where(draw.random(postings) < 0.6, low + 20_000, np.nan),
            "salary_currency": "USD",
            "ml_role": True,
            "ml_role_probability": 0.9,
            **tracks,
            **{f"{name}_probability": values * 0.8 + 0.1 for name, values in tracks.items()},
        }
    )
    mentions = pd.DataFrame(
        {
            "posting": posting.astype("int32"),
            "skill": skill.astype("int32"),
            "level": draw.choice([0, 0, 1], len(posting)).astype("int8"),
        }
    )
    return Frames(complete(table), mentions, catalog())


def store(folder: Path, made: Frames, texts: bool = True) -> Store:
    """A store with a text for every posting of `made`, where each mention stands in a hostile sentence of its own, and
    the posting says its seniority, workplace and country in further ones; empty texts where `texts` is False."""
    from crawler.store import Store
    from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
    from nlp.tables import MENTIONS, TAGGINGS

    now = dt.datetime(2025, 1, 2, tzinfo=dt.UTC)
    names, ids = list(SKILLS.values()), list(SKILLS)
    by_posting: dict[int, list[tuple[int, int]]] = {}
    for posting, skill, level in made.mentions.itertuples(index=False):
        by_posting.setdefault(int(posting), []).append((int(skill), int(level)))
    postings, sightings, mentions, taggings = [], [], [], []
    for number, row in enumerate(made.postings.to_dict("records")):
        key = {"posting_id": row["posting_id"], "content_hash": row["content_hash"]}
        text = "<script>window.hacked=1</script> \u202eabout us " + "w" * 300 + "\n"
        for skill, level in by_posting.get(number, []):
            sentence = f"- You <b onclick='window.hacked=1'>know</b> {names[skill][0]} & more."
            start = len(text) + sentence.index(names[skill][0])
            mentions.append(
                key
                | {"tagger_id": "t", "skill": ids[skill], "level": ("required", "preferred", "context")[level]}
                | {"surface": names[skill][0], "start": start, "end": start + len(names[skill][0])}
                | {"sentence_start": len(text), "sentence_end": len(text) + len(sentence), "rule": "<i>cue</i>"}
            )
            text += sentence + "\n"
        text += f"Seniority level: {row['seniority']}\n" if row["seniority"] else ""
        kept = ("source", "board", "url", "title", "employer", "date_posted", "synthetic")
        postings.append(
            key
            | {name: row[name] for name in kept}
            | {"source_id": str(number), "locations": PLACES[row["country"]], "workplace": row["workplace"] or None}
            | {"description": text if texts else "", "crawl_id": "c", "first_seen": now}
        )
        sightings.append(key | {"crawl_id": "c", "seen_at": now})
        taggings.append(_tagging(row, key, now))
    crawl = {"crawl_id": "c", "board": "lever:board", "source": "lever", "status": "ok", "obtained": len(postings)}
    made_store = Store(folder)
    made_store.append("one", {POSTINGS: postings, SIGHTINGS: sightings, CRAWLS: [crawl | {"started_at": now}]})
    made_store.append("tag", {MENTIONS: mentions, TAGGINGS: taggings})
    return made_store


def _tagging(row: dict[Hashable, Any], key: dict[str, Any], now: dt.datetime) -> dict[str, Any]:
    said: dict[str, Any] = key | {"tagger_id": "t", "language": "en", "tagged_at": now, "salary_currency": "USD"}
    said |= {name: row[name] for name in ("ml_role", "ml_role_probability", "pay_min_year", "pay_max_year")}
    said |= {name: row[name] or None for name in ("seniority", "workplace", "country")}
    for track in TRACKS:
        said |= {track: row[track], f"{track}_probability": row[f"{track}_probability"]}
        said[f"{track}_evidence"] = [{"start": 0, "end": 40}] if row[track] else []
    return said
