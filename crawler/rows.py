"""Rows of foreign collections to postings: which column is which field, and what their values mean."""

import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from crawler import fields
from crawler.errors import InputError
from crawler.hackernews import Ad, read_comment
from crawler.posting import Posting
from crawler.text import clean_characters, html_to_text, mask_personal

# Names that public collections and JobSpy give to our fields, in the order in which they are looked for.
ALIASES: dict[str, tuple[str, ...]] = {
    "source_id": ("source_id", "id", "job_id"),
    "title": ("title", "job_title", "position"),
    "description": ("description", "text", "job_description", "body"),
    "employer": ("employer", "company", "company_name", "hiring_organization"),
    "locations": ("locations", "location", "job_location"),
    "workplace": ("workplace", "remote", "is_remote"),
    "employment_type": ("employment_type", "job_type"),
    "url": ("url", "job_url", "link"),
    "date_posted": ("date_posted", "posted", "published_at"),
    "valid_through": ("valid_through", "expires"),
    "salary_min": ("salary_min", "min_amount"),
    "salary_max": ("salary_max", "max_amount"),
    "salary_currency": ("salary_currency", "currency"),
    "salary_period": ("salary_period", "interval"),
    "collected": ("collected", "date_collected", "date_scraped"),
}
_RATING = re.compile(r"\s*\n\s*[1-5]\.\d\s*\Z")
"""What review sites print on the line below an employer's name."""


class RowReader:
    """Rows of one file to postings of one board; with `hackernews` each row is a comment of a hiring thread."""

    def __init__(self, source: str, board: str, mapping: Mapping[str, str], hackernews: bool = False) -> None:
        self.source, self.board, self.mapping, self.hackernews = source, board, mapping, hackernews
        self.candidates = {ours: (mapping[ours],) if ours in mapping else names for ours, names in ALIASES.items()}

    def check_columns(self, names: Sequence[str]) -> None:
        """Raise InputError if a mapped or needed column is not among the file's."""
        for ours, theirs in self.mapping.items():
            if theirs not in names:
                raise InputError(f"no column {theirs!r} for {ours}; the file has {', '.join(names) or 'no columns'}")
        if not set(self.candidates["description"]) & set(names):
            raise InputError(
                f"no column for the description; name it with --map description=COLUMN; the file has {', '.join(names)}"
            )

    def postings(self, row: Mapping[str, Any], odd: Counter[str]) -> Iterator[tuple[Posting, dt.datetime | None]]:
        """One row's posting and the moment it was collected; a comment has one for each role, none if it is no ad.

        Raises:
            InputError: no description, or a mapped column is missing.
        """
        record = {ours: self._get(row, ours) for ours in self.candidates}
        for ours, theirs in self.mapping.items():
            if theirs not in row:
                raise InputError(f"no column {theirs!r} for {ours}")
        description = html_to_text(_text(record["description"]), self.source)
        if not description:
            raise InputError("no description")
        values = {
            "title": _line(record["title"]),
            "description": mask_personal(description),
            "url": _line(record["url"]) or None,
            "employer": _line(_RATING.sub("", _text(record["employer"]))) or None,
            "locations": tuple(filter(None, map(_line, _list(record["locations"])))),
            "workplace": _workplace(record["workplace"]),
            "employment_type": fields.employment_of(_line(record["employment_type"])),
            "date_posted": _date(record["date_posted"], "date_posted", odd),
            "valid_through": _date(record["valid_through"], "valid_through", odd),
            **_salary(record, odd),
        }
        source_id = self._source_id(_line(record["source_id"]) or _line(record["url"]), values)
        collected = _date(record["collected"], "collected", odd)
        moment = dt.datetime.combine(collected, dt.time(), dt.UTC) if collected else None
        if not self.hackernews:
            yield Posting(source=self.source, board=self.board, source_id=source_id, **values), moment
            return
        for ad in read_comment(_text(record["description"])):
            number = source_id if ad.number == 1 else f"{source_id}#{ad.number}"
            yield Posting(source=self.source, board=self.board, source_id=number, **(values | _of_ad(ad))), moment

    def _get(self, row: Mapping[str, Any], ours: str) -> Any:
        for name in self.candidates[ours]:
            if row.get(name) not in (None, ""):
                return row[name]
        return None

    def _source_id(self, stated: str, values: Mapping[str, Any]) -> str:
        if stated:
            # Collections often write their own name before the id, and we write the source before it anyway.
            return stated.removeprefix(f"{self.source}:")[:500]
        content = json.dumps([values["title"], values["employer"], values["description"]], ensure_ascii=True)
        return hashlib.blake2b(content.encode("ascii"), digest_size=10).hexdigest()


def _of_ad(ad: Ad) -> dict[str, Any]:
    """What a comment's header says; a collection's own columns for it are guesses."""
    lowest, highest, currency, period = ad.salary or (None, None, None, None)
    return {
        "title": ad.title or ad.text.split("\n", maxsplit=1)[0][:200],
        "description": mask_personal(ad.text),
        "employer": ad.employer,
        "locations": ad.locations,
        "workplace": ad.workplace,
        "employment_type": ad.employment_type,
        "salary_min": lowest,
        "salary_max": highest,
        "salary_currency": currency,
        "salary_period": period,
    }


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _line(value: Any) -> str:
    """One line of plain text; a title of 100,000 characters is cut, and HTML in it is read."""
    text = _text(value)
    if "<" in text or "&" in text:
        text = html_to_text(text)
    return " ".join(clean_characters(text).split())[:1_000]


def _list(value: Any) -> Sequence[Any]:
    if isinstance(value, list | tuple):
        return value
    return () if value is None else (value,)


def _workplace(value: Any) -> str | None:
    if isinstance(value, bool) or _text(value).lower() in ("true", "false"):
        # "Not remote" says nothing about hybrid or on site.
        return "remote" if _text(value).lower() == "true" else None
    return fields.workplace_of(_text(value))


def _date(value: Any, name: str, odd: Counter[str]) -> dt.date | None:
    if isinstance(value, dt.date):
        return value.date() if isinstance(value, dt.datetime) else value
    if value in (None, ""):
        return None
    text = _text(value).strip()
    # A month alone is how collections date what they took; its first day stands for it.
    date = fields.date_of(f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else value)
    if date is None:
        odd[f"an unreadable {name}"] += 1
    return date


def _salary(record: Mapping[str, Any], odd: Counter[str]) -> dict[str, Any]:
    amounts: dict[str, Any] = {}
    for name in ("salary_min", "salary_max"):
        amounts[name] = fields.number_of(record[name])
        if amounts[name] is None and record[name] not in (None, ""):
            odd[f"an unreadable {name}"] += 1
        if not amounts[name] or amounts[name] < 0:
            amounts[name] = None  # boards write 0 where they know nothing
    if not any(amounts.values()):
        return amounts
    currency = _line(record["salary_currency"]).upper()
    return amounts | {
        "salary_currency": currency if re.fullmatch("[A-Z]{3}", currency) else None,
        "salary_period": fields.period_of(_text(record["salary_period"])),
    }
