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
        ("Je nach Projekt kannst du von zuhause arbeiten.", "hybrid"),
        ("Work Arrangement On-Campus: Teams in a lab or a workshop", "onsite"),
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
        ("Perks: remote work options, fruit.\nWork Location: Remote", "remote"),
        ("Flexible hours, remote work and a dog.\nKite Works, Bremen, Germany (On-site)", "onsite"),
        ("You may work from home now and then.\nWork Remotely: No", "onsite"),
        ("Come and see us. #LI-Hybrid", "hybrid"),
        ("For this role we support in-person, hybrid, and remote work.", "remote"),
        ("You can be either onsite or remote.", "remote"),
        ("Work from the office or remotely, as you like.", "remote"),
        ("Experience working in a remote environment.", "remote"),
        ("Benefits: pension, home office, fruit", "hybrid"),
        ("Gleitzeit, Homeoffice und ein Jobrad", "hybrid"),
        ("Flexibility: teleworking, flexible hours", "hybrid"),
        ("Horaires souples et télétravail", "hybrid"),
        ("Poste en télétravail complet", "remote"),
        ("We meet in-office Tuesday to Thursday.", "hybrid"),
        ("Staff work from one of our offices at least 25% of the time.", "hybrid"),
        ("In-office collaboration is required for at least one day per week.", "hybrid"),
        ("You live near enough to come to the office as needed.", "hybrid"),
        ("You split the week between office and remote working.", "hybrid"),
        ("It gives you the possibility to work remotely for a good balance.", "hybrid"),
        ("This position is on- site in Perth.", "onsite"),
        ("Contract: permanent. Office-based.", "onsite"),
        ("You will be located on the client site.", "onsite"),
        ("The work is located at the customer facility in Reno.", "onsite"),
        ("Ability to commute/relocate: Halifax: reliably commute (required)", "onsite"),
        ("Ability to commute/relocate: Halifax.\nWork Location: Hybrid remote in Halifax", "hybrid"),
        ("You come to the office every day.", "onsite"),
        ("Schedule: weekdays. Work Site: Harbour House", "onsite"),
        ("A role in a fully remote and curious team", "remote"),
        ("Vaga no modelo híbrido em Recife", "hybrid"),
        ("Work Remotely:\nNo", "onsite"),
        ("The work is done on a hybrid schedule and/or remotely.", "remote"),
        ("You work as part of remote, interdisciplinary teams.", None),
        ("You lead a team of ten remotely across the continent.", None),
        ("Our app values houses instantly and remotely.", None),
        ("We sell the remote evaluation of sails.", None),
        ("There is a canteen on-site with kites on the walls.", None),
        ("You fly hybrid (mixed wind and solar) kites.", None),
        ("Work From Home: NoTravel Percentage: 10%", "onsite"),
        ("Telecommute: No- kites are here", "onsite"),
        ("Telecommuting is allowed up to 2 days per week.", "hybrid"),
        ("Standort: Kiel und teilweise remote", "hybrid"),
        ("Work remote flexibility", "hybrid"),
        ("Full remote flexibility", "remote"),
        ("Notice for remote jobs associated with our office in Lund only", None),
        ("We offer in-office, hybrid (kites on Mondays) jobs.", "hybrid"),
        ("This is an in-person, full-time position.", "onsite"),
        ("It requires attendance in an office on weekdays.", "onsite"),
        ("We are good at kites while working remotely, but nothing replaces meeting.", None),
        (
            "We value ideas, whether that happens in person or remotely. If this job is listed as remote, roam.",
            None,
        ),
        ("The person will not be located remotely.", None),
        ("If a job is listed as remote or hybrid, you will visit us. If it is listed as onsite, you come in.", None),
        ("Most roles allow a choice, including remote and/or in-office roles.", None),
        ("Operations across hybrid environments and hybrid edge/cloud AI", None),
        ("You know the front/middle office of a bank.", None),
        ("Programs including onsite flu shots", None),
        ("Clear communication (spoken, written and virtual/remote)", None),
        ("The next step is a remote exercise.", None),
        ("You will mentor distributed teams of analysts.", None),
        ("Apply to positions from in-office, to office-flex, to fully remote, as the role requires.", None),
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
        ("Acme | Data Engineer | Oslo hybrid or REMOTE", "remote"),
        ("Acme | Data Engineer | REMOTE (EU) or HYBRID (Oslo)", "remote"),
        ("Data Engineer - Hybrid remote in Oslo", "hybrid"),
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


def test_a_text_may_open_with_the_title_and_the_place() -> None:
    assert workplace.extract("Kite Analyst Remote A job has come up.", "Kite Analyst") == "remote"
    assert workplace.extract("Kite Analyst Remote sensing is your trade.", "Kite Analyst") is None
