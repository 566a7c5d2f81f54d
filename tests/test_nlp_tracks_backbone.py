"""The extra `transformer`: a tiny BERT of random weights is fine-tuned and labels postings for the small model."""

from pathlib import Path

import pytest
from tracks_material import postings

from crawler.errors import InputError
from nlp.tracks.labels import Example
from nlp.tracks.train import Options

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "computer", "vision", "experience"]


def test_without_unlabelled_postings_there_is_nothing_to_teach() -> None:
    from nlp.tracks import backbone

    with pytest.raises(InputError, match="the store has none"):
        backbone.lessons("absent", postings(40), [], Options(), print)


def test_passages_hold_the_title_and_the_strongest_sentences() -> None:
    from nlp.tracks import backbone

    text = "\n".join(["We like fruit."] * 40 + ["Experience with computer vision."])
    found = backbone.passages(Example("a:b:1", "Engineer", text, (1, 1, 0, 0)))
    assert len(found) == backbone.WINDOWS
    assert (found[0], found[-1]) == ("Engineer", "Experience with computer vision.")


@pytest.mark.slow
def test_a_preset_is_fine_tuned_and_teaches(tmp_path: Path) -> None:
    hub = pytest.importorskip("keras_hub")
    from nlp.tracks import backbone

    small = hub.models.BertBackbone(
        vocabulary_size=len(WORDS),
        num_layers=1,
        num_heads=2,
        hidden_dim=16,
        intermediate_dim=32,
        max_sequence_length=backbone.LENGTH,
    )
    small.save_to_preset(str(tmp_path))
    hub.models.BertTokenizer(vocabulary=WORDS, lowercase=True).save_to_preset(str(tmp_path))
    pool = postings(12, seed=5)
    lessons = backbone.lessons(str(tmp_path), postings(60), pool, Options(base=None, epochs=1), print)
    assert [lesson.example.id for lesson in lessons] == [one.id for one in pool]
    assert all(0 < chance < 1 for lesson in lessons for chance in lesson.truth)
