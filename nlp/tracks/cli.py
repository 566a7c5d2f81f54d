"""`skilldemand train`, `evaluate`, `models` and `label`: the classifier's life."""

from pathlib import Path
from typing import Annotated, Any

import typer

from crawler import console
from nlp.tracks.names import GUIDE

LabelsOption = Annotated[
    list[Path] | None, typer.Option("--labels", help="JSON Lines file of labelled postings; the store by default.")
]
DefinitionOption = Annotated[str, typer.Option("--definition", help="Name of the definition the labels follow.")]

models_app = typer.Typer(help="List, show, promote and roll back track models.", no_args_is_help=True)


def train(
    labels: LabelsOption = None,
    data: console.DataOption = console.DEFAULT_DATA,
    definition: DefinitionOption = GUIDE,
    from_scratch: Annotated[bool, typer.Option("--from-scratch", help="Fresh weights.")] = False,
    warm: Annotated[
        str | None, typer.Option("--warm", help="Model to start from; the promoted one by default.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and labels give the same weights.")] = 1,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="8 from scratch; warm 4 to 20, more the fewer labels.")
    ] = None,
    folds: Annotated[int, typer.Option(min=0, max=20, help="Calibrate across so many folds.")] = 0,
    backbone: Annotated[Path | None, typer.Option(help="keras-hub preset to fine-tune (extra: transformer).")] = None,
    tensorboard: Annotated[Path | None, typer.Option(help="Folder for TensorBoard logs.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the model instead of the registry.")] = None,
    json: console.JsonOption = False,
) -> None:
    """Train the track classifier on labels; the new model tags nothing until it is promoted.

    Example: skilldemand train --labels labels.jsonl --tensorboard logs
    """
    with console.errors():
        from nlp.tracks import run

        ask = run.Ask(data, labels or (), definition, from_scratch, warm, seed, epochs, folds, tensorboard, backbone)
        made = run.train(ask, out, console.say)
        if json:
            console.emit_json({"model_id": made.bundle.model_id, "folder": str(made.folder), **made.report})
        else:
            _table(made.report, f"model {made.bundle.model_id} in {made.folder}")
        console.say(f"to tag with it: skilldemand models promote {made.bundle.model_id}")


def evaluate(
    model: Annotated[
        str | None, typer.Argument(help="Model id, folder or `shipped`; the promoted one by default.")
    ] = None,
    labels: LabelsOption = None,
    data: console.DataOption = console.DEFAULT_DATA,
    definition: DefinitionOption = GUIDE,
    part: Annotated[str, typer.Option(help="test, dev, train or all. Looks at test are counted.")] = "dev",
    out: Annotated[Path | None, typer.Option(help="Write OUT.html and OUT.json.")] = None,
    json: console.JsonOption = False,
) -> None:
    """Score a model on labels: F1 with intervals, curves, calibration, confusion by source and year, worst errors.

    Example: skilldemand evaluate shipped --labels labels.jsonl --part test --out evaluation
    """
    with console.errors():
        from nlp.tracks import run

        report = run.evaluate(data, labels or (), model, definition, part, out, console.say)
        if json:
            console.emit_json(report)
        else:
            _table(report, f"model {report['model_id']} on the part {part}")


def _table(report: dict[str, Any], title: str) -> None:
    rows = []
    for view, scores in report["views"].items():
        for head in report["heads"]:
            row = scores[head]
            rows.append((view, head, row["precision"], row["recall"], row["f1"], *row["f1_interval"], row["ece"]))
        rows.append((view, "mean F1 of the tracks", "", "", scores["macro_f1"], "", "", ""))
    console.emit_table(("postings", "label", "precision", "recall", "F1", "from", "to", "ECE"), rows, title)


@models_app.command("list")
def list_models(data: console.DataOption = console.DEFAULT_DATA, json: console.JsonOption = False) -> None:
    """List the models and which of them tags.

    Example: skilldemand models list
    """
    with console.errors():
        from nlp.tracks import run

        rows = run.models(data)
        if json:
            console.emit_json(rows)
        else:
            columns = ("name", "model_id", "definition", "promoted", "postings", "macro_f1")
            console.emit_table(columns, [[row.get(column, "") for column in columns] for row in rows])


@models_app.command("show")
def show_model(
    name: Annotated[str, typer.Argument(help="Model id, the start of one, or `shipped`.")],
    data: console.DataOption = console.DEFAULT_DATA,
) -> None:
    """Print everything that is known about a model, as JSON.

    Example: skilldemand models show shipped
    """
    with console.errors():
        from nlp.tracks import run

        console.emit_json(run.show(data, name))


@models_app.command("promote")
def promote_model(
    name: Annotated[str, typer.Argument(help="Model id, the start of one, or `shipped`.")],
    labels: LabelsOption = None,
    data: console.DataOption = console.DEFAULT_DATA,
    definition: DefinitionOption = GUIDE,
    force: Annotated[str | None, typer.Option(help="Reason to promote it regardless; it is recorded.")] = None,
) -> None:
    """Make a model the one that tags, unless it is worse on the definition's test postings.

    Example: skilldemand models promote 4f2a --labels labels.jsonl
    """
    with console.errors():
        from nlp.tracks import run

        console.emit_json(run.promote(data, name, labels or (), definition, force, console.say))
        console.say("run `skilldemand tag` to tag with it")


@models_app.command("rollback")
def rollback_model(data: console.DataOption = console.DEFAULT_DATA, definition: DefinitionOption = GUIDE) -> None:
    """Take the last promotion back.

    Example: skilldemand models rollback
    """
    with console.errors():
        from nlp.tracks.registry import Registry

        console.say(f"the model that tags is now {Registry.of(data).rollback(definition)}")


def label(
    data: console.DataOption = console.DEFAULT_DATA,
    definition: DefinitionOption = GUIDE,
    labeller: Annotated[str, typer.Option("--as", envvar="USER", help="Who labels.")] = "me",
    size: Annotated[int, typer.Option(min=1, help="Postings per batch; a fifth is drawn at random.")] = 20,
    model: Annotated[str | None, typer.Option(help="Model that chooses; the promoted one by default.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the choice.")] = 1,
    load: Annotated[
        Path | None, typer.Option("--import", help="Labels to take: Label Studio's JSON, or JSON Lines.")
    ] = None,
    export: Annotated[Path | None, typer.Option("--export", help="Label Studio JSON to write.")] = None,
    agreement: Annotated[bool, typer.Option("--agreement", help="Only say how far labellers agree.")] = False,
    gain: Annotated[bool, typer.Option(help="Say after the batch what the labels gained.")] = True,
) -> None:
    """Label the postings that teach most, in the terminal with one key per answer; leave and resume at any time.

    Example: skilldemand label --as ada --size 20
    """
    with console.errors():
        from nlp.tracks import labelling

        if load is not None or export is not None:
            console.say(f"{labelling.exchange(data, definition, labeller, load, export)} labels or tasks")
        elif agreement:
            columns = ("first", "second", "column", "postings", "agreed", "kappa", "f1")
            rows = [[getattr(row, name) for name in columns] for row in labelling.agreement(data, definition)]
            console.emit_table(columns, rows)
        elif labelling.label(data, definition, labeller, size, seed, model, console.say) and gain:
            labelling.gain(data, definition, console.say)


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(train)
    app.command()(evaluate)
    app.command()(label)
    app.add_typer(models_app, name="models")
