"""Cue phrases of data/cues.toml: finding them in a list of tokens, in time linear in the tokens."""

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TOKEN = re.compile(r"[^\W_]+[+#]*")
TIERS = ("field", "task", "tool", "weak", "not")
TRACK_LAYERS = ("computer_vision", "nlp", "sequence_modeling")
CONTEXTS = ("ask", "prefer", "duty", "blurb", "team", "aid", "boiler", "ml", "business")
SECTIONS = ("about", "duties", "required", "preferred", "other")
DATA = Path(__file__).with_name("data") / "cues.toml"


_SEAM = re.compile(r"[A-Z](?<=[a-z]{3}[A-Z])(?=[a-z]{3})")
_LETTERS = re.compile(r"[A-Za-z]{1,30}")


def tokenize(text: str) -> list[str]:
    """Lower-case tokens: runs of letters and digits, with a trailing + or # kept ("c++")."""
    return TOKEN.findall(text.lower())


def split_words(text: str) -> list[str]:
    """Tokens of a text whose line ends may be lost: "modelsTime series" is "models", "time", "series".

    Names that a list of cues holds in one piece ("TensorFlow") stay whole.
    """
    parts, begun = [], 0
    for seam in _SEAM.finditer(text):
        at = seam.start()
        start = at
        while start > max(begun, at - 30) and text[start - 1].isalpha():
            start -= 1
        whole = text[start:at] + _LETTERS.match(text, at).group()  # type: ignore[union-attr]
        if whole.lower() not in load()[0].names:
            parts.append(text[begun:at])
            begun = at
    return tokenize(" ".join([*parts, text[begun:]])) if parts else tokenize(text)


@dataclass(frozen=True, slots=True)
class Cue:
    """One phrase of one list; `rest` are the tokens after the first, each exact or a prefix (ending in `*`)."""

    index: int
    layer: str
    tier: str
    rest: tuple[str, ...]


class Cues:
    """All cue phrases, indexed by their first token.

    `size` is the number of cues; indices run from 1, so that 0 can stand for "none". The order is that of the file,
    which is why a model's metadata holds the file's hash.
    """

    def __init__(self, lists: dict[str, dict[str, list[str]]]) -> None:
        self._exact: dict[str, list[Cue]] = {}
        self._prefix: list[tuple[str, Cue]] = []
        self._cached: dict[str, tuple[Cue, ...]] = {}
        self.names: set[str] = set()
        self.size = 0
        for layer, tiers in lists.items():
            for tier, phrases in tiers.items():
                for phrase in dict.fromkeys(phrases):
                    self._add(layer, tier, phrase)

    def _add(self, layer: str, tier: str, phrase: str) -> None:
        first, *rest = re.findall(r"[^\W_]+[+#]*\*?", phrase)
        self.names.update((first, *rest))
        self.size += 1
        cue = Cue(self.size, layer, tier, tuple(rest))
        if first.endswith("*"):
            self._prefix.append((first[:-1], cue))
        else:
            self._exact.setdefault(first, []).append(cue)

    def starting(self, token: str) -> tuple[Cue, ...]:
        """The cues whose first token is this one, longest first."""
        known = self._cached.get(token)
        if known is None:
            found = self._exact.get(token, []) + [cue for head, cue in self._prefix if token.startswith(head)]
            known = tuple(sorted(found, key=lambda cue: -len(cue.rest)))
            if len(self._cached) > 200_000:
                self._cached.clear()
            self._cached[token] = known
        return known

    def find(self, tokens: Sequence[str]) -> Iterator[tuple[int, Cue]]:
        """Each cue with the place of its first token; in a layer the longest at a place wins and takes its tokens."""
        until: dict[str, int] = {}
        cached = self._cached
        for place, token in enumerate(tokens):
            # Most tokens start no cue: this loop runs over every word of every posting.
            known = cached.get(token)
            for cue in self.starting(token) if known is None else known:
                if place < until.get(cue.layer, 0):
                    continue
                rest = cue.rest
                if rest and not _follows(rest, tokens, place + 1):
                    continue
                until[cue.layer] = place + 1 + len(rest)
                yield place, cue


def _follows(rest: tuple[str, ...], tokens: Sequence[str], place: int) -> bool:
    if place + len(rest) > len(tokens):
        return False
    for pattern in rest:
        token = tokens[place]
        if token != pattern and not (pattern[-1] == "*" and token.startswith(pattern[:-1])):
            return False
        place += 1
    return True


@cache
def load() -> tuple[Cues, Cues]:
    """The cues of the windows and those of the headings."""
    with DATA.open("rb") as file:
        lists = tomllib.load(file)
    sections = {"sections": lists.pop("sections")}
    return Cues(lists), Cues(sections)
