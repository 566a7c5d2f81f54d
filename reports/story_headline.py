"""The first part: do most jobs ask for at least one of the three tracks?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from nlp.records import TRACKS
from reports import figures, theme
from reports.report import Part, Wanted
from reports.sentences import Estimate, listed, most, plural, share, within
from reports.story import Material, corrected_head, estimate
from reports.tables import SHARES, Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

CORRECTED = (
    Column("Corrected", ("corrected",), "share"),
    Column("95% interval", ("corrected_low", "corrected_high"), "interval"),
)
"""The columns that `with_corrected` adds."""
OPEN_MARKS = " Open marks below are corrected for the classifier's errors."
_TRACK_IDS = {"any": "any_track"}


def headline(material: Material) -> list[Part]:
    """Do most jobs ask for at least one of the three tracks?"""
    head = material.measures.any_track
    title = "Do most machine-learning jobs ask for vision, language or sequences?"
    if head.flag:
        few = f"There are too few postings to say: {plural(head.denominator, 'posting')} of " + plural(
            head.employers_all, "employer"
        )
        return [Part("tracks", title, few + ".")]
    total = Estimate(head.share, head.low, head.high)
    chosen = [within(theme.TRACKS[track]) for track in material.measures.options.track]
    whose, corrected = f"the {material.of}", corrected_head(material)
    finding = most(total, whose, "ask for at least one of the three tracks", corrected)
    if chosen:
        finding = f"These postings were chosen because they ask for {listed(chosen, 'or')}."
    tracks = material.demand("track", "either")
    if len(tracks):
        said = [f"{within(row['name'])} {share(estimate(row), first=False)}" for row in records(tracks)]
        finding += f" By track{', as counted' if corrected else ''}: {listed(said)}."
    return [
        Part(
            "tracks",
            title,
            finding,
            figure=figures.dots(_tracks(material, tracks), f"share of {material.of}", top=1.0, half=not chosen),
            table=Table(
                "tracks", _tracks_table(material, tracks), (Column("Asks for", ("name",)), *SHARES, *CORRECTED)
            ),
            reading="Marks are shares, lines their 95% intervals; the dashed line is one half. A posting may ask for "
            "several tracks." + (OPEN_MARKS if corrected else ""),
            notes=_labelled(material),
            wanted=of_tracks(),
        )
    ]


def of_tracks() -> tuple[Wanted, ...]:
    """The marks of any track and of each, whose examples are the sentences that carried them."""
    return (
        Wanted("any", "At least one of the three", tracks=TRACKS),
        *(Wanted(track, name, tracks=(track,)) for track, name in theme.TRACKS.items()),
    )


def with_corrected(rows: pd.DataFrame, material: Material) -> pd.DataFrame:
    """`rows` (column id: any_track or a track) with the corrected shares of all postings beside them; as they are where
    there are none."""
    found = material.corrected("all")[["id", "share", "low", "high"]]
    if not len(found):
        return rows
    names = {"share": "corrected", "low": "corrected_low", "high": "corrected_high"}
    return rows.merge(found.rename(columns=names), on="id", how="left")


def _tracks(material: Material, tracks: pd.DataFrame) -> pd.DataFrame:
    """The rows of the headline figure: any track first, then each, in the tracks' colours and shapes."""
    import pandas as pd

    head = material.measures.any_track
    names = ("count", "denominator", "employers", "share", "low", "high")
    first: dict[str, Any] = {name: getattr(head, name) for name in names} | {
        "key": "any",
        "label": "At least one of the three",
    }
    rows = [first, *records(tracks)]
    beside = with_corrected(
        pd.DataFrame([row | {"id": _TRACK_IDS.get(row["key"], row["key"])} for row in rows]), material
    )
    return pd.DataFrame(
        [
            row | {"colour": theme.LIGHT[row["key"]], "symbol": theme.SYMBOLS[row["key"]], "what": "asked for"}
            for row in records(beside)
        ]
    )


def _tracks_table(material: Material, tracks: pd.DataFrame) -> pd.DataFrame:
    """id, name and the figure's columns of any track and each track."""
    import pandas as pd

    from analysis.demand import FIGURE

    head = {name: getattr(material.measures.any_track, name) for name in FIGURE}
    rows = [{"id": "any_track", "name": "At least one of the three"} | head, *records(tracks)]
    return with_corrected(pd.DataFrame(rows)[["id", "name", *FIGURE]], material)


def _labelled(material: Material) -> list[str]:
    """What the correction rests on."""
    rows = material.corrected("all")
    if not len(rows):
        return []
    labelled = plural(rows["labelled"].max(), "posting")
    rests = f"The correction compares the classifier with {labelled} drawn at random and labelled by people; "
    return [rests + "its wider interval holds the uncertainty of both."]
