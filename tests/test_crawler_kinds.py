"""Every kind of board against its saved response and expected result, and the contracts that every kind keeps."""

import inspect
import json
from pathlib import Path

import pytest
from crawler_fixtures import FIXTURES, crawl_all, kinds

from crawler.policies import policies


@pytest.fixture(scope="module")
def results(tmp_path_factory):
    return crawl_all(tmp_path_factory.mktemp("kinds"))


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


@pytest.mark.parametrize("kind", kinds())
def test_a_saved_board_gives_the_expected_rows(kind, results):
    expected = json.loads((FIXTURES / kind / "expected.json").read_text())
    assert results[kind] == expected
    assert expected["postings"], "a fixture without postings shows nothing"


def test_every_spider_has_a_fixture_and_a_policy():
    names = set(spiders())
    assert names == set(kinds())
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
    assert sorted(SpiderLoader.from_settings(settings).list()) == kinds()


def test_docs_name_every_source():
    page = (Path(__file__).parents[1] / "docs" / "sources.md").read_text()
    for kind in policies():
        assert f"`{kind}`" in page, kind
