"""Parts about demand: the headline, the top skills overall and per track, the foundation groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nlp.records import TRACKS
from reports import figures, theme
from reports.report import Part, Wanted
from reports.sentences import Estimate, leader, listed, most, plural, share, versus, whole, within
from reports.story import Material, besides, estimate, wanted
from reports.tables import SHARES, Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 20
"""Skills in a ranking: what fits a screen and can still be read."""

RANKING_READING = (
    "The bar counts postings that require or prefer the skill; the two marks tell these apart. Thin lines are 95% "
    "intervals."
)
BRACKETS = " Brackets at the right join skills whose places in the ranking cannot be told apart."


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
    finding = most(total, f"the {material.of}", "ask for at least one of the three tracks")
    if chosen:
        finding = f"These postings were chosen because they ask for {listed(chosen, 'or')}."
    tracks = material.demand("track", "either")
    if len(tracks):
        said = [f"{within(row['name'])} {share(estimate(row), first=False)}" for row in records(tracks)]
        finding += f" By track: {listed(said)}."
    return [
        Part(
            "tracks",
            title,
            finding,
            figure=figures.dots(_tracks(material, tracks), f"share of {material.of}", top=1.0, half=not chosen),
            table=Table("tracks", _tracks_table(material, tracks), (Column("Asks for", ("name",)), *SHARES)),
            reading="Marks are shares, lines their 95% intervals; the dashed line is one half. A posting may ask for "
            "several tracks.",
            notes=_corrected(material),
            wanted=of_tracks(),
        )
    ]


def of_tracks() -> tuple[Wanted, ...]:
    """The marks of any track and of each, whose examples are the sentences that carried them."""
    return (
        Wanted("any", "At least one of the three", tracks=TRACKS),
        *(Wanted(track, name, tracks=(track,)) for track, name in theme.TRACKS.items()),
    )


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
    return pd.DataFrame(
        [
            row | {"colour": theme.LIGHT[row["key"]], "symbol": theme.SYMBOLS[row["key"]], "what": "asked for"}
            for row in rows
        ]
    )


def _tracks_table(material: Material, tracks: pd.DataFrame) -> pd.DataFrame:
    """id, name and the figure's columns of any track and each track."""
    import pandas as pd

    from analysis.demand import FIGURE

    head = {name: getattr(material.measures.any_track, name) for name in FIGURE}
    rows = [{"id": "any_track", "name": "At least one of the three"} | head, *records(tracks)]
    return pd.DataFrame(rows)[["id", "name", *FIGURE]]


def _corrected(material: Material) -> list[str]:
    """The headline share corrected for the classifier's errors, where a labelled sample allows it."""
    table = material.table("corrected")
    if not len(table) or "scope" not in table:
        return []
    rows = table[(table["scope"] == "all") & (table["id"] == "any_track")]
    if not len(rows):
        return []
    row = records(rows)[0]
    corrected = share(estimate(row))
    return [f"Corrected for the classifier's errors with labelled postings drawn at random, the share is {corrected}."]


def skills(material: Material) -> list[Part]:
    """The most asked-for skills of the whole population."""
    title = "The skills asked for most"
    return [_ranking(material, "skills", title, None, material.of)]


def per_track(material: Material) -> list[Part]:
    """The most asked-for skills of each track's postings."""
    parts = []
    chosen = material.measures.options.track
    if len(chosen) == 1:
        return []  # the ranking of all postings is that of the track
    for track, name in theme.TRACKS.items():
        if chosen and track not in chosen:
            continue
        measures = material.by_track.get(track)
        title = f"{name}: the skills asked for most"
        if measures is None:
            parts.append(
                Part(f"skills-{_slug(track)}", title, f"Too few postings ask for {within(name)} to rank their skills.")
            )
            continue
        count = measures.any_track.denominator
        of = f"{whole(count)} {within(name)} postings"
        parts.append(_ranking(material, f"skills-{_slug(track)}", title, track, of))
    return parts


def _slug(track: str) -> str:
    return track.replace("_", "-")


def _ranking(material: Material, part_id: str, title: str, track: str | None, of: str) -> Part:
    either = material.demand("skill", "either", track)
    if not len(either):
        return Part(part_id, title, f"No skill is asked for often enough among the {of} to print a share.")
    shown = either.head(SHOWN)
    required, preferred = material.demand("skill", "required", track), material.demand("skill", "preferred", track)
    ranked = {"rank_low", "rank_high"} <= set(either.columns)
    return Part(
        part_id,
        title,
        ranking_sentence(either, of),
        figure=figures.ranking(shown, required, preferred, of),
        table=Table(
            part_id,
            levels_table(either, required, preferred),
            (
                Column("Skill", ("name",)),
                Column("Category", ("category",)),
                *SHARES,
                Column("Required", ("required",), "share"),
                Column("Preferred", ("preferred",), "share"),
            ),
        ),
        reading=RANKING_READING + (BRACKETS if ranked else ""),
        wanted=wanted(shown, None if track is None else material.rows(**{track: True})),
    )


