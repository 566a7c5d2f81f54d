"""Kept signatures: the same as fresh ones, read once, renewed when a text changes, made anew when they are spoilt."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis.minhash import WIDTH, signatures
from analysis.signatures import signed
from crawler.store import Store

TEXTS = {f"h{i}": " ".join(f"word{k}" for k in range(i, i + 60)) for i in range(12)}


class Shelf:
    """Texts by content hash that remember which were asked for."""

    def __init__(self, texts):
        self.texts, self.read = texts, []

    def __call__(self, hashes):
        for key, text in self.texts.items():
            if key in hashes:
                self.read.append(key)
                yield key, text


@pytest.fixture
def store(tmp_path):
    (tmp_path / "store").mkdir()
    return Store(tmp_path / "store")


def test_kept_signatures_are_the_fresh_ones_and_texts_are_read_once(store):
    hashes = pd.Series([*TEXTS, "h3"])  # two postings may share a text
    fresh = signatures([TEXTS[h] for h in hashes])
    shelf = Shelf(TEXTS)
    assert np.array_equal(signed(store, hashes, shelf), fresh)
    assert sorted(shelf.read) == sorted(TEXTS)
    again = Shelf(TEXTS)
    assert np.array_equal(signed(store, hashes, again), fresh)
    assert again.read == []


def test_only_new_hashes_are_read_and_old_ones_leave(store):
    signed(store, pd.Series(list(TEXTS)), Shelf(TEXTS))
    shelf = Shelf(TEXTS | {"new": "other words " * 30})
    found = signed(store, pd.Series(["new", "h1"]), shelf)
    assert shelf.read == ["new"]
    assert np.array_equal(found, signatures(["other words " * 30, TEXTS["h1"]]))
    (file,) = (Path(store.root) / "cache").iterdir()
    assert pd.read_parquet(file, columns=["content_hash"])["content_hash"].tolist() == ["h1", "new"]


def test_a_spoilt_file_is_made_anew(store, tmp_path):
    hashes = pd.Series(list(TEXTS))
    fresh = signed(store, hashes, Shelf(TEXTS))
    (file,) = (tmp_path / "store" / "cache").iterdir()
    file.write_bytes(b"PAR1 not a table PAR1")
    shelf = Shelf(TEXTS)
    assert np.array_equal(signed(store, hashes, shelf), fresh)
    assert sorted(shelf.read) == sorted(TEXTS)
    assert np.array_equal(signed(store, hashes, Shelf({})), fresh)


def test_without_a_folder_nothing_is_kept(tmp_path):
    store = Store(tmp_path / "absent")
    hashes = pd.Series(list(TEXTS))
    assert np.array_equal(signed(store, hashes, Shelf(TEXTS)), signatures(TEXTS.values()))
    assert not (tmp_path / "absent").exists()


def test_a_posting_without_a_stored_text_is_no_ones_copy(store):
    assert not signed(store, pd.Series(["gone", "also gone"]), Shelf({})).any()
    assert signed(store, pd.Series([], dtype=str), Shelf({})).shape == (0, WIDTH)


def test_a_signature_hangs_on_its_text_alone():
    first = signatures(["a b c d e", "machine learning engineer with python"])[1]
    assert np.array_equal(first, signatures(["machine learning engineer with python"])[0])  # whatever came before
