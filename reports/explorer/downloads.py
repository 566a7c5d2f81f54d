"""The figures of a view as CSV, at addresses that take the same query as the pages."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from reports.explorer import grid
from reports.explorer.cohort import Cohort
from reports.explorer.context import CHARTS, Explorer
from reports.export import neutral

if TYPE_CHECKING:
    from flask import Flask, Response

POSTING_COLUMNS = (
    "id",
    "title",
    "employer",
    "date",
    "tracks",
    "seniority",
    "workplace",
    "country",
    "pay",
    "source",
    "url",
)


def routes(server: Flask, explorer: Explorer) -> None:
    """Add /download/<chart>.csv and /download/postings.csv."""
    from flask import Response as Answer
    from flask import abort, request

    from reports.explorer.compare import chart as compared
    from reports.explorer.learn import chart as learnt

    def give(name: str) -> Response:
        view = explorer.view(request.query_string.decode("ascii", "replace"))
        cohort = explorer.cohort(view.a)
        if name == "postings":
            lines: Iterable[str] = csv_lines(POSTING_COLUMNS, posting_rows(cohort))
        elif name in CHARTS:
            lines = table_lines(explorer.chart(name, cohort).table)
        elif name == "compare":
            lines = table_lines(compared(explorer, view).table)
        elif name == "path":
            lines = table_lines(learnt(explorer, view).table)
        else:
            abort(
                404, f"There is no table of that name; there are {', '.join((*CHARTS, 'compare', 'path', 'postings'))}."
            )
        return Answer(
            lines, mimetype="text/csv", headers={"Content-Disposition": f"attachment; filename=skilldemand-{name}.csv"}
        )

    server.add_url_rule("/download/<name>.csv", "download", give)


def table_lines(table: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """A chart's table as CSV."""
    heads = list(table[0]) if table else ["nothing"]
    return csv_lines(heads, table)


def csv_lines(heads: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Lines of CSV (UTF-8, quoted where needed) whose cells no spreadsheet takes for formulas."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([neutral(head) for head in heads])
    for row in rows:
        writer.writerow([neutral(row[head]) for head in heads])
        if buffer.tell() > 65_536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def posting_rows(cohort: Cohort) -> Iterator[dict[str, Any]]:
    """Every posting of the selection, newest first."""
    people = cohort.population
    for place in grid.ordered(people, cohort.places, None):
        yield {**grid.row(people, int(place)), "url": people.urls[int(place)].as_py()}
