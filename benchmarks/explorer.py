"""How fast the explorer is: loading, memory, first paint, a change of filters, one posting.

    python benchmarks/explorer.py --made 13500            made-up postings (tests/explorer_store.py), without texts
    python benchmarks/explorer.py --data DIR              a store
    python benchmarks/explorer.py --made 200000 --no-browser

Prints a Markdown table. "Server CPU" is processor time of the callbacks that fill the page; "browser" runs from a
change of the address until the first chart, or the last of the ten, is redrawn, in Chromium on this machine.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import resource
import shutil
import statistics
import sys
import threading
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

REPAINT = """([address, seen]) => new Promise(done => {
  const plots = [...document.querySelectorAll('.js-plotly-plot')].slice(0, seen);
  let left = plots.length;
  const start = performance.now();
  plots.forEach(plot => plot.once('plotly_afterplot', () => { if (!--left) done(performance.now() - start); }));
  window.history.pushState({}, '', address);
  window.dispatchEvent(new CustomEvent('_dashprivate_pushstate'));
})"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--made", type=int)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--changes", type=int, default=60)
    parser.add_argument("--no-browser", action="store_true")
    options = parser.parse_args()
    print("| what | value |\n|---|---|")
    start = time.perf_counter()
    explorer = loaded(options)
    used = time.process_time()
    tell("start until the first request can be answered", f"{time.perf_counter() - start:.1f} s, {used:.1f} s of CPU")
    tell("postings shown", f"{len(explorer.population):,}")
    tell("memory at most while starting", f"{memory():,.0f} MB")
    from reports.explorer import app

    dash = app.build(explorer)
    queries = changes(explorer, options.changes)
    first = next(name for name in dash.callback_map if "headline.children" in name)
    rest = next(name for name in dash.callback_map if "figure-source.figure" in name)
    once = on_server(dash, queries, first)
    times("filter change, server CPU, what one sees first", once)
    then = on_server(dash, queries, rest)
    times("filter change, server CPU, all ten charts", [a + b for a, b in zip(once, then, strict=True)])
    if explorer.texts is not None:
        times("one posting from the store, server CPU", on_server(dash, postings(explorer), "posting.children"))
    if not options.no_browser:
        in_browser(app, dash, queries)
    tell("memory now", f"{now():,.0f} MB")


def loaded(options: argparse.Namespace) -> Any:
    from reports.explorer import app, load
    from reports.explorer.context import Explorer

    if options.data:
        from crawler.store import Store

        return app.load(Store(options.data))
    import explorer_store

    made = explorer_store.frames(options.made, employers=max(options.made // 4, 5))
    explorer = Explorer(load.population(made))
    explorer.warm()
    return explorer


def changes(explorer: Any, count: int) -> list[str]:
    """Addresses as a reader makes them: one to three filters, drawn with a fixed seed."""
    rng = random.Random(5)
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


def on_server(dash: Any, queries: list[str], output: str) -> list[float]:
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


def in_browser(app: Any, dash: Any, queries: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    listener = app.listen("127.0.0.1", 0)
    threading.Thread(target=app.serve, args=(dash, listener), daemon=True).start()
    address = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        first = []
        for _ in range(5):
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            start = time.perf_counter()
            page.goto(address)
            page.wait_for_selector("#figure-skills .bars .point", state="attached")
            first.append(time.perf_counter() - start)
            paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
            tell("first contentful paint, cold browser", f"{paint / 1000:.2f} s")
        times("first chart drawn, cold browser", first)
        page.wait_for_timeout(1500)
        for seen, what in ((1, "what one sees first"), (10, "all ten charts")):
            taken = []
            for query in queries:
                taken.append(page.evaluate(REPAINT, [f"/{query}", seen]) / 1000)
                page.wait_for_timeout(400)
            times(f"filter change, browser, {what} redrawn", taken)
        browser.close()


def times(what: str, taken: list[float]) -> None:
    ordered = sorted(taken)
    high = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    tell(
        what,
        f"median {1000 * statistics.median(taken):.0f} ms, 95th percentile {1000 * high:.0f} ms (n = {len(taken)})",
    )


def memory() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def now() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def tell(what: str, value: str) -> None:
    print(f"| {what} | {value} |", flush=True)


if __name__ == "__main__":
    main()
