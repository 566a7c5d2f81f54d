"""Plotly's smaller bundle for browsers, of report and explorer: bars, lines and points are all that they draw.

`reports/data/plotly` holds plotly.js-basic-dist-min as published (MIT, see LICENSE there). The whole bundle is four
times as large, and reading it was half of the time until the first chart stood.
"""

from pathlib import Path

BUNDLE = Path(__file__).with_name("data") / "plotly" / "plotly-basic.min.js"
TRACES = frozenset({"bar", "pie", "scatter"})
"""What the bundle draws."""
