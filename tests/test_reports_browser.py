"""The report in a real browser: nothing is fetched, nothing hostile runs, charts are drawn, axe finds
nothing serious."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import reports_sample

from analysis.options import Options
from reports import run

pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with evidence from a store full of hostile texts."""
    folder = tmp_path_factory.mktemp("report")
    store = reports_sample.store(folder / "store", reports_sample.frames(postings=300, employers=60))
    return run.build(store, folder / "out", Options(replicates=200), run.Settings(examples=2)).path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


class Visit:
    """A page opened from disk, with what it said and asked for; the tests of this file share two of them."""

    def __init__(self, browser: Any, path: Path, width: int, scheme: str) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("body[data-ready]", timeout=60_000)
        self.at_first = list(self.said), list(self.asked)

    @contextmanager
    def quiet(self) -> Iterator[Any]:
        """The page, which must say nothing and ask no one in the meantime."""
        before = len(self.said), len(self.asked)
        yield self.page
        assert (self.said[before[0] :], self.asked[before[1] :]) == ([], [])


@pytest.fixture(scope="module")
def wide(browser: Any, report: Path) -> Iterator[Visit]:
    visit = Visit(browser, report, 1440, "light")
    yield visit
    visit.page.close()


@pytest.fixture(scope="module")
def phone(browser: Any, report: Path) -> Iterator[Visit]:
    visit = Visit(browser, report, 390, "dark")
    yield visit
    visit.page.close()


def test_the_page_is_silent_and_asks_no_one(wide: Visit, phone: Visit, report: Path) -> None:
    for visit in (wide, phone):
        assert visit.at_first == ([], [report.as_uri()])


def test_every_chart_is_drawn_and_as_wide_as_its_place(wide: Visit, phone: Visit) -> None:
    for visit in (wide, phone):
        sizes = visit.page.eval_on_selector_all(
            "[data-figure]",
            "all => all.map(e => [e.clientWidth, e.querySelector('.main-svg').clientWidth, "
            "e.querySelectorAll('.point').length])",
        )
        assert sizes
        for place, drawn, marks in sizes:
            assert drawn == place
            assert marks > 0
        assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_no_word_widens_the_page_when_everything_is_open(phone: Visit) -> None:
    with phone.quiet() as page:
        # Twice: what is folded inside is laid out only when the outer fold opens.
        for _ in range(2):
            page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
            page.wait_for_timeout(100)
        assert page.locator(".example").count() > 100
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = false; })")


def test_no_label_of_an_axis_is_cut_off(wide: Visit, phone: Visit) -> None:
    for visit in (wide, phone):
        cut = visit.page.evaluate(
            """() => [...document.querySelectorAll('[data-figure]')].flatMap(place => {
                const box = place.getBoundingClientRect();
                const texts = '.xtick text, .ytick text, .xtitle, .ytitle, .legendtext, .annotation-text';
                return [...place.querySelectorAll(texts)]
                    .filter(text => { const b = text.getBoundingClientRect();
                        return b.left < box.left - 1 || b.right > box.right + 1 || b.bottom > box.bottom + 1; })
                    .map(text => place.dataset.figure + ': ' + text.textContent); })"""
        )
        assert cut == []


def test_nothing_hostile_runs(wide: Visit, phone: Visit) -> None:
    for visit in (wide, phone):
        assert visit.page.evaluate("window.hacked === undefined")
        assert visit.page.locator("a[href^='javascript']").count() == 0
        assert visit.page.locator("section script, section img, svg a[href]").count() == 0


def test_the_policy_refuses_a_script_that_was_put_in(wide: Visit) -> None:
    page = wide.page
    refused: list[str] = []
    page.on("requestfailed", lambda request: refused.append(request.failure or ""))
    page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
        " document.body.append(s); const i = new Image(); i.src = 'https://example.org/x.png'; }"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.hacked === undefined")
    assert refused == ["csp"]


def drill(page: Any, part: str, key: str) -> Any:
    return page.locator(f"[data-evidence={part}] .drill[data-key='{key}']")


