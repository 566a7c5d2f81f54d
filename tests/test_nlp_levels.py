"""Levels of mentions: each case names the rule that must have decided."""

from __future__ import annotations

import pytest
from skills_taxonomy import small_taxonomy

from nlp.levels import Levels
from nlp.pipeline import Extractor

EXTRACTOR = Extractor(small_taxonomy())
EXTRACTOR._levels = Levels(None)  # the rules alone; tests/test_nlp_asking.py has what overrules them


def said(text: str) -> dict[str, tuple[str, str]]:
    return {mention.surface: (mention.level, mention.rule) for mention in EXTRACTOR.mentions(text)}


@pytest.mark.parametrize(
    ("text", "surface", "level", "rule"),
    [
        ("Scala is a plus.", "Scala", "preferred", "cue:a-plus"),
        ("Knowledge of Scala would be an advantage.", "Scala", "preferred", "cue:advantage"),
        ("Docker experience preferred", "Docker", "preferred", "cue:preferred"),
        ("Ideally you know Scala", "Scala", "preferred", "cue:ideally"),
        ("Python and SQL.\nKnowledge of the following is a plus:\nScala", "SQL", "required", "default"),
        ("You know Python. Knowledge of the following is a plus: Scala", "Scala", "preferred", "cue:a-plus"),
        ("A bonus for Scala experience", "Scala", "preferred", "cue:nice"),
        ("Preference is given for Scala, but it is not required", "Scala", "preferred", "cue:nice"),
        ("Nice to have: Scala", "Scala", "preferred", "cue:nice"),
        ("Bonus points for Scala", "Scala", "preferred", "cue:nice"),
        ("Kenntnisse in Scala von Vorteil", "Scala", "preferred", "cue:de"),
        ("La maîtrise de Scala est un plus", "Scala", "preferred", "cue:fr"),
        ("Kennis van Scala is een pluspunt", "Scala", "preferred", "cue:nl"),
        ("Se valorará experiencia con Scala", "Scala", "preferred", "cue:es"),
        ("These are a plus: AWS; knowledge of Docker and Kubernetes; Scala", "Scala", "preferred", "cue:a-plus"),
        (
            "Ervaring met dit strekt tot aanbeveling: werk in Scala; Docker in productie",
            "Docker",
            "preferred",
            "cue:nl",
        ),
        ("Strong Python, Scala also beneficial", "Python", "required", "default"),
        ("Strong Python, Docker, and Scala are also a plus", "Python", "preferred", "cue:a-plus"),
        ("Strong Python, Scala also beneficial", "Scala", "preferred", "cue:advantage"),
        ("Requirements\nUse of Scala code,Desirable – knowledge of Docker", "Scala", "required", "heading:required"),
        ("Requirements\nUse of Scala code,Desirable – knowledge of Docker", "Docker", "preferred", "heading:preferred"),
        ("Scala is a major advantage.", "Scala", "preferred", "cue:advantage"),
        ("Nice to have\nDocker\nWe provide fine Python to orchards and customers.", "Python", "context", "cue:blurb"),
        ("Nice to have\nWe offer customers Docker, and you know it", "Docker", "preferred", "heading:preferred"),
        (
            "Requirements\nPython\nHow we work\nThe cider practice employs deep expertise in Scala for our clients.",
            "Scala",
            "context",
            "heading:closing",
        ),
        ("Requirements\nHelp the unit 'Computer Vision' with fruit", "Computer Vision", "context", "name:team"),
        ("Requirements\nHelp us by 'Computer Vision' with fruit", "Computer Vision", "required", "heading:required"),
        ("You will write Python.", "Python", "required", "cue:request"),
        ("Requirements\nPython", "Python", "required", "heading:required"),
        ("Responsibilities\nWrite Python", "Python", "required", "heading:duties"),
        ("No Python experience needed.", "Python", "context", "cue:negated"),
        ("Python is not required.", "Python", "context", "cue:negated"),
        ("Python is not required but a plus.", "Python", "preferred", "cue:a-plus"),
        ("You don't need to know Python.", "Python", "context", "cue:negated"),
        ("We are a leading provider of computer vision for farms.", "computer vision", "context", "cue:blurb"),
        ("About us\nComputer vision is what we sell.", "Computer vision", "context", "heading:about"),
        (
            "About us\nWe are looking for someone with computer vision in mind.",
            "computer vision",
            "required",
            "cue:request",
        ),
        ("Benefits\nA course on deep learning", "deep learning", "context", "heading:benefits"),
        ("How to apply\nSend us your Python", "Python", "context", "heading:closing"),
        ("Requirements\nWork with our data science team", "data science", "context", "name:team"),
        (
            "Requirements\nPython\nWe are a leading provider of computer vision.",
            "computer vision",
            "context",
            "cue:blurb",
        ),
        ("Our ships sail by computer vision.", "computer vision", "context", "cue:we"),
        ("Our ships need it: SQL is required", "SQL", "required", "cue:required"),
        ("PhD (or MSc) plus years of SQL", "SQL", "required", "default"),
        ("Requirements\nMachine learning practices", "Machine learning", "required", "heading:required"),
        ("Acme | Ghent | Python, SQL | We make hinges", "Python", "required", "header"),
        ("Machine learning for orchards", "Machine learning", "required", "default"),
        ("SQL: 2 years (Preferred)", "SQL", "preferred", "cue:preferred"),
        ("Requirements\n(Optional) Skilled with Scala and SQL", "SQL", "preferred", "cue:preferred"),
        ("Requirements\nTools (e.g. Scala) would be a huge asset", "Scala", "preferred", "cue:advantage"),
        ("Requirements\nScala, Docker etc. would be an advantage", "Scala", "preferred", "cue:advantage"),
        ("Requirements\nOne of these is a plus: fishing, Scala", "Scala", "preferred", "cue:a-plus"),
        ("Requirements\nStorage skills are a plus, such as Scala", "Scala", "preferred", "cue:a-plus"),
        ("Requirements\nGerne gesehen sind Kenntnisse in Scala", "Scala", "preferred", "cue:de"),
        ("Requirements\nKennis van Scala is een troef", "Scala", "preferred", "cue:nl"),
        ("Requirements\nKennis van Scala strekt tot aanbeveling", "Scala", "preferred", "cue:nl"),
        ("Responsibilities\nCollaborate with Data, Docker and Product teams", "Docker", "context", "name:team"),
        ("Responsibilities\nUse Python, Docker and other tools", "Python", "required", "heading:duties"),
        ("Requirements\nPython\nOur capabilities range from hinges to Scala", "Scala", "context", "cue:blurb"),
        ("Responsibilities\nWrite Python\nSubmit application\nDocker", "Docker", "context", "heading:closing"),
    ],
)
def test_level_and_rule(text: str, surface: str, level: str, rule: str) -> None:
    assert said(text)[surface] == (level, rule)


