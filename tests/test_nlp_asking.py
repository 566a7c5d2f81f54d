"""The learned last word on whether a sentence asks or tells: what it may overrule, and what its weights know."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import pytest
from skills_taxonomy import small_taxonomy

from nlp.asking import CUT, FAMILIES, WEIGHED, Asking, Weights, features, load
from nlp.cues import Sentence
from nlp.levels import Levels
from nlp.matcher import Matcher
from nlp.pipeline import Extractor
from nlp.sections import Section


def said(text: str, weights: Weights, employer: str | None = None) -> list[tuple[str, str]]:
    """Level and rule of every mention, under weights of one's own."""
    extractor = Extractor(small_taxonomy())
    extractor._levels = Levels(Asking(weights))
    return [(mention.level, mention.rule) for mention in extractor.mentions(text, employer=employer)]


def test_words_that_tell_overrule_a_request() -> None:
    text = "You will love how our hinges use computer vision."
    assert said(text, {"": {"": CUT - 1}}) == [("required", "cue:request")]
    assert said(text, {"": {"": CUT - 1}, "words": {"hinge": 2.0}}) == [("context", "words:tell")]


def test_words_that_ask_overrule_a_boast() -> None:
    text = "We are a leading maker of hinges by computer vision."
    assert said(text, {"": {"": CUT + 1}}) == [("context", "cue:blurb")]
    assert said(text, {"": {"": CUT + 1}, "words": {"hinge": -2.0}}) == [("required", "words:ask")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Requirements\nPython", ("required", "heading:required")),
        ("Scala is a plus", ("preferred", "cue:a-plus")),
        ("Our ships need it: SQL is required", ("required", "cue:required")),
        ("Benefits\nA course on deep learning", ("context", "heading:benefits")),
    ],
)
def test_what_the_rules_are_sure_of_is_not_weighed(text: str, found: tuple[str, str]) -> None:
    assert said(text, {"": {"": 9.0}}) == said(text, {"": {"": -9.0}}) == [found]


def test_each_family_of_features_counts() -> None:
    taxonomy = small_taxonomy()
    matcher = Matcher(taxonomy)
    text = "About Acme\nThe Acme team makes Python hinges."
    tokens = matcher.trie.cut(text)
    (match,) = matcher.find_all(text, tokens)
    section = Section(0, 10, "about")
    sentence = Sentence(2, len(tokens), employer=True)
    held = features(tokens, match, section, sentence, "heading:about")
    assert {family: set(values) for family, values in held.items()} == {
        "words": {"the", "acme", "team", "make", "python", "hinge"},
        "before": {"acme", "the", "team", "make"},
        "behind": {"hinge"},
        "next": {"hinge"},
        "heading": {"about", "acme"},
        "rule": {"heading:about"},
        "section": {"about"},
        "distance": {"about 0"},
        "part": {str(10 * match.start // (len(text) - 1))},
        "employer": {"True"},
    }
    for family, values in held.items():
        for value in values:
            weighed = Asking({"": {"": CUT - 1}, family: {value: 2.0}})
            assert weighed.tells(tokens, match, section, sentence, "heading:about")


def test_the_shipped_weights_are_those_of_known_features() -> None:
    tables = load()._tables
    assert set(json.loads((files("nlp") / "data" / "levels.json").read_text(encoding="utf-8"))) - {""} <= set(FAMILIES)
    assert set(tables["rule"]) <= WEIGHED
    assert all(math.isfinite(weight) for table in tables.values() for weight in table.values())


def test_the_shipped_weights_tell_boasts_from_work() -> None:
    extractor = Extractor(small_taxonomy())
    boast = "Founded by two sailors, Acme offers its customers computer vision for hinges."
    work = "You will build data pipelines, write Python and help us to deploy machine learning models."
    assert {mention.level for mention in extractor.mentions(boast, employer="Acme")} == {"context"}
    assert {mention.level for mention in extractor.mentions(work, employer="Acme")} == {"required"}
