"""The report in a real browser: nothing is fetched, nothing hostile runs, charts are drawn, axe finds
nothing serious."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import reports_sample

from reports import run

pytest.importorskip("playwright.sync_api")


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with evidence from a store full of hostile texts."""
    folder = tmp_path_factory.mktemp("report")
    made = reports_sample.frames(postings=300, employers=60)
    return run.build(
        reports_sample.store(folder / "store", made), folder / "out", settings=run.Settings(examples=2)
    ).path


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        made = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        yield made
        made.close()


class Visit:
    """A page opened from disk, with what it said and asked for."""

    def __init__(self, browser: Any, path: Path, width: int, scheme: str) -> None:
        self.page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(path.as_uri())
        self.page.wait_for_selector("body[data-ready]", timeout=60_000)


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
        assert visit.said == []
        assert visit.asked == [report.as_uri()]


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


def test_no_word_widens_the_page_when_everything_is_open(browser: Any, report: Path) -> None:
    visit = Visit(browser, report, 390, "light")
    visit.page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    visit.page.close()


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


def test_the_policy_refuses_a_script_that_was_put_in(browser: Any, report: Path) -> None:
    visit = Visit(browser, report, 800, "light")
    refused: list[str] = []
    visit.page.on("requestfailed", lambda request: refused.append(request.failure or ""))
    visit.page.evaluate(
        "() => { const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
        " document.body.append(s); const i = new Image(); i.src = 'https://example.org/x.png'; }"
    )
    visit.page.wait_for_timeout(100)
    assert visit.page.evaluate("window.hacked === undefined")
    assert refused == ["csp"]
    visit.page.close()


def test_a_bar_opens_its_example_postings(wide: Visit) -> None:
    page = wide.page
    page.evaluate(
        "document.querySelector('[data-figure=skills]').emit('plotly_click', {points: [{customdata: 'python'}]})"
    )
    drill = page.locator("[data-evidence=skills] .drill[data-key=python]")
    assert drill.evaluate("e => e.open && e.closest('details.evidence').open")
    assert drill.locator("mark").first.text_content() == "Python"
    assert drill.locator("a").count() == 0
    assert "<script>" in drill.locator(".who b").first.text_content()


def test_the_mode_button_exchanges_the_colours(browser: Any, report: Path) -> None:
    visit = Visit(browser, report, 800, "light")
    colour = "getComputedStyle(document.querySelector('[data-figure=skills] .ytick text')).fill"
    light = visit.page.evaluate(colour)
    visit.page.evaluate("delete document.body.dataset.ready")
    visit.page.click("button.mode")
    visit.page.wait_for_selector("body[data-ready]")
    assert visit.page.evaluate(colour) != light
    visit.page.close()


def test_on_paper_the_tables_are_open_and_charts_fit(browser: Any, report: Path) -> None:
    visit = Visit(browser, report, 1440, "dark")
    visit.page.emulate_media(media="print")
    visit.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert visit.page.locator("details.table:not([open])").count() == 0
    widths = visit.page.eval_on_selector_all("[data-figure] .main-svg", "all => all.map(e => e.clientWidth)")
    assert max(widths) <= 680
    assert len(visit.page.pdf(format="A4")) > 10_000
    visit.page.close()


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
