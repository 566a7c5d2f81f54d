"""The taxonomy: every shipped file keeps the contract, and every mistake in a file is named by file and entry."""

from collections import Counter
from pathlib import Path

import pytest

from crawler.errors import InputError
from nlp import groups, skill_edit, skillfiles
from nlp.matcher import Matcher
from nlp.taxonomy import DATA, Taxonomy, alias_key, load_taxonomy

FILES = sorted((DATA / "skills").glob("*.toml"))
GOOD = 'name = "Frobnication"\ndescription = "Turning knobs."\ncategory = "languages"\n'


@pytest.fixture(scope="module")
def shipped() -> Taxonomy:
    return load_taxonomy()


def user_file(tmp_path: Path, text: str, name: str = "mine.toml") -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        load_taxonomy([path])
    assert "\n" not in str(caught.value)
    return str(caught.value)


# Contracts over every skill file


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_is_sorted_named_and_described(path: Path) -> None:
    file = skillfiles.read_skill_file(path)
    assert file.category == path.stem
    assert file.category_name
    assert list(file.entries) == sorted(file.entries), "skills are sorted by id"
    for skill_id, entry in file.entries.items():
        description = entry["description"]
        assert 10 <= len(description) <= 120, skill_id
        assert description[0].isupper(), skill_id
        assert description.endswith("."), skill_id


def test_the_categories_that_the_reports_need_are_there(shipped: Taxonomy) -> None:
    needed = {"ml-fields", "ml-models", "ml-methods", "vision", "natural-language", "sequences", "llm-engineering"}
    needed |= {"languages", "ml-frameworks", "data-platforms", "datastores", "cloud-services", "ml-operations"}
    needed |= {"infrastructure", "web-systems", "embedded-robotics", "statistics-methods", "math"}
    assert needed | {"engineering-practices"} <= set(shipped.categories)
    assert Counter(skill.category for skill in shipped.skills.values()).keys() == shipped.categories.keys()


def test_no_two_skills_share_a_name(shipped: Taxonomy) -> None:
    names = Counter(alias_key(skill.name) for skill in shipped.skills.values())
    assert [name for name, times in names.items() if times > 1] == []


def test_no_alias_repeats_what_the_matcher_does_by_itself(shipped: Taxonomy) -> None:
    assert skill_edit.redundant(shipped) == []


def test_refused_phrases_hold_an_alias_of_their_rule(shipped: Taxonomy) -> None:
    from nlp.phrases import Phrase, Trie

    for skill in shipped.skills.values():
        for rule in skill.ambiguous:
            trie = Trie(Phrase(alias, skill.id) for alias in rule.aliases)
            for phrase in rule.refuse:
                tokens = trie.cut(phrase)
                spans = [(i, j) for i in range(len(tokens)) for j, _ in trie.at(tokens, i)]
                assert spans, f"{skill.id}: refused {phrase!r} holds none of {rule.aliases}"
                assert (0, len(tokens)) not in spans, f"{skill.id}: {phrase!r} would refuse the alias everywhere"


def test_tracks_stand_where_a_skill_alone_means_one(shipped: Taxonomy) -> None:
    expected = {"object-detection": "computer_vision", "named-entity-recognition": "nlp", "lstm": "sequence_modeling"}
    assert {skill: shipped.skills[skill].track for skill in expected} == expected
    assert all(shipped.skills[skill].track is None for skill in ("python", "machine-learning", "docker"))


@pytest.mark.parametrize(
    ("skill", "implied"),
    [("pytorch", "machine-learning"), ("react", "javascript"), ("pyspark", "python"), ("k-means", "machine-learning")],
)
def test_what_a_skill_implies_through_other_skills(shipped: Taxonomy, skill: str, implied: str) -> None:
    assert implied in shipped.implied(skill)
    assert skill not in shipped.implied(skill)


