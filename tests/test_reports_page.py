"""The report as files: self-contained, under its size, escaped, told from the numbers, the same in every
form."""

import importlib.util
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pandas as pd
import pytest
import reports_sample

from analysis.options import Options
from crawler.errors import EmptyError, InputError
from reports import figures, markdown, run, terminal
from reports.page import breakable, policy, script_json, source_hash, web_link
from reports.plotlyjs import TRACES
from reports.tables import Column, Table


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> run.Built:
    return run.build(reports_sample.frames(), tmp_path_factory.mktemp("report") / "out")


class Page(HTMLParser):
    """What a page would fetch, and the scripts it carries."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fetched: list[str] = []
        self.scripts: list[str] = []
        self.handlers: list[str] = []
        self.ids: list[str] = []
        self._script = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._script = tag == "script" and given.get("type") is None
        if self._script:
            self.scripts.append("")
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.fetched += [v for name, v in attrs if v and name in ("src", "srcset", "data", "poster")]
        if tag == "link" or (tag == "a" and not (given.get("href") or "").startswith(("#", "http://", "https://"))):
            self.fetched.append(str(given.get("href")))

    def handle_data(self, data: str) -> None:
        if self._script:
            self.scripts[-1] += data

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def test_the_page_fetches_nothing_and_runs_only_what_its_policy_names(built: run.Built) -> None:
    text = built.path.read_text(encoding="utf-8")
    page = Page(text)
    assert page.fetched == []
    assert page.handlers == []
    assert len(page.scripts) == 2
    stated = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert stated
    assert stated[1].replace("&#39;", "'") == policy(page.scripts)
    assert "'unsafe-inline'" not in stated[1].replace("&#39;", "'").split("script-src")[1].split(";")[0]
    assert len(page.ids) == len(set(page.ids))
    assert built.path.stat().st_size < run.LIMIT


def test_a_script_is_named_by_its_hash() -> None:
    assert source_hash("") == "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def test_a_name_from_outside_is_text_on_the_page_and_in_a_chart(built: run.Built) -> None:
    text = built.path.read_text(encoding="utf-8")
    assert "<b>x</b>" not in text
    assert "&lt;b&gt;x&lt;/b&gt;" in text
    ticks = json.dumps(built.report.figures["skills"].to_plotly_json()["layout"]["yaxis"]["ticktext"])
    assert "<b>" not in ticks
    assert "&lt;b&gt;" in ticks


def test_json_in_a_script_element_cannot_end_it() -> None:
    hostile = {"a": "</script><!--<script>"}
    assert "<" not in script_json(hostile)
    assert json.loads(script_json(hostile)) == hostile


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", " javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "file:///etc/passwd",
     "//host/x", "http:", "https://[x", "", None, "vbscript:x"],
)  # fmt: skip
def test_only_web_addresses_are_linked(url: str | None) -> None:
    assert web_link(url) is None


def test_long_names_and_addresses_may_break_and_stay_escaped() -> None:
    assert str(breakable("hn_2012 <b>")) == "hn_<wbr>2012 &lt;b&gt;"
    assert str(breakable("https://a-site.org/x")) == "https:/<wbr>/<wbr>a-<wbr>site.<wbr>org/<wbr>x"
    assert str(breakable("-3.5 – 12.25%")) == "-3.5 – 12.25%"


def test_a_web_address_is_linked() -> None:
    assert web_link("https://example.org/jobs?id=1") == "https://example.org/jobs?id=1"


def test_the_contents_lead_to_every_part(built: run.Built) -> None:
    text = built.path.read_text(encoding="utf-8")
    contents = text[text.index("<nav") : text.index("</nav>")]
    assert re.findall(r'href="#([^"]+)"', contents) == [part.id for part in built.report.parts]
    assert all(f'<section id="{part.id}"' in text for part in built.report.parts)


def test_a_page_that_is_too_large_is_one_line_and_not_written(
    built: run.Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "LIMIT", 1_000_000)
    with pytest.raises(InputError, match="larger than 1,000,000 bytes; ask for fewer examples"):
        run.write(built.report, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_every_part_has_a_finding_and_every_figure_a_table(built: run.Built) -> None:
    for part in built.report.parts:
        assert part.finding.endswith("."), part.id
        assert "nan" not in part.finding.lower().split(), part.id
        assert (part.figure is None) or (part.table is not None), part.id


def test_the_headline_is_what_was_measured(built: run.Built) -> None:
    made = reports_sample.frames()
    tracks = made.postings[["computer_vision", "nlp", "sequence_modeling"]].any(axis=1)
    assert f"{tracks.mean():.0%}" == built.report.cards[0].value
    assert len(built.report.cards) == 3


def test_every_table_is_there_as_csv_and_parquet_and_every_figure_as_json(built: run.Built) -> None:
    folder = built.path.parent
    assert built.report.tables
    for name, table in built.report.tables.items():
        read = pd.read_parquet(folder / "tables" / f"{name}.parquet")
        assert len(read) == len(table.frame) == len(pd.read_csv(folder / "tables" / f"{name}.csv"))
    for name in built.report.figures:
        traces = json.loads((folder / "figures" / f"{name}.json").read_text())["data"]
        assert traces
        assert {trace["type"] for trace in traces} <= TRACES  # what the page's own Plotly can draw


def test_the_json_form_holds_no_nan_and_every_row(built: run.Built) -> None:
    text = (built.path.parent / "report.json").read_text(encoding="utf-8")
    value = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert [part["id"] for part in value["parts"]] == [part.id for part in built.report.parts]
    skills = next(part for part in value["parts"] if part["id"] == "skills")
    assert len(skills["table"]["rows"]) == len(built.report.tables["skills"].frame)


def test_markdown_says_the_same_and_escapes_names(built: run.Built) -> None:
    text = (built.path.parent / "report.md").read_text(encoding="utf-8")
    assert all(f"## {part.title}" in text for part in built.report.parts)
    assert "<b>" not in text.replace("\\<b", "")
    assert "](javascript" not in text


@pytest.mark.parametrize(
    ("text", "shown"),
    [("58.4%", "58.4%"), ("1. Python", "1\\. Python"), ("2) b", "2\\) b"), ("- a", "\\- a"), ("a_b", "a\\_b")],
)
def test_markdown_escapes_what_would_be_markup_and_no_more(text: str, shown: str) -> None:
    assert markdown.escaped(text) == shown


def test_the_terminal_shows_headline_and_path(built: run.Built, capsys: pytest.CaptureFixture[str]) -> None:
    terminal.short(built.report, built.path)
    printed = capsys.readouterr().out
    assert all(card.value in printed for card in built.report.cards)
    assert f"Report: {built.path}" in printed
    assert "\x1b" not in terminal.clean("a\x1b[31m\u202eb")


def test_too_few_postings_give_words_and_no_share(tmp_path: Path) -> None:
    small = run.build(reports_sample.frames(postings=12, employers=4), tmp_path / "out").report
    assert "too few" in small.cards[0].interval
    assert "too few postings" in small.parts[0].finding
    assert small.parts[0].figure is None


def test_one_posting_is_no_crash(tmp_path: Path) -> None:
    assert run.build(reports_sample.frames(postings=1, employers=1), tmp_path / "out").path.exists()


def test_no_posting_is_one_line_and_writes_no_report(tmp_path: Path) -> None:
    with pytest.raises(EmptyError, match="no postings"):
        run.build(reports_sample.frames(), tmp_path / "out", Options(country=("ZZ",)))
    assert not (tmp_path / "out" / "report.html").exists()


def test_filters_are_named_on_the_page(tmp_path: Path) -> None:
    report = run.build(reports_sample.frames(), tmp_path / "out", Options(country=("US", "DE"), parts=())).report
    assert report.filters == {"country": "US, DE"}
    assert "US, DE" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


def test_a_report_of_one_track_claims_nothing_about_the_share_of_tracks(tmp_path: Path) -> None:
    report = run.build(reports_sample.frames(), tmp_path / "out", Options(track=("nlp",), parts=())).report
    assert "were chosen because they ask for natural language processing" in report.parts[0].finding
    assert report.cards[0].text == "postings counted"
    assert not [part for part in report.parts if part.id.startswith("skills-")]


def test_a_track_has_one_number_wherever_it_is_printed(built: run.Built) -> None:
    tracks = {row["id"]: row["count"] for row in built.report.tables["tracks"].frame.to_dict("records")}
    for part in built.report.parts:
        if part.id.startswith("skills-") and part.table is not None:
            denominators = set(part.table.frame["denominator"])
            assert denominators == {tracks[part.id.removeprefix("skills-").replace("-", "_")]}


def test_invented_postings_are_called_so(tmp_path: Path) -> None:
    made = reports_sample.frames(postings=200)
    made = replace(made, postings=made.postings.assign(synthetic=True))
    assert "These postings are invented" in run.build(made, tmp_path / "out", Options(parts=())).path.read_text(
        encoding="utf-8"
    )


def test_images_without_the_extra_say_what_to_install(
    built: run.Built, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "kaleido" else find(name))
    with pytest.raises(InputError, match="images extra"):
        run.write(built.report, tmp_path / "out", images=True)


def test_a_table_shows_no_nan_and_only_columns_it_has() -> None:
    frame = pd.DataFrame({"a": ["x", None], "share": [0.123, float("nan")]})
    table = Table("t", frame, (Column("A", ("a",)), Column("Share", ("share",), "share"), Column("B", ("b",))))
    assert table.heads() == [("A", False), ("Share", True)]
    assert table.rows() == [["x", "12.3%"], ["–", "–"]]


@pytest.mark.parametrize(
    ("low", "high", "runs"),
    [([1, 1, 3], [2, 2, 3], [(0, 1)]), ([1, 2, 3], [1, 2, 3], []), ([1, 1, 2, 3], [2, 3, 4, 4], [(0, 2), (1, 3)])],
)
def test_brackets_join_only_what_cannot_be_told_apart(low: list[int], high: list[int], runs: list[object]) -> None:
    assert figures.runs(low, high) == runs
    assert len(set(figures.lanes(figures.runs(low, high)))) == len(runs)
