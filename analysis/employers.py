"""Canonical employers: which spellings name one employer, and which fields name a place, a job or nobody at
all.

The employer is the cluster of every interval, so two mistakes matter: two employers under one id make
intervals too wide, one employer under two ids makes them too narrow. Rules and names are data
(data/employers.toml).
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

DATA = Path(__file__).parent / "data" / "employers.toml"

# Between the fields of a header: a bar, a spaced dash or bullet, a tilde, an angle quote, a colon before a blank.
_FIELDS = re.compile(r"\s*[|•·»~›]+\s*|\s+[-–—]+\s+|\s+--+\s*|:\s+|\s+@\s+|\s*;\s+")
_LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_BRACKETS = re.compile(r"[(\[][^)\]]*[)\]]?")
_RATING = re.compile(r"\s+[1-5]\.\d\s*(?:★|\*)?$")
_SITE = re.compile(r"(?<=\w)[ ,]+[\w-]+(?:\.[\w-]+)*\.(?:com|io|ai|co|net|org|ly|me|us|app|dev)$", re.IGNORECASE)
_DOMAIN = re.compile(r"\.(?:com|io|ai|co|net|org|ly|me|us|app|dev)\b", re.IGNORECASE)
_LONGEST = 6  # words: what is longer is a sentence about the job, except before a legal form


@dataclass(frozen=True, slots=True)
class Employer:
    """A canonical employer: `id` is "" where the text names none."""

    id: str
    agency: bool


NOBODY = Employer("", False)


@dataclass(frozen=True)
class _Rules:
    forms: Mapping[str, list[tuple[str, ...]]]
    regions: Mapping[str, list[tuple[str, ...]]]
    alias: Mapping[str, str]
    places: frozenset[str]
    jobs: frozenset[str]
    ends: frozenset[str]
    roles: frozenset[str]
    nobody: frozenset[str]
    starts: frozenset[str]
    agency_words: tuple[str, ...]
    agency_names: frozenset[str]


@lru_cache(maxsize=1)
def _rules() -> _Rules:
    import pycountry

    data = tomllib.loads(DATA.read_text(encoding="utf-8"))
    places = set(data["places"]["cities"])
    library: Any = pycountry  # half typed
    for country in library.countries:
        places |= {fold(name) for name in (country.name, getattr(country, "common_name", country.name))}
    for state in library.subdivisions:
        if state.country_code in ("US", "CA"):
            places |= {fold(state.name), state.code.split("-")[1].lower()}
    return _Rules(
        forms=_longest_first(data["legal_forms"]),
        regions=_longest_first(data["regions"]),
        alias={other: name for name, others in data["aliases"].items() for other in others},
        places=frozenset(places),
        jobs=frozenset(data["words"]["jobs"]),
        ends=frozenset(data["words"]["ends"]),
        roles=frozenset(data["words"]["roles"]),
        nobody=frozenset(data["words"]["nobody"]),
        starts=frozenset(data["words"]["starts"]),
        agency_words=tuple(data["agencies"]["words"]),
        agency_names=frozenset(data["agencies"]["names"]),
    )


def _longest_first(names: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """Endings by their last word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for words in sorted((tuple(name.split()) for name in names), key=len, reverse=True):
        found.setdefault(words[-1], []).append(words)
    return found


def fold(text: str) -> str:
    """Lower case, without accents, "&" as "and", everything else but letters and digits as one blank."""
    plain = (
        unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
        .replace("&", " and ")
        .replace("+", " plus ")
    )
    plain = re.sub(r"[\u0300-\u036f'’`]", "", plain)
    return " ".join(re.sub(r"[^\w]+|_", " ", plain).split())


@lru_cache(maxsize=200_000)
def canonical(stated: str, title: str = "") -> Employer:
    """The employer that a posting names.

    Args:
        stated: the employer as the ad or board states it, perhaps a whole "Company | Role | Place" header.
        title: the ad's title or header; asked when `stated` turns out to be a place or a job, as it often
        does on Hacker News.
    """
    if not stated.strip():
        return NOBODY
    # A header stands whole in the title too; what a board states in a field of its own is a name, however odd.
    header = title.startswith(stated.strip()) or len(_fields(stated)) > 1
    if not header:
        name = _plain(stated)
        return Employer(name, _is_agency(name, stated)) if name not in _rules().nobody else NOBODY
    for text in dict.fromkeys((stated, title)):
        for field in _fields(text):
            if name := _name(field):
                return Employer(name, _is_agency(name, field))
    return NOBODY


