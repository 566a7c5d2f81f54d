"""The docs: links lead somewhere, commands in them exist, nothing of the workshop stands in the tree."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest
import typer.main

import skilldemand

ROOT = Path(__file__).resolve().parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TOP = typer.main.get_command(skilldemand.app)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_in_the_docs_exist_with_their_options(page: Path) -> None:
    for line in re.findall(r"^(?: {4}|\$ )skilldemand ([^#\n|>]*)", page.read_text(encoding="utf-8"), re.MULTILINE):
        words = shlex.split(line.replace("…", " ").replace("\\", " "))
        command = TOP
        while words and hasattr(command, "commands") and words[0] in command.commands:
            command = command.commands[words.pop(0)]
        assert not hasattr(command, "commands") or not words or words[0].startswith(("-", "[")), f"no command {line}"
        known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
        used = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert used <= known | {"--help", "--version"}, f"skilldemand {line}: unknown {used - known}"


def _tracked() -> list[Path]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in done.stdout.decode().split("\0") if name]


def test_nothing_big_and_no_machine_paths_in_the_tree() -> None:
    for path in _tracked():
        if path.exists():
            assert path.stat().st_size < 15_000_000, path
    text = [path for path in _tracked() if path.suffix in (".py", ".md", ".toml", ".cfg", ".html", ".css", ".js")]
    for path in text:
        if path.exists() and path.name != "test_house_docs.py":
            assert not re.search(r"(?<![\w/])/(work|farm|root)/", path.read_text(encoding="utf-8")), path
