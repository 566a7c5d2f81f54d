"""Parts about demand: the headline, the top skills overall and per track, the foundation groups."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reports import figures, theme
from reports.report import Part, Wanted
from reports.sentences import leader, listed, share, versus, whole, within
from reports.story import Material, estimate, wanted
from reports.tables import SHARES, Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

SHOWN, FIELDS_SHOWN = 20, 7
"""Skills in a ranking: what fits a screen and can still be read."""

SKILLS, FIELDS = "Skills, tools and methods", "Names of fields"
RANKING_READING = (
    "The bar counts postings that require or prefer the skill; the two marks tell these apart. Thin lines are 95% "
    "intervals."
)
BRACKETS = " Brackets at the right join skills whose places in the ranking cannot be told apart."


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
    shown = grouped(either)
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


def grouped(either: pd.DataFrame) -> pd.DataFrame:
    """The rows to draw: the first skills, then in a group of their own the names of fields, of which it is no news that
    machine-learning jobs ask for them; without groups where there are no fields or nothing else."""
    import pandas as pd

    named = either["field"].astype(bool)
    if named.all() or not named.any():
        return either.head(SHOWN)
    parts = (either[~named].head(SHOWN).assign(group=SKILLS), either[named].head(FIELDS_SHOWN).assign(group=FIELDS))
    return pd.concat(parts, ignore_index=True)


def ranking_sentence(either: pd.DataFrame, of: str) -> str:
    """Who leads among the skills, and which name of a field stands most often.

    Rivals are those whose rank interval meets that of the first, or whose interval does where there are no ranks.
    """
    ahead, rest = either[either["field"].astype(bool)], either[~either["field"].astype(bool)]
    shown = rest if len(rest) else either
    text = leader(str(shown["name"].iloc[0]), estimate(records(shown)[0]), _rivals(shown), f"the {of}")
    if len(ahead) and len(rest):
        found, rivals = share(estimate(records(ahead)[0]), first=False), _rivals(ahead)
        said = "is found most often" if rivals else "is asked for most"
        text += f" Of the names of fields, {within(ahead['name'].iloc[0])} {said}, in {found}"
        text += f"; it cannot be told apart from {listed(rivals[:3])}." if rivals else "."
    return text


def _rivals(rows: pd.DataFrame) -> list[str]:
    """The names that cannot be told apart from the first row's."""
    first, *others = records(rows)
    if "rank_low" in rows:
        return [str(row["name"]) for row in others if row["rank_low"] <= first["rank_high"]]
    same = "about as often as"
    return [str(row["name"]) for row in others if versus(estimate(first), estimate(row)) == same]


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
    """For each group the five of its skills that are asked for most: their sentences are its examples. Where all are
    too rare for a rank, all of them."""
    if material.frames is None:
        return ()
    catalog = material.frames.catalog
    order = {skill: place for place, skill in enumerate(material.demand("skill", "either")["id"])}
    found = []
    for row in records(groups):
        members = [catalog.ids[number] for number in catalog.groups[row["id"]][1]]
        ranked = sorted((one for one in members if one in order), key=order.__getitem__)[:5]
        found.append(Wanted(row["id"], str(row["name"]), tuple(ranked or members)))
    return tuple(found)


def foundation_sentence(groups: pd.DataFrame, of: str) -> str:
    """The groups that stand alone, each with its interval."""
    rows = records(groups)
    said = [f"{within(row['name'])} {share(estimate(row), first=place == 0)}" for place, row in enumerate(rows)]
    kept = "at least one skill of the group" if len(rows) == 1 else "at least one skill of each of these groups"
    return f"Of the {of}, this many ask for {kept}: {listed(said)}."
