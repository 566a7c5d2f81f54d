"""The sentence splitter: what ends a sentence, what doesn't, and its laws."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentences import MAX_SENTENCE, sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" \n\t", []),
        ("One. Two! Three?", ["One.", "Two!", "Three?"]),
        ("We use Node.js and e.g. Spark.", ["We use Node.js and e.g. Spark."]),
        ("At least 3.5 years in the U.S. market", ["At least 3.5 years in the U.S. market"]),
        ("You know:\n• Python\n• SQL\n", ["You know:", "Python", "SQL"]),
        ("Skills: • Python • Go", ["Skills:", "Python", "Go"]),
        ("* R\n- C++ (a plus).", ["R", "C++ (a plus)."]),
        (
            "You join the team.You will build models.Python matters",
            ["You join the team.", "You will build models.", "Python matters"],
        ),
        (
            "Best bakery of 2017.Primary duties (ovens, etc.).Python matters",
            ["Best bakery of 2017.", "Primary duties (ovens, etc.).", "Python matters"],
        ),
        ("Version 3.5 or (2)Primary, 1.Design, section 10.A", ["Version 3.5 or (2)Primary, 1.Design, section 10.A"]),
        (
            "See Example.Com or Vue.Js, write to a.name@example.com",
            ["See Example.Com or Vue.Js, write to a.name@example.com"],
        ),
        ("Acme - Data Engineer", ["Acme", "Data Engineer"]),
        ("state-of-the-art models", ["state-of-the-art models"]),
        ('He said "Yes." Then left.', ['He said "Yes."', "Then left."]),
        ("私たちは働く。そして休む。", ["私たちは働く。", "そして休む。"]),
    ],
)
def test_cases(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


@given(st.text(alphabet=st.sampled_from("aB .\n•-!?*\x00\u2028)e.gYou"), max_size=300) | st.text(max_size=300))
def test_sentences_are_ordered_apart_and_leave_no_word_out(text: str) -> None:
    spans = sentences(text)
    assert all(start < end for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
    inside = {at for start, end in spans for at in range(start, end)}
    assert all(at in inside for at, char in enumerate(text) if char.isalnum())
    assert all(not text[start].isspace() and not text[end - 1].isspace() for start, end in spans)


@pytest.mark.parametrize(
    "piece", ["a", ". ", " ", "- ", ".", "\n", "• x", ")", "e.g. X", "abc.You ", "10.Primary", "a).Then"]
)
def test_a_megabyte_of_anything_is_cut(piece: str) -> None:
    spans = sentences(piece * (1_000_000 // len(piece)))
    assert all(end - start <= MAX_SENTENCE for start, end in spans)
