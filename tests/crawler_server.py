"""A real HTTP server on loopback for the crawler's tests: routes with answers, and a log of what was asked when."""

import contextlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What a route gives; `body` may be anything that JSON can hold, or a function that gives chunks to send without
    saying how many."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0

    def bytes(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()


@dataclass
class Asked:
    at: float
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    sent: int = 0
    status: int = 0
    ended: float = 0.0


Route = Answer | Callable[[Asked], Answer]


class Server:
    """Routes by path, with the query first and then without it. Unknown paths are 404, robots.txt too."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self.routes: dict[str, Route] = {}
        self.log: list[Asked] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                length = int(self.headers.get("Content-Length") or 0)
                asked = Asked(
                    time.monotonic(),
                    self.command,
                    self.path,
                    {k.lower(): v for k, v in self.headers.items()},
                    self.rfile.read(length),
                )
                outer.log.append(asked)
                route = (
                    outer.routes.get(self.path) or outer.routes.get(self.path.partition("?")[0]) or Answer(status=404)
                )
                answer = route if isinstance(route, Answer) else route(asked)
                time.sleep(answer.wait)
                if callable(answer.body):
                    self.stream(asked, answer)
                    return
                body = answer.bytes()
                asked.sent, asked.status, asked.ended = len(body), answer.status, time.monotonic()
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def stream(self, asked: Asked, answer: Answer) -> None:
                self.send_response(answer.status)
                for name, value in {**answer.headers, "Transfer-Encoding": "chunked"}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.close_connection = True
                with contextlib.suppress(OSError):
                    for chunk in answer.body():
                        self.wfile.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                        asked.sent += len(chunk)
                    self.wfile.write(b"0\r\n\r\n")

            do_POST = do_GET  # noqa: N815

            def log_message(self, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer((host, 0), Handler)
        self._server.daemon_threads = True
        self.base = f"http://{host}:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path, whatever their query."""
        return [one for one in self.log if one.path.partition("?")[0] == path]


def greenhouse_job(
    number: int, title: str = "Machine Learning Engineer", text: str = "You build models in Python."
) -> dict[str, Any]:
    """A job as the Greenhouse API sends it."""
    return {
        "id": number,
        "internal_job_id": number + 10_000,
        "title": title,
        "company_name": "Lumenfold",
        "location": {"name": "Utrecht, Netherlands"},
        "absolute_url": f"https://jobs.example.org/{number}",
        "first_published": "2026-03-02T23:30:00-05:00",
        "updated_at": "2026-06-19T12:11:02-04:00",
        "metadata": None,
        "offices": [],
        "departments": [],
        "content": f"&lt;p&gt;{text}&lt;/p&gt;",
    }


def greenhouse_board(*jobs: dict[str, Any], total: int | None = None) -> dict[str, Any]:
    return {"jobs": list(jobs), "meta": {"total": len(jobs) if total is None else total}}
