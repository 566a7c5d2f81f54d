"""One row per vacancy: near copies of an ad across boards, and its reposts, are grouped; different openings never.

Alike texts (analysis.minhash) alone are not enough: one employer's ads share boilerplate. A pair is one vacancy when
titles, employers and texts agree together; ads of one employer under one title also where one text is part of the
other, as a board's snippet is of the ad. Groups of such ads grow as long as most of their members agree.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from analysis.employers import fold
from analysis.intervals import Array
from analysis.minhash import alike, candidates, likeness

_WORD = re.compile(r"\w+")
_TITLE_NOISE = re.compile(
    r"\([^)]*\)|\[[^\]]*\]|https?://\S+|\b\d{3,}\b|\b(?:remote|hybrid|on-?site|full[ -]?time|part[ -]?time|m/f/d|m/w/d|"
    r"f/m/d|h/f|m/v/x|100 ?%|80 ?- ?100 ?%|visa|intern(?:s)? welcome|hiring|urgent|new)\b",
    re.IGNORECASE,
)
_RANK = {"sr": "senior", "jr": "junior", "ii": "2", "iii": "3", "iv": "4", "i": "1"}
_RANKS = frozenset("senior junior staff principal lead head director manager intern 1 2 3 4 vp chief".split())
# Jaccard similarity of the texts that makes a pair one vacancy; measured on checked pairs, docs/quality.md.
SAME_TITLE, CLOSE_TITLE, OTHER_EMPLOYER, OTHER_PLACE, LONG_AFTER = 0.6, 0.8, 0.85, 0.9, 0.85
MOST = 0.6  # of the pairs between two groups have to agree before these are one
PART_OF = 0.75  # containment that makes two ads of one employer, title and place one vacancy
_WIDE = frozenset(
    "united states us usa uk kingdom europe switzerland germany deutschland schweiz remote anywhere area bay new north "
    "south city san st saint los california ca ny tx ma wa va il pa fl ga nc co oh mi md nj dc".split()
)
_LONG = np.timedelta64(365, "D")


def vacancies(postings: pd.DataFrame, signature: Array) -> Array:
    """A vacancy number for each posting, the row number of its first posting.

    Args:
        postings: columns title, employer_id, agency, location, day.
        signature: from analysis.minhash.signatures, the same rows.
    """
    titles = [clean_title(title) for title in postings["title"]]
    name = pd.Series(titles) + "\n" + postings["employer_id"].to_numpy(object)
    first = _identical(name, signature)
    rows = np.flatnonzero(first == np.arange(len(first)))
    known = np.array([bool(title) for title in titles]) & (postings["employer_id"] != "").to_numpy()
    keys = np.where(known, pd.factorize(name)[0], -1)[rows]
    pairs = rows[np.unique(np.concatenate([candidates(signature[rows]), alike(keys)]), axis=0)]
    jaccard, contained = likeness(signature, pairs)
    worth = (jaccard >= SAME_TITLE - 0.05) | (contained >= PART_OF)
    pairs, jaccard, contained = pairs[worth], jaccard[worth], contained[worth]
    same = _judge(postings, titles, pairs, jaccard, contained)
    groups: Array = _groups(len(postings), pairs[same], jaccard[same])[first]
    return groups


def _identical(name: pd.Series, signature: Array) -> Array:
    """For each row the first with the same title, employer and signature; texts without a word are their own."""
    keys = [title.encode() + row.tobytes() for title, row in zip(name, signature, strict=True)]
    same = pd.Series(np.arange(len(keys))).groupby(pd.factorize(pd.Series(keys, dtype=object))[0]).transform("min")
    return np.where(signature[:, -1] > 0, same.to_numpy(), np.arange(len(keys)))


def _groups(n: int, linked: Array, jaccard: Array) -> Array:
    """Each row's number is that of the first row of its group.

    Groups are joined along their strongest links as long as most rows of one are linked to most of the other, so that
    a chain of small changes does not tie its ends.
    """
    leader = np.arange(n)
    members: dict[int, list[int]] = {}
    links = set(map(tuple, linked.tolist()))
    for a, b in linked[np.lexsort((linked[:, 1], linked[:, 0], -jaccard))].tolist():
        one, other = sorted((int(leader[a]), int(leader[b])))
        if one == other:
            continue
        ours, theirs = members.get(one, [one]), members.get(other, [other])
        agree = sum((min(i, j), max(i, j)) in links for i in ours for j in theirs)
        if agree >= MOST * len(ours) * len(theirs):
            members[one] = ours + theirs
            leader[theirs] = one
    return leader


def _judge(postings: pd.DataFrame, titles: list[str], pairs: Array, jaccard: Array, contained: Array) -> Array:
    """Which pairs are one vacancy."""
    from rapidfuzz.fuzz import token_sort_ratio

    ranks = [frozenset(title.split()) & _RANKS for title in titles]
    places = [_place(text) for text in postings["location"]]
    employer, agency = postings["employer_id"].tolist(), postings["agency"].tolist()
    days = postings["day"].to_numpy("datetime64[D]")
    apart = np.abs(days[pairs[:, 0]] - days[pairs[:, 1]]) > _LONG
    verdicts = np.zeros(len(pairs), bool)
    for k, (a, b) in enumerate(pairs.tolist()):
        if titles[a] and titles[b] and (ranks[a] != ranks[b] or token_sort_ratio(titles[a], titles[b]) < 85):
            continue  # another job, or another level of it, however much of the text is the same
        named = bool(titles[a]) and titles[a] == titles[b]
        floor = SAME_TITLE if named else CLOSE_TITLE
        if employer[a] != employer[b]:
            # Two names, one text: the client and its agency, one company under two names, a name and none.
            known = employer[a] and employer[b] and not (agency[a] or agency[b])
            floor = OTHER_EMPLOYER if known else CLOSE_TITLE
        elsewhere = bool(places[a]) and bool(places[b]) and not places[a] & places[b]
        if elsewhere:
            floor = max(floor, OTHER_PLACE)
        if apart[k]:
            floor = max(floor, LONG_AFTER)
        part = named and employer[a] == employer[b] != "" and not elsewhere and not apart[k]
        verdicts[k] = jaccard[k] >= floor or (part and contained[k] >= PART_OF)
    return verdicts


def _place(location: str) -> frozenset[str]:
    """The words of a location but for countries and states; empty for remote and for whole countries."""
    return frozenset(fold(location).split()) - _WIDE


def clean_title(title: str) -> str:
    """A title's words in lower case without places in brackets, numbers, remote, full-time and the like."""
    words = _WORD.findall(_TITLE_NOISE.sub(" ", title).casefold())
    return " ".join(_RANK.get(word, word) for word in words)
