"""Comments of Hacker News's "Who is hiring?" threads as ads: header read, several roles parted, non-ads left out.

No scrapy in here: the importer reads stored comments with the same code.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from crawler.fields import pay_of
from crawler.text import html_to_text

Pay = tuple[float | None, float | None, str, str | None]

_ROLE = re.compile(
    r"\b(?:engineers?|engineering|developers?|devs?|scientists?|programmers?|architects?|designers?|analysts?|researchers?|"
    r"managers?|leads?|cto|ceo|coo|sre|devops|swe|sde|pm|interns?|internships?|consultants?|director|head of|vp|founder|"
    r"co-?founder|administrators?|specialists?|full[ -]?stack|back[ -]?end|front[ -]?end|mlops|qa|hackers?|marketers?|"
    r"recruiters?|technologist|evangelist|advocate|operations|postdocs?|ph\.?d|positions|roles)\b",
    re.IGNORECASE,
)
_NO_ROLE = re.compile(r"^(?:multiple|various|many|several|all|open)?\s*(?:roles?|positions?|jobs?)\W*$", re.IGNORECASE)
_WORKPLACE = re.compile(r"\b(remote|remotely|wfh|on-?\s?site|in[ -]?person|in[ -]?office|hybrid)\b", re.IGNORECASE)
_EMPLOYMENT = re.compile(r"\b(full[ -]?time|part[ -]?time|contract(?:or)?|freelance|intern(?:ship)?s?|temporary|f/?t)\b", re.IGNORECASE)
_URL = re.compile(r"https?://\S+|\b(?:www\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|io|ai|co|org|net|dev|app|eu|de|fr|nl|uk|tech|xyz|jobs|works)\b(?:/\S*)?", re.IGNORECASE)
_ASIDE = re.compile(r"^(?:visa|h-?1b|relocation|equity|yc|series|seed|bootstrapped|no agencies|us only|eu only|full[ -]?time|saas)\b", re.IGNORECASE)
_HIRING = re.compile(
    r"\b(?:(?:is|are|we're|we’re|now|currently) hiring|openings? for|hiring \d|hiring (?:for|a|an|our|senior|multiple)|looking for (?:a|an|our|people|engineers|developers|someone|talented|experienced|senior|strong)|"
    r"join (?:us|our)|build(?:ing)? the team|open (?:positions|roles)|we need|apply (?:at|here|to|by|via)|to apply|job description|come work|seeking (?:a|an))\b",
    re.IGNORECASE,
)
_SEEKER = re.compile(
    r"\b(?:seeking work|looking for work|available for (?:work|hire)|willing to relocate\s*:|my résumé|my resume|hire me|"
    r"r[ée]sum[ée]/cv\s*:|i am a (?:software|senior|full))\b",
    re.IGNORECASE,
)
_PLACE = re.compile(
    r"\b(?:san francisco|sf|bay area|new york|nyc|london|berlin|amsterdam|paris|boston|seattle|austin|chicago|toronto|los angeles|la|"
    r"palo alto|mountain view|cambridge|denver|munich|zurich|zürich|stockholm|dublin|tel aviv|bangalore|singapore|sydney|melbourne|"
    r"vancouver|montreal|usa?|uk|eu|europe|canada|germany|france|india|ny|ca|washington|atlanta|san diego|san mateo|redwood city|"
    r"menlo park|sunnyvale|oakland|portland|philadelphia|pittsburgh|hamburg|oslo|copenhagen|barcelona|madrid|lisbon|tokyo|anywhere|worldwide|global)\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"^\s*(?:[-*•·–—▪]|\d{1,2}[.)])\s+")
_SEPARATORS = (r"\s*\|+\s*", r"\s+[-–—]{1,2}\s+", r"\s*[•·]\s*", r"\s*;\s+", r"\s+//\s+")
_LONGEST_HEADER, _MOST_ROLES = 600, 12


@dataclass(frozen=True, slots=True)
class Ad:
    """One role of a comment. `number` is 1 for the first; `text` is plain and holds the header, what concerns all roles and
    what concerns this one. Employer and title are None where the comment does not say."""

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
    if len(text) < 40 or _SEEKER.search(text[:400]):
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
        if line == (with_marks or [line])[0] and not _URL.fullmatch(line):
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
    work = _WORKPLACE.findall(line)
    header.workplace = _workplace([word.lower() for word in work])
    employment = _EMPLOYMENT.search(line)
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
    bare = _bare(re.sub(r"[(\[]\s*[)\]]", "", _URL.sub("", part)))
    if not bare or _NO_ROLE.match(bare) or _ASIDE.match(bare) or pay_of(part):
        return
    if _ROLE.search(bare) and not (_WORKPLACE.match(bare) and len(bare) < 40) and len(bare) < 250:
        header.roles.extend(_split_roles(bare))
        return
    place = _EMPLOYMENT.sub("", _WORKPLACE.sub("", bare)).strip(" ()[]-–—:,/&+")
    known = _PLACE.search(bare) or re.fullmatch(r"[A-ZÀ-Ý][\w.' -]+,\s?[A-ZÀ-Ý][\w.' -]+", place)
    if known and len(bare) < 120:
        header.places.append(bare)
    elif header.employer is None and len(bare) < 60 and not _WORKPLACE.search(bare) and not _EMPLOYMENT.search(bare):
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
        or (_WORKPLACE.search(part) and len(part) < 30 and not re.search(r"\(", part))
        or (_EMPLOYMENT.search(part) and len(part) < 20)
        or (re.search(r"\bengineers?\b|\bdevelopers?\b|\bscientists?\b", part, re.IGNORECASE) and len(part) < 60)
    )


def _only_place(part: str) -> bool:
    left = _PLACE.sub("", _WORKPLACE.sub("", part))
    return bool(_PLACE.search(part)) and len(re.sub(r"\W+", "", left)) <= 4


def _clean_employer(part: str) -> str | None:
    name = re.sub(r"\s+(?:is|are)\s+(?:now\s+)?hiring.*$", "", part, flags=re.IGNORECASE)
    name = re.sub(r"\s*[(\[](?:YC|Y Combinator|https?:|www\.|[a-z0-9.-]+\.[a-z]{2,})[^)\]]*[)\]]", "", name, flags=re.IGNORECASE)
    name = re.sub(r"\s*\(?https?://\S+", "", name)
    name = _WORKPLACE.sub("", re.sub(r"\([^)]*\b(?:remote|onsite|on-site|hybrid)\b[^)]*\)", "", name, flags=re.IGNORECASE))
    name = name.strip(" ,;:-–—([")
    return name if 1 < len(name) <= 80 else None


def _employer_of_sentence(line: str) -> str | None:
    match = re.match(r"(?:(?:hi|hello|hey|at)\b)?[,! ]*([A-Z][\w.&' -]{1,50}?)(?:\s*\([^)]*\))?,?\s+(?:is|are)\s+(?:\w+\s+)?(?:hiring|looking|the|a|an)\b", line, re.IGNORECASE)
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
    """ "Data Scientist, ML Engineer (NLP/CV)" as two roles; separators inside brackets do not count, and a piece without a
    role word belongs to its neighbour ("Senior / Lead Engineer")."""
    part = re.sub(r"^(?:hiring|roles?|positions?|we(?:'|’)?re hiring|looking for)\s*:?\s*", "", part, flags=re.IGNORECASE).strip("[] ")
    pieces = re.split(r"\s*(?:,|;|\s&\s|\s\+\s|/|\band\b|\bor\b)\s*(?![^(\[]*[)\]])", part)
    pieces = [piece.strip(" .:-–—") for piece in pieces if piece.strip(" .:-–—")]
    named = [bool(re.search(r"\b(?:engineers?|developers?|devs?|scientists?|designers?|analysts?|architects?|managers?|researchers?|sre|devops|programmers?|cto|interns?)\b", piece, re.IGNORECASE)) for piece in pieces]  # fmt: skip
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
        head = re.split(r"\s[-–—]\s|:|\(|\||https?://|\. ", line[item.end() :] if item else "", maxsplit=1)[0].strip(" *_,")
        words = head.split()
        if item and 1 < len(words) <= 7 and head[0].isupper() and re.search(r"\b(?:engineers?|developers?|scientists?|designers?|analysts?|architects?|managers?|researchers?|sre|devops|leads?)$", head, re.IGNORECASE):  # fmt: skip
            roles.append(head)
    roles = list(dict.fromkeys(roles))
    return roles if 2 <= len(roles) <= _MOST_ROLES else []


def _part(text: str, roles: list[str]) -> list[str]:
    """The comment's text for each role: a block that starts with a role's name, and the list below it, is that role's; all
    else is everybody's."""
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
    return ["\n\n".join(_own_lines(b, n, roles) for b, o in zip(blocks, owners, strict=True) if o in (None, n)) for n in range(len(roles))]


