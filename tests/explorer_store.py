"""A made-up population for the tests and benchmarks of the explorer: written texts, drawn at random, never real ads."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from analysis.frames import Frames, complete
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
from nlp.records import LEVELS, SENIORITIES, TRACKS
from nlp.tables import MENTIONS, TAGGINGS

CATEGORIES = {
    "languages": "Programming languages",
    "frameworks": "Deep learning frameworks",
    "vision": "Computer vision",
    "language": "Natural language processing",
    "series": "Time series",
    "web": "Web and data engineering",
}
NAMES = {
    "languages": ["Python", "SQL", "Java", "C++", "R", "Go", "Scala", "Rust"],
    "frameworks": ["PyTorch", "TensorFlow", "Keras", "scikit-learn", "JAX", "XGBoost"],
    "vision": ["OpenCV", "Object detection", "Image segmentation", "YOLO", "Image classification"],
    "language": ["Transformers", "BERT", "Large language models", "spaCy", "Text classification", "LangChain"],
    "series": ["Forecasting", "LSTM", "Anomaly detection", "Prophet"],
    "web": ["Docker", "Kubernetes", "AWS", "Spark", "Airflow", "Flask", "React", "Git"],
}
HOSTILE = [
    "<script>window.hacked=1</script>",
    "=cmd|' /C calc'!A0",
    '\u202eevil\u202c "quotes" & <b>bold</b>',
    "<img src=x onerror=window.hacked=1>",
    "W" * 10_000,
]


def catalog() -> Catalog:
    """The skills of NAMES, ids made of the names, nothing implied."""
    pairs = [(name, category) for category, names in NAMES.items() for name in names]
    ids = tuple(name.lower().replace(" ", "-").replace("+", "p") for name, _ in pairs)
    return Catalog(
        ids=ids,
        names=tuple(name for name, _ in pairs),
        categories=tuple(category for _, category in pairs),
        category_names=CATEGORIES,
        tracks=tuple("" for _ in ids),
        implied=tuple(() for _ in ids),
        groups={},
    )


def frames(postings: int = 600, seed: int = 7, hostile: bool = True, employers: int | None = None) -> Frames:
    """`postings` made-up postings with 4 to 16 skills each; `hostile` puts texts of attackers into the first rows."""
    rng = np.random.default_rng(seed)
    employers = employers or max(postings // 6, 5)
    employer = np.minimum(rng.zipf(1.4, postings), employers)
    some_date = rng.random(postings) < 0.85
    days = pd.to_datetime("2019-01-01") + pd.to_timedelta(rng.integers(0, 2500, postings), "D")
    pay = np.where(rng.random(postings) < 0.3, rng.normal(150_000, 30_000, postings).round(-3), np.nan)
    tracks = rng.random((postings, 3)) < [0.25, 0.4, 0.2]
    data = pd.DataFrame(
        {
            "posting_id": [f"made:board{i % 5}:{i}" for i in range(postings)],
            "content_hash": [f"{i:016x}" for i in range(postings)],
            "source": rng.choice(["boardly", "hirely", "forum"], postings, p=[0.6, 0.3, 0.1]),
            "employer": [f"Employer {e}" for e in employer],
            "employer_id": [f"employer-{e}" for e in employer],
            "employer_name": [f"Employer {e}" for e in employer],
            "title": [f"Machine learning engineer {i}" for i in range(postings)],
            "url": [f"https://jobs.example/{i}" for i in range(postings)],
            "date_posted": days.where(some_date),
            "first_seen": pd.Timestamp("2026-01-05"),
            "seniority": rng.choice(["", *SENIORITIES], postings, p=[0.4, 0.02, 0.08, 0.1, 0.25, 0.1, 0.05]),
            "workplace": rng.choice(["", "remote", "hybrid", "onsite"], postings, p=[0.5, 0.2, 0.2, 0.1]),
            "country": rng.choice(["", "US", "GB", "DE", "FR", "IN"], postings, p=[0.3, 0.4, 0.1, 0.1, 0.05, 0.05]),
            "pay_min_year": pay,
            "pay_max_year": pay * 1.2,
            "salary_currency": np.where(np.isfinite(pay), "USD", ""),
            "ml_role": True,
            "ml_role_probability": 0.9,
            **{name: tracks[:, k] for k, name in enumerate(("computer_vision", "nlp", "sequence_modeling"))},
            "synthetic": True,
        }
    )
    if hostile:
        for row, text in enumerate(HOSTILE[:postings]):
            data.loc[row, ["title", "employer", "employer_name"]] = text
            data.loc[row, "employer_id"] = f"hostile-{row}"
            data.loc[row, "url"] = "javascript:window.hacked=1"
    return Frames(complete(data), mentions(rng, tracks), catalog())


def mentions(rng: np.random.Generator, tracks: np.ndarray) -> pd.DataFrame:
    """Mentions per posting: common skills more often, a track's skills mostly where the posting has the track."""
    known = catalog()
    size = len(known.ids)
    weight = np.tile(1.0 / (1 + np.arange(size) % 9), (len(tracks), 1))
    for column, category in enumerate(("vision", "language", "series")):
        inside = np.array([one == category for one in known.categories])
        weight[:, inside] *= np.where(tracks[:, column], 3.0, 0.15)[:, None]
    named = rng.random(weight.shape) < weight * 0.8
    posting, skill = np.nonzero(named)
    level = rng.choice(len(LEVELS), len(posting), p=[0.55, 0.3, 0.15])
    return pd.DataFrame(
        {"posting": posting.astype(np.int32), "skill": skill.astype(np.int32), "level": level.astype(np.int8)}
    )


