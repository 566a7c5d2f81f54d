"""Build and score the recogniser of skill phrases from material beside the checkout (../shared/data).

    PYTHONPATH=. python benchmarks/recogniser.py vectors   writes a model of word vectors alone
    PYTHONPATH=. python benchmarks/recogniser.py build     learns the weights over it, once vectors are there
    PYTHONPATH=. python benchmarks/recogniser.py score     strict F1 on what was kept aside

All of it in nlp/recogniser/data/model.npz.

Learned from: the knowledge spans of SkillSpan's training part (MIT; Zhang, Jensen, Sonniks and Plank 2022); annotated
postings (skills_material.py) without those kept aside; word vectors from plain texts of postings, near copies left out.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from skills_material import annotated, aside, fold

from nlp.matcher import Matcher
from nlp.pipeline import Extractor
from nlp.recogniser import crf, vectors
from nlp.recogniser.features import BUCKETS
from nlp.recogniser.model import PLACES, POSTINGS, SKILLSPAN, Recogniser, Weights, load, read
from nlp.recogniser.train import Fit, Marked, fit
from nlp.recogniser.words import cut, given
from nlp.taxonomy import load_taxonomy

SHARED = Path(__file__).resolve().parents[2] / "shared"
MODEL = Path(__file__).resolve().parents[1] / "nlp" / "recogniser" / "data" / "model.npz"
OTHERS = 6_000
"""Postings that are not about machine learning among the texts for the vectors: SkillSpan's are of all trades."""
CHARACTERS = 12_000
IDLE = 3
OPTIONS = Fit(rounds=6, batch=96, rate=0.15, hidden=0.2, made_up=0.05)


def skillspan(part: str, matcher: Matcher) -> dict[str, list[Marked]]:
    """Sentences of SkillSpan's `part` by source, "tech" and "house", with their knowledge spans."""
    found: dict[str, list[Marked]] = {"tech": [], "house": []}
    with (SHARED / "data" / "gold" / "skillspan" / f"{part}.json").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            spans = tuple(tagged(row["tags_knowledge"]))
            found[row["source"]].append(Marked(given(row["tokens"], matcher), spans, SKILLSPAN))
    return found


def tagged(tags: Sequence[str]) -> Iterator[crf.Span]:
    """The spans that B, I and O tags mark."""
    first = None
    for at, tag in enumerate([*tags, "O"]):
        if tag[0] != "I" and first is not None:
            yield first, at
            first = None
        if tag[0] == "B" or (tag[0] == "I" and first is None):
            first = at


def postings(rows: Sequence[dict[str, Any]], matcher: Matcher) -> list[Marked]:
    """Annotated postings as sentences; a surface that was marked once in a posting is marked wherever it stands."""
    found = []
    for row in rows:
        text, surfaces = row["text"], {mark["surface"] for mark in row["skills"]}
        marks = sorted(
            {place for surface in surfaces for place in places(text, surface)}, key=lambda place: place[0] - place[1]
        )
        for sentence in cut(text, matcher):
            firsts = {start: at for at, start in enumerate(sentence.starts)}
            stops = {end: at + 1 for at, end in enumerate(sentence.ends)}
            taken: set[int] = set()
            spans = []
            for start, end in marks:  # the longest first
                inside = range(firsts.get(start, 0), stops.get(end, 0)) if start in firsts else range(0)
                if inside and taken.isdisjoint(inside):
                    taken.update(inside)
                    spans.append((inside.start, inside.stop))
            found.append(Marked(sentence, tuple(sorted(spans)), POSTINGS))
    return found


def places(text: str, surface: str) -> Iterator[tuple[int, int]]:
    """Where a surface stands in a text as words of its own."""
    at = text.find(surface)
    while at >= 0:
        end = at + len(surface)
        if not text[at - 1 : at].isalnum() and not text[end : end + 1].isalnum():
            yield at, end
        at = text.find(surface, at + 1)


