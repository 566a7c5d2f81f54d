"""Contracts over every command: help, an example that parses, a line in the docs; and how errors look."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer
import typer.main
from typer.testing import CliRunner

import skilldemand

ROOT = Path(__file__).resolve().parents[1]
TOP = typer.main.get_command(skilldemand.app)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


COMMANDS = dict(commands(TOP))
DESIGNED = ("demo", "crawl", "import", "tag", "report", "explore", "path", "compare", "train", "evaluate", "info")


def test_the_designed_commands_are_there() -> None:
    tops = {path[0] for path in COMMANDS}
    assert set(DESIGNED) | {"label", "models", "skills", "boards", "store"} <= tops


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help_an_example_and_documented_options(path: tuple[str, ...]) -> None:
    command = COMMANDS[path]
    text = command.help or ""
    assert len(text.split("\n")[0]) > 15
    example = re.search(r"^\s*Example: (skilldemand .+)$", text, re.MULTILINE)
    assert example, "no line 'Example: skilldemand …'"
    words = shlex.split(example.group(1))
    assert tuple(words[1 : 1 + len(path)]) == path
    options = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {word.partition("=")[0] for word in words if word.startswith("--")}
    assert used <= options, f"the example uses unknown options {used - options}"
    for parameter in command.params:
        assert getattr(parameter, "help", None), f"{parameter.name} has no help"


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_stands_in_the_docs(path: tuple[str, ...]) -> None:
    pages = re.split(r"^##+ `skilldemand ", (ROOT / "docs/commands.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (page,) = [page for page in pages if page.startswith(" ".join(path) + "`")]
    for parameter in COMMANDS[path].params:
        for option in parameter.opts:
            assert option.upper() in page.upper(), f"run make docs: {option} is missing"


@pytest.mark.parametrize("command", ["tag", "report", "explore", "info", "export", "compare 2024 2025"])
def test_an_empty_store_is_one_clear_line(tmp_path: Path, command: str) -> None:
    done = CliRunner().invoke(skilldemand.app, [*command.split(), "--data", str(tmp_path / "nothing")])
    assert done.exit_code == 1
    said = [line for line in done.stderr.splitlines() if line.startswith("skilldemand: ")]
    assert len(said) == 1
    assert done.stderr.endswith(said[0] + "\n")
    assert re.search("crawl|import", said[0])


def test_wrong_usage_is_status_2() -> None:
    assert CliRunner().invoke(skilldemand.app, ["report", "--nonsense"]).exit_code == 2


def test_a_folder_that_can_not_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    rows = tmp_path / "x.jsonl"
    rows.write_text('{"id": "1", "description": "text"}\n')
    done = CliRunner().invoke(skilldemand.app, ["import", str(rows), "--source", "x", "--data", str(blocked / "data")])
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    assert str(blocked) in done.stderr.replace("\n", " ")


def test_import_then_info(tmp_path: Path) -> None:
    rows = tmp_path / "x.jsonl"
    rows.write_text('{"id": "1", "title": "t", "description": "text", "company": "Acme"}\n{broken\n')
    data = ["--data", str(tmp_path / "data")]
    done = CliRunner().invoke(skilldemand.app, ["import", str(rows), "--source", "mine", *data])
    assert done.exit_code == 1
    assert f"{rows}:2" in done.stderr
    seen = CliRunner().invoke(skilldemand.app, ["info", "--json", *data])
    assert '"postings": 1' in seen.stdout
    assert '"source": "mine"' in seen.stdout
    gone = CliRunner().invoke(skilldemand.app, ["store", "forget", "--source", "mine", "--yes", *data])
    assert gone.exit_code == 0
    assert '"postings": 0' in CliRunner().invoke(skilldemand.app, ["info", "--json", *data]).stdout
