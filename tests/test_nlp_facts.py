"""All facts of one posting, and texts that nobody expects."""

import json
import math
import string
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import facts
from nlp.facts import language
from nlp.records import SENIORITIES, Facts, Salary

POSTING = """About Brightleaf
We raised $40M and have grown for 9 years. Perks: on-site gym, 401(k).

What you bring
- At least 4 years of experience with Python
- Experience with remote sensing is a plus

The role is hybrid: three days a week in our Portland office. Salary range: $130,000 - $160,000 per year.
"""


def test_one_posting() -> None:
    assert facts.extract(POSTING, "Senior Data Engineer", locations=("Portland, OR",)) == Facts(
        seniority="senior",
        workplace="hybrid",
        country="US",
        min_years=4,
        salary=Salary(130_000, 160_000, "USD", "year"),
    )


def test_a_beginner_of_whom_much_is_asked_is_none() -> None:
    text = "You have 12 years of experience with kites.\nSeniority level\nEntry level"
    assert facts.extract(text, "Kite Maker").seniority is None
    assert facts.extract(text.replace("12", "2"), "Kite Maker").seniority == "junior"
    assert facts.extract(text, "Junior Kite Maker").seniority == "junior"


def test_markup_left_in() -> None:
    found = facts.extract(
        "<p>We hire:</p><ul><li>Senior Kite Engineer</li></ul>$75&#x2F;hour.<p>5+ years of Python&#x2F;SQL."
        " It&#x27;s remote&#x2F;flexible."
    )
    assert found == Facts(seniority="senior", workplace="remote", min_years=5, salary=Salary(75, 75, "USD", "hour"))


def test_nothing_said() -> None:
    assert facts.extract("A job.", "Engineer") == Facts()


# Pieces that the rules look for, so that the fuzzer reaches them, between arbitrary characters.
WORDS = "$ € 120,000 100k salary years 5+ remote hybrid onsite senior location: Berlin , DE 401k M or"
PIECES = st.sampled_from(
    [*WORDS.split(), "at least", "per year", " - ", "\n", "\0", "İ", "👩🏽‍💻", "\u202e", "٣", "²", "1.2.3,4'5"]
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=40).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS, TEXTS)
def test_any_text(text: str, title: str) -> None:
    got = facts.extract(text, title, locations=(title[:20],))
    assert got.seniority is None or got.seniority in SENIORITIES
    assert got.workplace in (None, "remote", "hybrid", "onsite")
    assert got.country is None or (len(got.country) == 2 and set(got.country) <= set(string.ascii_uppercase))
    assert got.min_years is None or 0 <= got.min_years <= 25
    if got.salary is not None:
        low, high = got.salary.min, got.salary.max
        assert low is not None or high is not None
        assert all(value is None or (math.isfinite(value) and value > 0) for value in (low, high))
        assert low is None or high is None or low <= high
    code = language.detect(text)
    assert code is None or len(code) == 2


@pytest.mark.parametrize(
    "piece",
    [
        "word ",
        "remote ",
        "5 years ",
        "$100,000 - ",
        "1,",
        "9",
        " ",
        "location: ",
        "senior ",
        "€",
        "\0",
        "(",
        "or ",
        "k" * 50,
        "100k-",
        "a\n",
    ],
)
def test_a_megabyte_of_anything_ends(piece: str) -> None:
    text = piece * (1_000_000 // len(piece))
    facts.extract(text, piece * 50)
    language.detect(text)


@pytest.mark.shared
def test_annotated_postings(shared: Path) -> None:
    """F1 where stated of each fact on the postings that were read as a whole; docs/quality.md has it by half."""
    right, said, stated = Counter[str](), Counter[str](), Counter[str]()
    for line in (shared / "data" / "gold" / "skills.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        got = facts.extract(row["text"], row["title"] or "", language=language.detect(row["text"]))
        stated_pay = row["salary"]
        pay = stated_pay and Salary(*(stated_pay.get(key) for key in ("min", "max", "currency", "period")))
        pairs = {
            "seniority": (row["seniority"], got.seniority),
            "workplace": (row["remote"], got.workplace),
            "years": (row["min_years"], got.min_years),
            "pay": (pay, got.salary),
        }
        for fact, (want, answer) in pairs.items():
            want = None if want == "unspecified" else want
            right[fact] += want is not None and want == answer
            said[fact] += answer is not None
            stated[fact] += want is not None
    f1 = {fact: 2 * right[fact] / (said[fact] + stated[fact]) for fact in right}
    assert min(f1.values()) >= 0.9, f1
