"""Where a text names a skill: longest names first, inflections and list forms understood, ambiguous names by context.

What is asked for and what is only mentioned is `nlp.levels`' business; this module says which skill stands where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter

from nlp.ambiguity import Ambiguities, is_loose
from nlp.phrases import Phrase, Trie
from nlp.rules import load_rules
from nlp.taxonomy import Taxonomy
from nlp.tokens import Tokens, stem

_CHUNK = 120  # characters looked at on each side of a name for an address around it
_BLANK = re.compile(r"\s")
_ADDRESS_AFTER = re.compile(r"\.(?:com|org|net|io|ai|co|eu|de|fr|nl|be|ch|es|uk|us|edu|gov|farm|app|dev)\b|@\w|://")
_ADDRESS = re.compile(r"://|www\.|\w@\w")
_COMPANY = re.compile(
    r"(?:\b[A-Z0-9]\w*\.(?:AI|Ai|ML)|\w\.(?:ai|ml))$"
)  # a sentence without a blank ends in lower case
_AND = frozenset({"and", "or", "und", "oder", "et", "ou", "en"})
_LIST_GAPS = frozenset({",", "/", "&", "-,", "-/"})
_LIST_ITEMS = 3  # how far back "x, y and z learning" is understood


@dataclass(slots=True)
class Match:
    """A skill at `text[start:end]`; `first` and `stop` are its tokens.

    `doubt` is empty, or what speaks against it: "context" is missing, "head" (a general noun behind a name).
    """

    skill: str
    start: int
    end: int
    first: int
    stop: int
    doubt: str = ""


class Matcher:
    """The taxonomy compiled for matching. Building takes tens of milliseconds, matching time linear in the text."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        rules = load_rules("matching")
        self.trie = Trie(_phrases(taxonomy, rules), rules["glue"], rules["openers"])
        self._adjectives = tuple(rules["adjectives"])
        self._nouns = frozenset(rules["no_adjectives"])
        self._naming = frozenset(rules["naming"])
        self._foreign = Trie(Phrase(phrase, phrase) for phrase in rules["foreign"])
        self._unshared = frozenset(rules["unshared"])
        self._heads = frozenset(stem(word) for word in rules["heads"])
        self._whole = frozenset(rules["whole"])
        self._last = {skill.id: stem(skill.name.split()[-1]) for skill in taxonomy.skills.values()}
        self._prefixes = frozenset(rules["prefixes"])
        self._ambiguities = Ambiguities(taxonomy)
        entries = [entry for skill in taxonomy.skills.values() for entry in skill.ambiguous]
        self.trie.keep_whole(phrase for entry in entries for phrase in (*entry.cues, *entry.refuse))

    def find(self, text: str) -> list[Match]:
        """Every skill of a text in order, none overlapping another."""
        return self.find_in(text, self.trie.cut(text))

    def find_in(self, text: str, tokens: Tokens) -> list[Match]:
        """The same over tokens that `self.trie.cut(text)` has cut."""
        return self._find(text, tokens)[0]

    def find_all(self, text: str, tokens: Tokens) -> list[Match]:
        """The skills as `find_in` gives them and, in their places between, the names that a rule passed over."""
        matches, doubtful = self._find(text, tokens)
        if not doubtful:
            return matches
        taken = {i for match in matches for i in range(match.first, match.stop)}
        return sorted([*matches, *(one for one in doubtful if one.first not in taken)], key=attrgetter("first"))

    def _find(self, text: str, tokens: Tokens) -> tuple[list[Match], list[Match]]:
        readings = list(self._readings(text, tokens))
        chosen, lacking = self._ambiguities.decide(tokens, readings)
        settled, heads = self._settled(tokens, chosen)
        matches = self._with_shared_heads(tokens, [_match(tokens, *one) for one in settled])
        doubtful = [_match(tokens, i, j, one.value, "context") for i, (j, one) in lacking]
        return matches, doubtful + [_match(tokens, *one, "head") for one in heads]

    def _readings(self, text: str, tokens: Tokens) -> Iterator[tuple[int, list[tuple[int, Phrase]]]]:
        """Places that may name a skill, with their readings from long to short; none lies inside another's longest."""
        free, gaps = 0, tokens.gaps
        for i in self.trie.openings(tokens):
            if i < free:
                continue
            spaced = gaps[i] == " "
            found = [
                (j, one)
                for j, one in self.trie.at(tokens, i)
                if (spaced and gaps[j] == " ") or self._stands_alone(tokens, i, j)
            ]
            if not found:
                continue
            while len(found) > 1 and (self._is_list(tokens, i, found[-1]) or self._is_padded(tokens, found)):
                found.pop()
            if gaps[i] == "/" and self._after_name(tokens, i):
                found = _first_word(found, i)
            stop = found[-1][0]
            if not (spaced and gaps[stop] == " ") and _in_address(text, tokens.starts[i], tokens.ends[stop - 1]):
                continue
            found.reverse()
            yield i, found
            free = stop

    def _stands_alone(self, tokens: Tokens, i: int, j: int) -> bool:
        """Whether a name is not part of a longer word: what touches it is an ordinary word or a version number."""
        before, after = tokens.gaps[i], tokens.gaps[j]
        if before == "-" and i and not self._may_follow(tokens.stems[i - 1]):
            return False
        if (
            not before
            and i
            and tokens.stems[i - 1] not in self.trie.glue
            and not tokens.words[i - 1].endswith(("+", "#"))
        ):
            return False
        if not after and j < len(tokens.words) and tokens.stems[j] not in self.trie.glue:
            return tokens.words[j - 1].endswith(("+", "#")) or tokens.words[j].isdigit()
        return True

    def _after_name(self, tokens: Tokens, i: int) -> bool:
        return i > 0 and self.trie.is_phrase(tokens.stems[i - 1])

    def _may_follow(self, word: str) -> bool:
        return word in self._prefixes or self.trie.is_phrase(word)

    def _is_list(self, tokens: Tokens, i: int, reading: tuple[int, Phrase]) -> bool:
        """Whether a name such as "AI/ML" is written as a list of names that are different skills; "CI/CD" is one."""
        stop, _ = reading
        cuts = [i, *(k for k in range(i + 1, stop) if "/" in tokens.gaps[k]), stop]
        if len(cuts) == 2:
            return False
        parts = [
            next((one.value for j, one in self.trie.at(tokens, first) if j == last), None)
            for first, last in pairwise(cuts)
        ]
        return None not in parts and len(set(parts)) > 1

    def _is_padded(self, tokens: Tokens, found: list[tuple[int, Phrase]]) -> bool:
        """Whether the longest name is a shorter one plus a general noun ("machine learning models"): the shorter names
        the skill, unless the noun belongs to the skill's own name ("distributed systems")."""
        (shorter, name), (longest, phrase) = found[-2:]
        head = tokens.stems[longest - 1]
        if shorter != longest - 1 or head not in self._heads or self._last[phrase.value] == head:
            return False
        if phrase.text.lower() in self._whole:
            return False
        return not self._is_adjective(name)

    def _is_adjective(self, phrase: Phrase) -> bool:
        word = phrase.text.lower()
        return not phrase.cased and word.isalpha() and word.endswith(self._adjectives) and word not in self._nouns

    def _settled(
        self, tokens: Tokens, chosen: list[tuple[int, tuple[int, Phrase]]]
    ) -> tuple[list[tuple[int, int, str]], list[tuple[int, int, str]]]:
        """The chosen names as (first token, token after the last, skill): those that name something where they stand,
        and those that are the general noun behind another name ("machine learning algorithms")."""
        settled: list[tuple[int, int, str]] = []
        heads: list[tuple[int, int, str]] = []
        end = 0
        foreign = {i: found[-1][0] for i in self._foreign.openings(tokens) if (found := self._foreign.at(tokens, i))}
        for i, (j, phrase) in chosen:
            if foreign and any(foreign.get(k, 0) >= j for k in range(max(0, i - 2), i + 1)):
                continue
            after_name = i == end > 0 and tokens.gaps[i] == " "
            if after_name and j == i + 1 and tokens.stems[i] in self._heads:
                heads.append((i, j, phrase.value))
                continue
            if tokens.words[i][0].islower() and self._is_adjective(phrase):
                if j < len(tokens) and tokens.gaps[j] == " " and tokens.stems[j] in self._naming:
                    j += 1
                elif not self._in_list(tokens, i, j):
                    continue
            settled.append((i, j, phrase.value))
            end = j
        return settled, heads

    def _in_list(self, tokens: Tokens, i: int, j: int) -> bool:
        """Whether a word is joined to another one ("supervised and unsupervised learning", "relational/graph")."""
        before = tokens.gaps[i].strip() == "/" or (i > 0 and tokens.stems[i - 1] in _AND)
        return before or tokens.gaps[j].strip() in ("/", "-/") or (j < len(tokens) and tokens.stems[j] in _AND)

    def _with_shared_heads(self, tokens: Tokens, matches: list[Match]) -> list[Match]:
        """Add the first part of "supervised and unsupervised learning": a name whose last word stands only once."""
        found: list[Match] = []
        taken = 0
        for match in matches:
            if match.stop - match.first > 1 and (
                tokens.gaps[match.first] != " " or tokens.stems[match.first - 1] in _AND
            ):
                found += reversed(list(self._before(tokens, match, taken)))
            found.append(match)
            taken = match.stop
        return found

    def _before(self, tokens: Tokens, match: Match, taken: int) -> Iterator[Match]:
        at, head = match.first, match.stop - 1
        for _ in range(_LIST_ITEMS):
            conjunction = at > taken and tokens.stems[at - 1] in _AND
            last = at - 2 if conjunction else at - 1
            if last < taken or not (conjunction or tokens.gaps[at].strip() in _LIST_GAPS):
                return
            skill = self._joined(tokens, last, head)
            if skill is None or skill == match.skill or tokens.stems[last] in self._unshared:
                return
            yield Match(skill, tokens.starts[last], tokens.ends[last], last, last + 1)
            at = last

    def _joined(self, tokens: Tokens, modifier: int, head: int) -> str | None:
        """The skill whose whole name is the token `modifier` followed by the token `head`."""
        two = Tokens(
            [tokens.words[modifier], tokens.words[head]],
            [tokens.stems[modifier], tokens.stems[head]],
            ["", " ", ""],
            [0, 0],
            [0, 0],
        )
        return next((one.value for j, one in self.trie.at(two, 0) if j == 2 and not one.cased), None)


