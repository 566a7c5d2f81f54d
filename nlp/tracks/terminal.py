"""Labelling in the terminal: one key per answer, undo, notes; every answer is stored before the next is asked."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crawler.store import Store
from nlp.tracks import labelstore
from nlp.tracks.agreement import Labels
from nlp.tracks.labelstore import Judged
from nlp.tracks.predict import TrackResult
from nlp.tracks.queue import Pick
from nlp.tracks.session import spans

QUESTIONS = (
    ("ml_role", "Will the person hired build, run or integrate machine learning?", "01"),
    ("cv", "computer vision asked for?", "012"),
    ("nlp", "natural language processing asked for?", "012"),
    ("seq", "sequence modelling asked for?", "012"),
)
HELP = "0 no · 1 wanted · 2 core · u undo · s skip · n note · q quit (what is answered is kept)"


@dataclass(slots=True)
class Desk:
    """Where a labeller sits: `key` gives one key press, `line` a typed line, `show` prints rich text."""

    key: Callable[[], str]
    line: Callable[[], str]
    show: Callable[[Any], None]


class _QuitError(Exception):
    pass


class _UndoError(Exception):
    pass


def label(
    store: Store,
    picks: Sequence[Pick],
    rows: Mapping[tuple[str, str], Mapping[str, Any]],
    results: Mapping[tuple[str, str], TrackResult],
    definition: str,
    labeller: str,
    desk: Desk,
) -> int:
    """Ask about each pick; undo goes back to the posting before, whose new answer then stands.

    Returns:
        The number of postings labelled; skipped ones stay in the queue.
    """
    done: set[int] = set()
    at = 0
    while at < len(picks):
        pick = picks[at]
        key = (pick.posting_id, pick.content_hash)
        _show(rows[key], results[key], f"{at + 1} of {len(picks)}, chosen: {pick.chosen}", desk)
        try:
            answer = _ask(desk)
        except _UndoError:
            at = max(0, at - 1)
            continue
        except _QuitError:
            break
        if answer is not None:
            labels, note = answer
            now = dt.datetime.now(dt.UTC)
            one = Judged(*key, definition, labeller, now, labels, pick.chosen, pick.inclusion_prob, note)
            labelstore.append(store, [one])
            done.add(at)
        at += 1
    return len(done)


def _ask(desk: Desk) -> tuple[Labels, str | None] | None:
    """The four answers and a note; None for a skipped posting. An undo after the first answer restarts the posting."""
    answers: list[int] = []
    note: str | None = None
    while len(answers) < len(QUESTIONS):
        _, question, allowed = QUESTIONS[len(answers)]
        desk.show(f"{question} [{'/'.join(allowed)}]")
        key = _key(desk)
        if key == "s":
            return None
        if key == "n":
            desk.show("note:")
            note = desk.line().strip() or None
        elif key == "u":
            if not answers:
                raise _UndoError
            answers.pop()
        elif key in allowed:
            answers.append(int(key))
        else:
            desk.show(HELP)
    return (answers[0], answers[1], answers[2], answers[3]), note


def _key(desk: Desk) -> str:
    try:
        key = desk.key()
    except (EOFError, KeyboardInterrupt):
        raise _QuitError from None
    if key in ("q", "", "\x03", "\x04"):
        raise _QuitError
    return key


def _show(row: Mapping[str, Any], result: TrackResult, where: str, desk: Desk) -> None:
    from rich.text import Text

    colours = {"computer_vision": "black on green", "nlp": "black on cyan", "sequence_modeling": "black on yellow"}
    text = Text(row["description"] or "")
    for (start, end), track in spans(result):
        text.stylize(colours[track], start, end)
    desk.show(Text(f"\n── {where} ──", style="dim"))
    desk.show(Text(f"{row['title']}  ({row['employer'] or 'employer unknown'})", style="bold"))
    desk.show(text)
    legend = Text("evidence: ")
    for track, style in colours.items():
        legend.append(f" {track} ", style)
    desk.show(legend)
    desk.show(HELP)


def scripted(keys: Iterator[str]) -> Callable[[], str]:
    """A `Desk.key` that reads from an iterator; its end quits. Serves input that is not a terminal."""
    return lambda: next(keys, "")