@pytest.mark.parametrize(
    "name",
    "R C Go Spark Swift Excel Spring Rust Julia Ray Hive Pig Storm React Express Torch Caffe Access Slack Notion "
    "Lambda Athena Flask Dash Chef Puppet Oracle Scheme Prophet Shell Gemini Claude Llama Beam Flume Presto".split(),
)
def test_names_that_are_words_too_are_decided_by_context(shipped: Taxonomy, name: str) -> None:
    skill = shipped.find(name)
    assert skill is not None
    rules = [rule for rule in skill.ambiguous if name in rule.aliases]
    assert rules, f"{name} of {skill.id} counts anywhere"
    assert any(rule.near or rule.cues for rule in rules)


def test_one_skill_answers_to_all_its_spellings(shipped: Taxonomy) -> None:
    for spellings in (
        ("PostgreSQL", "postgres"),
        ("k8s", "Kubernetes"),
        ("sklearn", "scikit-learn"),
        ("GCP", "Google Cloud"),
    ):
        found = {skill.id if (skill := shipped.find(one)) else one for one in spellings}
        assert len(found) == 1


def test_groups_cover_the_foundations(shipped: Taxonomy) -> None:
    members = shipped.members("ml-foundations")
    assert {"python", "numpy", "tensorflow", "feature-engineering", "overfitting", "loss-functions"} <= members
    assert {"react", "fastapi", "distributed-systems"} <= shipped.members("applications")
    assert all(shipped.members(group) for group in shipped.groups)


# Words that only a context makes a skill


@pytest.fixture(scope="module")
def matcher(shipped: Taxonomy) -> Matcher:
    return Matcher(shipped)


@pytest.mark.parametrize(
    ("skill", "named", "passed_over"),
    [
        ("programming", "Excellent programming in Python", "The programming of the festival is in your hands"),
        ("project-management", "Agile project management", "The project management office sits upstairs"),
        (
            "requirements-engineering",
            "Functional requirements and unit tests",
            "The functional requirements of the kitchen",
        ),
        ("data-cleaning", "Data collection, cleansing and SQL", "Cleansing of the skin"),
        ("data-visualization", "Dashboards and charts", "Topping the charts"),
        ("reporting", "Reports, dashboards and SQL", "The role reports to the director"),
        ("model-validation", "Testing and validation", "Validation of your parking ticket"),
        ("recommender-systems", "Ranking, recommendations and search", "You make recommendations to the board"),
        ("fairness", "Detect bias and toxicity", "We have a bias for action"),
        ("data-processing", "Batch and streaming", "A fresh batch of cookies"),
        ("agile", "Scrum with a clear backlog", "A backlog of orders in the shop"),
        ("statistics", "Python and stats", "See our key stats"),
        ("conversational-ai", "Chatbots and bots", "No bots please"),
        ("information-retrieval", "NLP, IR and search", "IR spectroscopy of crystals"),
        ("stored-procedures", "SQL views and triggers", "Asthma triggers"),
        ("object-oriented-programming", "Java and OO", "Double OO seven"),
        ("clojure", "Scala, Closure", "Closure of the office"),
        ("airflow", "Airflow DAGs", "The DAG of the village"),
        ("graphql", "GraphQL and Apollo", "The Apollo theatre"),
        ("oauth", "Authentication for REST APIs", "You need work authorization"),
        ("containers", "Docker and Singularity", "The singularity is near"),
        ("debezium", "Kafka and CDC", "Guidelines of the CDC"),
        ("system-integration", "SAP, EDI and Java", "Our EDI committee"),
        ("ontologies", "Knowledge graphs and taxonomies", "Protégé of the director"),
        ("computational-advertising", "Personalization and ad tech", "A leader in ad tech"),
        ("data-pipelines", "Build pipelines", "The pipelines of the refinery"),
        ("software-architecture", "Scalable architecture", "The architecture of the museum"),
        ("model-deployment", "Testing and deployment", "Deployment overseas"),
        ("scalability", "Performance monitoring, observability, reliability", "Punctuality and reliability"),
        ("data-governance", "Security and governance", "Corporate governance"),
        ("stream-processing", "Batch and real-time", "A conversation in real time"),
        ("data-modeling", "SQL schemas", "The schemas of the mind"),
        ("prototyping", "A working prototype", "The prototype of a car"),
        ("testing", "Code review, tests", "Tests for allergies"),
        ("open-source", "You maintain open source projects", "An open source of joy"),
        ("experimentation", "Design experiments and A/B tests", "A place for experiments"),
        ("autonomous-systems", "Autonomous vehicle software", "We insure autonomous vehicles"),
        ("structured-data", "Structured and unstructured data, structured data", "A structured data sheet"),
        ("fraud-detection", "Anomaly detection and fraud", "Beware of recruitment fraud"),
        ("performance-optimization", "Low latency and distributed systems", "The latency of the disease"),
        ("prompt-engineering", "RAG, prompts and fine-tuning", "A prompt answer"),
        ("graph-databases", "Relational and graph databases, NoSQL, graph", "The graph on page two"),
        ("data-warehousing", "ETL and warehouse", "Work in the warehouse"),
        ("explainable-ai", "Explainability and transparency", "Transparency of our pay"),
        ("embedded-systems", "FPGA and hardware", "A hardware store"),
        ("risk-modeling", "Statistics, regression and risk management", "Risk management of the museum"),
        ("ml-infrastructure", "Inference, model serving, infrastructure", "The infrastructure of the city"),
        ("bioinformatics", "RNA-seq and Galaxy", "The galaxy is large"),
        ("web-analytics", "Google Analytics and GTM", "Our GTM motion"),
        ("data-management", "ETL and information management", "The information management office"),
        ("mobile-development", "Web and mobile teams", "A mobile phone"),
        ("sensors", "Lidar, radar and cameras", "Cameras stay off"),
        ("networking", "Linux, DNS and networking", "Networking over breakfast"),
        ("documentation", "Write documentation", "Bring your documentation"),
        ("troubleshooting", "Debugging of services", "A bug in the garden"),
        ("azure-ai-services", "Azure cognitive services", "The cognitive services of a clinic"),
        ("dynamic-pricing", "Forecasting and pricing", "Our pricing page"),
        ("payment-systems", "Payments systems in Java", "Payments are due in May"),
        ("clinical-trials", "Statistical analysis of clinical trials", "Clinical trials saved him"),
    ],
)
def test_general_words_are_skills_in_their_context_only(
    matcher: Matcher, skill: str, named: str, passed_over: str
) -> None:
    assert skill in {match.skill for match in matcher.find(named)}
    assert skill not in {match.skill for match in matcher.find(passed_over)}


