"""Comments of Hacker News's "Who is hiring?" threads as ads: header read, several roles parted, non-ads left out.

No scrapy in here: the importer reads stored comments with the same code.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass, replace
from importlib.resources import files

from crawler.fields import pay_of
from crawler.text import html_to_text

Pay = tuple[float | None, float | None, str, str | None]

_ITEM = re.compile(r"^\s*(?:[-*•·–—▪]|\d{1,2}[.)])\s+")
_SEPARATORS = (r"\s*\|+\s*", r"\s+[-–—]{1,2}\s+", r"\s*[•·]\s*", r"\s*;\s+", r"\s+//\s+")
_LONGEST_HEADER, _MOST_ROLES = 600, 12


@functools.cache
def _words() -> dict[str, re.Pattern[str]]:
    """The patterns of data/hackernews.toml by name."""
    data = tomllib.loads((files("crawler") / "data" / "hackernews.toml").read_text(encoding="utf-8"))
    return {name: re.compile(pattern.replace("\n", ""), re.IGNORECASE) for name, pattern in data.items()}


@dataclass(frozen=True, slots=True)
class Ad:
    """One role of a comment. `number` is 1 for the first; `text` is plain and holds the header, what concerns all
    roles and what concerns this one. Employer and title are None where the comment does not say."""

    number: int
    employer: str | None
    title: str | None
    locations: tuple[str, ...]
    workplace: str | None
    employment_type: str | None
    salary: Pay | None
    text: str


@dataclass(slots=True)
class _Header:
    line: str
    employer: str | None
    roles: list[str]
    places: list[str]
    workplace: str | None
    employment_type: str | None
    salary: Pay | None
    parts: int


def read_comment(markup: str | None) -> list[Ad]:
    """The ads of one comment (HTML as the APIs send it, or plain text); none if it is deleted or no ad."""
    text = html_to_text(markup, "hackernews")
    if len(text) < 40 or _words()["seeker"].search(text[:400]):
        return []
    header = _read_header(_header_line(text))
    if not _is_ad(header, text):
        return []
    roles = header.roles or _roles_in_body(text)
    whole = Ad(
        number=1,
        employer=header.employer,
        title=roles[0] if roles else None,
        locations=tuple(header.places),
        workplace=header.workplace,
        employment_type=header.employment_type,
        salary=header.salary,
        text=text,
    )
    if len(roles) < 2:
        return [whole]
    texts = _part(text, roles)
    return [replace(whole, number=n, title=role, text=texts[n - 1]) for n, role in enumerate(roles, 1)]


def is_hiring_thread(title: str) -> bool:
    """Whether a thread of the account collects employers' ads; it also opens "Who wants to be hired?" and others."""
    return "who is hiring" in title.lower()


def _header_line(text: str) -> str:
    lines = [line.strip() for line in text.split("\n") if line.strip()][:4]
    # Some put a link or a greeting first and the header below.
    with_marks = [line for line in lines if line.count("|") >= 2]
    for line in lines:
        if line == (with_marks or [line])[0] and not _words()["url"].fullmatch(line):
            return line[:_LONGEST_HEADER]
    return lines[0][:_LONGEST_HEADER] if lines else ""


def _read_header(line: str) -> _Header:
    parts = [line]
    for separator in _SEPARATORS:
        pieces = [_bare(piece) for piece in re.split(separator, line)]
        pieces = [piece for piece in pieces if piece]
        if len(pieces) >= 2:
            parts = pieces
            break
    header = _Header(line, None, [], [], None, None, pay_of(line), len(parts))
    work = _words()["workplace"].findall(line)
    header.workplace = _workplace([word.lower() for word in work])
    employment = _words()["employment"].search(line)
    header.employment_type = _employment(employment[1]) if employment else None
    if len(parts) == 1:
        header.employer = _employer_of_sentence(line)
        return header
    rest = parts
    if not _is_detail(parts[0]) and not (_only_place(parts[0]) and len(parts) > 2):
        header.employer, rest = _clean_employer(parts[0]), parts[1:]
    for part in rest:
        _sort_in(part, header)
    return header


