"""Syllabi: coverage and gaps by hand, the shipped files, and bad files."""

import pytest
from analysis_frames import catalog, frames

from analysis.catalog import from_taxonomy
from analysis.options import Options
from analysis.population import select
from analysis.syllabus import Syllabus, ml_skills, read_syllabus, shipped, syllabi
from crawler.errors import InputError
from nlp.taxonomy import load_taxonomy


def test_shipped_syllabi_name_only_skills_of_the_taxonomy():
    known = from_taxonomy(load_taxonomy())
    found = {one.id: one for one in shipped(known)}
    assert found["tensorflow-developer-certificate"].status == "historical"
    assert len(found["tensorflow-developer-certificate"].parts) == 5
    assert "current" in {one.status for one in found.values()}
    from analysis.syllabus import DATA

    for file in sorted((DATA / "syllabi").glob("*.toml")):
        read = read_syllabus(file, known)  # strict: an unknown skill is an error
        assert read.source, file.name
        assert read.as_of[:4].isdigit(), file.name  # the edition whose text was read
        assert len(read.parts) >= 5
        everything = [skill for _, skills in read.parts for skill in skills]
        assert len(everything) == len(set(everything)), f"{file.name}: a skill stands twice"
    assert sum(one.status == "current" for one in found.values()) >= 2


def test_the_certificate_holds_what_its_checklist_names():
    known = from_taxonomy(load_taxonomy())
    taught = {one.id: {known.ids[i] for i in one.skills} for one in shipped(known)}["tensorflow-developer-certificate"]
    assert {"python", "pycharm", "object-detection", "data-augmentation", "lstm", "text-generation"} <= taught
    assert not {"numpy", "model-deployment", "feature-engineering", "transformers", "pytorch"} & taught


def ml_catalog():
    from dataclasses import replace

    made = catalog()
    return replace(made, categories=tuple("ml-fields" if i < 8 else "languages" for i in range(12)))


def test_coverage_and_gaps():
    from dataclasses import replace

    made = replace(frames(600, 80), catalog=ml_catalog())
    population = select(made, Options())
    assert ml_skills(population.catalog).sum() == 8
    everything = Syllabus("all", "All", "current", "", (("one", tuple(range(12))),))
    half = Syllabus("half", "Half", "current", "", (("one", (0, 1)),))
    table, gaps = syllabi(population, [everything, half], Options())
    whole = table[(table["track"] == "all") & (table["year"] == "all")].set_index("syllabus")
    assert whole.loc["all", "share"] == 1
    assert whole.loc["all", "demand_share"] == pytest.approx(1)
    taught = [0, 1, 3]  # PyTorch brings deep learning
    either = population.either[:, :8].toarray()
    assert whole.loc["half", "demand_share"] == pytest.approx(either[:, taught].sum() / either.sum())
    required = population.required[:, :8].toarray()
    some = required.sum(axis=1) > 0
    covered = required[:, taught].sum(axis=1) >= 0.6 * required.sum(axis=1)
    assert whole.loc["half", "count"] == (covered & some).sum()
    assert whole.loc["half", "denominator"] == some.sum()
    lacking = gaps[(gaps["syllabus"] == "half") & (gaps["gap"] == "asked, not taught")]["skill"].tolist()
    assert "tensorflow" in lacking
    assert "deep-learning" not in lacking
    assert {"2023", "2024"} <= set(table["year"])
    assert not table.isna().any().any()


def test_too_few_postings_are_left_out():
    table, _ = syllabi(
        select(frames(20, 5), Options()), [Syllabus("a", "A", "current", "", (("one", (0,)),))], Options()
    )
    assert table.empty


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("name = ", "not a syllabus file"),
        ('name = "A"\nstatus = "new"', "status"),
        ('name = "A"\nstatus = "current"', "no \\[\\[parts\\]\\]"),
        ('name = "A"\nstatus = "current"\n[[parts]]\nname = "P"', "part 1: a part needs"),
        (
            'name = "A"\nstatus = "current"\n[[parts]]\nname = "P"\nskills = ["Pyton"]',
            "part 1: unknown skill 'Pyton'; did you mean Python",
        ),
    ],
)
def test_bad_files(tmp_path, content, message):
    file = tmp_path / "mine.toml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_syllabus(file, catalog())


def test_a_syllabus_of_ones_own_is_measured_beside_the_shipped_ones(tmp_path):
    from dataclasses import replace

    from analysis.run import measure

    file = tmp_path / "mine.toml"
    file.write_text(
        'name = "Mine"\nstatus = "current"\n[[parts]]\nname = "All"\nskills = ["PyTorch", "Python"]\n', encoding="utf-8"
    )
    made = replace(frames(600, 80), catalog=ml_catalog())
    result = measure(made, Options(parts=("syllabus",), syllabi=(file,)))
    assert "mine" in set(result.syllabus["syllabus"])
    with pytest.raises(InputError, match="not a syllabus file"):
        measure(made, Options(syllabi=(tmp_path / "absent.toml",)))
