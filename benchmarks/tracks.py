"""Baselines of the track classifier beside the shipped model, on the same held-out postings, and its speed."""

import argparse
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from tracks_material import gold, more, pool

from nlp.sentences import sentences
from nlp.tracks import evaluate, predict
from nlp.tracks.bundle import SHIPPED, read
from nlp.tracks.cues import load, tokenize
from nlp.tracks.labels import Example, truth
from nlp.tracks.metrics import Scores, score
from nlp.tracks.names import GUIDE, HEADS
from nlp.tracks.train import build_vocabulary

LISTS = {
    "ml_role": r"machine learning|deep learning|data scien|artificial intelligence|\bai\b|\bml\b|neural",
    "computer_vision": r"computer vision|machine vision|image|video|opencv|object detection|lidar|slam|perception",
    "nlp": r"\bnlp\b|natural language|language model|\bllms?\b|text mining|chatbot|generative ai|genai|\brag\b",
    "sequence_modeling": r"time.series|forecast|anomaly detection|signal processing|speech|\blstm|\brnn|sensor data",
}
"""A keyword list that takes a quarter of an hour."""
LENGTH = 700
"""Tokens that the convolution over the whole text reads."""


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


def convolution(train: Sequence[Example], test: Sequence[Example]) -> Any:
    """A convolution over the whole text, max-pooling, pre-trained on what the keyword list says of unlabelled ads."""
    import keras

    keras.utils.set_random_seed(1)
    unlabelled = pool([*train, *test])
    vocabulary = build_vocabulary([one.text for one in unlabelled], 12)
    rows = {token: row for row, token in enumerate(vocabulary, 2)}
    text = keras.Input((LENGTH,), dtype="int32")
    words = keras.layers.Dropout(0.2)(keras.layers.Embedding(len(rows) + 2, 64)(text))
    seen = keras.layers.GlobalMaxPooling1D()(keras.layers.Conv1D(128, 3, activation="relu")(words))
    network = keras.Model(text, keras.layers.Dense(4, activation="sigmoid")(keras.layers.Dropout(0.4)(seen)))
    network.compile(keras.optimizers.AdamW(1e-3), "binary_crossentropy")
    network.fit(places(unlabelled, rows), keyword_list([], unlabelled), batch_size=32, epochs=2, verbose=0)
    network.fit(places(train, rows), truth(train), batch_size=32, epochs=5, verbose=0)
    return network.predict(places(test, rows), verbose=0)


def places(examples: Sequence[Example], rows: dict[str, int]) -> Any:
    """The first LENGTH tokens of each posting as rows of an embedding table; 0 pads, 1 is unknown."""
    out = np.zeros((len(examples), LENGTH), np.int32)
    for line, one in zip(out, examples, strict=True):
        found = [rows.get(word, 1) for word in tokenize(f"{one.title} {one.text}")[:LENGTH]]
        line[: len(found)] = found
    return out


def shipped(train: Sequence[Example], test: Sequence[Example]) -> Any:
    tagger = predict.load()
    items = [predict.TrackItem(one.text, one.title, sentences(one.text)) for one in test]
    results = tagger.predict(items)
    cuts = [tagger.bundle.thresholds[head] for head in HEADS]
    chances = [[r.ml_role.probability, *(r.tracks[head].probability for head in HEADS[1:])] for r in results]
    return np.array(chances) - np.array(cuts) + 0.5


