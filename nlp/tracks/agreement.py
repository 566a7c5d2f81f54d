"""How far labellers agree on the postings that several of them judged."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nlp.tracks.names import COLUMNS

Labels = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two labellers on one column: `agreed` share, Cohen's kappa (1 where both always say the same one thing),
    and F1 of one against the other."""

    first: str
    second: str
    column: str
    postings: int
    agreed: float
    kappa: float
    f1: float


def agreement(judged: Mapping[str, Mapping[str, Labels]]) -> list[Agreement]:
    """Compare every two labellers; `judged` maps labeller -> posting -> labels."""
    rows = []
    for first, second in combinations(sorted(judged), 2):
        both = sorted(judged[first].keys() & judged[second].keys())
        for k, column in enumerate(COLUMNS):
            pairs = [(judged[first][key][k] > 0, judged[second][key][k] > 0) for key in both]
            if pairs:
                rows.append(Agreement(first, second, column, len(pairs), *_figures(pairs)))
    return rows


def _figures(pairs: Sequence[tuple[bool, bool]]) -> tuple[float, float, float]:
    n = len(pairs)
    same = sum(a == b for a, b in pairs) / n
    yes_a, yes_b = sum(a for a, _ in pairs) / n, sum(b for _, b in pairs) / n
    chance = yes_a * yes_b + (1 - yes_a) * (1 - yes_b)
    kappa = 1.0 if chance == 1 else (same - chance) / (1 - chance)
    both = sum(a and b for a, b in pairs) / n
    f1 = 2 * both / (yes_a + yes_b) if yes_a + yes_b else 1.0
    return round(same, 4), round(kappa, 4), round(f1, 4)
