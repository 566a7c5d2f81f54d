"""The parts' sentences and tables from small frames: what the numbers carry is said, and nothing else."""

import pandas as pd
import pytest
import reports_sample

from analysis.options import Options
from reports import (
    facets,
    readers,
    run,
    story_advice,
    story_demand,
    story_method,
    story_model,
    story_pay,
    story_special,
    story_trends,
)
from reports.story import Material


@pytest.fixture(scope="module")
def material() -> Material:
    return run.gather(reports_sample.frames(), Options())


def yearly(first: tuple[float, float, float], last: tuple[float, float, float]) -> pd.DataFrame:
    rows = [(2015, *first), (2020, 0.9, 0.8, 0.95), (2024, *last)]
    return pd.DataFrame(rows, columns=["year", "share", "low", "high"]).assign(line="board")


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        ((0.2, 0.15, 0.25), (0.4, 0.35, 0.45), "it rose"),
        ((0.4, 0.35, 0.45), (0.2, 0.15, 0.25), "it fell"),
        ((0.3, 0.2, 0.4), (0.4, 0.3, 0.5), "carry no change"),
    ],
)
def test_a_trend_is_claimed_only_between_intervals_that_lie_apart(
    first: tuple[float, float, float], last: tuple[float, float, float], said: str
) -> None:
    sentence = story_trends.trend_sentence(yearly(first, last))
    assert said in sentence
    assert "in 2015" in sentence
    assert "in 2024" in sentence


def trends_table(low_last: float) -> pd.DataFrame:
    rows = [("board", "2015-01-01", "a", 0.2, 0.1, 0.3), ("board", "2024-01-01", "a", 0.5, low_last, 0.6)]
    table = pd.DataFrame(rows, columns=["line", "start", "id", "share", "low", "high"])
    return table.assign(period="year", kind="skill", name=table["id"])


def test_only_skills_that_moved_clearly_are_movers() -> None:
    assert len(story_trends.moved(trends_table(low_last=0.25))) == 0
    moved = story_trends.moved(trends_table(low_last=0.4))
    assert moved["id"].tolist() == ["a"]
    assert moved["change"].tolist() == pytest.approx([0.3])
    assert not moved.isna().any().any()


def sources_table(second_high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"value": ["x", "y"], "share": [0.6, 0.4], "low": [0.5, 0.3], "high": [0.7, second_high], "denominator": [9, 9]}
    )


def test_sources_differ_only_when_the_ends_lie_apart() -> None:
    assert story_method.sources_sentence(sources_table(0.45)).startswith("The sources differ: x")
    assert story_method.sources_sentence(sources_table(0.55)).startswith("No difference")
    assert "one source, x" in story_method.sources_sentence(sources_table(0.5).head(1))


def test_pay_names_only_skills_that_survive_the_false_discovery_control() -> None:
    median: dict[str, float | str] = {
        "currency": "USD",
        "median": 150_000.0,
        "median_low": 140_000.0,
        "median_high": 160_000.0,
    }
    rows = pd.DataFrame(
        [("CUDA", 1.2, 1.1, 1.3, 0.001), ("Excel", 0.8, 0.7, 0.9, 0.01), ("SQL", 1.01, 1.001, 1.02, 0.4)],
        columns=["name", "effect", "effect_low", "effect_high", "q_value"],
    ).assign(kind="skill")
    sentence = story_pay.pay_sentence(median, rows, 0.05)
    assert "higher where CUDA is asked for" in sentence
    assert "lower where Excel is asked for" in sentence
    assert "SQL" not in sentence
    assert "No skill goes with" in story_pay.pay_sentence(median, rows.tail(1), 0.05)


