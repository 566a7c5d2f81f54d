"""`Tagger`: skills, facts and tracks of a posting in one call, and the id that says which tagger it was."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from pathlib import Path

from crawler.relevance import may_be_ml
from nlp import facts, pipeline
from nlp.facts import language, pay
from nlp.records import Label, Record, Tagged
from nlp.sentences import sentences
from nlp.taxonomy import Taxonomy, load_taxonomy
from nlp.tracks import predict

# Raised by hand whenever code (not data) changes what is found, so that stored taggings are made anew.
VERSION = 5
ODDS_OFF_TOPIC = 3 / 7
"""By what the odds of an ML role shrink where nothing in the ad speaks of machine learning.

The classifier is calibrated on ads that do speak of it, one in four of which is no ML role. Among all other ads an ML
role is the exception: over 54,000 of them, most that it took for one with a probability of .5 to .7 were not.
"""
BATCH = 128
"""Postings per call of the classifier: enough to fill a core, few enough to stay in its cache."""


class Tagger:
    """Everything compiled and loaded once.

    `tagger_id` names the taxonomy, the rules and the model by their content: a change in any of them is another
    tagger, and only then is anything tagged again.
    """

    def __init__(self, taxonomy: Taxonomy | None = None, model: Path | None = None) -> None:
        self.taxonomy = taxonomy or load_taxonomy()
        self._skills = pipeline.Extractor(self.taxonomy)
        self._tracks = predict.load(model)
        self.tagger_id = self._id()
        self.names = {skill.id: (skill.name, skill.category) for skill in self.taxonomy.skills.values()}

    def tag(self, records: Iterator[Record] | Sequence[Record]) -> Iterator[Tagged]:
        """Tag records in their order; any text is all right, an empty one has no skills and no tracks."""
        stream = iter(records)
        while batch := list(islice(stream, BATCH)):
            yield from self._batch(batch)

    def _batch(self, records: Sequence[Record]) -> Iterator[Tagged]:
        cut = [sentences(record.text) for record in records]
        found = [
            self._skills.mentions(record.text, spans, record.employer)
            for record, spans in zip(records, cut, strict=True)
        ]
        items = [
            predict.TrackItem(record.text, record.title, spans, mentions)
            for record, spans, mentions in zip(records, cut, found, strict=True)
        ]
        for record, mentions, result in zip(records, found, self._tracks.predict(items), strict=True):
            spoken = language.detect(record.text)
            about = facts.extract(
                record.text,
                record.title,
                language=spoken,
                locations=record.locations,
                workplace=record.workplace,
            )
            if record.salary is not None:
                # A board's own field is the employer's word; the text may speak of other things too.
                about = replace(about, salary=pay.completed(record.salary, about.salary))
            yield Tagged(record, spoken, self._role(record, result.ml_role), result.tracks, mentions, about)

    def _role(self, record: Record, said: Label) -> Label:
        if not said.label or may_be_ml(record.title, record.text):
            return said
        odds = ODDS_OFF_TOPIC * said.probability / max(1 - said.probability, 1e-9)
        chance = round(odds / (1 + odds), 4)
        return Label(chance >= self._tracks.bundle.thresholds["ml_role"], chance, said.evidence)

    def _id(self) -> str:
        content = hashlib.blake2b(
            f"{VERSION}:{self.taxonomy.fingerprint}:{self._tracks.model_id}".encode(), digest_size=8
        )
        for package in ("nlp", "nlp.facts"):
            for name, data in _rules(files(package) / "data", package):
                content.update(f"\0{name}\0".encode() + data)
        return f"tagger-{content.hexdigest()}"


def _rules(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    """The data files that decide names, levels, sections and facts; the taxonomy's own have their fingerprint."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        path = f"{name}/{entry.name}"
        if entry.is_dir() and entry.name != "skills":
            yield from _rules(entry, path)
        elif entry.name.endswith((".toml", ".json")):
            # Line ends differ between checkouts of one version.
            yield path, entry.read_bytes().replace(b"\r\n", b"\n")
