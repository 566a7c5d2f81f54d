"""The country of a job, from the places that a board states or from what the text says."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from nlp.facts import rules

_SPLIT = re.compile(r"[,;|/()\[\]\n•·]|\s[-–—]\s|(?<=[A-Za-z]{2})[-–](?=[A-Z])|\s{2,}|\b(?:or|and|oder|und|et)\b|&")
_CODE = re.compile(r"[A-Z]{2}")
_STATE_AND_ZIP = re.compile(r"(?<=,\s)(?!DE\s(?!19))([A-Z]{2})\s\d{5}(?!\d)")  # Delaware's begin with 19
_GLUED = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z][^\W\d_A-Z])")
"""Where a line break was lost ("EngineerBerlin")."""
_LABEL_REACH = 60
"""Characters behind "Location:" or "based in" that are read as a place."""
_MOST_LABELS = 12
_PLACE_END = re.compile(r"[\n\r•]|[.;](?=\s+[A-Z][a-z])|\s(?:with|who|that|which|we|is|are|has|to|for)\s")
_NOISE = re.compile(
    r"\b(?:remote|hybrid|on-?\s?site|greater|metropolitan|metro|area|region|city of|office|headquarters|hq|only|the"
    r"|based|anywhere(?: in)?)\b|[.:]|\d+",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Places:
    """Lower-cased names to alpha-2 codes; `codes` and `short` ("UK") count only as written, `codes` only in fields."""

    countries: dict[str, str]
    codes: dict[str, str]
    short: dict[str, str]
    regions: dict[str, str]
    region_codes: dict[str, str]
    cities: dict[str, str]
    states: frozenset[str]
    alpha_2: frozenset[str]
    first_words: frozenset[str]


@cache
def _places() -> _Places:
    import pycountry

    data = rules.load("places")
    skip = {name.casefold() for name in data["countries_not"]["names"]}
    countries, codes, short = {}, {}, {}
    for country in pycountry.countries:
        codes[country.alpha_3] = country.alpha_2
        for name in (country.name, getattr(country, "common_name", country.name), country.name.partition(",")[0]):
            if name.casefold() not in skip:
                countries[name.casefold()] = country.alpha_2
    for code, names in data["countries"].items():
        for name in names:
            if len(name.replace(".", "")) <= 3:
                short[name] = codes[name] = code
            else:
                countries[name.casefold()] = code
    regions = {name.casefold(): "US" for name in data["states"].values()}
    region_codes = dict.fromkeys(data["states"], "US")
    for code, names in data["regions"].items():
        for name in names:
            if len(name) <= 3:
                region_codes[name] = code
            else:
                regions[name.casefold()] = code
    cities = {name.casefold(): code for code, names in data["cities"].items() for name in names}
    return _Places(
        countries,
        codes,
        short,
        regions,
        region_codes,
        cities,
        frozenset(data["states"]),
        frozenset(country.alpha_2 for country in pycountry.countries),
        frozenset(name.partition(" ")[0].casefold() for name in (*countries, *regions, *cities, *short)),
    )


@cache
def _labels() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What stands before the place of a job, and before places of its employer."""
    data = rules.load("places")["text"]
    job, employer = (rules.any_of(data[kind], before=r"(?<!\w)", after=r"\b\W{0,4}") for kind in ("labels", "employer"))
    return job, employer


def extract(text: str, title: str = "", locations: Sequence[str] = (), language: str | None = None) -> str | None:
    """The country of the job as an ISO 3166-1 alpha-2 code.

    The stated places decide where they name one; then the title (a header such as "Acme | Berlin | onsite"), then
    places that the text names as its own, then words that only one country uses ("401(k)"). Of several countries the
    one named most often counts, the first of equals; None where nothing is named.
    """
    named = [code for place in locations if (code := of_place(place)) is not None]
    if named:
        return Counter(named).most_common(1)[0][0]
    return in_prose(title[:400]) or _of_text(text, rules.by_language("places", ("text", "starts"), language))


