"""The employer's own name: what stands in it is no skill, what stands beside it is."""

from __future__ import annotations

import pytest
from skills_taxonomy import small_taxonomy

from nlp.own_name import OwnName
from nlp.pipeline import Extractor

EXTRACTOR = Extractor(small_taxonomy(), judge=None)
OWN = OwnName()


def surfaces(text: str, employer: str | None) -> list[str]:
    return [mention.surface for mention in EXTRACTOR.mentions(text, employer=employer)]


@pytest.mark.parametrize(
    ("employer", "name"),
    [
        ("Brick AI", "Brick AI"),
        ("Brick AI, Inc.", "Brick AI"),
        ("Brick AI (formerly Tile)", "Brick AI"),
        ("Docker GmbH", "Docker"),
        ("Docker - Ghent", "Docker"),
        ("Python developer", ""),
        ("React/Scala/SQL", ""),
        ("Machine learning in the orchard", ""),
        ("A very small bakery with Python", ""),
        ("R", ""),
        (" ", ""),
        (None, ""),
    ],
)
def test_what_an_employer_is_called(employer: str | None, name: str) -> None:
    assert OWN.name(employer) == name


@pytest.mark.parametrize(
    ("text", "employer", "expected"),
    [
        ("Brick AI needs AI and Python.", "Brick AI", ["AI", "Python"]),
        ("Docker is looking for you. You love Docker and SQL.", "Docker Inc.", ["SQL"]),
        ("At Docker experience with Docker is a plus.", "Docker", ["Docker"]),
        ("Experience in AI at Brick AI", "Brick AI", ["AI"]),
        ("Docker Farms | Ghent | Python, SQL | We make hinges", "Docker Farms", ["Python", "SQL"]),
        ("Brick AIs are Brick AI", "Brick AI", ["AIs"]),
        ("Docker is looking for you.", "Docker Farms", ["Docker"]),
        ("You know Python.", "Python developer", ["Python"]),
        ("You know Amazon Docker tools and AWS", "Amazon", ["Docker", "AWS"]),
    ],
)
def test_the_employers_name_is_no_skill(text: str, employer: str, expected: list[str]) -> None:
    assert surfaces(text, employer) == expected
