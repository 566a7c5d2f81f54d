"""The rules of the house: who imports what, what importing costs, what is packaged."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("crawler", "nlp", "analysis", "reports")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
# Which part of the project may import a library; everything else must not.
SCRAPY = tuple(f"crawler/{part}" for part in ("spiders/", "middlewares", "pipelines", "archive", "settings", "run"))
OWNERS = {
    "scrapy": SCRAPY,
    "twisted": SCRAPY,
    "tensorflow": ("nlp/tracks/",),
    "keras": ("nlp/tracks/",),
    "spacy": ("nlp/",),
    "plotly": ("reports/",),
    "dash": ("reports/explorer/",),
    "deltalake": ("crawler/delta.py",),
}
HEAVY = ("scrapy", "spacy", "tensorflow", "keras", "pandas", "plotly", "dash", "numpy", "pyarrow", "deltalake")


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_imports_point_down_only(path: Path) -> None:
    own = PACKAGES.index(path.relative_to(ROOT).parts[0])
    for module in imports(path):
        top = module.partition(".")[0]
        assert top != "skilldemand", "the command line is the top"
        if top in PACKAGES:
            assert PACKAGES.index(top) <= own, f"imports {module} from above"
            assert "." in module or path.name == "__init__.py" or top in PACKAGES
        if own > 0 and top == "crawler":
            assert not module.startswith(("crawler.spiders", "crawler.middlewares", "crawler.pipelines")), module


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_libraries_stay_where_they_belong(path: Path) -> None:
    for module in imports(path):
        owners = OWNERS.get(module.partition(".")[0])
        assert owners is None or name(path).startswith(owners), f"{module} belongs to {', '.join(owners or ())}"


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, skilldemand, typer.testing\n"
        "done = typer.testing.CliRunner().invoke(skilldemand.app, ['--help'])\n"
        "assert done.exit_code == 0, done.output\n"
        f"print(sorted(set({HEAVY!r}) & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", [path for path in MODULES if path.name == "__init__.py"], ids=name)
def test_importing_a_package_does_nothing(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        assert not isinstance(node, (ast.Expr, ast.For, ast.While, ast.With)) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        ), f"{name(path)}:{node.lineno} runs code"


def test_every_folder_of_code_is_packaged() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    included = setup["options.packages.find"]["include"].split()
    assert set(included) == {pattern for package in PACKAGES for pattern in (package, f"{package}.*")}
    for path in MODULES:
        assert (path.parent / "__init__.py").exists(), f"{name(path.parent)} is no package"


def test_no_other_distribution_ships_our_names() -> None:
    owners = importlib.metadata.packages_distributions()
    for package in (*PACKAGES, "skilldemand"):
        assert set(owners.get(package, [])) <= {"skilldemand"}, f"{package} comes from {owners[package]}"


def test_every_dependency_has_a_lower_bound() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    extras = setup["options.extras_require"].values()
    lines = [line for text in (setup["options"]["install_requires"], *extras) for line in text.splitlines()]
    for line in filter(None, lines):
        assert ">=" in line, line


def test_pyproject_holds_the_build_system_and_ruff_only() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert set(config) == {"build-system", "tool"}
    assert set(config["tool"]) == {"ruff"}


def test_the_spacy_factories_are_the_listed_ones() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    listed = [
        line.split("=")[0].strip() for line in setup["options.entry_points"]["spacy_factories"].split("\n") if line
    ]
    installed = {
        point.name
        for point in importlib.metadata.entry_points(group="spacy_factories")
        if point.value.startswith("nlp.")
    }
    assert listed == ["skilldemand_skills"]
    assert installed <= set(listed)


def test_every_library_in_use_is_declared() -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg")
    texts = (setup["options"]["install_requires"], *setup["options.extras_require"].values())
    declared = {re.split(r"[\[>;= ]", line)[0].lower() for text in texts for line in text.splitlines() if line}
    owners = importlib.metadata.packages_distributions()
    used = {module.partition(".")[0] for path in MODULES for module in imports(path)}
    for module in used - set(PACKAGES) - set(sys.stdlib_module_names):
        distributions = {name.lower().replace("_", "-") for name in owners.get(module, [module])}
        assert distributions & declared, f"{module} ({', '.join(distributions)}) is not in setup.cfg"
