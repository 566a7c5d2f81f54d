"""The level of a job from its title, else from its text."""

import pytest

from nlp.facts import seniority


@pytest.mark.parametrize(
    ("title", "level"),
    [
        ("Senior Data Scientist", "senior"),
        ("Sr. ML Engineer (m/f/d)", "senior"),
        ("Data Engineer III", "senior"),
        ("Software Engineer II", "mid"),
        ("Mid-Level Python Developer", "mid"),
        ("Junior Data Analyst", "junior"),
        ("Associate Data Scientist", "junior"),
        ("Machine Learning Engineer, New Grad", "junior"),
        ("Data Science Intern (Summer)", "intern"),
        ("Werkstudent Data Science (m/w/d)", "intern"),
        ("Staff Machine Learning Engineer", "lead"),
        ("Staff Statistician II", "mid"),
        ("Kite expert, rope maker, sail engineers", None),
        ("Kite Design Expert", "senior"),
        ("Data Scientist 2 (Island)", "mid"),
        ("Kite Analyst 1", "junior"),
        ("Sail Engineer 3, Winds", "senior"),
        ("Data Scientist 2024", None),
        ("Chief Data Scientist", "lead"),
        ("Chief Data Officer", "manager"),
        ("Acme | Oslo | FULL-TIME, INTERN, VISA", None),
        ("Principal Scientist", "lead"),
        ("Tech Lead, Perception", "lead"),
        ("Senior Lead Engineer", "lead"),
        ("Senior/Staff Engineer", "senior"),
        ("Staff or Senior Platform Engineer", "senior"),
        ("Senior Data Engineer - Technical Lead", "senior"),
        ("Lead Senior Engineer", "lead"),
        ("Medior / Senior Data Analyst", "senior"),
        ("Acme | Mid/Sr./Principal | Go, Rust", "senior"),
        ("Jr. and Sr. Developers", None),
        ("Acme | FULL TIME, PART TIME, GRADUATE INTERNS, VISA", None),
        ("Acme | Data Engineer | Lyon | seed-stage equity", None),
        ("Acme, where I can't complain", None),
        ("Robotics Fellow, Open Futures Group", None),
        ("Fellow Engineer, Silicon", "lead"),
        ("Principal Associate, Fraud Models", "senior"),
        ("Research Associate Data Scientist", None),
        ("Head of Data", "manager"),
        ("Engineering Manager, ML Platform", "manager"),
        ("Director of Analytics", "manager"),
        ("Senior Manager, Data Science", "manager"),
        ("VP of Engineering", "manager"),
        ("Teamleiter Data Engineering", "lead"),
        ("Product Manager", None),
        ("Senior Product Manager", "senior"),
        ("Technical Program Manager", None),
        ("Technical Program Manager, Machine Learning", None),
        ("Senior Product Manager, Data", "senior"),
        ("Manager, Data Science", "manager"),
        ("Senior Architect, CTO Office", "senior"),
        ("PhD student in robotics", None),
        ("Data Scientist", None),
        ("Member of Technical Staff", None),
        ("Internal Tools Engineer", None),
        ("Lead Generation Specialist", None),
        ("A.I. Engineer", None),
        ("Coop | iOS engineer | Austin", None),
        ("", None),
    ],
)
def test_title(title: str, level: str | None) -> None:
    assert seniority.of_title(title) == level


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("We are looking for a senior data engineer who likes trains.", "senior"),
        ("As a junior analyst you will learn from the best.", "junior"),
        ("Seniority level: Entry level", "junior"),
        ("Experience Level: Experienced Professional", "mid"),
        ("Seniority level: Mid-Senior level", "senior"),
        ("Seniority level: Associate", None),
        ("This is an entry-level position in our lab.", "junior"),
        ("Denn als (Senior) Drachenbauer Data Analyst knotest du Leinen.", "senior"),
        ("Kites fly. In your role as Senior Kite Engineer (f/m/d), you cut sails.", "senior"),
        ("You report to senior management and mentor junior colleagues.", None),
        ("We are looking for a curious, patient and highly motivated senior engineer.", "senior"),
        ("We are hiring junior, mid-level or senior engineers.", None),
        ("We are not hiring a junior developer for this.", None),
        ("The Senior Software Engineer will own our billing.", "senior"),
        ("The team of the senior engineer you replace is fun.", None),
        ("Job Title: Python Sr Software Engineer", "senior"),
        ("Role: Lead Data Engineer", "lead"),
        ("We have openings for:\n- Senior Backend Engineer\n- Senior Data Engineer", "senior"),
        ("We have openings for:\n- Senior Backend Engineer\n- Junior Data Engineer", None),
        ("You work with:\n- a senior engineer\n- senior stakeholders", None),
        ("Lead data scientists by example.\nSenior engineers review your code.", None),
        ("Experience as a mentor, tech lead or architect.", None),
        ("You lead workshops with senior stakeholders.", None),
        ("Our internship programme is famous.", None),
    ],
)
def test_text(text: str, level: str | None) -> None:
    assert seniority.extract(text, "Data Scientist") == level


def test_title_wins_over_text() -> None:
    assert seniority.extract("We are looking for a junior developer.", "Senior Developer") == "senior"


def test_a_text_without_a_title_may_open_with_it() -> None:
    assert seniority.extract("About Lead Data Engineer. As a data engineer you build pipelines.") == "lead"
    assert (
        seniority.extract("About Lead Data Engineer. As a data engineer you build pipelines.", "Data Engineer") is None
    )


def test_a_grade_in_the_title_gives_way_to_the_text() -> None:
    assert seniority.extract("As a senior data scientist you choose the methods.", "Data Scientist II") == "senior"
    assert seniority.extract("You choose the methods.", "Data Scientist II") == "mid"
    assert seniority.extract("As a senior data scientist you choose the methods.", "Data Scientist 2") == "senior"


def test_a_text_without_a_title_names_it_in_its_first_sentences() -> None:
    opening = "Northwind is the home of kites. Apply today! "
    assert seniority.extract(opening + "Lead Kite Engineer, Wind Lab (Oslo). You fly kites.") == "lead"
    assert seniority.extract("Experience as a mentor, tech lead or architect of kites.") is None
