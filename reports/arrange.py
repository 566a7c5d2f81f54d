"""Places for the nodes of a graph on staggered rows, so that no two labels meet and edges are short.

A force layout spreads a graph of skills badly: hubs pull everything into one heap of labels. Here the nodes
are seated on a grid, first as near as possible to where the forces would put them, then pairs change seats
as long as that shortens the edges or takes an edge off a third node.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from reports.tables import records

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Array = np.ndarray[Any, np.dtype[Any]]

COLUMNS = 4
"""Nodes in a row: what a phone can label."""

_OVER = 3.0  # an edge that passes over a third node costs as much as one three seats long
_NEAR = 0.3  # of a seat's width: nearer than that an edge touches the node


def arrange(keys: Sequence[str], edges: pd.DataFrame, seed: int = 3) -> tuple[dict[str, tuple[float, float]], int]:
    """A seat (x in [0, COLUMNS - 0.5], y = row from 0) for each key, and the number of rows.

    Args:
        edges: a, b (keys), weight.
    """
    import numpy as np

    seats = _seats(len(keys))
    number = {key: place for place, key in enumerate(keys)}
    pairs = np.array([(number[row["a"]], number[row["b"]]) for row in records(edges)], dtype=int).reshape(-1, 2)
    weights = edges["weight"].to_numpy(float) + 0.2
    taken = _improved(_nearest(_forces(len(keys), pairs, weights, seed), seats), seats, pairs, weights)
    rows = int(seats[:, 1].max()) + 1
    return {key: (float(seats[taken[i], 0]), float(seats[taken[i], 1])) for key, i in number.items()}, rows


def _seats(nodes: int) -> Array:
    import numpy as np

    rows = max(1, math.ceil(nodes / COLUMNS))
    return np.array([(x + 0.5 * (y % 2), y) for y in range(rows) for x in range(COLUMNS)], dtype=float)


def _forces(nodes: int, pairs: Array, weights: Array, seed: int) -> Array:
    import networkx as nx
    import numpy as np

    graph = nx.Graph()
    graph.add_nodes_from(range(nodes))
    graph.add_weighted_edges_from((int(a), int(b), float(w)) for (a, b), w in zip(pairs, weights, strict=True))
    found = nx.spring_layout(graph, seed=seed, iterations=200)
    return np.array([found[node] for node in range(nodes)], dtype=float)


def _nearest(spots: Array, seats: Array) -> Array:
    """The assignment of nodes to seats with the smallest sum of squared ways, both spread over the same
    square."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    def square(points: Array) -> Array:
        ranks = points.argsort(axis=0).argsort(axis=0)
        return np.asarray(ranks / max(len(points) - 1, 1))

    ways = ((square(spots)[:, None, :] - square(seats)[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(linear_sum_assignment(ways)[1])


def _improved(taken: Array, seats: Array, pairs: Array, weights: Array, rounds: int = 6) -> Array:
    """Change seats pairwise, free seats included, as long as the cost falls."""
    import numpy as np

    free = np.setdiff1d(np.arange(len(seats)), taken)
    order = np.concatenate([taken, free])
    best = _cost(order, len(taken), seats, pairs, weights)
    for _ in range(rounds):
        before = best
        for i, j in itertools.combinations(range(len(order)), 2):
            if i >= len(taken):
                break
            order[[i, j]] = order[[j, i]]
            cost = _cost(order, len(taken), seats, pairs, weights)
            if cost < best - 1e-9:
                best = cost
            else:
                order[[i, j]] = order[[j, i]]
        if best >= before:
            break
    return order[: len(taken)]


def _cost(order: Array, nodes: int, seats: Array, pairs: Array, weights: Array) -> float:
    """Weighted squared lengths of the edges, and a price for every node that an edge passes over."""
    import numpy as np

    spots = seats[order[:nodes]]
    start, end = spots[pairs[:, 0]], spots[pairs[:, 1]]
    along = end - start
    length = (along**2).sum(axis=1)
    to = spots[None, :, :] - start[:, None, :]
    part = np.clip((to * along[:, None, :]).sum(axis=2) / np.maximum(length, 1e-9)[:, None], 0, 1)
    off = ((to - part[:, :, None] * along[:, None, :]) ** 2).sum(axis=2)
    touched = (off < _NEAR**2) & (part > 0.02) & (part < 0.98)
    return float((weights * length).sum() + _OVER * touched.sum())
