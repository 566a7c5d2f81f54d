"""A made-up population for the tests and benchmarks of the explorer: written texts, drawn at random, never real ads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from analysis.frames import Frames, complete
from nlp.records import LEVELS, SENIORITIES

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
