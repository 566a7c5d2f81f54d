"""Tagging end to end: the output contract, the store, what is tagged again and what isn't, bad input."""

import datetime as dt
import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from typer.testing import CliRunner

import skilldemand
from crawler.errors import EmptyError, InputError
from crawler.importer import posting_row
from crawler.posting import Posting
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
from nlp import run
from nlp.records import LEVELS, SENIORITIES, TRACKS
from nlp.tables import MENTIONS, TAGGINGS

AD = {
    "id": "1",
    "title": "Senior Computer Vision Engineer",
    "employer": "Nordlicht Optik",
    "description": "<p>We build cameras for harbours.</p><h3>What you bring</h3><ul><li>3+ years of deep learning with "
    "PyTorch for object detection</li><li>Python &amp; Docker</li></ul><h3>Nice to have</h3><ul><li>Rust</li></ul>"
    "<p>Hybrid in Kiel, €70,000 - €85,000 per year.</p>",
}
COOK = {"id": "2", "title": "Line cook", "description": "You react quickly and keep the kitchen clean."}


def tag_file(tmp_path: Path, *rows: Any) -> list[dict[str, Any]]:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text("".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows))
    run.tag(path, out)
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def check_contract(row: dict[str, Any]) -> None:
    assert list(row) == [
        "id", "text", "language", "ml_role", "tracks", "skills", "seniority", "workplace", "min_years", "salary"
    ]  # fmt: skip
    assert set(row["tracks"]) == set(TRACKS)
    for cell in (row["ml_role"], *row["tracks"].values()):
        assert isinstance(cell["label"], bool)
        assert 0 <= cell["probability"] <= 1
    for cell in row["tracks"].values():
        for span in cell["evidence"]:
            assert 0 <= span["start"] < span["end"] <= len(row["text"])
    for skill in row["skills"]:
        assert row["text"][skill["start"] : skill["end"]] == skill["surface"]
        assert skill["sentence"]["start"] <= skill["start"] < skill["end"] <= skill["sentence"]["end"]
        assert skill["level"] in LEVELS
        assert skill["rule"]
        assert skill["name"]
        assert skill["category"]
    assert row["seniority"] in (None, *SENIORITIES)
    assert row["workplace"] in (None, "remote", "hybrid", "onsite")
    assert row["salary"] is None or set(row["salary"]) == {"min", "max", "currency", "period"}


def test_a_file_to_a_file_keeps_the_contract(tmp_path: Path) -> None:
    rows = tag_file(tmp_path, AD, COOK, {"id": 3, "title": None, "description": ""})
    for row in rows:
        check_contract(row)
    assert [row["id"] for row in rows] == ["1", "2", "3"]
    ad, cook, empty = rows
    levels = {skill["skill"]: skill["level"] for skill in ad["skills"]}
    assert levels["pytorch"] == levels["python"] == levels["docker"] == "required"
    assert levels["rust"] == "preferred"
    assert ad["ml_role"]["label"]
    assert ad["tracks"]["computer_vision"]["label"]
    assert not ad["tracks"]["nlp"]["label"]
    evidence = [ad["text"][span["start"] : span["end"]] for span in ad["tracks"]["computer_vision"]["evidence"]]
    assert any("object detection" in sentence for sentence in evidence)
    assert (ad["seniority"], ad["workplace"], ad["min_years"]) == ("senior", "hybrid", 3)
    assert ad["salary"] == {"min": 70_000, "max": 85_000, "currency": "EUR", "period": "year"}
    assert not cook["ml_role"]["label"]
    assert cook["skills"] == empty["skills"] == []


def test_an_ad_that_never_speaks_of_the_trade_needs_more_to_count() -> None:
    from nlp.records import Label, Record
    from nlp.tagger import Tagger

    tagger = Tagger()
    for chance, words, counts in (
        (0.6, "We sew tents.", False),
        (0.6, "Machine learning and deep learning: neural networks in PyTorch.", True),
    ):
        said = tagger._role(Record("1", "Maker", words), Label(True, chance))
        assert (said.label, said.probability < chance) == (counts, not counts)
    assert tagger._role(Record("1", "Maker", "We sew tents."), Label(True, 0.97)).label


def test_broken_lines_cost_themselves_alone(tmp_path: Path) -> None:
    path, out, lines = tmp_path / "in.jsonl", tmp_path / "out.jsonl", []
    path.write_text(json.dumps(AD) + '\n{broken\n{"id": "x"}\n{"description": "no id"}\n' + json.dumps(COOK))
    report = run.tag(path, out, warn=lines.append)
    assert (report.tagged, report.broken) == (2, 3)
    assert [line.split(": ")[0] for line in lines] == [f"{path}:{n}" for n in (2, 3, 4)]
    assert len(out.read_text().splitlines()) == 2


