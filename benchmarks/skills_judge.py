"""Train the judge of names (nlp/judge.py) on annotated postings and write nlp/data/judge.json.

    python benchmarks/skills_judge.py SHARED      half a minute; the same postings give the same weights

Postings kept aside (benchmarks/skills_material.py) are not trained on. To be run again when many names or rules of the
taxonomy change, and skills_levels.py after it: a feature is the rule that gave a name its level, so that new weights of
levels move a few weights here by some hundredths, which is not worth a second round.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from skills_material import Row, annotated, fold, gold  # noqa: E402

from nlp import judge  # noqa: E402
from nlp.pipeline import Extractor  # noqa: E402

OUT = ROOT / "nlp" / "data" / "judge.json"
STRENGTH = 0.3
"""Inverse strength of the L1 penalty, chosen by cross-validation; .1 to 1 score within half a point of F1."""
GOLD = 5.0
"""Weight of a place in a gold posting: those were read with more care and are few."""
REFERENCE = "reference readers"
"""The table of what holds of the readers of gold alone: they mark more sparingly than those of the other postings. What
they add to the intercept and to the weights of the rates is added in the end, so that the judge judges as they do."""
FEWEST = 8
"""Places at which a feature must hold to be learned."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of a posting that may name a skill, what is known of it, and whether a reader marked it."""

    posting: str
    name: str
    category: str
    features: tuple[str, ...]
    marked: bool
    reference: bool
    """Whether the readers of gold read it."""


def places(extractor: Extractor, row: Row, reference: bool) -> list[Place]:
    """Every place of an annotated posting that may name a skill."""
    marked = {fold(skill["surface"]) for skill in row["skills"]}
    tokens, matches, mentions = extractor.candidates(row["text"], employer=row.get("company"))
    return [
        Place(
            row["id"],
            judge.name(tokens, match),
            extractor.taxonomy.skills[match.skill].category,
            judge.features(tokens, match, mention, near),
            fold(mention.surface) in marked,
            reference,
        )
        for match, mention, near in zip(matches, mentions, judge.neighbours(matches, mentions), strict=True)
    ]


def learn(found: list[Place]) -> dict[str, Any]:
    """What the judge reads: counts by name, weights by category and for all.

    How often a name is marked is counted without the posting at hand, so that the weight of that share is the one that
    holds in postings that nobody annotated.
    """
    seen, marked, own, own_marked = Counter[str](), Counter[str](), Counter[Any](), Counter[Any]()
    for one in found:
        seen[one.name] += 1
        marked[one.name] += one.marked
        own[one.posting, one.name] += 1
        own_marked[one.posting, one.name] += one.marked
    often = Counter(
        (table, feature) for one in found for table in (one.category, judge.ALL) for feature in one.features
    )
    rows: list[dict[tuple[str, str], float]] = []
    for one in found:
        key = one.posting, one.name
        known = judge.rates(seen[one.name] - own[key], marked[one.name] - own_marked[key])
        row = {(judge.ALL, name): value for name, value in zip(judge.RATES, known, strict=True)}
        row[one.category, ""] = 1.0
        if one.reference:
            row |= {(REFERENCE, name): row[judge.ALL, name] for name in judge.RATES}
            row[REFERENCE, ""] = 1.0
        for feature in one.features:
            row |= {(table, feature): 1.0 for table in (one.category, judge.ALL) if often[table, feature] >= FEWEST}
        rows.append(row)
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(rows)
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    fitted = LogisticRegression(C=STRENGTH, l1_ratio=1.0, solver="liblinear", max_iter=400, random_state=1)
    fitted.fit(matrix, [one.marked for one in found], sample_weight=[GOLD if one.reference else 1.0 for one in found])
    learned = dict(zip(vectors.feature_names_, map(float, fitted.coef_[0]), strict=True))
    learned[judge.ALL, ""] = float(fitted.intercept_[0])
    for name in ("", *judge.RATES):
        learned[judge.ALL, name] += learned.pop((REFERENCE, name))
    weights: dict[str, dict[str, float]] = {judge.ALL: {}}
    for (table, feature), weight in learned.items():
        if abs(weight) >= 0.01:
            weights.setdefault(table, {})[feature] = round(weight, 2)
    return {"names": {name: [seen[name], marked[name]] for name in sorted(seen)}, "weights": weights}


def written(data: dict[str, Any]) -> str:
    """The data as JSON with a line for each name and category."""
    parts = [
        f' "{part}": {{\n'
        + ",\n".join(f"  {json.dumps(key)}: {json.dumps(data[part][key])}" for key in sorted(data[part]))
        + "\n }"
        for part in ("names", "weights")
    ]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared, extractor = Path(sys.argv[1]), Extractor(judge=None)
    rows = [(row, False) for row in annotated(shared)["worked on"]] + [(row, True) for row in gold(shared)["worked on"]]
    data = learn([one for row, reference in rows for one in places(extractor, row, reference)])
    OUT.write_text(written(data), encoding="utf-8")
    weights = sum(len(table) for table in data["weights"].values())
    print(f"{len(rows)} postings, {len(data['names'])} names, {weights} weights: {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
