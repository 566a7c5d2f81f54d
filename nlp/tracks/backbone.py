"""A BERT-family backbone from keras-hub in the same frame: windows around namings, attention over them, four heads.

For those who have a GPU. The extra `transformer` installs keras-hub; the preset is a folder (or a name that keras-hub
knows). What is trained is a teacher: its answers on postings (`teach`) become weak labels that the small model learns.
"""

import importlib
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.errors import InputError
from nlp.records import Span
from nlp.sentences import sentences
from nlp.tracks.cues import load, tokenize
from nlp.tracks.evaluate import select
from nlp.tracks.labels import Example, truth
from nlp.tracks.train import Lesson, Options

WINDOWS = 14
"""Sentences of a posting that the backbone reads: those with the strongest cues."""
LENGTH = 64
"""Word pieces of a window."""
AT_ONCE = 4


def preset(path: str) -> tuple[Any, Any]:
    """Backbone and tokenizer of a keras-hub preset.

    Raises:
        InputError: keras-hub is not installed, or can't read the preset.
    """
    try:
        # By name: where the extra is not installed, nothing that reads types shall miss it.
        keras_hub: Any = importlib.import_module("keras_hub")
    except ImportError as exc:
        raise InputError("--backbone needs keras-hub: pip install 'skilldemand[transformer]'") from exc
    try:
        return keras_hub.models.Backbone.from_preset(path), keras_hub.models.Tokenizer.from_preset(path)
    except (ValueError, OSError, FileNotFoundError) as exc:
        raise InputError(f"{path}: keras-hub can't read this as a preset of a BERT-family backbone") from exc


def passages(example: Example) -> list[str]:
    """The title and the sentences with the strongest cues, in the order of the text; at most WINDOWS."""
    spans = sentences(example.text)
    rank = {span: -_strength(example.text, span) for span in spans}
    best = sorted(sorted(spans, key=lambda span: (rank[span], span))[: WINDOWS - 1])
    return [example.title or "untitled", *(example.text[start:end] for start, end in best)]


def _strength(text: str, span: Span) -> int:
    weight = {"field": 6, "task": 4, "tool": 4, "weak": 2, "ml": 2}
    return sum(weight.get(cue.tier, 0) for _, cue in load()[0].find(tokenize(text[span[0] : span[1]])))


def encode(examples: Sequence[Example], tokenizer: Any) -> NDArray[np.int32]:
    """Word pieces of every passage, (n, WINDOWS, LENGTH); 0 pads; each passage begins with the start token."""
    out = np.zeros((len(examples), WINDOWS, LENGTH), np.int32)
    start, end = tokenizer.cls_token_id, tokenizer.sep_token_id
    for row, example in enumerate(examples):
        for at, text in enumerate(passages(example)):
            pieces = [start, *np.asarray(tokenizer(text)).tolist()[: LENGTH - 2], end]
            out[row, at, : len(pieces)] = pieces
    return out


def network(backbone: Any) -> Any:
    """Input (b, WINDOWS, LENGTH) word pieces, output (b, 4) logits: per head, attention over the windows."""
    import keras

    pieces = keras.Input((WINDOWS, LENGTH), dtype="int32")
    flat = keras.ops.reshape(pieces, (-1, LENGTH))
    real = keras.ops.cast(flat != 0, "int32")
    inputs = {"token_ids": flat, "padding_mask": real, "segment_ids": keras.ops.zeros_like(flat)}
    read = backbone({name: inputs[name] for name in backbone.input})
    sequence = read["sequence_output"] if isinstance(read, dict) else read
    mask = keras.ops.cast(real, sequence.dtype)[:, :, None]
    mean = keras.ops.sum(sequence * mask, axis=1) / (keras.ops.sum(mask, axis=1) + 1e-6)
    windows = keras.ops.reshape(mean, (-1, WINDOWS, mean.shape[-1]))
    seen = keras.ops.cast(keras.ops.any(pieces != 0, axis=2), windows.dtype)[:, :, None]
    gaze = keras.layers.Dense(4, name="gaze")(windows) - 1e4 * (1 - seen)
    says = keras.layers.Dense(4, name="says")(keras.layers.Dropout(0.1)(windows))
    return keras.Model(pieces, keras.ops.sum(keras.ops.softmax(gaze, axis=1) * says, axis=1))


def fine_tune(
    path: str,
    examples: Sequence[Example],
    labels: NDArray[np.float32],
    seed: int,
    epochs: int,
    tell: Callable[[str], None],
) -> tuple[Any, Any]:
    """Fine-tune a preset on labelled postings; the network and its tokenizer."""
    import keras

    keras.utils.set_random_seed(seed)
    backbone, tokenizer = preset(path)
    made = network(backbone)
    made.compile(keras.optimizers.AdamW(3e-5, weight_decay=0.01), keras.losses.BinaryCrossentropy(from_logits=True))
    pieces = encode(examples, tokenizer)
    for epoch in range(epochs):
        history = made.fit(pieces, labels, batch_size=AT_ONCE, epochs=1, verbose=0)
        tell(f"backbone, epoch {epoch + 1}/{epochs}: loss {history.history['loss'][0]:.4f}")
    return made, tokenizer


def lessons(
    path: str, examples: Sequence[Example], pool: Sequence[Example], options: Options, tell: Callable[[str], None]
) -> list[Lesson]:
    """Fine-tune a preset on the training part of the labels, and let it label the pool for the small model.

    Raises:
        InputError: no unlabelled postings, no keras-hub, or no such preset.
    """
    if not pool:
        raise InputError("--backbone teaches through unlabelled postings, and the store has none: crawl or import some")
    chosen = select(examples, "train", options.definition)
    made, tokenizer = fine_tune(path, chosen, truth(chosen), options.seed, options.epochs or 4, tell)
    said = teach(made, tokenizer, pool)
    return [Lesson(example, (row[0], row[1], row[2], row[3])) for example, row in zip(pool, said.tolist(), strict=True)]


def teach(made: Any, tokenizer: Any, examples: Sequence[Example]) -> NDArray[np.float64]:
    """The fine-tuned backbone's probabilities of the four heads, (n, 4)."""
    from nlp.tracks.network import sigmoid

    return sigmoid(made.predict(encode(examples, tokenizer), batch_size=AT_ONCE, verbose=0))
