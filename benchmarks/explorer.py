"""How fast the explorer is: start, memory, first paint, a change of filters, one posting; for stores of several sizes.

    python benchmarks/explorer.py --data DIR --made 13500 --made 200000
    python benchmarks/explorer.py --made 200000 --no-browser

`--made N` makes up N postings (tests/explorer_store.py), without texts. Prints a Markdown table with a column per
store, each measured in a process of its own, as median and 95th percentile. "Server" is processor time of the
callbacks; "browser" runs from a change of the address until every chart on the screen is redrawn, in Chromium on this
machine, at the top of the page and half-way down.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

REPAINT = """address => new Promise(done => {
  const plots = [...document.querySelectorAll('.js-plotly-plot')].filter(plot => {
    const box = plot.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight;
  });
  let left = plots.length;
  const start = performance.now();
  plots.forEach(plot => plot.once('plotly_afterplot', () => { if (!--left) done(performance.now() - start); }));
  window.history.pushState({}, '', address);
  window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
})"""
QUIET = 2600
"""Milliseconds between two changes: the charts out of sight follow in that time."""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--made", type=int, action="append", default=[])
    parser.add_argument("--data", type=Path, action="append", default=[])
    parser.add_argument("--changes", type=int, default=40)
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("--as-json", action="store_true", help="measure the one store that is named, print JSON")
    options = parser.parse_args()
    if options.as_json:
        print(json.dumps(measured(options)))
        return
    columns: dict[str, dict[str, str]] = {}
    for name, value in [*(("--data", one) for one in options.data), *(("--made", one) for one in options.made)]:
        command = [sys.executable, __file__, name, str(value), "--as-json", "--changes", str(options.changes)]
        command += ["--no-browser"] if options.no_browser else []
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        columns["the store" if name == "--data" else f"{int(value):,} made up"] = json.loads(found.splitlines()[-1])
    rows = dict.fromkeys(row for column in columns.values() for row in column)
    print(f"| | {' | '.join(columns)} |\n|{'---|' * (len(columns) + 1)}")
    for row in rows:
        print(f"| {row} | {' | '.join(column.get(row, '–') for column in columns.values())} |")
    print(f"\n{os.cpu_count()} cores, load at the end {os.getloadavg()[0]:.1f}")


def measured(options: argparse.Namespace) -> dict[str, str]:
    """Row to value, of one store."""
    out: dict[str, str] = {}
    wall, cpu = time.perf_counter(), time.process_time()
    explorer = loaded(options)
    from reports.explorer import app

    dash = app.build(explorer)
    out["start, wall and CPU time"] = f"{time.perf_counter() - wall:.1f} s, {time.process_time() - cpu:.1f} s"
    out["postings shown"] = f"{len(explorer.population):,}"
    out["memory at most while starting"] = f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"
    queries = changes(explorer, options.changes)
    first = on_server(dash, queries, "headline.children")
    out["change of filters, server, what one sees first"] = times(first)
    rest = [on_server(dash, queries, f"figure-{key}.figure") for key in others(dash)]
    out["change of filters, server, all ten charts"] = times(map(sum, zip(first, *rest, strict=True)))
    if explorer.texts is not None:
        out["one posting from the store, server"] = times(on_server(dash, postings(explorer), "posting.children"))
    if not options.no_browser:
        listener = app.listen("127.0.0.1", 0)
        threading.Thread(target=app.serve, args=(dash, listener), daemon=True).start()
        # Other filters than the server was measured with: what it has worked out once it keeps.
        fresh = changes(explorer, 2 * options.changes, seed=8)
        out |= in_browser(f"http://127.0.0.1:{listener.getsockname()[1]}", fresh)
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    out["memory at the end"] = f"{pages * resource.getpagesize() / 1e6:,.0f} MB"
    return out


def loaded(options: argparse.Namespace) -> Any:
    from reports.explorer import app, load
    from reports.explorer.context import Explorer

    if options.data:
        from crawler.store import Store

        return app.load(Store(options.data[0]))
    import explorer_store

    made = explorer_store.frames(options.made[0], employers=max(options.made[0] // 4, 5))
    explorer = Explorer(load.population(made))
    explorer.warm()
    return explorer


def changes(explorer: Any, count: int, seed: int = 5) -> list[str]:
    """Addresses as a reader makes them: one to three filters, drawn with a fixed seed."""
    rng = random.Random(seed)
    people = explorer.population
    popular = [people.skills[code] for code in people.by_popularity[:60]]
    values = {name: list(known)[:12] for name, known in people.known.items()} | {"skill": popular}
    levels = itertools.cycle(("asked", "required", "preferred", "any"))
    out = []
    while len(out) < count:
        chosen = rng.sample(list(values), rng.randint(1, 3))
        query = "&".join(f"{name}={rng.choice(values[name])}" for name in chosen)
        out.append(f"?level={next(levels)}&{query}")
    return out


def postings(explorer: Any) -> list[str]:
    rng = random.Random(6)
    from urllib.parse import quote

    ids = explorer.population.ids
    return [f"?id={quote(ids[rng.randrange(len(ids))].as_py())}" for _ in range(20)]


def others(dash: Any) -> list[str]:
    """Keys of the charts that the page asks for one by one."""
    asked = [one["id"] for found in dash.callback_map.values() for one in found["inputs"]]
    return [one.removeprefix("ask-") for one in asked if one.startswith("ask-")]


def on_server(dash: Any, queries: list[str], part: str) -> list[float]:
    """Seconds of CPU time of the callback that gives out `part`, for each query."""
    output = next(name for name in dash.callback_map if part in name)
    client = dash.server.test_client()
    outputs: Any = [
        dict(zip(("id", "property"), one.rpartition(".")[::2], strict=True)) for one in output.strip(".").split("...")
    ]
    state = [{"id": one["id"], "property": one["property"], "value": 0} for one in dash.callback_map[output]["state"]]
    taken = []
    for query in queries:
        body = {
            "output": output,
            "outputs": outputs if ".." in output else outputs[0],
            "changedPropIds": [],
            "inputs": [{**one, "value": query} for one in dash.callback_map[output]["inputs"]],
            "state": state,
        }
        start = time.process_time()
        answer = client.post("/_dash-update-component", data=json.dumps(body), content_type="application/json")
        taken.append(time.process_time() - start)
        if answer.status_code != 200:
            raise SystemExit(f"{query}: {answer.text}")
    return taken


def in_browser(address: str, queries: list[str]) -> dict[str, str]:
    """Row to value: paint and first chart of a cold browser, then changes of filters at two places of the page."""
    from playwright.sync_api import sync_playwright

    out = {}
    with sync_playwright() as playwright:
        painted, drawn = [], []
        for _ in range(5):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            start = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("#figure-skills .bars .point", state="attached")
            drawn.append(time.perf_counter() - start)
            painted.append(page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime") / 1000)
            page.wait_for_timeout(QUIET)
            if len(drawn) < 5:
                browser.close()
        out["first contentful paint, cold browser"] = times(painted)
        out["first chart drawn, cold browser"] = times(drawn)
        half = len(queries) // 2
        out["change of filters, browser, top of the page"] = times(repainted(page, queries[:half]))
        page.evaluate("window.scrollTo(0, 1100)")
        page.wait_for_timeout(QUIET)
        out["change of filters, browser, half-way down"] = times(repainted(page, queries[half:]))
        browser.close()
    return out


def repainted(page: Any, queries: list[str]) -> list[float]:
    """Seconds until the charts on the screen are redrawn, for each query."""
    taken = []
    for query in queries:
        taken.append(page.evaluate(REPAINT, f"/{query}") / 1000)
        page.wait_for_timeout(QUIET)
    return taken


def times(found: Iterable[float]) -> str:
    """`median, 95th percentile` in milliseconds."""
    taken = sorted(found)
    high = taken[min(len(taken) - 1, int(0.95 * len(taken)))]
    return f"{1000 * statistics.median(taken):.0f}, {1000 * high:.0f} ms (n = {len(taken)})"


if __name__ == "__main__":
    main()
