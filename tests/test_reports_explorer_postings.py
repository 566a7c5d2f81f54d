"""The explorer without a browser: the grid of postings, and one posting with its marks and links."""

from __future__ import annotations

import pytest

from nlp.records import LEVELS
from reports.explorer import grid
from reports.explorer.cohort import Cohort
from reports.explorer.data import Population
from reports.explorer.marked import legend, marked, segments
from reports.explorer.marks import plain
from reports.explorer.posting import safe
from reports.explorer.state import Filters
from reports.explorer.texts import Detail, Found


def test_the_grid_sorts_and_filters(people: Population) -> None:
    cohort = Cohort(people, Filters())
    block = grid.rows(cohort, {"startRow": 0, "endRow": 20, "sortModel": [{"colId": "pay", "sort": "desc"}]})
    assert block["rowCount"] == len(cohort)
    pays = [float(row["pay"].split()[1].replace(",", "")) for row in block["rowData"]]
    assert pays == sorted(pays, reverse=True)
    some = grid.rows(cohort, {"filterModel": {"title": {"filter": "ENGINEER 12"}}})
    assert some["rowCount"] == 11
    rich = grid.rows(cohort, {"filterModel": {"pay": {"type": "greaterThanOrEqual", "filter": 190_000}}})
    assert 0 < rich["rowCount"] < len(cohort)
    newest = [row["date"] for row in grid.rows(cohort, {})["rowData"]]
    assert newest == sorted(newest, reverse=True)


@pytest.mark.parametrize(
    "request_",
    [
        {"startRow": -5, "endRow": 10**12},
        {"startRow": "x", "endRow": None, "sortModel": "y", "filterModel": [1]},
        {
            "sortModel": [{"colId": "__class__", "sort": 3}],
            "filterModel": {"title": None, "pay": {"filter": float("nan")}},
        },
        {"sortModel": [[]], "filterModel": {"title": {"filter": {"a": 1}}, "nothing": {"filter": "x"}}},
    ],
)
def test_the_grid_answers_what_it_was_never_asked(people: Population, request_: dict[str, object]) -> None:
    block = grid.rows(Cohort(people, Filters()), request_)
    assert block["rowCount"] == len(people)
    assert len(block["rowData"]) <= grid.MOST_BLOCK


def test_a_text_is_cut_where_marks_start_and_end() -> None:
    mentions = [Found("a", 0, 4, "required", "r"), Found("b", 2, 6, "required", "r"), Found("c", 8, 99, "context", "r")]
    text = "abcdefghij"
    pieces = segments(text, mentions, [("nlp", 3, 7), ("nlp", -5, 2), ("nlp", 50, 60), ("nlp", 7, 7)])
    assert "".join(text[start:end] for start, end, *_ in pieces) == text
    assert [(s, e, m.skill if m else None, bool(t)) for s, e, m, t in pieces] == [
        (0, 2, "a", True), (2, 3, "a", False), (3, 4, "a", True), (4, 7, None, True), (7, 10, None, False)]  # fmt: skip


@pytest.mark.parametrize("levels", [("required",), ("preferred", "context"), ()])
def test_a_legend_names_only_what_the_text_has(people: Population, levels: tuple[str, ...]) -> None:
    skill = next(iter(people.skill_index))
    mentions = tuple(Found(skill, place, place + 1, level, "r") for place, level in enumerate(levels))
    shown = str(legend(people, Detail("abcdefgh", mentions=mentions)))
    assert [level for level in LEVELS if level in shown] == [level for level in LEVELS if level in levels]


def test_a_tag_stays_at_the_end_of_its_passage(people: Population) -> None:
    detail = Detail("Sails and kites.", tracks={"nlp": (True, 0.9, ((0, 16),)), "computer_vision": (False, 0.1, ())})
    assert "\u00a0NLP" in "".join(str(one.children) for one in marked(detail.text, people, detail))


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:x", "https:", "//x.example", None, ""]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert not safe(url)


def test_labels_of_figures_are_shortened_and_harmless() -> None:
    assert plain("<b>x</b> & y") == "&lt;b&gt;x&lt;/b&gt; &amp; y"
    assert len(plain("w" * 10_000)) == 28
    assert plain("a\u202eb\x00c") == "abc"
