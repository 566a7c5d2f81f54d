"""Remote, hybrid, on site, and the many things called remote, hybrid or on-site that say nothing about it."""

import pytest

from nlp.facts import workplace


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("This is a fully remote position.", "remote"),
        ("You can work from home or from anywhere you like.", "remote"),
        ("The role is remote within the EU.", "remote"),
        ("We work in a hybrid setup.", "hybrid"),
        ("Three days a week in the office, two at home.", "hybrid"),
        ("This role requires 3 days per week onsite in Austin.", "hybrid"),
        ("Home Office nach Absprache möglich", "hybrid"),
        ("2 jours de télétravail par semaine", "hybrid"),
        ("This position is onsite in Lyon.", "onsite"),
        ("Sorry, no remote work.", "onsite"),
        ("You will join our engineering team in our Boston office.", "onsite"),
        ("This is not a remote role.", "onsite"),
        ("Shifts of eight hours. Work Location: In person", "onsite"),
        ("The role is based at our campus in Lund.", "onsite"),
        ("Tallinn (3 days in office)", "hybrid"),
        ("Flexible hours and remote work options", "hybrid"),
        ("Employment / Hybrid apply for this job", "hybrid"),
        ("Twee dagen thuiswerk per week", "hybrid"),
        ("You come to our office in Bergen once or twice per week.", "hybrid"),
        ("The person will not be located remotely.", None),
        ("On-site infrastructure of the best kind", None),
        ("You will use remote sensing data from satellites.", None),
        ("Experience with hybrid cloud and hybrid search", None),
        ("Perks: on-site gym, on-site parking, lunch", None),
        ("You will work with remote teams and remote servers.", None),
        ("A $500 home office stipend", None),
        ("Interviews: a phone call, then an on-site interview", None),
        ("", None),
    ],
)
def test_text(text: str, said: str | None) -> None:
    assert workplace.extract(text) == said


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Acme | Data Engineer | REMOTE (EU) | full-time", "remote"),
        ("Acme | Data Engineer | Berlin | Onsite", "onsite"),
        ("Acme | Data Engineer | Berlin | ONSITE or REMOTE", "remote"),
        ("Acme | Engineer, Designer | SF onsite (designer remote)", "onsite"),
        ("Acme | Data Engineer | Hybrid onsite | Austin", "hybrid"),
        ("Remote Sensing Scientist", None),
        ("Acme | Distributed Systems Engineer | ONSITE Oslo", "onsite"),
        ("Data Engineer", None),
    ],
)
def test_title(title: str, said: str | None) -> None:
    assert workplace.extract("A job.", title) == said


def test_what_the_board_states_wins() -> None:
    assert workplace.extract("Fully remote position", stated="onsite") == "onsite"
    assert workplace.extract("A job in our Rome office", locations=("Remote, Italy",)) == "remote"
