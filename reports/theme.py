"""Colours and Plotly templates of report and explorer, for light and dark pages.

The series colours keep a contrast of 3:1 or more against their page and stay apart for the common kinds of
colour blindness (blue, vermilion, bluish green, purple); marks differ in shape as well, so that no chart
hangs on colour alone.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import plotly.graph_objects as go

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

LIGHT: dict[str, str] = {
    "page": "#ffffff",
    "panel": "#f6f8fa",
    "text": "#1b1f24",
    "muted": "#57606a",
    "line": "#d5dbe1",
    "link": "#0b5cad",
    "mark": "#fff1b8",
    "required": "#0a5cac",
    "preferred": "#c24d00",
    "either": "#7893ab",
    "computer_vision": "#0b5dad",
    "nlp": "#c14c00",
    "sequence_modeling": "#00735b",
    "any": "#7a3f9f",
    "rest": "#58616b",
    "up": "#01735c",
    "down": "#b3261e",
}
DARK: dict[str, str] = {
    "page": "#14171a",
    "panel": "#1d2226",
    "text": "#e6e9ec",
    "muted": "#a3acb5",
    "line": "#3a4149",
    "link": "#79b8ff",
    "mark": "#574a12",
    "required": "#6cb6ff",
    "preferred": "#ffa657",
    "either": "#66809a",
    "computer_vision": "#6db7ff",
    "nlp": "#ffa758",
    "sequence_modeling": "#56d4b0",
    "any": "#d2a8ff",
    "rest": "#a4adb6",
    "up": "#57d5b1",
    "down": "#ff8f87",
}
CATEGORIES: tuple[tuple[str, str], ...] = (
    ("#0c5eae", "#6eb8ff"),
    ("#c04b00", "#ffa859"),
    ("#00745a", "#58d6b2"),
    ("#7b409e", "#d3a9ff"),
    ("#8a6100", "#e3c35a"),
    ("#ad2463", "#ff9bc4"),
    ("#3f6b00", "#a5d65c"),
    ("#00707f", "#5fd3e4"),
    ("#59626c", "#a5aeb7"),
)
"""Pairs (light, dark) for nominal classes beyond the tracks; the last is for "other"."""

TRACKS: dict[str, str] = {
    "computer_vision": "Computer vision",
    "nlp": "Natural language processing",
    "sequence_modeling": "Sequence modeling",
}
SYMBOLS: dict[str, str] = {"computer_vision": "circle", "nlp": "diamond", "sequence_modeling": "square", "any": "star"}


def darker() -> dict[str, str]:
    """Every light colour that a figure may hold, to the colour that stands for it on a dark page."""
    return {light: DARK[name] for name, light in LIGHT.items()} | dict(CATEGORIES)


def category_colours(names: list[str]) -> dict[str, str]:
    """A colour for each name in the order given; from the ninth on they share the last one."""
    last = len(CATEGORIES) - 1
    return {name: CATEGORIES[min(place, last)][0] for place, name in enumerate(names)}


def _axis(colours: dict[str, str]) -> dict[str, Any]:
    return {
        "gridcolor": colours["line"],
        "linecolor": colours["line"],
        "zerolinecolor": colours["line"],
        "tickcolor": "rgba(0,0,0,0)",
        "ticks": "outside",
        "ticklen": 5,
        "automargin": True,
        "title": {"standoff": 12},
    }


def template(colours: dict[str, str] = LIGHT) -> go.layout.Template:
    """The Plotly template of one page colour: transparent ground, quiet grid, margins that grow with the
    labels."""
    import plotly.graph_objects as go

    axis = _axis(colours)
    return go.layout.Template(
        layout={
            "font": {"family": FONT, "size": 14, "color": colours["text"]},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": [colours[k] for k in ("required", "preferred", "sequence_modeling", "any", "rest")],
            "xaxis": axis,
            "yaxis": axis,
            "margin": {"l": 8, "r": 26, "t": 8, "b": 8},
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.0,
                "yanchor": "bottom",
                "bgcolor": "rgba(0,0,0,0)",
            },
            "hoverlabel": {
                "font": {"family": FONT, "size": 13, "color": colours["text"]},
                "bgcolor": colours["panel"],
                "bordercolor": colours["line"],
                "align": "left",
            },
            "annotationdefaults": {"font": {"color": colours["muted"], "size": 12}, "showarrow": False},
        }
    )


def figure(height: int, **layout: object) -> go.Figure:
    """An empty figure in the light template, `height` pixels high, as wide as its place."""
    import plotly.graph_objects as go

    fig = go.Figure()
    fig.update_layout(template=template(), height=height, dragmode=False, **layout)
    return fig


def plotly_text(text: str) -> str:
    """A text for Plotly, which takes `<b>`, `<a href>` and entities in labels for markup."""
    return html.escape(text, quote=False)


def see_through(colour: str, alpha: float) -> str:
    """`#rrggbb` with an alpha as `#rrggbbaa`, the form that the page's script can turn dark as well."""
    return f"{colour}{round(alpha * 255):02x}"
