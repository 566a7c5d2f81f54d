"""Time, memory and size of a report: `python benchmarks/report.py STORE [OUT]`.

Prints a Markdown table for docs/benchmarks.md.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path

from crawler.store import Store
from reports.run import build


def main() -> None:
    """Build the report of the store named on the command line and print what it cost."""
    if len(sys.argv) < 2:
        raise SystemExit("usage: python benchmarks/report.py STORE [OUT]")
    out = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(tempfile.mkdtemp()) / "report"
    marks: list[tuple[str, float]] = []
    start = time.perf_counter()
    built = build(Store(sys.argv[1]), out, say=lambda text: marks.append((text, time.perf_counter())))
    ends = [moment for _, moment in marks[1:]] + [time.perf_counter()]
    print("| step | value |\n|---|---|")
    for (text, begun), end in zip(marks, ends, strict=True):
        print(f"| {text} | {end - begun:.1f} s |")
    print(f"| all | {time.perf_counter() - start:.1f} s |")
    print(f"| peak memory | {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB |")
    print(f"| report.html | {built.path.stat().st_size / 1e6:.2f} MB |")
    print(f"| parts, figures | {len(built.report.parts)}, {len(built.report.figures)} |")


if __name__ == "__main__":
    main()
