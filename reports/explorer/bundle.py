"""Plotly's smaller bundle in the place of the whole one: bars and lines are all that the charts draw.

`reports/data/plotly` holds plotly.js-basic-dist-min as published (MIT, see LICENSE there). The whole bundle is four
times as large, and reading it was half of the time until the first chart stood.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask, Response

BUNDLE = Path(__file__).parents[1] / "data" / "plotly" / "plotly-basic.min.js"
TRACES = frozenset({"bar", "pie", "scatter"})
"""What the bundle draws."""

ADDRESS = "/_dash-component-suites/plotly/package_data/plotly.min.js"
"""Where Dash's graphs look for Plotly."""


def serve(server: Flask) -> None:
    """Answer ADDRESS with the bundle. The address has no version in it, so a browser asks again, and gets a 304."""
    from flask import send_file

    def bundle() -> Response:
        answer = send_file(BUNDLE, mimetype="text/javascript", conditional=True, etag=True, max_age=0)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    server.add_url_rule(ADDRESS, "plotly_bundle", bundle)
