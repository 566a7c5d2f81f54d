"""The recogniser: its mathematics against all paths counted out, a tiny model learned here, and the shipped one."""

from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from crawler.errors import InputError
from nlp.matcher import Matcher
from nlp.recogniser import crf, vectors
from nlp.recogniser.features import Vectors, plain
from nlp.recogniser.model import POSTINGS, SKILLSPAN, Recogniser, load, read
from nlp.recogniser.train import Fit, Marked, fit
from nlp.recogniser.words import LONGEST, cut, given
from nlp.taxonomy import load_taxonomy

FRAMES = [
    "You have experience with {} .",
    "Experience with {} is a plus .",
    "We work with {} every day .",
    "Knowledge of {} , please .",
]
IDLE = ["Lunch is free and the office is bright .", "We are a team of ten people .", "You work from home on Fridays ."]
NAMES = ["Quibblestack", "Fooberry", "Barium Forge", "Snorkelbase", "Wumpus Graph Store", "Zedlang"]


FIT = Fit(rounds=20, batch=4, made_up=0.2)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(load_taxonomy())


@pytest.fixture(scope="module")
def marked(matcher: Matcher) -> list[Marked]:
    found = [Marked(given(text.split(), matcher), (), SKILLSPAN) for text in IDLE]
    for frame, name in product(FRAMES, NAMES):
        words = frame.format(name).split()
        first = frame.split().index("{}")
        found.append(Marked(given(words, matcher), ((first, first + len(name.split())),), SKILLSPAN))
    return found


@pytest.fixture(scope="module")
def tiny(marked: list[Marked]) -> Recogniser:
    texts = [" ".join(one.sentence.words) for one in marked]
    return fit(marked, vectors.learn(texts, size=4, least=2), FIT)


def paths(length: int) -> list[tuple[int, ...]]:
    """Every way to label a sentence in which phrases are whole."""
    whole = []
    for path in product(range(5), repeat=length):
        inner = all(crf.ALLOWED[a, b] for a, b in pairwise(path))
        if inner and crf.LABELS[path[0]] in "OBU" and crf.LABELS[path[-1]] in "OLU":
            whole.append(path)
    return whole


def test_marginals_and_the_best_path_are_those_of_all_paths_counted_out() -> None:
    rng = np.random.default_rng(0)
    lengths = [3, 1, 5]
    scores, follows = rng.normal(size=(9, 5)) * 2, rng.normal(size=(5, 5))
    layout = crf.Layout(lengths)
    total, probable, pairs = crf.marginals(scores, follows, layout)
    best = crf.best(scores, follows, layout).tolist()
    log_z, at, expected = 0.0, 0, np.zeros((5, 5))
    for length in lengths:
        every = paths(length)
        worth = np.array(
            [
                sum(scores[at + i, label] for i, label in enumerate(path))
                + sum(follows[a, b] for a, b in pairwise(path))
                for path in every
            ]
        )
        chance = np.exp(worth) / np.exp(worth).sum()
        log_z += float(np.log(np.exp(worth).sum()))
        for i, label in product(range(length), range(5)):
            alike = sum(share for path, share in zip(every, chance, strict=True) if path[i] == label)
            assert probable[at + i, label] == pytest.approx(alike, abs=1e-9)
        for path, share in zip(every, chance, strict=True):
            for a, b in pairwise(path):
                expected[a, b] += share
        assert tuple(best[at : at + length]) == every[int(worth.argmax())]
        at += length
    assert total == pytest.approx(log_z)
    assert pairs == pytest.approx(expected)


@drawn(st.lists(st.integers(1, 4), max_size=6), st.integers(0, 3))
def test_phrases_come_back_from_their_labels(sizes: list[int], between: int) -> None:
    phrases, at = [], between
    for size in sizes:
        phrases.append((at, at + size))
        at += size + between
    assert crf.spans(crf.labels(at + 1, phrases)) == phrases


def test_phrases_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap"):
        crf.labels(5, [(0, 3), (2, 4)])


def test_a_tiny_model_marks_words_that_it_never_saw(tiny: Recogniser, matcher: Matcher) -> None:
    text = "You have experience with Blobcaster . Lunch is free ."
    found = tiny.mark(list(cut(text, matcher)), SKILLSPAN)
    assert [[span for span, _ in phrases] for phrases in found] == [[(4, 5)], []]
    assert found[0][0][1] > 0.5


def test_learning_twice_gives_the_same_weights(tiny: Recogniser, marked: list[Marked]) -> None:
    again = fit(marked, tiny.vectors, FIT)
    assert np.array_equal(again.weights.hashed, tiny.weights.hashed)
    other = fit(marked, tiny.vectors, replace(FIT, seed=1))
    assert not np.array_equal(other.weights.hashed, tiny.weights.hashed)


def test_a_model_is_the_same_after_its_file(tiny: Recogniser, marked: list[Marked], tmp_path: Path) -> None:
    tiny.save(tmp_path / "model.npz")
    back = read(tmp_path / "model.npz")
    sentences = [one.sentence for one in marked]
    before, after = tiny.mark(sentences, SKILLSPAN), back.mark(sentences, SKILLSPAN)
    assert [[span for span, _ in one] for one in before] == [[span for span, _ in one] for one in after]
    assert [p for one in before for _, p in one] == pytest.approx([p for one in after for _, p in one], abs=0.05)
    assert back.vectors.rows == tiny.vectors.rows


