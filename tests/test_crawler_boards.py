"""The list of boards, careers URLs, policies and relevance."""

import datetime as dt
import json
from pathlib import Path

import pytest

from crawler.boards import Board, add_board, check_slug, choose, read_boards, user_boards, write_boards
from crawler.careers import recognise
from crawler.errors import InputError
from crawler.policies import policies, policy
from crawler.relevance import may_be_ml, may_be_technical


def test_the_shipped_list_is_honest():
    boards = read_boards()
    assert len(boards) > 500
    assert {board.status for board in boards} == {"unverified"}
    assert not any(board.checked_on or board.min_postings for board in boards), "nobody has checked them"
    assert all(board.list for board in boards)
    assert all(board.list_date for board in boards if board.list != "the source itself")


@pytest.mark.parametrize(
    ("url", "board"),
    [
        ("https://boards.greenhouse.io/acme", "greenhouse:acme"),
        ("https://job-boards.greenhouse.io/acme/jobs/41", "greenhouse:acme"),
        ("https://boards.greenhouse.io/embed/job_board?for=acme", "greenhouse:acme"),
        ("https://boards-api.greenhouse.io/v1/boards/acme/jobs", "greenhouse:acme"),
        ("https://jobs.lever.co/acme/a1b2", "lever:acme"),
        ("https://jobs.eu.lever.co/acme", "lever:acme"),
        ("https://jobs.ashbyhq.com/Acme", "ashby:Acme"),
        ("https://careers.smartrecruiters.com/Acme1", "smartrecruiters:Acme1"),
        ("https://apply.workable.com/acme/j/AA11/", "workable:acme"),
        ("https://acme.recruitee.com/o/x", "recruitee:acme"),
        ("https://acme.jobs.personio.de/job/3", "personio:acme"),
        ("https://acme.jobs.personio.com", "personio:acme"),
        ("https://acme.teamtailor.com/jobs", "teamtailor:acme"),
        ("https://acme.bamboohr.com/careers", "bamboohr:acme"),
        ("https://acme.wd3.myworkdayjobs.com/en-US/External", "workday:acme.wd3.External"),
        ("https://news.ycombinator.com/item?id=1", "hackernews:whoishiring"),
        ("https://careers.acme.example/jobs", "jsonld:careers.acme.example"),
    ],
)
def test_careers_urls_are_recognised(url, board):
    assert recognise(url).id == board


@pytest.mark.parametrize(
    "url", ["acme", "ftp://x.example", "https://boards.greenhouse.io/", "http://[", "https://localhost/x", ""]
)
def test_other_urls_are_refused_in_one_line(url):
    with pytest.raises(InputError) as caught:
        recognise(url)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("https://www.linkedin.com/jobs/view/1", "linkedin.com is not an employer's own site"),
        ("https://de.indeed.com/viewjob?jk=1", "indeed.com is not"),
        ("https://www.adzuna.com/details/1", "adzuna is not crawled"),
        ("https://weworkremotely.com/remote-jobs/1", "weworkremotely is not crawled"),
    ],
)
def test_other_peoples_job_boards_are_refused(url, message):
    with pytest.raises(InputError, match=message):
        recognise(url)


def test_other_peoples_job_boards_are_refused_by_name_too():
    with pytest.raises(InputError, match="is not an employer"):
        choose(["jsonld:www.linkedin.com"])
    assert choose(["jsonld:careers.linkedin.com"]), "where they hire for themselves"
    assert choose(["jsonld:jobs.mylinkedin.com"])


@pytest.mark.parametrize("slug", ["..", "a/b", "a b", "", "%2e%2e", "a?b", "a#b", "a:b", "-a", "a..b", "x" * 200, "é"])
def test_path_tricks_in_names(slug):
    with pytest.raises(InputError):
        check_slug(slug)


