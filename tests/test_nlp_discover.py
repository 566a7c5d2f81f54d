"""Discovery: what stands in lists of skills without being one is found, and ranked above what merely stands there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from crawler.errors import EmptyError, InputError
from crawler.store import Store
from nlp.discover import Discovery, discover, texts
from nlp.recogniser.model import load
from nlp.taxonomy import Taxonomy, load_taxonomy

POSTINGS = [
    "You bring Python, Quibblestack and SQL.",
    "Our stack: Docker, Quibblestack, Kubernetes.",
    "Experience with quibblestack or Scala.\nWe are a friendly office in a quiet street.",
    "Required: PyTorch, QuibbleStack, TensorFlow. The office is bright.",
    "You know Java, office and SQL. The office is old. Our office, yours too.",
    "The office, a garden and a dog. Python is what we write.",
    "The office has a roof. We write Python.",
]


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    return load_taxonomy()


@pytest.fixture(scope="module")
def found(taxonomy: Taxonomy) -> list[Discovery]:
    return discover(POSTINGS, taxonomy, min_postings=2)


def test_a_name_in_the_company_of_skills_comes_first(found: list[Discovery]) -> None:
    first = found[0]
    assert first.phrase.lower() == "quibblestack"
    assert first.postings == first.beside == 4  # spellings are counted together
    assert {"Python", "SQL"} & set(first.near)
    assert all("quibblestack" in example.lower() for example in first.examples)


def test_what_stands_elsewhere_more_often_ranks_lower(found: list[Discovery]) -> None:
    assert all(one.phrase.lower() != "office" or one.score < found[0].score / 2 for one in found)


def test_the_recogniser_finds_what_stands_in_no_list_and_counts_what_it_marks(taxonomy: Taxonomy) -> None:
    texts = [
        f"Requirements:\n- {years} years of experience with SQL, Zedlang, Docker\nThe office is bright."
        for years in ("Three", "Four", "Five", "Six")
    ]
    (first, *others) = discover(texts, taxonomy, recogniser=load(), min_postings=2)
    assert (first.phrase, first.postings, first.beside, first.marked) == ("Zedlang", 4, 4, 4)
    assert all("office" not in one.phrase for one in others)
    assert all(one.marked == 0 for one in discover(texts, taxonomy, min_postings=2))


def test_the_recogniser_reads_batch_by_batch(taxonomy: Taxonomy) -> None:
    texts = [f"Team {number}. Knowledge of SQL, Zedlang, Docker. Ring {number}." for number in range(150)]
    found = {one.phrase: one for one in discover(texts, taxonomy, recogniser=load(), min_postings=2)}
    assert (found["Zedlang"].postings, found["Zedlang"].marked) == (150, 150)


def test_names_that_a_rule_passes_over_are_no_discovery(taxonomy: Taxonomy) -> None:
    texts = [f"Honey from our own hive, Python and SQL. Garden {number}." for number in range(3)]
    assert "hive" not in {one.phrase for one in discover(texts, taxonomy, min_postings=2)}


def test_what_the_taxonomy_knows_is_no_discovery(tmp_path: Path, found: list[Discovery]) -> None:
    names = {one.phrase.lower() for one in found}
    assert names.isdisjoint({"python", "sql", "docker", "kubernetes", "spark"})
    mine = tmp_path / "mine.toml"
    mine.write_text('[skills.quibblestack]\nname = "Quibblestack"\ncategory = "languages"\ndescription = "A stack."\n')
    again = discover(POSTINGS, load_taxonomy([mine]), min_postings=2)
    assert "quibblestack" not in {one.phrase.lower() for one in again}


def test_rare_phrases_and_a_limit(taxonomy: Taxonomy) -> None:
    assert discover(POSTINGS, taxonomy, min_postings=5) == []
    assert len(discover(POSTINGS, taxonomy, min_postings=2, limit=1)) == 1


def test_texts_are_read_once_so_that_a_stream_will_do(taxonomy: Taxonomy, found: list[Discovery]) -> None:
    def stream() -> Iterator[str]:
        yield from POSTINGS

    assert discover(stream(), taxonomy, min_postings=2) == found


@pytest.mark.parametrize(
    "text", ["", " ", "\0", "👩‍💻" * 50, "a" * 100_000, ", , ,", "Python," * 2000, "<b>SQL</b>, x"]
)
def test_odd_texts_are_read(taxonomy: Taxonomy, text: str) -> None:
    assert isinstance(discover([text, text], taxonomy, min_postings=2), list)


def test_texts_of_a_file_lose_their_html_and_broken_lines_are_told(tmp_path: Path) -> None:
    path = tmp_path / "postings.jsonl"
    path.write_text('{"description": "<p>Python<br>SQL</p>"}\nnot json\n')
    told: list[str] = []
    assert list(texts(path, told.append)) == ["Python\nSQL"]
    assert len(told) == 1
    assert f"{path}:2" in told[0]
    path.write_text('{"text": "x"}\n')
    with pytest.raises(InputError, match=r"postings\.jsonl:1: no description"):
        list(texts(path))


def test_an_empty_store_says_so(tmp_path: Path) -> None:
    with pytest.raises(EmptyError, match="crawl or import"):
        list(texts(Store(str(tmp_path / "data"))))
