"""The explorer's server: who may ask, what it sends, what it refuses, and the command."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import socket
import threading
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import explorer_store
import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from crawler.errors import InputError
from nlp.tables import TAGGINGS
from nlp.tracks import session
from nlp.tracks.names import HEADS
from reports import plotlyjs
from reports.explorer import app as explorer_app
from reports.explorer import bundle, cli, load, picks, styles
from reports.explorer.context import Explorer
from reports.explorer.desk import Desk, queue_of
from reports.explorer.texts import Texts


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return explorer_store.write(tmp_path_factory.mktemp("explorer") / "store", explorer_store.frames(120))


@pytest.fixture(scope="module")
def explorer(store: Any) -> Explorer:
    return Explorer(load.population(explorer_store.frames(120)), Texts(store))


@pytest.fixture(scope="module")
def client(explorer: Explorer) -> Any:
    return client_of(explorer, ["charts.example"])


def client_of(explorer: Explorer, hosts: Sequence[str] = ()) -> Any:
    """A client of the server, whose application knows the callbacks by `callback_names`."""
    dash = explorer_app.build(explorer, hosts)
    client: Any = dash.server.test_client()
    client.application.callback_names = dash.callback_map
    return client


def update(client: Any, output: str, inputs: list[dict[str, Any]], **more: Any) -> Any:
    """A callback's request as the browser makes it."""
    ids = [part.rpartition(".")[::2] for part in output.strip(".").split("...")] if ".." in output else None
    outputs = (
        [{"id": i, "property": p} for p, i in ((b, a) for a, b in ids)]
        if ids
        else dict(zip(("id", "property"), output.rpartition(".")[::2], strict=True))
    )
    body = {"output": output, "outputs": outputs, "inputs": inputs, "state": [], "changedPropIds": []} | more
    return client.post("/_dash-update-component", data=json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1:8050", "[::1]:8050", "charts.example", "CHARTS.EXAMPLE.:80"])
def test_known_hosts_are_served(client: Any, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "[", ""])
def test_other_hosts_are_refused(client: Any, host: str) -> None:
    answer = client.get("/", headers={"Host": host})
    assert answer.status_code == 400
    assert "--allow-host" in answer.text or "host" in answer.text.lower()


def test_every_answer_carries_the_policy(client: Any) -> None:
    for path in ("/", "/download/skills.csv", "/nothing/here.css", "/download/none.csv", "/theme.css"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe-eval" not in policy
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
        assert "http" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_names_no_other_host(client: Any) -> None:
    text = client.get("/").text
    assert 'src="http' not in text
    assert 'href="http' not in text
    assert "cdn" not in text.lower()


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}]
)
def test_other_sites_cannot_post(client: Any, headers: dict[str, str]) -> None:
    answer = client.post("/_dash-update-component", data="{}", content_type="application/json", headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", '{"output": 3}', json.dumps({"output": "page.children"}), "x" * 1_200_000]
)
def test_forged_bodies_are_answered_in_one_line(client: Any, body: str) -> None:
    answer = client.post("/_dash-update-component", data=body, content_type="application/json")
    assert answer.status_code in (400, 413)
    assert answer.text.count("\n") == 1
    assert "Traceback" not in answer.text


@pytest.mark.parametrize("search", ["?skill=cobol", "?" + "track=nlp&" * 300, "?since=<script>", "", None, 7])
def test_forged_addresses_are_answered(client: Any, search: Any) -> None:
    answer = update(client, "posting.children", [{"id": "url", "property": "search", "value": search}])
    assert answer.status_code == 200
    assert "No such posting" in answer.text


def test_a_posting_shows_its_marked_text(client: Any, explorer: Explorer) -> None:
    place = int(explorer.population.tracks[:, 1].argmax())
    search = f"?id={explorer.population.ids[place].as_py()}"
    answer = update(client, "posting.children", [{"id": "url", "property": "search", "value": search}])
    assert "You must know" in answer.text
    assert "evidence for" in answer.text


def test_the_first_page_says_that_it_loads(client: Any) -> None:
    shell = client.get("/_dash-layout").text
    assert "Loading" in shell
    assert "frame waiting" in shell


def test_csv_cells_are_no_formulas(client: Any) -> None:
    answer = client.get("/download/postings.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))
    assert len(rows) == 120
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    assert [row["title"] for row in rows if "cmd|" in row["title"]] == ["'=cmd|' /C calc'!A0"]


def test_names_in_the_tables_of_charts_are_no_formulas(client: Any) -> None:
    rows = list(csv.reader(io.StringIO(client.get("/download/employer.csv?employer=hostile-1").text)))
    assert any(cell.startswith("'=cmd|") for row in rows for cell in row)
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "@"))]


