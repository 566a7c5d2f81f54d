"""The parts' sentences and tables from small frames: what the numbers carry is said, and nothing else."""

from dataclasses import replace

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
    story_firm,
    story_method,
    story_model,
    story_pay,
    story_special,
    story_where,
)
from reports.sentences import within
from reports.story import Material


@pytest.fixture(scope="module")
def material() -> Material:
    return run.gather(reports_sample.frames(), Options())


def sources_table(second_high: float) -> pd.DataFrame:
    return pd.DataFrame(
        {"value": ["x", "y"], "share": [0.6, 0.4], "low": [0.5, 0.3], "high": [0.7, second_high], "denominator": [9, 9]}
    )


def test_sources_differ_only_when_the_ends_lie_apart() -> None:
    assert story_method.sources_sentence(sources_table(0.45)).startswith("The sources differ: in x")
    assert story_method.sources_sentence(sources_table(0.55)).startswith("No difference")
    assert "one source, x" in story_method.sources_sentence(sources_table(0.5).head(1))


def test_the_outermost_of_many_sources_need_more_than_two() -> None:
    assert story_method.widening(2) == 1
    assert story_method.widening(15) == pytest.approx(4.796 / 3.92, abs=0.01)  # Tukey's table: q(0.05; 15, infinity)
    many = pd.concat([sources_table(0.49).head(1), *[sources_table(0.49)] * 10, sources_table(0.49).tail(1)])
    assert story_method.sources_sentence(sources_table(0.49)).startswith("The sources differ")
    assert story_method.sources_sentence(many).startswith("No difference between the 22 sources")


def test_collections_without_known_terms_are_named_and_said_to_be_so() -> None:
    known = pd.DataFrame({"source": ["remotive", "my_csv", "other_csv"], "postings": [5, 4, 1]})
    credits, imported = story_method.terms(known)
    assert credits.startswith("Credits that the sources' terms ask for: ")
    assert "Remotive" in credits
    assert imported.startswith("Imported: my_csv and other_csv. ")
    assert "licences and terms of what was imported are not known" in imported
    many = pd.DataFrame({"source": [f"my_{number}" for number in range(9)], "postings": 1})
    assert story_method.terms(many)[0].startswith("Imported: 9 collections, which the table below names. ")
    assert len(story_method.terms(known.head(1))) == 1


def test_credits_and_sources_are_told_where_no_source_is_large_enough() -> None:
    material = run.gather(reports_sample.frames(postings=40, employers=30), Options(parts=("sources",)))
    headline = material.measures.headline.assign(flag="too few")
    small = replace(material, measures=replace(material.measures, headline=headline))
    part = story_method.sources(small)[0]
    assert part.figure is None
    assert part.table is not None
    assert part.table.rows()
    assert any(note.startswith("Credits") and "Lever" in note for note in part.notes)
    assert any(note.startswith("Imported: a_collection_with_a_long_name") for note in part.notes)


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("1 ok", "1 board whole"),
        ("3 ok, 1 failed; 98% of the 40 stated", "3 boards whole and 1 not at all (failed); 98% of the 40 stated"),
        ("import", "import"),
    ],
)
def test_how_much_of_a_source_was_read(manifest: str, said: str) -> None:
    assert story_method.read(manifest) == said


def facet(*values: tuple[str, float, float, float]) -> pd.DataFrame:
    rows = pd.DataFrame(values, columns=["label", "share", "low", "high"])
    return rows.assign(facet="seniority", denominator=900)


def test_the_most_frequent_value_is_called_so_only_when_no_other_can_be() -> None:
    clear = story_where.where_sentence(facet(("Senior", 0.5, 0.45, 0.55), ("Junior", 0.2, 0.15, 0.25)))
    assert clear == (
        "Of the 900 postings that state seniority, 50% (95% interval 45–55%) say senior, more than anything else."
    )
    tied = story_where.where_sentence(facet(("Senior", 0.5, 0.4, 0.6), ("Junior", 0.4, 0.3, 0.5)))
    assert tied.endswith("50% (95% interval 40–60%) say senior and 40% (30–50%) say junior, about equally many.")


