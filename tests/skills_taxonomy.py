"""A small taxonomy for the tests of the matcher: they must not change when the shipped one grows."""

from __future__ import annotations

from nlp.taxonomy import Ambiguity, Skill, Taxonomy

CATEGORIES = {"fields": "Fields", "languages": "Languages", "tools": "Tools", "practices": "Practices"}


def _skill(
    skill_id: str, category: str, *aliases: str, cased: tuple[str, ...] = (), ambiguous: tuple[Ambiguity, ...] = ()
) -> Skill:
    name = (aliases or cased)[0]
    return Skill(skill_id, name, category, aliases, cased, (), "For the tests.", None, ambiguous)


def small_taxonomy() -> Taxonomy:
    skills = (
        _skill("machine-learning", "fields", "machine learning", cased=("ML",)),
        _skill("artificial-intelligence", "fields", "artificial intelligence", cased=("AI",)),
        _skill("deep-learning", "fields", "deep learning"),
        _skill("computer-vision", "fields", "computer vision"),
        _skill("data-science", "fields", "data science"),
        _skill("statistics", "fields", "Statistics"),
        _skill("supervised-learning", "fields", "supervised learning"),
        _skill("unsupervised-learning", "fields", "unsupervised learning"),
        _skill("linear-regression", "fields", "linear regression"),
        _skill("logistic-regression", "fields", "logistic regression"),
        _skill("time-series", "fields", "time series"),
        _skill("forecasting", "fields", "time series forecasting"),
        _skill("large-language-models", "fields", "large language model", cased=("LLM",)),
        _skill("neural-networks", "fields", "neural network"),
        _skill("data-visualization", "fields", "data visualization"),
        _skill("python", "languages", "Python"),
        _skill("javascript", "languages", "JavaScript"),
        _skill("typescript", "languages", "TypeScript"),
        _skill("scala", "languages", "Scala"),
        _skill("sql", "languages", "SQL"),
        _skill("cpp", "languages", "C++"),
        _skill("csharp", "languages", "C#"),
        _skill(
            "c",
            "languages",
            cased=("C",),
            ambiguous=(Ambiguity(("C",), ("languages",), ("programming",), ("C level",)),),
        ),
        _skill(
            "r",
            "languages",
            cased=("R",),
            ambiguous=(Ambiguity(("R",), ("languages",), ("programming",), ("R&D", "R & D")),),
        ),
        _skill(
            "go",
            "languages",
            "Golang",
            cased=("Go",),
            ambiguous=(
                Ambiguity(("Go",), ("languages", "docker"), ("programming", "microservices"), ("Go to market",)),
            ),
        ),
        _skill(
            "spark",
            "tools",
            "Spark",
            "Apache Spark",
            ambiguous=(Ambiguity(("Spark",), ("languages", "tools"), ("big data",), ("spark joy",)),),
        ),
        _skill("dotnet", "tools", ".NET"),
        _skill("nodejs", "tools", "Node.js"),
        _skill("react", "tools", "React", ambiguous=(Ambiguity(("React",), ("languages", "nodejs"), ("frontend",)),)),
        _skill("pytorch", "tools", "PyTorch"),
        _skill("tensorflow", "tools", "TensorFlow"),
        _skill("pandas", "tools", "Pandas"),
        _skill("scikit-learn", "tools", "scikit-learn", "sklearn"),
        _skill("docker", "tools", "Docker"),
        _skill("excel", "tools", "Microsoft Excel", cased=("Excel",)),
        _skill("kubernetes", "tools", "Kubernetes"),
        _skill("aws", "tools", cased=("AWS",)),
        _skill("gcp", "tools", cased=("GCP",)),
        _skill("hdfs", "tools", cased=("HDFS",)),
        _skill("hdf", "tools", cased=("HDF",)),
        _skill("power-bi", "tools", "Power BI"),
        _skill("cicd", "practices", "CI/CD", cased=("CI", "CD")),
        _skill("ab-testing", "practices", "A/B testing"),
        _skill("fine-tuning", "practices", "fine-tuning"),
        _skill("databases", "practices", "database"),
        _skill("rest", "practices", "REST API"),
    )
    return Taxonomy({skill.id: skill for skill in skills}, CATEGORIES, {})
