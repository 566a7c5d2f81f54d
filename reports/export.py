"""Tables as CSV and Parquet, figures as JSON and, with the `images` extra, as PNG and SVG."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.errors import InputError

if TYPE_CHECKING:
    import pandas as pd
    import plotly.graph_objects as go

_FORMULA = ("=", "+", "-", "@", "\t", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def neutral(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: a text that starts like one gets an apostrophe in
    front.

    Numbers stay as they are. The full-width forms of the signs count too: some spreadsheets fold them. A
    text whose sign hides behind spaces is treated in the same way, since importers trim.
    """
    if not isinstance(value, str):
        return value
    # A bare carriage return stands unquoted in pandas' CSV and ends a row for some readers, who then see a new cell.
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    return f"'{text}" if text.lstrip(" \u00a0\u200e\u200f\ufeff").startswith(_FORMULA) else text


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with lists and tuples joined by "; ", the shape that CSV and a reader's table need."""
    out = frame.copy()
    for name in out.columns:
        if out[name].dtype == object:
            out[name] = out[name].map(lambda x: "; ".join(map(str, x)) if isinstance(x, list | tuple | set) else x)
    return out


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """`frame` as UTF-8 CSV without its index, cells and header neutralised; the file appears whole or not
    at all."""
    out = flat(frame)
    for name in out.columns:
        if not _is_number(out[name]):
            out[name] = out[name].astype(object).map(neutral)
    out.columns = [neutral(str(name)) for name in out.columns]
    atomic(path, out.to_csv(index=False, lineterminator="\n"))


def _is_number(column: pd.Series[Any]) -> bool:
    from pandas.api.types import is_bool_dtype, is_datetime64_any_dtype, is_numeric_dtype

    return is_numeric_dtype(column) or is_bool_dtype(column) or is_datetime64_any_dtype(column)


def write_parquet(frame: pd.DataFrame, path: Path) -> None:
    """`frame` as Parquet without its index, texts as they are."""
    part = path.with_name(f".{path.name}.part")
    frame.to_parquet(part, index=False)
    os.replace(part, path)


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Each table as `<name>.csv` and `<name>.parquet` in `folder`; the paths written."""
    make_folder(folder)
    written = []
    for name, frame in tables.items():
        csv, parquet = folder / f"{name}.csv", folder / f"{name}.parquet"
        write_csv(frame, csv)
        write_parquet(frame, parquet)
        written += [csv, parquet]
    return written


def write_figures(figures: Mapping[str, go.Figure], folder: Path, images: bool = False) -> list[Path]:
    """Each figure as `<name>.json`; with `images` as PNG and SVG too.

    Raises InputError when images are wanted and kaleido, the `images` extra, is absent.
    """
    make_folder(folder)
    written = []
    for name, figure in figures.items():
        path = folder / f"{name}.json"
        atomic(path, str(figure.to_json()))
        written.append(path)
    if images:
        written += _write_images(figures, folder)
    return written


def _write_images(figures: Mapping[str, go.Figure], folder: Path) -> list[Path]:
    if importlib.util.find_spec("kaleido") is None:
        raise InputError("--images needs the images extra: pip install 'skilldemand[images]'")
    import plotly.io

    from reports import theme

    drawn, paths = [], []
    for name, figure in figures.items():
        solid = type(figure)(figure)
        solid.update_layout(paper_bgcolor=theme.LIGHT["page"], plot_bgcolor=theme.LIGHT["page"])
        for ending in ("png", "svg"):
            drawn.append(solid)
            paths.append(folder / f"{name}.{ending}")
    try:
        heights = [int(figure.layout.height or 500) for figure in drawn]
        plotly.io.write_images(
            drawn, paths, scale=2, width=1000, height=heights
        )  # all of them in one start of the browser
    except Exception as exc:  # kaleido's errors have no common class: Chromium absent, unable to start …
        raise InputError(f"the pictures could not be drawn ({_line(exc)}); is a Chromium installed?") from exc
    return paths


def _line(exc: Exception) -> str:
    text = " ".join(str(exc).split())
    return text[:160] or type(exc).__name__


def make_folder(folder: Path) -> None:
    """Create `folder`; InputError in one line when that cannot be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise InputError(
            f"{folder}: cannot be made a folder for the report ({exc.strerror}); choose another --out"
        ) from exc


def atomic(path: Path, text: str) -> None:
    """Write `text` as UTF-8 so that a reader sees the old file or the whole new one."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_text(text, encoding="utf-8")
        os.replace(part, path)
    except OSError as exc:
        raise InputError(f"{path}: cannot be written ({exc.strerror}); choose another --out") from exc