def test_a_run_that_ends_early_leaves_no_half_file(tmp_path: Path) -> None:
    path, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    path.write_text(json.dumps(AD) + "\n")
    out.write_text("the result of before")

    def stop(done: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run.tag(path, out, advance=stop)
    assert [one.name for one in tmp_path.iterdir() if one != path] == ["out.jsonl"]
    assert out.read_text() == "the result of before"


def test_missing_and_foreign_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.jsonl"):
        run.tag(tmp_path / "absent.jsonl")
    with pytest.raises(InputError, match=r"x\.csv"):
        run.tag(tmp_path / "x.csv")


def fill(store: Store, batch: str, *ads: dict[str, Any], **changes: Any) -> None:
    seen = dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=len(batch))
    postings = [
        Posting(
            source="test", board="b", source_id=ad["id"], title=ad["title"], description=ad["description"], **changes
        )
        for ad in ads
    ]
    crawl = dict.fromkeys(name for name, _ in CRAWLS.columns) | {"crawl_id": batch, "board": "test:b"}
    rows = [posting_row(posting, batch, seen) for posting in postings]
    store.append(batch, {POSTINGS: rows, SIGHTINGS: [], CRAWLS: [crawl]})


def test_the_store_is_tagged_once_and_again_only_where_it_must(tmp_path: Path) -> None:
    store = Store(tmp_path)
    fill(store, "1", AD, COOK)
    first = run.tag(store)
    assert (first.tagged, first.up_to_date) == (2, 0)
    mentions = store.read(MENTIONS).to_pylist()
    by_skill = {row["skill"]: row["level"] for row in mentions}
    assert by_skill["pytorch"] == "required"
    assert {row["tagger_id"] for row in mentions} == {first.tagger_id}
    text = {row["posting_id"]: row["description"] for row in store.read(POSTINGS).to_pylist()}
    assert all(text[row["posting_id"]][row["start"] : row["end"]] == row["surface"] for row in mentions)

    again = run.tag(store)
    assert (again.tagged, again.up_to_date) == (0, 2)

    fill(store, "22", AD | {"description": "Now about Go and Kubernetes."}, salary_min=50_000.0, salary_currency="GBP")
    newer = run.tag(store)
    assert (newer.tagged, newer.up_to_date) == (1, 1)

    own = tmp_path / "own.toml"
    own.write_text('category = "own"\nname = "Own"\n[skills.kitchen]\nname = "kitchen"\ndescription = "Cooking."\n')
    changed = run.tag(store, skills=[own])
    assert changed.tagger_id != first.tagger_id
    assert changed.tagged == 2
    kitchen = [row for row in store.read(MENTIONS).to_pylist() if row["skill"] == "kitchen"]
    assert [row["posting_id"] for row in kitchen] == ["test:b:2"]
    assert store.count(TAGGINGS) == 5


def test_what_the_board_states_goes_before_what_the_text_says(tmp_path: Path) -> None:
    store = Store(tmp_path)
    stated = {"salary_min": 90_000.0, "salary_currency": "USD", "salary_period": "year", "workplace": "remote"}
    fill(store, "1", AD, **stated)
    run.tag(store)
    (row,) = store.read(TAGGINGS).to_pylist()
    assert (row["salary_min"], row["salary_max"], row["salary_currency"]) == (90_000, None, "USD")
    assert (row["pay_min_year"], row["workplace"]) == (90_000, "remote")


def test_an_empty_store_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EmptyError, match="crawl or import"):
        run.tag(Store(tmp_path))


@pytest.mark.slow
def test_two_processes_give_what_one_gives(tmp_path: Path) -> None:
    found = []
    for workers in (1, 2):
        store = Store(tmp_path / str(workers))
        fill(
            store, "1", *({**AD, "id": str(n), "description": AD["description"] + f"<p>No. {n}</p>"} for n in range(40))
        )
        run.PART, part = 10, run.PART
        try:
            run.tag(store, workers=workers)
        finally:
            run.PART = part
        rows = [{**row, "batch": None} for row in store.read(MENTIONS).to_pylist()]
        found.append(sorted(map(str, rows)))
    assert found[0] == found[1]


def test_the_command_writes_lines_to_stdout_and_words_to_stderr(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_text(json.dumps(AD) + "\n{broken\n")
    done = CliRunner().invoke(skilldemand.app, ["tag", str(path)])
    assert done.exit_code == 1
    check_contract(json.loads(done.stdout))
    assert f"{path}:2" in done.stderr


@pytest.fixture(scope="session")
def score(shared: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", shared / "tools/score.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.shared
@pytest.mark.slow
def test_the_scorer_reads_what_tag_writes(
    tmp_path: Path, shared: Path, score: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    gold = shared / "data/gold/skills.jsonl"
    score.prepare(gold, tmp_path / "in.jsonl")
    run.tag(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    score.skills(gold, tmp_path / "out.jsonl")
    printed = capsys.readouterr().out
    exact = float(printed.split("F1 ")[1].split()[0])
    assert exact > 0.7, printed
    assert os.stat(tmp_path / "out.jsonl").st_size > 100_000