@pytest.mark.parametrize(
    ("text", "skill"),
    [
        ("Kenntnisse in künstlicher Intelligenz", "artificial-intelligence"),
        ("Erfahrung mit neuronalen Netzen", "neural-networks"),
        ("apprentissage automatique et bases de données", "machine-learning"),
        ("traitement du langage naturel", "natural-language-processing"),
        ("réseaux de neurones", "neural-networks"),
        ("kunstmatige intelligentie", "artificial-intelligence"),
        ("science des données", "data-science"),
        ("Proof of Concepts", "prototyping"),
        ("a proof of concept", "prototyping"),
        ("open-source projects", "open-source"),
        ("Extract, Transform, Load", "etl"),
        ("Map/Reduce", "mapreduce"),
        ("Industry 4.0", "iot"),
        ("Google Cloud Platform", "google-cloud"),
        ("Jupyter notebooks", "jupyter"),
        ("machine learning pipelines", "ml-pipelines"),
        ("Azure SQL Database", "azure-sql"),
        ("data fusion", "sensor-fusion"),
        ("bagging and boosting of decision trees", "ensemble-methods"),
        ("mathematical programming", "optimization"),
        ("algorithm design", "algorithms"),
        ("pip and Python packaging", "python-packaging"),
        ("Capacity planning", "capacity-planning"),
    ],
)
def test_a_spelling_of_postings_belongs_to_its_skill(matcher: Matcher, text: str, skill: str) -> None:
    assert skill in {match.skill for match in matcher.find(text)}


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("optimization models", "optimization models"),  # stays whole, as readers have it
        ("forecasting models", "forecasting models"),
        ("statistics models", "statistics"),
        ("machine learning models", "machine learning"),
    ],
)
def test_a_general_noun_belongs_to_a_name_where_readers_say_so(matcher: Matcher, text: str, surface: str) -> None:
    assert [text[match.start : match.end] for match in matcher.find(text)] == [surface]


