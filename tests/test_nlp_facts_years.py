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
        ("A minimum of 8 years of related experience with a 4 year degree; or 6 years and an advanced degree", 6),
        ("Bachelor's (B. A.) and three years related experience; or Master's (M.A.) and two years of experience.", 2),
        ("BSc and eight (8) years of work OR MSc and six (6) OR Ph.D. in kites and three (3) years of work", 3),
        (
            "Master's degree, or Bachelor's and at least 4 years of experience. 1-4 years of work experience in it",
            1,
        ),
        (
            "2 years of managing people\n3 years of experience in leading projects\n5 years of data experience",
            5,
        ),
        ("Fourteen (14) years experience as an engineer is required.", 14),
        ("A PhD, or a Master's with minimum (5) years industry experience", 5),
        ("We're growing our team, and seeking a gifted engineer (2+ years experience).", 2),
        ("Doctorate preferred, 5+ years of experience in industry otherwise", 5),
        ("Master's preferred 10+ years equivalent work experience required.", 10),
        ("Desired Skills and Experience\nB.S. in physics. 5-10 years of experience in sails.", 5),
        ("Minimum 5 years of Project Management experience in the industry", 5),
        ("Reqs: 4+ yrs Python, FastAPI", 4),
        ("Du bringst fünf oder mehr Jahre Arbeitserfahrung mit", 5),
        ("Mehr als 3 Jahre Erfahrung im Segelbau", 3),
        ("Minimum Years of Experience Required 4\nWork Schedule Monday to Friday", 4),
        ("Years of experience: 6+", 6),
        ("A degree in knots and five years of (a) relevant work or (b) study", 5),
        (
            "Grade 1:\nSeven (7) years of experience as a maker\nGrade 2:\nFourteen (14) years of experience as a cook",
            7,
        ),
        ("What you bring:\n\nTwenty (20) years of experience in kite design", 20),
        ("3+ years of building kites\n10 years of technology industry experience", 10),
        ("Eine mindestens zweijährige Berufserfahrung als Segelmacher", 2),
        ("Du verfügst über 4 Jahre Praxis", 4),
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
        "Mit unserer über 225-jährigen Erfahrung sind wir führend.",
        "Idealerweise bereits zwei Jahre Berufserfahrung",
        "Ausbildungsdauer: 3 Jahre (aufgeteilt in Praxis und Schule)",
        "The position is available for two years starting in autumn, in research.",
        "We offer a paid one-year professional opportunity.",
        "Good at kites. Preferred Qualifications: PhD Degree in physics or 2+ years industry experience with sails.",
        "4 years of additional experience may be substituted for the degree.",
        "Eligible are those with a minimum of four years of full-time study of kites.",
        "",
        "years years years",
    ],
)
def test_years_of_others(text: str) -> None:
    assert years.extract(text) is None


def test_a_degree_far_behind_its_or() -> None:
    fields = "physics, statistics, aeronautics, economics, the sciences of the sky and the sea, or sail theory"
    text = f"6+ years of experience in kites; or a Masters degree in {fields}, and 4+ years of experience in sails"
    assert years.extract(text) == 4


def test_numbered_options_outweigh_what_stands_before_them() -> None:
    text = (
        "Minimum 9 years of experience in a kite role.\nOption 1: Bachelor's degree and 5 years' experience in kites."
    )
    more = "\nOption 2: Master's degree and 3 years' experience in kites.\nOption 3: 7 years' experience in kites."
    assert years.extract(text) == 9
    assert years.extract(text + more) == 3
