"""The years of experience that a role asks for: the smallest number that meets its requirement as a whole."""

import re
from dataclasses import dataclass
from functools import cache

from nlp.facts import rules

MOST = 25
"""Years: more than that is an employer's history and no requirement."""
_MUCH = 12
"""Years: more are an employer's boast unless something speaks for them."""
_MOST = 300
"""Places looked at in one text."""
_BEFORE, _BEHIND, _SENTENCE = 90, 70, 200
"""Characters of context that are read on either side of the years; degrees are looked for in the whole sentence."""
_HEADING_REACH = 300
"""Characters above the years in which a heading is looked for."""
_NEAR, _SAME = 400, 160
"""Characters between two numbers that belong to one list of requirements, to one sentence."""
# The dots of "Ph.D.", "B. A." and "(M.A.)" end nothing.
_CLAUSE = re.compile(
    r"\.(?<!\.[A-Za-z]\.)(?<!\b[A-Z]\.\s[A-Z]\.)(?<!\([A-Z]\.)(?=\s|\Z|[A-Z])|[;!?](?=\s|\Z|[A-Z])"
    r"|[\n\r•·●|]|(?<=[a-z])(?=[A-Z][a-z])"
)
_EXPERIENCE = re.compile(
    r"erfahrung|praxis|exp[eé]rience|experiencia|ervaring|esperienza|\bmin\b|minim|at\s+least|au\s+moins|al\s+menos"
    r"|require",
    re.IGNORECASE,
)
_BOAST = re.compile(r"(?:more\s+than|over|über|mehr\s+als|plus\s+de|más\s+de|meer\s+dan)\s*\Z", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|oder)\b\W{0,4}\Z", re.IGNORECASE)
_GENERAL = re.compile(
    r"['’]?\s*(?:of\s+)?(?:(?:full[- ]time|non[- ]internship|post[- ]?\w+|hands[- ]on)\s+)?"
    r"(?:professional|work(?:ing)?|(?:technology\s+)?industr(?:y|ial)|overall|total|relevant|related|software|experience\s+(?:as\s+an?|in\s+an?\s+\w+\s+(?:role|position|capacity)))\b"
    r"|['’]?\s*(?:of\s+)?experience\W*\Z",
    re.IGNORECASE,
)
_LEADS = re.compile(r"\b(?:lead(?:ing|ership)?|manag(?:ing|ement|er)|supervis\w+)\b[^.;\n]*", re.IGNORECASE)
_HEADING = re.compile(
    r"(?:^|\n)\W*(?:(?P<wished>(?!desired\s+skills\s+(?:and|&)\s+experience)"
    r"(?:preferred|desired|ideally|nice[- ]to[- ]haves?|bonus|pluses)(?:[ ][\w&/’']+){0,3})"
    r"|[\w'’ ]{3,40})[ ]?:?[ ]*(?=\n)",
    re.IGNORECASE,
)
_WISHED_HEADING = re.compile(
    r"\b(?:prefer\w*|nice\s+to\s+have|bonus|desir\w+|plus(?:es)?|ideal(?:ly)?|additional|asset)\b|wünschens|préférence",
    re.IGNORECASE,
)
# "Desired Skills and Experience" is LinkedIn's heading of everything that is asked for.
_INLINE_HEADING = re.compile(
    r"(?P<wished>\b(?:Preferred|Desired|Bonus|Additional|Optional|Nice[- ]to[- ]Have)\s+"
    r"(?!Skills\s+(?:and|&)\s+Experience)"
    r"(?:Qualifications?|Skills?|Requirements?|Attributes?|Experience|Education)\b)"
    r"|\b(?:Basic|Minimum|Required|Requirements?|Must|Qualifications?|Responsibilities)\b"
)
_WISHES = ("referred", "esired", "onus", "dditional", "ptional", "ice to ", "ice-to-", "ice To ")
"""What every heading of wishes holds."""
_OR_DEGREE = re.compile(
    r"\b(?:or|oder)\b[\s,:;-]*(?:an?\s+|the\s+)?(?:master|ph\.?\s?d|doctor|advanced|bachelor|[bm]\.?[as]\b|[bm]sc|mba|graduate)",
    re.IGNORECASE,
)
_POINT = re.compile(r"\([a-e]\)")
"""Points of a list inside a sentence."""
_OPTION = re.compile(r"\bOption\s+\d", re.IGNORECASE)
_JOIN = re.compile(r"\b(?:or|oder|ou|o)\b[^,;.]{0,30}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One number of years that somebody is asked for, where it stands and how.

    `degree`: a degree stands in its sentence; `alternative`: an "or" stands before it; `general`: it is work as such.
    """

    start: int
    end: int
    years: float
    wished: bool
    degree: bool
    alternative: bool
    general: bool


@dataclass(frozen=True, slots=True)
class _Rules:
    anchor: re.Pattern[str]
    number: re.Pattern[str]
    behind: re.Pattern[str]
    asks: re.Pattern[str]
    asks_you: re.Pattern[str]
    others_before: re.Pattern[str]
    others_behind: re.Pattern[str]
    wished_behind: re.Pattern[str]
    wished_before: re.Pattern[str]
    degree: re.Pattern[str]
    words: dict[str, float]


@cache
def _rules() -> _Rules:
    data = rules.load("years")
    context, words = data["context"], data["words"]
    value = rf"(?:\d{{1,2}}(?:[.,]5)?|(?<!\w)(?:{'|'.join(words)}))"
    number = re.compile(
        rf"(?-i:(?<![\d$€£,/A-Z_]))(?<!\d\.)(?P<low>{value})(?:\s*\((?P<digits>\d{{1,2}})\))?\s*(?P<plus>\+|plus\b|or\s+more|oder\s+mehr|o\s+más|ou\s+plus)?"
        rf"(?:\s*(?:[-–—−‑/]|to|bis|à|a|or|y|et|and|through|ou)+\s*(?P<high>{value})(?:\s*\(\d{{1,2}}\))?\s*\+?)?"
        r"(?:\s*\+|\s+plus|\s+or\s+more|\s+full|\s+solid|\s+good|\s*\(s\))?[\s\-)]*\Z",
        re.IGNORECASE,
    )
    edge = r"(?<!\w)"
    return _Rules(
        anchor=rules.any_of(data["units"]["list"], before=r"(?:(?<![^\W\d_])|(?=jährig))", after=r"(?!\w)"),
        number=number,
        behind=rules.any_of(context["behind"], before=edge),
        asks=rules.any_of(context["asks"], before=edge),
        asks_you=rules.any_of(context["asks_you"], before=edge),
        others_before=rules.any_of(context["others_before"], before=edge),
        others_behind=rules.any_of(context["others_behind"], before=r"['’]?\)?\s*(?:of\s+)?\b"),
        wished_behind=rules.any_of(context["wished_behind"], before=r"(?:\s*\(|[^,(;:]*?(?<!\w))"),
        wished_before=rules.any_of(
            context["wished_before"],
            before=edge,
            after=r"\W*(?:at\s+least|(?:a\s+)?minimum(?:\s+of)?|with|have|having|mínimo)?\W*\Z",
        ),
        degree=rules.any_of(context["degree"], before=edge, after=r"(?!\w)"),
        words={word: float(number) for word, number in words.items()},
    )


def extract(text: str, language: str | None = None) -> float | None:
    """The smallest number of years of experience that meets what the role asks for; None where it asks for none.

    Years that an employer boasts of, ages, lengths of contracts and studies do not count. Of "5 years of software
    engineering, 2 of them with Spark" 5 counts; of "PhD, or a master's degree and 4 years" the smallest stated counts.
    """
    asked = _asked(text, rules.by_language("years", ("units", "starts"), language))
    required = [one for one in asked if not one.wished]
    if not required:
        return None if asked else _of_field(text)
    first, *later = required
    if (options := _options(text, required)) is not None:
        return options
    near = [one for one in later if one.start - first.end < _NEAR]
    ways = [first]
    for one in later:
        if one.start - ways[-1].end < _NEAR and _is_way(text, ways[-1], one):
            ways.append(one)
    if len(ways) > 1:
        return min(one.years for one in ways)
    # "A master's degree, or a bachelor's and 4 years. 1-4 years of work": a way around a degree is no requirement.
    if first.alternative and first.degree and near and near[0].general and near[0].years < first.years:
        return near[0].years
    # "2 years of leading people; 5 years of professional experience": both are asked, and so five years are.
    leads = _of_leading(text, first)
    more = [one for one in near if (one.general or (leads and not _of_leading(text, one))) and one.years > first.years]
    more = [one for one in more if not one.alternative and not one.degree]
    if more and not _WISHED_HEADING.search(text, first.end, more[0].start):
        return more[0].years
    return first.years


def _of_field(text: str) -> float | None:
    """The number in a form's field ("Minimum Years of Experience Required 3")."""
    if "ears of" not in text and "EARS OF" not in text:
        return None
    found = _fields().search(text)
    years = float(next(filter(None, found.groups()))) if found else None
    return years if years is not None and years <= MOST else None


@cache
def _fields() -> re.Pattern[str]:
    return rules.any_of(rules.load("years")["fields"]["list"], before=r"(?<!\w)")


def _of_leading(text: str, one: _Asked) -> bool:
    return _LEADS.search(text, one.end, one.end + _BEHIND) is not None


def _options(text: str, required: list[_Asked]) -> float | None:
    """The smallest of numbers that stand behind "Option 1", "Option 2" …; None where there are no options."""
    if "ption" not in text:
        return None
    marks = [found.end() for found in _OPTION.finditer(text)][:20]
    found = [one.years for one in required if any(0 <= one.start - mark < _NEAR for mark in marks)]
    return min(found, default=None) if len(marks) > 1 else None


def _is_way(text: str, first: _Asked, other: _Asked) -> bool:
    """Whether two numbers are two ways to qualify: "5 years with a bachelor's degree, 3 with a master's"."""
    if other.alternative and other.start - first.end < _SAME:
        return True
    if first.degree and other.degree and _rules().degree.search(text, first.end, min(other.end + 40, len(text))):
        return True
    return not other.alternative and _OR_DEGREE.search(text, first.end, other.start) is not None


def _asked(text: str, units: tuple[str, ...]) -> list[_Asked]:
    rule = _rules()
    found = []
    for start, _ in rules.find_all(rules.lowered(text), units, _MOST):
        unit = rule.anchor.match(text, start)
        one = _judge(text, start, unit.end(), rule) if unit else None
        if one is not None:
            found.append(one)
    return found


def _judge(text: str, start: int, end: int, rule: _Rules) -> _Asked | None:
    """What the years at a place ask for; None where they are somebody else's or something else."""
    number = rule.number.search(text, max(0, start - 36), start)
    if number is None:
        return None
    low = _value(number["digits"] or number["low"], rule)
    sentence, rest = _context(text, number.start(), end)
    clause = sentence[-_BEFORE:]
    if low > MOST or rule.others_behind.match(rest):
        return None
    work, asks = rule.behind.search(rest), rule.asks.search(clause)
    other = max((found.end() for found in rule.others_before.finditer(clause)), default=-1)
    plus = bool(number["plus"] or number["high"] or "+" in number.group())
    if not work and not (asks and (plus or _EXPERIENCE.search(clause))) and not (plus and len(clause.strip()) < 4):
        return None
    if other >= 0 and not (work and rule.asks_you.search(clause, other)):
        return None
    asked_behind = "required" in rest or rule.asks_you.search(clause)
    unsure = low > _MUCH and not plus and (not asks or _BOAST.search(clause)) and not asked_behind
    if unsure and not number["digits"]:
        return None
    return _Asked(
        number.start(),
        end,
        low,
        bool(
            rule.wished_behind.match(rest)
            or rule.wished_before.search(clause)
            or _wished_by_heading(text, number.start())
        ),
        bool(rule.degree.search(rest) or rule.degree.search(sentence)),
        bool(_JOIN.search(clause) or _OR.search(text, max(0, number.start() - 8), number.start())),
        bool(_GENERAL.match(rest)) and not unsure,
    )


def _wished_by_heading(text: str, start: int) -> bool:
    """Whether the last heading above a place is "Preferred qualifications" or the like."""
    above = max(0, start - _HEADING_REACH)
    headings = list(_HEADING.finditer(text, above, start))
    if not headings and any(text.find(part, above, start) >= 0 for part in _WISHES):
        headings = list(_INLINE_HEADING.finditer(text, above, start))
    return bool(headings) and headings[-1]["wished"] is not None


def _context(text: str, start: int, end: int) -> tuple[str, str]:
    """What stands before and behind the years in their own sentence."""
    before = text[max(0, start - _SENTENCE) : start]
    cut = max((found.end() for found in _CLAUSE.finditer(before)), default=0)
    if before[-1:].isalpha():  # "learning3+ years": the line break between two points was lost
        cut = len(before)
    behind = text[end : end + _BEHIND]
    stop = _CLAUSE.search(behind)
    rest = (behind[: stop.start()] if stop else behind).lstrip(")")
    return before[cut:], _POINT.sub("", rest).partition(")")[0]


def _value(written: str, rule: _Rules) -> float:
    if written[0].isdecimal():
        return float(written.replace(",", "."))
    return rule.words[written.lower()]
