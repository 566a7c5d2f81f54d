"""The commands crawl and boards: one line per trouble, exit status, tables and JSON."""

import json
import os
import signal

import pytest
import typer
from crawler_server import Answer, Server, greenhouse_board, greenhouse_job
from typer.testing import CliRunner

from crawler import crawl_cli
from crawler.boards import read_boards
from crawler.check import check_boards
from crawler.errors import CrawlError
from crawler.run import demo_recording


@pytest.fixture
def invoke(tmp_path):
    app = typer.Typer()
    crawl_cli.register(app)

    def call(*words):
        return CliRunner().invoke(app, [*words, "--data", str(tmp_path / "data")])

    return call


def test_boards_that_were_not_read_whole_make_the_command_fail(invoke, tmp_path):
    boards = ["--board", "greenhouse:lumenfold", "--board", "lever:gone"]
    done = invoke("crawl", "--replay", str(demo_recording()), *boards, "--json")
    assert done.exit_code == 1
    assert {row["board"]: row["status"] for row in json.loads(done.stdout)} == {
        "greenhouse:lumenfold": "ok",
        "lever:gone": "failed",
    }
    assert "lever:gone: failed: https://api.lever.co/v0/postings/gone" in done.stderr
    assert "1 of 2 boards gave no whole answer" in done.stderr
    assert not (tmp_path / "data" / "archive").exists(), "a replay is not recorded again"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["crawl", "--board", "acme"], "has no kind"),
        (["crawl", "--kind", "telex"], "no kind of board"),
        (["crawl", "--board", "adzuna:all"], "is not crawled"),
        (["crawl", "--replay", "nowhere"], "no recording"),
        (["boards", "add", "ftp://x"], "no URL of a careers page"),
        (["boards", "list", "--kind", "telex"], "no kind of board"),
    ],
)
def test_trouble_is_one_line_and_exit_status_1(invoke, words, message):
    done = invoke(*words)
    assert done.exit_code == 1
    assert done.stdout == ""
    (line,) = done.stderr.strip().split("\n")
    assert message in line


def test_boards_add_and_list(invoke, tmp_path):
    done = invoke("boards", "add", "https://jobs.lever.co/acme/1", "--employer", "Acme GmbH")
    assert (done.exit_code, done.stdout) == (0, "lever:acme\n")
    listed = json.loads(invoke("boards", "list", "--kind", "lever", "--json").stdout)
    assert (listed[0]["slug"], listed[0]["employer"], listed[0]["status"]) == ("acme", "Acme GmbH", "unverified")


def test_boards_check_tells_live_moved_and_dead_apart(tmp_path):
    server, elsewhere = Server(), Server("127.0.0.2")
    server.routes["/v1/boards/live/jobs"] = Answer(greenhouse_board(greenhouse_job(1)))
    server.routes["/v1/boards/none/jobs"] = Answer(greenhouse_board())
    server.routes["/v1/boards/away/jobs"] = Answer(status=301, headers={"Location": f"{elsewhere.base}/careers"})
    server.routes["/v1/boards/down/jobs"] = Answer("x", 500)
    elsewhere.routes["/careers"] = Answer("<html>We have moved our careers page")
    names = [f"greenhouse:{slug}" for slug in ("live", "none", "away", "down", "gone")]
    options = {"base_urls": {"greenhouse": server.base}, "allow_private": True, "delay_factor": 0, "backoff": 0.01}
    rows = check_boards(str(tmp_path), names, None, "test@example.org", **options)
    assert {row["board"].partition(":")[2]: row["status"] for row in rows} == {
        "live": "live",
        "none": "live",
        "away": "moved",
        "down": "unknown",
        "gone": "dead",
    }
    written = {board.slug: board for board in read_boards(tmp_path / "boards.csv")}
    assert {slug: board.status for slug, board in written.items()} == {
        "live": "live",
        "none": "live",
        "away": "moved",
        "gone": "dead",
    }
    assert all(board.checked_on for board in written.values())
    assert [path.name for path in tmp_path.iterdir()] == ["boards.csv"], "nothing else is stored"
    server.close()
    elsewhere.close()


@pytest.mark.slow
def test_a_check_that_is_stopped_keeps_what_it_learned(tmp_path):
    server = Server()

    def answer(asked):
        if len(server.log) > 2:  # robots.txt and one board went before
            os.kill(os.getpid(), signal.SIGTERM)
        return Answer(greenhouse_board(greenhouse_job(1)), wait=0.2)

    for slug in "abc":
        server.routes[f"/v1/boards/{slug}/jobs"] = answer
    options = {"base_urls": {"greenhouse": server.base}, "allow_private": True, "delay_factor": 0, "backoff": 0.01}
    with pytest.raises(CrawlError, match="stopped"):
        check_boards(str(tmp_path), [f"greenhouse:{slug}" for slug in "abc"], None, "test@example.org", **options)
    written = read_boards(tmp_path / "boards.csv")
    assert 1 <= len(written) < 3
    assert {board.status for board in written} == {"live"}
    server.close()