def ways(*rows: tuple[str, float, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["way", "share", "low", "high"])


def test_the_answer_is_called_firm_only_when_every_way_of_counting_gives_it() -> None:
    count, other = ("As counted", 0.58, 0.56, 0.6), ("B", 0.62, 0.55, 0.7)
    firm = story_firm.firm_sentence(ways(count, other))
    assert firm == (
        "Counted in 1 other way, the share is still clearly more than half: the shares run from 58% to 62%, their "
        "intervals from 55% to 70%."
    )
    loose = story_firm.firm_sentence(ways(count, other, ("C", 0.52, 0.48, 0.56)))
    assert loose.startswith("Not every way of counting says so")
    assert loose.endswith("It is not clearly more than half in “C”.")
    assert "does not decide" in story_firm.firm_sentence(ways(("As counted", 0.5, 0.4, 0.6), other))


def test_every_other_way_of_counting_is_a_row_of_its_own(material: Material) -> None:
    rows = story_firm.ways(material)
    assert rows["way"].iloc[0] == story_firm.COUNTED
    assert rows["way"].is_unique
    first = rows[["share", "low", "high"]].iloc[0]
    assert not (rows[["share", "low", "high"]].iloc[1:] == first).all(axis=1).any()
    head = material.measures.any_track
    assert first.tolist() == [head.share, head.low, head.high]


def test_names_of_fields_stand_in_a_group_of_their_own(material: Material) -> None:
    rows = material.demand("skill", "either").head(6).assign(field=[True, False, False, True, False, False])
    shown = story_demand.grouped(rows)
    assert shown["group"].tolist() == [story_demand.SKILLS] * 4 + [story_demand.FIELDS] * 2
    assert "group" not in story_demand.grouped(rows.assign(field=False))
    sentence = story_demand.ranking_sentence(rows.drop(columns=["rank_low", "rank_high"]), "postings")
    assert f": {rows['name'].iloc[1]}, in " in sentence
    assert f"Of the names of fields, {within(rows['name'].iloc[0])} is " in sentence
    fields = pd.DataFrame({"name": ["ML", "AI"], "share": [0.5, 0.4], "low": [0.4, 0.3], "high": [0.6, 0.5]})
    both = pd.concat([fields.assign(field=True), fields.assign(field=False)])
    assert "ML is found most often, in 50% (40–60%); it cannot be told apart from AI." in story_demand.ranking_sentence(
        both, "postings"
    )
    clear = both.assign(high=[0.6, 0.39, 0.6, 0.39])
    assert "fields, ML is asked for most, in 50% (40–60%)." in story_demand.ranking_sentence(clear, "postings")


def test_pay_names_only_skills_that_survive_the_false_discovery_control() -> None:
    median: dict[str, float | str] = {
        "currency": "USD",
        "postings": 900,
        "median": 150_000.0,
        "median_low": 140_000.0,
        "median_high": 160_000.0,
    }
    rows = pd.DataFrame(
        [("CUDA", 1.2, 1.1, 1.3, 0.001), ("Excel", 0.8, 0.7, 0.9, 0.01), ("SQL", 1.01, 1.001, 1.02, 0.4)],
        columns=["name", "effect", "effect_low", "effect_high", "q_value"],
    ).assign(kind="skill")
    sentence = story_pay.pay_sentence(median, rows, 0.05)
    assert "higher where CUDA (+20%, 95% interval +10 to +30%) is asked for" in sentence
    assert "lower where Excel (-20%, -30 to -10%) is asked for" in sentence
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
    pair = {"name_a": "A", "name_b": "B", "lift": 1.2, "low": 0.9, "high": 1.6, "share": 0.1, "q_value": 0.01}
    assert "No pair" in story_special.together_sentence(pd.DataFrame([pair]), 0.05)
    assert "No pair" in story_special.together_sentence(pd.DataFrame([pair | {"low": 1.1, "q_value": 0.1}]), 0.05)
    assert "1.2 times" in story_special.together_sentence(pd.DataFrame([pair | {"low": 1.1}]), 0.05)


def special_rows(high: float) -> pd.DataFrame:
    return pd.DataFrame([{"track": "nlp", "name": "Hugging Face", "lift": 34.0, "low": 21.4, "high": high}])


def test_a_ratio_that_is_not_known_well_is_told_by_its_lower_end() -> None:
    assert "Hugging Face at least 21 times as often" in story_special.special_sentence(special_rows(5715))
    assert "34 times (95% interval 21–50) as often" in story_special.special_sentence(special_rows(50))


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
