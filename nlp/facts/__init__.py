"""The facts of a posting beside its skills: language, level, workplace, country, years of experience, pay."""

from collections.abc import Sequence

from crawler.text import html_to_text
from nlp.facts import country, pay, seniority, years
from nlp.facts import workplace as workplaces
from nlp.records import Facts

__all__ = ["extract"]

_MOST = 200_000
"""Characters of a text that are read: the longest real posting is a tenth of it."""

_MARKUP = ("</", "<p>", "<br", "<li", "&#", "&amp;", "&nbsp;", "&quot;")
"""Signs of markup that was left in: facts carry no offsets, so that the text may be cleaned first. Each begins with
one of two characters, which most texts do not hold."""

_NO_BEGINNER = 8
"""Years that nobody asks of a beginner: boards print "Seniority level: Entry level" where the employer chose none."""


def extract(
    text: str,
    title: str = "",
    *,
    language: str | None = None,
    locations: Sequence[str] = (),
    workplace: str | None = None,
) -> Facts:
    """Read the facts of one posting.

    Args:
        text: plain text; anything goes, the cost is linear in its length and ends at 200,000 characters.
        title: the board's title, which may be a whole header ("Acme | Data Engineer | REMOTE").
        language: ISO 639-1 code of the text where known: the rules of that language and the English ones are tried, all
            of them where it is not known.
        locations: places that the board states.
        workplace: "remote", "hybrid" or "onsite" where the board states it.

    Returns:
        The facts, None where the posting says nothing.
    """
    text = text[:_MOST]
    if ("<" in text or "&" in text) and any(sign in text for sign in _MARKUP):
        text = html_to_text(text)
    where = country.extract(text, title, locations, language)
    level, least = seniority.extract(text, title, language), years.extract(text, language)
    if level == "junior" and least is not None and least >= _NO_BEGINNER and seniority.of_title(title) is None:
        level = None
    return Facts(
        seniority=level,
        workplace=workplaces.extract(text, title, locations, workplace, language),
        country=where,
        min_years=least,
        salary=pay.in_country(pay.extract(text) or pay.extract(title), where, text),
    )
