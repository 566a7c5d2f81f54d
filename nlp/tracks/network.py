"""Between bundles and networks: building, logits over many postings, and calibrated probabilities."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.errors import ModelError
from nlp.tracks.bundle import Bundle
from nlp.tracks.features import Posting
from nlp.tracks.names import HEADS
from nlp.tracks.quiet import hush

AT_ONCE = 32
"""Postings per call: more gains nothing on one core."""


def restore(bundle: Bundle) -> list[Any]:
    """The networks of a bundle (`model.TrackModel`): its weights are those of one network after the other.

    Raises:
        ModelError: the weights do not fit the shape.
    """
    hush()
    from nlp.tracks import model

    networks = [model.build(model.Shape(**bundle.shape))]
    size = len(networks[0].get_weights())
    networks += [model.build(networks[0].shape) for _ in range(size, len(bundle.weights), size)]
    try:
        for number, network in enumerate(networks):
            network.set_weights(list(bundle.weights[number * size : (number + 1) * size]))
    except ValueError as exc:
        raise ModelError("the model's weights do not fit its shape; copy or train it anew") from exc
    return networks


class Reader:
    """Runs networks over postings and averages their logits, compiled once for any number of windows."""

    def __init__(self, networks: Sequence[Any]) -> None:
        import tensorflow as tf

        from nlp.tracks import model

        def mean(inputs: Any) -> tuple[Any, Any]:
            said = [network(inputs) for network in networks]
            return tuple(tf.add_n(list(logits)) / len(networks) for logits in zip(*said, strict=True))

        self._call = tf.function(mean, input_signature=[model.signature()])
        self._constant = tf.constant

    def logits(self, postings: Sequence[Posting]) -> tuple[NDArray[np.float32], list[NDArray[np.float32]]]:
        """Logits of the postings (b, 4), and of each posting's namings (m,)."""
        from nlp.tracks import model

        wholes, parts = [np.zeros((0, len(HEADS)), np.float32)], []
        for at in range(0, len(postings), AT_ONCE):
            some = postings[at : at + AT_ONCE]
            tensors = {name: self._constant(array) for name, array in model.tensors(some).items()}
            whole, namings = (np.asarray(out) for out in self._call(tensors))
            wholes.append(whole)
            parts += np.split(namings, np.cumsum([len(posting.words) for posting in some])[:-1])
        return np.concatenate(wholes), parts


def probabilities(logits: NDArray[np.float32], bundle: Bundle) -> NDArray[np.float64]:
    """Calibrated probabilities (b, 4) of posting logits (b, 4)."""
    slopes = np.array([bundle.calibration[head] for head in HEADS])
    return sigmoid(logits * slopes[:, 0] + slopes[:, 1])


def sigmoid(x: NDArray[Any]) -> NDArray[np.float64]:
    """1 / (1 + exp(-x)) without overflow."""
    wide: NDArray[np.float64] = np.clip(np.asarray(x, np.float64), -40.0, 40.0)
    out: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-wide))
    return out
