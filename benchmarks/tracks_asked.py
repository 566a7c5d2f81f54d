"""What the annotated skills of a posting tell of its namings: which of them ask for their track.

A label says that a posting asks for computer vision, not where. In the postings whose skills were annotated one by
one (data/annotations.csv) the naming that holds a skill which is required or preferred is where it asks, and one whose
words no reader marked so is not, if the track is asked for elsewhere.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from skills_material import annotated

from nlp.sentences import sentences
from nlp.tracks.cues import TRACK_LAYERS, load, split_words
from nlp.tracks.train import Material

SHARED = Path(__file__).resolve().parents[2] / "shared"


def surfaces(shared: Path = SHARED) -> dict[str, list[str]]:
    """The skills of each annotated posting, as written, that are required or preferred."""
    return {
        row["id"]: [one["surface"] for one in row["skills"] if one["level"] != "context"]
        for half in annotated(shared).values()
        for row in half
    }


def mark(material: Material, wanted: Mapping[str, list[str]]) -> int:
    """Write what is known into `material.asked`; how many namings that are."""
    known = 0
    for example, posting, truth, asked in zip(
        material.examples, material.postings, material.truth, material.asked, strict=False
    ):
        if example.id in wanted:
            spans = sentences(example.text)
            texts = [example.title if at < 0 else example.text[slice(*spans[at])] for at in posting.sentence]
            said = [
                _asks(text, TRACK_LAYERS[t], wanted[example.id]) if t < 3 else None
                for text, t in zip(texts, posting.track, strict=True)
            ]
            known += _written(said, posting.track, truth, asked)
    return known


def _asks(text: str, track: str, skills: list[str]) -> bool | None:
    """Whether a cue of the track lies in a skill that is asked for (True), shares no word with one (False), or what
    lies between (None)."""
    here = [split_words(skill) for skill in skills if skill in text]
    if any(cue.layer == track and cue.tier != "not" for words in here for _, cue in load()[0].find(words)):
        return True
    line = split_words(text)
    cues = {
        word for at, cue in load()[0].find(line) if cue.layer == track for word in line[at : at + 1 + len(cue.rest)]
    }
    return None if cues & {word for words in here for word in words} else False


def _written(said: list[bool | None], tracks: Any, truth: Any, asked: Any) -> int:
    """Only of tracks that the posting asks for somewhere in these namings is anything known of one naming."""
    known = 0
    for track in range(len(TRACK_LAYERS)):
        at = [n for n in np.flatnonzero(tracks == track) if said[n] is not None]
        if truth[1 + track] > 0 and any(said[n] for n in at):
            asked[at] = [float(bool(said[n])) for n in at]
            known += len(at)
    return known
