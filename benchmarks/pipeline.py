"""Time and peak memory of import, tag and report over a folder of collections (JSON Lines, gzipped).

    python benchmarks/pipeline.py ../shared/data/postings [WORKING_FOLDER]

Each step is the real command in a process of its own; memory is the peak of that process and its largest child.
Without a folder the steps run over postings made here, for a machine that lacks the real ones.
"""

import gzip
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def invented(folder: Path, count: int = 5_000) -> Path:
    """Postings out of a few sentences: enough to see that the steps scale, not to see what is in demand."""
    dice = random.Random(1)
    tools = "Python PyTorch TensorFlow SQL Docker Kubernetes Spark AWS OpenCV spaCy LSTM pandas Git Java".split()
    folder.mkdir(parents=True)
    with gzip.open(folder / "invented.jsonl.gz", "wt", encoding="utf-8") as lines:
        for number in range(count):
            bullets = "\n".join(f"• Experience with {one} in production" for one in dice.sample(tools, 6))
            text = f"We build machines that read the world.\n\nRequirements:\n{bullets}\n" * 3
            row = {"id": number, "title": "Machine Learning Engineer", "company": f"Employer {number % 400}"}
            lines.write(json.dumps(row | {"description": text}) + "\n")
    return folder


def step(name: str, *arguments: str) -> None:
    """Run one command and print a line of the table: wall seconds, CPU seconds, peak MB."""
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "skilldemand", *arguments], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status):
        sys.exit(f"{name} failed")
    wall = time.perf_counter() - started
    cpu = used.ru_utime + used.ru_stime
    print(f"| {name} | {wall:,.0f} | {cpu:,.0f} | {used.ru_maxrss / 1e3:,.0f} |", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(sys.argv[1]) if len(sys.argv) > 1 else invented(Path(scratch) / "postings")
        work = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(scratch) / "work"
        files = sorted(map(str, source.glob("*.jsonl.gz")))
        data = ("--data", str(work / "data"))
        print(f"{len(files)} files, {os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}\n")
        print("| step | wall s | CPU s | peak MB of one process |\n|---|---|---|---|")
        step("import", "import", *files, "--source", "{stem}", *data)
        step("tag", "tag", *data)
        step("tag again (nothing new)", "tag", *data)
        step("report", "report", "--out", str(work / "report"), *data)


if __name__ == "__main__":
    main()
