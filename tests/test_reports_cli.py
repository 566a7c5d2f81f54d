"""`report` and `export` on the command line: what they print, what they write, how they fail."""

import json
from pathlib import Path

import pytest
import reports_sample
import typer
from typer.testing import CliRunner, Result

import reports.cli


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    reports_sample.store(folder, reports_sample.frames(postings=200, employers=50))
    return folder


def call(*words: object) -> Result:
    app = typer.Typer()
    reports.cli.register(app)
    return CliRunner().invoke(app, [str(word) for word in words])


def test_report_prints_the_headline_and_the_path_and_writes_every_form(data: Path, tmp_path: Path) -> None:
    result = call("report", "--data", data, "--out", tmp_path / "out", "--examples", 1)
    assert result.exit_code == 0, result.output
    assert f"Report: {tmp_path / 'out' / 'report.html'}" in result.stdout
    assert result.stdout.count("95% interval") >= 3
    assert "reading the store" in result.stderr
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "report.html", "report.md", "report.json", "tables", "figures",
    }  # fmt: skip


def test_report_json_is_the_file_report_json(data: Path, tmp_path: Path) -> None:
    result = call("report", "--data", data, "--out", tmp_path / "out", "--json", "--track", "nlp", "--country", "us")
    assert result.exit_code == 0, result.output
    printed = json.loads(result.stdout)
    assert printed == json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert printed["filters"] == {"track": "nlp", "country": "US"}


def test_export_writes_the_tables_and_the_postings_without_texts(data: Path, tmp_path: Path) -> None:
    result = call("export", "--data", data, "--out", tmp_path / "out", "--json")
    assert result.exit_code == 0, result.output
    names = {Path(path).name for path in json.loads(result.stdout)}
    assert {"demand.csv", "demand.parquet", "postings.csv", "headline.csv"} <= names
    written = (tmp_path / "out" / "postings.csv").read_text(encoding="utf-8")
    assert "description" not in written.splitlines()[0]
    assert "\n'=1+1" in written.replace(",'=1+1", "\n'=1+1")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--country", "ZZ"), "no postings"),
        (("--track", "vision"), "vision"),
        (("--since", "2030-01-01", "--until", "2020-01-01"), "since"),
        (("--weights", "heavy"), "heavy"),
    ],
)
def test_bad_input_is_one_line_and_exit_status_1(data: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    result = call("report", "--data", data, "--out", tmp_path / "out", *words)
    assert result.exit_code == 1
    assert result.stdout == ""
    last = result.stderr.strip().splitlines()[-1]
    assert last.startswith("skilldemand: ")
    assert said in last
    assert not (tmp_path / "out" / "report.html").exists()


def test_no_store_is_one_line(tmp_path: Path) -> None:
    result = call("report", "--data", tmp_path / "nothing", "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_a_folder_that_cannot_be_written_is_one_line(data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = call("report", "--data", data, "--out", tmp_path / "file" / "out")
    assert result.exit_code == 1
    assert "cannot be made a folder" in result.stderr


@pytest.mark.parametrize("command", ["report", "export"])
def test_help_has_an_example(command: str) -> None:
    assert "Example: skilldemand" in call(command, "--help").stdout


def test_a_syllabus_of_ones_own_is_measured_beside_the_shipped_ones(data: Path, tmp_path: Path) -> None:
    own = tmp_path / "course.toml"
    own.write_text('name = "Evening course"\nstatus = "current"\n[[parts]]\nname = "All"\nskills = ["python", "sql"]\n')
    result = call("export", "--data", data, "--out", tmp_path / "out", "--syllabus", own)
    assert result.exit_code == 0, result.output
    assert "Evening course" in "".join(path.read_text() for path in (tmp_path / "out").rglob("*syllabus*.csv"))
    own.write_text(own.read_text().replace("python", "pythn"))
    wrong = call("export", "--data", data, "--out", tmp_path / "out", "--syllabus", own)
    assert wrong.exit_code == 1
    assert "pythn" in wrong.stderr
