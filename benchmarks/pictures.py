"""The README's pictures, from a report on disk and, with --explorer, a running explorer.

    python benchmarks/pictures.py report/report.html [--explorer http://127.0.0.1:8050]

Writes docs/pictures/*.png with the Chromium that is installed.
"""

import argparse
import shutil
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SHOTS = (("report", 1280, 900, "light"), ("report-phone", 390, 844, "light"))


def shoot(browser: Any, name: str, address: str, ready: str, width: int, height: int, scheme: str) -> None:
    """One picture of the first screen of `address`, once `ready` is on the page."""
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    page.goto(address)
    page.wait_for_selector(ready, timeout=60_000)
    page.wait_for_timeout(500)
    path = FOLDER / f"{name}.png"
    page.screenshot(path=path)
    page.close()
    print(f"{path}: {path.stat().st_size / 1024:.0f} KiB")


def main() -> None:
    """Take every picture."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("report", type=Path)
    parser.add_argument("--explorer", help="address of a running `skilldemand explore`")
    given = parser.parse_args()
    chromium = next((found for name in ("chromium", "google-chrome") if (found := shutil.which(name))), None)
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        address = given.report.resolve().as_uri()
        for name, width, height, scheme in SHOTS:
            shoot(browser, name, address, "body[data-ready]", width, height, scheme)
        shoot(browser, "report-skills", f"{address}#skills", "body[data-ready]", 1280, 900, "light")
        if given.explorer:
            shoot(browser, "explorer", given.explorer, ".main-svg", 1280, 900, "light")
        browser.close()


if __name__ == "__main__":
    main()