# A user's files


def test_a_user_adds_a_skill_and_a_category(tmp_path: Path) -> None:
    path = user_file(
        tmp_path,
        'category = "farming"\nname = "Farming"\n[skills.plough]\nname = "Plough"\ndescription = "Turning soil."\n'
        'implies = ["python"]\n[[skills.plough.ambiguous]]\naliases = ["Plough"]\nnear = ["languages"]\nwindow = 3\n',
    )
    taxonomy = load_taxonomy([path])
    plough = taxonomy.skills["plough"]
    assert plough.category == "farming"
    assert taxonomy.categories["farming"] == "Farming"
    assert plough.aliases == ("Plough",)
    assert plough.ambiguous[0].window == 3
    assert taxonomy.implied("plough") >= {"python"}


def test_a_user_changes_a_skill_and_the_rest_of_it_stays(tmp_path: Path, shipped: Taxonomy) -> None:
    path = user_file(
        tmp_path, '[skills.pytorch]\nadd_aliases = ["Pythörchen"]\nremove_aliases = ["Torch"]\nimplies = ["python"]\n'
    )
    old, new = shipped.skills["pytorch"], load_taxonomy([path]).skills["pytorch"]
    assert "Pythörchen" in new.aliases
    assert "Torch" not in new.surfaces
    assert not any("Torch" in rule.aliases for rule in new.ambiguous)
    assert new.implies == ("python",)
    assert (new.name, new.category, new.description) == (old.name, old.category, old.description)


def test_a_removed_skill_leaves_nothing_behind(tmp_path: Path) -> None:
    taxonomy = load_taxonomy([user_file(tmp_path, "[skills.deep-learning]\nremove = true\n")])
    assert "deep-learning" not in taxonomy.skills
    assert all("deep-learning" not in skill.implies for skill in taxonomy.skills.values())
    assert "deep-learning" not in taxonomy.members("ml-foundations")


def test_later_files_come_over_earlier_ones(tmp_path: Path) -> None:
    first = user_file(tmp_path, f"[skills.frob]\n{GOOD}", "first.toml")
    second = user_file(tmp_path, '[skills.frob]\nname = "Frob"\n', "second.toml")
    assert load_taxonomy([first, second]).skills["frob"].name == "Frob"


def test_the_fingerprint_follows_what_tags_and_not_what_is_told(tmp_path: Path, shipped: Taxonomy) -> None:
    told = user_file(tmp_path, '[skills.python]\ndescription = "Another line."\n', "told.toml")
    tags = user_file(tmp_path, '[skills.python]\nadd_aliases = ["Pythonista"]\n', "tags.toml")
    assert load_taxonomy([told]).fingerprint == shipped.fingerprint == load_taxonomy().fingerprint
    assert load_taxonomy([tags]).fingerprint != shipped.fingerprint


