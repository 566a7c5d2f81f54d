"""Time and memory of `measure` against size: postings and mentions drawn from marginals like the real ones.

    python benchmarks/analysis_scale.py [10000 100000 1000000]

Employers' sizes follow a power law, skills' shares the shape of real demand (a few in half of the postings, a long
tail), thirty mentions a posting, a fifth of them repeats. Every part of `measure` runs; texts are not part of it (near
copies are found when the store is loaded). Each size runs in a process of its own, so that its peak memory is its own.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from analysis import bootstrap
from analysis.catalog import from_taxonomy
from analysis.frames import Frames, complete
from analysis.load import load  # noqa: F401  what a real run imports counts
from analysis.options import PARTS, Options
from analysis.population import select
from analysis.run import _part
from nlp.records import TRACKS
from nlp.taxonomy import load_taxonomy

MENTIONS = 30


def draw(postings: int, seed: int = 7) -> Frames:
    """Frames of that many ML postings with thirty mentions each."""
    rng = np.random.default_rng(seed)
    catalog = from_taxonomy(load_taxonomy())
    employers = max(postings // 8, 20)
    size = (np.arange(employers) + 10.0) ** -0.9
    owner = rng.choice(employers, postings, p=size / size.sum())
    popularity = (np.arange(len(catalog.ids)) + 3.0) ** -1.0
    skill = rng.choice(len(catalog.ids), postings * MENTIONS, p=popularity / popularity.sum()).astype(np.int32)
    level = rng.choice(3, postings * MENTIONS, p=[0.6, 0.2, 0.2]).astype(np.int8)
    source = rng.choice([f"source{i}" for i in range(12)], postings)
    day = pd.Timestamp("2019-01-01") + pd.to_timedelta(rng.integers(0, 7 * 365, postings), unit="D")
    pay = np.where(rng.random(postings) < 0.2, np.exp(rng.normal(11.7, 0.35, postings)), np.nan)
    table = pd.DataFrame(
        {
            "posting_id": np.char.add("p", np.arange(postings).astype(str)),
            "source": source,
            "board": source,
            "employer_id": np.where(rng.random(postings) < 0.09, "", np.char.add("e", owner.astype(str))),
            "title": "Engineer",
            "date_posted": np.where(rng.random(postings) < 0.5, day.to_numpy(), np.datetime64("NaT")),
            "first_seen": day,
            "last_seen": day,
            "seniority": rng.choice(["", "junior", "mid", "senior", "lead"], postings),
            "country": rng.choice(["", "US", "DE", "GB", "CH"], postings),
            "pay_min_year": pay,
            "pay_max_year": pay,
            "salary_currency": np.where(np.isnan(pay), "", "USD"),
            "ml_role": True,
            **{track: rng.random(postings) < share for track, share in zip(TRACKS, (0.2, 0.35, 0.15), strict=True)},
        }
    )
    mentions = pd.DataFrame(
        {"posting": np.repeat(np.arange(postings, dtype=np.int32), MENTIONS), "skill": skill, "level": level}
    )
    return Frames(complete(table), mentions, catalog)


def one(postings: int) -> None:
    frames = draw(postings)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    options, took = Options(), {}
    start, cpu = time.perf_counter(), time.process_time()
    population = select(frames, options)
    likeness = population.likeness
    took["population"] = time.perf_counter() - start
    for part in PARTS:
        begun = time.perf_counter()
        _part(part, frames, population, options)
        took[part] = time.perf_counter() - begun
    total, cpu = time.perf_counter() - start, time.process_time() - cpu
    begun = time.perf_counter()
    hits, sizes, _ = population.by_employer(population.either)
    bootstrap.shares(hits, sizes, 2000)
    drawn = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    parts = ", ".join(f"{name} {seconds:.1f}" for name, seconds in took.items())
    spent = f"{total:6.1f} s ({cpu:.1f} s of CPU), peak {peak:.1f} GiB ({before:.1f} before), likeness {likeness:.3f}"
    print(f"{postings:>9,} postings {len(frames.mentions):>11,} mentions: {spent}; {parts}", flush=True)
    print(f"{'':>9} apart from it, 2,000 bootstrap replicates of {hits.shape[1]:,} skills: {drawn:.1f} s", flush=True)


if __name__ == "__main__":
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    if len(sizes) == 1:
        one(sizes[0])
    else:
        for size in sizes:
            subprocess.run([sys.executable, __file__, str(size)], check=True)
