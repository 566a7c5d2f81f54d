"""Cues, windows and namings: what the network gets to see."""

import numpy as np
import pytest

from nlp.records import TRACKS
from nlp.sentences import sentences
from nlp.tracks.cues import CONTEXTS, TIERS, TRACK_LAYERS, Cues, load, split_words, tokenize
from nlp.tracks.features import FIRST_WORD, NAMED, NAMINGS, TOKENS, UNKNOWN, WIDTH, WINDOWS, rows_of, windows


def found(cues: Cues, text: str) -> list[tuple[int, str, str]]:
    return [(place, cue.layer, cue.tier) for place, cue in cues.find(tokenize(text))]


@pytest.fixture
def small() -> Cues:
    return Cues(
        {
            "a": {"field": ["computer vision"], "weak": ["vision", "image*"], "not": ["our vision"]},
            "b": {"tool": ["image classif*"]},
        }
    )


def test_longest_phrase_wins_and_takes_its_tokens(small: Cues) -> None:
    assert found(small, "Computer vision, our vision, a vision") == [
        (0, "a", "field"),
        (2, "a", "not"),
        (5, "a", "weak"),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Build modelsTime-series analysis", "build models time series analysis"),
        ("tasksForecast demandWork", "tasks forecast demand work"),
        ("TensorFlow and LangChain, PyTorch on AWS", "tensorflow and langchain pytorch on aws"),
        ("skillsTensorFlow", "skills tensorflow"),
        ("iOS, NLPs, McDonald", "ios nlps mcdonald"),
        ("", ""),
    ],
)
def test_lost_line_ends_part_words_and_names_stay_whole(text: str, expected: str) -> None:
    assert split_words(text) == expected.split()


def test_a_long_run_of_seams_takes_no_longer_than_its_length() -> None:
    assert len(split_words("abcDefg" * 40_000)) == 40_001


def test_each_track_finds_its_own_phrase_at_one_place(small: Cues) -> None:
    assert sorted(found(small, "image classifiers")) == [(0, "a", "weak"), (0, "b", "tool")]


def test_a_phrase_does_not_run_over_the_end(small: Cues) -> None:
    assert found(small, "computer") == []


def test_shipped_lists_have_the_tiers_the_network_counts() -> None:
    cues, sections = load()
    tiers = {(cue.layer, cue.tier) for word in ("vision", "nlp", "forecasting") for cue in cues.starting(word)}
    assert {layer for layer, _ in tiers} <= {*TRACK_LAYERS, "context"}
    assert TRACK_LAYERS == TRACKS
    assert cues.size > 1_000
    assert sections.size > 50
    for word in ("experience", "founded"):
        assert all(cue.tier in CONTEXTS for cue in cues.starting(word) if cue.layer == "context")
    assert len(set(TIERS)) == 5


def test_windows_of_a_posting() -> None:
    text = "About us\nOur platform sells computer vision.\nRequirements\n- Experience with NLP and time series"
    spans = sentences(text)
    posting = windows(text, "Data Scientist", spans, rows_of(["experience", "our"]))
    assert posting.tokens.shape == (1 + len(spans), TOKENS)
    assert posting.dense.shape == (1 + len(spans), WIDTH)
    assert [NAMED[track] for track in posting.track] == [*TRACKS, "ml_role"]
    assert posting.sentence[-1] == -1
    assert [text[slice(*spans[at])] for at in posting.sentence[:-1]] == [
        "Our platform sells computer vision.",
        "Experience with NLP and time series",
        "Experience with NLP and time series",
    ]
    assert posting.tokens[-1, 0] == FIRST_WORD
    assert posting.tokens[-1, 1] == UNKNOWN


def test_a_naming_hides_its_cues_and_shows_the_words_around() -> None:
    text = "experience with nlp"
    rows = rows_of(["experience", "with", "nlp"])
    posting = windows(text, "", None, rows)
    line = posting.words[list(posting.track).index(1)]
    assert line[:2].tolist() == [rows["experience"], rows["with"]]
    assert 1 < line[2] < FIRST_WORD
    assert posting.cues[0, 0] > 0


def test_machine_learning_is_read_like_a_track() -> None:
    text = "You train models with PyTorch for time series.\nFree fruit."
    posting = windows(text, "", None, rows_of(["you", "train", "models", "with", "pytorch"]))
    named = [NAMED[track] for track in posting.track]
    assert named == ["sequence_modeling", "ml_role"]
    track, role = posting.words
    assert track[2] >= FIRST_WORD, "what is machine learning stands as it is beside a track"
    assert 1 < role[2] < FIRST_WORD
    assert role[4] == role[2]
    assert 1 < role[6] < FIRST_WORD
    assert role[6] != role[2], "a track's cue has another mark"


@pytest.mark.parametrize("text", ["", "\n\n", "日本語の求人です。", "x " * 100_000, "computer vision\n" * 3_000])
def test_any_text_gives_bounded_arrays(text: str) -> None:
    posting = windows(text, "t", None, {})
    assert 1 <= len(posting.tokens) <= WINDOWS
    assert len(posting.words) <= len(NAMED) * NAMINGS
    assert np.isfinite(posting.dense).all()
    assert posting.dense[:, : WIDTH - 6].max(initial=0) <= 3
