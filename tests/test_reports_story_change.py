"""What is said of time: a trend, a change, its parts and the seasons are claimed only beyond their intervals."""

from dataclasses import replace

import pandas as pd
import pytest
import reports_sample

from analysis.options import Options
from reports import run, story_change, story_trends


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


def test_the_postings_behind_a_year_are_those_that_its_trend_counts() -> None:
    made = reports_sample.frames()
    reposted = made.with_postings(vacancy=made.postings.index // 2)  # each vacancy posted twice, on two days
    material = run.gather(reposted, Options(parts=("trends",)))
    part = story_trends.trends(material)[0]
    assert part.population is not None
    assert material.population is not None
    assert len(part.population.postings) > len(material.population.postings)
    yearly_rows = story_trends.yearly(material)
    heads = yearly_rows[yearly_rows["name"] == story_trends.ANY].to_dict("records")
    counted = {f"{row['line']}, {row['year']}": row["denominator"] for row in heads}
    marks = [mark for mark in part.wanted if mark.key.endswith("-any") and not mark.key.startswith("all sources")]
    assert len(marks) > 4
    for mark in marks:
        assert mark.rows is not None
        assert len(mark.rows) == counted[mark.label.split(":")[0]]


def split(change: tuple[float, float, float], between: tuple[float, float, float], by: str = "country") -> pd.DataFrame:
    row = {
        "line": "s",
        "kind": "track",
        "id": "nlp",
        "name": "NLP",
        "by": by,
        "start": "2012-01-01",
        "end": "2018-01-01",
    }
    for name, values in (("change", change), ("between", between)):
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), values, strict=True))  # type: ignore[arg-type]
    return pd.DataFrame([row])


def test_a_change_and_its_parts_are_told_only_beyond_their_intervals() -> None:
    none = story_change.composition_sentence(split((-0.1, -0.3, 0.1), (-0.1, -0.2, -0.05)))
    assert none.startswith("No change")
    own = story_change.composition_sentence(split((-0.14, -0.26, -0.02), (0.01, -0.03, 0.05)))
    assert own == (
        "In s the share that asks for NLP fell by 14 points (95% interval 2–26) from 2012 to 2018; no clear part of it "
        "is due to another mix of country."
    )
    mixed = story_change.composition_sentence(split((0.14, 0.02, 0.26), (0.06, 0.03, 0.09), "employer"))
    assert mixed.endswith("to this, the mix of employers +6 points (95% interval +3 to +9) contributed clearly.")


def months(p_value: float) -> pd.DataFrame:
    rows = pd.DataFrame({"month": range(1, 13), "effect": [0.06] + [-0.005] * 11}).assign(
        line="s", kind="track", id="nlp", name="NLP", p_value=p_value
    )
    return rows.assign(low=rows["effect"] - 0.03, high=rows["effect"] + 0.03)


def test_a_season_is_told_only_when_the_months_are_not_alike() -> None:
    options = Options()
    assert story_change.seasons_sentence(story_change.with_q(months(0.4)), options).startswith(
        "Not that these data show"
    )
    other = months(0.9).assign(id="cv")  # with a second test the first must be clearer
    assert story_change.seasons_sentence(story_change.with_q(pd.concat([months(0.03), other])), options).startswith(
        "Not"
    )
    said = story_change.seasons_sentence(story_change.with_q(months(0.001)), options)
    assert said == (
        "Yes: in s the share that asks for NLP does, most in January (+6 points (95% interval +3 to +9)), against the "
        "year's mean."
    )


def test_corrected_years_are_told_where_labels_carry_them() -> None:
    measured = run.gather(reports_sample.frames(postings=100, employers=30), Options(parts=()))
    rows = [("source, years", "s, 2012 to 2014", 0.6, ""), ("source, years", "s, 2015 to 2018", 0.7, ""),
            ("source, year", "s, 2017", 0.9, ""), ("source, year", "s, 2020", 0.8, ""),
            ("source, year", "t, 2020", 0.5, "too few: 3 labelled postings, 20 needed")]  # fmt: skip
    table = pd.DataFrame(rows, columns=["scope", "value", "share", "note"]).assign(id="any_track", labelled=30)
    table = table.assign(low=table["share"] - 0.1, high=table["share"] + 0.1)
    material = replace(measured, measures=replace(measured.measures, corrected=table))
    (note,) = story_trends.corrected_years(material)
    assert note.endswith(
        "errors: in s 2012 to 2014 60% (95% interval 50–70%), 2015 to 2018 70% (60–80%) and 2020 80% (70–90%)."
    )
    assert story_trends.corrected_years(measured) == []
