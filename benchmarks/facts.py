"""How right the facts of postings are, fact by fact, and what they cost.

    python benchmarks/facts.py ../shared/data                     both halves, as F1 where stated
    python benchmarks/facts.py ../shared/data --errors years      what goes wrong, in the half that the rules know
    python benchmarks/facts.py ../shared/data --speed             microseconds a posting on one core, fact by fact
    python benchmarks/facts.py ../shared/data --languages         py3langid, lingua where installed, and our short cut

Half of every labelled set, and a quarter of the annotated postings (benchmarks/data/annotations.csv), is held out by
a hash of its text or id: the rules were never read against it, and its errors are never printed. Labels that follow
another convention than ours are mapped or left out, as LEVELS and `labelled` say; docs/facts.md has the reasons.
"""

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import skills_material

from nlp import facts
from nlp.facts import country, language, pay, seniority, workplace, years
from nlp.records import Salary

# The labelled titles have finer levels than ours; directors and executives manage people.
LEVELS = {
    "intern": "intern",
    "entry": "junior",
    "junior": "junior",
    "mid": "mid",
    "senior": "senior",
    "lead": "lead",
    "staff": "lead",
    "principal": "lead",
    "manager": "manager",
    "director": "manager",
    "executive": "manager",
}
NUMBER = re.compile(
    r"\d\s*\W{0,12}(?:y|j|a)|\b(?:one|two|three|four|five|six|seven|eight|ten|zwei|drei|deux|trois|dos)\b", re.I
)
Row = tuple[str, str, Any, Any]
"""What was measured, the text or title, the label, the answer."""


def held_out(key: str) -> bool:
    """Whether a row belongs to the half that nobody reads."""
    return int(hashlib.sha1(key.encode()).hexdigest(), 16) % 2 == 1


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a JSON Lines file; a few lines of the labelled files are no JSON and are left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def gold(data: Path, held: bool) -> Iterator[Row]:
    """The reference postings that were read as a whole, by the definitions of the skills guide."""
    for row in rows(data / "gold" / "skills.jsonl"):
        if held_out(row["id"]) == held:
            yield from whole("gold", row)


def annotated(data: Path, held: bool) -> Iterator[Row]:
    """The postings that five readers annotated after the same guide."""
    for row in skills_material.annotated(data.parent)["kept aside" if held else "worked on"]:
        yield from whole("read", row)


def whole(name: str, row: dict[str, Any]) -> Iterator[Row]:
    """The four facts of a posting that was read as a whole."""
    title = "" if row["title"] in (None, "None") else row["title"]  # a source without titles wrote "None"
    found = facts.extract(row["text"], title, language=language.detect(row["text"]))
    stated = {key: None if row[key] == "unspecified" else row[key] for key in ("seniority", "remote", "min_years")}
    yield f"{name} seniority", row["id"], stated["seniority"], found.seniority
    yield f"{name} workplace", row["id"], stated["remote"], found.workplace
    yield f"{name} years", row["id"], stated["min_years"], found.min_years
    want = row["salary"] and tuple(row["salary"].get(key) for key in ("min", "max", "currency", "period"))
    yield f"{name} pay", row["id"], want, amounts(found.salary)


def amounts(salary: Salary | None) -> tuple[float | None, float | None, str | None, str | None] | None:
    return None if salary is None else (salary.min, salary.max, salary.currency, salary.period)


def labelled(data: Path, held: bool) -> Iterator[Row]:
    """The labelled phrases, titles and places."""
    folder = data / "payloads" / "labelled_fields"
    for path in sorted(folder.glob("*_yoe_corpus.jsonl")):
        for row in rows(path):
            if held_out(row["text"]) == held:
                # "mehrjährig" is labelled 3 and "première expérience" 0: no number of years stands there
                numbered = row["expect"] and NUMBER.search(row["text"])
                got = years.extract(row["text"], row.get("lang"))
                yield f"years {row.get('lang', 'en')}", row["text"], numbered and row["expect"]["min"], got
    for path in sorted(folder.glob("*_salary_corpus.jsonl")):
        for row in rows(path):
            if held_out(row["text"]) == held:
                want = row["expect"] and tuple(row["expect"][key] for key in ("min", "max", "interval"))
                yield f"pay {row.get('lang', 'en')}", row["text"], want, same_amount(want, pay.extract(row["text"]))
    for row in rows(folder / "ergon__level_corpus.jsonl"):
        if held_out(row["title"]) == held:
            yield "level of titles", row["title"], LEVELS.get(row["level"]), seniority.of_title(row["title"])
    for row in rows(folder / "ergon__geo_corpus.jsonl"):
        if held_out(row["location_raw"]) == held:
            want = row["country"] and (country.of_place(row["country"]) or row["country"])
            yield "country of places", row["location_raw"], want, country.of_place(row["location_raw"])


