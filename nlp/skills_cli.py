"""`skilldemand skills`: look at the taxonomy, check a file of one's own, find what is missing, add it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from crawler import console

SkillFiles = Annotated[list[Path] | None, typer.Option("--skills", help="Your own taxonomy file; may be repeated.")]

app = typer.Typer(help="The skill taxonomy: list, show, check, discover, add.", no_args_is_help=True)


@app.command("list")
def list_skills(
    category: Annotated[str | None, typer.Option(help="Only this category, by its id.")] = None,
    skills: SkillFiles = None,
    json: console.JsonOption = False,
) -> None:
    """List the skills: id, name, category and under how many names each is found.

    Example: skilldemand skills list --category vision
    """
    with console.errors():
        from crawler.errors import InputError
        from nlp.skillfiles import hint
        from nlp.taxonomy import load_taxonomy

        taxonomy = load_taxonomy(skills or ())
        if category is not None and category not in taxonomy.categories:
            known = ", ".join(sorted(taxonomy.categories))
            raise InputError(f"no category {category!r}{hint(category, taxonomy.categories)}; known: {known}")
        chosen = [s for s in taxonomy.skills.values() if category in (None, s.category)]
        if json:
            console.emit_json([{"id": s.id, "name": s.name, "category": s.category} for s in chosen])
        else:
            rows = [(s.id, s.name, s.category, len(s.surfaces)) for s in chosen]
            console.emit_table(("id", "name", "category", "names"), rows, f"{len(rows):,} skills")


@app.command()
def show(
    name: Annotated[str, typer.Argument(help="Id, name or any alias of a skill.")],
    skills: SkillFiles = None,
    json: console.JsonOption = False,
) -> None:
    """Show one skill: its names, what it implies, and the rules for names that are words too.

    Example: skilldemand skills show pytorch
    """
    with console.errors():
        from nlp import skill_edit

        facts = skill_edit.describe(name, skills or ())
        if json:
            console.emit_json(facts)
        else:
            texts = {key: value if isinstance(value, str) else "; ".join(value) for key, value in facts.items()}
            console.key_values({key: text for key, text in texts.items() if text})


@app.command()
def check(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Your own taxonomy files; none checks the shipped.")
    ] = None,
    json: console.JsonOption = False,
) -> None:
    """Check the taxonomy with your own files over it; the first mistake is named by file and entry.

    Example: skilldemand skills check my-skills.toml
    """
    with console.errors():
        from nlp import skill_edit
        from nlp.taxonomy import load_taxonomy

        taxonomy = load_taxonomy(files or ())
        spare = skill_edit.redundant(taxonomy)
        facts = {
            "skills": len(taxonomy.skills),
            "names": sum(len(skill.surfaces) for skill in taxonomy.skills.values()),
            "categories": len(taxonomy.categories),
            "fingerprint": taxonomy.fingerprint,
            "names that another name covers": [f"{skill}: {alias}" for skill, alias in spare],
        }
        if json:
            console.emit_json(facts)
        else:
            console.key_values({**facts, "names that another name covers": "; ".join(map(str, spare)) or "none"})


@app.command()
def discover(
    file: Annotated[
        Path | None, typer.Argument(help="JSON Lines with `description`; the store where none is named.")
    ] = None,
    data: console.DataOption = console.DEFAULT_DATA,
    min_postings: Annotated[int, typer.Option(min=2, help="Postings that must use a phrase.")] = 5,
    limit: Annotated[int, typer.Option(min=1, help="How many phrases to show.")] = 50,
    recogniser: Annotated[
        bool, typer.Option(help="Let the recogniser of phrases rank; without it, only lists beside known skills do.")
    ] = True,
    skills: SkillFiles = None,
    json: console.JsonOption = False,
) -> None:
    """Rank phrases that postings use like skills but that the taxonomy lacks, with the postings they would add.

    Example: skilldemand skills discover --min-postings 10
    """
    with console.errors():
        from dataclasses import asdict

        from nlp.discover import discover as rank
        from nlp.recogniser.model import load
        from nlp.taxonomy import load_taxonomy

        taxonomy = load_taxonomy(skills or ())
        with console.progress("reading postings") as meter:
            options = {"min_postings": min_postings, "limit": limit}
            found = rank(_texts(file, data, meter), taxonomy, recogniser=load() if recogniser else None, **options)
        if json:
            console.emit_json([asdict(one) for one in found])
        else:
            rows = [(o.phrase, o.postings, o.marked, o.beside, ", ".join(o.near), o.examples[0]) for o in found]
            columns = ("phrase", "postings", "marked", "beside skills", "beside", "example")
            console.emit_table(columns, rows, "Used like skills, not in the taxonomy")


@app.command()
def add(
    skill: Annotated[str, typer.Argument(help="Id: a new one, or that of a skill that gets further aliases.")],
    to: Annotated[Path, typer.Option(help="Your own taxonomy file; it is made where there is none.")],
    name: Annotated[str | None, typer.Option(help="Name of a new skill.")] = None,
    category: Annotated[str | None, typer.Option(help="Category of a new skill, by its id.")] = None,
    description: Annotated[str | None, typer.Option(help="One line on a new skill.")] = None,
    alias: Annotated[list[str] | None, typer.Option(help="Another name, in any case; may be repeated.")] = None,
    cased: Annotated[
        list[str] | None, typer.Option(help="A name that counts only as written; may be repeated.")
    ] = None,
    implies: Annotated[list[str] | None, typer.Option(help="A skill that this one implies; may be repeated.")] = None,
) -> None:
    """Add a skill, or aliases to a skill, to a taxonomy file of your own. The shipped files stay as they are.

    Example: skilldemand skills add ray-data --to my-skills.toml --name "Ray Data" --category data-platforms
    """
    with console.errors():
        from nlp import skill_edit

        lists = {"aliases": alias, "cased": cased, "implies": implies}
        entry = skill_edit.Entry(skill, name, category, description, {k: v for k, v in lists.items() if v})
        taxonomy = skill_edit.add(entry, to)
        console.say(
            f"{to}: {skill} is in; {len(taxonomy.skills):,} skills now. Tag with: skilldemand tag --skills {to}"
        )


def _texts(file: Path | None, data: str, meter: console.Meter) -> Iterator[str]:
    from crawler.store import Store
    from nlp.discover import texts

    for text in texts(Store(data) if file is None else file, console.say):
        yield text
        meter(1)


def register(root: typer.Typer) -> None:
    """Add the commands to `root`."""
    root.add_typer(app, name="skills")
