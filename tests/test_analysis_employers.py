"""Canonical employers: single rules by example, and precision and recall on pairs that were checked by
hand.
"""

import csv
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.employers import canonical, fold, identify

PAIRS = Path(__file__).parent / "fixtures" / "employers" / "pairs.csv"


@pytest.mark.parametrize(
    ("stated", "title", "expected"),
    [
        ("PHASTAR\n4.2", "Statistician", "phastar"),
        ("Acme Inc.", "", "acme"),
        ("ACME GmbH & Co. KG", "", "acme"),
        ("Acme Switzerland AG", "", "acme"),
        ("Air France", "", "air france"),
        ("The Acme Company", "", "acme"),
        ("Amazon Web Services, Inc.", "", "amazon"),
        ("San Francisco", "San Francisco, CA", ""),
        ("Los Gatos", "Los Gatos, CA -- Acme", "acme"),
        ("Remote", "Remote | Acme | Engineer", "acme"),
        ("Acme", "Acme (YC S21) | Engineer | London", "acme"),
        ("Senior Engineer", "Senior Engineer | Acme | Oslo", "acme"),
        ("Visa", "Lead Data Scientist", "visa"),  # a name when a board states it, a word in a header
        ("Visa", "Visa | London | Acme", "acme"),
        ("Confidential", "Data Scientist", ""),
        ("Not Specified", "Data Scientist", ""),
        ("", "Acme | Engineer", ""),
        ("https://acme.example", "https://acme.example", ""),
    ],
)
def test_one_name(stated, title, expected):
    assert canonical(stated, title).id == expected


@pytest.mark.parametrize(
    ("stated", "agency"),
    [
        ("Motion Recruitment", True),
        ("Robert Half", True),
        ("Leap Motion", False),
        ("Talentsoft", False),
        ("Acme", False),
    ],
)
def test_agencies_are_flagged(stated, agency):
    assert canonical(stated).agency is agency


def test_pairs_checked_by_hand():
    """Of the pairs said to be one employer at least 97 % are; of those that are one at least 90 % are
    found.
    """
    with PAIRS.open(encoding="utf-8") as lines:
        rows = [(row["same"] == "1", row["a"], row["b"]) for row in csv.DictReader(lines)]
    names = pd.DataFrame({"employer": [t for _, a, b in rows for t in (a, b)], "title": ""})
    headers = names["employer"].str.contains(r"\||--| - |hiring| in ", regex=True)
    names["title"] = names["employer"].where(headers, "")
    ids = identify(names)["employer_id"].tolist()
    said = [ids[2 * i] == ids[2 * i + 1] and ids[2 * i] != "" for i in range(len(rows))]
    right = sum(s and same for s, (same, *_) in zip(said, rows, strict=True))
    assert right / sum(said) >= 0.97
    assert right / sum(same for same, *_ in rows) >= 0.9


def test_names_that_differ_in_blanks_are_one_and_the_most_frequent_spelling_is_shown():
    table = pd.DataFrame({"employer": ["CourseHero", "Course Hero", "Course Hero", ""], "title": ""})
    found = identify(table)
    assert found["employer_id"].tolist() == ["course-hero"] * 3 + [""]
    assert found["employer_name"].tolist() == ["Course Hero"] * 3 + [""]


@example("𝑨", "")
@given(st.text(max_size=80), st.text(max_size=80))
def test_any_text_gives_a_folded_name(stated, title):
    name = canonical(stated, title).id
    assert name == fold(name)
