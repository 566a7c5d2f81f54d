"""Pairs of skills: planted company is found, popularity and length alone are not, implied pairs are left out."""

import numpy as np
import pandas as pd
from analysis_frames import catalog, frames

from analysis.frames import Frames
from analysis.options import Options
from analysis.pairs import pairs
from analysis.population import select


def planted(seed=1, postings=1500):
    """Skills 7 and 8 come together, 1 implies 3; all else is independent given how long a posting's list is."""
    rng = np.random.default_rng(seed)
    made = frames(postings, 300, seed=seed, skew=0.5, likeness=0.05)
    length = rng.choice([0.5, 1.0, 2.0], postings)
    share = np.array([0.3, 0.2, 0.2, 0.25, 0.2, 0.2, 0.2, 0.0, 0.0, 0.2, 0.2, 0.2])
    asked = rng.random((postings, 12)) < share * length[:, None]
    both = rng.random(postings) < 0.15
    asked[:, 7] = both | (rng.random(postings) < 0.05)
    asked[:, 8] = both | (rng.random(postings) < 0.05)
    asked[:, 3] |= asked[:, 1]
    row, skill = np.nonzero(asked)
    mentions = pd.DataFrame({"posting": row.astype(np.int32), "skill": skill.astype(np.int32), "level": np.int8(0)})
    return Frames(made.postings, mentions, catalog())


def test_planted_company_is_found_and_length_is_not():
    options = Options()
    table, clusters, nodes, edges = pairs(select(planted(), options), options)
    first = table.iloc[0]
    assert {first["a"], first["b"]} == {"opencv", "spacy"}
    assert first["low"] > 1.5
    assert first["pmi"] > 1
    assert len(table) <= 4  # the other 64 pairs share nothing but long postings
    assert not ((table["a"] == "pytorch") & (table["b"] == "deep-learning")).any()
    assert not ((table["b"] == "pytorch") & (table["a"] == "deep-learning")).any()
    for made in (table, clusters, nodes, edges):
        assert not made.isna().any().any()
    assert set(edges["a"]) | set(edges["b"]) == set(nodes["skill"]) == set(clusters["skill"])
    together = clusters.set_index("skill")["cluster"]
    assert together["opencv"] == together["spacy"]
    assert "Opencv" in clusters.set_index("skill").loc["spacy", "name"]


def test_too_few_postings_have_no_pairs():
    options = Options()
    for made in pairs(select(planted(postings=20), options), options):
        assert made.empty


def test_the_same_seed_draws_the_same_graph():
    options = Options()
    population = select(planted(), options)
    one, two = pairs(population, options), pairs(population, options)
    for first, second in zip(one, two, strict=True):
        pd.testing.assert_frame_equal(first, second)
