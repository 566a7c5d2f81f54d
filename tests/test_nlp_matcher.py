"""The matcher: written forms, list forms, ambiguous names, titles and degrees, and what any text must not break."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from skills_taxonomy import small_taxonomy

from nlp.matcher import Matcher
from nlp.phrases import Phrase, Trie
from nlp.roles import Roles
from nlp.taxonomy import load_taxonomy
from nlp.tokens import stem

MATCHER = Matcher(small_taxonomy())
ROLES = Roles()


def found(text: str) -> list[tuple[str, str]]:
    return [(match.skill, text[match.start : match.end]) for match in MATCHER.find(text)]


def surfaces(text: str) -> list[str]:
    return [surface for _, surface in found(text)]


def kept(text: str) -> list[str]:
    tokens = MATCHER.trie.cut(text)
    return [text[match.start : match.end] for match in ROLES.keep(tokens, MATCHER.find_in(text, tokens))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use machine-learning daily", [("machine-learning", "machine-learning")]),
        ("MACHINE LEARNING", [("machine-learning", "MACHINE LEARNING")]),
        ("machine\nlearning over a broken line", [("machine-learning", "machine\nlearning")]),
        ("neural networks and databases", [("neural-networks", "neural networks"), ("databases", "databases")]),
        ("LLMs", [("large-language-models", "LLMs")]),
        ("data visualisation", [("data-visualization", "data visualisation")]),
        ("timeseries, time-series", [("time-series", "timeseries"), ("time-series", "time-series")]),
        ("time series forecasting", [("forecasting", "time series forecasting")]),
        ("NodeJS or Node.js or node js", [("nodejs", "NodeJS"), ("nodejs", "Node.js"), ("nodejs", "node js")]),
        ("PowerBI", [("power-bi", "PowerBI")]),
        ("Python 3.x and Python3", [("python", "Python"), ("python", "Python3")]),
        ("HDFS, HDF", [("hdfs", "HDFS"), ("hdf", "HDF")]),
        (".NET and ASP.NET", [("dotnet", ".NET")]),
        ("finetuning", [("fine-tuning", "finetuning")]),
        ("**Python**, _SQL_", [("python", "Python"), ("sql", "SQL")]),
        ("•Python •SQL", [("python", "Python"), ("sql", "SQL")]),
        ("We do it all.AI first", [("artificial-intelligence", "AI")]),
    ],
)
def test_written_forms_of_a_name_are_one_skill(text: str, expected: list[tuple[str, str]]) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("C/C++", ["C", "C++"]),
        ("AWS/GCP", ["AWS", "GCP"]),
        ("PyTorch/TensorFlow", ["PyTorch", "TensorFlow"]),
        ("CI/CD, CI / CD, CICD", ["CI/CD", "CI / CD", "CICD"]),
        ("A/B testing and A/B tests", ["A/B testing"]),
        ("supervised and unsupervised learning", ["supervised", "unsupervised learning"]),
        ("Linear/Logistic Regression", ["Linear", "Logistic Regression"]),
        ("deep and machine learning", ["machine learning"]),
        ("AI/ML models", ["AI", "ML"]),
        ("machine learning models", ["machine learning"]),
        ("C#, C++17", ["C#", "C++"]),
    ],
)
def test_lists_are_read_as_a_reader_reads_them(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PythonExperience with SQLStrong skills", ["Python", "SQL"]),
        ("Fluency in TypeScriptExperience", ["TypeScript"]),
        ("skillsPython", ["Python"]),
        ("SparkCognition and PythonAnywhere", []),
        ("JavaScriptCore", []),
    ],
)
def test_a_name_inside_a_longer_word_counts_only_beside_an_ordinary_word(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Python, R, and SQL", ["Python", "R", "SQL"]),
        ("our R&D budget, Python", ["Python"]),
        ("Level R of the garage", []),
        ("R programming", ["R"]),
        ("Go and Docker", ["Go", "Docker"]),
        ("Go to market with Python", ["Python"]),
        ("Go the extra mile", []),
        ("go with Python", ["Python"]),
        ("Spark and Scala", ["Spark", "Scala"]),
        ("We spark curiosity", []),
        ("Apache Spark", ["Apache Spark"]),
        ("un go de Python", ["Python"]),
        ("python, go, docker", ["python", "docker"]),
        ("tools such as docker, excel", ["docker", "excel"]),
        ("people who excel with docker", ["docker"]),
        ("React to orders in the kitchen", []),
        ("React, JavaScript", ["React", "JavaScript"]),
        ("Go, R, C and Python", ["Go", "R", "C", "Python"]),
    ],
)
def test_ambiguous_names_are_decided_by_their_context(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "https://github.com/acme/python-sql",
        "www.python.org",
        "mail python@acme.example",
        "python.org",
        "mlops-ish",
        "the panda in the zoo",
        "cutting-edge Pythonic prose",
        "text-to-SQL",
        "QUIBBLE.AI is hiring",
        "at quibble.ai",
    ],
)
def test_parts_of_addresses_and_of_longer_words_are_no_skills(text: str) -> None:
    assert surfaces(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We seek a Machine Learning Engineer who knows machine learning", ["machine learning"]),
        ("Data Science / Machine Learning Engineer", []),
        ("AI Research Scientist", []),
        ("Head of Data Science", []),
        ("$233,800 for Sr Mgr, Data Science", []),
        ("Python developer", ["Python"]),
        ("Software Engineer, Machine Learning | Ghent", []),
        ("AI / Machine Learning Engineer", []),
        ("Degree in a discipline (e.g. Statistics, Machine Learning)", []),
        ("machine learning engineering", ["machine learning"]),
        ("Degree in Statistics, Machine Learning or a related field", []),
        ("PhD in Statistics and experience with statistics", ["statistics"]),
        ("Master of Data Science. Knows statistics", ["statistics"]),
        ("Bachelor's degree; deep learning", ["deep learning"]),
        ("Three years in the field of machine learning", ["machine learning"]),
        ("Degree in one of the fields machine learning or statistics", []),
        ("You build machine learning applicationsLead and develop", ["machine learning"]),
        ("Degree in Computer Science or experience in Python", ["Python"]),
        ("Reporting to the Manager, Orchard & Cider Data Science, you use Python", ["Python"]),
        ("You report to the director of statistics and data science.", []),
        ("Reports to: VP Data Science. Statistics matter", ["Statistics"]),
        ("Reporting to the CTO, Python and Scala in hand", ["Python", "Scala"]),
        ("You report to customers with statistics", ["statistics"]),
        ("Reporting to the Head of Data Science and Machine Learning\nPython", ["Python"]),
    ],
)
def test_titles_and_degrees_are_no_skills(text: str, expected: list[str]) -> None:
    assert kept(text) == expected


def test_the_shipped_ambiguous_names_are_refused_and_accepted_as_their_entries_say() -> None:
    taxonomy = load_taxonomy()
    matcher = Matcher(taxonomy)
    asked = accepted = 0
    for skill in taxonomy.skills.values():
        for entry in skill.ambiguous:
            for phrase in entry.refuse:
                text = f"xyz {phrase} xyz"
                said = [text[m.start : m.end] for m in matcher.find(text) if m.skill == skill.id]
                assert set(said).isdisjoint(entry.aliases), (skill.id, phrase)
            for cue in entry.cues:
                asked += 1
                accepted += any(m.skill == skill.id for m in matcher.find(f"{cue} , {entry.aliases[0]}"))
    assert asked > 100
    assert accepted / asked > 0.9  # the rest forms a longer name, or one that is refused


@pytest.mark.parametrize(
    ("token", "expected"),
    [
        ("Databases", "database"),
        ("LLMs", "llm"),
        ("APIs", "api"),
        ("AWS", "aws"),
        ("HDFS", "hdfs"),
        ("analysis", "analysis"),
        ("analyses", "analysis"),
        ("libraries", "library"),
        ("classes", "class"),
        ("modelling", "modeling"),
        ("optimisation", "optimization"),
        ("statistics", "statistic"),
        ("GPUs", "gpu"),
        ("", ""),
        ("s", "s"),
    ],
)
def test_stems(token: str, expected: str) -> None:
    assert stem(token) == expected


def test_the_longest_phrase_wins_and_shorter_readings_are_known() -> None:
    trie = Trie([Phrase("a b", "short"), Phrase("a b c", "long")])
    tokens = trie.cut("a b c d")
    assert [(stop, phrase.value) for stop, phrase in trie.at(tokens, 0)] == [(2, "short"), (3, "long")]


WORDS = st.sampled_from(
    [
        "Python",
        "R",
        "C",
        "C++",
        "Go",
        "machine",
        "learning",
        "and",
        "supervised",
        "AI",
        "ML",
        "/",
        ",",
        "\n",
        "•",
        "R&D",
        "Spark",
        "time-series",
        "PythonExperience",
        "https://x.io/Python",
        "(",
        ")",
        ";",
        "\0",
        "😀",
        "ß",
        "İ",
        "مرحبا",
        "<b>",
        "&amp;",
        ".",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=300), st.lists(WORDS, max_size=60).map(" ".join), st.lists(WORDS, max_size=60).map("".join)
    )
)
def test_offsets_always_cut_out_a_name_and_never_overlap(text: str) -> None:
    end = 0
    for match in MATCHER.find(text):
        assert end <= match.start < match.end <= len(text)
        assert text[match.start : match.end].strip() == text[match.start : match.end] != ""
        end = match.end


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_tokens_cover_their_text(text: str) -> None:
    tokens = MATCHER.trie.cut(text)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words
    assert tokens.gaps[0] + "".join(w + g for w, g in zip(tokens.words, tokens.gaps[1:], strict=True)) == text