def _own_lines(block: str, number: int, roles: list[str]) -> str:
    """A block without the items that belong to other roles."""
    lines = block.split("\n")
    if len(lines) < 2:
        return block
    kept = [line for line in lines if not _ITEM.match(line) or _owner(line, roles) in (None, number)]
    return "\n".join(kept)


def _owner(block: str, roles: list[str]) -> int | None:
    start = _ITEM.sub("", block.split("\n")[0]).strip(" *_#").lower()
    names = [re.sub(r"\s*\([^)]*\)", "", role).lower() for role in roles]
    matches = [n for n, name in enumerate(names) if name and start.startswith(name)]
    # "Data Engineer" and "Data Engineering Lead": the longest name that fits is meant.
    return max(matches, key=lambda n: len(roles[n]), default=None)


def _is_ad(header: _Header, text: str) -> bool:
    signs = bool(header.roles) + bool(_WORKPLACE.search(header.line)) + bool(header.employment_type) + bool(header.places) + bool(header.salary)
    if header.parts >= 3 and signs >= 1:
        return True
    if header.parts == 2 and signs >= 2:
        return True
    question = text.rstrip().endswith("?") and len(text) < 300
    return not question and len(text) >= 80 and bool(_HIRING.search(text[:3_000])) and bool(_ROLE.search(text[:3_000]))
