"""Which labelled postings test a model: by hash of the employer, near copies never on both sides."""

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from nlp.tracks.cues import tokenize

_LEGAL = frozenset(
    "inc llc ltd limited corp corporation co company gmbh ag sa sas nv bv plc group holding holdings the".split()
)
SHINGLE = 5
"""Tokens of a shingle; two texts that share most of theirs are near copies."""
HASHES = 64
NEAR = 0.7
"""Estimated Jaccard similarity of the shingles from which two postings count as near copies."""
TEST, DEV = 0.25, 0.40
"""Employers with a hash below TEST test, below DEV develop, the rest train."""
_PRIME = (1 << 31) - 1


def employer_key(employer: str | None, text: str) -> str:
    """The cluster of a posting: its employer without legal form, rating and case, else a hash of its text's start."""
    name = re.sub(r"\n?\d\.\d\s*$", "", employer or "")
    words = [word for word in tokenize(name) if word not in _LEGAL]
    if words:
        return " ".join(words)
    return hashlib.sha256(" ".join(tokenize(text[:2_000])[:80]).encode()).hexdigest()[:16]


def share(key: str, salt: str) -> float:
    """A number in [0, 1) that depends on the key and the salt alone."""
    return int(hashlib.sha256(f"{salt}\n{key}".encode()).hexdigest()[:12], 16) / 16**12


def signature(text: str) -> NDArray[np.int64]:
    """MinHash of a text's shingles: HASHES numbers; the share of equal ones estimates the Jaccard similarity."""
    words = tokenize(text)
    shingles = {" ".join(words[at : at + SHINGLE]) for at in range(max(1, len(words) - SHINGLE + 1))}
    hashed = np.array([int.from_bytes(hashlib.blake2b(s.encode(), digest_size=4).digest()) for s in shingles])
    rng = np.random.default_rng(20)
    factor, shift = rng.integers(1, _PRIME, HASHES), rng.integers(0, _PRIME, HASHES)
    least: NDArray[np.int64] = ((hashed[:, None] * factor % _PRIME + shift) % _PRIME).min(axis=0)
    return least


def near_copies(texts: Sequence[str], of: Sequence[str]) -> NDArray[np.bool_]:
    """For each text whether it nearly repeats one of the others; (len(texts),) booleans."""
    if not texts or not of:
        return np.zeros(len(texts), bool)
    theirs = np.stack([signature(text) for text in of])
    return np.array([(theirs == signature(text)).mean(axis=1).max() >= NEAR for text in texts])


def fingerprint(ids: Sequence[str]) -> str:
    """A hash of a set of postings, whatever their order; 16 hexadecimal digits."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16]


def parts(keys: Sequence[str], texts: Sequence[str], definition: str) -> NDArray[np.str_]:
    """ "test" for a quarter of the employers, "dev" for 15 %, else "train"; a near copy of a test posting is "copy".

    The hash is salted with the definition, so each definition of the labels has a test split of its own, which
    stays the same however many labels come later.
    """
    shares = np.array([share(key, definition) for key in keys])
    part = np.where(shares < TEST, "test", np.where(shares < DEV, "dev", "train")).astype("<U5")
    outside = np.flatnonzero(part != "test")
    tested = [text for text, where in zip(texts, part, strict=True) if where == "test"]
    part[outside[near_copies([texts[int(i)] for i in outside], tested)]] = "copy"
    return part