def same_amount(want: tuple[Any, ...] | None, salary: Salary | None) -> tuple[Any, ...] | None:
    """The answer in the labels' form: the files differ in whether one stated amount is also the maximum."""
    if salary is None:
        return None
    got = (salary.min, salary.max, salary.period)
    if want and want[0] == salary.min and want[2] == salary.period and {want[1], salary.max} == {None, salary.min}:
        return want
    return got


def score(measured: Iterator[Row]) -> None:
    """Right, wrong and missed answers and F1 where stated."""
    right: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    for name, _, want, got in measured:
        right[name] += want is not None and want == got
        wrong[name] += got is not None and want != got
        missed[name] += want is not None and want != got
    for name in right:
        total = 2 * right[name] + wrong[name] + missed[name]
        f1 = 2 * right[name] / total if total else 0
        print(f"{name:18} right {right[name]:4} wrong {wrong[name]:3} missed {missed[name]:3}  F1 {f1:.3f}")


def errors(measured: Iterator[Row], fact: str) -> None:
    for name, text, want, got in measured:
        if fact in name and want != got:
            print(f"{name}: {want} but {got}: {' '.join(text.split())[:400]}")


def speed(data: Path, count: int) -> None:
    """CPU microseconds a posting, over ML postings of all collections; spaCy cutting them into words to compare."""
    import spacy

    tokenizer = spacy.blank("en")
    texts = postings(data, count)
    steps: dict[str, Callable[[str, str], object]] = {
        "language": lambda text, _: language.detect(text),
        "seniority": lambda text, title: seniority.extract(text, title, "en"),
        "workplace": lambda text, title: workplace.extract(text, title, language="en"),
        "country": lambda text, title: country.extract(text, title, language="en"),
        "years": lambda text, _: years.extract(text, "en"),
        "pay": lambda text, _: pay.extract(text),
        "spaCy tokenizer": lambda text, _: tokenizer.make_doc(text),
        "all": lambda text, title: facts.extract(text, title, language=language.detect(text)),
    }
    print(f"{len(texts)} postings of {sum(len(text) for text, _ in texts) / len(texts):.0f} characters")
    for name, step in steps.items():
        for text, title in texts[:50]:
            step(text, title)
        started = time.process_time()
        for text, title in texts:
            step(text, title)
        print(f"{name:15} {(time.process_time() - started) / len(texts) * 1e6:6.0f} µs")


def languages(data: Path, count: int) -> None:
    """Languages of the labelled texts by each library, and where the short cut for English contradicts py3langid."""
    texts = []
    for path in sorted((data / "payloads" / "labelled_fields").glob("*_yoe_corpus.jsonl")):
        texts += [(row["text"], row.get("lang", "en")) for row in rows(path) if not held_out(row["text"])]
    libraries: dict[str, Callable[[str], str | None]] = {
        "ours": language.detect,
        "py3langid": lambda text: str(language._identifier().classify(text)[0]),
    }
    try:
        from lingua import LanguageDetectorBuilder
    except ImportError:
        print("lingua is not installed: left out")
    else:
        detector = LanguageDetectorBuilder.from_all_languages().with_low_accuracy_mode().build()

        def lingua(text: str) -> str | None:
            found = detector.detect_language_of(text)
            return found and found.iso_code_639_1.name.lower()

        libraries["lingua, low accuracy"] = lingua
    for name, detect in libraries.items():
        detect(texts[0][0])
        started = time.process_time()
        right = sum(detect(text) == lang for text, lang in texts)
        cost = (time.process_time() - started) / len(texts) * 1e6
        print(f"{name:21} {right}/{len(texts)} right, {cost:.0f} µs a text")
    long = [text for text, _ in postings(data, count)]
    short_cut = [text for text in long if language.surely_english(" ".join(language.pieces(text)).lower().split())]
    others = [text for text in short_cut if libraries["py3langid"](text) != "en"]
    print(f"short cut: {len(short_cut)} of {len(long)} postings; py3langid disagrees on {len(others)}")


def postings(data: Path, count: int) -> list[tuple[str, str]]:
    """Text and title of ML postings out of all collections."""
    found: list[tuple[str, str]] = []
    for path in sorted((data / "postings").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            some = [row for row in map(json.loads, lines) if row["ml_related"]][: count // 10]
        found += [(row["description"], row["title"] or "") for row in some]
    return found[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="the folder with gold/, payloads/ and postings/")
    parser.add_argument("--errors", metavar="FACT", help="print what goes wrong with this fact")
    parser.add_argument("--speed", action="store_true", help="measure the cost")
    parser.add_argument("--languages", action="store_true", help="compare the libraries for languages")
    parser.add_argument("--count", type=int, default=3_000, help="postings to measure the cost on")
    options = parser.parse_args()
    if options.speed:
        speed(options.data, options.count)
    elif options.languages:
        languages(options.data, options.count)
    elif options.errors:
        for measure in (gold, annotated, labelled):
            errors(measure(options.data, False), options.errors)
    else:
        for half, held in (("half that the rules were made on", False), ("held-out half", True)):
            print(f"-- {half}")
            for measure in (gold, annotated, labelled):
                score(measure(options.data, held))


if __name__ == "__main__":
    main()
