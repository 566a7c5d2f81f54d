"""The one door of the reports: `build`."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import EmptyError, InputError
from reports import evidence, export, markdown, theme
from reports.page import page
from reports.readers import paths
from reports.report import Report
from reports.story import Material, compose
from reports.terminal import as_json

if TYPE_CHECKING:
    from analysis.frames import Frames
    from analysis.options import Options
    from crawler.store import Store

LIMIT = 8_000_000
"""Bytes of the page: what a mail server lets through and a phone opens."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How to report: `images` writes PNG and SVG too, `examples` is the number of example postings per
    bar."""

    images: bool = False
    examples: int = 3


@dataclass(frozen=True, slots=True)
class Built:
    """A report on disk: the folder it lies in, and what it says."""

    path: Path
    report: Report


def build(
    source: Store | Frames,
    out: Path,
    options: Options | None = None,
    settings: Settings | None = None,
    say: Callable[[str], None] | None = None,
) -> Built:
    """Measure `source` and write the report to the folder `out`.

    Writes report.html (self-contained), report.md, report.json, tables/*.csv and *.parquet, figures/*.json
    (with `settings.images` PNG and SVG too). Evidence needs a Store; frames alone give none, and the report
    says so.

    Args:
        say: told in a word or two what is being done, for progress.

    Raises:
        EmptyError: no posting is left after the filters; nothing is written.
        InputError: `out` cannot be written, or images are wanted without the extra.
    """
    from analysis.options import Options

    asked, how, tell = options or Options(), settings or Settings(), say or (lambda text: None)
    export.make_folder(out)
    store, frames = _frames(source, asked, tell)
    tell("measuring")
    material = gather(frames, asked)
    report = compose(material)
    tell("looking up example postings")
    add_evidence(report, material, store, how.examples)
    tell("writing")
    return Built(write(report, out, how.images), report)


def export_tables(
    source: Store | Frames, out: Path, options: Options | None = None, say: Callable[[str], None] | None = None
) -> list[Path]:
    """Write every table of the measures, and the counted postings without texts, to `out`; the paths
    written."""
    from analysis.options import Options
    from analysis.population import select
    from analysis.run import measure

    asked, tell = options or Options(), say or (lambda text: None)
    _, frames = _frames(source, asked, tell)
    tell("measuring")
    measures = measure(frames, asked)
    tables = dict(measures.tables()) | {"postings": select(frames, asked).postings}
    return export.write_tables(tables, out)


def _frames(source: Store | Frames, options: Options, tell: Callable[[str], None]) -> tuple[Store | None, Frames]:
    from analysis.frames import Frames

    if isinstance(source, Frames):
        return None, source
    from analysis.load import load

    tell("reading the store")
    return source, load(source, duplicates=options.duplicates)


def gather(frames: Frames, options: Options) -> Material:
    """Everything that the parts need: the measures of all postings and of each track's."""
    from analysis.population import select
    from analysis.run import measure

    measures, population = measure(frames, options), select(frames, options)
    # The tracks' postings are taken from those counted, so that a vacancy counts in a track by the posting that stands
    # for it and every number of a track is the same wherever the report prints it.
    counted = frames.with_postings(ml_role=frames.postings["posting_id"].isin(population.postings["posting_id"]))
    by_track = {}
    for track in options.track or theme.TRACKS:
        try:
            own = measure(counted, replace(options, track=(track,), parts=("demand",)))
        except EmptyError:
            continue
        if not own.any_track.flag:
            by_track[track] = own
    return Material(
        measures, by_track, population, paths(population, options) if "path" in options.parts else None, frames
    )


def add_evidence(report: Report, material: Material, store: Store | None, examples: int) -> None:
    """Put example postings behind every mark; without texts a note says once why there are none."""
    asking = [part for part in report.parts if part.wanted]
    if store is not None and material.population is not None:
        marks = [(part.population or material.population, part.wanted) for part in asking]
        found = evidence.drills(store, marks, examples)
        for part, drills in zip(asking, found, strict=True):
            part.drills = drills
    if examples and asking and not any(part.drills for part in asking):
        asking[0].notes.append("There are no example postings in this report: its numbers come without texts.")


def write(report: Report, out: Path, images: bool = False) -> Path:
    """Write every form of the report to `out`; the HTML, written last, stands for a whole report."""
    html = page(report)
    if len(html.encode("utf-8")) > LIMIT:
        raise InputError(f"{out / 'report.html'}: larger than {LIMIT:,} bytes; ask for fewer examples")
    export.write_tables({name: table.frame for name, table in report.tables.items()}, out / "tables")
    export.write_figures(report.figures, out / "figures", images)
    path = out / "report.html"
    export.atomic(out / "report.md", markdown.text(report))
    export.atomic(out / "report.json", json.dumps(as_json(report, path), ensure_ascii=False, indent=1))
    export.atomic(path, html)
    return path
