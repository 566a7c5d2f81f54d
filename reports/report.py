"""The report as a thing of parts, and its one HTML page.

A part tells one finding: a sentence, a figure, its table, notes and, where the store has the text, example
postings. The page holds everything it needs; its Content-Security-Policy lets run nothing but the three
scripts it carries and lets nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reports import theme
from reports.tables import Table

if TYPE_CHECKING:
    import plotly.graph_objects as go
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Example:
    """One posting that stands behind a bar: the sentence in three pieces, of which `marked` names the
    skill."""

    title: str
    employer: str
    source: str
    date: str
    url: str | None
    before: str
    marked: str
    after: str
    level: str
    rule: str


@dataclass(frozen=True, slots=True)
class Drill:
    """The examples behind one bar; `key` is what the figure's points carry as customdata."""

    key: str
    label: str
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A bar to find examples for: its key and label, and the skills of which any one counts."""

    key: str
    label: str
    skills: tuple[str, ...]


@dataclass(slots=True)
class Part:
    """One finding of the report. Without `figure` the finding says what is missing.

    `wanted` and `track` say for which bars examples are looked up, and among which track's postings;
    `tracks` asks for examples of the three tracks instead.
    """

    id: str
    title: str
    finding: str
    figure: go.Figure | None = None
    table: Table | None = None
    reading: str = ""
    notes: list[str] = field(default_factory=list)
    drills: list[Drill] = field(default_factory=list)
    wanted: tuple[Wanted, ...] = ()
    track: str | None = None
    tracks: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """One of the headline figures: `value` large, `interval` under it, then what it counts."""

    value: str
    interval: str
    text: str


@dataclass(slots=True)
class Report:
    """The whole report. `lead`: what was measured, in one or two sentences; `synthetic`: all postings are
    invented."""

    title: str
    lead: str
    cards: list[Card]
    parts: list[Part]
    filters: dict[str, str] = field(default_factory=dict)
    synthetic: bool = False

    @property
    def figures(self) -> dict[str, go.Figure]:
        """Every figure by its part's id."""
        return {part.id: part.figure for part in self.parts if part.figure is not None}

    @property
    def tables(self) -> dict[str, Table]:
        """Every table by its file's name."""
        return {part.table.name: part.table for part in self.parts if part.table is not None}


def web_link(url: str | None) -> str | None:
    """`url` when it is an http(s) address with a host, else None: no `javascript:`, no `data:`, no local
    file."""
    if not url or any(ord(ch) < 33 for ch in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def script_json(value: Any) -> str:
    """JSON that may stand in a `<script type="application/json">`: no `<`, so no tag or comment can begin
    in it."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _library() -> str:
    """plotly.js as shipped with the Python package, with the line ends that an HTML parser would make of
    it."""
    from plotly.offline import get_plotlyjs

    return "\n".join(str(get_plotlyjs()).splitlines())


def _own(name: str) -> str:
    return resources.files("reports").joinpath("templates", name).read_text(encoding="utf-8")


def source_hash(script: str) -> str:
    """The CSP source expression that lets exactly this inline script run."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def policy(scripts: Sequence[str]) -> str:
    """The page's Content-Security-Policy. Plotly writes style rules at run time, hence 'unsafe-inline' for
    styles."""
    allowed = " ".join(source_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def together(text: str) -> Markup:
    """`text` escaped, its ranges of numbers (`34–37%`) kept on one line."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"[(]?[\d.,]+–[\d.,]+[%)]*", r'<span class="range">\g<0></span>', str(escape(text))))


def page(report: Report) -> str:
    """The report as one HTML document."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    library, own = _library(), _own("report.js").strip()
    figures = {key: json.loads(str(figure.to_json())) for key, figure in report.figures.items()}
    for figure in figures.values():
        figure["layout"].pop("template", None)
    themes = {
        "dark": theme.darker(),
        "templates": {
            "light": theme.template(theme.LIGHT).to_plotly_json(),
            "dark": theme.template(theme.DARK).to_plotly_json(),
        },
    }
    environment.filters["together"] = together
    return environment.get_template("report.html.j2").render(
        report=report,
        light=theme.LIGHT,
        dark=theme.DARK,
        css=_own("report.css"),
        policy=policy([library, own]),
        library=library,
        script=own,
        figures={key: script_json(figure) for key, figure in figures.items()},
        themes=script_json(themes),
    )
