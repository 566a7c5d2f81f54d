"""How fast and how large a crawl is: 300 boards with 30,000 and 60,000 postings from a server on loopback, delays off.

python benchmarks/crawl.py            the machine and the figures, a line of JSON each; four minutes on a quiet machine
python benchmarks/crawl.py plain 30   one part ("plain", "double", "archive") with fewer boards, to try it
"""

import json
import multiprocessing
import os
import platform
import random
import resource
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

BOARDS, PER_BOARD, WORDS = 300, 100, 700  # about 5,000 characters of text, as real postings have
VOCABULARY = (
    "you build models with Python PyTorch and TensorFlow for computer vision natural language processing time series "
    "we offer a team that ships machine learning to production on Kubernetes with care for data quality and users "
    "requirements five years of experience in software engineering knowledge of SQL Spark Docker and cloud services"
).split()


def postings(board: int, count: int) -> bytes:
    chance = random.Random(board)
    pool = [" ".join(chance.choices(VOCABULARY, k=14)) for _ in range(1_000)]
    jobs = []
    for number in range(count):
        lines = chance.sample(pool, WORDS // 14)
        items = "".join(f"&lt;li&gt;{line}&lt;/li&gt;" for line in lines[10:])
        content = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in lines[:10]) + f"&lt;ul&gt;{items}&lt;/ul&gt;"
        jobs.append(
            {
                "id": board * 100_000 + number,
                "internal_job_id": board * 100_000 + number,
                "title": f"Machine Learning Engineer {number}",
                "company_name": f"Acme {board}",
                "location": {"name": "Utrecht, Netherlands"},
                "absolute_url": f"https://acme.example/{number}",
                "first_published": "2026-03-01T09:00:00+00:00",
                "updated_at": "2026-03-01T09:00:00+00:00",
                "content": content,
            }
        )
    return json.dumps({"jobs": jobs, "meta": {"total": count}}).encode()


def serve(boards: int, count: int, port: Any, sent: Any) -> None:
    bodies = {f"/v1/boards/b{board}/jobs": postings(board, count) for board in range(boards)}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body, status = bodies.get(self.path.partition("?")[0], b""), 200
            if not body:
                status = 404
            elif self.headers.get("If-None-Match") == '"same"':
                body, status = b"", 304
            self.send_response(status)
            self.send_header("ETag", '"same"')
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            with sent.get_lock():
                sent.value += len(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    port.value = server.server_address[1]
    server.serve_forever()


def crawl_once(data: Path, base: str, boards: int, archive: Path | None) -> dict[str, float]:
    from crawler.run import crawl
    from crawler.store import Store

    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = crawl(
        Store(str(data)),
        [f"greenhouse:b{board}" for board in range(boards)],
        contact="bench@example.org",
        base_urls={"greenhouse": base},
        allow_private=True,
        delay_factor=0,
        archive=archive,
    )
    spent, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    started = min(row["started_at"] for row in rows)
    finished = max(row["finished_at"] for row in rows)
    cpu, obtained = (
        after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        sum(r["obtained"] for r in rows),
    )
    return {
        "seconds": round(spent, 1),
        "cpu_seconds_with_start": round(cpu, 1),
        "seconds_first_request_to_last_row": round((finished - started).total_seconds(), 1),
        "obtained": obtained,
        "postings_per_cpu_second": round(obtained / cpu),
        "postings_per_second": round(obtained / (finished - started).total_seconds()),
        "unchanged": sum(row["status"] == "not_modified" for row in rows),
    }


def measure(boards: int, count: int, *, archive: bool) -> dict[str, object]:
    port, sent = multiprocessing.Value("i", 0), multiprocessing.Value("q", 0)
    server = multiprocessing.Process(target=serve, args=(boards, count, port, sent), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{port.value}"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive" if archive else None
        result: dict[str, object] = {
            "first": crawl_once(Path(scratch) / "data", base, boards, folder),
            "bytes_first": sent.value,
        }
        result["peak_mib"] = round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
        if archive:
            sent.value = 0
            second = crawl_once(Path(scratch) / "data", base, boards, folder)
            result |= {"second": second, "bytes_second": sent.value}
    server.terminate()
    server.join()
    return result


def machine() -> dict[str, object]:
    pages, size = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_gib": round(pages * size / 2**30, 1),
        "load": [round(load, 1) for load in os.getloadavg()],
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def one(name: str, boards: int) -> None:
    count, archive = {"plain": (PER_BOARD, False), "double": (2 * PER_BOARD, False), "archive": (PER_BOARD, True)}[name]
    print(json.dumps({name: measure(boards, count, archive=archive)}), flush=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else BOARDS)
    else:
        # Each in a process of its own: the peak of children is a maximum over all that ever ran.
        import subprocess

        print(json.dumps({"machine": machine()}), flush=True)
        for name in ("plain", "double", "archive"):
            subprocess.run([sys.executable, __file__, name], check=True)
