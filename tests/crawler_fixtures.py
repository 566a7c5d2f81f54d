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
NOT_COMPARED = {"crawl_id", "first_seen", "content_hash", "started_at", "finished_at", "bytes", "policy"}


def kinds() -> list[str]:
    return sorted(path.parent.name for path in FIXTURES.glob("*/board.json"))


def serve(server: Server) -> tuple[list[str], dict[str, str]]:
    """Put all fixtures onto a server; gives the boards' names and the kinds' base URLs."""
    boards, bases = [], {}
    for kind in kinds():
        board = json.loads((FIXTURES / kind / "board.json").read_text())
        bases[kind] = f"{server.base}/{kind}"
        boards.append(f"{kind}:{board['slug']}")
        for path, name in board["routes"].items():
            body = (FIXTURES / kind / name).read_text().replace("{base}", bases[kind])
            server.routes[f"/{kind}" + path.removeprefix("POST ")] = Answer(body, headers={"Content-Type": _type(name)})
    return boards, bases


def _type(name: str) -> str:
    return {"json": "application/json", "xml": "application/xml", "html": "text/html"}.get(
        name.rpartition(".")[2], "text/plain"
    )


def crawl_all(data: Path) -> dict[str, dict[str, Any]]:
    """Crawl every fixture; per kind the manifest row and the postings, in the shape of expected.json."""
    from crawler.run import crawl
    from crawler.store import Store

    os.environ |= {"USAJOBS_KEY": "written-for-tests", "USAJOBS_EMAIL": "test@example.org"}
    server, store = Server(), Store(str(data))
    boards, bases = serve(server)
    try:
        rows = crawl(
            store, boards, contact="test@example.org", base_urls=bases, allow_private=True, delay_factor=0, backoff=0.01
        )
    finally:
        server.close()
    found: dict[str, dict[str, Any]] = {
        row["source"]: {"manifest": _plain(row, server.base), "postings": []} for row in rows
    }
    for row in sorted(store.read("postings").to_pylist(), key=lambda row: row["posting_id"]):
        found[row["source"]]["postings"].append(_plain(row, server.base))
    return found


def _plain(row: dict[str, Any], base: str) -> dict[str, Any]:
    def value(cell: Any) -> Any:
        if isinstance(cell, dt.date):
            return cell.isoformat()
        return cell.replace(base, "{server}") if isinstance(cell, str) else cell

    return {name: value(cell) for name, cell in row.items() if name not in NOT_COMPARED}


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))
    with tempfile.TemporaryDirectory() as scratch:
        for kind, result in crawl_all(Path(scratch)).items():
            (FIXTURES / kind / "expected.json").write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