def _sort_in(part: str, header: _Header) -> None:
    """Put one part of a header where it belongs."""
    bare = _bare(re.sub(r"[(\[]\s*[)\]]", "", _words()["url"].sub("", part)))
    if not bare or _words()["no_role"].match(bare) or _words()["aside"].match(bare) or pay_of(part):
        return
    if _words()["role"].search(bare) and not (_words()["workplace"].match(bare) and len(bare) < 40) and len(bare) < 250:
        header.roles.extend(_split_roles(bare))
        return
    place = _words()["employment"].sub("", _words()["workplace"].sub("", bare)).strip(" ()[]-–—:,/&+")
    known = _words()["place"].search(bare) or re.fullmatch(r"[A-ZÀ-Ý][\w.' -]+,\s?[A-ZÀ-Ý][\w.' -]+", place)
    if known and len(bare) < 120:
        header.places.append(bare)
    elif (
        header.employer is None
        and len(bare) < 60
        and not _words()["workplace"].search(bare)
        and not _words()["employment"].search(bare)
    ):
        header.employer = _clean_employer(bare)


def _bare(part: str) -> str:
    """Without marks at its ends, but with the bracket that closes one of its own."""
    part = part.strip(" \t,.:;-–—|")
    if part.count("(") < part.count(")"):
        part = part.rstrip(") ")
    if part.startswith("(") and part.endswith(")") and part.count("(") == 1:
        part = part[1:-1].strip()
    return part


def _is_detail(part: str) -> bool:
    return bool(
        part.startswith(("http://", "https://", "www."))
        or (_words()["workplace"].search(part) and len(part) < 30 and not re.search(r"\(", part))
        or (_words()["employment"].search(part) and len(part) < 20)
        or (re.search(r"\bengineers?\b|\bdevelopers?\b|\bscientists?\b", part, re.IGNORECASE) and len(part) < 60)
    )


def _only_place(part: str) -> bool:
    left = _words()["place"].sub("", _words()["workplace"].sub("", part))
    return bool(_words()["place"].search(part)) and len(re.sub(r"\W+", "", left)) <= 4


def _clean_employer(part: str) -> str | None:
    name = re.sub(r"\s+(?:is|are)\s+(?:now\s+)?hiring.*$", "", part, flags=re.IGNORECASE)
    name = re.sub(
        r"\s*[(\[](?:YC|Y Combinator|https?:|www\.|[a-z0-9.-]+\.[a-z]{2,})[^)\]]*[)\]]", "", name, flags=re.IGNORECASE
    )
    name = re.sub(r"\s*\(?https?://\S+", "", name)
    name = _words()["workplace"].sub(
        "", re.sub(r"\([^)]*\b(?:remote|onsite|on-site|hybrid)\b[^)]*\)", "", name, flags=re.IGNORECASE)
    )
    name = name.strip(" ,;:-–—([")
    return name if 1 < len(name) <= 80 else None


def _employer_of_sentence(line: str) -> str | None:
    match = _words()["sentence"].match(line)
    if match and match[1].strip().lower() not in {"we", "i", "this", "my company", "our team", "here", "there"}:
        return _clean_employer(match[1])
    return None


def _workplace(words: list[str]) -> str | None:
    found = {"hybrid" if w == "hybrid" else "remote" if w in {"remote", "remotely", "wfh"} else "onsite" for w in words}
    # "ONSITE or REMOTE" leaves it open; "hybrid" beside either is the nearer description.
    return "hybrid" if "hybrid" in found else next(iter(found)) if len(found) == 1 else None


def _employment(word: str) -> str | None:
    word = word.lower()
    return (
        "full_time" if word.startswith("f") and "free" not in word
        else "part_time" if word.startswith("part")
        else "internship" if word.startswith("intern")
        else "temporary" if word.startswith("temp")
        else "contract"
    )  # fmt: skip


