"""The explorer in a real browser: pages, filters, drilling down, downloads, hostile texts, keyboard, contrast."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import explorer_store
import pytest

pytest.importorskip("playwright.sync_api")

from nlp.tracks import queue
from reports.explorer import app as explorer_app
from reports.explorer import load
from reports.explorer.context import Explorer
from reports.explorer.desk import Desk
from reports.explorer.state import encode
from reports.explorer.texts import Texts

PAGES = (
    "/",
    "/?country=FR&seniority=lead",
    "/?until=1999-01",
    "/compare?track=nlp&b.track=computer_vision",
    "/postings?track=nlp",
    "/posting?id=made:board1:51",
    "/path?have=python&have=sql",
    "/label",
    "/nothing/here",
)
"""Every page, and its states: a small selection, an empty one, an address of nothing."""
LAST = {
    "/": "#headline",
    "/compare": "#figure-compare .points .point",
    "/postings": ".ag-row a",
    "/posting": "#posting h1",
    "/path": "#figure-path .points .point",
    "/label": "#label-start",
    "/nothing/here": "#page h1",
}
"""What each page shows last."""
WAIT = 60_000


@pytest.fixture(scope="module")
def explorer(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Explorer:
    """An explorer over a store whose first postings are hostile; its label queue is the random slice alone."""
    made = explorer_store.frames(240)
    store = explorer_store.write(tmp_path_factory.mktemp("explorer") / "store", made)
    rows = store.read("postings", ["posting_id", "content_hash"]).to_pylist()
    running = Explorer(load.population(made), Texts(store), Desk(store, lambda _: queue.draw(rows, 5, seed=1)))
    running.warm()
    return running


@pytest.fixture(scope="module")
def address(explorer: Explorer) -> str:
    listener = explorer_app.listen("127.0.0.1", 0)
    served = threading.Thread(target=explorer_app.serve, args=(explorer_app.build(explorer), listener), daemon=True)
    served.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def context(browser: Any) -> Iterator[Any]:
    """One browser profile, so that scripts are fetched once."""
    made = browser.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    yield made
    made.close()


class Visit:
    """A page of the explorer, with what it said, what it asked for elsewhere, and what was refused."""

    def __init__(self, context: Any, address: str) -> None:
        self.page = context.new_page()
        self.address = address
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", self._asked)
        self.page.on("response", lambda answer: self.faults.append(answer.url) if answer.status >= 400 else None)

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self.address, "data:", "blob:")):
            self.faults.append(f"foreign: {request.url}")

    def open(self, path: str) -> Any:
        self.page.goto(self.address + path)
        self.ready(path)
        return self.page

    def complete(self, path: str) -> Any:
        """Open, and wait for the charts out of sight too."""
        page = self.open(path)
        if path.partition("?")[0] == "/":
            page.wait_for_selector("#note-source:not(:empty)", state="attached", timeout=WAIT)
        return page

    def ready(self, path: str) -> None:
        """Until what the page shows last is there."""
        self.page.wait_for_selector(LAST[path.partition("?")[0]], state="attached", timeout=WAIT)


@pytest.fixture
def visit(context: Any, address: str) -> Iterator[Visit]:
    made = Visit(context, address)
    yield made
    made.page.close()
    assert made.faults == []


def until(page: Any, done: Callable[[], bool]) -> None:
    """Wait in steps: a function in the page would need what the Content-Security-Policy forbids."""
    for _ in range(300):
        if done():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never came true; at {page.url}")


def bring(page: Any, selector: str) -> bool:
    """Scroll to an element; false while there is none. Dash replaces a chart when its figure comes, so that a handle
    on it, as Playwright's own scrolling holds one, can go stale."""
    found = page.evaluate(
        "selector => { const e = document.querySelector(selector); e?.scrollIntoView({block: 'center'}); return !!e; }",
        selector,
    )
    return bool(found)


