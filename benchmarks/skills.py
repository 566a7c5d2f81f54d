"""Skill extraction against the bare spaCy tokenizer with a PhraseMatcher: speed, growth with length, memory, start.

    python benchmarks/skills.py POSTINGS.jsonl[.gz] ...     the figures as JSON on stdout

The files hold one posting a line with `title`, `description` and perhaps `ml_related`; at most LIMIT postings that are
ML-related, or have no such field, are taken, their text as an import stores it. Both sides look for the same aliases in
the same texts, in turns, on one core.
"""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from crawler.text import html_to_text  # noqa: E402
from nlp import facts  # noqa: E402
from nlp.facts import language  # noqa: E402
from nlp.pipeline import Extractor, build  # noqa: E402

LIMIT, WARM_UP, ROUNDS = 300, 100, 4
LENGTHS = (10_000, 100_000, 1_000_000)
Ad = tuple[str, str]


def postings(paths: list[str]) -> list[Ad]:
    """At most LIMIT titles and texts, drawn evenly with a fixed seed."""
    found = [one for path in paths for one in _read(Path(path))]
    random.Random(1).shuffle(found)
    return [(title, html_to_text(text)) for title, text in found[: LIMIT + WARM_UP]]


def _read(path: Path) -> Iterator[Ad]:
    with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as lines:
        for row in map(json.loads, lines):
            if row.get("ml_related", True) and row.get("description"):
                yield row["title"] or "", row["description"]


def rate(work: Callable[[Ad], object], sample: list[Ad]) -> float:
    """Postings a second of processor time."""
    start = time.process_time()
    for one in sample:
        work(one)
    return len(sample) / (time.process_time() - start)


def phrase_matcher() -> Callable[[Ad], object]:
    """spaCy's own way: its tokenizer, and one PhraseMatcher over all aliases in lower case."""
    import spacy
    from spacy.matcher import PhraseMatcher

    from nlp.taxonomy import load_taxonomy

    nlp = spacy.blank("en")
    nlp.max_length = 10_000_000
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    for skill in load_taxonomy().skills.values():
        matcher.add(skill.id, [nlp.make_doc(alias) for alias in skill.surfaces])
    return lambda one: matcher(nlp.make_doc(one[1]))


def compare(sample: list[Ad]) -> dict[str, float]:
    """The best of some rounds for each way; the ways take turns, so that a busy machine disturbs all of them."""
    extractor, component = Extractor(), build()
    component.max_length = 10_000_000
    ways: dict[str, Callable[[Ad], object]] = {
        "mentions": lambda one: extractor.mentions(one[1]),
        "mentions_and_facts": lambda one: [
            extractor.mentions(one[1]),
            facts.extract(one[1], one[0], language=language.detect(one[1])),
        ],
        "spacy_component": lambda one: component(one[1]),
        "spacy_phrase_matcher": phrase_matcher(),
    }
    best = dict.fromkeys(ways, 0.0)
    for work in ways.values():
        rate(work, sample[:WARM_UP])
    for _ in range(ROUNDS):
        for name, work in ways.items():
            best[name] = max(best[name], rate(work, sample[WARM_UP:]))
    return {name: round(value, 1) for name, value in best.items()}


def growth(sample: list[Ad]) -> dict[str, float]:
    """Seconds for one text of each length, made of postings one after the other, and of one word again and again."""
    extractor = Extractor()
    whole = "\n\n".join(text for _, text in sample)
    found = {}
    for length in LENGTHS:
        for name, text in (("postings", (whole * (length // len(whole) + 1))[:length]), ("one_word", "a" * length)):
            start = time.process_time()
            extractor.mentions(text)
            found[f"{name}_{length}"] = round(time.process_time() - start, 3)
    return found


def start() -> dict[str, float]:
    """Seconds and MiB of a fresh process from its first import to its first mentions."""
    # The peak is read from /proc: getrusage would count the parent's pages from before the exec.
    code = (
        "import re,time;t=time.perf_counter();from nlp.pipeline import Extractor;"
        "Extractor().mentions('Python and machine learning');"
        "print(time.perf_counter()-t,int(re.search(r'VmHWM:\\s+(\\d+)',open('/proc/self/status').read())[1])/1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    seconds, mebibytes = map(float, done.stdout.split())
    return {"start_seconds": round(seconds, 2), "start_mib": round(mebibytes)}


def main() -> None:
    sample = postings(sys.argv[1:])
    if not sample:
        sys.exit(__doc__)
    figures = {
        "texts": len(sample) - WARM_UP,
        "mean_characters": round(sum(len(text) for _, text in sample) / len(sample)),
        "per_second": compare(sample),
        "seconds": growth(sample),
        **start(),
    }
    print(json.dumps(figures, indent=2))


if __name__ == "__main__":
    main()
