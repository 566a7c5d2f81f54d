"""Years of experience: who is asked, what is a boast, which of several numbers counts."""

import pytest

from nlp.facts import years


@pytest.mark.parametrize(
    ("text", "least"),
    [
        ("Requirements:\n- 5+ years of experience in software engineering\n- 2+ years with Spark", 5),
        ("At least three years of professional work with Python", 3),
        ("You have 3-5 years of experience in data science.", 3),
        ("Minimum 2 years", 2),
        ("Four (4) years of relevant experience", 4),
        ("0 to 2 years of experience, new graduates are welcome", 0),
        ("1.5 years of hands-on experience", 1.5),
        ("PhD and 2 years of experience, or a master's degree and 5 years of experience", 2),
        ("Bachelor's degree with 6 years of experience or master's degree with 4 years of experience", 4),
        ("Related fields3+ years of working experience as an analyst", 3),
        ("3 years of experience, preferably in retail", 3),
        ("Mindestens 3 Jahre Berufserfahrung in der Softwareentwicklung", 3),
        ("Mit zwei Jahren Erfahrung bist du dabei", 2),
        ("Vous justifiez d'au moins 5 ans d'expérience", 5),
        ("Experiencia mínima de 4 años en un puesto similar", 4),
        ("Minimaal 3 jaar ervaring met Python", 3),
        ("2 years in a leading role\n5 years of professional experience", 5),
        ("Experience:\nPython: 4 years (required)\nSpark: 2 years (preferred)", 4),
        ("6 years of experience, OR\n3 years of experience with a doctorate", 3),
        (
            "BSc and eight years of related experience, MSc and six years of experience, or PhD and three years of it",
            3,
        ),
        ("Master's degree and 4+ year(s) of data experience OR bachelor's degree and 6+ year(s) of experience", 4),
        ("For 12 years, Acme has led the market. You bring 4 years of experience.", 4),
    ],
)
def test_asked_years(text: str, least: float) -> None:
    assert years.extract(text) == least


@pytest.mark.parametrize(
    "text",
    [
        "Our company has more than 30 years of experience in logistics.",
        "We have been building robots for over 15 years.",
        "Founded 8 years ago, we doubled in the last 2 years.",
        "You must be at least 18 years old.",
        "A two-year fixed contract with a four-year degree programme.",
        "Options vest over 4 years with a 1 year cliff.",
        "Two years of experience with Go is preferred.",
        "Named best employer five years in a row.",
        "Seit über 20 Jahren sind wir für unsere Kunden da.",
        "Entry level to 5 years of experience",
        "",
        "years years years",
    ],
)
def test_years_of_others(text: str) -> None:
    assert years.extract(text) is None
