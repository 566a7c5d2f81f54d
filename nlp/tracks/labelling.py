"""What `skilldemand label` does: the queue, what labels gained, agreement, Label Studio; each in one function."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from crawler.errors import EmptyError, InputError
from crawler.store import Store
from nlp.tracks import labels as labelled
from nlp.tracks.bundle import read
from nlp.tracks.registry import Registry
from nlp.tracks.train import Options

Tell = Callable[[str], None]


def label(data: str, definition: str, labeller: str, size: int, seed: int, model: str | None, tell: Tell) -> int:
    """One batch of the labelling queue in the terminal; returns how many postings were labelled."""
    from nlp.tracks import labelstore, session, terminal
    from nlp.tracks.predict import TrackTagger

    store, registry = Store(data), Registry.of(data)
    tagger = TrackTagger(read(registry.folder(model) if model else registry.promoted(definition)))
    state = registry.root / f"queue-{_plain(definition)}-{_plain(labeller)}.json"
    picks = session.batch(store, tagger, definition, labeller, size, seed, state)
    keys = [(pick.posting_id, pick.content_hash) for pick in picks]
    rows = labelstore.read_texts(store, keys)
    kept = [pick for pick, key in zip(picks, keys, strict=True) if key in rows]
    results = dict(zip(rows, tagger.predict([session.item(row) for row in rows.values()]), strict=True))
    done = terminal.label(store, kept, rows, results, definition, labeller, _desk())
    tell(f"{done} postings labelled, {len(kept) - done} left in this batch")
    return done


def _plain(name: str) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in name)


def _desk() -> Any:
    """Keys from the terminal without Enter; from a pipe, every character but line ends is a key."""
    from rich.console import Console

    from nlp.tracks.terminal import Desk, scripted

    console = Console()
    if sys.stdin.isatty():
        import click

        return Desk(click.getchar, input, console.print)
    signs = (sign for line in sys.stdin for sign in line.rstrip("\n"))
    return Desk(scripted(signs), lambda: "", console.print)


def gain(data: str, definition: str, tell: Tell) -> dict[str, float] | None:
    """What the labels of a definition teach: mean F1 across folds of the model that tags, and after a warm start.

    None while there are too few labels to say.
    """
    from nlp.tracks import labelstore, learning

    registry = Registry.of(data)
    try:
        examples, _ = labelstore.read_examples(Store(data), definition)
        labelled.usable(examples)
    except (InputError, EmptyError) as short:
        tell(f"what the labels gained can't be said yet: {short}")
        return None
    base = read(registry.promoted(definition))
    return learning.gain(examples, base, Options(definition=definition), tell)


def agreement(data: str, definition: str) -> Iterator[Any]:
    """Rows of `agreement.Agreement` for every two labellers and each column."""
    from nlp.tracks import agreement as compared
    from nlp.tracks import labelstore

    judged = labelstore.read_judged(Store(data), definition)
    yield from compared.agreement(labelstore.by_labeller(judged))


def exchange(data: str, definition: str, labeller: str, load: Path | None, export: Path | None) -> int:
    """Import labels from JSON Lines or Label Studio's JSON, or export to the latter; the number of labels or tasks.

    Raises:
        InputError: a label can't be taken; JSON Lines' other labels are stored all the same.
    """
    from nlp.tracks import labelrows, labelstore, labelstudio

    store = Store(data)
    if load is not None and load.suffix != ".json":
        judged, wrong = labelrows.load(store, load, definition, labeller)
        labelstore.append(store, judged)
        if wrong:
            raise InputError(f"{wrong[0]} ({len(wrong):,} labels left out like it, {len(judged):,} stored)")
        return len(judged)
    if load is not None:
        judged = labelstudio.load(load, definition, labeller)
        known = labelstore.read_texts(store, {one.key for one in judged})
        missing = next((one.posting_id for one in judged if one.key not in known), None)
        if missing:
            raise InputError(f"{load}: posting {missing} is not in the store {data}; import or crawl it first")
        labelstore.append(store, judged)
        return len(judged)
    if export is None:
        raise InputError("nothing to do: name --import FILE or --export FILE")
    judged = labelstore.read_judged(store, definition)
    rows = labelstore.read_texts(store, {one.key for one in judged}) if judged else labelstore.read_texts(store)
    return labelstudio.export(rows, judged, export)
