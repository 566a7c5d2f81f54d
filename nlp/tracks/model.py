"""The classifier: multiple-instance learning over the places where a posting names a track, in Keras on TensorFlow.

Each naming (a window and a track with a cue in it) is read by a small convolution in which the cues themselves are
blanked out, by which cues they were, and by what stands around; it gets a probability that the job asks for the track
there. A posting's probability is the noisy-or over its namings, shifted by what the whole posting says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nlp.tracks.features import CONTEXT, CUES, NAMED, TOKENS, WIDTH, Posting


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; `words` and `cues` are the rows of the two embedding tables."""

    words: int
    cues: int
    word_size: int = 64
    filters: int = 96
    cue_size: int = 24
    hidden: int = 96
    whole: int = 48
    dropout: float = 0.3

    def as_json(self) -> dict[str, Any]:
        """For the metadata; `Shape(**shape.as_json())` is the same shape."""
        return asdict(self)


def tensors(postings: Sequence[Posting]) -> dict[str, NDArray[Any]]:
    """The network's input: the arrays of `Posting` laid end to end, with `window_of` and `naming_of` (int32), the
    posting that a window or naming belongs to, counted from 0."""
    names = ("tokens", "dense", "words", "cues", "near", "before", "after", "track")
    laid = {name: np.concatenate([getattr(posting, name) for posting in postings]) for name in names}
    owners = np.arange(len(postings), dtype=np.int32)
    laid["window_of"] = np.repeat(owners, [len(posting.tokens) for posting in postings])
    laid["naming_of"] = np.repeat(owners, [len(posting.words) for posting in postings])
    return laid


def signature() -> dict[str, Any]:
    """Types and shapes of `tensors`, for any number of windows and namings: one trace serves them all."""
    shapes = {"tokens": TOKENS, "dense": WIDTH, "words": TOKENS, "cues": CUES, "near": WIDTH, "before": CONTEXT}
    shapes |= {"after": CONTEXT, "track": 0, "window_of": 0, "naming_of": 0}
    floats = ("dense", "near", "before", "after")
    return {
        name: tf.TensorSpec([None, width] if width else [None], tf.float32 if name in floats else tf.int32)
        for name, width in shapes.items()
    }