def test_choose():
    listed = [
        Board(kind="lever", slug="a"),
        Board(kind="workday", slug="b.wd1.c"),
        Board(kind="lever", slug="d", status="dead"),
    ]
    assert [board.id for board in choose(listed=listed)] == ["lever:a"], "off by default, and dead"
    assert [board.id for board in choose(kinds=["workday"], listed=listed)] == ["workday:b.wd1.c"]
    assert [board.id for board in choose(["ashby:New"], ["lever"], listed)] == ["ashby:New", "lever:a"]
    with pytest.raises(InputError, match="no ashby board is listed"):
        choose(kinds=["ashby"], listed=listed)


def test_a_stores_own_list_counts_first(tmp_path):
    board, new = add_board(str(tmp_path), recognise("https://jobs.lever.co/acme"), "Acme GmbH", 3)
    assert new
    assert (board.employer, board.min_postings) == ("Acme GmbH", 3)
    again, new = add_board(str(tmp_path), recognise("https://jobs.lever.co/acme"))
    assert not new or again == board
    assert user_boards(str(tmp_path))[0].employer == "Acme GmbH"


def test_lists_survive_a_round_trip(tmp_path):
    boards = [
        Board(
            kind="lever",
            slug="a",
            employer="A, Inc",
            min_postings=4,
            checked_on=dt.date(2026, 3, 1),
            status="live",
            list="x",
        ),
        Board(kind="ashby", slug="B"),
    ]
    write_boards(tmp_path / "boards.csv", boards)
    assert read_boards(tmp_path / "boards.csv") == boards


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("slug\na\n", "line 1: column 'kind'"),
        ("kind,slug\nnope,a\n", "line 2: kind 'nope'"),
        ("kind,slug\nlever,../a\n", "line 2: board name"),
        ("kind,slug,min_postings\nlever,a,few\n", "line 2: min_postings"),
        ("kind,slug,status\nlever,a,maybe\n", "line 2: status"),
        ("kind,slug,checked_on\nlever,a,yesterday\n", "line 2"),
    ],
)
def test_wrong_lists_name_the_line(text, message, tmp_path):
    path = tmp_path / "boards.csv"
    path.write_text(text)
    with pytest.raises(InputError, match=message):
        read_boards(path)


def test_sources_that_are_off_by_default():
    off = {kind for kind, item in policies().items() if not item.enabled and not item.forbidden}
    assert off == {"workday", "bamboohr", "usajobs"}


def test_forbidden_sources_stay_forbidden():
    for kind in ("adzuna", "weworkremotely"):
        with pytest.raises(InputError, match="is not crawled"):
            policy(kind)


@pytest.mark.parametrize(
    ("title", "text", "kept"),
    [
        ("Machine Learning Engineer", "", True),
        ("KI-Entwickler (m/w/d)", "", True),
        ("Software Engineer", "We use PyTorch.", True),
        ("Software Engineer", "We sell shoes.", False),
        ("Recruiter", "We are an AI company doing machine learning.", False),
        ("Account Executive", "Sell our AI platform.", False),
        ("Quantum Gardener", "Deep learning and computer vision.", True),
        ("Nurse", "Care for people.", False),
    ],
)
def test_relevance(title, text, kept):
    assert may_be_ml(title, text) is kept


def test_headers_without_a_title_need_one_term():
    assert may_be_ml("Acme | Berlin | Full-time", "We like machine learning.", "hackernews")
    assert not may_be_ml("Acme | Berlin | Full-time", "We like boats.", "hackernews")


def test_titles_alone_are_judged_carefully():
    assert may_be_technical("Sr. Manager")
    assert may_be_technical("Sales Engineer")
    assert not may_be_technical("Receptionist")


@pytest.mark.shared
def test_relevance_keeps_the_labelled_ml_roles(shared: Path):
    missed = total = 0
    for name in ("tracks", "tracks_more", "tracks_sample"):
        for line in (shared / "data" / "gold" / f"{name}.jsonl").read_text().strip().split("\n"):
            row = json.loads(line)
            if row["ml_role"] == 1:
                total += 1
                kind = "hackernews" if row["id"].startswith("hn_") else None
                missed += not may_be_ml(row.get("title") or "", row["text"], kind)
    assert missed / total < 0.005
