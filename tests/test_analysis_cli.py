"""`path` and `compare` on the command line: tables, JSON and one-line errors."""

import json

import pytest
import typer
from analysis_frames import frames
from typer.testing import CliRunner

from analysis import cli


@pytest.fixture
def run(monkeypatch):
    """The commands on synthetic frames: loading a store is tested elsewhere."""
    made = frames(900, 120, skew=0.6)
    monkeypatch.setattr("analysis.run._frames", lambda source, options: made)
    app = typer.Typer()
    cli.register(app)
    return lambda *words: CliRunner().invoke(app, list(words))


def test_path_as_a_table_and_as_json(run):
    shown = run("path", "Python", "--steps", "2")
    assert shown.exit_code == 0
    assert "Today" in shown.stdout
    found = json.loads(run("path", "Python", "--steps", "2", "--json").stdout)
    assert found["have"] == ["python"]
    assert [step["step"] for step in found["steps"]] == [0, 1, 2]
    assert {"opens", "share", "low", "high", "opened"} <= set(found["steps"][1])


def test_path_reads_files(run, tmp_path):
    have = tmp_path / "have.txt"
    have.write_text("Python\nDocker\n", encoding="utf-8")
    assert json.loads(run("path", "--have", str(have), "--json").stdout)["have"] == ["python", "docker"]


def test_compare_as_a_table_and_as_json(run):
    assert run("compare", "2023", "2024", "--all").exit_code == 0
    found = json.loads(run("compare", "2023", "2024", "--all", "--json").stdout)
    assert found["sources"] == ["s0", "s1"]
    assert {"verdict", "share_a", "share_b", "low", "high", "q_value"} <= set(found["rows"][0])


def test_compare_without_a_certain_change_says_so(run):
    shown = run("compare", "2023", "2024", "--country", "US")
    assert shown.exit_code == 0
    assert not shown.stdout
    assert "no change is certain" in shown.stderr


def test_a_mix_and_filters_reach_both_commands(run, tmp_path):
    file = tmp_path / "mix.toml"
    file.write_text("[country]\nUS = 1\nDE = 3\n", encoding="utf-8")
    plain = json.loads(run("path", "Python", "--json").stdout)
    found = json.loads(run("path", "Python", "--mix", str(file), "--json").stdout)
    assert found["mix"] == [["country", "US", 1.0], ["country", "DE", 3.0]]
    assert 0 < found["postings"] < plain["postings"]
    assert "standardised to country US 25%, DE 75%" in run("path", "Python", "--mix", str(file)).stderr
    fewer = json.loads(run("path", "Python", "--since", "2024-01-01", "--json").stdout)
    assert fewer["postings"] < plain["postings"]
    changed = json.loads(run("compare", "2023", "2024", "--all", "--mix", str(file), "--json").stdout)
    as_is = json.loads(run("compare", "2023", "2024", "--all", "--json").stdout)
    assert changed["rows"] != as_is["rows"]
    assert json.loads(run("compare", "2023", "2024", "--all", "--weights", "employer", "--json").stdout) != as_is


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("path", "Pyton"), "unknown skill 'Pyton'; did you mean Python"),
        (("path", "--have", "/nowhere/have.txt"), "cannot be read"),
        (("path", "--cover", "7"), "cover"),
        (("path", "--country", "AQ"), "widen the filters"),
        (("path", "--track", "vision"), "none of computer_vision"),
        (("path", "--mix", "country:AQ=1"), "no posting has country AQ 100%"),
        (("path", "--weights", "votes"), "weights: 'votes' is none of"),
        (("compare", "2023", "2024", "--mix", "planet:mars=1"), "none of source, country, seniority"),
        (("compare", "2023", "soon"), "period 'soon'"),
        (("compare", "2001", "2002"), "too few"),
    ],
)
def test_one_line_errors(run, words, message):
    result = run(*words)
    assert result.exit_code == 1
    assert message in result.stderr
    assert result.stderr.count("\n") == 1
    assert not result.stdout
