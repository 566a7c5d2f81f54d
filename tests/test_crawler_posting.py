"""The record: its ids, its versions, its closed lists."""

import datetime as dt
from typing import Any

import pytest

from crawler.errors import InputError
from crawler.posting import Posting


def make(**changes: Any) -> Posting:
    return Posting(**{"source": "lever", "board": "acme", "source_id": "7", "title": "T", "description": "D"} | changes)


def test_ids() -> None:
    assert make(source_id="7#2").posting_id == "lever:acme:7#2"
    with pytest.raises(InputError, match="source_id"):
        make(source_id="")
    with pytest.raises(InputError, match="colon"):
        make(board="a:b")


@pytest.mark.parametrize(
    "changes", [{"title": "X"}, {"description": "D "}, {"locations": ("Ulm",)}, {"salary_min": 1.0}]
)
def test_what_a_reader_sees_makes_a_new_version(changes: dict[str, Any]) -> None:
    assert make(**changes).content_hash != make().content_hash


@pytest.mark.parametrize("changes", [{"url": "https://x"}, {"date_posted": dt.date(2026, 1, 1)}, {"source_id": "8"}])
def test_what_boards_touch_in_bulk_does_not(changes: dict[str, Any]) -> None:
    assert make(**changes).content_hash == make().content_hash


def test_fields_do_not_run_into_each_other() -> None:
    assert make(title="ab", employer="c").content_hash != make(title="a", employer="bc").content_hash


@pytest.mark.parametrize(("field", "value"), [("workplace", "office"), ("salary_period", "fortnight")])
def test_closed_lists(field: str, value: str) -> None:
    with pytest.raises(InputError, match=value):
        make(**{field: value})
