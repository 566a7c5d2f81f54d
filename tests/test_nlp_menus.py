"""Menus and footers of scraped pages name no skills; lists of requirements do."""

from __future__ import annotations

import pytest
from skills_taxonomy import small_taxonomy

from nlp.pipeline import Extractor

EXTRACTOR = Extractor(small_taxonomy(), judge=None)


def surfaces(text: str) -> list[str]:
    return [mention.surface for mention in EXTRACTOR.mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Skip to content Orchard Docker ↓ Pricing Docs SQL Blog Careers Sign in Apply. You write Python.", ["Python"]),
        ("Skip to content\nPricing\nDocker\nResources\nBlog\nKubernetes\nCareers\n\nYou write Python.", ["Python"]),
        ("You write Python. Product Docker Pricing Terms Privacy Status LinkedIn © 2026 AWS Certified", ["Python"]),
        ("Requirements\nPython\nSQL\nDocker\nSupport\nDocumentation\nScala", ["Python", "SQL", "Docker", "Scala"]),
        ("You help customers, write docs, news, Python, and support; contact us, apply.", ["Python"]),
        ("Company. Product. Support. Blog. Docs. Python.", ["Python"]),
        ("Solutions, Products, Support, Customers, Partners, Events, Python", ["Python"]),
    ],
)
def test_what_a_menu_names_is_no_skill(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected
