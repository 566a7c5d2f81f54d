"""The label queue behind the page: the same batches, questions and rows as `skilldemand label` in the terminal."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from crawler.errors import InputError

if TYPE_CHECKING:
    from crawler.store import Store
    from nlp.tracks.queue import Pick

BATCH, SEED = 20, 1
NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
LONGEST_NOTE = 500
KEYS = ("0", "1", "2", "undo", "skip")


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where a labeller is: the place in the batch and the answers given to the posting there, in the order asked."""

    labeller: str = ""
    at: int = 0
    answers: tuple[int, ...] = ()

    @classmethod
    def of(cls, value: Any) -> Sitting:
        """What the page holds, which a browser may have changed: what is no sitting is a new one."""
        try:
            made = cls(str(value["labeller"]), int(value["at"]), tuple(int(one) for one in value["answers"]))
        except (KeyError, TypeError, ValueError):
            return cls()
        fits = NAME.fullmatch(made.labeller) and made.at >= 0 and len(made.answers) < 4
        return made if fits and set(made.answers) <= {0, 1, 2} else cls()


@dataclass
class Desk:
    """Hands out postings and stores answers. `batch` gives the open batch of a labeller, or a new one."""

    store: Store
    batch: Callable[[str], Sequence[Pick]]
    _picks: dict[str, Sequence[Pick]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self, labeller: str) -> Sitting:
        """The first posting of the open batch of this labeller.

        Raises:
            InputError: the name is no name.
            EmptyError, ModelError: there is nothing to label, or no model to choose it.
        """
        if not NAME.fullmatch(labeller):
            raise InputError(
                "your name: 1 to 40 letters, digits, - and _, so that your labels can be told from others'"
            )
        with self._lock:
            self._picks[labeller] = self.batch(labeller)
        return Sitting(labeller)

    def pick(self, sitting: Sitting) -> Pick | None:
        """What is to be labelled now; None at the end of the batch, or where there is none."""
        picks = self._picks.get(sitting.labeller, ())
        return picks[sitting.at] if sitting.at < len(picks) else None

    def size(self, sitting: Sitting) -> int:
        """Postings in the batch."""
        return len(self._picks.get(sitting.labeller, ()))

    def keys(self, sitting: Sitting) -> list[tuple[str, str]]:
        """Posting and version of everything in the batch."""
        return [(one.posting_id, one.content_hash) for one in self._picks.get(sitting.labeller, ())]

    def press(self, sitting: Sitting, key: str, note: str | None) -> Sitting:
        """The sitting after one of KEYS; the last answer stores the label.

        As in the terminal: undo takes an answer back, or goes to the posting before, whose new answer then stands.
        """
        pick = self.pick(sitting)
        if key == "undo":
            if sitting.answers:
                return replace(sitting, answers=sitting.answers[:-1])
            return replace(sitting, at=max(sitting.at - 1, 0))
        if pick is None:
            return sitting
        if key == "skip":
            return replace(sitting, at=sitting.at + 1, answers=())
        if key not in question(sitting)[2]:
            return sitting
        answers = (*sitting.answers, int(key))
        if len(answers) < 4:
            return replace(sitting, answers=answers)
        self._keep(pick, sitting.labeller, answers, note)
        return replace(sitting, at=sitting.at + 1, answers=())

    def _keep(self, pick: Pick, labeller: str, answers: tuple[int, ...], note: str | None) -> None:
        from nlp.tracks import labelstore
        from nlp.tracks.names import GUIDE

        now = dt.datetime.now(dt.UTC)
        said = (note or "").strip()[:LONGEST_NOTE] or None
        labels = (answers[0], answers[1], answers[2], answers[3])
        key = (pick.posting_id, pick.content_hash)
        judged = labelstore.Judged(*key, GUIDE, labeller, now, labels, pick.chosen, pick.inclusion_prob, said)
        labelstore.append(self.store, [judged])


def question(sitting: Sitting) -> tuple[str, str, str]:
    """(column, question, keys that answer it) that is asked now."""
    from nlp.tracks.terminal import QUESTIONS

    return QUESTIONS[len(sitting.answers)]


def queue_of(store: Store) -> Callable[[str], Sequence[Pick]]:
    """The batches of `picks.batch`; one that is begun here goes on in `skilldemand label`, and the other way round."""

    def batch(labeller: str) -> Sequence[Pick]:
        from nlp.tracks.bundle import read
        from nlp.tracks.names import GUIDE
        from nlp.tracks.registry import Registry
        from reports.explorer import picks

        registry = Registry.of(store.root)
        thresholds = read(registry.promoted(GUIDE)).thresholds
        state = registry.root / f"queue-{GUIDE}-{labeller}.json"
        return picks.batch(store, GUIDE, thresholds, labeller, BATCH, SEED, state)

    return batch
