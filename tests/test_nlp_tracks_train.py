"""Training, saving, predicting, evaluating, promoting and labelling, with a tiny network on written postings."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer
from test_nlp_tracks_labels import filled
from tracks_material import postings
from typer.testing import CliRunner

from crawler.errors import ModelError
from nlp.records import TRACKS
from nlp.sentences import sentences
from nlp.tracks import bundle as bundles
from nlp.tracks import cli, evaluate, fit, labelstore, network, promote, session, splits, terminal
from nlp.tracks import train as training
from nlp.tracks.bundle import Bundle
from nlp.tracks.labels import Example
from nlp.tracks.names import GUIDE
from nlp.tracks.predict import TrackItem, TrackTagger, load
from nlp.tracks.registry import Registry
from nlp.tracks.train import Options

FRESH = Options(base=None, epochs=12)
FLOOR = 0.87
"""Macro-F1 of the three tracks on postings kept aside; the shipped model reached .900 when it was made."""


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return postings(140)


@pytest.fixture(scope="module")
def model(examples: list[Example]) -> Bundle:
    return training.train(examples, FRESH)


@pytest.fixture
def runner() -> Iterator[Any]:
    app = typer.Typer()
    cli.register(app)

    def run(*arguments: str, keys: str | None = None) -> Any:
        return CliRunner().invoke(app, list(arguments), input=keys)

    return run


def item(text: str, title: str = "Machine Learning Engineer") -> TrackItem:
    return TrackItem(text, title, sentences(text))


def as_file(examples: list[Example], path: Path) -> Path:
    rows = [
        {
            "id": one.id,
            "title": one.title,
            "text": one.text,
            "employer": one.employer,
            **dict(zip(("ml_role", "cv", "nlp", "seq"), one.labels, strict=True)),
        }
        for one in examples
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights(model: Bundle, examples: list[Example]) -> None:
    short = replace(FRESH, epochs=1)
    made = [training.train(examples[:48], options).model_id for options in (short, short)]
    assert made[0] == made[1]
    assert model.card["started_from"] is None
    assert model.card["interrupted"] is False


def test_it_learns_requests_from_descriptions_and_names_the_sentence(model: Bundle) -> None:
    tagger = TrackTagger(model)
    text = (
        "You have solid experience with object detection.\nOur award-winning product brings chatbots to customers all "
        "over the world.\nWe offer flexible hours, a pension and fresh fruit."
    )
    asked, described, nothing = tagger.predict(
        [item(text), item(text.split("\n", 1)[1]), item("We offer fruit.", "Office Assistant")]
    )
    assert asked.tracks["computer_vision"].probability > described.tracks["computer_vision"].probability + 0.3
    assert asked.tracks["computer_vision"].probability > asked.tracks["nlp"].probability + 0.2
    assert asked.ml_role.probability > nothing.ml_role.probability + 0.3
    said = asked.tracks["computer_vision"]
    assert said.label
    assert [text[a:b] for a, b in said.evidence] == ["You have solid experience with object detection."]
    assert not nothing.tracks["nlp"].evidence


def test_neighbours_in_the_batch_change_nothing(model: Bundle, examples: list[Example]) -> None:
    tagger = TrackTagger(model)
    some = [item(one.text, one.title) for one in examples[:40]]
    together, alone = tagger.predict(some), [tagger.predict([one])[0] for one in some[:3]]
    for one, other in zip(together, alone, strict=False):
        assert one.ml_role.probability == pytest.approx(other.ml_role.probability, abs=2e-4)
        assert [one.tracks[t].evidence for t in TRACKS] == [other.tracks[t].evidence for t in TRACKS]
    assert tagger.predict([]) == []
    assert len(tagger.predict([TrackItem("", "", []), item("\x00 \u2028", "")])) == 2


def test_saved_and_read_again_it_is_the_same(model: Bundle, tmp_path: Path) -> None:
    assert bundles.save(model, tmp_path / "m") == model.model_id
    assert load(tmp_path / "m").model_id == model.model_id
    assert {entry.name for entry in (tmp_path / "m").iterdir()} == {"model.json", "vocabulary.txt", "weights.npz"}


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda m: (m / "weights.npz").write_bytes((m / "weights.npz").read_bytes()[:2_000]), "missing or damaged"),
        (lambda m: (m / "weights.npz").unlink(), "missing or damaged"),
        (lambda m: (m / "vocabulary.txt").write_text("other\n"), "not those that model.json describes"),
        (lambda m: (m / "model.json").write_text("{"), "no model here, or a damaged one"),
        (lambda m: (m / "model.json").write_text('{"format": 99}'), "format 99, but this version reads format 2"),
        (lambda m: (m / "model.json").write_text('{"format": 2, "cues": "x"}'), "other cue lists"),
    ],
)
def test_a_damaged_or_foreign_model_is_refused(model: Bundle, tmp_path: Path, damage: Any, says: str) -> None:
    bundles.save(model, tmp_path)
    damage(tmp_path)
    with pytest.raises(ModelError, match=says):
        bundles.read(tmp_path)


def test_an_interrupt_keeps_the_last_whole_epoch(examples: list[Example], monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    real, calls = fit._Step.__call__, []

    def interrupted(self: Any, *args: Any) -> float:
        calls.append(1)
        if len(calls) > 3:
            raise KeyboardInterrupt
        return real(self, *args)

    monkeypatch.setattr(fit._Step, "__call__", interrupted)
    made = training.train(examples[:48], replace(FRESH, epochs=3), told.append)
    assert made.card["interrupted"] is True
    assert any("keeping the weights of epoch" in line for line in told)


def test_several_networks_answer_with_their_mean(examples: list[Example], tmp_path: Path) -> None:
    some, two = examples[:60], replace(FRESH, epochs=2, members=2)
    both = training.train(some, two)
    size = len(both.weights) // 2
    assert not np.array_equal(both.weights[0], both.weights[size])
    bundles.save(both, tmp_path)
    read = bundles.read(tmp_path)
    postings = training.prepare(some, FRESH, read).postings
    parts = [replace(read, weights=read.weights[at : at + size]) for at in (0, size)]
    apart = [network.Reader(network.restore(one)).logits(postings) for one in parts]
    whole, namings = network.Reader(network.restore(read)).logits(postings)
    np.testing.assert_allclose(whole, (apart[0][0] + apart[1][0]) / 2, atol=1e-4)
    np.testing.assert_allclose(namings[3], (apart[0][1][3] + apart[1][1][3]) / 2, atol=1e-4)
    warm = training.train(some, Options(base=tmp_path, epochs=1))
    assert len(warm.weights) == 2 * size
    assert warm.card["networks"] == 2


def test_an_interrupt_keeps_the_networks_that_were_done(
    examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, calls = fit._Step.__call__, []
    steps = 2 * len(training.prepare(examples[:60], FRESH, None).where("train")) // fit.AT_ONCE

    def interrupted(self: Any, *args: Any) -> float:
        calls.append(1)
        if len(calls) > steps + 1:
            raise KeyboardInterrupt
        return real(self, *args)

    monkeypatch.setattr(fit._Step, "__call__", interrupted)
    made = training.train(examples[:60], replace(FRESH, epochs=2, members=2))
    assert made.card["interrupted"] is True
    assert made.card["networks"] == 1
    assert len(network.restore(made)) == 1


def test_the_card_names_the_frozen_split(model: Bundle, examples: list[Example]) -> None:
    ids = [one.id for one in evaluate.select(examples, "test", GUIDE)]
    assert model.card["test_split"] == splits.fingerprint(ids[::-1])
    assert model.card["test_split"] != splits.fingerprint(ids[1:])


def test_an_unwritable_folder_is_refused_before_training(tmp_path: Path, runner: Any, examples: list[Example]) -> None:
    (tmp_path / "data").write_text("a file stands here")
    labels = as_file(examples, tmp_path / "labels.jsonl")
    result = runner("train", "--labels", str(labels), "--data", str(tmp_path / "data"))
    assert result.exit_code == 1
    assert "can't be written" in result.output
    assert result.output.count("\n") == 1


def test_evaluation_counts_what_it_says_it_counts(model: Bundle, examples: list[Example], tmp_path: Path) -> None:
    report = {**evaluate.evaluate(model, examples), "part": "all"}
    view = report["views"]["all"]
    assert view["postings"] == len(examples)
    confusion = report["heads"]["nlp"]["confusion"]
    assert sum(confusion.values()) == len(examples)
    precision = confusion["yes_yes"] / max(1, confusion["yes_yes"] + confusion["no_said_yes"])
    assert view["nlp"]["precision"] == pytest.approx(precision, abs=1e-3)
    low, high = view["nlp"]["f1_interval"]
    assert low <= view["nlp"]["f1"] <= high
    assert report["by_year"]["2026"]["postings"] == len(examples)
    shares = sum(share for share, *_ in report["heads"]["nlp"]["reliability"])
    assert shares == pytest.approx(1, abs=1e-3)
    report["worst"] = [{"title": "<script>", "id": "x", "head": "nlp", "label": 0, "probability": 1.0, "evidence": []}]
    evaluate.write_html(report, tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert "<script>" not in page
    assert page.count("<svg") == 8


def test_promotion_needs_a_model_that_is_not_worse(model: Bundle, examples: list[Example], tmp_path: Path) -> None:
    registry = Registry.of(tmp_path)
    good = registry.add(model).name
    never = dict.fromkeys(model.thresholds, 1.0)
    bad = registry.add(replace(model, thresholds=never)).name
    registry.promote(good, GUIDE, {"forced": "first"})
    with pytest.raises(ModelError, match=r"not promoted: mean F1 0\.000"):
        promote.promote(registry, bad, examples, GUIDE)
    assert registry.promoted().name == good
    assert promote.promote(registry, bad, examples, GUIDE, "to see what happens")["forced"] == "to see what happens"
    assert registry.promoted().name == bad
    assert registry.rollback() == good
    entry = promote.promote(registry, good, examples, GUIDE)
    assert entry["comparison"]["difference"] == 0
    for n in range(promote.MOST_LOOKS):
        registry.look(GUIDE, f"look {n}")
    with pytest.raises(ModelError, match="looked at"):
        promote.promote(registry, good, examples, GUIDE)
    assert registry.rollback() == good


def test_a_batch_is_labelled_undone_resumed_and_ends(model: Bundle, tmp_path: Path) -> None:
    store = filled(tmp_path / "data")
    tagger, state = TrackTagger(model), tmp_path / "queue.json"
    picks = session.batch(store, tagger, GUIDE, "ada", 5, 1, state)
    assert len(picks) == 5
    assert [pick.chosen for pick in picks].count("random") == 1
    rows = labelstore.read_texts(store, [(pick.posting_id, pick.content_hash) for pick in picks])
    results = dict(zip(rows, tagger.predict([session.item(row) for row in rows.values()]), strict=True))
    shown: list[Any] = []
    # First posting 1200; second skipped; third 1x(unknown key)000; undo back to the third: 0100; then quit.
    keys = terminal.scripted(iter("1200" + "s" + "1x000" + "u" + "n" + "0100" + "q"))
    desk = terminal.Desk(keys, lambda: "was a description", shown.append)
    assert terminal.label(store, picks, rows, results, GUIDE, "ada", desk) == 2
    said = {one.posting_id: one for one in labelstore.read_judged(store, GUIDE)}
    assert said[picks[0].posting_id].labels == (1, 2, 0, 0)
    assert said[picks[2].posting_id].labels == (0, 1, 0, 0)
    assert said[picks[2].posting_id].note == "was a description"
    assert len(said) == 2
    left = session.batch(store, tagger, GUIDE, "ada", 5, 1, state)
    assert left == [picks[1], picks[3], picks[4]]
    assert terminal.HELP in shown


def test_the_commands_from_labels_to_a_promoted_model(tmp_path: Path, runner: Any, model: Bundle) -> None:
    data = str(tmp_path / "data")
    filled(Path(data))
    registry = Registry.of(data)
    base = registry.add(model).name
    labels = str(as_file(postings(90, seed=4), tmp_path / "labels.jsonl"))
    logs = tmp_path / "logs"
    wishes = ("--warm", base, "--epochs", "1", "--tensorboard", str(logs), "--json")
    made = runner("train", "--labels", labels, "--data", data, *wishes)
    assert made.exit_code == 0, made.output
    trained = json.loads(made.stdout)["model_id"]
    assert any(entry.stat().st_size for entry in logs.iterdir())
    folder = registry.root / trained
    assert {"card.md", "calibration.svg", "model.json"} <= {entry.name for entry in folder.iterdir()}
    assert "Known failures" in (folder / "card.md").read_text()
    registry.promote(base, GUIDE, {"forced": "start"})
    scored = runner("evaluate", "--labels", labels, "--data", data, "--part", "test", "--out", str(tmp_path / "page"))
    assert scored.exit_code == 0, scored.output
    assert json.loads((tmp_path / "page.json").read_text())["model_id"] == base
    assert "look 1 at the test postings" in scored.output
    promoted = runner("models", "promote", trained[:6], "--labels", labels, "--data", data, "--force", "a try")
    assert promoted.exit_code == 0, promoted.output
    listed = json.loads(runner("models", "list", "--data", data, "--json").stdout)
    assert [row["name"] for row in listed if row["promoted"]] == [trained]
    assert json.loads(runner("models", "show", trained, "--data", data).stdout)["history"][0]["forced"] == "a try"
    assert base in runner("models", "rollback", "--data", data).output
    asked = runner("label", "--data", data, "--as", "ada", "--size", "2", "--model", base, keys="1000\n0000\n")
    assert asked.exit_code == 0, asked.output
    assert "2 postings labelled, 0 left" in asked.output
    assert "can't be said yet" in asked.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("train",), "no labels of tracks-guide-1"),
        (("train", "--labels", "absent.jsonl"), "can't be read"),
        (("train", "--from-scratch", "--warm", "shipped"), "exclude each other"),
        (("evaluate", "no-such-model"), "no model named no-such-model"),
        (("models", "rollback"), "no promotion of"),
        (("label",), "no table postings"),
        (("label", "--import", "absent.json"), "not JSON"),
    ],
)
def test_bad_wishes_get_one_line(tmp_path: Path, runner: Any, arguments: tuple[str, ...], says: str) -> None:
    result = runner(*arguments, "--data", str(tmp_path / "data"))
    assert result.exit_code == 1
    assert says in result.output
    assert result.output.strip().count("\n") == 0


@pytest.mark.slow
def test_labels_of_a_new_definition_move_its_f1(model: Bundle) -> None:
    """In the new definition descriptions count and requests do not: the base must fail, the warm start must not."""
    from nlp.tracks.learning import gain

    turned = [
        replace(one, labels=(one.labels[0], *(int("product brings" in one.text) for _ in range(3))))
        for one in postings(200, seed=9)
    ]
    told: list[str] = []
    found = gain(turned, model, Options(definition="descriptions", epochs=8), told.append)
    assert found["after"] > found["before"] + 0.1
    assert "before" in told[0]


@pytest.mark.shared
def test_the_shipped_model_on_postings_kept_aside(shared: Path) -> None:
    from nlp.tracks.labels import read_files

    files = [shared / "data" / "gold" / f"{name}.jsonl" for name in ("tracks_sample", "tracks", "tracks_more")]
    chosen = evaluate.select(read_files(files), "test", GUIDE)
    report = evaluate.evaluate(bundles.read(bundles.SHIPPED), chosen)
    assert bundles.read(bundles.SHIPPED).card["test_split"] == splits.fingerprint([one.id for one in chosen])
    everything = report["views"]["all"]
    assert everything["postings"] > 400
    assert everything["macro_f1"] > FLOOR
    assert everything["ml_role"]["f1"] > 0.88
    assert min(everything[track]["f1"] for track in TRACKS) > 0.82
    assert max(everything[head]["ece"] for head in ("ml_role", *TRACKS)) < 0.06


def test_the_shipped_model_is_small_and_whole() -> None:
    sizes = [entry.stat().st_size for entry in bundles.SHIPPED.iterdir()]
    assert sum(sizes) < 15_000_000
    shipped = bundles.read(bundles.SHIPPED)
    assert all(np.isfinite(array).all() for array in shipped.weights)
    described = (
        "Founded in 2012, we are a leading provider of computer vision for retailers. Our customers love us.\n"
        "You answer the phone, welcome guests and book travel.\nRequirements\n- Friendly manner\n- Good English"
    )
    asked, blurb = TrackTagger(shipped).predict(
        [
            item("Requirements:\n- 3+ years of experience with computer vision and OpenCV"),
            item(described, "Receptionist"),
        ]
    )
    assert asked.tracks["computer_vision"].label
    assert not blurb.tracks["computer_vision"].label
