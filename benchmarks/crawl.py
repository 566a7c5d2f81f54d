"""How fast, how large and how polite a crawl is: 300 boards with 30,000 postings from a server on loopback, delays off.

python benchmarks/crawl.py            the figures as JSON on stdout
"""

import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

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
    jobs = []
    for number in range(count):
        lines = [" ".join(chance.choices(VOCABULARY, k=14)) for _ in range(WORDS // 14)]
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


def serve(count: int, port: "multiprocessing.Value", sent: "multiprocessing.Value") -> None:  # type: ignore[valid-type]
    bodies = {f"/v1/boards/b{board}/jobs": postings(board, count) for board in range(BOARDS)}

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


def crawl_once(data: Path, base: str, archive: Path | None) -> dict[str, float]:
    from crawler.run import crawl
    from crawler.store import Store

    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    rows = crawl(
        Store(str(data)),
        [f"greenhouse:b{board}" for board in range(BOARDS)],
        contact="bench@example.org",
        base_urls={"greenhouse": base},
        allow_private=True,
        delay_factor=0,
        archive=archive,
    )
    spent, after = time.monotonic() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    started = min(row["started_at"] for row in rows)
    finished = max(row["finished_at"] for row in rows)
    return {
        "seconds": spent,
        "cpu_seconds_with_start": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime,
        "seconds_first_request_to_last_row": (finished - started).total_seconds(),
        "obtained": sum(row["obtained"] for row in rows),
        "unchanged": sum(row["status"] == "not_modified" for row in rows),
    }


def measure(count: int, *, archive: bool) -> dict[str, object]:
    port, sent = multiprocessing.Value("i", 0), multiprocessing.Value("q", 0)
    server = multiprocessing.Process(target=serve, args=(count, port, sent), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.05)
    base = f"http://127.0.0.1:{port.value}"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "archive" if archive else None
        result: dict[str, object] = {
            "first": crawl_once(Path(scratch) / "data", base, folder),
            "bytes_first": sent.value,
        }
        result["peak_mib"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        if archive:
            sent.value = 0
            result |= {"second": crawl_once(Path(scratch) / "data", base, folder), "bytes_second": sent.value}
    server.terminate()
    server.join()
    return result


def one(name: str) -> None:
    count, archive = {"plain": (PER_BOARD, False), "double": (2 * PER_BOARD, False), "archive": (PER_BOARD, True)}[name]
    print(json.dumps({name: measure(count, archive=archive)}))


if __name__ == "__main__":
    if len(sys.argv) > 1:
        one(sys.argv[1])
    else:
        # Each in a process of its own: the peak of children is a maximum over all that ever ran.
        import subprocess

        for name in ("plain", "double", "archive"):
            subprocess.run([sys.executable, __file__, name], check=True)
