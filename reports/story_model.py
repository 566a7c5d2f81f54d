"""The model card: how far the classifier that decides roles and tracks can be trusted, measured on postings
kept aside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crawler.errors import ModelError
from reports import figures_more, theme
from reports.report import Part
from reports.sentences import Estimate, listed, plural, within
from reports.story import Material
from reports.tables import Column, Table, records

if TYPE_CHECKING:
    import pandas as pd

_NAMES = {"ml_role": "Machine-learning job"} | theme.TRACKS
_CARD = (
    Column("Decides", ("name",)), Column("Postings that are", ("yes",), "count"),
    Column("Precision", ("precision",), "number"), Column("Recall", ("recall",), "number"),
    Column("F1", ("value",), "number"), Column("95% interval", ("low", "high"), "ratios"),
    Column("Calibration error", ("ece",), "small"),
)  # fmt: skip


_ABOUT = (
    "Model {}, labels by the definition {}; trained on {}, none of an employer or text in the test. The postings were "
    "drawn to hold many of each track, so these figures do not estimate shares. The card describes the model that "
    "comes with this version; postings tagged earlier keep their tags until they are tagged again."
)


def card(material: Material) -> list[Part]:
    """F1 of each decision with its interval, from the card beside the shipped weights."""
    from nlp.tracks import bundle

    title = "Model card: how good the classifier is"
    try:
        read = bundle.read(bundle.SHIPPED)
    except ModelError as error:
        return [Part("model", title, f"The model's card cannot be read: {error}.")]
    test = read.card.get("test", {})
    table = scores(test)
    if not len(table):
        return [Part("model", title, f"Model {read.model_id} carries no measurement on postings kept aside.")]
    trained = plural(read.card.get("parts", {}).get("train", 0), "labelled posting")
    return [
        Part(
            "model", title, card_sentence(table, int(test["postings"])),
            figure=figures_more.marks(table, "F1 (1 is perfect) on postings kept aside", form=".2f"),
            table=Table("model", table.drop(columns=["hover", "colour", "symbol", "key", "label"]), _CARD),
            notes=[_ABOUT.format(read.model_id, read.definition, trained)],
        )
    ]  # fmt: skip


def scores(test: dict[str, Any]) -> pd.DataFrame:
    """A row per decision as `figures_more.marks` wants it; empty where the card has no intervals."""
    import pandas as pd

    rows = []
    for head, name in _NAMES.items():
        one = test.get(head, {})
        if {"yes", "precision", "recall", "f1", "f1_interval"} <= set(one):
            low, high = one["f1_interval"]
            rows.append(
                {
                    "key": f"tracks/{head if head in theme.TRACKS else 'any'}",  # that part holds their examples
                    "label": name, "name": name, "value": one["f1"], "low": low, "high": high,
                    "yes": one["yes"], "precision": one["precision"], "recall": one["recall"], "ece": one.get("ece"),
                    "colour": theme.LIGHT.get(head, theme.LIGHT["rest"]), "symbol": theme.SYMBOLS.get(head, "x"),
                    "hover": f"<b>{name}</b><br>F1 {one['f1']:.2f} (95% interval {low:.2f} to {high:.2f})<br>"
                             f"precision {one['precision']:.2f}, recall {one['recall']:.2f}",
                }
            )  # fmt: skip
    return pd.DataFrame(rows)


def card_sentence(table: pd.DataFrame, postings: int) -> str:
    """F1 of every decision, worst last."""
    rows = records(table.sort_values("value", ascending=False))
    said = [f"{within(row['name'])} {_f1(Estimate(row['value'], row['low'], row['high']))}" for row in rows]
    return f"On {plural(postings, 'labelled posting')} kept aside, the classifier's F1 is: {listed(said)}."


def _f1(value: Estimate) -> str:
    return f"{value.value:.2f} ({value.low:.2f}–{value.high:.2f})"
