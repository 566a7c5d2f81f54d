"""Headings of postings, as lines, before colons and in texts without line breaks, in five languages."""

from __future__ import annotations

import pytest
from skills_taxonomy import small_taxonomy

from nlp.matcher import Matcher
from nlp.sections import Sections

TRIE = Matcher(small_taxonomy()).trie
SECTIONS = Sections()


def kinds(text: str) -> list[str]:
    """The kinds of a text's sections that hold something."""
    found = SECTIONS.find(text, TRIE.cut(text))
    ends = [section.start for section in found[1:]] + [len(text)]
    return [
        section.kind for section, end in zip(found, ends, strict=True) if text[section.heading_end : end].strip(" :\n")
    ]


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Requirements", "required"),
        ("REQUIREMENTS:", "required"),
        ("Minimum qualifications", "required"),
        ("What you'll bring", "required"),
        ("Who you are", "required"),
        ("About you", "required"),
        ("Key responsibilities:", "duties"),
        ("What you will do", "duties"),
        ("About the role", "duties"),
        ("About our Senior Analyst Role", "duties"),
        ("Was gibt es zu tun?", "duties"),
        ("Was bringst du idealerweise mit?", "required"),
        ("What you can expect from us:", "benefits"),
        ("Nice to have", "preferred"),
        ("Nice-to-haves:", "preferred"),
        ("Preferred qualifications", "preferred"),
        ("Bonus points:", "preferred"),
        ("Ideally you’d have:", "preferred"),
        ("Competences that are considered an additional asset:", "preferred"),
        ("Skills that will help you:", "preferred"),
        ("Kudos if you have:", "preferred"),
        ("What will put you ahead", "preferred"),
        ("Ideally, you also bring", "preferred"),
        ("Strong candidates may also:", "preferred"),
        ("We'd love to hear from you if you have:", "required"),
        ("Other skills", "required"),
        ("Things you will do", "duties"),
        ("About us", "about"),
        ("About Acme Robotics", "about"),
        ("Who we are", "about"),
        ("Benefits", "benefits"),
        ("What we offer:", "benefits"),
        ("How to apply", "closing"),
        ("Job description", "overview"),
        ("Anforderungen", "required"),
        ("Das bringst du mit:", "required"),
        ("Deine Aufgaben", "duties"),
        ("Von Vorteil:", "preferred"),
        ("Wir bieten", "benefits"),
        ("Über uns", "about"),
        ("Profil recherché", "required"),
        ("Vos missions :", "duties"),
        ("Les plus", "preferred"),
        ("Avantages", "benefits"),
        ("À propos de nous", "about"),
        ("Functie-eisen", "required"),
        ("Wat ga je doen?", "duties"),
        ("Pluspunten", "preferred"),
        ("Wij bieden", "benefits"),
        ("Over ons", "about"),
        ("Requisitos", "required"),
        ("Funciones:", "duties"),
        ("Se valorará:", "preferred"),
        ("Ofrecemos", "benefits"),
        ("Sobre nosotros", "about"),
    ],
)
def test_headings_by_kind(line: str, kind: str) -> None:
    assert kinds(f"We make hinges.\n{line}\nthis and that") == ["intro", kind]


@pytest.mark.parametrize(
    "line",
    [
        "Strong communication skills",
        "Experience with Docker is a plus.",
        "Five years of Python experience",
        "Requirements change, and we like it.",
        "and the benefits that follow",
    ],
)
def test_sentences_that_hold_a_heading_word_are_no_headings(line: str) -> None:
    assert kinds(f"We make hinges.\n{line}\nthis and that") == ["intro"]


def test_headings_without_line_breaks() -> None:
    text = (
        "Acme makes hinges. Responsibilities: build things. Nice-to-haves: Scala. "
        "Job requirements Python and SQL. We value clarity. Benefits: lunch."
    )
    assert kinds(text) == ["intro", "duties", "preferred", "required", "benefits"]


def test_a_heading_begins_with_its_capital_in_a_text_without_breaks() -> None:
    text = "Experience with platforms such as those Desired skills:\nScala"
    found = SECTIONS.find(text, TRIE.cut(text))
    assert [text[section.start : section.heading_end] for section in found[1:]] == ["Desired skills"]


def test_headings_glued_to_their_neighbours() -> None:
    assert kinds("We grow the businessQualificationsM.S. in a field") == ["intro", "required"]


def test_a_line_of_data_does_not_end_its_section() -> None:
    assert kinds("Nice to have:\nScala\nLocation: Ghent\nDocker") == ["preferred", "meta", "preferred"]


@pytest.mark.parametrize(
    "line", ["Experience with:", "Strong background in one of these fields:", "Work experience", "Education:"]
)
def test_a_heading_that_orders_the_wishes_keeps_them_wishes(line: str) -> None:
    assert kinds(f"Nice to have\n{line}\nScala") == ["preferred"]


@pytest.mark.parametrize(
    "line", ["Requirements", "Must have:", "Knowledge, Skills and Abilities", "Minimum qualifications"]
)
def test_a_heading_of_its_own_ends_the_wishes(line: str) -> None:
    assert kinds(f"Nice to have\nScala\n{line}\nPython") == ["preferred", "required"]


def test_the_name_of_a_value_is_no_heading() -> None:
    assert kinds("Requirements\nPython\nCompany: Acme\nSQL") == ["required", "meta", "required"]
    assert kinds("Requirements\nPython\nCompany\nAcme makes hinges") == ["required", "about"]


@pytest.mark.parametrize("text", ["", "\n\n", ":", "::::", "\0", "About", "😀:", "a" * 5000 + ":", "Requirements:"])
def test_any_text_has_sections_that_begin_at_its_start(text: str) -> None:
    found = SECTIONS.find(text, TRIE.cut(text))
    assert found[0].start == 0
    assert [s.start for s in found] == sorted(s.start for s in found)


def test_a_second_copy_of_the_text_begins_anew() -> None:
    text = "We make cider in an old barn and look for someone who knows what apples want to say to us.\n"
    text += "Requirements\n" + "Patience with apples.\n" * 30 + "Nice to have\nA ladder.\n"
    assert kinds(text + text) == ["intro", "required", "preferred"] * 2


def test_a_button_at_the_head_of_a_page_closes_nothing() -> None:
    duties = "You clean data, you train models and you talk with people who use them. " * 10
    assert kinds(f"Data Engineer\nApply\n{duties}\nHow to apply\nWrite to us.") == ["intro", "closing"]


def test_a_sentence_about_a_team_is_no_heading_of_the_employer() -> None:
    assert "about" not in kinds("Build frameworks to measure what our team does: dashboards and queries")
    assert kinds("Libraries and packages, such as: NumPy") == ["intro"]


def test_a_wish_of_one_word_is_one_bullet_of_its_list() -> None:
    assert kinds("Requirements\n- Python\n- Bonus: Scala\n- SQL") == ["required", "preferred", "required"]
    assert kinds("Requirements\n- Python\nBonus:\n- Scala\n- SQL") == ["required", "preferred"]


def test_desired_skills_are_required_where_nothing_else_is() -> None:
    assert kinds("We make hinges.\nDesired skills\nPython") == ["intro", "required"]
    assert kinds("We make hinges.\nRequirements\nSQL\nDesired skills\nPython") == ["intro", "required", "preferred"]
