"""The saved responses of every kind of board (tests/fixtures/<kind>), served on loopback and crawled together.

`python tests/crawler_fixtures.py` writes every expected.json anew; read the difference before you commit it.
"""

import datetime as dt
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from crawler_server import Answer, Server

FIXTURES = Path(__file__).parent / "fixtures"
NOT_COMPARED = {"crawl_id", "first_seen", "content_hash", "started_at", "finished_at", "bytes", "policy", "reader"}


def saved_boards() -> dict[str, dict[str, Any]]:
    """By folder, what board.json says: the slug, the routes, and the kind where the folder has another name."""
    found = {path.parent.name: json.loads(path.read_text()) for path in sorted(FIXTURES.glob("*/board.json"))}
    return {folder: {"kind": folder} | about for folder, about in found.items()}


def serve(server: Server) -> tuple[dict[str, str], dict[str, str]]:
    """Put all fixtures onto a server; gives the boards' names by folder and the kinds' base URLs."""
    boards, bases = {}, {}
    for folder, board in saved_boards().items():
        kind = board["kind"]
        bases[kind] = f"{server.base}/{kind}"
        boards[folder] = f"{kind}:{board['slug']}"
        for path, name in board["routes"].items():
            body = (FIXTURES / folder / name).read_text().replace("{base}", bases[kind])
            server.routes[f"/{kind}" + path.removeprefix("POST ")] = Answer(body, headers={"Content-Type": _type(name)})
    return boards, bases


def _type(name: str) -> str:
    return {"json": "application/json", "xml": "application/xml", "html": "text/html"}.get(
        name.rpartition(".")[2], "text/plain"
    )


def crawl_all(data: Path) -> dict[str, dict[str, Any]]:
    """Crawl every fixture; per folder the manifest row and the postings, in the shape of expected.json."""
    from crawler.run import crawl
    from crawler.store import Store

    os.environ |= {"USAJOBS_KEY": "written-for-tests", "USAJOBS_EMAIL": "test@example.org"}
    server, store = Server(), Store(str(data))
    boards, bases = serve(server)
    options = {"base_urls": bases, "allow_private": True, "delay_factor": 0, "backoff": 0.01}
    try:
        rows = crawl(store, list(boards.values()), contact="test@example.org", **options)
    finally:
        server.close()
    manifest = {row["board"]: _plain(row, server.base) for row in rows}
    postings = sorted(store.read("postings").to_pylist(), key=lambda row: row["posting_id"])
    return {
        folder: {
            "manifest": manifest[board],
            "postings": [_plain(row, server.base) for row in postings if row["posting_id"].startswith(f"{board}:")],
        }
        for folder, board in boards.items()
    }


def _plain(row: dict[str, Any], base: str) -> dict[str, Any]:
    def value(cell: Any) -> Any:
        if isinstance(cell, dt.date):
            return cell.isoformat()
        return cell.replace(base, "{server}") if isinstance(cell, str) else cell

    return {name: value(cell) for name, cell in row.items() if name not in NOT_COMPARED}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    with tempfile.TemporaryDirectory() as scratch:
        for folder, result in crawl_all(Path(scratch)).items():
            (FIXTURES / folder / "expected.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
