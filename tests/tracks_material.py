"""Postings written for the tests of the track classifier: a small grammar of requests, descriptions and filler."""

import random

from nlp.tracks.labels import Example

THINGS = {
    "cv": ("computer vision", "object detection", "image segmentation", "OpenCV", "point clouds from LiDAR"),
    "nlp": ("natural language processing", "large language models", "text classification", "spaCy", "chatbots"),
    "seq": ("time series", "demand forecasting", "predictive maintenance", "LSTM networks", "signal processing"),
}
REQUESTS = (
    "You have solid experience with {}.",
    "Hands-on knowledge of {} is required.",
    "You will build and ship models for {}.",
    "Nice to have: familiarity with {}.",
)
DESCRIPTIONS = (
    "Our award-winning product brings {} to customers all over the world.",
    "Founded in 2012, we are a leading provider of {} and employ 300 people.",
)
FILLER = (
    "We offer flexible hours, a pension and fresh fruit.",
    "You work with product managers and designers.",
    "Good command of Python and SQL.",
    "The office is near the central station.",
)
ROLES = (("Machine Learning Engineer", 1), ("Data Scientist", 1), ("Account Manager", 0), ("Office Assistant", 0))


def postings(count: int, seed: int = 0) -> list[Example]:
    """`count` labelled postings of `count / 2` employers; a track is asked for in a request, never in a description."""
    rng = random.Random(seed)
    return [_posting(number, rng) for number in range(count)]


def _posting(number: int, rng: random.Random) -> Example:
    title, role = rng.choice(ROLES)
    lines, labels = [], {"cv": 0, "nlp": 0, "seq": 0}
    for track, things in THINGS.items():
        chance = rng.random()
        if role and chance < 0.4:
            labels[track] = rng.choice((1, 2))
            lines.append(rng.choice(REQUESTS).format(rng.choice(things)))
        elif chance < 0.7:
            lines.append(rng.choice(DESCRIPTIONS).format(rng.choice(things)))
    lines += rng.sample(FILLER, 3)
    rng.shuffle(lines)
    text = f"{title} number {number}, team {rng.randrange(10**6)}\n" + "\n".join(lines)
    given = (role, labels["cv"], labels["nlp"], labels["seq"])
    return Example(f"test:board:{number}", title, text, given, f"Employer {number // 2}", "test", "2026", "natural")
