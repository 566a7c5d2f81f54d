"""`skilldemand skills …`: what each command prints, writes and refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from nlp import skills_cli
from nlp.taxonomy import load_taxonomy

ROOT = typer.Typer()
skills_cli.register(ROOT)


@ROOT.callback()
def root() -> None:
    """As in the whole program: skills is one command of several."""


def run(*words: object) -> Result:
    return CliRunner().invoke(ROOT, ["skills", *map(str, words)])


def as_json(*words: object) -> Any:
    done = run(*words, "--json")
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def refused(*words: object) -> str:
    done = run(*words)
    assert done.exit_code == 1
    assert done.stderr.startswith("skilldemand: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_list_shows_all_or_one_category() -> None:
    everything = as_json("list")
    assert {one["id"] for one in everything} == set(load_taxonomy().skills)
    vision = as_json("list", "--category", "vision")
    assert {one["category"] for one in vision} == {"vision"}
    assert "object-detection" in run("list", "--category", "vision").stdout
    assert "did you mean 'vision'" in refused("list", "--category", "visoin")


@pytest.mark.parametrize("name", ["pytorch", "PyTorch", "Torch"])
def test_show_finds_a_skill_by_id_name_or_alias(name: str) -> None:
    facts = as_json("show", name)
    assert facts["id"] == "pytorch"
    assert "deep-learning" in facts["implies"]
    assert "Torch" in run("show", name).stdout


def test_show_says_what_could_be_meant() -> None:
    assert "did you mean 'pytorch'" in refused("show", "pytorhc")


def test_check_counts_and_names_a_mistake(tmp_path: Path) -> None:
    facts = as_json("check")
    assert facts["skills"] == len(load_taxonomy().skills)
    assert facts["names that another name covers"] == []
    mine = tmp_path / "mine.toml"
    mine.write_text('[skills.pytorch]\nadd_alias = ["x"]\n')
    message = refused("check", mine)
    assert "mine.toml" in message
    assert "did you mean 'add_aliases'" in message


def test_check_names_superfluous_aliases(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('[skills.object-detection]\nadd_aliases = ["YOLO network", "YOLO networks"]\n')
    facts = as_json("check", mine)
    assert any("YOLO network" in one for one in facts["names that another name covers"])


def test_add_makes_a_file_that_the_taxonomy_takes(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    new = (
        "add",
        "quibble",
        "--to",
        mine,
        "--name",
        'Quibble "Q"',
        "--category",
        "languages",
        "--alias",
        "Quib",
        "--implies",
        "python",
    )
    done = run(*new)
    assert done.exit_code == 0, done.stderr
    skill = load_taxonomy([mine]).skills["quibble"]
    assert skill.name == 'Quibble "Q"'
    assert skill.aliases == ('Quibble "Q"', "Quib")
    assert skill.implies == ("python",)
    assert run("add", "pytorch", "--to", mine, "--alias", "Pyt0rch", "--implies", "numpy").exit_code == 0
    taxonomy = load_taxonomy([mine])
    assert "quibble" in taxonomy.skills
    assert "Pyt0rch" in taxonomy.skills["pytorch"].aliases
    assert {"deep-learning", "numpy"} <= set(taxonomy.skills["pytorch"].implies)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("quibble",), "needs --name"),
        (("quibble", "--name", "Quibble"), "needs --category"),
        (("quibble", "--name", "Quibble", "--category", "langages"), "did you mean 'languages'"),
        (("quibble", "--name", "PyTorch", "--category", "languages"), "belongs to 'pytorch'"),
        (("Quibble", "--name", "Q", "--category", "languages"), "bad id"),
        (("pytorch",), "nothing to add"),
        (("pytroch", "--alias", "x"), "did you mean 'pytorch'"),
    ],
)
def test_add_refuses_and_leaves_the_file_as_it_was(tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    mine = tmp_path / "mine.toml"
    before = '# mine\n[skills.python]\nadd_aliases = ["Pythonista"]\n'
    mine.write_text(before)
    assert expected in refused("add", *words, "--to", mine)
    assert mine.read_text() == before
    assert list(tmp_path.iterdir()) == [mine]


def test_add_does_not_write_a_skill_twice(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    assert run("add", "python", "--to", mine, "--alias", "Pythonista").exit_code == 0
    assert "stands there already" in refused("add", "python", "--to", mine, "--alias", "Pythoneer")


def test_discover_over_a_file(tmp_path: Path) -> None:
    postings = tmp_path / "postings.jsonl"
    lines = [{"description": f"You bring Python, Quibblestack and {other}."} for other in ("SQL", "Java", "Scala")]
    postings.write_text("".join(json.dumps(line) + "\n" for line in lines))
    found = as_json("discover", postings, "--min-postings", 2)
    assert [one["phrase"] for one in found] == ["Quibblestack"]
    assert found[0]["postings"] == 3
    assert "Quibblestack" in run("discover", postings, "--min-postings", 2).stdout


def test_discover_without_postings_is_one_line(tmp_path: Path) -> None:
    assert "crawl or import" in refused("discover", "--data", tmp_path / "none")
