"""Train the judge of names (nlp/judge.py) on annotated postings and write nlp/data/judge.json.

    python benchmarks/skills_judge.py SHARED      some two minutes; the same postings give the same weights

Postings kept aside (benchmarks/skills_material.py) are not trained on. To be run again when many names or rules of the
taxonomy change; names that the weights do not know are judged by the rules alone.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from skills_material import Row, annotated, gold  # noqa: E402

from nlp import judge  # noqa: E402
from nlp.pipeline import Extractor  # noqa: E402

OUT = ROOT / "nlp" / "data" / "judge.json"
LEAST = 2
"""How often a name must stand in the annotated postings to be judged."""
STRENGTH = 1.0
"""Inverse strength of the L1 penalty; .3 to 1 score alike across folds."""
Candidate = tuple[str, str, tuple[str, ...], bool]


def fold(surface: str) -> str:
    return " ".join(surface.casefold().split())


def candidates(extractor: Extractor, row: Row) -> list[Candidate]:
    """Name, category, features and verdict of every place of a posting that may name a skill."""
    marked = {fold(skill["surface"]) for skill in row["skills"]}
    tokens, matches, mentions = extractor.candidates(row["text"], employer=row.get("company"))
    found = []
    for match, mention, near in zip(matches, mentions, judge.neighbours(matches, mentions), strict=True):
        what = judge.features(tokens, match, mention, near)
        category = extractor.taxonomy.skills[match.skill].category
        found.append((judge.name(tokens, match), category, what, fold(mention.surface) in marked))
    return found


def tables(rows: list[Candidate]) -> dict[str, dict[str, dict[str, float]]]:
    """The weights of a logistic regression, by name and by category."""
    vectors = DictVectorizer()
    matrix = vectors.fit_transform(
        [
            {(where, key, one): 1.0 for one in ("", *what) for where, key in _tables(name, category)}
            for name, category, what, _ in rows
        ]
    )
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    fitted = LogisticRegression(C=STRENGTH, l1_ratio=1.0, solver="liblinear", max_iter=400, random_state=1)
    fitted.fit(matrix, [verdict for *_, verdict in rows])
    seen = Counter(name for name, *_ in rows)
    found: dict[str, dict[str, dict[str, float]]] = {"names": {}, "categories": {judge.ALL: {"": 0.0}}}
    found["names"] = {name: {"": 0.0} for name in sorted(seen) if seen[name] >= LEAST}
    found["categories"][judge.ALL][""] = float(fitted.intercept_[0])
    for (where, key, one), weight in zip(vectors.feature_names_, fitted.coef_[0], strict=True):
        if abs(weight) >= 0.02 and (where == "categories" or seen[key] >= LEAST):
            table = found[where].setdefault(key, {})
            table[one] = round(table.get(one, 0.0) + float(weight), 2)
    return found


def _tables(name: str, category: str) -> tuple[tuple[str, str], ...]:
    return ("names", name), ("categories", category), ("categories", judge.ALL)


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared, extractor = Path(sys.argv[1]), Extractor(judge=None)
    rows = [*annotated(shared)["worked on"], *gold(shared)["worked on"]]
    found = tables([one for row in rows for one in candidates(extractor, row)])
    lines = [
        f' "{part}": {{\n'
        + ",\n".join(f"  {json.dumps(key)}: {json.dumps(found[part][key])}" for key in sorted(found[part]))
        + "\n }"
        for part in ("names", "categories")
    ]
    OUT.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    weights = sum(len(table) for part in found.values() for table in part.values())
    print(f"{len(rows)} postings, {len(found['names'])} names, {weights} weights: {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
