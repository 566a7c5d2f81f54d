"""What goes into tagging and what comes out: plain records, shared by the matcher, the facts and the classifier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TRACKS = ("computer_vision", "nlp", "sequence_modeling")
LEVELS = ("required", "preferred", "context")
SENIORITIES = ("intern", "junior", "mid", "senior", "lead", "manager")

Span = tuple[int, int]
"""Start and end, in characters of the text."""


@dataclass(frozen=True, slots=True)
class Salary:
    """Pay as it is stated: amounts in `currency` (ISO 4217) per `period` (year, month, week, day, hour)."""

    min: float | None
    max: float | None
    currency: str | None
    period: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One posting to tag; `text` is plain text, and all offsets count its characters.

    `locations`, `workplace` and `salary` are what the board states beside the text, None or empty where it states
    nothing.
    """

    id: str
    title: str
    text: str
    employer: str | None = None
    locations: tuple[str, ...] = ()
    workplace: str | None = None
    salary: Salary | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """One place where a text names a skill: `text[start:end] == surface`; `rule` names what decided `level`."""

    skill: str
    surface: str
    start: int
    end: int
    level: str
    sentence_start: int
    sentence_end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Label:
    """A yes or no with its probability in [0, 1] and the sentences that carried it."""

    label: bool
    probability: float
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What a posting says about the job beside its skills; None where it says nothing."""

    seniority: str | None = None
    workplace: str | None = None
    country: str | None = None
    min_years: float | None = None
    salary: Salary | None = None


@dataclass(frozen=True, slots=True)
class Tagged:
    """Everything the tagger found in one record."""

    record: Record
    language: str | None
    ml_role: Label
    tracks: Mapping[str, Label]
    skills: Sequence[Mention] = ()
    facts: Facts = field(default_factory=Facts)

    def as_json(self, names: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
        """The output contract of `skilldemand tag FILE`, one JSON object.

        Args:
            names: for each skill id, its name and its category.
        """
        facts = self.facts
        return {
            "id": self.record.id,
            "text": self.record.text,
            "language": self.language,
            "ml_role": {"label": self.ml_role.label, "probability": self.ml_role.probability},
            "tracks": {
                track: {
                    "label": said.label,
                    "probability": said.probability,
                    "evidence": [{"start": start, "end": end} for start, end in said.evidence],
                }
                for track, said in self.tracks.items()
            },
            "skills": [
                {
                    "skill": mention.skill,
                    "name": names[mention.skill][0],
                    "category": names[mention.skill][1],
                    "surface": mention.surface,
                    "start": mention.start,
                    "end": mention.end,
                    "level": mention.level,
                    "sentence": {"start": mention.sentence_start, "end": mention.sentence_end},
                    "rule": mention.rule,
                }
                for mention in self.skills
            ],
            "seniority": facts.seniority,
            "workplace": facts.workplace,
            "min_years": facts.min_years,
            "salary": None
            if facts.salary is None
            else {
                "min": facts.salary.min,
                "max": facts.salary.max,
                "currency": facts.salary.currency,
                "period": facts.salary.period,
            },
        }