def of_place(place: str) -> str | None:
    """The country of one place as boards write it: "Berlin, Germany", "Austin, TX", "Remote (UK)"; None if unknown."""
    names = _places()
    parts = _parts(place)
    whole = " ".join(place.split()).casefold()
    if whole in names.cities:
        return names.cities[whole]
    if (zipped := _STATE_AND_ZIP.search(place[:300])) and zipped[1] in names.states:
        return "US"
    for part in reversed(parts):
        if (code := names.countries.get(part.casefold()) or names.codes.get(part)) is not None:
            return code
    if (code := _alpha_2(place, names)) is not None:
        return code
    city = next((names.cities[part.casefold()] for part in parts if part.casefold() in names.cities), None)
    for part in reversed(parts):
        region = names.regions.get(part.casefold()) or (
            names.region_codes.get(part) if len(parts) > 1 or part in names.states else None
        )
        if region is not None:
            # "Berlin, DE" and "Bangalore, IN" are not in Delaware and Indiana.
            return city if city is not None and part == city else region
    if city is not None:
        return city
    return next(_words(place[:300], names), None)


def _alpha_2(place: str, names: _Places) -> str | None:
    """The country code of "Vejle, DK" or "Garching, BY, DE, 85748".

    A code that may be a US state counts only behind a region or before a postal code.
    """
    raw = [part.strip() for part in place[:300].split(",")]
    at = max((i for i, part in enumerate(raw) if _CODE.fullmatch(part)), default=-1)
    if at < 0 or raw[at] not in names.alpha_2:
        return None
    postal = at + 1 < len(raw) and any(map(str.isdigit, raw[at + 1]))
    behind_region = at > 1 and re.fullmatch(r"[A-Z]{2,3}", raw[at - 1])
    if raw[at] not in names.states or postal or behind_region:
        return raw[at]
    return None


def in_prose(text: str) -> str | None:
    """The country of the first place that a title or a piece of a text names.

    Only names count, in capitals, and the codes of US states behind another name: "Engineer, AI" is not in Anguilla.
    """
    return _first_of(_parts(text)) or (_last_of(text) if _GLUED.search(text) else None)


def _first_of(parts: Sequence[str]) -> str | None:
    names = _places()
    for at, part in enumerate(parts):
        code = next(_words(part, names), None)
        if code is None:
            continue
        behind = parts[at + 1] if at + 1 < len(parts) else ""
        return (
            names.countries.get(behind.casefold()) or names.short.get(behind) or names.region_codes.get(behind) or code
        )
    return None


def _last_of(text: str) -> str | None:
    """The country of a place that is glued to the words before it and ends what is glued."""
    return _first_of(_parts(_GLUED.split(text)[-1]))


def _parts(place: str) -> list[str]:
    place = place[:300].replace("U.S.A.", "US").replace("U.S.", "US")
    return [part for part in (_NOISE.sub(" ", part).strip(" -–") for part in _SPLIT.split(place)) if part]


def _words(place: str, names: _Places) -> Iterator[str]:
    """Countries of known names inside a part of a place, longest runs of words first: "Engineer in Berlin Mitte"."""
    words = re.findall(r"[^\W\d_][\w.'’-]*", place)
    starts = [i for i, word in enumerate(words) if word[0].isupper() and word.casefold() in names.first_words]
    for length in (3, 2, 1):
        for i in starts:
            if i + length <= len(words) and (code := _named(" ".join(words[i : i + length]), names)) is not None:
                yield code


def _named(name: str, names: _Places) -> str | None:
    low = name.casefold()
    return names.countries.get(low) or names.regions.get(low) or names.cities.get(low) or names.short.get(name)


def _of_text(text: str, starts: tuple[str, ...]) -> str | None:
    job, employer = _labels()
    found: Counter[str] = Counter()
    fallback = None
    for start, _ in rules.find_all(rules.lowered(text), starts, _MOST_LABELS):
        label = job.match(text, start) or employer.match(text, start)
        if label is None:
            continue
        place = text[label.end() : label.end() + _LABEL_REACH]
        stop = _PLACE_END.search(place)
        code = in_prose(place[: stop.start()] if stop else place)
        if code is None:
            continue
        if label.re is job:
            found[code] += 1
        fallback = fallback or code
    if found:
        return found.most_common(1)[0][0]
    cues = rules.load("places")["text"]["cues"]
    return fallback or next((code for cue, code in cues.items() if cue in text), None)