def test_a_click_on_a_bar_opens_its_example_postings(wide: Visit) -> None:
    with wide.quiet() as page:
        bar = page.locator("[data-figure=skills] .bars .point path").first
        bar.scroll_into_view_if_needed()
        box = bar.bounding_box()
        page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
        page.mouse.click(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
        found = page.locator("[data-evidence=skills] .drill[open]")
        found.wait_for()
        assert found.count() == 1
        name = page.locator("[data-figure=skills] .ytick text").nth(0).text_content()
        assert found.locator("summary").text_content().startswith(f"{name}: ")
        assert found.locator("mark").first.text_content() == name
        assert found.locator("a").count() == 0
        assert "<script>" in found.locator(".who b").first.text_content()
        assert "<i>cue</i>" in found.locator(".tag").nth(1).text_content()


def test_only_the_drill_that_was_asked_for_is_open_and_in_sight(wide: Visit) -> None:
    with wide.quiet() as page:
        for key in ("sql", "python"):
            page.evaluate(
                "key => document.querySelector('[data-figure=skills]').emit('plotly_click', "
                "{points: [{customdata: key}]})",
                key,
            )
        assert not drill(page, "skills", "sql").evaluate("e => e.open")
        place = drill(page, "skills", "python").bounding_box()
        assert 0 <= place["y"] < 900


def test_a_mark_may_open_the_examples_of_another_part(wide: Visit) -> None:
    with wide.quiet() as page:
        page.evaluate(
            "document.querySelector('[data-figure=model]').emit('plotly_click', {points: [{customdata: 'tracks/nlp'}]})"
        )
        assert drill(page, "tracks", "nlp").evaluate("e => e.open && e.closest('details.evidence').open")


def test_examples_open_by_keyboard(phone: Visit) -> None:
    with phone.quiet() as page:
        page.focus("[data-evidence=where] > summary")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("[data-evidence=where] .drill[open] .example").first.wait_for()


def test_the_mode_button_exchanges_the_colours(wide: Visit) -> None:
    colour = "getComputedStyle(document.querySelector('[data-figure=skills] .ytick text')).fill"
    with wide.quiet() as page:
        seen = [page.evaluate(colour)]
        for _ in range(2):
            page.evaluate("delete document.body.dataset.ready")
            page.click("button.mode")
            page.wait_for_selector("body[data-ready]")
            seen.append(page.evaluate(colour))
        assert seen[0] == seen[2] != seen[1]


def test_on_paper_tables_are_open_and_nothing_is_cut(phone: Visit) -> None:
    page = phone.page
    light = "getComputedStyle(document.body).backgroundColor"
    with phone.quiet():
        page.set_viewport_size({"width": 700, "height": 990})  # A4 between its margins
        page.emulate_media(media="print")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert page.locator("details.table:not([open])").count() == 0
        assert page.evaluate(light) == "rgb(255, 255, 255)"
        widths = page.eval_on_selector_all("[data-figure] .main-svg", "all => all.map(e => e.clientWidth)")
        assert max(widths) <= 680
        wide = "all => all.filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.closest('section').id)"
        assert page.eval_on_selector_all(".scroll", wide) == []
        assert len(page.pdf(format="A4")) > 10_000
        page.evaluate("delete document.body.dataset.ready; window.dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 390, "height": 900})
        page.wait_for_selector("body[data-ready]")
        assert page.locator("details.table[open]").count() == 0


@pytest.mark.parametrize("which", ["wide", "phone"])
def test_axe_finds_nothing_serious(which: str, request: pytest.FixtureRequest) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    visit = request.getfixturevalue(which)
    visit.page.evaluate("document.querySelectorAll('details').forEach((d, i) => { d.open = i < 8; })")
    found = axe.Axe().run(visit.page)
    serious = [
        (one["id"], [node["html"][:120] for node in one["nodes"][:3]])
        for one in found.response["violations"]
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []
