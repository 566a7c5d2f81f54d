"""Which skills are asked for together, beyond what their popularity and the length of the postings would bring
about.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse as sp
from scipy import stats

from analysis.contrast import false_discovery
from analysis.intervals import Array, Matrix, likeness
from analysis.options import Options
from analysis.population import Population

PAIRS = [
    "a",
    "b",
    "name_a",
    "name_b",
    "support",
    "share",
    "pmi",
    "lift",
    "low",
    "high",
    "q_value",
    "cluster_a",
    "cluster_b",
]
CLUSTERS = ["cluster", "name", "skill", "skill_name", "share"]
NODES = ["skill", "name", "category", "cluster", "share", "x", "y"]
EDGES = ["a", "b", "weight", "support"]
_SKILLS = 250  # the most demanded ones are compared; what is rarer has too few pairs
_STRATA = 12
_POOLED = 100  # pairs whose likeness stands for all: a rare one has too few employers to tell
_EDGES_PER_SKILL = 5


def pairs(population: Population, options: Options) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """(pairs, clusters, nodes, edges) with columns PAIRS, CLUSTERS, NODES, EDGES.

    support, share: postings that ask for both; pmi = log2(P(a, b) / (P(a) P(b))) (Church and Hanks 1990); lift =
    support over the number expected if, among postings of equally many skills, a and b were independent, with its
    interval (a posting that asks for forty skills pairs everything with everything). q_value: false-discovery rate.
    Pairs in which one skill implies the other are left out; kept are those with lift > 1 and q_value <= Options.fdr.

    Clusters are communities of the graph of kept pairs (Louvain; Blondel et al. 2008), named by their most demanded
    members; nodes have places to draw them at, edges the log2 of the lift, the strongest five of each skill.
    """
    numbers, matrix = _frequent(population, options)
    kept = _kept(population, numbers, matrix, options)
    if not len(kept):
        return tuple(pd.DataFrame(columns=columns) for columns in (PAIRS, CLUSTERS, NODES, EDGES))  # type: ignore[return-value]
    catalog = population.catalog
    share = np.asarray(matrix.sum(axis=0)).ravel() / matrix.shape[0]
    graph, edges = _graph(kept)
    cluster = _communities(graph, share, options.seed)
    place = _layout(graph, options.seed)
    names = [catalog.names[i] for i in numbers]
    ids = [catalog.ids[i] for i in numbers]
    nodes = pd.DataFrame(
        [
            (
                ids[i],
                names[i],
                catalog.categories[numbers[i]],
                cluster[i],
                share[i],
                float(place[i][0]),
                float(place[i][1]),
            )
            for i in sorted(graph, key=lambda i: -share[i])
        ],
        columns=NODES,
    )
    label = {c: ", ".join(nodes.loc[nodes["cluster"] == c, "name"].head(3)) for c in sorted(set(cluster.values()))}
    clusters = nodes.assign(skill_name=nodes["name"], name=nodes["cluster"].map(label)).sort_values(
        ["cluster", "share"], ascending=[True, False]
    )
    table = kept.assign(
        a=[ids[i] for i in kept["i"]],
        b=[ids[j] for j in kept["j"]],
        name_a=[names[i] for i in kept["i"]],
        name_b=[names[j] for j in kept["j"]],
        cluster_a=[cluster.get(i, 0) for i in kept["i"]],
        cluster_b=[cluster.get(j, 0) for j in kept["j"]],
    )
    drawn = pd.DataFrame([(ids[a], ids[b], w, s) for a, b, w, s in edges], columns=EDGES)
    return table[PAIRS].reset_index(drop=True), clusters[CLUSTERS].reset_index(drop=True), nodes, drawn


def _frequent(population: Population, options: Options) -> tuple[Array, Matrix]:
    """The numbers of the most demanded skills above the floors and their columns, n x K."""
    either = population.either
    counts = np.asarray(either.sum(axis=0, dtype=np.int64)).ravel()
    hits, *_ = population.by_employer(either)
    asking = np.diff(hits.tocsc().indptr)
    enough = (counts >= options.min_count) & (asking >= options.min_asking)
    order = np.lexsort((np.arange(len(counts)), -counts))
    numbers = order[enough[order]][:_SKILLS]
    return numbers, either[:, numbers].astype(np.float64).tocsr()


def _kept(population: Population, numbers: Array, matrix: Matrix, options: Options) -> pd.DataFrame:
    """Rows i < j of the pairs that stand out, strongest evidence first."""
    weight = population.weight * len(population.weight) / population.weight.sum()
    together = np.asarray((matrix.T @ sp.diags(weight) @ matrix).todense())
    if len(population.postings) < options.min_postings or population.employers < options.min_employers:
        return pd.DataFrame()
    expected, variance = _expected(matrix, weight)
    first, second = np.triu_indices(len(numbers), 1)
    implied = population.catalog.closure[numbers][:, numbers].toarray()
    support = together[first, second]
    fit = (support >= options.min_count) & (implied[first, second] + implied[second, first] == 0)
    first, second, support = first[fit], second[fit], support[fit]
    effect = _design_effect(population, matrix, first, second, support)
    mean, spread = expected[first, second], np.sqrt(variance[first, second] * effect)
    q_value = false_discovery(2 * stats.norm.sf(np.abs(support - mean) / np.maximum(spread, 1e-9)))
    lift, n = support / np.maximum(mean, 1e-9), float(weight.sum())
    # The observed count varies as a Poisson count of clustered postings, whatever was expected.
    relative = np.sqrt(effect / support)
    wide = np.exp(np.minimum(stats.norm.ppf(0.5 + options.level / 2) * relative, 20))
    alone = np.diag(together)
    table = pd.DataFrame(
        {
            "i": first,
            "j": second,
            "support": np.rint(support).astype(int),
            "share": support / n,
            "pmi": np.log2(support * n / (alone[first] * alone[second])),
            "lift": lift,
            "low": lift / wide,
            "high": lift * wide,
            "q_value": q_value,
        }
    )
    table = table[(table["q_value"] <= options.fdr) & (table["lift"] > 1)]
    return table.sort_values(["q_value", "lift", "i", "j"], ascending=[True, False, True, True])


def _design_effect(population: Population, matrix: Matrix, first: Array, second: Array, support: Array) -> float:
    """How much wider counts of pairs vary than among independent postings: from the likeness of an employer's postings
    in asking for both, of the pairs with most support; three quarters of them are no more alike than that."""
    top = np.argsort(-support, kind="stable")[:_POOLED]
    if not len(top):
        return 1.0
    columns = matrix.tocsc()
    both = sp.hstack([columns[:, [first[k]]].multiply(columns[:, [second[k]]]) for k in top]).tocsr()
    hits, own, _ = population.reweighted(np.ones(len(population.weight))).by_employer(both)
    alike, sizes = likeness(hits, own, quantile=0.75), np.bincount(population.employer).astype(float)
    return float((1 - alike) + alike * (sizes @ sizes) / sizes.sum())


def _expected(matrix: Matrix, weight: Array) -> tuple[Array, Array]:
    """Expected joint counts and their variances under independence within strata of equally long skill lists."""
    length = np.asarray(matrix.sum(axis=1)).ravel()
    bounds = np.unique(np.quantile(length, np.linspace(0, 1, _STRATA + 1))[1:-1])
    stratum = np.searchsorted(bounds, length, side="right")
    size = matrix.shape[1]
    expected, variance = np.zeros((size, size)), np.zeros((size, size))
    for s in np.unique(stratum):
        rows = np.flatnonzero(stratum == s)
        n, counts = float(weight[rows].sum()), np.asarray(matrix[rows].T @ weight[rows]).ravel()
        product = np.outer(counts, counts) / n
        # A list of k skills holds k (k - 1) ordered pairs: no skill pairs with itself.
        held, free = float(weight[rows] @ (length[rows] * (length[rows] - 1))), float(product.sum() - np.trace(product))
        product *= held / free if free > 0 else 0.0
        expected += product
        q = np.clip(counts / n, 0, 1)
        variance += n * np.outer(q * (1 - q), q * (1 - q))
    return expected, variance


def _graph(kept: pd.DataFrame) -> tuple[Any, list[tuple[int, int, float, int]]]:
    """The graph of the strongest edges of each skill, and those edges (a, b, weight, support)."""
    import networkx as nx

    rows = kept.assign(weight=np.log2(kept["lift"]))
    # A high lift on a few postings is worth less than a good one on many: evidence orders, lift weighs.
    rows = rows.assign(order=rows["weight"] * np.sqrt(rows["support"])).sort_values(
        ["order", "i", "j"], ascending=[False, True, True]
    )
    held: dict[int, int] = {}
    edges: list[tuple[int, int, float, int]] = []
    columns = (rows[name].tolist() for name in ("i", "j", "weight", "support"))
    for i, j, weight, support in zip(*columns, strict=True):
        if min(held.get(i, 0), held.get(j, 0)) < _EDGES_PER_SKILL:
            edges.append((i, j, weight, support))
            held[i], held[j] = held.get(i, 0) + 1, held.get(j, 0) + 1
    graph = nx.Graph()
    graph.add_weighted_edges_from([(a, b, w) for a, b, w, _ in edges])
    return graph, edges


def _communities(graph: Any, share: Array, seed: int) -> dict[int, int]:
    """Cluster numbers from 1, the cluster with the largest demand first."""
    import networkx as nx

    found = nx.community.louvain_communities(graph, weight="weight", seed=seed)
    found = sorted(found, key=lambda members: (-sum(share[i] for i in members), min(members)))
    return {i: c for c, members in enumerate(found, start=1) for i in members}


def _layout(graph: Any, seed: int) -> dict[int, Array]:
    import networkx as nx

    placed: dict[int, Array] = nx.spring_layout(graph, weight="weight", seed=seed, iterations=60)
    return placed