def serious(page: Any) -> list[Any]:
    """What axe calls serious or critical on the page: rule, places."""
    import axe_playwright_python

    page.evaluate(Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text("utf-8"))
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        (one["id"], [node["html"][:160] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_axe_finds_nothing_serious(visit: Visit, path: str) -> None:
    assert serious(visit.complete(path)) == []


def test_filters_write_the_address_and_the_address_sets_filters(visit: Visit) -> None:
    page = visit.open("/")
    page.get_by_label(re.compile("^Natural language")).first.check()
    until(page, lambda: page.url.endswith("/?track=nlp"))
    until(page, lambda: "Filters (1 set)" in page.inner_text("#a-title"))
    until(page, lambda: page.inner_text("#tiles .value >> nth=0") != "240")
    count = page.inner_text("#tiles .value >> nth=0")
    assert f"{count} postings" in page.inner_text("#note-skills")
    page.go_back()
    until(page, lambda: page.inner_text("#tiles .value >> nth=0") == "240")
    until(page, lambda: not page.get_by_label(re.compile("^Natural language")).first.is_checked())
    shared = visit.open("/?track=nlp&level=required")
    assert shared.inner_text("#tiles .value >> nth=0") == count
    assert shared.locator("#a-level input[type=radio]").nth(1).is_checked()


def test_a_click_on_a_bar_leads_to_its_postings_and_to_one_of_them(visit: Visit) -> None:
    page = visit.open("/")
    until(page, lambda: bring(page, "#figure-tracks .bars .point path"))

    def clicked() -> bool:
        bring(page, "#figure-tracks .bars .point path")
        box = page.locator("#figure-tracks .bars .point path").nth(1).bounding_box()
        if box is None:
            return False
        page.mouse.click(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
        page.wait_for_timeout(200)
        return page.url != visit.address + "/"

    until(page, clicked)
    visit.ready("/postings")
    assert page.url.endswith("/postings?track=nlp")
    said = page.inner_text("#postings-lead")
    page.locator(".ag-row a").first.click()
    visit.ready("/posting")
    assert "track=nlp" in page.url
    until(page, lambda: page.locator(".evidence").count() > 0)
    assert page.locator("mark").count() > 0
    page.get_by_text("Back to the postings").click()
    visit.ready("/postings")
    until(page, lambda: page.inner_text("#postings-lead") == said)


def test_the_grid_sorts_and_filters(visit: Visit) -> None:
    page = visit.open("/postings")
    page.locator(".ag-header-cell[col-id=pay] .ag-header-cell-text").click()
    page.locator(".ag-floating-filter-input input").first.fill("engineer 12")
    until(page, lambda: 0 < page.locator(".ag-center-cols-container .ag-row a").count() <= 11)
    titles = page.locator(".ag-center-cols-container .ag-row a").all_inner_texts()
    assert all("engineer 12" in title for title in titles)


def test_lists_open_by_keyboard_and_axe_accepts_them(visit: Visit) -> None:
    page = visit.open("/postings")
    page.focus("#a-skill")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dash-dropdown-content", timeout=WAIT)
    page.keyboard.type("tensor")
    until(page, lambda: page.locator(".dash-dropdown-content label").count() == 1)
    assert serious(page) == []
    page.locator(".dash-dropdown-content label").click()
    until(page, lambda: "skill=tensorflow" in page.url)
    page = visit.open("/postings")
    page.focus("#a-skill")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dash-dropdown-content", timeout=WAIT)
    page.keyboard.type("k8s")
    offered = page.locator(".dash-dropdown-content label")
    until(page, lambda: offered.count() == 1 and offered.first.inner_text().startswith("Kubernetes"))


def test_downloads_come_as_csv_and_png(visit: Visit) -> None:
    page = visit.open("/?country=US")
    with page.expect_download() as csv:
        page.click("#csv-skills")
    assert csv.value.suggested_filename == "skilldemand-skills.csv"
    assert Path(csv.value.path()).read_text("utf-8").startswith("skill,postings,of")
    with page.expect_download() as png:
        page.click("#png-skills")
    assert Path(png.value.path()).read_bytes().startswith(b"\x89PNG")


def test_the_keyboard_reaches_the_postings(visit: Visit) -> None:
    page = visit.open("/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.focus("#open-skills")
    page.keyboard.press("Enter")
    page.wait_for_selector("#table-skills tbody a", timeout=WAIT)
    link = page.locator("#table-skills tbody a").first
    name = link.inner_text()
    link.focus()
    page.keyboard.press("Enter")
    visit.ready("/postings")
    assert name in page.inner_text("#postings-lead")


def test_hostile_texts_are_shown_and_do_nothing(visit: Visit) -> None:
    for row, text in enumerate(explorer_store.HOSTILE):
        page = visit.open(f"/posting?id=made:board{row}:{row}")
        shown = page.inner_text("#posting h1")
        assert shown == text[:300] or "\u202e" in text
        assert page.locator("a[href^=javascript]").count() == 0
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    for path in ("/?employer=hostile-0", "/postings", "/compare?employer=hostile-1", "/?employer=hostile-4"):
        page = visit.open(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    page = visit.open("/?employer=hostile-0")
    until(page, lambda: bring(page, "#figure-employer") and "<script>" in page.inner_text("#figure-employer"))
    page.focus("#a-employer")
    page.keyboard.press("Enter")
    page.wait_for_selector(".dash-dropdown-content", timeout=WAIT)
    page.keyboard.type("script")
    until(page, lambda: "<script>" in page.locator(".dash-dropdown-content").inner_text())
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).unicodeBidi") == "isolate"


def test_the_policy_is_in_force(context: Any, address: str) -> None:
    """Markup that got into the page all the same could not run, nor speak to another host."""
    page = context.new_page()
    page.goto(address + "/label")
    page.wait_for_selector("#label-start", timeout=WAIT)
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.evaluate(
        """() => {
          const box = document.createElement('div');
          box.innerHTML = '<img src=x: onerror="window.hacked=1"><a id=evil href="javascript:window.hacked=1">x</a>';
          document.body.appendChild(box);
          const script = document.createElement('script');
          script.textContent = 'window.hacked = 1';
          document.body.appendChild(script);
          document.getElementById('evil').click();
          new Image().src = 'https://elsewhere.example/pixel';
          fetch('https://elsewhere.example/data').catch(() => 0);
        }"""
    )
    until(page, lambda: len([one for one in said if "Content Security Policy" in one]) >= 4)
    assert page.evaluate("window.hacked") is None
    page.close()


def test_controls_write_the_address_that_the_server_would(visit: Visit, explorer: Explorer) -> None:
    """assets/address.js against `encode`; then three steps back at once, which no late answer may undo."""
    page = visit.open("/compare?have=sql&cover=50&b.country=US&a=1")
    page.locator("#a-track input").nth(2).check()
    until(page, lambda: "track=sequence_modeling" in page.url)
    page.locator("#a-track input").nth(0).check()
    until(page, lambda: "computer_vision" in page.url)
    page.locator("#b-level input").nth(1).check()
    until(page, lambda: "b.level=required" in page.url)
    made = explorer.view(page.url.partition("?")[2])
    assert made.problems == ()
    assert set(made.a.track) == {"computer_vision", "sequence_modeling"}
    assert (made.b.level, made.b.country, made.have, made.cover) == ("required", ("US",), ("sql",), "50")
    assert encode(made) == "?" + page.url.partition("?")[2]
    for _ in range(3):
        page.evaluate("history.back()")
    until(page, lambda: page.url.endswith("a=1"))
    page.wait_for_timeout(800)
    assert page.url.endswith("a=1")
    until(page, lambda: page.locator("#a-track input:checked").count() == 0)
    page.click("#b-clear")
    until(page, lambda: page.url.endswith("/compare?have=sql&cover=50"))


def test_charts_out_of_sight_follow_when_one_comes_to_them_or_waits(visit: Visit) -> None:
    page = visit.open("/?country=US")
    of = re.search(r"of ([\d,]+) posting", "of " + page.inner_text("#headline").removeprefix("Of "))
    assert of is not None
    page.wait_for_selector("#figure-source .bars .point", state="attached", timeout=WAIT)
    assert f"{of.group(1)} posting" in page.inner_text("#note-source")
    until(page, lambda: bring(page, "#figure-source"))
    page.evaluate("document.querySelectorAll('#a-level input')[1].click()")
    until(page, lambda: "level=required" in page.url)
    page.evaluate("document.querySelectorAll('#a-track input')[1].click()")
    until(page, lambda: f"{of.group(1)} posting" not in page.inner_text("#note-source"))
    until(page, lambda: "track=nlp" in str(page.get_attribute("#csv-pay", "href")))


def test_tab_reaches_everything_and_shows_where_it_is(visit: Visit) -> None:
    seen = []
    page = visit.open("/")
    for _ in range(26):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate(
                """() => { const one = document.activeElement, style = getComputedStyle(one);
                   const box = one.getBoundingClientRect();
                   return [one.id || one.textContent || one.value, style.outlineStyle, parseFloat(style.outlineWidth),
                           box.top >= 0 && box.bottom <= window.innerHeight + 2]; }"""
            )
        )
    assert [one for one in seen if one[1] == "none" or one[2] < 2 or not one[3]] == []
    reached = [one[0] for one in seen]
    for name in ("Demand", "Label", "a-title", "a-skill", "a-until", "a-clear", "open-skills", "csv-skills"):
        assert name in reached, name
    page = visit.open("/postings")
    page.locator(".ag-cell").first.focus()
    page.keyboard.press("Enter")
    visit.ready("/posting")
    assert "/posting?id=" in page.url


@pytest.mark.parametrize("path", ["?skill=cobol&track=%3Cscript%3E", "?since=9999-99&level=%00", "?x=1&b.y=2"])
def test_forged_addresses_are_answered_in_words(visit: Visit, path: str) -> None:
    page = visit.open(f"/postings{path}")
    assert page.locator("#problems .notice").count() >= 1
    assert page.inner_text("#postings-lead").startswith("240 postings")


def test_unknown_pages_say_so(visit: Visit) -> None:
    assert "There is no such page" in visit.open("/nothing/here").inner_text("#page")


@pytest.fixture(scope="module", params=[(390, "light"), (390, "dark"), (1440, "dark")], ids=str)
def screen(browser: Any, request: pytest.FixtureRequest) -> Iterator[tuple[Any, int]]:
    """A profile of another size or scheme than the other tests', and its width."""
    width, scheme = request.param
    made = browser.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)
    yield made, width
    made.close()


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
def test_on_a_phone_and_in_the_dark_nothing_is_cut_and_axe_finds_nothing_serious(
    screen: tuple[Any, int], address: str, path: str
) -> None:
    visit = Visit(screen[0], address)
    page = visit.complete(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= screen[1]
    assert serious(page) == []
    assert visit.faults == []
    page.close()


def test_labels_are_given_with_the_keys_of_the_terminal(visit: Visit, explorer: Explorer) -> None:
    page = visit.page
    page.goto(visit.address + "/label")
    page.fill("#label-name", "not a name!")
    page.click("#label-start")
    page.wait_for_selector("#label-message .notice", timeout=WAIT)
    page.fill("#label-name", "ada")
    page.click("#label-start")
    page.wait_for_selector("#label-desk h2", timeout=WAIT)
    first = page.inner_text("#label-desk h2")
    page.focus("#label-1")
    page.keyboard.type("1u1020")
    until(page, lambda: page.inner_text("#label-question").startswith("2 of "))
    page.keyboard.type("s")
    until(page, lambda: page.inner_text("#label-question").startswith("3 of "))
    page.keyboard.type("uu")
    until(page, lambda: page.inner_text("#label-question").startswith("1 of "))
    assert page.inner_text("#label-desk h2") == first
    page.keyboard.type("0000")
    until(page, lambda: page.inner_text("#label-question").startswith("2 of "))
    assert explorer.desk is not None
    judged = explorer.desk.store.read("labels").to_pylist()
    given = [(row["ml_role"], row["cv"], row["nlp"], row["seq"]) for row in judged if row["labeller"] == "ada"]
    assert sorted(given) == [(0, 0, 0, 0), (1, 0, 2, 0)]
    assert {row["chosen"] for row in judged} == {"random"}
