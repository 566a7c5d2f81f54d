"""Baselines of the track classifier beside the shipped model, on the same held-out postings, and its speed."""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tracks_material import gold

from nlp.sentences import sentences
from nlp.tracks import evaluate, predict
from nlp.tracks.bundle import SHIPPED, read
from nlp.tracks.cues import load, tokenize
from nlp.tracks.labels import Example, truth
from nlp.tracks.metrics import score
from nlp.tracks.names import GUIDE, HEADS

LISTS = {
    "ml_role": r"machine learning|deep learning|data scien|artificial intelligence|\bai\b|\bml\b|neural",
    "computer_vision": r"computer vision|machine vision|image|video|opencv|object detection|lidar|slam|perception",
    "nlp": r"\bnlp\b|natural language|language model|\bllms?\b|text mining|chatbot|generative ai|genai|\brag\b",
    "sequence_modeling": r"time.series|forecast|anomaly detection|signal processing|speech|\blstm|\brnn|sensor data",
}
"""A keyword list that takes a quarter of an hour."""


def keyword_list(train: Sequence[Example], test: Sequence[Example]) -> Any:
    patterns = [re.compile(LISTS[head], re.IGNORECASE) for head in HEADS]
    return np.array([[float(bool(p.search(f"{one.title} {one.text}"))) for p in patterns] for one in test])


def whole_text(train: Sequence[Example], test: Sequence[Example]) -> Any:
    """TF-IDF of the whole text, logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    made = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True, max_features=60_000)
    left = made.fit_transform([f"{one.title} {one.text}" for one in train])
    return regression(left, truth(train), made.transform([f"{one.title} {one.text}" for one in test]), 10.0)


def keyword_windows(train: Sequence[Example], test: Sequence[Example]) -> Any:
    """TF-IDF of the sentences that hold a cue of a track, one regression per track."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    columns = []
    for column, head in enumerate(HEADS):
        made = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, token_pattern=r"\S+")
        left = made.fit_transform([windows_of(one, head) for one in train])
        right = made.transform([windows_of(one, head) for one in test])
        columns.append(regression(left, truth(train)[:, column : column + 1], right, 5.0)[:, 0])
    return np.stack(columns, axis=1)


def windows_of(one: Example, head: str) -> str:
    layer = "context" if head == "ml_role" else head
    kept = [one.title]
    for start, end in sentences(one.text):
        words = tokenize(one.text[start:end])
        found = {cue.tier for _, cue in load()[0].find(words) if cue.layer == layer}
        if "ml" in found or (layer != "context" and found - {"not"}):
            kept.append(" ".join(words) + " " + " ".join(f"<{tier}>" for tier in sorted(found)))
    return " ".join(kept)


def regression(left: Any, labels: Any, right: Any, strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return np.stack(
        [
            LogisticRegression(C=strength, max_iter=3_000, class_weight="balanced")
            .fit(left, labels[:, k])
            .predict_proba(right)[:, 1]
            for k in range(labels.shape[1])
        ],
        axis=1,
    )


def shipped(train: Sequence[Example], test: Sequence[Example]) -> Any:
    tagger = predict.load()
    items = [predict.TrackItem(one.text, one.title, sentences(one.text)) for one in test]
    results = tagger.predict(items)
    cuts = [tagger.bundle.thresholds[head] for head in HEADS]
    chances = [[r.ml_role.probability, *(r.tracks[head].probability for head in HEADS[1:])] for r in results]
    return np.array(chances) - np.array(cuts) + 0.5


def speed(test: Sequence[Example]) -> float:
    """Postings a second of processor time, features and network, without the sentence splitter."""
    tagger = predict.load()
    items = [predict.TrackItem(one.text, one.title, sentences(one.text)) for one in test]
    tagger.predict(items[:64])
    began = time.process_time()
    tagger.predict(items)
    return len(items) / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", help="the one row whose name begins so")
    ask = parser.parse_args()
    examples = gold()
    train = evaluate.select(examples, "train", GUIDE) + evaluate.select(examples, "dev", GUIDE)
    test = evaluate.select(examples, "test", GUIDE)
    natural = np.array([one.stratum == "natural" for one in test])
    real = truth(test)
    rows: dict[str, Callable[[Sequence[Example], Sequence[Example]], Any]] = {
        "TF-IDF, logistic regression": whole_text,
        "keyword list": keyword_list,
        "keyword windows, logistic regression": keyword_windows,
        "shipped model": shipped,
    }
    print(f"{len(train)} postings to train, {len(test)} held out, {natural.sum()} of them naturally drawn\n")
    print("| model | tracks, all | natural | ml_role | vision | NLP | sequences |\n|---|---|---|---|---|---|---|")
    for name, make in rows.items():
        if ask.only and not name.startswith(ask.only):
            continue
        chances = make(train, test)
        f1 = score(real, chances, chances >= 0.5).f1
        drawn = score(real[natural], chances[natural], chances[natural] >= 0.5)
        cells = [f1[1:].mean(), drawn.macro, *f1]
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |", flush=True)
    if ask.only not in (None, "shipped"):
        return
    size = sum(entry.stat().st_size for entry in Path(SHIPPED).iterdir())
    print(f"\nmodel {read(SHIPPED).model_id}, {size / 1e6:.1f} MB, {speed(test):.0f} postings a second on one core")


if __name__ == "__main__":
    main()