def plain_texts() -> list[str]:
    """Texts for the vectors: all postings related to machine learning, and some others; none that scores use."""
    chosen, others, seen = [], [], set()
    kept = {row["id"] for row in annotated(SHARED)["kept aside"]}
    for path in sorted((SHARED / "data" / "postings").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["near_dup_key"] in seen or row["id"] in kept:
                    continue
                seen.add(row["near_dup_key"])
                text = row["description"][:CHARACTERS]
                if row.get("ml_related"):
                    chosen.append(text)
                else:
                    others.append((hashlib.sha1(row["id"].encode()).hexdigest(), text))
    return chosen + [text for _, text in sorted(others)[:OTHERS]]


def learn_vectors() -> None:
    """Learn the vectors and write them as a model without weights."""
    table = vectors.learn(plain_texts())
    labels = len(crf.LABELS)
    dense = np.zeros((len(PLACES), table.table.shape[1], labels), np.float32)
    nothing = Weights(np.zeros((BUCKETS, labels), np.float32), dense, np.zeros((labels, labels)))
    MODEL.parent.mkdir(exist_ok=True)
    Recogniser(table, nothing).save(MODEL)
    print(f"{len(table.rows):,} word vectors: {time.process_time():.0f} s of CPU time")


def build() -> None:
    """Learn the weights over the model's vectors and write both."""
    matcher = Matcher(load_taxonomy())
    marked = [one for part in skillspan("train", matcher).values() for one in part]
    marked += _less_idle(postings(annotated(SHARED)["worked on"], matcher))
    words = sum(len(one.sentence.words) for one in marked)
    phrases = sum(len(one.phrases) for one in marked)
    print(f"{len(marked):,} sentences, {words:,} words, {phrases:,} phrases", flush=True)
    fit(marked, read(MODEL).vectors, OPTIONS).save(MODEL)
    print(f"{MODEL.stat().st_size / 1e6:.1f} MB: {time.process_time():.0f} s of CPU time")


def _less_idle(marked: Sequence[Marked]) -> list[Marked]:
    """Every sentence with a phrase, and one in IDLE of those without: they say little and are many."""
    idle = (one for one in marked if not one.phrases)
    return [one for one in marked if one.phrases] + list(islice(idle, 0, None, IDLE))


def score() -> None:
    """Strict F1: SkillSpan's development half, and the annotated postings kept aside."""
    matcher, model = Matcher(load_taxonomy()), load()
    for source, marked in skillspan("dev", matcher).items():
        show(f"SkillSpan dev {source}, taxonomy alone", [_known(one) for one in marked], marked)
        show(f"SkillSpan dev {source}, recogniser", _marked_by(model, marked), marked)
    rows = annotated(SHARED)["kept aside"]
    assert all(aside(row["id"], 4) for row in rows)
    marked = postings(rows, matcher)
    show("postings kept aside, every place", _marked_by(model, marked), marked)
    extractor = Extractor()
    want = [{fold(mark["surface"]) for mark in row["skills"]} for row in rows]
    by_model = [{fold(row["text"][p.start : p.end]) for p in model.phrases(row["text"], matcher)} for row in rows]
    by_names = [{fold(mention.surface) for mention in extractor.mentions(row["text"])} for row in rows]
    report("postings kept aside, distinct names, recogniser", by_model, want)
    report("postings kept aside, distinct names, tagger", by_names, want)


def _marked_by(model: Recogniser, marked: Sequence[Marked]) -> list[set[crf.Span]]:
    found = model.mark([one.sentence for one in marked], marked[0].style)
    return [{span for span, _ in phrases} for phrases in found]


def _known(one: Marked) -> set[crf.Span]:
    return set(crf.spans(["OBILU".index(known[0]) for known in one.sentence.known]))


def show(name: str, found: Sequence[set[crf.Span]], marked: Sequence[Marked]) -> None:
    """One line of precision, recall and F1 over all spans."""
    report(name, found, [set(one.phrases) for one in marked])


def report(name: str, found: Sequence[set[Any]], wanted: Sequence[set[Any]]) -> None:
    """One line of precision, recall and F1, micro over all texts."""
    hits = sum(len(a & b) for a, b in zip(found, wanted, strict=True))
    precision, recall = hits / max(1, sum(map(len, found))), hits / max(1, sum(map(len, wanted)))
    f1 = 2 * precision * recall / max(1e-9, precision + recall)
    print(f"{name:<50} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({sum(map(len, wanted)):,} wanted)", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = {"vectors": learn_vectors, "build": build, "score": score}
    parser.add_argument("what", nargs="?", choices=parts, default="score")
    parts[parser.parse_args().what]()


if __name__ == "__main__":
    main()
