"""The classifier: multiple-instance learning over the windows of a posting, in Keras on TensorFlow.

Each window is read by a small convolution over its words, by the cues it holds and by where it stands; each track
gets a probability per window, and a posting's is the noisy-or over its windows, shifted by what the whole posting says.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from nlp.tracks.features import WIDTH, Posting

HEADS = ("ml_role", "computer_vision", "nlp", "sequence_modeling")
COUNTS = 15
"""The first dense numbers of a window are its cue counts per track and tier."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the network; `words` and `cues` are the rows of the two embedding tables."""

    words: int
    cues: int
    word_size: int = 64
    filters: int = 96
    cue_size: int = 24
    hidden: int = 96
    dropout: float = 0.3

    def as_json(self) -> dict[str, Any]:
        """For the metadata; `Shape(**shape.as_json())` is the same shape."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Batch:
    """Postings laid end to end; n windows of b postings.

    tokens (n, TOKENS), cues (n, CUES) and owner (n,) int32, dense (n, WIDTH) float32; owner counts from 0 and rises.
    """

    tokens: NDArray[np.int32]
    cues: NDArray[np.int32]
    dense: NDArray[np.float32]
    owner: NDArray[np.int32]
    size: int

    def tensors(self) -> dict[str, Any]:
        """The network's input."""
        return {"tokens": self.tokens, "cues": self.cues, "dense": self.dense, "owner": self.owner}


def batch(postings: Sequence[Posting]) -> Batch:
    """Lay postings end to end."""
    return Batch(
        np.concatenate([posting.tokens for posting in postings]),
        np.concatenate([posting.cues for posting in postings]),
        np.concatenate([posting.dense for posting in postings]),
        np.repeat(np.arange(len(postings), dtype=np.int32), [len(posting.tokens) for posting in postings]),
        len(postings),
    )


class TrackModel(keras.Model):  # type: ignore[misc]
    """Input: `Batch.tensors()`. Output: posting logits (b, 4) in the order of HEADS and window logits (n, 3)."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        layers = keras.layers
        self.shape = shape
        self.words = layers.Embedding(shape.words, shape.word_size, embeddings_initializer="normal", name="words")
        self.cues = layers.Embedding(shape.cues, shape.cue_size, embeddings_initializer="normal", name="cues")
        self.convolution = layers.Conv1D(shape.filters, 3, padding="same", activation="relu", name="convolution")
        self.window = layers.Dense(shape.hidden, activation="relu", name="window")
        self.whole = layers.Dense(48, activation="relu", name="whole")
        self.joint = layers.Dense(64, activation="relu", name="joint")
        self.ask = layers.Dense(3, bias_initializer=keras.initializers.Constant(-4.0), name="ask")
        self.gaze = layers.Dense(1, name="gaze")
        self.role = layers.Dense(1, name="role")
        self.shift = layers.Dense(3, kernel_initializer="zeros", name="shift")
        self.drop = layers.Dropout(shape.dropout, seed=7)
        self.word_drop = layers.SpatialDropout1D(0.1, seed=8)

    def call(self, inputs: Mapping[str, Any], training: bool = False) -> tuple[Any, Any]:
        """Logits of the postings (b, 4) and of the windows (n, 3)."""
        owner = inputs["owner"]
        seen = self._read(inputs, training)
        whole, titles = self._whole(seen, inputs["dense"], owner)
        whole = self.drop(self.whole(whole), training=training)
        inner = tf.cast(owner[1:] == owner[:-1], seen.dtype)[:, None]
        before = tf.pad(seen[:-1] * inner, [[1, 0], [0, 0]])
        after = tf.pad(seen[1:] * inner, [[0, 1], [0, 0]])
        joint = self.joint(tf.concat([seen, before, after, tf.gather(whole, owner)], axis=1))
        asks = self.ask(self.drop(joint, training=training))
        quiet = tf.math.segment_sum(-tf.nn.softplus(asks), owner)
        some = tf.math.log(tf.math.expm1(tf.minimum(-quiet, 30.0)) + 1e-6)
        gaze = tf.exp(tf.clip_by_value(self.gaze(seen), -8.0, 8.0))
        looked = tf.math.segment_sum(gaze * seen, owner) / tf.math.segment_sum(gaze, owner)
        role = self.role(tf.concat([looked, titles, whole], axis=1))
        return tf.concat([role, some + self.shift(whole)], axis=1), asks

    def _read(self, inputs: Mapping[str, Any], training: bool) -> Any:
        """Each window by itself: (n, hidden)."""
        tokens = inputs["tokens"]
        real = tf.cast(tokens > 0, tf.float32)[:, :, None]
        words = self.word_drop(self.words(tokens), training=training) * real
        told = tf.reduce_max(self.convolution(words) * real, axis=1)
        mean = tf.reduce_sum(words, axis=1) / (tf.reduce_sum(real, axis=1) + 1.0)
        cues = tf.reduce_sum(self.cues(inputs["cues"]) * tf.cast(inputs["cues"] > 0, tf.float32)[:, :, None], axis=1)
        return self.drop(self.window(tf.concat([told, mean, cues, inputs["dense"]], axis=1)), training=training)

    def _whole(self, seen: Any, dense: Any, owner: Any) -> tuple[Any, Any]:
        """What a posting says as a whole (b, …), and its title (b, hidden)."""
        first = tf.concat([[True], owner[1:] != owner[:-1]], axis=0)
        titles = tf.boolean_mask(seen, first)
        parts = [
            tf.math.segment_mean(seen, owner),
            tf.math.segment_max(seen, owner),
            tf.math.log1p(tf.math.segment_sum(dense[:, : WIDTH - 6], owner)),
            titles,
        ]
        return tf.concat(parts, axis=1), titles


def build(shape: Shape) -> TrackModel:
    """A network with fresh weights (set `keras.utils.set_random_seed` before)."""
    from nlp.tracks.features import windows

    model = TrackModel(shape)
    model(batch([windows("x", "x", [(0, 1)], {})]).tensors())
    return model