def ranking_sentence(either: pd.DataFrame, of: str) -> str:
    """Who leads; the rivals are those whose rank interval reaches the first place, or else whose interval
    meets."""
    rows = records(either)
    best = estimate(rows[0])
    if "rank_low" in either:
        rivals = [row["name"] for row in rows[1:] if row["rank_low"] <= rows[0]["rank_high"] and row["rank_low"] == 1]
    else:
        rivals = [row["name"] for row in rows[1:] if versus(best, estimate(row)) == "about as often as"]
    text = leader(str(rows[0]["name"]), best, rivals, f"the {of}")
    ahead, rest = besides(either)
    if ahead and len(rest):
        first = records(rest)[0]
        found = share(estimate(first), first=False)
        text += f" Besides the names of fields, {first['name']} is found most often, in {found}."
    return text


def levels_table(either: pd.DataFrame, required: pd.DataFrame, preferred: pd.DataFrame) -> pd.DataFrame:
    """The `either` rows with the shares and intervals of the two levels beside them."""
    table = either.drop(columns=["key", "label", "kind", "level", "field"], errors="ignore")
    for level, rows in (("required", required), ("preferred", preferred)):
        beside = rows[["id", "share", "low", "high"]].rename(
            columns={"share": level, "low": f"{level}_low", "high": f"{level}_high"}
        )
        table = table.merge(beside, on="id", how="left")
    return table


def foundation(material: Material) -> list[Part]:
    """The foundation groups: ML foundations, software engineering, distributed and web applications."""
    title = "The foundation: machine learning, software engineering, distributed systems, the web"
    groups = nested(material.demand("group", "either"), _parents())
    if not len(groups):
        return [Part("foundation", title, "No foundation group is asked for often enough to print a share.")]
    required, preferred = material.demand("group", "required"), material.demand("group", "preferred")
    return [
        Part(
            "foundation",
            title,
            foundation_sentence(groups[groups["parent"] == ""], material.of),
            figure=figures.ranking(groups, required, preferred, material.of, ranks=False),
            table=Table("foundation", levels_table(groups, required, preferred), _GROUPS, limit=40),
            reading="A group counts a posting when it asks for at least one of the group's skills; groups with a dash "
            "are parts of the group above them.",
            wanted=_of_groups(material, groups),
        )
    ]


_GROUPS = (
    Column("Group", ("name",)), *(column for column in SHARES if column.head != "Rank"),
    Column("Required", ("required",), "share"), Column("Preferred", ("preferred",), "share"),
)  # fmt: skip


def _parents() -> dict[str, str]:
    """The parent of each foundation group that has one."""
    from nlp.taxonomy import load_taxonomy

    return {group.id: group.parent for group in load_taxonomy().groups.values() if group.parent}


def nested(groups: pd.DataFrame, parents: Mapping[str, str]) -> pd.DataFrame:
    """Each group that stands alone, largest first, followed by its parts, largest first; a dash before the
    parts' labels.

    Adds `parent` ("" for none); a group whose parent has no row stands alone.
    """
    known = set(groups["id"])
    parent = [parents.get(one, "") if parents.get(one) in known else "" for one in groups["id"]]
    labels = [f"– {name}" if over else name for name, over in zip(groups["name"], parent, strict=True)]
    rows = groups.assign(parent=parent, label=labels)
    place = {one: number for number, one in enumerate(rows["id"])}  # rows come largest first
    order = [(place[row["parent"] or row["id"]], row["parent"] != "", place[row["id"]]) for row in records(rows)]
    ordered: pd.DataFrame = rows.iloc[sorted(range(len(rows)), key=order.__getitem__)].reset_index(drop=True)
    return ordered


def _of_groups(material: Material, groups: pd.DataFrame) -> tuple[Wanted, ...]:
    """For each group the five of its skills that are asked for most: their sentences are its examples."""
    if material.frames is None:
        return ()
    catalog = material.frames.catalog
    order = {skill: place for place, skill in enumerate(material.demand("skill", "either")["id"])}
    found = []
    for row in records(groups):
        members = [catalog.ids[number] for number in catalog.groups[row["id"]][1] if catalog.ids[number] in order]
        found.append(Wanted(row["id"], str(row["name"]), tuple(sorted(members, key=order.__getitem__)[:5])))
    return tuple(found)


def foundation_sentence(groups: pd.DataFrame, of: str) -> str:
    """The groups that stand alone, each with its interval."""
    rows = records(groups)
    said = [f"{within(row['name'])} {share(estimate(row), first=place == 0)}" for place, row in enumerate(rows)]
    kept = "at least one skill of the group" if len(rows) == 1 else "at least one skill of each of these groups"
    return f"Of the {of}, this many ask for {kept}: {listed(said)}."
