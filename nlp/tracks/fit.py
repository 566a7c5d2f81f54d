"""The epochs: one network, one optimizer, the same weights for the same seed; an interrupt keeps the last epoch."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.tracks.features import FIRST_WORD, Posting
from nlp.tracks.quiet import hush

AT_ONCE = 16
"""Postings per step."""
ASKED = 0.3
"""Weight of what is known of single namings, against what is known of whole postings."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What to fit: `members` networks, `start` the weights that each begins with (none: fresh ones), `vectors` rows for
    the word table of a fresh network."""

    shape: Any
    epochs: int
    rate: float
    seed: int
    start: Sequence[Sequence[NDArray[Any]]] = ()
    vectors: NDArray[np.float32] | None = None
    tensorboard: Path | None = None
    members: int = 1

    def member(self, number: int) -> "Plan":
        """The plan of one network: seeds differ, so that their errors do."""
        logs = self.tensorboard / f"member{number + 1}" if self.tensorboard and self.members > 1 else self.tensorboard
        start = self.start[number : number + 1]
        return replace(self, seed=self.seed + number, start=start, tensorboard=logs, members=1)


def fit(
    postings: Sequence[Posting],
    truth: NDArray[np.float32],
    asked: Sequence[NDArray[np.float32]],
    plan: Plan,
    tell: Callable[[str], None],
) -> tuple[list[NDArray[np.float32]], bool]:
    """Fit one network to postings and their labels; `plan` is a member's.

    Args:
        truth: (n, 4) in [0, 1]; NaN where nobody knows.
        asked: for each posting, whether each of its namings asks for its track (m,); NaN where nobody knows.

    Returns:
        The weights (an exponential average over the last steps), and whether all epochs were run: after a
        KeyboardInterrupt they are those of the last whole epoch.
    """
    hush()
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(plan.seed)
    tf.config.experimental.enable_op_determinism()
    network = _network(plan)
    step = _Step(network, plan, steps=plan.epochs * max(1, len(postings) // AT_ONCE))
    writer = tf.summary.create_file_writer(str(plan.tensorboard)) if plan.tensorboard else None
    rng = np.random.default_rng(plan.seed)
    kept = network.get_weights()
    for epoch in range(plan.epochs):
        began = time.monotonic()
        try:
            loss = float(
                np.mean([step(postings, truth, asked, some) for some in _steps(rng.permutation(len(postings)))])
            )
        except KeyboardInterrupt:
            tell(f"interrupted in epoch {epoch + 1}: keeping the weights of epoch {epoch}")
            return kept, False
        kept = step.average()
        tell(f"epoch {epoch + 1}/{plan.epochs}: loss {loss:.4f}, {time.monotonic() - began:.0f} s")
        if writer:
            with writer.as_default(step=epoch):
                tf.summary.write("loss", loss, metadata=_scalars())
            writer.flush()
    return kept, True


def _scalars() -> Any:
    """What tells TensorBoard that a value is a scalar; tf.summary.scalar would need TensorBoard itself here."""
    import tensorflow as tf

    made = tf.compat.v1.SummaryMetadata(plugin_data=tf.compat.v1.SummaryMetadata.PluginData(plugin_name="scalars"))
    made.data_class = 1
    return made


def _network(plan: Plan) -> Any:
    from nlp.tracks import model

    network = model.build(plan.shape)
    if plan.start:
        network.set_weights(list(plan.start[0]))
    elif plan.vectors is not None:
        table = network.words.get_weights()[0]
        table[FIRST_WORD:] = plan.vectors
        network.words.set_weights([table])
    return network


def _steps(order: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Steps of AT_ONCE postings; a rest of fewer than half is left to the next epoch's shuffle."""
    cuts = [order[at : at + AT_ONCE] for at in range(0, len(order), AT_ONCE)]
    return cuts[:-1] if len(cuts) > 1 and len(cuts[-1]) < AT_ONCE // 2 else cuts


def _known_loss(truth: Any, logits: Any) -> Any:
    """Mean cross entropy over what is known."""
    import tensorflow as tf

    known = tf.cast(~tf.math.is_nan(truth), tf.float32)
    loss = tf.nn.sigmoid_cross_entropy_with_logits(tf.where(known > 0, truth, 0.0), logits)
    return tf.reduce_sum(loss * known) / tf.maximum(tf.reduce_sum(known), 4.0)


class _Step:
    """One step of gradient descent; keeps an exponential average of the weights."""

    def __init__(self, network: Any, plan: Plan, steps: int) -> None:
        import keras
        import tensorflow as tf

        self._network = network
        rate = keras.optimizers.schedules.CosineDecay(plan.rate, max(1, steps))
        self._optimizer = keras.optimizers.AdamW(rate, weight_decay=0.02, clipnorm=1.0)
        self._optimizer.build(network.trainable_variables)
        self._average = [tf.Variable(variable.numpy(), trainable=False) for variable in network.trainable_variables]
        self._taken = tf.Variable(0.0, trainable=False)
        self._constant = tf.constant
        from nlp.tracks import model

        known = [tf.TensorSpec([None, 4], tf.float32), tf.TensorSpec([None], tf.float32)]
        self._run = tf.function(self._gradient, input_signature=[model.signature(), *known])

    def _gradient(self, inputs: Any, truth: Any, asked: Any) -> Any:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            logits, asks = self._network(inputs, training=True)
            loss = _known_loss(truth, logits) + ASKED * _known_loss(asked, asks)
        variables = self._network.trainable_variables
        self._optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        taken = self._taken.assign_add(1.0)
        pace = tf.minimum(0.98, taken / (taken + 10.0))
        for average, variable in zip(self._average, variables, strict=True):
            average.assign_add((1.0 - pace) * (variable - average))
        return loss

    def __call__(
        self,
        postings: Sequence[Posting],
        truth: NDArray[np.float32],
        asked: Sequence[NDArray[np.float32]],
        some: NDArray[np.int64],
    ) -> float:
        from nlp.tracks import model

        laid = model.tensors([postings[i] for i in some])
        namings = np.concatenate([asked[i] for i in some])
        inputs = {name: self._constant(array) for name, array in laid.items()}
        return float(self._run(inputs, self._constant(truth[some]), self._constant(namings)))

    def average(self) -> list[NDArray[np.float32]]:
        """The averaged weights, in the order of `network.get_weights()`."""
        return [average.numpy() for average in self._average]
