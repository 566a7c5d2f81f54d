"""Texts of postings: HTML or plain text in, clean plain text out.

`html_to_text` is the one routine for every source. Paragraphs stay apart by an empty line, list items become
lines that start with "• ", table cells are parted by blanks. Facts about single sources stand in data/text.toml.

HTML is cut by regular expressions and not by a tree parser on purpose: postings are shallow fragments with unclosed
tags, a parser's depth limit loses text silently, and this is several times faster. All patterns run in linear time.
"""

from __future__ import annotations

import base64
import binascii
import functools
import html
import ipaddress
import re
import tomllib
from dataclasses import dataclass
from importlib.resources import files

_BLOCKS = (
    "p div br ul ol li h1 h2 h3 h4 h5 h6 table tr section article header footer blockquote pre hr dl dt dd".split()
)
_INLINE = (
    "a b i u em strong span font small big sub sup code img tbody thead td th style script center label html body "
    "head title meta link main figure input button svg s strike del ins mark time abbr address nav aside form iframe"
).split()
_NAMES = frozenset((*_BLOCKS, *_INLINE))
_KNOWN = "|".join(sorted(_NAMES, key=len, reverse=True))
_LOOKS_HTML = re.compile(rf"</?(?:{_KNOWN})(?=[\s/>])[^<>]*>|<!--", re.I)
_LOOKS_BLOCKED = re.compile(rf"</?(?:{'|'.join(_BLOCKS)})(?=[\s/>])[^<>]*>", re.I)
_LOOKS_ESCAPED = re.compile(rf"&lt;/?(?:{_KNOWN})(?:\s|/|&gt;)", re.I)
_HIDDEN = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style|template|svg)\b[^<>]*>.*?(?:</\1\s*>|\Z)", re.I | re.S)
_TAG = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9:-]{0,40}+)(?:[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+>"
    r"|<(/?)([A-Za-z][A-Za-z0-9:-]{0,40}+)[^<>]*+>|<[!?][^<>]*+>"
)
# Texts cut at a length end inside a tag, or inside its name.
_CUT_TAG = re.compile(rf"<(?:/?(?:{_KNOWN})\s[^<>]{{0,2000}}|/?[a-z]{{0,10}})\Z", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

_OTHER_ENTITY = re.compile(r"&(?!amp;)(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")

# Break marks while HTML is being flattened: private control characters that cleaning has taken out of the input.
_PARA, _LINE, _BLOCK, _ITEM, _ITEM_END = "\x01", "\x02", "\x03", "\x04", "\x05"
_MARKS = dict.fromkeys("p h1 h2 h3 h4 h5 h6 ul ol table section article blockquote pre hr dl".split(), _PARA)
_MARKS |= {"br": _LINE, "div": _BLOCK, "tr": _BLOCK, "dt": _BLOCK, "dd": _BLOCK, "header": _BLOCK, "footer": _BLOCK}
_MARKS |= {"td": " ", "th": " "}
_RUN = re.compile(r"[ \n]*[\x01-\x05][\x01-\x05 \n]*")
_OWN_BULLET = re.compile(r"^• (?:[•·▪◦●‣*–-]|\d{1,2}[.)])\s+", re.M)

# Characters that do not come through as they are, and what becomes of them: nothing, a blank or a line end. C1 controls
# are what mojibake leaves; U+F0B7 and U+F0A7 are bullets of symbol fonts.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xa0\xad\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff\uf0a7\uf0b7"
    "\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
_BECOMES = dict.fromkeys("\t\xa0\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " ")
_BECOMES |= {"\x85": "\n", "\u2028": "\n", "\u2029": "\n", "\uf0b7": "•", "\uf0a7": "•"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r" +(?=\n)")
_GAPS = re.compile(r"\n{3,}")

# cp1252's printable characters for the bytes 0x80-0x9f: mojibake shows them where Latin-1 shows controls.
_CP1252 = {b: bytes([b]).decode("cp1252", "ignore") for b in range(0x80, 0xA0)}
_TO_BYTE = {ord(char): byte for byte, char in _CP1252.items() if char}
_CONT = "[\x80-\xbf" + "".join(re.escape(char) for char in _CP1252.values() if char) + "]"
_MOJIBAKE = re.compile(f"[\xc2-\xdf]{_CONT}|[\xe0-\xef]{_CONT}{{2}}|[\xf0-\xf4]{_CONT}{{3}}")
# What repaired text may hold: without this guard "CAFÉ»" would turn into an IPA letter.
_PLAUSIBLE = (
    (0x80, 0x17F), (0x370, 0x3FF), (0x400, 0x45F), (0x2000, 0x206F), (0x20A0, 0x20BF),
    (0x2100, 0x2BFF), (0xFB00, 0xFB06), (0xFE0E, 0xFE0F), (0xFEFF, 0xFEFF), (0x1F000, 0x1FAFF),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Quirks:
    """data/text.toml, read once."""

    unescape: frozenset[str]
    keep_newlines: frozenset[str]
    replace: dict[str, list[list[str]]]
    honeypots: tuple[tuple[str, re.Pattern[str]], ...]


@functools.cache
def _quirks() -> _Quirks:
    data = tomllib.loads((files("crawler") / "data" / "text.toml").read_text(encoding="utf-8"))
    return _Quirks(
        unescape=frozenset(data["unescape"]["sources"]),
        keep_newlines=frozenset(data["keep_newlines"]["sources"]),
        replace=data["replace"],
        honeypots=tuple((pot["hint"], re.compile(pot["pattern"], re.S)) for pot in data["honeypots"]),
    )


def html_to_text(markup: str | None, source: str | None = None) -> str:
    """Plain text of a posting's description, which may be HTML, escaped HTML or plain text already.

    `source` is the kind of board ("greenhouse", "remoteok" …) and switches that source's quirks on; unknown names
    mean no quirks. Plain text comes back as it was, but for line ends, control characters and runs of empty lines.
    """
    if not markup:
        return ""
    quirks = _quirks()
    text = markup
    if source is not None:
        for old, new in quirks.replace.get(source, ()):
            text = text.replace(old, new)
    text = clean_characters(text)
    escaped = "&lt;" in text and _LOOKS_ESCAPED.search(text) and not _LOOKS_HTML.search(text)
    if escaped or source in quirks.unescape:
        text = clean_characters(_unescape_once(text))
    if _LOOKS_HTML.search(text):
        text = _flatten(text, keep_newlines=source in quirks.keep_newlines or not _LOOKS_BLOCKED.search(text))
    text = _unescape(text)
    for hint, pattern in quirks.honeypots:
        if hint in text:
            text = _drop_address_tags(pattern.sub("", text))
    return _tidy(text)


def clean_characters(text: str) -> str:
    """Mojibake repaired; NUL, controls, lone surrogates, zero-width and soft-hyphen characters out; one kind of
    line end ("\\n") and of blank (" ")."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\t", " ")
    if text.isascii():
        return _CONTROLS.sub("", text)
    return _ODD.sub(lambda match: _BECOMES.get(match.group(), ""), repair_mojibake(text))


def repair_mojibake(text: str) -> str:
    """Undo UTF-8 that was read as Latin-1 or cp1252, sequence by sequence; what does not decode to a likely
    character stays as it is."""
    return _MOJIBAKE.sub(_repaired, text)


def _repaired(match: re.Match[str]) -> str:
    raw = match.group()
    try:
        char = bytes(_TO_BYTE.get(ord(c), ord(c)) for c in raw).decode("utf-8")
    except (UnicodeDecodeError, ValueError):
        return raw
    return char if any(low <= ord(char) <= high for low, high in _PLAUSIBLE) else raw


def _flatten(text: str, *, keep_newlines: bool) -> str:
    """Tags to break marks, then runs of marks and blanks to line ends, bullets and paragraph ends."""
    text = _HIDDEN.sub(" ", text)
    if text.rfind("<") > text.rfind(">"):
        text = _CUT_TAG.sub("", text)
    if keep_newlines:
        text = text.replace("\n", _LINE)
    else:
        # A line that starts with a written bullet is a list even where HTML would fold it.
        text = re.sub(r"\n[ ]*(?=[•·▪●‣*–-] )", _LINE, text).replace("\n", " ")
    text = _TAG.sub(_mark, text)
    text = re.sub(" {2,}", " ", text)
    return _OWN_BULLET.sub("• ", _RUN.sub(_break, text))


def _mark(match: re.Match[str]) -> str:
    closing, name, closing_odd, name_odd = match.groups()
    tag = (name or name_odd or "").lower()
    if tag == "li":
        return _ITEM_END if (closing or closing_odd) else _ITEM
    if tag and tag not in _NAMES and match.group().lower() == f"<{tag}>":
        return match.group()  # "List<String>", "write to <email>": the author's text, not markup
    return _MARKS.get(tag, "")


def _break(match: re.Match[str]) -> str:
    """What a run of marks means: a bullet if an item was opened and not closed again, else an empty line or a
    line end."""
    run = match.group()
    if run.rfind(_ITEM) > run.rfind(_ITEM_END):
        return "\n• "
    breaks = run.count(_LINE)
    if _PARA in run or breaks > 1 or (breaks and run.find(_BLOCK) not in (-1, run.rfind(_BLOCK))):
        return "\n\n"
    return "\n"


def _unescape_once(text: str) -> str:
    """One level of entities off a whole text. The four that an escaper writes are replaced as strings, "&amp;" last, so
    that "&amp;lt;" ends as "&lt;"; a callback for each of a thousand brackets would take longer than all the rest."""
    for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&#39;", "'")):
        text = text.replace(entity, char)
    return _OTHER_ENTITY.sub(lambda match: html.unescape(match.group()), text).replace("&amp;", "&")


def _unescape(text: str) -> str:
    # Only entities that end in ";": html.unescape alone would turn "&notes" into "¬es".
    if "&" not in text or not _ENTITY.search(text):
        return text
    return clean_characters(_ENTITY.sub(lambda match: html.unescape(match.group()), text))


def _drop_address_tags(text: str) -> str:
    """Take out tags that decode to an IPv4 address: Remote OK writes the crawler's own into the text."""

    def check(match: re.Match[str]) -> str:
        body = match.group(1)
        for candidate in (body, body[1:]):
            try:
                padded = candidate + "=" * (-len(candidate) % 4)
                ipaddress.IPv4Address(base64.b64decode(padded, validate=True).decode("ascii"))
            except (ValueError, binascii.Error):
                continue
            return ""
        return match.group()

    return re.sub(r"#?\b([A-Za-z0-9+/]{10,22})={0,2}", check, text)


def _tidy(text: str) -> str:
    if " \n" in text:
        text = _LINE_ENDS.sub("", text)
    return _GAPS.sub("\n\n", text).strip()


_EMAIL = re.compile(
    r"\b[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}+(?:@|\s?[\[({<]\s?at\s?[\])}>]\s?)"
    r"(?:[A-Za-z0-9-]{1,63}(?:\.|\s?[\[({<]\s?dot\s?[\])}>]\s?)){1,4}[A-Za-z]{2,12}\b"
    r"|\b[A-Za-z0-9._%+-]{2,64}+ at [A-Za-z0-9-]{2,63} dot [A-Za-z]{2,10}\b",
    re.I,
)
_DIGITS = re.compile(r"\d[\d ()./–-]{5,}\d")
_WRITTEN_AT = re.compile(r"[\[({<]\s?at\s?[\])}>]| at [A-Za-z0-9-]{2,63} dot ", re.I)
_PHONE = re.compile(
    r"(?<![\w.,$€£])(?:\+\d{1,3}[ ./-]?(?:\(0?\d{1,4}\)[ ./-]?)?\d(?:[ ./-]{0,2}\d){6,11}"
    r"|(?:\b1[ .-])?\(\d{3}\) ?\d{3}[ .-]?\d{4}|(?:1[ .-])?\d{3}([.-])\d{3}\1\d{4})(?![\w%]|[.,]\d)"
    r"|(?<![\w.,/-])\(?0\d{2,5}\)?\s?[/ –-]\s?\d(?:[ /–-]{0,3}\d){4,11}(?![\w%]|[.,]\d)"
    r"|(?<![\w.,/-])0\d(?:[ .]\d{2}){4}(?!\w)"
    r"|\b(?i:tel|telephone|phone|telefon|mobile|mobil|call|fax|whatsapp)(?:\.|:| number:?| us at| me at)?:?"
    r"\s{0,2}(?P<cued>\(?\d(?:[ ()./-]{0,2}\d){6,13})(?!\d)"
)


def mask_personal(text: str) -> str:
    """E-mail addresses (also "name [at] host [dot] com") as "[e-mail]" and telephone numbers as "[phone]".

    Errs towards leaving numbers alone: pay, years and versions must survive. Names are not touched.
    """
    if "@" in text or _WRITTEN_AT.search(text):
        text = _EMAIL.sub("[e-mail]", text)

    def phone(match: re.Match[str]) -> str:
        cued = match.group("cued")
        return match.group().replace(cued, "[phone]") if cued else "[phone]"

    # The pattern is slow, and only lines with a run of digits can hold a number.
    if not _DIGITS.search(text):
        return text
    lines = text.split("\n")
    return "\n".join(_PHONE.sub(phone, line) if _DIGITS.search(line) else line for line in lines)