def test_files_that_are_no_model_are_refused(tiny: Recogniser, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    path.write_bytes(b"no archive")
    with pytest.raises(InputError, match=r"model\.npz: not a recogniser"):
        read(path)
    tiny.save(path)
    good = dict(np.load(path))
    np.savez(path, **{**good, "version": np.array(99)})
    with pytest.raises(InputError, match="version 99"):
        read(path)
    np.savez(path, **{**good, "hashed": np.array([{"a": 1}], dtype=object)})
    with pytest.raises(InputError, match="not a recogniser"):  # nothing in a file is ever unpickled
        read(path)
    np.savez(path, **{name: part for name, part in good.items() if name != "follows"})
    with pytest.raises(InputError, match="follows"):
        read(path)


def test_words_that_take_each_others_place_come_together() -> None:
    frames = ["we write {} code daily", "the {} language is fun", "learn {} today please"]
    texts = [frame.format(name) for frame in frames for name in ("python", "java", "scala")] * 4
    texts += [f"a {animal} barks at night" for animal in ("dog", "fox", "wolf")] * 4
    learned = vectors.learn(texts, size=6, least=2)

    def alike(a: str, b: str) -> float:
        return float(learned.table[learned.rows[a]] @ learned.table[learned.rows[b]])

    assert alike("python", "java") > 0.9
    assert alike("python", "java") > alike("python", "dog") + 0.5
    assert not np.any(learned.table[learned.row("neverseen")])


def test_vectors_know_a_word_by_its_last_known_part() -> None:
    some = Vectors({"python": 0, "c": 1}, np.eye(3, dtype=np.float32), np.zeros((3, 3), np.int64))
    assert [some.row(word) for word in ("python", "python's", "c/python", "python/zed", "zed", "")] == [
        0,
        0,
        0,
        0,
        2,
        2,
    ]
    assert plain("(Python3,") == "python0"


def test_texts_are_cut_into_words_with_their_gaps(matcher: Matcher) -> None:
    text = "We use C++, Node.js/React and U.S. data.\n- Python"
    (first, second) = cut(text, matcher)
    assert first.words[:7] == ("We", "use", "C++", "Node.js", "/", "React", "and")
    assert first.gaps[3] == ","
    assert [text[a:b] for a, b in zip(first.starts, first.ends, strict=True)] == list(first.words)
    assert first.known[2].startswith("U")
    assert second.words[-1] == "Python"
    assert max(len(one.words) for one in cut("word " * 5000, matcher)) == LONGEST


def test_the_shipped_model_marks_what_the_taxonomy_lacks(matcher: Matcher) -> None:
    from importlib.resources import files

    assert len((files("nlp") / "recogniser" / "data" / "model.npz").read_bytes()) < 5_000_000
    text = "Requirements:\n- Experience with Python, Quibblestack and PyTorch\n- Knowledge of SQL, Zedlang, Docker"
    found = load().phrases(text, matcher)
    assert {"Python", "PyTorch", "Quibblestack", "SQL", "Zedlang", "Docker"} <= {text[p.start : p.end] for p in found}
    assert all(0 < p.probability <= 1 for p in found)
    idle = "We offer free lunch, a bright office and twenty-five days of vacation. Our team is kind."
    assert load().phrases(idle, matcher) == []


@pytest.mark.parametrize(
    "text",
    ["", " \n", "\0", "👩‍💻" * 300, "a" * 100_000, "- " * 5000, "(((", "مرحبا بالعالم", "<b>x</b>" * 200, "x\r\ny"],
)
def test_hostile_texts_are_read(text: str, matcher: Matcher) -> None:
    for phrase in load().phrases(text, matcher):
        assert 0 <= phrase.start < phrase.end <= len(text)


@settings(max_examples=60, deadline=None)
@drawn(st.text(max_size=300))
def test_phrases_lie_in_the_text_in_order_and_apart(text: str) -> None:
    end = 0
    for phrase in load().phrases(text, _MATCHER):
        assert end <= phrase.start < phrase.end <= len(text)
        assert text[phrase.start : phrase.end].strip() == text[phrase.start : phrase.end]
        end = phrase.end


def test_many_texts_at_once_are_marked_like_one_by_one(matcher: Matcher) -> None:
    texts = ["Experience with Python and Zedlang.", "", "Knowledge of SQL is required.\nWe are nice."]
    together = load().phrases_of([list(cut(text, matcher)) for text in texts])
    alone = [load().phrases(text, matcher) for text in texts]
    assert [[(p.start, p.end) for p in one] for one in together] == [[(p.start, p.end) for p in one] for one in alone]
    chances = [[p.probability for one in phrases for p in one] for phrases in (together, alone)]
    assert len(chances[0]) == 3
    assert chances[0] == pytest.approx(chances[1])
    assert load().mark([], POSTINGS) == []


_MATCHER = Matcher(load_taxonomy())
