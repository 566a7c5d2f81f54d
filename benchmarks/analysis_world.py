"""Monthly counts of terms in all Hacker News hiring comments 2012-2018 against an independent count of the same
threads.

    python benchmarks/analysis_world.py CACHE.json [seconds]

Reads ../shared/data: the comments, the reposts that were left out of them, and trend_benchmarks (ryanwi/hiringtrends,
MIT). A comment counts once per month for each skill that it mentions at any level. What was tagged is kept in
CACHE.json, and the run stops after `seconds` and goes on where it stopped. Prints correlation and bias (our count over
theirs) per term.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
COMMENTS = "hn_demircancelebi_2012_2018"
TERMS = {
    "TensorFlow": "tensorflow",
    "Machine Learning": "machine-learning",
    "NLP": "natural-language-processing",
    "Computer Vision": "computer-vision",
    "Deep Learning": "deep-learning",
    "Python": "python",
    "JavaScript": "javascript",
    "React": "react",
    "Ruby": "ruby",
    "Rails": "rails",
    "iOS": "ios",
    "AWS": "aws",
    "node.js": "nodejs",
    "Java": "java",
    "Android": "android",
    "Postgresql": "postgresql",
    "AngularJS": "angular",
    "golang": "go",
    "PHP": "php",
    "Docker": "docker",
    "MySQL": "mysql",
    "Redis": "redis",
    "Django": "django",
    "C++": "cpp",
    "Mongodb": "mongodb",
    "Scala": "scala",
    "Elasticsearch": "elasticsearch",
    "jQuery": "jquery",
    "C#": "csharp",
    "Spark": "spark",
    "Hadoop": "hadoop",
    "Kafka": "kafka",
    "Kubernetes": "kubernetes",
    "Cassandra": "cassandra",
    "TypeScript": "typescript",
    "AI": "artificial-intelligence",
    "Robotics": "robotics",
    "R": "r",
    "Big Data": "big-data",
    "Data Science": "data-science",
}


def lines(path: Path):
    with gzip.open(path, "rt", encoding="utf-8") as rows:
        yield from map(json.loads, rows)


def tag(cache: Path, seconds: float) -> dict[str, list[str]]:
    """Skills mentioned in each comment, by its id."""
    from crawler.text import html_to_text
    from nlp.pipeline import build, mentions

    found: dict[str, list[str]] = json.loads(cache.read_text()) if cache.exists() else {}
    pipeline, stop, begun = build(), time.monotonic() + seconds, len(found)
    for row in lines(SHARED / "postings" / f"{COMMENTS}.jsonl.gz"):
        name = row["id"].split(":")[-1]
        if name not in found:
            found[name] = sorted({mention.skill for mention in mentions(pipeline(html_to_text(row["description"])))})
        if time.monotonic() > stop:
            break
    cache.write_text(json.dumps(found))
    print(f"{len(found) - begun:,} comments tagged, {len(found):,} in all", file=sys.stderr)
    return found


def monthly(found: dict[str, list[str]]) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """Comments per month that mention each skill, and comments per month; reposts added back."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    comments: Counter[str] = Counter()
    days = {
        row["id"].split(":")[-1]: row["date_collected"][:7]
        for row in lines(SHARED / "postings" / f"{COMMENTS}.jsonl.gz")
    }
    seen = list(days.items())
    for row in lines(SHARED / "trend_benchmarks" / "hn_2012_2018_reposts.jsonl.gz"):
        if row["dup_of_source"] == COMMENTS:
            seen.append((str(row["dup_of_id"]), row["date_collected"][:7]))
    for name, month in seen:
        if name in found:
            comments[month] += 1
            counts[month].update(found[name])
    return counts, comments


def compare(found: dict[str, list[str]]) -> None:
    counts, comments = monthly(found)
    theirs: dict[str, dict[str, int]] = defaultdict(dict)
    number: dict[str, int] = {}
    with (SHARED / "trend_benchmarks" / "hn_hiringtrends_monthly_terms.csv").open(encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            theirs[row["term"]][row["month"]] = int(row["count"])
            number[row["month"]] = int(row["num_comments"])
    shared = sorted(set(comments) & set(number))
    # A month of which one side holds a part only says nothing of terms.
    months = [m for m in shared if abs(comments[m] - number[m]) <= 0.1 * number[m]]
    print(
        "left out, one side is incomplete:",
        ", ".join(f"{m} ({comments[m]} here, {number[m]} there)" for m in shared if m not in months),
    )
    ours, other = (np.array([table[m] for m in months], float) for table in (comments, number))
    print(
        f"{len(months)} months {months[0]} to {months[-1]}: {ours.sum():,.0f} comments here, {other.sum():,.0f} there; "
        f"correlation of monthly comments {np.corrcoef(ours, other)[0, 1]:.3f}"
    )
    print(f"{'term':<18} {'here':>6} {'there':>6} {'bias':>6} {'counts r':>9} {'shares r':>9}")
    for term, skill in TERMS.items():
        mine = np.array([counts[m][skill] for m in months], float)
        their = np.array([theirs[term].get(m, 0) for m in months], float)
        if mine.std() and their.std():
            r, s = np.corrcoef(mine, their)[0, 1], np.corrcoef(mine / ours, their / other)[0, 1]
            bias = mine.sum() / their.sum() * other.sum() / ours.sum()
            print(f"{term:<18} {mine.sum():>6.0f} {their.sum():>6.0f} {bias:>6.2f} {r:>9.3f} {s:>9.3f}")
        else:
            print(f"{term:<18} {mine.sum():>6.0f} {their.sum():>6.0f}  too few")


if __name__ == "__main__":
    compare(tag(Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else 3600.0))