@pytest.mark.parametrize(
    "query",
    [
        "skill=%3Cscript%3E&track=%00",
        "level=%27%20or%201=1",
        "have=cobol&cover=-1",
        "since=0000-99&b.skill=x",
        "&" * 5000,
    ],
)
def test_forged_addresses_of_tables_are_answered(client: Any, query: str) -> None:
    whole = {name: client.get(f"/download/{name}.csv").text for name in ("skills", "path", "compare", "postings")}
    for name, expected in whole.items():
        answer = client.get(f"/download/{name}.csv?{query}")
        assert answer.status_code == 200
        assert answer.text == expected


def test_looking_writes_nothing(client: Any, store: Any) -> None:
    def files() -> dict[str, int]:
        return {str(one): one.stat().st_mtime_ns for one in sorted(Path(store.root).rglob("*"))}

    before = files()
    for path in ("/", "/postings", "/label", "/download/postings.csv", "/download/skills.csv?track=nlp"):
        assert client.get(path).status_code == 200
    for output in ("posting.children", "postings-lead.children"):
        name = next(one for one in client.application.callback_names if output in one)
        update(client, name, [{"id": "url", "property": "search", "value": "?track=nlp&id=made:board1:51"}])
    assert press(client, "start", "guess").status_code == 200
    assert files() == before


def test_plotly_comes_from_here_and_small(client: Any) -> None:
    answer = client.get(bundle.ADDRESS)
    assert answer.data == plotlyjs.BUNDLE.read_bytes()
    assert len(answer.data) < 1_500_000
    assert answer.headers["Content-Security-Policy"]
    again = client.get(bundle.ADDRESS, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def press(client: Any, key: str, token: str, state: Any = None, name: str = "ada", **headers: str) -> Any:
    """A press of a button of the label page, as the browser sends it."""
    output = next(one for one in client.application.callback_names if "label-desk.children" in one)
    asked = client.application.callback_names[output]
    values = {"label-state": state, "label-name": name, "label-note": "", "token": token}
    body = {
        "output": output,
        "outputs": [dict(zip(("id", "property"), one.rpartition(".")[::2], strict=True)) for one in
                    output.strip(".").split("...")],
        "inputs": [{**one, "value": 1} for one in asked["inputs"]],
        "state": [{**one, "value": values[one["id"]]} for one in asked["state"]],
        "changedPropIds": [f"label-{key}.n_clicks"],
    }  # fmt: skip
    return client.post(
        "/_dash-update-component", data=json.dumps(body), content_type="application/json", headers=headers
    )


@pytest.fixture
def desk(tmp_path: Path) -> Any:
    """A client of an explorer whose label queue is the real one, over a store of its own."""
    made = explorer_store.write(tmp_path / "store", explorer_store.frames(60))
    running = Explorer(load.population(explorer_store.frames(60)), Texts(made), Desk(made, queue_of(made)))
    return client_of(running), running, made


def test_a_label_is_stored_with_who_and_when_and_only_with_the_token(desk: Any) -> None:
    client, running, store = desk
    start = dt.datetime.now(dt.UTC)
    opened = press(client, "start", running.token).json["response"]
    state = opened["label-state"]["data"]
    assert state == {"labeller": "ada", "at": 0, "answers": []}
    for token in ("", "guess", running.token[:-1], "\u00fc"):
        answer = press(client, "1", token, state)
        assert "older than the running explorer" in answer.text
        assert "label-state" not in answer.json["response"]
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert press(client, "1", running.token, state, **headers).status_code == 403
    assert not store.exists("labels")
    for key in ("1", "0", "2", "1"):
        state = press(client, key, running.token, state).json["response"]["label-state"]["data"]
    (row,) = store.read("labels").to_pylist()
    assert (row["labeller"], row["ml_role"], row["cv"], row["nlp"], row["seq"]) == ("ada", 1, 0, 2, 1)
    assert start <= row["labelled_at"] <= dt.datetime.now(dt.UTC)
    assert row["chosen"] in ("random", "uncertain")
    assert (row["inclusion_prob"] is None) == (row["chosen"] == "uncertain")


def test_the_queue_takes_what_the_classifier_was_least_sure_of(desk: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from nlp.tracks import labelstore

    _, _, store = desk
    later = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
    rng = np.random.default_rng(3)
    again = [
        row | {f"{head}_probability": float(rng.random()) for head in HEADS} | {"tagger_id": "b", "tagged_at": later}
        for row in store.read("taggings").to_pylist()
    ]
    store.append("tagged again", {TAGGINGS: again})
    read: list[int] = []
    texts = labelstore.read_texts

    def counted(store: Any, keys: list[tuple[str, str]]) -> Any:
        read.append(len(keys))
        return texts(store, keys)

    monkeypatch.setattr(labelstore, "read_texts", counted)
    monkeypatch.setattr(picks, "CANDIDATES", 1)
    state = Path(store.root) / "queue.json"
    sure = {"ml_role": 0.5, "computer_vision": 0.5, "nlp": 0.5, "sequence_modeling": 0.5}
    first = picks.batch(store, "d", sure, "ada", 10, 1, state)
    assert read == [10]
    assert len({pick.posting_id for pick in first}) == len(first)
    rows = {row["posting_id"]: row for row in picks.tagged(store)}

    def doubt(posting_id: str) -> float:
        return max(1 - 2 * abs(float(rows[posting_id][f"{head}_probability"]) - 0.5) for head in HEADS)

    uncertain = [doubt(pick.posting_id) for pick in first if pick.chosen == "uncertain"]
    left = [doubt(one) for one in rows if one not in {pick.posting_id for pick in first}]
    assert len(uncertain) == 8
    assert min(uncertain) >= max(left)
    assert picks.batch(store, "d", sure, "ada", 10, 99, state) == first
    assert session.remembered(state.with_name("none.json")) == []


def test_it_listens_on_loopback_alone() -> None:
    """Unless told otherwise: the command's own default, and nobody answers on the machine's other addresses."""
    import inspect

    assert inspect.signature(cli.explore).parameters["host"].default == "127.0.0.1"
    listener = explorer_app.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    others = {str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)} - {"127.0.0.1"}
    others = {one for one in others if not one.startswith("127.")}
    with listener:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
        for other in others:
            with pytest.raises((ConnectionError, TimeoutError)):
                socket.create_connection((other, port), timeout=2)


def test_a_chart_as_csv_follows_the_filters(client: Any) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get("/download/skills.csv?track=nlp&level=required").text)))
    assert {row["of"] for row in rows} != {"120"}
    assert float(rows[0]["low"]) <= float(rows[0]["share"]) <= float(rows[0]["high"])
    assert client.get("/download/compare.csv?track=nlp&b.track=none").text.startswith("skill,")


