"""From the store to frames: latest versions and taggings, exactly their mentions, and no descriptions in memory."""

import datetime

import pytest

from analysis.load import load
from analysis.options import Options
from analysis.run import measure
from crawler.errors import EmptyError
from crawler.store import Store
from crawler.tables import CRAWLS, POSTINGS, SIGHTINGS
from nlp.records import TRACKS
from nlp.tables import MENTIONS, TAGGINGS

UTC = datetime.UTC
TEXT = "you will build models that see and read " * 20


def moment(day):
    return datetime.datetime(2024, 1, day, tzinfo=UTC)


def posting(number, content, day=1, **more):
    return {
        "posting_id": f"s:b:{number}",
        "content_hash": content,
        "source": "s",
        "board": "b",
        "source_id": str(number),
        "title": f"Engineer for part {number}",
        "employer": "Acme Inc.",
        "locations": ["Bern", "Genf"],
        "description": TEXT,
        "crawl_id": "c",
        "first_seen": moment(day),
        "synthetic": True,
        **more,
    }


def tagging(number, content, tagger="t1", day=2, role=True, **more):
    labels = {name: False for track in TRACKS for name in (track,)} | {f"{track}_probability": 0.1 for track in TRACKS}
    return {
        "posting_id": f"s:b:{number}",
        "content_hash": content,
        "tagger_id": tagger,
        "language": "en",
        "ml_role": role,
        "ml_role_probability": 0.9,
        "tagged_at": moment(day),
        **labels,
        **more,
    }


def mention(number, content, skill, tagger="t1", level="required"):
    return {
        "posting_id": f"s:b:{number}",
        "content_hash": content,
        "tagger_id": tagger,
        "skill": skill,
        "level": level,
        "surface": skill,
        "start": 0,
        "end": 3,
        "rule": "test",
    }


def crawl(crawl_id):
    return {
        "crawl_id": crawl_id,
        "board": "s:b",
        "source": "s",
        "status": "ok",
        "obtained": 2,
        "finished_at": moment(1),
    }


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "store")
    seen = [{"posting_id": "s:b:1", "content_hash": "old", "crawl_id": "c", "seen_at": moment(9)}]
    rows = [
        posting(1, "old"),
        posting(1, "new", day=5),
        posting(2, "two", date_posted=datetime.date(2023, 12, 24)),
        posting(3, "three"),
    ]
    made.append("b1", {POSTINGS: rows, SIGHTINGS: seen, CRAWLS: [crawl("c")]})
    made.append(
        "b2",
        {
            MENTIONS: [
                mention(1, "old", "python"),
                mention(1, "new", "pytorch"),
                mention(2, "two", "python", level="preferred"),
                mention(2, "two", "no-such-skill", level="context"),
            ],
            TAGGINGS: [
                tagging(1, "old"),
                tagging(1, "new", nlp=True),
                tagging(2, "two", seniority="senior", country="CH"),
            ],
        },
    )
    return made


def asked(frames):
    return sorted(
        (frames.postings["posting_id"].iloc[row], frames.catalog.ids[skill], level)
        for row, skill, level in frames.mentions.itertuples(index=False)
    )


def test_latest_version_and_exactly_its_mentions(store):
    frames = load(store)
    assert frames.postings["posting_id"].tolist() == ["s:b:1", "s:b:2"]
    assert frames.untagged == 1
    assert asked(frames) == [("s:b:1", "pytorch", 0), ("s:b:2", "no-such-skill", 2), ("s:b:2", "python", 1)]
    first, second = (frames.postings.iloc[i] for i in (0, 1))
    assert first["content_hash"] == "new"
    assert first["nlp"]
    assert first["first_seen"].date() == datetime.date(2024, 1, 1)  # of any version
    assert first["last_seen"].date() == datetime.date(2024, 1, 9)
    assert first["employer_id"] == "acme"
    assert first["location"] == "Bern; Genf"
    assert second["date_posted"].date() == datetime.date(2023, 12, 24)
    assert (second["seniority"], second["country"], first["country"]) == ("senior", "CH", "")
    assert "description" not in frames.postings


def test_the_latest_tagging_wins(store):
    store.append(
        "b3", {MENTIONS: [mention(2, "two", "docker", "t2")], TAGGINGS: [tagging(2, "two", "t2", day=8, role=False)]}
    )
    frames = load(store)
    assert asked(frames) == [("s:b:1", "pytorch", 0), ("s:b:2", "docker", 0)]
    assert frames.postings["ml_role"].tolist() == [True, False]


def test_near_copies_are_one_vacancy_unless_titles_differ(store):
    assert load(store).postings["vacancy"].nunique() == 2  # one text, two titles
    store.append(
        "b3", {POSTINGS: [posting(4, "four", title="Engineer for part 2")], SIGHTINGS: [], CRAWLS: [crawl("d")]}
    )
    store.append("b4", {MENTIONS: [], TAGGINGS: [tagging(4, "four")]})
    frames = load(store)
    assert frames.postings["vacancy"].nunique() == 2
    assert load(store, duplicates=False).postings["vacancy"].nunique() == 3
    options = Options(min_postings=1, min_employers=1)
    assert measure(store, options).any_track.denominator == 2


def test_stores_with_nothing_to_measure(tmp_path):
    with pytest.raises(EmptyError):
        load(Store(tmp_path / "absent"))
    made = Store(tmp_path / "untagged")
    made.append("b1", {POSTINGS: [posting(1, "one")], SIGHTINGS: [], CRAWLS: [crawl("c")]})
    with pytest.raises(EmptyError, match="none of them tagged"):
        load(made)