def _match(tokens: Tokens, first: int, stop: int, skill: str, doubt: str = "") -> Match:
    return Match(skill, tokens.starts[first], tokens.ends[stop - 1], first, stop, doubt)


def _first_word(found: list[tuple[int, Phrase]], i: int) -> list[tuple[int, Phrase]]:
    """The readings after a slash: "AI/ML operations" is a list with a head, "Linear/Logistic Regression" is not."""
    short, long = found[0], found[-1]
    return [short] if short[0] == i + 1 and short[1].value != long[1].value else found


def _phrases(taxonomy: Taxonomy, rules: Mapping[str, Sequence[str]]) -> Iterator[Phrase]:
    names, shouted = frozenset(rules["names"]), frozenset(rules["shouted"])
    for skill in taxonomy.skills.values():
        for alias in skill.aliases:
            if "(" in alias:  # "large language models (LLMs)": the parts are names of their own
                continue
            words = alias.split()
            exact = not names.isdisjoint(alias.lower().split())
            yield Phrase(alias, skill.id, exact=exact, cased=not shouted.isdisjoint(words))
        for alias in skill.cased:
            yield Phrase(alias, skill.id, cased=True)
            if is_loose(alias) and alias.lower() not in skill.cased:
                yield Phrase(alias.lower(), skill.id, exact=True)


def _in_address(text: str, start: int, end: int) -> bool:
    """Whether a name is part of a web or mail address."""
    if _ADDRESS_AFTER.match(text, end):
        return True
    if text[start - 1 : start] == "." and _COMPANY.search(text, max(0, start - _CHUNK), end):
        return True
    if text[start - 1 : start] not in ("/", "@", ".", "-", "=", "_", ":", "?", "&", "#"):
        return False
    before = text[max(0, start - _CHUNK) : start]
    blank = max(before.rfind(" "), before.rfind("\n"), before.rfind("\t"))
    return _ADDRESS.search(before, blank + 1) is not None
