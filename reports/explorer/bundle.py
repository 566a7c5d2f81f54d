"""Plotly's smaller bundle (`reports.plotlyjs`) in the place of the whole one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.plotlyjs import BUNDLE

if TYPE_CHECKING:
    from flask import Flask, Response

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
