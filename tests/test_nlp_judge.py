"""The judge: it drops and adds only what it was taught, and says nothing of names that it never saw."""

from itertools import pairwise

from nlp import judge
from nlp.judge import Judge
from nlp.pipeline import Extractor
from nlp.taxonomy import load_taxonomy

TAXONOMY = load_taxonomy()
NEUTRAL = {judge.ALL: {"": 0.0}}


def surfaces(text: str, judged: Judge | None) -> list[str]:
    return [mention.surface for mention in Extractor(TAXONOMY, judge=judged).mentions(text)]


def test_without_weights_for_a_name_the_rules_decide() -> None:
    text = "You know Python, SQL and dashboards."
    assert surfaces(text, Judge({}, NEUTRAL)) == surfaces(text, None) != []


def test_a_name_is_dropped_where_its_log_odds_are_negative() -> None:
    told = Judge({"sql": {"": 1.0, "pand": -2.0}}, NEUTRAL)
    assert surfaces("You know Python and SQL.", told) == ["Python"]
    assert surfaces("You know Python, SQL.", told) == ["Python", "SQL"]


def test_a_name_without_its_context_is_added_where_its_log_odds_are_positive() -> None:
    text = "Every week we write a word about Spark."
    assert surfaces(text, None) == surfaces(text, Judge({"spark": {"": -1.0}}, NEUTRAL)) == []
    assert surfaces(text, Judge({"spark": {"": 1.0, "dcontext": 0.5}}, NEUTRAL)) == ["Spark"]


def test_category_and_common_weights_add_up() -> None:
    category = TAXONOMY.skills["sql"].category
    weights = {"sql": {"": 1.0}}
    text = "You know Python and SQL."
    assert "SQL" in surfaces(text, Judge(weights, {judge.ALL: {"": -0.5}}))
    assert "SQL" not in surfaces(text, Judge(weights, {judge.ALL: {"": -0.5}, category: {"pand": -0.6}}))


def test_the_shipped_judge_leaves_plain_requests_alone() -> None:
    text = "Requirements\n- Python, SQL and PyTorch\n- Kubernetes, Docker\n- machine learning and deep learning\n"
    names = ["Python", "SQL", "PyTorch", "Kubernetes", "Docker", "machine learning", "deep learning"]
    assert surfaces(text, judge.load()) == names


def test_mentions_stay_in_order_and_apart() -> None:
    text = "Spark, Go and R; reports, testing, metrics. We use Access and Excel to excel at reporting."
    found = Extractor(TAXONOMY).mentions(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert all(text[m.start : m.end] == m.surface for m in found)
