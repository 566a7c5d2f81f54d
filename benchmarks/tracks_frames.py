"""Lessons written for the project: short ads in which one sentence asks for a track, or only describes a company.

Real labels teach little of the second kind: an ad that is all description and asks for nothing is rare among postings
that speak of machine learning. Frames (data/tracks_frames.csv) say whether their sentence asks; fields and customers
are filled in at random, so that the frame is what a network can learn from.
"""

import csv
import random
from pathlib import Path

from nlp.tracks.labels import Example
from nlp.tracks.train import Lesson

FRAMES = Path(__file__).with_name("data") / "tracks_frames.csv"
"""asked (0 or 1), frame: a sentence with {field} and {who}."""
FIELDS = {
    "computer_vision": (
        "computer vision; image recognition; object detection; machine vision; image processing; face recognition; "
        "medical imaging; visual inspection"
    ),
    "nlp": (
        "natural language processing; NLP; large language models; text mining; chatbots; generative AI; "
        "machine translation; sentiment analysis"
    ),
    "sequence_modeling": (
        "time series forecasting; demand forecasting; anomaly detection; speech recognition; predictive maintenance; "
        "signal processing; time series analysis; audio processing"
    ),
}
WHO = (
    "retailers; hospitals; banks; farmers; insurers; airlines; schools; law firms; carmakers; cities; shops; utilities"
)
TITLES = (
    "Receptionist; Account Manager; Recruiter; Office Assistant; Sales Representative; Accountant; Marketing Manager",
    "Machine Learning Engineer; Data Scientist; Research Scientist; Software Engineer; Data Analyst; AI Engineer",
)
REST = (
    "You speak English and are well organised.; We offer thirty days of leave.; You have a driving licence.",
    "You know Python and SQL.; We offer thirty days of leave.; You work in a team of six.",
)
UNKNOWN = (float("nan"),) * 4


def lessons(copies: int = 2, seed: int = 1) -> list[Lesson]:
    """`copies` short ads for every frame and track; what is known of each is whether that one sentence asks."""
    draw = random.Random(seed)
    with FRAMES.open(encoding="utf-8", newline="") as file:
        frames = [(int(row["asked"]), row["frame"]) for row in csv.DictReader(file)]
    return [
        _lesson(draw, asked, frame, track, field, f"frame:{number}:{field}")
        for number, (asked, frame) in enumerate(frames)
        for track, fields in FIELDS.items()
        for field in draw.sample(fields.split("; "), copies)
    ]


def _lesson(draw: random.Random, asked: int, frame: str, track: str, field: str, name: str) -> Lesson:
    before, after = draw.sample(REST[asked].split("; "), 2)
    sentence = frame.format(field=field, who=draw.choice(WHO.split("; ")))
    title = draw.choice(TITLES[asked].split("; "))
    example = Example(name, title, f"{before}\n{sentence}\n{after}", (0, 0, 0, 0))
    return Lesson(example, UNKNOWN, {(track, len(before) + 1): asked})
