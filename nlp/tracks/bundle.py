"""A trained classifier on disk: a folder with model.json, vocabulary.txt and weights.npz; nothing in it is code.

model.json       format, definition, shape, calibration, thresholds, how it was trained and how good it is
vocabulary.txt   one token a line; `features.rows_of` says which row of the embedding table each has
weights.npz      one array per weight, "00".."NN" in the network's order; float16, read without pickle
"""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from crawler.errors import ModelError
from nlp.tracks import cues
from nlp.tracks.names import HEADS

FORMAT = 2
SHIPPED = Path(__file__).with_name("data") / "model"


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a model is made of.

    `shape` are the arguments of `model.Shape`; `calibration` holds, per head, slope and offset of the logit;
    `thresholds` the probability from which a head says yes; `card` everything that is known but not needed to predict.
    """

    definition: str
    shape: Mapping[str, Any]
    vocabulary: Sequence[str]
    weights: Sequence[NDArray[Any]]
    calibration: Mapping[str, tuple[float, float]]
    thresholds: Mapping[str, float]
    card: Mapping[str, Any] = field(default_factory=dict)

    @property
    def model_id(self) -> str:
        """Hash of everything that changes a prediction; 12 hexadecimal digits."""
        digest = hashlib.sha256(json.dumps(_settings(self), sort_keys=True).encode())
        digest.update("\n".join(self.vocabulary).encode())
        for array in self.weights:
            digest.update(np.ascontiguousarray(array, np.float16).tobytes())
        return digest.hexdigest()[:12]

    def with_card(self, **more: Any) -> "Bundle":
        """The same model with more in its card."""
        return replace(self, card={**self.card, **more})


def cue_hash() -> str:
    """Hash of the cue lists; a model trained with other lists can't be used."""
    return hashlib.sha256(cues.DATA.read_bytes()).hexdigest()[:12]


def _settings(bundle: Bundle) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "definition": bundle.definition,
        "cues": cue_hash(),
        "shape": dict(bundle.shape),
        "calibration": {head: [round(float(x), 6) for x in bundle.calibration[head]] for head in HEADS},
        "thresholds": {head: round(float(bundle.thresholds[head]), 6) for head in HEADS},
    }


def save(bundle: Bundle, folder: Path) -> str:
    """Write a model, each file atomically, model.json last. Returns the model's id.

    Raises:
        ModelError: the folder can't be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        arrays: dict[str, Any] = {f"{n:02d}": a.astype(np.float16) for n, a in enumerate(bundle.weights)}
        np.savez_compressed(buffer, **arrays)
        replace_file(folder / "weights.npz", buffer.getvalue())
        replace_file(folder / "vocabulary.txt", ("\n".join(bundle.vocabulary) + "\n").encode())
        head = {"model_id": bundle.model_id, **_settings(bundle), "card": dict(bundle.card)}
        replace_file(folder / "model.json", (json.dumps(head, indent=1, ensure_ascii=False) + "\n").encode())
    except OSError as exc:
        raise ModelError(f"{folder}: can't write the model here ({exc.strerror or exc}); name another folder") from exc
    return bundle.model_id


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new content, never a part."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_bytes(content)
    part.replace(path)


def read(folder: Path) -> Bundle:
    """Read a model and check that it is whole and made for this program.

    Raises:
        ModelError: missing, truncated, of another format, or trained with other cue lists.
    """
    head = _head(folder / "model.json")
    try:
        vocabulary = (folder / "vocabulary.txt").read_text("utf-8").splitlines()
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            weights = [arrays[name].astype(np.float32) for name in sorted(arrays.files)]
    except (OSError, ValueError, zipfile.BadZipFile, EOFError, zipfile.zlib.error) as exc:  # type: ignore[attr-defined]
        raise ModelError(f"{folder}: the model's files are missing or damaged; copy or train it anew") from exc
    bundle = Bundle(
        head["definition"],
        head["shape"],
        vocabulary,
        weights,
        {name: (pair[0], pair[1]) for name, pair in head["calibration"].items()},
        head["thresholds"],
        head["card"],
    )
    if bundle.model_id != head["model_id"]:
        raise ModelError(f"{folder}: the weights are not those that model.json describes; copy or train it anew")
    return bundle


def _head(path: Path) -> dict[str, Any]:
    try:
        head = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as exc:
        raise ModelError(
            f"{path}: no model here, or a damaged one; name a folder written by `skilldemand train`"
        ) from exc
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        said = head.get("format") if isinstance(head, dict) else None
        raise ModelError(f"{path}: format {said}, but this version reads format {FORMAT}; train the model anew")
    if head.get("cues") != cue_hash():
        raise ModelError(f"{path}: trained with other cue lists than this version's; train the model anew")
    return head
