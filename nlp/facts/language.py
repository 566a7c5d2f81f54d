"""The language of a text, by py3langid over a sample of it."""

from functools import cache
from typing import Any

_PIECE = 300
"""Characters of each of the three samples of a text."""
_FOR_LIBRARY = 90
"""Of these, the characters that py3langid gets: it reads byte by byte, and three times this is enough for it."""
_LEAST_LETTERS = 12
_SURE = 0.55
"""Probability below which the library's answer is as good as none (digits, code, a list of names)."""

# English function words, of which "and" and "the" are words of no other language of postings. Nearly all postings are
# English, and counting these costs a tenth of the library's answer.
_ENGLISH = {
    *("and", "the", "of", "to", "with", "for", "you", "our", "we", "will", "your", "are", "is", "that", "from", "this"),
    *("by", "as", "or", "be", "their", "who", "it", "have", "has", "at", "a", "in", "on"),
}
_ENGLISH_SHARE = 0.16


@cache
def _identifier() -> Any:
    """py3langid's model, restricted to the languages that have a two-letter code."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier


def detect(text: str) -> str | None:
    """The ISO 639-1 code of a text's language; None where there is too little text to tell.

    Three samples (after the head, in the middle, near the end) decide together, so that an English slogan above a
    German posting does not. The cost does not grow with the length of the text.
    """
    parts = pieces(text)
    if surely_english(" ".join(parts).lower().split()):
        return "en"
    sample = " ".join(" ".join(piece[:_FOR_LIBRARY] for piece in parts).split()) if len(parts) > 1 else text
    if sum(map(str.isalpha, sample)) < _LEAST_LETTERS or len(set(sample)) < 6:
        return None
    language, probability = _identifier().classify(sample)
    return str(language) if probability >= _SURE else None


def pieces(text: str) -> list[str]:
    """The whole of a short text, three pieces of a long one, cut at blanks."""
    if len(text) <= 2 * _PIECE:
        return [text]
    starts = (len(text) // 10, len(text) // 2, len(text) * 8 // 10)
    cut = [text[start : start + _PIECE] for start in starts]
    return [piece.partition(" ")[2].rpartition(" ")[0] or piece for piece in cut]


def surely_english(words: list[str]) -> bool:
    """Whether so many of the words, in lower case, are English function words that the library need not be asked."""
    known = [word for word in words if word in _ENGLISH]
    return (
        len(words) >= 20 and known.count("and") + known.count("the") >= 2 and len(known) >= _ENGLISH_SHARE * len(words)
    )
