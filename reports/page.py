"""The report's one HTML page.

It holds everything it needs: its Content-Security-Policy lets run nothing but the two scripts it carries and
lets nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from reports import theme
from reports.plotlyjs import BUNDLE
from reports.report import Report

if TYPE_CHECKING:
    from markupsafe import Markup


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
    """Plotly's smaller bundle (bars, lines and points are all that a page draws), with the line ends that an HTML
    parser would make of it."""
    return "\n".join(BUNDLE.read_text(encoding="utf-8").splitlines())


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


def breakable(text: str) -> Markup:
    """`text` escaped, with a place to break behind the signs of names and addresses, which know no blanks."""
    from markupsafe import Markup, escape

    return Markup("<wbr>").join(escape(piece) for piece in re.split(r"(?<=[_/])|(?<=\w[.-])(?=[a-z])", text))


def pool(report: Report) -> dict[str, Any]:
    """The examples as the page's script wants them: each posting and each sentence once.

    `postings`: [title, employer, date, source, address]; `quotes`: [posting, before, marked, after]; `parts`: by part a
    list of [key, label, [[quote, level, rule, note], …]].
    """
    postings: dict[tuple[Any, ...], int] = {}
    quotes: dict[tuple[Any, ...], int] = {}
    parts: dict[str, list[Any]] = {}
    for part in report.parts:
        for drill in part.drills:
            shown = []
            for one in drill.examples:
                who = (one.title, one.employer, one.date, one.source, one.url)
                quote = (postings.setdefault(who, len(postings)), one.before, one.marked, one.after)
                shown.append((quotes.setdefault(quote, len(quotes)), one.level, one.rule, one.note))
            parts.setdefault(part.id, []).append((drill.key, drill.label, shown))
    return {"postings": list(postings), "quotes": list(quotes), "parts": parts}


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
    examples = pool(report)
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
    environment.filters |= {"together": together, "breakable": breakable}
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
        examples=script_json(examples),
    )