def _plain(text: str) -> str:
    """The canonical name of a field that holds nothing else."""
    text = _LINK.sub(" ", _BRACKETS.sub(" ", _RATING.sub("", text.strip().split("\n")[0]))).strip()
    name, _, tail = text.rpartition(",")
    if name and fold(tail) in _rules().places:  # "City of Acme, VA"
        text = name
    return _shorten(fold(_without_domain(text)).split()) or fold(text)


def _fields(text: str) -> list[str]:
    text = _RATING.sub("", text.strip().split("\n")[0])
    text = _LINK.sub(" ", text)
    return [field for field in _FIELDS.split(_BRACKETS.sub(" ", text)) if field.strip(" ,.-")]


def _name(field: str) -> str:
    """The canonical name in one field of a header, "" when it is a place, about the job, or a sentence."""
    rules = _rules()
    words = fold(_without_domain(field.split(",", maxsplit=1)[0])).split()
    if not words or words[0] in rules.starts:
        return ""
    for i, word in enumerate(words[1:], start=1):
        if word in rules.ends:
            words = words[:i]
            break
    if (
        words[-1] in rules.roles
        or len(words) > _LONGEST
        or _about_job(words, rules)
        or _is_place(" ".join(words), rules)
    ):
        return ""
    name = _shorten(words)
    return "" if name.isdigit() or _is_place(name, rules) else name


def _without_domain(text: str) -> str:
    """ "Acme acme.com" as "Acme", "acme.com" as "acme"."""
    return _DOMAIN.sub(" ", _SITE.sub("", text))


def _shorten(words: list[str]) -> str:
    """Without article, legal forms and regions, under its most usual name."""
    rules = _rules()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    known = rules.alias.get(" ".join(words))
    words, had_form = _strip(words, rules.forms)
    shorter, _ = _strip(words, rules.regions)
    if had_form or len(shorter) >= 2:
        words = _strip(shorter, rules.forms)[0]
    name = " ".join(words)
    return known or rules.alias.get(name, name)


def _strip(words: list[str], endings: Mapping[str, list[tuple[str, ...]]]) -> tuple[list[str], bool]:
    """`words` without any of the endings, as long as something is left; and whether any was there."""
    start = len(words)
    while True:
        for ending in endings.get(words[-1], ()) if words else ():
            before = len(words) - len(ending)
            if before > 0 and tuple(words[before:]) == ending and words[before - 1] not in ("of", "and", "de", "for"):
                words = words[:before]
                break
        else:
            return words, len(words) < start


def _is_place(name: str, rules: _Rules) -> bool:
    if name in rules.places:
        return True
    words = name.split()
    return any(
        " ".join(words[:i]) in rules.places and " ".join(words[i:]) in rules.places for i in range(1, len(words))
    )


def _about_job(words: list[str], rules: _Rules) -> bool:
    rest = " ".join(words)
    return rest in rules.jobs or all(word in rules.jobs or word in rules.places for word in words)


def _is_agency(name: str, field: str) -> bool:
    rules = _rules()
    said = f" {fold(field)} "
    return name in rules.agency_names or any(f" {word} " in said for word in rules.agency_words)


def identify(postings: pd.DataFrame) -> pd.DataFrame:
    """Columns employer_id, employer_name (its most frequent spelling, the first in the alphabet among
    equals), agency.

    Args:
        postings: columns employer and title, both str.
    """
    # A title that is no header says nothing of the employer: left out, the cache answers for the employer's other ads.
    found = [
        canonical(stated, title if stated and title.startswith(stated) else "")
        for stated, title in zip(postings["employer"].str.strip(), postings["title"].str.strip(), strict=True)
    ]
    table = pd.DataFrame(
        {
            "employer_id": _joined([e.id for e in found]),
            "agency": [e.agency for e in found],
            "spelling": postings["employer"].to_numpy(),
        }
    )
    counts = table.groupby(["employer_id", "spelling"], sort=True).size().rename("n").reset_index()
    best = counts.sort_values(["n", "spelling"], ascending=[False, True]).drop_duplicates("employer_id")
    spelled = best["spelling"].str.split("\n").str[0].str.strip()
    names = dict(zip(best["employer_id"], spelled, strict=True)) | {"": ""}
    table["employer_name"] = table["employer_id"].map(names)
    return table[["employer_id", "employer_name", "agency"]].set_index(postings.index)


def _joined(ids: list[str]) -> list[str]:
    """Ids with hyphens; those that differ in blanks alone ("coursehero", "course hero") take the form with
    most.
    """
    forms: dict[str, str] = {}
    for name in sorted(set(ids), key=lambda one: (-len(one), one)):
        forms.setdefault(name.replace(" ", ""), name.replace(" ", "-"))
    return [forms[name.replace(" ", "")] for name in ids]
