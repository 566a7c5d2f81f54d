"""Every kind of board against its saved response and expected result, and the contracts that every kind keeps."""

import inspect
import json
from pathlib import Path

import pytest
from crawler_fixtures import FIXTURES, crawl_all, saved_boards
from crawler_reading import saved, walk

from crawler import jsonld
from crawler.policies import policies

FOLDERS = list(saved_boards())
KINDS = {board["kind"] for board in saved_boards().values()}
NEW = "sent_since_yesterday"


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return crawl_all(tmp_path_factory.mktemp("kinds"))


@pytest.fixture
def usajobs_key(monkeypatch):
    monkeypatch.setenv("USAJOBS_KEY", "written-for-tests")
    monkeypatch.setenv("USAJOBS_EMAIL", "test@example.org")


def spiders():
    """The spider classes by file name."""
    import importlib
    import pkgutil

    import crawler.spiders as package
    from crawler.spiders.base import BoardSpider

    found = {}
    for module in pkgutil.iter_modules(package.__path__):
        loaded = importlib.import_module(f"crawler.spiders.{module.name}")
        classes = [
            item
            for _, item in inspect.getmembers(loaded, inspect.isclass)
            if issubclass(item, BoardSpider) and item.__module__ == loaded.__name__ and item is not BoardSpider
        ]
        if classes:
            found[module.name] = classes
    return found


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_saved_board_gives_the_expected_rows(folder, results):
    expected = json.loads((FIXTURES / folder / "expected.json").read_text())
    assert results[folder] == expected
    assert expected["postings"], "a fixture without postings shows nothing"


def objects(value, path=""):
    """Every JSON object of an answer with its dotted path, which ends in a dot."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from objects(inner, f"{path}{key}.")
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, path)


def grown(body):
    """An answer again and again, each time with an unknown field in the objects of one more path; the path with it."""
    text = body.decode()
    if text.lstrip().startswith("<!doctype"):
        for number, posting in enumerate(jsonld.find(text)):
            for path in dict(objects(posting)):
                changed = json.loads(json.dumps(jsonld.find(text)))
                mark(changed[number], path)
                yield path, f'<script type="application/ld+json">{json.dumps(changed)}</script>'.encode()
    elif text.lstrip().startswith(("{", "[")):
        for path in dict(objects(json.loads(text))):
            changed = json.loads(text)
            mark(changed, path)
            yield path, json.dumps(changed).encode()
    elif "<position>" in text:
        for tag in ("position", "jobDescriptions", "jobDescription", "additionalOffices"):
            yield tag, text.replace(f"</{tag}>", f"<{NEW}/></{tag}>").encode()


def mark(value, wanted):
    for path, found in list(objects(value)):
        if path == wanted:
            found[NEW] = 1


def left_aside(path, ignored):
    parts = path.removesuffix(".").split(".")
    return any(".".join(parts[:length]) in ignored for length in range(1, len(parts) + 1))


@pytest.mark.usefixtures("usajobs_key")
@pytest.mark.parametrize("folder", FOLDERS)
def test_every_field_of_every_record_is_read_or_ignored_or_counted(folder):
    """Of lists and of pages alike: what the saved answers hold is known, and what a source adds anywhere is noticed."""
    kind = saved_boards()[folder]["kind"]
    routes, slug = saved(folder)
    reading = walk(kind, routes, slug)
    # Greenhouse's saved board has one on purpose.
    assert reading.run.unknown == ({"jobs.surprise": 1} if kind == "greenhouse" else {})
    assert reading.postings
    tried = 0
    for route, body in routes.items():
        for path, changed in grown(body):
            # A feed's schema.org object is read with names of its own.
            own = path.rpartition("_jobposting.")[2]
            if left_aside(own, reading.spider.ignored) or path.startswith("legal"):
                continue
            tried += 1
            unknown = walk(kind, {**routes, route: changed}, slug).run.unknown
            assert any(NEW in name for name in unknown), f"{route}: {path}{NEW} was not noticed"
    assert tried, "a kind whose answers can't grow shows nothing"


def test_unknown_fields_are_said_in_a_warning(caplog, tmp_path):
    from crawler.pipelines import Writer

    routes, slug = saved("greenhouse")
    reading = walk("greenhouse", routes, slug, data=str(tmp_path))
    Writer(reading.spider.session).done(reading.run)
    assert "greenhouse:acme: fields that are not known yet: jobs.surprise (1)" in caplog.text


def test_every_spider_has_a_fixture_and_a_policy():
    names = set(spiders())
    assert names == KINDS
    assert names <= set(policies())
    assert {kind for kind, policy in policies().items() if policy.forbidden} == set(policies()) - names


def test_file_name_spider_name_and_class_name_agree():
    for name, classes in spiders().items():
        assert [item.__name__ for item in classes] == [name.capitalize()]
        assert classes[0].name == name


def test_every_spider_documents_its_source():
    for name, (spider,) in spiders().items():
        assert spider.__doc__, name
        assert "parse_board" in vars(spider), name


def test_scrapy_itself_lists_the_spiders():
    from scrapy.settings import Settings
    from scrapy.spiderloader import SpiderLoader

    settings = Settings()
    settings.setmodule("crawler.settings")
    assert sorted(SpiderLoader.from_settings(settings).list()) == sorted(KINDS)


def test_docs_name_every_source():
    page = (Path(__file__).parents[1] / "docs" / "sources.md").read_text()
    for kind in policies():
        assert f"`{kind}`" in page, kind
