"""The pipeline: offsets, sentences, the spaCy component, and texts that nobody should send."""

from __future__ import annotations

import importlib
from importlib.metadata import entry_points

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skills_taxonomy import small_taxonomy

from nlp.pipeline import FACTORY, SPANS, Extractor, build, mentions, register
from nlp.records import LEVELS
from nlp.sentences import sentences

EXTRACTOR = Extractor(small_taxonomy())
POSTING = """Acme is a leading provider of computer vision for orchards.

What you will do
• Train neural networks in PyTorch
• Run them on AWS/GCP

Requirements
Python3, SQL and C++

Nice to have
Docker

Benefits
Deep learning course
"""


def test_a_posting_from_end_to_end() -> None:
    found = [(mention.skill, mention.level, mention.rule) for mention in EXTRACTOR.mentions(POSTING)]
    assert found == [
        ("computer-vision", "context", "cue:blurb"),
        ("neural-networks", "required", "heading:duties"),
        ("pytorch", "required", "heading:duties"),
        ("aws", "required", "heading:duties"),
        ("gcp", "required", "heading:duties"),
        ("python", "required", "heading:required"),
        ("sql", "required", "heading:required"),
        ("cpp", "required", "heading:required"),
        ("docker", "preferred", "heading:preferred"),
        ("deep-learning", "context", "heading:benefits"),
    ]


def test_the_spacy_pipeline_says_the_same_as_the_extractor() -> None:
    nlp = build(small_taxonomy())
    doc = nlp(POSTING)
    assert mentions(doc) == EXTRACTOR.mentions(POSTING)
    spans = doc.spans[SPANS]
    assert [span._.skill for span in spans] == [mention.skill for mention in mentions(doc)]
    assert [(s._.category, s._.level, s._.rule, s._.surface) for s in spans][5] == (
        "languages",
        "required",
        "heading:required",
        "Python3",
    )


def test_a_glued_name_keeps_its_exact_surface_in_a_token_of_more() -> None:
    doc = build(small_taxonomy())("PythonExperience")
    (span,) = doc.spans[SPANS]
    assert (span.text, span._.surface) == ("PythonExperience", "Python")


def test_the_component_can_be_added_to_any_pipeline() -> None:
    import spacy

    register()
    register()
    nlp = spacy.blank("de")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe(FACTORY)
    assert nlp.pipe_names == ["sentencizer", FACTORY]
    doc = nlp("Erfahrung mit Python")
    assert [span._.skill for span in doc.spans[SPANS]] == ["python"]


def test_the_entry_point_loads_a_registered_factory() -> None:
    found = [point for point in entry_points(group="spacy_factories") if point.name == FACTORY]
    if not found:
        pytest.skip("skilldemand is not installed here, so it has no entry points")
    assert found[0].value == "nlp.spacy_factory:create_skills"
    assert importlib.import_module("nlp.spacy_factory").create_skills is found[0].load()


PIECES = st.sampled_from(
    [
        "Python",
        "machine learning",
        "R",
        "AI/ML",
        "Requirements:",
        "\nNice to have\n",
        "is a plus",
        "(",
        ")",
        ";",
        ". ",
        "• ",
        "\n",
        "About us\n",
        "no",
        "required",
        "we are a leading provider of",
        "you will",
        "PythonExperience",
        "degree in",
        "\0",
        "😀",
        "مرحبا",
        "<ul><li>",
        "&nbsp;",
        "\u2028",
        "https://a.io/Python",
        "Ｐｙｔｈｏｎ",
        "ß",
    ]
)
TEXTS = st.one_of(
    st.text(max_size=300), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join)
)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
def test_every_mention_cuts_out_its_surface_inside_its_sentence(text: str) -> None:
    whole = set(sentences(text))
    for mention in EXTRACTOR.mentions(text):
        assert text[mention.start : mention.end] == mention.surface
        assert mention.sentence_start <= mention.start < mention.sentence_end
        assert (mention.sentence_start, mention.sentence_end) in whole
        assert mention.level in LEVELS
        assert mention.rule


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_text_before_a_heading_does_not_change_what_stands_under_it(text: str) -> None:
    alone = EXTRACTOR.mentions("\n\nRequirements:\n\nPython, SQL\n\nNice to have:\n\nDocker")
    after = EXTRACTOR.mentions(text + "\n\nRequirements:\n\nPython, SQL\n\nNice to have:\n\nDocker")
    assert [(m.skill, m.level, m.rule) for m in after[-3:]] == [(m.skill, m.level, m.rule) for m in alone]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\0" * 100,
        "😀" * 1000,
        "<div><b>" * 500,
        "\u202eمهندس بيانات" * 200,
        "a" * 100_000,
        "A" * 100_000,
        "aB" * 50_000,
        "(" * 20_000,
        ":" * 20_000,
        "\n" * 20_000,
        "python " * 10_000,
        "no " * 5_000 + "Python",
        "R " * 5_000,
        "\ud800",
    ],
    ids=lambda text: f"{text[:4]!r} x {len(text)}",
)
def test_odd_texts_neither_crash_nor_stall(text: str) -> None:
    for mention in EXTRACTOR.mentions(text):
        assert text[mention.start : mention.end] == mention.surface


def test_html_left_in_hides_no_skill() -> None:
    assert [m.surface for m in EXTRACTOR.mentions("<li>Python</li><li>SQL&nbsp;and <b>C++</b></li>")] == [
        "Python",
        "SQL",
        "C++",
    ]