def test_the_style_sheet_is_made_of_the_theme() -> None:
    text = styles.css()
    assert text.count(".kind-0 ") == 2
    assert "prefers-color-scheme: dark" in text
    assert text.count("{") == text.count("}")


@pytest.fixture(scope="module")
def served(explorer: Explorer) -> str:
    listener = explorer_app.listen("127.0.0.1", 0)
    app = explorer_app.build(explorer)
    thread = threading.Thread(target=explorer_app.serve, args=(app, listener), daemon=True)
    thread.start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


def test_many_requests_at_once_are_all_answered(served: str) -> None:
    def ask(number: int) -> int:
        with urllib.request.urlopen(f"{served}/download/tracks.csv?skill=x{number}", timeout=60) as answer:
            return int(answer.status)

    with ThreadPoolExecutor(120) as pool:
        assert set(pool.map(ask, range(240))) == {200}


@pytest.mark.slow
def test_a_thousand_requests_at_once_are_all_answered(served: str) -> None:
    def ask(number: int) -> int:
        country = ("US", "GB", "DE")[number % 3]
        with urllib.request.urlopen(f"{served}/download/skills.csv?country={country}", timeout=120) as answer:
            return int(answer.status)

    with ThreadPoolExecutor(1000) as pool:
        assert set(pool.map(ask, range(1000))) == {200}


def command() -> typer.Typer:
    app = typer.Typer()
    cli.register(app)
    app.callback()(lambda: None)
    return app


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = CliRunner().invoke(command(), ["explore", "--port", str(port), "--data", str(tmp_path)])
    assert found.exit_code == 1
    assert found.stderr.count("\n") == 1
    assert f"--port {port}" in found.stderr


def test_an_empty_store_is_one_line(tmp_path: Path) -> None:
    found = CliRunner().invoke(command(), ["explore", "--port", "0", "--data", str(tmp_path / "none")])
    assert found.exit_code == 1
    assert found.stderr.strip().splitlines()[-1].startswith("skilldemand: no table postings")
    assert "Traceback" not in found.output


def test_a_port_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match="65535"):
        explorer_app.listen("127.0.0.1", 70_000)


def test_the_command_has_help_and_an_example() -> None:
    found = CliRunner().invoke(command(), ["explore", "--help"])
    assert found.exit_code == 0
    assert "Example: skilldemand explore" in found.output
