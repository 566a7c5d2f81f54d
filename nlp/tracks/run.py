"""What the commands of the classifier do: train, evaluate, promote, and the labelling queue, each in one function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from crawler.errors import EmptyError, InputError, ModelError
from crawler.store import Store
from nlp.tracks import labels as labelled
from nlp.tracks.bundle import Bundle, read, save
from nlp.tracks.labels import Example
from nlp.tracks.names import GUIDE
from nlp.tracks.registry import SHIPPED_NAME, Registry
from nlp.tracks.train import Options

Tell = Callable[[str], None]
TAUGHT = 3_000
"""Unlabelled postings that a backbone labels for the small model."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What the user asks `train` for; the fields are the command's options. `files` empty means the store's labels."""

    data: str
    files: Sequence[Path] = ()
    definition: str = GUIDE
    from_scratch: bool = False
    warm: str | None = None
    seed: int = 1
    epochs: int | None = None
    folds: int = 0
    tensorboard: Path | None = None
    backbone: Path | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """A new model, where it lies, and its scores on the development postings that it did not see."""

    bundle: Bundle
    folder: Path
    report: dict[str, Any]


def examples_of(data: str, files: Sequence[Path], definition: str, tell: Tell) -> list[Example]:
    """Labelled postings of files, or of the store's table of labels.

    Raises:
        InputError, EmptyError: see `labels.read_files` and `labelstore.read_examples`.
    """
    if files:
        return labelled.read_files(files, tell)
    from nlp.tracks import labelstore

    found, torn = labelstore.read_examples(Store(data), definition)
    if torn:
        tell(f"{torn} postings were left out: their labellers contradict each other")
    return found


def train(ask: Ask, out: Path | None, tell: Tell) -> Trained:
    """Train a model and keep it in the data folder's registry, or write it to `out`. Nothing is promoted.

    Raises:
        InputError, EmptyError: labels that can't be learned from.
        ModelError: the model to start from can't be read, or the folder can't be written.
    """
    from nlp.tracks import train as training

    if ask.from_scratch and ask.warm:
        raise InputError("--from-scratch and --warm exclude each other; give one of them")
    registry = Registry.of(ask.data)
    base = None if ask.from_scratch else registry.folder(ask.warm) if ask.warm else registry.promoted(ask.definition)
    examples = examples_of(ask.data, ask.files, ask.definition, tell)
    _writable(out or registry.root)
    options = Options(base, ask.definition, ask.seed, ask.epochs, ask.folds, ask.tensorboard)
    if ask.backbone is not None:
        from nlp.tracks import backbone

        pool = _unlabelled(ask.data, examples)
        options = replace(options, lessons=backbone.lessons(str(ask.backbone), examples, pool, options, tell))
    bundle = training.train(examples, options, tell)
    folder, report = keep(bundle, examples, out or registry.root, registry.root if out is None else None)
    return Trained(bundle, folder, report)


def _unlabelled(data: str, examples: Sequence[Example]) -> list[Example]:
    """Postings of the store that no label speaks of, at most TAUGHT, those with the smallest hash of the id."""
    from nlp.tracks import labelstore, splits

    store = Store(data)
    if not store.exists(labelstore.POSTINGS):
        return []
    known = {example.id for example in examples}
    rows = [row for key, row in labelstore.read_texts(store).items() if key[0] not in known and row["description"]]
    rows.sort(key=lambda row: splits.share(row["posting_id"], "taught"))
    return [labelstore.as_example(row, (0, 0, 0, 0)) for row in rows[:TAUGHT]]


def keep(bundle: Bundle, examples: Sequence[Example], folder: Path, root: Path | None) -> tuple[Path, dict[str, Any]]:
    """Score a new model and write it with its card into `folder`, or into a folder of its own under `root`.

    The development postings score it; with folds it was trained on them, and where there are few labels there may be
    none: then the test postings do, which does not count as a look, since nothing can be chosen by it.
    """
    from nlp.tracks import card, evaluate

    part = "test" if "dev" in bundle.card.get("trained_on", ()) else "dev"
    try:
        chosen = evaluate.select(examples, part, bundle.definition)
    except EmptyError:
        part, chosen = "all", list(examples)
    report = {**evaluate.evaluate(bundle, chosen), "part": part}
    bundle = bundle.with_card(scores={"part": part, **report["views"]})
    folder = folder if root is None else root / bundle.model_id
    save(bundle, folder)
    card.write(bundle, report, folder)
    return folder, report


