"""The model card beside the weights: what it was trained on, how good it is, where it fails."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from crawler.errors import ModelError
from nlp.tracks import drawing
from nlp.tracks.bundle import Bundle, cue_hash, replace_file
from nlp.tracks.names import HEADS


def write(bundle: Bundle, report: Mapping[str, Any], folder: Path) -> None:
    """Write card.md and calibration.svg into the folder of a model.

    Args:
        report: what `evaluate.evaluate` says of the model on its test (or development) postings.

    Raises:
        ModelError: the folder can't be written.
    """
    parts = [drawing.calibration(report["heads"][head]["reliability"], head) for head in HEADS]
    shifted = [part.replace("<svg ", f'<svg x="{n * drawing.SIZE}" ', 1) for n, part in enumerate(parts)]
    width = drawing.SIZE * len(parts)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {drawing.SIZE}" width="{width}" '
        f'height="{drawing.SIZE}" color="#333" style="background:#fff">{"".join(shifted)}</svg>\n'
    )
    try:
        replace_file(folder / "calibration.svg", svg.encode())
        replace_file(folder / "card.md", _text(bundle, report).encode())
    except OSError as exc:
        raise ModelError(f"{folder}: can't write the model card ({exc.strerror or exc})") from exc


def _text(bundle: Bundle, report: Mapping[str, Any]) -> str:
    card = bundle.card
    started = card.get("started_from") or "fresh weights"
    lines = [
        f"# Track classifier {bundle.model_id}",
        "",
        "Says of a job posting whether the person hired works on machine learning (`ml_role`) and whether the job asks",
        "for computer vision, natural language processing, sequence modelling. Judged by meaning: what a company says",
        "of itself does not count.",
        "",
        f"- Definition of the labels: `{bundle.definition}`",
        f"- Started from {started}; seed {card.get('seed')}, {card.get('epochs')} epochs",
        f"- Networks whose mean answers: {card.get('networks', 1)}",
        f"- {card.get('training_seconds')} s of training{', interrupted' if card.get('interrupted') else ''}",
        f"- Labelled postings: {_counts(card.get('parts', {}))} (split by hash of the employer; near copies of test",
        "  postings are left out as `copy`)",
        f"- Frozen test split: {card.get('test_split', 'unknown')} (hash of the sorted ids of its postings)",
        f"- Sources: {_counts(card.get('sources', {}))}",
        f"- Hashes: model {bundle.model_id}, cue lists {cue_hash()}",
        "",
    ]
    for view, scores in report["views"].items():
        lines += [f"## {view}: {scores['postings']} {report['part']} postings", "", *_table(bundle, scores), ""]
    lines += [
        "![Calibration](calibration.svg)",
        "",
        "## Known failures",
        "",
        "- A company that describes its product in the words of a requirement is taken for a request.",
        "- Requests without the field's usual words are missed; sequence modelling, the widest track, most often.",
        "- Texts that are not in English are judged by few words; other scripts than Latin hardly at all.",
        "- Windows: a posting is read through its 40 windows with the most cues, each of at most 40 tokens.",
        "",
    ]
    return "\n".join(lines)


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {name}" for name, n in counts.items()) or "unknown"


def _table(bundle: Bundle, scores: Mapping[str, Any]) -> list[str]:
    rows = [
        "| label | precision | recall | F1 | 95 % | ECE | threshold |",
        "|---|---|---|---|---|---|---|",
    ]
    for head in HEADS:
        row = scores[head]
        low, high = row["f1_interval"]
        rows.append(
            f"| {head} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {low:.3f} to {high:.3f} "
            f"| {row['ece']:.3f} | {bundle.thresholds[head]:.2f} |"
        )
    return [*rows, "", f"Mean F1 of the three tracks: {scores['macro_f1']:.3f}"]
