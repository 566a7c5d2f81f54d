"""The report as Markdown: the same findings, tables and evidence, every text from outside escaped."""

from __future__ import annotations

import re

from reports.report import Drill, Part, Report
from reports.tables import Table

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def escaped(text: str) -> str:
    """`text` on one line with nothing in it that Markdown or HTML would take for markup."""
    line = " ".join(str(text).split())
    # A list begins with a sign, or with a number and a stop or bracket, and a blank behind it; an underline with signs.
    return re.sub(r"^(\d*)([-+=.)])(?=\s|$|[-=])", r"\1\\\2", _SPECIAL.sub(r"\\\1", line))


def table(shown: Table) -> list[str]:
    """A pipe table of the shown columns and rows."""
    heads = shown.heads()
    lines = [
        "| " + " | ".join(escaped(head) for head, _ in heads) + " |",
        "|" + "|".join(" ---: " if numeric else " --- " for _, numeric in heads) + "|",
    ]
    lines += ["| " + " | ".join(escaped(value) for value in row) + " |" for row in shown.rows()]
    if shown.more:
        lines += ["", f"{shown.more:,} more in `tables/{shown.name}.csv`."]
    return lines


def _drill(drill: Drill) -> list[str]:
    lines = [f"- {escaped(drill.label)}"]
    for one in drill.examples:
        note = "; ".join(escaped(text) for text in (one.level, f"rule: {one.rule}", one.note) if text)
        who = " · ".join(escaped(text) for text in (one.title, one.employer, one.date, one.source) if text)
        link = f" <{one.url}>" if one.url and not set(one.url) & set("<> ") else ""
        quote = f"{escaped(one.before)} **{escaped(one.marked)}** {escaped(one.after)}".strip()
        lines.append(f"    - {who}{link}: “{quote}” ({note})")
    return lines


def _part(part: Part) -> list[str]:
    lines = [f"## {escaped(part.title)}", "", escaped(part.finding), ""]
    if part.figure is not None:
        lines += [f"Figure: `figures/{part.id}.json`", ""]
    for note in (part.reading, *part.notes):
        lines += [escaped(note), ""] if note else []
    if part.table is not None:
        lines += [*table(part.table), ""]
    if part.drills:
        lines += ["Example postings:", "", *(line for drill in part.drills for line in _drill(drill)), ""]
    return lines


def text(report: Report) -> str:
    """The whole report as Markdown."""
    lines = [f"# {escaped(report.title)}", "", escaped(report.lead), ""]
    if report.synthetic:
        lines += [
            "**These postings are invented: they show how the report works, not what any employer asks for.**",
            "",
        ]
    lines += [f"- {escaped(name)}: {escaped(value)}" for name, value in report.filters.items()]
    lines += [""] if report.filters else []
    lines += [f"- **{escaped(card.value)}** ({escaped(card.interval)}): {escaped(card.text)}" for card in report.cards]
    lines.append("")
    for part in report.parts:
        lines += _part(part)
    return "\n".join(lines).rstrip() + "\n"