def _writable(folder: Path) -> None:
    """Find out before an hour of training, not after.

    Raises:
        ModelError: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".probe"
        probe.touch()
        probe.unlink()
    except OSError as exc:
        raise ModelError(f"{folder}: can't be written ({exc.strerror or exc}); choose another folder") from exc


def evaluate(
    data: str, files: Sequence[Path], model: str | None, definition: str, part: str, out: Path | None, tell: Tell
) -> dict[str, Any]:
    """Score a model (the one that tags by default) on labels; writes OUT.html and OUT.json where `out` is given.

    A look at the test part is counted in the registry.
    """
    import json

    from nlp.tracks import evaluate as evaluation
    from nlp.tracks.bundle import replace_file

    registry = Registry.of(data)
    bundle = read(registry.folder(model) if model else registry.promoted(definition))
    chosen = evaluation.select(examples_of(data, files, definition, tell), part, definition)
    report = {**evaluation.evaluate(bundle, chosen), "part": part}
    if part in bundle.card.get("trained_on", ()) and bundle.definition == definition:
        tell(f"the model was trained on the part {part}: these figures flatter it; --part test does not")
    if part in ("test", "all"):
        looks = registry.look(definition, f"evaluate {bundle.model_id}")
        tell(f"look {looks} at the test postings of {definition}")
    if out is not None:
        evaluation.write_html(report, out.with_suffix(".html"))
        replace_file(out.with_suffix(".json"), (json.dumps(report, ensure_ascii=False, indent=1) + "\n").encode())
    return report


def models(data: str) -> list[dict[str, Any]]:
    """One row per model: name, model_id, definition, whether it tags, and its scores when it was made."""
    registry = Registry.of(data)
    promoted = registry.state()["promoted"]
    rows = []
    for name in registry.names():
        try:
            bundle = read(registry.folder(name))
        except ModelError as why:
            rows.append({"name": name, "model_id": "", "definition": "", "promoted": "", "unusable": str(why)})
            continue
        scores = bundle.card.get("scores", {}).get("all", {})
        tags = [definition for definition, model in promoted.items() if model == name]
        if name == SHIPPED_NAME and GUIDE not in promoted:
            tags.append(GUIDE)
        rows.append(
            {
                "name": name,
                "model_id": bundle.model_id,
                "definition": bundle.definition,
                "promoted": ", ".join(tags),
                "postings": scores.get("postings"),
                "macro_f1": scores.get("macro_f1"),
            }
        )
    return rows


def show(data: str, name: str) -> dict[str, Any]:
    """Everything that is known about a model, with its history in this data folder."""
    registry = Registry.of(data)
    folder = registry.folder(name)
    bundle = read(folder)
    history = [row for row in registry.state()["history"] if row["model"] in (name, bundle.model_id)]
    return {
        "model_id": bundle.model_id,
        "folder": str(folder),
        "definition": bundle.definition,
        "shape": dict(bundle.shape),
        "thresholds": dict(bundle.thresholds),
        "calibration": {head: list(line) for head, line in bundle.calibration.items()},
        "card": dict(bundle.card),
        "looks": registry.looks(bundle.definition),
        "history": history,
    }


def promote(
    data: str, name: str, files: Sequence[Path], definition: str, force: str | None, tell: Tell
) -> dict[str, Any]:
    """Make a model the one that tags, if it is not inferior (see `promote.promote`)."""
    from nlp.tracks import promote as promotion

    try:
        examples = examples_of(data, files, definition, tell)
    except EmptyError:
        if force is None:
            raise
        examples = []
    return promotion.promote(Registry.of(data), name, examples, definition, force)