# Mistakes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "[skills.frob]\n" + GOOD + 'alias = ["x"]\n',
            ["skills.frob", "unknown key 'alias'", "did you mean 'aliases'"],
        ),
        ("[skills.Frob]\n" + GOOD, ["skills.Frob", "bad id", "lower-case"]),
        ("[skills.frob]\n" + GOOD + 'aliases = ["pytorch"]\n', ["skills.frob", "'pytorch'", "belongs to 'pytorch'"]),
        ("[skills.frob]\n" + GOOD + 'aliases = ["Deep-Learning"]\n', ["belongs to 'deep-learning'", "ml-fields.toml"]),
        ("[skills.frob]\n" + GOOD + 'aliases = ["a", "a"]\n', ["skills.frob", "aliases names 'a' twice"]),
        (
            "[skills.frob]\n" + GOOD + 'implies = ["pyhton"]\n',
            ["implies unknown skill 'pyhton'", "did you mean 'python'"],
        ),
        ("[skills.frob]\n" + GOOD + 'implies = ["frob"]\n', ["goes in a circle: frob -> frob"]),
        ('[skills.machine-learning]\nimplies = ["pytorch"]\n', ["goes in a circle", "machine-learning"]),
        ('[skills.frob]\nname = "F"\ndescription = "x"\n', ["skills.frob", "needs a category"]),
        ('[skills.frob]\nname = "F"\ndescription = "x"\ncategory = "langages"\n', ["did you mean 'languages'"]),
        ('[skills.pytroch]\nadd_aliases = ["x"]\n', ["skills.pytroch", "did you mean 'pytorch'"]),
        ("[skills.pytroch]\nremove = true\n", ["nothing to remove", "did you mean 'pytorch'"]),
        ("[skills.frob]\nremove = false\n", ["remove = true must stand alone"]),
        ("[skills.frob]\n" + GOOD + 'aliases = "x"\n', ["aliases must be a list"]),
        ("[skills.frob]\n" + GOOD + 'aliases = [" x"]\n', ["stray blanks"]),
        ("[skills.frob]\n" + GOOD + 'track = "vision"\n', ["unknown track 'vision'"]),
        ('[skills.pytorch]\nremove_aliases = ["Torchh"]\n', ["no alias 'Torchh'", "did you mean 'Torch'"]),
        ("[skills.languages]\n" + GOOD, ["a category has this id"]),
        ("skills = 3\n", ["must hold tables"]),
        ("[skills]\nfrob = 3\n", ["skills.frob", "must be a table"]),
        ("[skils.frob]\n", ["unknown key 'skils'", "did you mean 'skills'"]),
        ('category = "new-one"\n', ["new category 'new-one' needs a name"]),
        ("[skills.frob\n", ["is not valid TOML"]),
        ("[skills.frob]\n" + GOOD + "ambiguous = 1\n", ["skills.frob", "ambiguous must be tables"]),
    ],
)
def test_a_mistake_is_one_line_with_file_entry_and_remedy(tmp_path: Path, text: str, expected: list[str]) -> None:
    message = refusal(user_file(tmp_path, text))
    assert "mine.toml" in message
    for part in expected:
        assert part in message


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('aliases = ["Frobnication"]\n', "at least one of near, cues, refuse"),
        ('near = ["languages"]\n', "aliases must name the ambiguous ones"),
        ('aliases = ["Frobbing"]\ncues = ["x"]\n', "no alias of it"),
        ('aliases = ["Frobnication"]\nnear = ["langages"]\n', "near: unknown 'langages' (did you mean 'languages'?)"),
        ('aliases = ["Frobnication"]\ncues = ["x"]\nwindow = 0\n', "window must be a whole number"),
        ('aliases = ["Frobnication"]\ncue = ["x"]\n', "unknown key 'cue' (did you mean 'cues'?)"),
    ],
)
def test_a_mistake_in_a_rule_is_named(tmp_path: Path, rule: str, expected: str) -> None:
    path = user_file(tmp_path, f"[skills.frob]\n{GOOD}[[skills.frob.ambiguous]]\n{rule}")
    message = refusal(path)
    assert "skills.frob" in message
    assert expected in message


def test_an_absent_file_and_a_binary_one(tmp_path: Path) -> None:
    assert "cannot be read" in refusal(tmp_path / "none.toml")
    (tmp_path / "bin.toml").write_bytes(b"\xff\xfe\x00")
    assert "is not UTF-8" in refusal(tmp_path / "bin.toml")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            '[groups.a]\nname = "A"\nskills = ["pyhton"]\n',
            "groups.a: skills: unknown 'pyhton' (did you mean 'python'?)",
        ),
        ('[groups.a]\nname = "A"\ncategories = ["langages"]\n', "did you mean 'languages'"),
        ('[groups.a]\nname = "A"\nparent = "b"\n', "unknown parent 'b'"),
        ('[groups.a]\nname = "A"\nparent = "b"\n[groups.b]\nname = "B"\nparent = "a"\n', "parent goes in a circle"),
        ("[groups.a]\n", "name must be"),
    ],
)
def test_a_mistake_in_the_groups_is_named(tmp_path: Path, shipped: Taxonomy, text: str, expected: str) -> None:
    path = user_file(tmp_path, text, "groups.toml")
    with pytest.raises(InputError, match=r"groups\.toml") as caught:
        groups.read_groups(path, shipped.skills, shipped.categories)
    assert expected in str(caught.value)
