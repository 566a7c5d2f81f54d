"""What 200 labels of a new definition gain: here a track counts only where it is core (2), not where it is wanted (1).

    python benchmarks/tracks_definition.py

The postings are held-out ones, so the shipped model has seen none of them, under any definition.
"""

from dataclasses import replace

from tracks_material import gold

from nlp.tracks import evaluate, learning
from nlp.tracks.bundle import SHIPPED, read
from nlp.tracks.names import GUIDE
from nlp.tracks.train import Options


def main() -> None:
    core = [
        replace(one, labels=(one.labels[0], *(int(level == 2) for level in one.labels[1:])))
        for one in evaluate.select(gold(), "test", GUIDE)
    ]
    # 270 labels, of which a quarter go to the new definition's own test split.
    learning.gain(core[:270], read(SHIPPED), Options(definition="core"), print)


if __name__ == "__main__":
    main()
