"""The employer's own name in a text: what stands inside it ("Brick AI", "Docker" where Docker hires) is no skill."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from nlp.matcher import Match
from nlp.rules import load_rules
from nlp.tokens import stem

_LONGEST = 60  # characters; what is longer is a sentence that an import took for an employer
_WORDS = 4
_ASIDE = re.compile(r"\s*[(|,].*|\s+[-–—]+\s.*", re.S)
_NO_NAME = re.compile(r"/|\b(?:in|at|on|for|with)\b")
_ASKED = re.compile(
    r"\b(?:experienced?|expertise|knowledge|familiar(?:ity)?|proficien(?:t|cy)|skill(?:s|ed)|understanding)"
    r" (?:with|of|in|using)(?: the)? $",
    re.I,
)
_ASKED_REACH = 40  # characters in which what asks for the product stands before it
_WORD = re.compile(r"\w+")


class OwnName:
    """The rules of nlp/data/rules/roles.toml that tell an employer's name from a job title, compiled."""

    def __init__(self) -> None:
        rules = load_rules("roles")
        self._roles = frozenset(stem(word) for word in rules["roles"])
        legal = "|".join(re.escape(form) for form in sorted(rules["legal_forms"], key=len, reverse=True))
        self._legal = re.compile(rf"[\s,]+(?:{legal})\.?$", re.I)

    def name(self, employer: str | None) -> str:
        """The name as a text writes it, without legal form and asides; "" where the field holds no name."""
        name = self._legal.sub("", _ASIDE.sub("", (employer or "").strip()))
        words = _WORD.findall(name)
        if not 1 < len(name) <= _LONGEST or not 0 < len(words) <= _WORDS or _NO_NAME.search(name):
            return ""
        return "" if any(stem(word) in self._roles for word in words) else name

    def apart(self, text: str, matches: Sequence[Match], employer: str | None) -> list[Match]:
        """The matches that do not lie inside the employer's name; a longer name ("Docker Swarm") stays, and the
        name itself where the product is asked for ("experience with Docker")."""
        name = self.name(employer)
        if not name or name not in text:
            return list(matches)
        spans = [found.span() for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
        starts = [start for start, _ in spans]
        return [
            match
            for match in matches
            if (at := bisect_right(starts, match.start)) == 0
            or match.end > spans[at - 1][1]
            or ((match.start, match.end) == spans[at - 1] and _asked(text, match.start))
        ]


def _asked(text: str, start: int) -> bool:
    return _ASKED.search(text, max(0, start - _ASKED_REACH), start) is not None