def test_a_wish_reaches_only_its_own_clause() -> None:
    found = said("Requirements\nPython required, Scala a plus\nSQL (Docker is a plus)\nC++; ideally Kubernetes")
    assert {surface: level for surface, (level, _) in found.items()} == {
        "Python": "required", "Scala": "preferred", "SQL": "required", "Docker": "preferred", "C++": "required",
        "Kubernetes": "preferred",
    }  # fmt: skip


def test_a_wish_reaches_the_whole_list_before_it() -> None:
    found = said("Requirements\nExperience with Scala, Docker and Kubernetes is a plus.")
    assert {level for level, _ in found.values()} == {"preferred"}


@pytest.mark.parametrize(
    ("text", "wished"),
    [
        ("Good Python Experience with SQL Knowledge of Scala is a plus Strong Docker", {"Scala"}),
        ("Kind to tables;Scala is a plus;Python", {"Scala"}),
        ("We need hinge makers who write Python.Experience with Scala is a plus", {"Scala"}),
        ("Ideally, knowledge of Scala and Docker", {"Scala", "Docker"}),
        ("Python, experience with Scala is a plus", {"Scala"}),
        (f"Python {'and so on ' * 6}; Scala is a plus", {"Scala"}),
        (f"Python {'and so on ' * 6}is a plus", set()),
        (f"Added bonus if you know {'hinges and ' * 10}Scala", {"Scala"}),
        (f"You know things, ideally those of {'hinges and ' * 10}Python", set()),
    ],
)
def test_a_wish_ends_where_a_new_request_begins(text: str, wished: set[str]) -> None:
    found = said(f"Requirements\n{text}")
    assert {surface for surface, (level, _) in found.items() if level == "preferred"} == wished


@pytest.mark.parametrize(
    "text",
    [
        "Requirements\n5 plus years of Python",
        "Requirements\nPython in your preferred location. Preferred start: May",
        "Requirements\nPython. Annual bonus",
        "Requirements\nNo nonsense. Python is required.",
    ],
)
def test_words_that_look_like_wishes_or_negations_are_none(text: str) -> None:
    assert said(text)["Python"][0] == "required"


def test_a_sentence_about_the_employer_asks_for_nothing() -> None:
    (mention,) = EXTRACTOR.mentions("Acme brings computer vision to orchards.", employer="Acme")
    assert (mention.level, mention.rule) == ("context", "cue:employer")


def test_the_employer_of_a_header_is_no_demand() -> None:
    found = EXTRACTOR.mentions("Docker Farms in Ghent | Python, SQL | We make hinges", employer="Docker Farms in Ghent")
    assert [(one.surface, one.level, one.rule) for one in found] == [
        ("Docker", "context", "name:employer"), ("Python", "required", "header"), ("SQL", "required", "header"),
    ]  # fmt: skip
