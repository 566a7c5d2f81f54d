"""Signatures that are kept beside the store, so that a text is read for its copies once and not in every report.

A file in the store's folder `cache`, keyed by the content hash: a text that changed has another hash, and the name of
the file holds everything that a signature hangs on but the text. What is not wanted any more goes when the file is
written, so forgotten postings leave at the next report. A file that cannot be read or written is done without: it only
saves time. Stores that are no folder (object stores) keep none.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
import os
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.intervals import Array
from analysis.minhash import PERMUTATIONS, SHINGLE, WIDTH, signatures
from crawler.store import Store

_RECIPE = 2  # raise it when analysis.minhash.signatures changes what it makes of a text

Texts = Callable[[Collection[str]], Iterable[tuple[str, str]]]


def signed(store: Store, hashes: pd.Series, texts: Texts) -> Array:
    """The signature of each content hash, n x WIDTH; `texts` gives (hash, text) of the hashes that are asked."""
    known, kept = _read(_file(store))
    lacking = set(hashes) - set(known)
    if lacking:
        order: list[str] = []

        def stream() -> Iterable[str]:
            for key, text in texts(lacking):
                if key in lacking:
                    lacking.remove(key)
                    order.append(key)
                    yield text

        fresh = signatures(stream())
        known, kept = known.append(pd.Index(order, dtype=object)), np.concatenate([kept, fresh])
        wanted = known.isin(hashes)
        known, kept = known[wanted], kept[wanted]
        _write(_file(store), known, kept)
    place = known.get_indexer(pd.Index(hashes.to_numpy(object)))
    found = kept[np.maximum(place, 0)] if len(kept) else np.zeros((len(place), WIDTH), np.uint32)
    found[place < 0] = 0  # a posting without a stored text is no one's copy
    return found


def _file(store: Store) -> Path | None:
    if "://" in store.root or not Path(store.root).is_dir():
        return None
    version = importlib.metadata.version("rensa")
    return Path(store.root) / "cache" / f"signatures-{_RECIPE}-{PERMUTATIONS}-{SHINGLE}-rensa-{version}.parquet"


def _read(file: Path | None) -> tuple[pd.Index, Array]:
    nothing = pd.Index([], dtype=object), np.zeros((0, WIDTH), np.uint32)
    if file is None or not file.exists():
        return nothing
    try:
        table = pq.read_table(file)
        raw = b"".join(table["signature"].to_pylist())
        kept = np.frombuffer(raw, np.uint32).reshape(len(table), WIDTH)
        return pd.Index(table["content_hash"].to_pylist(), dtype=object), kept
    except (OSError, ValueError, KeyError, pa.ArrowException):
        return nothing


def _write(file: Path | None, hashes: pd.Index, kept: Array) -> None:
    if file is None:
        return
    width = WIDTH * kept.itemsize
    buffer = pa.py_buffer(np.ascontiguousarray(kept).tobytes())
    signature = pa.Array.from_buffers(pa.binary(width), len(hashes), [None, buffer])
    table = pa.table({"content_hash": pa.array(hashes.tolist(), pa.string()), "signature": signature})
    draft = file.with_suffix(f".{os.getpid()}.draft")
    with contextlib.suppress(OSError):
        file.parent.mkdir(exist_ok=True)
        pq.write_table(table, draft, compression="none")
        draft.replace(file)
        for old in set(file.parent.glob("signatures-*.parquet")) - {file}:
            old.unlink()