def _split_roles(part: str) -> list[str]:
    """ "Data Scientist, ML Engineer (NLP/CV)" as two roles; separators inside brackets do not count, and a piece
    without a role word belongs to its neighbour ("Senior / Lead Engineer")."""
    part = re.sub(
        r"^(?:hiring|roles?|positions?|we(?:'|’)?re hiring|looking for)\s*:?\s*", "", part, flags=re.IGNORECASE
    ).strip("[] ")
    pieces = re.split(r"\s*(?:,|;|\s&\s|\s\+\s|/|\band\b|\bor\b)\s*(?![^(\[]*[)\]])", part)
    pieces = [piece.strip(" .:-–—") for piece in pieces if piece.strip(" .:-–—")]
    named = [bool(_words()["job"].search(piece)) for piece in pieces]
    # "DevOps/Backend developer" is one job, "Data Engineer/ML Engineer" are two.
    slashed = any(len(piece.split()) < 2 for piece in pieces) and "/" in part
    if len(pieces) < 2 or not all(named) or slashed or len(pieces) > _MOST_ROLES:
        return [part] if part else []
    return list(dict.fromkeys(pieces))


def _roles_in_body(text: str) -> list[str]:
    """Roles listed one by one below a header that names none: at least two items that start with a role."""
    roles: list[str] = []
    for line in text.split("\n")[1:]:
        item = _ITEM.match(line)
        head = re.split(r"\s[-–—]\s|:|\(|\||https?://|\. ", line[item.end() :] if item else "", maxsplit=1)[0].strip(
            " *_,"
        )
        job = [match.end() for match in _words()["job"].finditer(head)]
        # The item starts with the role's name and the name ends with what the job is.
        if item and job and job[-1] == len(head) and 1 < len(head.split()) <= 7 and head[0].isupper():
            roles.append(head)
    roles = list(dict.fromkeys(roles))
    return roles if 2 <= len(roles) <= _MOST_ROLES else []


def _part(text: str, roles: list[str]) -> list[str]:
    """The comment's text for each role: a block that starts with a role's name, and the list below it, is that
    role's; all else is everybody's."""
    blocks = re.split(r"\n{2,}", text)
    owners: list[int | None] = []
    owner: int | None = None
    for position, block in enumerate(blocks):
        if position == 0:
            owners.append(None)
            continue
        named = _owner(block, roles)
        listed = all(_ITEM.match(line) for line in block.split("\n"))
        owner = named if named is not None else owner if listed else None
        owners.append(owner)
    owned = list(zip(blocks, owners, strict=True))
    return [
        "\n\n".join(_own_lines(block, n, roles) for block, whose in owned if whose in (None, n))
        for n in range(len(roles))
    ]


def _own_lines(block: str, number: int, roles: list[str]) -> str:
    """A block without the items that belong to other roles."""
    lines = block.split("\n")
    if len(lines) < 2:
        return block
    kept = [line for line in lines if not _ITEM.match(line) or _owner(line, roles) in (None, number)]
    return "\n".join(kept)


def _owner(block: str, roles: list[str]) -> int | None:
    start = _ITEM.sub("", block.split("\n", 1)[0]).strip(" *_#").lower()
    names = [re.sub(r"\s*\([^)]*\)", "", role).lower() for role in roles]
    matches = [n for n, name in enumerate(names) if name and start.startswith(name)]
    # "Data Engineer" and "Data Engineering Lead": the longest name that fits is meant.
    return max(matches, key=lambda n: len(roles[n]), default=None)


def _is_ad(header: _Header, text: str) -> bool:
    work = _words()["workplace"].search(header.line)
    signs = sum(map(bool, (header.roles, work, header.employment_type, header.places, header.salary)))
    if header.parts >= 3 and signs >= 1:
        return True
    if header.parts == 2 and signs >= 2:
        return True
    question = text.rstrip().endswith("?") and len(text) < 300
    return (
        not question
        and len(text) >= 80
        and bool(_words()["hiring"].search(text[:3_000]))
        and bool(_words()["role"].search(text[:3_000]))
    )