def test_the_graph_shows_only_skills_that_an_edge_joins() -> None:
    nodes = pd.DataFrame(
        {"skill": list("abcd"), "name": list("ABCD"), "cluster": [0, 0, 1, 1], "share": [0.4, 0.3, 0.2, 0.1]}
    )
    edges = pd.DataFrame({"a": ["a"], "b": ["c"], "weight": [2.0], "support": [9]})
    shown, strong = story_special.graph(nodes, edges, pd.DataFrame())
    assert sorted(shown["key"]) == ["a", "c"]
    assert strong["weight"].tolist() == [1.0]


def test_a_pair_within_chance_is_not_claimed() -> None:
    pair = {"name_a": "A", "name_b": "B", "lift": 1.2, "low": 0.9, "high": 1.6, "share": 0.1}
    assert "No pair" in story_special.together_sentence(pd.DataFrame([pair]))
    assert "1.2 times" in story_special.together_sentence(pd.DataFrame([pair | {"low": 1.1}]))


def test_facets_are_shares_of_what_is_stated(material: Material) -> None:
    assert material.population is not None
    table = facets.shares(material.population, Options())
    stated = material.population.postings
    senior = table[(table["facet"] == "seniority") & (table["value"] == "senior")].iloc[0]
    assert senior["count"] == (stated["seniority"] == "senior").sum()
    assert senior["denominator"] == (stated["seniority"] != "").sum()
    assert "" not in set(table["value"])


def test_every_reader_has_a_path_of_skills_not_had(material: Material) -> None:
    assert material.population is not None
    catalog = material.population.catalog
    table = readers.paths(material.population, Options())
    assert table["reader"].nunique() == 3
    for reader in readers.readers(catalog):
        learnt = table.loc[(table["reader"] == reader.name) & (table["step"] > 0), "skill"]
        assert len(learnt)
        assert not set(learnt) & set(reader.skills)
    assert story_advice.path_sentence(table).count("instead of") == 3


def test_the_readers_know_skills_of_the_taxonomy() -> None:
    from analysis.catalog import from_taxonomy
    from nlp.taxonomy import load_taxonomy

    catalog = from_taxonomy(load_taxonomy())
    assert [len(reader.skills) for reader in readers.readers(catalog)] == [0, 9, 7]


def test_the_model_card_gives_intervals_of_every_decision(material: Material) -> None:
    part = story_model.card(material)[0]
    assert part.table is not None
    frame = part.table.frame
    assert len(frame) == 4
    assert ((frame["low"] <= frame["value"]) & (frame["value"] <= frame["high"])).all()
    assert not len(story_model.scores({}))


def test_parts_without_measures_say_so(material: Material) -> None:
    bare = Material(material.measures)
    assert "not measured" in story_advice.path(bare)[0].finding or "was measured" in story_advice.path(bare)[0].finding


def test_parts_of_a_group_follow_it() -> None:
    rows = [("ml", 0.9), ("web", 0.5), ("deep", 0.4), ("data", 0.8), ("lone", 0.1)]
    groups = pd.DataFrame(rows, columns=["id", "share"]).sort_values("share", ascending=False)
    parents = {"deep": "ml", "data": "ml", "lone": "absent"}
    nested = story_demand.nested(groups.assign(name=groups["id"]), parents)
    assert nested["label"].tolist() == ["ml", "– data", "– deep", "web", "lone"]
    assert nested["parent"].tolist() == ["", "ml", "ml", "", ""]


def test_a_path_is_praised_only_when_its_end_lies_clearly_above_its_start() -> None:
    rows = [("A", 0, "", 0.1, 0.0, 0.3), ("A", 1, "Python", 0.5, 0.4, 0.6), ("B", 0, "", 0.1, 0.0, 0.45)]
    rows.append(("B", 1, "SQL", 0.5, 0.4, 0.6))
    sentence = story_advice.path_sentence(
        pd.DataFrame(rows, columns=["reader", "step", "name", "share", "low", "high"])
    )
    assert "A: Python first; 1 skill opens 50% (95% interval 40–60%) of the postings instead of 10% (0–30%)" in sentence
    assert "B: no order of skills opens clearly more postings" in sentence
