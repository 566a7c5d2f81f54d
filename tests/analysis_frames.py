"""Synthetic frames with known truth for the tests of the analysis: employers of very different sizes that
differ in taste.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from analysis.frames import Frames, complete
from nlp.records import TRACKS

SKILLS = (
    "python",
    "pytorch",
    "tensorflow",
    "deep-learning",
    "docker",
    "aws",
    "sql",
    "opencv",
    "spacy",
    "forecasting",
    "excel",
    "rust",
)
CATEGORIES = (
    "languages",
    "ml",
    "ml",
    "ml",
    "infra",
    "infra",
    "data",
    "vision",
    "language",
    "time",
    "data",
    "languages",
)


def catalog(skills: int = len(SKILLS)) -> Catalog:
    """Twelve named skills (PyTorch and TensorFlow imply deep learning), more of category `more` when asked
    for.
    """
    extra = tuple(f"skill-{i}" for i in range(skills - len(SKILLS)))
    ids = SKILLS[:skills] + extra
    implied = tuple((3,) if s in ("pytorch", "tensorflow") and skills > 3 else () for s in ids)
    tracks = tuple(
        {"opencv": "computer_vision", "spacy": "nlp", "forecasting": "sequence_modeling"}.get(s, "") for s in ids
    )
    categories = CATEGORIES[:skills] + ("more",) * len(extra)
    names = {c: c.title() for c in dict.fromkeys(categories)}
    return Catalog(
        ids=ids,
        names=tuple(s.replace("-", " ").title() for s in ids),
        categories=categories,
        category_names=names,
        tracks=tracks,
        implied=implied,
        groups={"foundations": ("ML foundations", tuple(range(min(4, skills))))},
        aliases={"k8s": "docker"} if skills > 4 else {},
    )


def frames(
    postings: int = 400,
    employers: int = 60,
    skills: int = len(SKILLS),
    *,
    seed: int = 1,
    sources: int = 2,
    likeness: float = 0.3,
    skew: float = 1.2,
    shares: np.ndarray | None = None,
) -> Frames:
    """Postings of employers whose sizes follow a power law (`skew`); skill shares differ by employer
    (`likeness` = ICC).
    """
    rng = np.random.default_rng(seed)
    size = (np.arange(employers) + 1.0) ** -skew
    owner = np.sort(
        np.concatenate([np.arange(employers), rng.choice(employers, max(postings - employers, 0), p=size / size.sum())])
    )
    owner = owner[:postings]
    share = np.clip(0.6 / (np.arange(skills) + 1.0) ** 0.7, 0.003, 1) if shares is None else shares
    taste = _beta(rng, share, likeness, employers)
    asked = rng.random((postings, skills)) < taste[owner]
    level = np.where(rng.random(asked.shape) < 0.7, 0, 1)
    row, skill = np.nonzero(asked)
    track = rng.random((postings, 3)) < _beta(rng, np.array([0.25, 0.4, 0.2]), likeness, employers)[owner]
    day = pd.Timestamp("2023-01-01") + pd.to_timedelta(rng.integers(0, 730, postings), unit="D")
    pay = np.where(rng.random(postings) < 0.5, np.exp(rng.normal(11.5, 0.3, postings)), np.nan)
    table = pd.DataFrame(
        {
            "posting_id": [f"s{o % sources}:b:{i}" for i, o in enumerate(owner)],
            "source": [f"s{o % sources}" for o in owner],
            "board": "b",
            "employer": [f"Employer {o}" for o in owner],
            "employer_id": [f"employer-{o}" for o in owner],
            "employer_name": [f"Employer {o}" for o in owner],
            "title": "Machine Learning Engineer",
            "date_posted": day,
            "first_seen": day,
            "last_seen": day,
            "seniority": rng.choice(["", "junior", "mid", "senior"], postings),
            "workplace": rng.choice(["", "remote", "onsite"], postings),
            "country": rng.choice(["", "US", "DE"], postings),
            "pay_min_year": pay * 0.9,
            "pay_max_year": pay * 1.1,
            "salary_currency": np.where(np.isnan(pay), "", "USD"),
            "ml_role": True,
            "ml_role_probability": 0.9,
            **{name: track[:, i] for i, name in enumerate(TRACKS)},
        }
    )
    mentions = pd.DataFrame(
        {
            "posting": row.astype(np.int32),
            "skill": skill.astype(np.int32),
            "level": level[row, skill].astype(np.int8),
        }
    )
    return Frames(complete(table), mentions, catalog(skills))


def _beta(rng: np.random.Generator, share: np.ndarray, likeness: float, employers: int) -> np.ndarray:
    """employers x J shares of mean `share` and intra-class correlation `likeness`."""
    strength = (1 - likeness) / likeness
    inner = np.clip(share, 1e-6, 1 - 1e-6)
    drawn = rng.beta(inner * strength, (1 - inner) * strength, size=(employers, len(inner)))
    return np.where(share >= 1, 1.0, np.where(share <= 0, 0.0, drawn))
