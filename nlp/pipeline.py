"""Skills with level, sentence and rule: as plain mentions (`Extractor`), or inside any spaCy pipeline.

`nlp.add_pipe("skilldemand_skills")` works in anyone's pipeline; spaCy finds the component by the `spacy_factories`
entry point, and `register` does it explicitly. Work over many texts is faster without a Doc: spaCy's tokeniser
alone takes longer than everything here (docs/benchmarks.md).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from nlp.judge import Judge
from nlp.judge import load as load_judge
from nlp.levels import Levels
from nlp.matcher import Match, Matcher
from nlp.menus import Menus
from nlp.own_name import OwnName
from nlp.records import Mention
from nlp.roles import Roles
from nlp.sections import Sections
from nlp.sentences import sentences
from nlp.taxonomy import Taxonomy, load_taxonomy
from nlp.tokens import Tokens

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc, Span

FACTORY = "skilldemand_skills"
SPANS = "skills"
_MENTIONS = "skilldemand_mentions"


class Extractor:
    """Everything between a text and its mentions, compiled once and used for any number of texts."""

    def __init__(
        self, taxonomy: Taxonomy | None = None, *, judge: Judge | Literal["shipped"] | None = "shipped"
    ) -> None:
        """`judge` has the last word on names that readers often pass over or mark; None leaves all to the rules."""
        self.taxonomy = taxonomy or load_taxonomy()
        self._judge = load_judge() if judge == "shipped" else judge
        self._categories = {skill.id: skill.category for skill in self.taxonomy.skills.values()}
        shipped = load_taxonomy().skills
        self._own = {one.id for one in self.taxonomy.skills.values() if shipped.get(one.id) != one}
        self._matcher = Matcher(self.taxonomy)
        self._roles = Roles()
        self._menus = Menus()
        self._own_name = OwnName()
        self._sections = Sections()
        self._levels = Levels()

    def mentions(
        self, text: str, spans: Sequence[tuple[int, int]] | None = None, employer: str | None = None
    ) -> list[Mention]:
        """Every skill that a text names, in order, with offsets into it.

        Args:
            text: the plain text of a posting, of any length.
            spans: its sentences when the caller has them (`nlp.sentences.sentences(text)`).
            employer: its name where known: sentences about it ask for nothing unless they say so, and what stands
                inside the name is no skill.
        """
        tokens, matches, found = self.candidates(text, spans, employer)
        if self._judge is None:
            return [mention for match, mention in zip(matches, found, strict=True) if not match.doubt]
        return self._judge.keep(tokens, matches, found, self._categories, self._own)

    def candidates(
        self, text: str, spans: Sequence[tuple[int, int]] | None = None, employer: str | None = None
    ) -> tuple[Tokens, list[Match], list[Mention]]:
        """The tokens of a text and every place that may name a skill, doubtful ones too: matches and their mentions."""
        tokens = self._matcher.trie.cut(text)
        matches = self._roles.keep(tokens, self._matcher.find_all(text, tokens))
        matches = self._menus.apart(tokens, self._own_name.apart(text, matches, employer))
        if not matches:
            return tokens, [], []
        spans = sentences(text) if spans is None else spans
        return tokens, matches, self._levelled(text, tokens, matches, spans, employer or "\0")

    def _levelled(
        self, text: str, tokens: Tokens, matches: list[Match], spans: Sequence[tuple[int, int]], employer: str
    ) -> list[Mention]:
        found: list[Mention] = []
        sections = self._sections.find(text, tokens)
        section_starts = [section.start for section in sections]
        starts = [start for start, _ in spans]
        openings = self._levels.openings(tokens)
        start, end, stop = -1, -1, 0
        for match in matches:
            if match.start >= end:
                start, end = spans[bisect_right(starts, match.start) - 1]
                first = bisect_left(tokens.starts, start, stop)
                stop = bisect_left(tokens.starts, end, first)
                named = text.find(employer, start, end) >= 0
                sentence = self._levels.sentence(tokens, first, stop, openings, named)
            section = sections[bisect_right(section_starts, match.start) - 1]
            level, rule = self._levels.decide(tokens, match, section, sentence)
            surface = text[match.start : match.end]
            found.append(Mention(match.skill, surface, match.start, match.end, level, start, end, rule))
        return found


@lru_cache(maxsize=1)
def _default_extractor() -> Extractor:
    return Extractor()


def register() -> None:
    """Make the component and the span attributes known to spaCy; harmless when done before."""
    from spacy.language import Language
    from spacy.tokens import Doc, Span

    if not Doc.has_extension(_MENTIONS):
        Doc.set_extension(_MENTIONS, default=())
        for name in ("skill", "category", "level", "rule", "surface"):
            Span.set_extension(name, default=None)
    if not Language.has_factory(FACTORY):
        Language.factory(FACTORY, func=create_skills)


def create_skills(nlp: Language, name: str) -> SkillComponent:
    """spaCy's factory of the component: the shipped taxonomy (`build` takes another one)."""
    register()
    return SkillComponent()


class SkillComponent:
    """Puts the skills of a Doc into `doc.spans["skills"]`.

    Each span has the attributes `._.skill`, `._.category`, `._.level`, `._.rule` and `._.surface`.
    Spans hold whole tokens of the Doc's tokeniser; `surface` is the exact text of the name.
    """

    def __init__(self, extractor: Extractor | None = None) -> None:
        self._extractor = extractor

    @property
    def extractor(self) -> Extractor:
        """What finds the skills; the shipped taxonomy's is compiled when it is first needed."""
        if self._extractor is None:
            self._extractor = _default_extractor()
        return self._extractor

    def __call__(self, doc: Doc) -> Doc:
        found = self.extractor.mentions(doc.text)
        doc._.set(_MENTIONS, tuple(found))
        spans: list[Span] = []
        for mention in found:
            span = doc.char_span(mention.start, mention.end, label=mention.skill, alignment_mode="expand")
            assert span is not None  # "expand" finds tokens for every stretch of the text
            span._.skill, span._.level, span._.rule = mention.skill, mention.level, mention.rule
            span._.category = self.extractor.taxonomy.skills[mention.skill].category
            span._.surface = mention.surface
            spans.append(span)
        doc.spans[SPANS] = spans
        return doc


def build(taxonomy: Taxonomy | None = None) -> Language:
    """A blank English pipeline with the skills component, over `taxonomy` or the shipped one."""
    import spacy

    register()
    nlp = spacy.blank("en")
    nlp.add_pipe(FACTORY)
    if taxonomy is not None:
        component: Any = nlp.get_pipe(FACTORY)
        component._extractor = Extractor(taxonomy)
    return nlp


def mentions(doc: Doc) -> list[Mention]:
    """The mentions of a Doc that went through the component."""
    return list(doc._.get(_MENTIONS))
