"""The grid of postings: rows are sent in blocks as one scrolls, sorted and filtered on this side."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping, Sequence
from typing import Any

import dash_ag_grid as dag
import numpy as np
from numpy.typing import NDArray

from reports.explorer.cohort import Cohort
from reports.explorer.data import TRACKS, Population
from reports.explorer.marked import SHORT
from reports.explorer.state import UNSTATED
from reports.explorer.words import UNTITLED, label

Array = NDArray[Any]
BLOCK = 100
MOST_BLOCK = 500
LONGEST = 300
_TEXT = {
    "filter": "agTextColumnFilter",
    "filterParams": {"filterOptions": ["contains"], "maxNumConditions": 1, "debounceMs": 300},
}
_NUMBER = {
    "filter": "agNumberColumnFilter",
    "filterParams": {
        "filterOptions": ["greaterThanOrEqual", "lessThanOrEqual"],
        "maxNumConditions": 1,
        "debounceMs": 300,
    },
}
COLUMNS: tuple[dict[str, Any], ...] = (
    {
        "field": "title",
        "headerName": "Title",
        "flex": 3,
        "minWidth": 225,
        "tooltipField": "title",
        "cellRenderer": "PostingLink",
        **_TEXT,
    },
    {"field": "employer", "headerName": "Employer", "flex": 2, "minWidth": 120, **_TEXT},
    {"field": "date", "headerName": "Posted", "width": 100},
    {"field": "tracks", "headerName": "Tracks", "width": 86},
    {"field": "seniority", "headerName": "Seniority", "width": 96},
    {"field": "workplace", "headerName": "Workplace", "width": 100},
    {"field": "country", "headerName": "Country", "width": 112},
    {"field": "pay", "headerName": "Pay a year", "width": 114, **_NUMBER},
    {"field": "source", "headerName": "Source", "flex": 1, "minWidth": 100, "tooltipField": "source"},
)
CODED = ("seniority", "workplace", "country", "source")


def grid() -> Any:
    """The empty grid; its rows come from the callback on getRowsRequest."""
    return dag.AgGrid(
        id="grid",
        columnDefs=list(COLUMNS),
        rowModelType="infinite",
        className="grid",
        columnSize=None,
        style={"height": "68vh", "minHeight": "380px", "width": "100%"},
        dangerously_allow_code=False,
        defaultColDef={"resizable": True, "sortable": True, "floatingFilter": True, "suppressHeaderMenuButton": True},
        dashGridOptions={
            "cacheBlockSize": BLOCK,
            "maxBlocksInCache": 20,
            "rowHeight": 34,
            "enableCellTextSelection": True,
            "ensureDomOrder": True,
            "suppressRowHoverHighlight": False,
        },
    )


def rows(cohort: Cohort, request: Mapping[str, Any], tail: str = "") -> dict[str, Any]:
    """A block of rows for ag-grid: `rowData` and `rowCount` (all that pass the grid's own filters).

    Args:
        request: startRow, endRow, sortModel, filterModel as the grid sends them; nothing in it is trusted.
        tail: the query string, without `?`, that leads from a posting back to this selection.
    """
    places = matching(cohort, request.get("filterModel"))
    places = ordered(cohort.population, places, request.get("sortModel"))
    start = _whole(request.get("startRow"), 0)
    end = min(_whole(request.get("endRow"), start + BLOCK), start + MOST_BLOCK)
    return {"rowData": [row(cohort.population, int(one), tail) for one in places[start:end]], "rowCount": len(places)}


def _whole(value: Any, otherwise: int) -> int:
    return value if isinstance(value, int) and 0 <= value < 2**31 else otherwise


def matching(cohort: Cohort, model: Any) -> Array:
    """Rows of the selection that pass the grid's filters; what is no filter of COLUMNS is passed over."""
    import pyarrow as pa
    import pyarrow.compute as pc

    people, places = cohort.population, cohort.places
    texts = {"title": people.titles, "employer": people.employers}
    for field, wanted in model.items() if isinstance(model, dict) else ():
        value = wanted.get("filter") if isinstance(wanted, dict) else None
        if field in texts and isinstance(value, str):
            found = pc.match_substring(texts[field].take(pa.array(places)), value[:LONGEST], ignore_case=True)
            places = places[found.to_numpy(zero_copy_only=False).astype(bool)]
        elif field == "pay" and isinstance(value, int | float) and math.isfinite(value):
            pay = people.pay[places]
            places = places[pay <= value if wanted.get("type") == "lessThanOrEqual" else pay >= value]
    return places


def ordered(people: Population, places: Array, model: Any) -> Array:
    """`places` in the order asked for; without one the newest come first. What is not stated stands last."""
    first = model[0] if isinstance(model, list) and model and isinstance(model[0], dict) else {}
    field, down = first.get("colId"), first.get("sort") == "desc"
    keys = _sort_keys(people, places, field)
    if keys is None:
        keys, down = people.date[places].astype(float), True
        keys[keys < 0] = np.nan
    known = ~np.isnan(keys)
    order = np.argsort(-keys[known] if down else keys[known], kind="stable")
    return np.concatenate([places[known][order], places[~known]])


def _sort_keys(people: Population, places: Array, field: Any) -> Array | None:
    if field in ("title", "employer"):
        texts = np.array([t.casefold()[:80] for t in _texts(people, places, field)], dtype=object)
        return np.unique(texts, return_inverse=True)[1].astype(float) if len(texts) else np.zeros(0)
    if field == "pay":
        return people.pay[places].astype(float)
    if field == "tracks":
        return np.asarray(-(people.tracks[places] @ np.array([4.0, 2.0, 1.0])))
    if field in CODED:
        facet = people.facets[field]
        keys = facet.codes[places].astype(float)
        if field not in ("seniority", "workplace"):
            keys = np.argsort(np.argsort(facet.values))[facet.codes[places]].astype(float)
        keys[facet.codes[places] == facet.index.get(UNSTATED, -1)] = np.nan
        return keys
    if field == "date":
        keys = people.date[places].astype(float)
        keys[keys < 0] = np.nan
        return keys
    return None


def _texts(people: Population, places: Array, field: str) -> Sequence[str]:
    import pyarrow as pa

    column = people.titles if field == "title" else people.employers
    found: list[str] = column.take(pa.array(places)).to_pylist()
    return found


def row(people: Population, place: int, tail: str = "") -> dict[str, Any]:
    """One posting as the grid and the CSV show it, texts as they are."""
    pay = float(people.pay[place])
    out: dict[str, Any] = {
        "id": people.ids[place].as_py(),
        "title": people.titles[place].as_py()[:LONGEST] or UNTITLED,
        "employer": people.employers[place].as_py()[:LONGEST],
        "date": day_text(int(people.date[place])),
        "tracks": ", ".join(SHORT[t] for t, has in zip(TRACKS, people.tracks[place], strict=True) if has),
        "pay": f"{people.currency.values[people.currency.codes[place]]} {pay:,.0f}" if math.isfinite(pay) else "",
        "tail": tail,
    }
    for field in CODED:
        value = people.facets[field].values[people.facets[field].codes[place]]
        out[field] = "" if value == UNSTATED else label(field, value)
    return out


def day_text(days: int) -> str:
    """Days since 1970-01-01 as an ISO date; empty for -1."""
    return "" if days < 0 else (datetime.date(1970, 1, 1) + datetime.timedelta(days)).isoformat()
