"""Learn from annotated postings which sentences ask and which tell (nlp/asking.py) and write nlp/data/levels.json.

    python benchmarks/skills_levels.py SHARED      a minute; the same postings give the same weights

Postings kept aside (benchmarks/skills_material.py) are not trained on. To be run again when the rules of levels change.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from skills_material import Row, annotated, fold, gold  # noqa: E402

from nlp.asking import WEIGHED, features  # noqa: E402
from nlp.cues import Sentence  # noqa: E402
from nlp.levels import CONTEXT, PREFERRED, REQUIRED, Levels  # noqa: E402
from nlp.matcher import Match  # noqa: E402
from nlp.pipeline import Extractor  # noqa: E402
from nlp.sections import Section  # noqa: E402
from nlp.tokens import Tokens  # noqa: E402

OUT = ROOT / "nlp" / "data" / "levels.json"
STRENGTH = 0.2
"""Inverse strength of the L1 penalty; .1 to .3 score alike in four-fold cross-validation."""
FEWEST = 5
"""Postings in which a feature must hold to be learned."""
OFTEN = 0.6
"""The weight of a demand whose name stands several times: nobody says which of them asks."""
GOLD = 5.0
"""The weight of a gold mention; there is one for every forty others."""
Example = tuple[str, dict[str, float], bool, float]
"""The posting, what holds of a mention, whether it is context, its weight."""


class Recorder(Levels):
    """The rules, which remember what holds of the mentions that are weighed; the weights have no say."""

    def __init__(self) -> None:
        super().__init__(None)
        self.seen: dict[int, dict[str, float]] = {}

    def decide(self, tokens: Tokens, match: Match, section: Section, sentence: Sentence) -> tuple[str, str]:
        level, rule = self.ruled(tokens, match, section, sentence)
        if rule in WEIGHED:
            held = features(tokens, match, section, sentence, rule)
            self.seen[match.start] = {f"{family}={value}": 1.0 for family in held for value in held[family]}
        return level, rule


def examples(extractor: Extractor, recorder: Recorder, row: Row, weight: float) -> list[Example]:
    """Weighed mentions that a reader marked.

    A reader gives a name one level, its strongest. A demand is left out where a heading already accounts for it.
    """
    levels: dict[str, set[str]] = {}
    for skill in row["skills"]:
        levels.setdefault(fold(skill["surface"]), set()).add(skill["level"])
    recorder.seen.clear()
    mentions = [(fold(one.surface), one) for one in extractor.mentions(row["text"], employer=row.get("company"))]
    often = Counter(name for name, _ in mentions)
    settled = {name for name, one in mentions if one.level == REQUIRED and one.start not in recorder.seen}
    found: list[Example] = []
    for name, one in mentions:
        said = levels.get(name, {PREFERRED})
        if one.start not in recorder.seen or PREFERRED in said - {REQUIRED}:
            continue
        if REQUIRED in said and name in settled and often[name] > 1:
            continue
        share = OFTEN if REQUIRED in said and often[name] > 1 else 1.0
        found.append((row["id"], recorder.seen[one.start], said == {CONTEXT}, weight * share))
    return found


def learn(found: list[Example]) -> dict[str, Any]:
    """The weights as nlp/asking.py reads them: family, value, weight."""
    often = Counter(feature for _, feature in {(posting, feature) for posting, held, _, _ in found for feature in held})
    vectors = DictVectorizer()
    matrix = vectors.fit_transform([{key: 1.0 for key in held if often[key] >= FEWEST} for _, held, _, _ in found])
    matrix.indices, matrix.indptr = matrix.indices.astype(np.int32), matrix.indptr.astype(np.int32)
    fitted = LogisticRegression(C=STRENGTH, l1_ratio=1.0, solver="liblinear", max_iter=400, random_state=1)
    fitted.fit(matrix, [told for _, _, told, _ in found], sample_weight=[weight for *_, weight in found])
    weights: dict[str, dict[str, float]] = {"": {"": round(float(fitted.intercept_[0]), 2)}}
    for feature, weight in zip(vectors.feature_names_, fitted.coef_[0], strict=True):
        family, _, value = feature.partition("=")
        if abs(weight) >= 0.01:
            weights.setdefault(family, {})[value] = round(float(weight), 2)
    return weights


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    shared, extractor, recorder = Path(sys.argv[1]), Extractor(), Recorder()
    extractor._levels = recorder
    found = [one for row in annotated(shared)["worked on"] for one in examples(extractor, recorder, row, 1.0)]
    found += [one for row in gold(shared)["worked on"] for one in examples(extractor, recorder, row, GOLD)]
    weights = learn(found)
    OUT.write_text(json.dumps(weights, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found)} mentions, {sum(map(len, weights.values()))} weights: {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
