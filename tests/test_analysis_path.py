"""The learning path: cover by hand, laws, stop rules and files of skills."""

import numpy as np
import pandas as pd
import pytest
from analysis_frames import catalog, frames

from analysis.frames import Frames, complete
from analysis.options import Options
from analysis.path import plan, read_skills
from analysis.population import select
from analysis.run import path
from crawler.errors import EmptyError, InputError

LOOSE = Options(min_postings=1, min_employers=1, duplicates=False)


def asking(*lists, copies=40):
    """Postings that require these skills, by number; every list stands at `copies` employers."""
    rows = [skills for skills in lists for _ in range(copies)]
    postings = complete(
        pd.DataFrame(
            {
                "posting_id": [f"p{i:04}" for i in range(len(rows))],
                "source": "s",
                "employer_id": [f"e{i}" for i in range(len(rows))],
                "ml_role": True,
            }
        )
    )
    cells = [(i, skill, 0) for i, skills in enumerate(rows) for skill in skills]
    return Frames(postings, pd.DataFrame(cells, columns=["posting", "skill", "level"]).astype("int32"), catalog())


def test_the_skill_that_opens_most_comes_first():
    made = asking([0], [0], [4], [0, 4, 5, 6])  # python, python, docker, four skills
    found = plan(select(made, LOOSE), (), LOOSE, cover=1.0, smallest=0.001)
    assert found.steps["skill"].tolist()[:3] == ["", "python", "docker"]
    shares = found.steps["share"].tolist()
    assert shares[0] == 0
    assert shares[1] == pytest.approx(0.5, abs=0.1)  # measured on the other half of the employers
    assert shares[2] == pytest.approx(0.75, abs=0.1)
    assert shares[-1] == 1
    assert found.opened[2]
    assert set(found.opened[2]) <= {f"p{i:04}" for i in range(80, 120)}


def test_what_is_implied_counts_as_known():
    made = asking([1, 3])  # PyTorch and deep learning
    found = plan(select(made, LOOSE), ["pytorch"], LOOSE, cover=1.0)
    assert found.have == ("pytorch", "deep-learning")
    assert found.steps["share"].tolist() == [1.0]
    assert found.stopped == "every posting is open already"


@pytest.mark.parametrize(("cover", "opened"), [(0.6, True), (0.61, False)])
def test_cover_is_a_share_of_the_required_skills(cover, opened):
    found = plan(select(asking([0, 4, 5, 6, 10]), LOOSE), ["python", "docker", "aws"], LOOSE, cover=cover, steps=1)
    assert bool(found.steps["share"].iloc[0] == 1) is opened


def test_laws():
    made = frames(600, 80)
    found = plan(select(made, Options()), (), Options(), cover=0.5)
    assert (found.steps["share"].diff().dropna() >= 0).all()
    assert found.steps["share"].diff().dropna().to_numpy() == pytest.approx(found.steps["opens"].to_numpy()[1:])
    assert not found.steps.isna().any().any()
    assert not found.steps["skill"].duplicated().any()
    again = plan(select(made, Options()), (), Options(), cover=0.5)
    pd.testing.assert_frame_equal(found.steps, again.steps)
    more = plan(select(made, Options()), ("python",), Options(), cover=0.5)
    assert more.steps["share"].iloc[0] >= found.steps["share"].iloc[0]
    assert "python" not in more.steps["skill"].tolist()


def test_it_stops_where_steps_open_little():
    found = plan(select(frames(600, 80), Options()), (), Options(), cover=0.5, steps=12, smallest=0.2)
    assert "no further skill opens 20.0%" in found.stopped
    assert len(found.steps) < 6


def test_skills_from_a_file(tmp_path):
    file = tmp_path / "have.txt"
    file.write_text("# mine\nPython, k8s\n- Deep Learning  # some\n\npython\n", encoding="utf-8")
    assert read_skills(file, catalog()) == ["python", "docker", "deep-learning"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"Python\nPytorhc\n", r"line 2: unknown skill 'Pytorhc'; did you mean Pytorch"),
        (b"# none\n", "no skill in it"),
        (b"\xff\xfe\x00", "cannot be read"),
    ],
)
def test_a_bad_file(tmp_path, content, message):
    file = tmp_path / "have.txt"
    file.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_skills(file, catalog())


def test_bad_input(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        path(frames(100, 30), file=tmp_path / "absent.txt")
    with pytest.raises(InputError, match="unknown skill 'Pyton'; did you mean Python"):
        path(frames(100, 30), ["Pyton"])
    with pytest.raises(InputError, match="cover"):
        path(frames(100, 30), cover=60)
    with pytest.raises(EmptyError, match="too few"):
        path(frames(20, 5))
    made = frames(100, 30)
    none = Frames(made.postings, made.mentions.assign(level=np.int8(2)), made.catalog)
    with pytest.raises(EmptyError, match="0 postings of 0 employers require a skill"):
        path(none)


def test_skills_named_in_a_text():
    from analysis.catalog import from_taxonomy
    from analysis.path import skills_in
    from nlp.taxonomy import load_taxonomy

    known = from_taxonomy(load_taxonomy())
    found = skills_in("Five years of Python and PyTorch, some Kubernetes.", known)
    assert {"python", "pytorch", "kubernetes"} <= set(found)
    with pytest.raises(InputError, match="names no skill"):
        skills_in("I like long walks.", known)