class TrackModel(keras.Model):  # type: ignore[misc]
    """Input: `tensors(postings)`. Output: posting logits (b, 4) in the order of `names.HEADS`, and the logit of
    each naming (m,)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        layers = keras.layers
        self.shape = shape
        self.words = layers.Embedding(shape.words, shape.word_size, name="words")
        self.cues = layers.Embedding(shape.cues, shape.cue_size, name="cues")
        self.convolution = layers.Dense(shape.filters, activation="relu", name="convolution")
        self.title = layers.Conv1D(shape.whole, 2, padding="same", activation="relu", name="title")
        self.window = layers.Dense(shape.hidden, activation="relu", name="window")
        self.whole = layers.Dense(shape.whole, activation="relu", name="whole")
        self.naming = layers.Dense(shape.hidden, activation="relu", name="naming")
        self.worth = layers.Embedding(shape.cues, 1, embeddings_initializer="zeros", name="worth")
        self.ask = layers.Dense(1, bias_initializer=keras.initializers.Constant(-1.0), name="ask")
        self.gaze = layers.Dense(1, name="gaze")
        self.role = layers.Dense(1, name="role")
        start = keras.initializers.Constant(-4.0)
        self.base = layers.Dense(3, kernel_initializer="zeros", bias_initializer=start, name="base")
        self.drop = layers.Dropout(shape.dropout, seed=7)
        self.word_drop = layers.SpatialDropout1D(0.1, seed=8)

    def call(self, inputs: Mapping[str, Any], training: bool = False) -> tuple[Any, Any]:
        """Logits of the postings (b, 4) and of the namings (m,)."""
        seen, whole = self._whole(inputs, training)
        asks = self._ask(inputs, whole, training)
        base = tf.nn.softplus(self.base(whole))
        place = inputs["naming_of"] * len(NAMED) + inputs["track"]
        count = tf.shape(base)[0]
        loud = tf.math.unsorted_segment_sum(tf.nn.softplus(asks), place, count * len(NAMED))
        tracks, machine_learning = tf.split(tf.reshape(loud, [count, len(NAMED)]), [3, 1], axis=1)
        # Noisy-or: -log(1 - p) adds up over the namings and the posting's own base rate.
        total = tf.minimum(tracks + base, 30.0)
        # The tracks tell of the role, but what is known of the role is no lesson on the tracks.
        told = tf.math.log1p(tf.concat([tf.stop_gradient(tracks), machine_learning], axis=1))
        role = self.role(tf.concat([seen, told], axis=1))
        return tf.concat([role, tf.math.log(tf.math.expm1(total) + 1e-6)], axis=1), asks

    def _ask(self, inputs: Mapping[str, Any], whole: Any, training: bool) -> Any:
        """The logit of each naming (m,)."""
        words = inputs["words"]
        real = tf.cast(words > 0, tf.float32)[:, :, None]
        read = self.word_drop(self.words(words), training=training) * real
        told = tf.reduce_max(self.convolution(_threes(read)) * real, axis=1)
        named = tf.cast(inputs["cues"] > 0, tf.float32)[:, :, None]
        cues = tf.reduce_sum(self.cues(inputs["cues"]) * named, axis=1)
        worth = tf.reduce_max(self.worth(inputs["cues"])[:, :, 0] - 1e3 * (1 - named[:, :, 0]), axis=1)
        track = tf.one_hot(inputs["track"], len(NAMED))
        around = [inputs["near"], inputs["before"], inputs["after"], tf.gather(whole, inputs["naming_of"]), track]
        hidden = self.naming(self.drop(tf.concat([told, cues, *around], axis=1), training=training))
        return self.ask(self.drop(hidden, training=training))[:, 0] + worth

    def _whole(self, inputs: Mapping[str, Any], training: bool) -> tuple[Any, Any]:
        """What tells of ml_role in a posting as a whole (b, :), and what it says of everything (b, whole)."""
        tokens, dense, owner = inputs["tokens"], inputs["dense"], inputs["window_of"]
        first = tf.concat([[True], owner[1:] != owner[:-1]], axis=0)
        mean = self.word_drop(self._means(tokens)[:, None], training=training)[:, 0]
        seen = self.drop(self.window(tf.concat([mean, dense], axis=1)), training=training)
        title = tf.boolean_mask(tokens, first)
        real = tf.cast(title > 0, tf.float32)[:, :, None]
        words = self.word_drop(self.words(title), training=training) * real
        titles = tf.reduce_max(self.title(words) * real, axis=1)
        gaze = tf.exp(tf.clip_by_value(self.gaze(seen), -8.0, 8.0))
        looked = tf.math.segment_sum(gaze * seen, owner) / tf.math.segment_sum(gaze, owner)
        parts = [
            looked,
            tf.math.segment_max(seen, owner),
            tf.math.log1p(tf.math.segment_sum(dense[:, :CONTEXT], owner)),
            tf.boolean_mask(dense, first),
            titles,
        ]
        whole = self.drop(self.whole(self.drop(tf.concat(parts, axis=1), training=training)), training=training)
        return tf.concat([whole, looked, titles], axis=1), whole

    def _means(self, tokens: Any) -> Any:
        """The mean vector of each window's words (n, word_size), shrunk for short ones. Most of a window is padding, so
        only the words themselves are looked up."""
        places = tf.where(tokens > 0)
        count = tf.shape(tokens, out_type=tf.int64)[0]
        total = tf.math.unsorted_segment_sum(self.words(tf.gather_nd(tokens, places)), places[:, 0], count)
        return total / (tf.reduce_sum(tf.cast(tokens > 0, tf.float32), axis=1, keepdims=True) + 1.0)


def _threes(words: Any) -> Any:
    """Each word with its neighbours, (m, TOKENS, 3 * size). A dense layer over it is a convolution of width 3;
    TensorFlow's own (2.21, CPU) gets the shape wrong when there are no namings at all."""
    padded = tf.pad(words, [[0, 0], [1, 1], [0, 0]])
    return tf.concat([padded[:, :-2], words, padded[:, 2:]], axis=2)


def build(shape: Shape) -> TrackModel:
    """A network with fresh weights (set `keras.utils.set_random_seed` before)."""
    from nlp.tracks.features import windows

    model = TrackModel(shape)
    model(tensors([windows("computer vision and nlp", "x", [(0, 23)], {})]))
    return model
