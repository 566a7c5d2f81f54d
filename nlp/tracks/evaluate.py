"""Any model on any labels: scores with intervals, curves, calibration, confusion by source and year, worst errors."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.errors import EmptyError, ModelError
from nlp.records import TRACKS
from nlp.sentences import sentences
from nlp.tracks import splits
from nlp.tracks.bundle import Bundle, replace_file
from nlp.tracks.labels import Example, truth
from nlp.tracks.metrics import bootstrap_f1, cluster_weights, f1_of, interval, reliability, score, summary
from nlp.tracks.names import HEADS
from nlp.tracks.predict import TrackItem, TrackResult, TrackTagger

WORST = 20
EXCERPT = 300
"""Characters of evidence shown per error."""
STEP = 64
PARTS = ("test", "dev", "train", "all")


def select(examples: Sequence[Example], part: str, definition: str) -> list[Example]:
    """The examples of one part of a definition's split.

    Raises:
        EmptyError: none there.
    """
    if part == "all":
        return list(examples)
    given = splits.parts([one.cluster for one in examples], [one.text for one in examples], definition)
    chosen = [one for one, where in zip(examples, given, strict=True) if where == part]
    if not chosen:
        raise EmptyError(
            f"none of the {len(examples)} labelled postings is in the part {part}: label more or use --part all"
        )
    return chosen


def evaluate(
    bundle: Bundle, examples: Sequence[Example], advance: Callable[[int], None] = lambda n: None
) -> dict[str, Any]:
    """Everything that is known about a model on these labels, as plain numbers and strings."""
    tagger = TrackTagger(bundle)
    results: list[TrackResult] = []
    for at in range(0, len(examples), STEP):
        some = examples[at : at + STEP]
        results += tagger.predict([TrackItem(one.text, one.title, sentences(one.text)) for one in some])
        advance(len(some))
    real = truth(examples).astype(float)
    labels = [[result.ml_role, *(result.tracks[track] for track in TRACKS)] for result in results]
    chances = np.array([[label.probability for label in row] for row in labels])
    says = np.array([[label.label for label in row] for row in labels], float)
    return {
        "model_id": bundle.model_id,
        "definition": bundle.definition,
        "thresholds": dict(bundle.thresholds),
        "views": _views(examples, real, chances, says),
        "heads": {head: _head(real[:, k], chances[:, k], says[:, k]) for k, head in enumerate(HEADS)},
        "by_source": _by(real, says, [one.source for one in examples]),
        "by_year": _by(real, says, [one.year for one in examples]),
        "worst": _worst(examples, results, real, chances, says),
    }


def _views(
    examples: Sequence[Example], real: NDArray[Any], chances: NDArray[Any], says: NDArray[Any]
) -> dict[str, dict[str, Any]]:
    """All postings; those drawn naturally; and the probability sample with its weights."""
    clusters = np.array([one.cluster for one in examples])
    natural = np.array([one.stratum == "natural" for one in examples])
    weight = np.array([one.weight or 0.0 for one in examples])
    views = {"all": summary(real, chances, says, clusters.tolist())}
    if natural.any():
        views["natural"] = summary(real[natural], chances[natural], says[natural], clusters[natural].tolist())
    if (weight > 0).any():
        views["weighted"] = _weighted(real, chances, says, weight, clusters)
    return views


def _weighted(
    real: NDArray[Any], chances: NDArray[Any], says: NDArray[Any], weight: NDArray[Any], clusters: NDArray[Any]
) -> dict[str, Any]:
    w = weight > 0
    scores = score(real[w], chances[w], says[w], weight[w])
    drawn = bootstrap_f1(real[w], says[w], cluster_weights(clusters[w].tolist()) * weight[w])
    heads = {
        head: {
            **{
                name: round(float(getattr(scores, name)[k]), 4)
                for name in ("precision", "recall", "f1", "ece", "brier")
            },
            "f1_interval": [round(x, 4) for x in interval(drawn[:, k])],
        }
        for k, head in enumerate(HEADS)
    }
    return {"postings": int(w.sum()), "macro_f1": round(scores.macro, 4), **heads}


def _head(real: NDArray[Any], chances: NDArray[Any], says: NDArray[Any]) -> dict[str, Any]:
    cuts = np.unique(np.quantile(chances, np.linspace(0, 1, 101)))
    curve = []
    for cut in cuts:
        said = chances >= cut
        precision, recall, _ = f1_of((real * said).sum(), said.sum(), real.sum())
        curve.append([round(float(x), 4) for x in (cut, precision, recall)])
    return {
        "confusion": _confusion(real, says),
        "precision_recall": curve,
        "reliability": [[round(x, 4) for x in row] for row in reliability(real, chances, np.ones(len(real)))],
    }


def _confusion(real: NDArray[Any], says: NDArray[Any]) -> dict[str, int]:
    return {
        "yes_yes": int((real * says).sum()),
        "no_said_yes": int(((1 - real) * says).sum()),
        "yes_said_no": int((real * (1 - says)).sum()),
        "no_no": int(((1 - real) * (1 - says)).sum()),
    }


def _by(real: NDArray[Any], says: NDArray[Any], groups: Sequence[str]) -> dict[str, Any]:
    """Per group the number of postings and each head's confusion."""
    places: dict[str, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        places[group or "unknown"].append(place)
    return {
        group: {
            "postings": len(rows),
            **{head: _confusion(real[rows, k], says[rows, k]) for k, head in enumerate(HEADS)},
        }
        for group, rows in sorted(places.items())
    }


def _worst(
    examples: Sequence[Example],
    results: Sequence[TrackResult],
    real: NDArray[Any],
    chances: NDArray[Any],
    says: NDArray[Any],
) -> list[dict[str, Any]]:
    """The errors that the model was surest of, with the sentences that misled it."""
    wrong = np.argwhere(real != says)
    ranked = sorted(wrong.tolist(), key=lambda at: -abs(chances[at[0], at[1]] - real[at[0], at[1]]))
    rows = []
    for i, k in ranked[:WORST]:
        head = HEADS[k]
        spans = results[i].tracks[head].evidence if head in TRACKS else ()
        rows.append(
            {
                "id": examples[i].id,
                "title": examples[i].title,
                "head": head,
                "label": int(real[i, k]),
                "probability": float(chances[i, k]),
                "evidence": [examples[i].text[a:b][:EXCERPT] for a, b in spans],
            }
        )
    return rows


def write_html(report: dict[str, Any], path: Path) -> None:
    """Write the report as one HTML file that needs nothing else.

    Raises:
        ModelError: the file can't be written.
    """
    from jinja2 import Environment, FileSystemLoader

    from nlp.tracks import drawing

    folder = Path(__file__).with_name("templates")
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, trim_blocks=True, lstrip_blocks=True)
    page = environment.get_template("evaluation.html").render(report=report, heads=HEADS, drawing=drawing)
    try:
        replace_file(path, page.encode())
    except OSError as exc:
        raise ModelError(f"{path}: can't be written ({exc.strerror or exc}); name another file with --out") from exc