def text_of(title: str, named: list[tuple[str, str]]) -> tuple[str, list[tuple[int, int, int, int]]]:
    """A made-up ad that names each (skill, level), and each mention's start, end, sentence start, sentence end."""
    ways = {
        "required": "You must know {}.",
        "preferred": "It helps to have used {}.",
        "context": "Other teams here use {}.",
    }
    text, places = f"{title[:200]}\n\nWe look for someone who builds models with us.\n\n", []
    for name, level in named:
        sentence = ways[level].format(name)
        start = len(text) + sentence.index(name)
        places.append((start, start + len(name), len(text), len(text) + len(sentence)))
        text += f"{sentence}\n"
    return text, places


def write(root: Path, made: Frames) -> Store:
    """The store of made-up frames: postings, taggings and mentions with their places, one crawl."""
    known = catalog()
    now = datetime.datetime(2026, 1, 5, tzinfo=datetime.UTC)
    by_posting = dict(list(made.mentions.groupby("posting")))
    rows: dict[str, list[dict[str, Any]]] = {"postings": [], "taggings": [], "mentions": []}
    for place, one in enumerate(made.postings.to_dict("records")):
        part = by_posting.get(place)
        pairs = [] if part is None else list(zip(part["skill"], part["level"], strict=True))
        named = [(known.names[s], LEVELS[lv]) for s, lv in pairs]
        text, places = text_of(one["title"], named)
        own = {"posting_id": one["posting_id"], "content_hash": one["content_hash"]}
        rows["postings"].append(_posting(one, own, text, now))
        rows["taggings"].append(_tagging(one, own, text, now))
        for (skill, level), (start, end, first, last) in zip(pairs, places, strict=True):
            rows["mentions"].append(
                {
                    **own,
                    "tagger_id": "made",
                    "skill": known.ids[skill],
                    "level": LEVELS[level],
                    "surface": text[start:end],
                    "start": start,
                    "end": end,
                    "sentence_start": first,
                    "sentence_end": last,
                    "rule": "made up",
                }
            )
    crawl = {name: None for name, _ in CRAWLS.columns} | {
        "crawl_id": "made",
        "board": "made:board",
        "source": "made",
        "status": "ok",
        "obtained": len(rows["postings"]),
        "dropped": 0,
        "requests": 0,
        "bytes": 0,
        "started_at": now,
        "finished_at": now,
    }
    store = Store(root)
    seen = [
        {"posting_id": r["posting_id"], "content_hash": r["content_hash"], "crawl_id": "made", "seen_at": now}
        for r in rows["postings"]
    ]
    store.append("crawl", {POSTINGS: rows["postings"], SIGHTINGS: seen, CRAWLS: [crawl]})
    store.append("tag", {MENTIONS: rows["mentions"], TAGGINGS: rows["taggings"]})
    return store


def _stated(value: Any) -> Any:
    return None if value is pd.NaT or value == "" or value != value else value


def _posting(one: dict[str, Any], own: dict[str, str], text: str, now: datetime.datetime) -> dict[str, Any]:
    date = _stated(one["date_posted"])
    return (
        {name: None for name, _ in POSTINGS.columns}
        | own
        | {
            "source": one["source"],
            "board": "board",
            "source_id": own["posting_id"].rpartition(":")[2],
            "url": one["url"],
            "title": one["title"],
            "employer": one["employer"],
            "locations": ["Springfield"],
            "description": text,
            "date_posted": date.date() if date is not None else None,
            "crawl_id": "made",
            "first_seen": now,
            "synthetic": True,
        }
    )


def _tagging(one: dict[str, Any], own: dict[str, str], text: str, now: datetime.datetime) -> dict[str, Any]:
    first = text.index("We look")
    tracks: dict[str, Any] = {}
    for track in TRACKS:
        tracks |= {
            track: one[track],
            f"{track}_probability": 0.93 if one[track] else 0.04,
            f"{track}_evidence": [{"start": first, "end": first + 46}] if one[track] else [],
        }
    same = ("seniority", "workplace", "country", "pay_min_year", "pay_max_year", "salary_currency")
    return (
        {name: None for name, _ in TAGGINGS.columns}
        | own
        | tracks
        | {name: _stated(one[name]) for name in same}
        | {
            "tagger_id": "made",
            "language": "en",
            "ml_role": True,
            "ml_role_probability": 0.9,
            "tagged_at": now,
            "salary_min": _stated(one["pay_min_year"]),
            "salary_max": _stated(one["pay_max_year"]),
            "salary_period": "year",
        }
    )