def minilm(path: Path, windows: int, epochs: int) -> dict[str, Callable[[Sequence[Example], Sequence[Example]], Any]]:
    """Two rows with a BERT-family preset that keras-hub reads (the extra `transformer`): its mean embedding of a
    posting's windows, and the preset fine-tuned with attention over them.

    On two cores an epoch over 1,600 postings of six windows takes a quarter of an hour, so both learn from the gold
    labels alone.
    """
    from nlp.tracks import backbone

    backbone.WINDOWS, backbone.LENGTH = windows, 48

    def frozen(train: Sequence[Example], test: Sequence[Example]) -> Any:
        import keras

        read, tokenizer = backbone.preset(str(path))
        tuned = backbone.network(read)
        # The layer before the attention holds the windows' mean embeddings, (b, windows, size).
        means = keras.Model(tuned.input, tuned.get_layer("gaze").input)

        def embed(some: Sequence[Example]) -> Any:
            pieces = backbone.encode(some, tokenizer)
            seen = (pieces != 0).any(axis=2)[:, :, None]
            return (means.predict(pieces, batch_size=16, verbose=0) * seen).sum(axis=1) / seen.sum(axis=1)

        return regression(embed(_gold(train)), truth(_gold(train)), embed(test), 10.0)

    def tuned(train: Sequence[Example], test: Sequence[Example]) -> Any:
        some = _gold(train)
        made, tokenizer = backbone.fine_tune(str(path), some, truth(some), 1, epochs, print)
        return backbone.teach(made, tokenizer, test)

    rows: dict[str, Callable[[Sequence[Example], Sequence[Example]], Any]] = {"frozen MiniLM": frozen}
    if epochs:
        rows[f"MiniLM, {epochs} epochs over {windows} windows"] = tuned
    return rows


def _gold(examples: Sequence[Example]) -> list[Example]:
    ids = {one.id for one in gold()}
    return [one for one in examples if one.id in ids]


def scored(examples: Sequence[Example], chances: Any) -> Scores:
    return score(truth(examples), chances, chances >= 0.5)


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
    parser.add_argument("--minilm", type=Path, help="folder of a BERT-family preset: two rows more")
    parser.add_argument("--windows", type=int, default=6, help="windows of a posting that it reads")
    parser.add_argument("--epochs", type=int, default=0, help="epochs of fine-tuning it, 0 for none")
    ask = parser.parse_args()
    known = [*gold(), *more()]
    train = evaluate.select(known, "train", GUIDE) + evaluate.select(known, "dev", GUIDE)
    test = evaluate.select(gold(), "test", GUIDE)
    second = evaluate.select(more(), "test", GUIDE)
    natural = np.array([one.stratum == "natural" for one in test])
    drawn = np.array([one.stratum in ("by_source", "random") for one in second])
    rows: dict[str, Callable[[Sequence[Example], Sequence[Example]], Any]] = {
        "TF-IDF, logistic regression": whole_text,
        "keyword list": keyword_list,
        "keyword windows, logistic regression": keyword_windows,
        "convolution over the whole text": convolution,
        "shipped model": shipped,
    }
    if ask.minilm:
        rows |= minilm(ask.minilm, ask.windows, ask.epochs)
    print(f"{len(train)} postings to train; held out {len(test)} ({natural.sum()} naturally drawn) and, of the second")
    print(f"set, {len(second)} ({drawn.sum()} drawn by source or at random)\n")
    print("| model | tracks, all | natural | ml_role | vision | NLP | sequences | second set, drawn | ml_role |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name, make in rows.items():
        if ask.only and not name.startswith(ask.only):
            continue
        chances = np.asarray(make(train, [*test, *second]))
        first, other = chances[: len(test)], chances[len(test) :]
        f1 = scored(test, first).f1
        there = scored([one for one, kept in zip(second, drawn, strict=True) if kept], other[drawn])
        at_random = scored([one for one, kept in zip(test, natural, strict=True) if kept], first[natural])
        cells = [f1[1:].mean(), at_random.macro, *f1, there.macro, there.f1[0]]
        print(f"| {name} | " + " | ".join(f"{cell:.3f}" for cell in cells) + " |", flush=True)
    if ask.only not in (None, "shipped"):
        return
    size = sum(entry.stat().st_size for entry in Path(SHIPPED).iterdir())
    print(f"\nmodel {read(SHIPPED).model_id}, {size / 1e6:.1f} MB, {speed(test):.0f} postings a second on one core")


if __name__ == "__main__":
    main()
