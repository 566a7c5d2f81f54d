"""Tables and figures as files: cells that a spreadsheet would run are neutralised, files are whole or
absent."""

import csv
import json
from pathlib import Path

import pandas as pd
import pytest

from crawler.errors import InputError
from reports import export, theme

HOSTILE = ["=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u200f=1", "＝1+1"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_a_formula_becomes_text(cell: str) -> None:
    assert export.neutral(cell) == "'" + cell.replace("\r", "\n")


@pytest.mark.parametrize("cell", ["Python", "C++", "a=b", "", -1.5, 3, None])
def test_other_cells_stay(cell: object) -> None:
    assert export.neutral(cell) == cell


def test_csv_holds_no_formula_in_cells_or_header_and_keeps_negative_numbers(tmp_path: Path) -> None:
    frame = pd.DataFrame({"=title": HOSTILE, "change": [-0.5] * len(HOSTILE), "list": [["=1", "b"]] * len(HOSTILE)})
    export.write_csv(frame, tmp_path / "t.csv")
    assert b"\r" not in (tmp_path / "t.csv").read_bytes()  # it would end a row for some readers
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert header == ["'=title", "change", "list"]
    assert [row[0] for row in rows] == ["'" + cell.replace("\r", "\n") for cell in HOSTILE]
    assert {row[1] for row in rows} == {"-0.5"}
    assert {row[2] for row in rows} == {"'=1; b"}


def test_parquet_keeps_texts_as_they_are(tmp_path: Path) -> None:
    export.write_tables({"t": pd.DataFrame({"title": HOSTILE})}, tmp_path)
    assert pd.read_parquet(tmp_path / "t.parquet")["title"].tolist() == HOSTILE
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.csv", "t.parquet"]


def test_a_categorical_column_is_neutralised_too(tmp_path: Path) -> None:
    export.write_csv(pd.DataFrame({"a": pd.Categorical(["=1", "b"])}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text().splitlines()[1] == "'=1"


def test_figures_as_json(tmp_path: Path) -> None:
    figure = theme.figure(200)
    figure.add_scatter(x=[1], y=[2])
    export.write_figures({"one": figure}, tmp_path)
    assert json.loads((tmp_path / "one.json").read_text())["data"][0]["type"] == "scatter"


def test_figures_as_pictures(tmp_path: Path, chromium: str) -> None:
    pytest.importorskip("kaleido")
    figure = theme.figure(200)
    figure.add_scatter(x=[1, 2], y=[2, 1], name="a <b>name</b>")
    written = export.write_figures({"one": figure}, tmp_path, images=True)
    assert [path.name for path in written] == ["one.json", "one.png", "one.svg"]
    png, svg = ((tmp_path / f"one.{ending}").read_bytes() for ending in ("png", "svg"))
    assert png.startswith(b"\x89PNG")
    assert (int.from_bytes(png[16:20]), int.from_bytes(png[20:24])) == (2000, 400)
    assert svg.lstrip().startswith(b"<svg")
    assert theme.LIGHT["page"].encode() in svg or b"rgb(255, 255, 255)" in svg  # a ground of its own, not see-through


def test_a_browser_that_fails_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plotly_io = pytest.importorskip("plotly.io")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)

    def broken(*args: object, **given: object) -> None:
        raise RuntimeError("no\nbrowser")

    monkeypatch.setattr(plotly_io, "write_images", broken)
    with pytest.raises(InputError, match=r"could not be drawn \(no browser\)"):
        export.write_figures({"one": theme.figure(200)}, tmp_path, images=True)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be made a folder"):
        export.make_folder(tmp_path / "file" / "out")
