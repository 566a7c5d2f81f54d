"""Time, memory and size of a report: `python benchmarks/report.py STORE [OUT]`.

Prints a Markdown table for docs/benchmarks.md.
"""

import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

from crawler.store import Store
from reports.run import build


def main() -> None:
    """Build the report of the store named on the command line and print what it cost."""
    if len(sys.argv) < 2:
        raise SystemExit("usage: python benchmarks/report.py STORE [OUT]")
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "report"
    marks: list[tuple[str, float, float]] = []

    def mark(text: str) -> None:
        marks.append((text, time.perf_counter(), time.process_time()))

    built = build(Store(sys.argv[1]), out, say=mark)
    mark("end")
    print("| step | value | CPU |\n|---|---|---|")
    for (text, wall, cpu), (_, wall_end, cpu_end) in pairwise(marks):
        print(f"| {text} | {wall_end - wall:.1f} s | {cpu_end - cpu:.1f} s |")
    print(f"| all | {marks[-1][1] - marks[0][1]:.1f} s | {marks[-1][2] - marks[0][2]:.1f} s |")
    print(f"| peak memory | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB | |")
    print(f"| report.html | {built.path.stat().st_size / 1e6:.2f} MB | |")
    print(f"| parts, figures | {len(built.report.parts)}, {len(built.report.figures)} | |")


if __name__ == "__main__":
    main()
