"""The judge: how often readers mark a name and what stands around it decide; a user's own skills are left alone."""

from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from nlp import judge
from nlp.judge import Judge
from nlp.pipeline import Extractor
from nlp.taxonomy import Taxonomy, load_taxonomy

TAXONOMY = load_taxonomy()
TRUSTING = {judge.ALL: {"": 2.0}}


def surfaces(text: str, judged: Judge | None, taxonomy: Taxonomy = TAXONOMY) -> list[str]:
    return [mention.surface for mention in Extractor(taxonomy, judge=judged).mentions(text)]


def test_a_judge_that_always_agrees_changes_nothing_that_is_sure() -> None:
    text = "You know Python, SQL and dashboards."
    assert surfaces(text, Judge({}, TRUSTING)) == surfaces(text, None) != []


def test_what_stands_around_a_name_speaks_for_and_against_it() -> None:
    category = TAXONOMY.skills["sql"].category
    told = Judge({}, {judge.ALL: {"": 2.0}, category: {"pand": -3.0}})
    assert "SQL" not in surfaces("You know Python and SQL.", told)
    assert "SQL" in surfaces("You know Python, SQL.", told)


def test_names_that_readers_pass_over_are_dropped() -> None:
    weights = {judge.ALL: {"": -3.0, "rate": 6.0}}
    text = "You know Python and SQL."
    assert surfaces(text, Judge({"sql": [20, 1], "python": [20, 20]}, weights)) == ["Python"]
    assert surfaces(text, Judge({"sql": [20, 19], "python": [20, 20]}, weights)) == ["Python", "SQL"]
    assert surfaces(text, Judge({}, weights)) == ["Python", "SQL"]  # nobody saw them, but most names are skills


def test_a_name_without_its_context_is_added_where_much_speaks_for_it() -> None:
    text = "Every week we write a word about Spark."
    assert surfaces(text, None) == []
    assert surfaces(text, Judge({}, {judge.ALL: {"": 2.0, "dcontext": -3.0}})) == []
    assert surfaces(text, Judge({}, {judge.ALL: {"": 2.0, "dcontext": -0.5}})) == ["Spark"]


def test_skills_of_a_user_are_left_to_the_rules(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[skills.brightleaf]\nname = "Brightleaf"\ncategory = "languages"\ndescription = "A language."\n'
        '[skills.sql]\nadd_aliases = ["the query language"]\n',
        encoding="utf-8",
    )
    sceptic = Judge({}, {judge.ALL: {"": -9.0}})
    assert surfaces("You know Python, SQL and Brightleaf.", sceptic, load_taxonomy([own])) == ["SQL", "Brightleaf"]


@given(st.integers(0, 500), st.integers(0, 500))
def test_rates_are_finite_and_grow_with_the_share(marked: int, more: int) -> None:
    share, logit, seen = judge.rates(marked + more, marked)
    assert 0 < share < 1.001
    assert -9 < logit < 9
    assert seen >= 0
    assert judge.rates(marked + more + 1, marked + 1)[0] >= share


def test_the_shipped_judge_leaves_plain_requests_alone() -> None:
    text = "Requirements\n- Python, SQL and PyTorch\n- Kubernetes, Docker\n- machine learning and deep learning\n"
    names = ["Python", "SQL", "PyTorch", "Kubernetes", "Docker", "machine learning", "deep learning"]
    assert surfaces(text, judge.load()) == names


def test_mentions_stay_in_order_and_apart() -> None:
    text = "Spark, Go and R; reports, testing, metrics. We use Access and Excel to excel at reporting."
    found = Extractor(TAXONOMY).mentions(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[m.start : m.end] == m.surface for m in found)
