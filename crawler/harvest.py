"""What is read of one board in one crawl: drafts of postings, counts, and the verdict for the manifest."""

from __future__ import annotations

import datetime as dt
import re
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crawler.boards import Board
from crawler.errors import InputError
from crawler.posting import Posting
from crawler.record import Record
from crawler.relevance import may_be_ml
from crawler.text import clean_characters, html_to_text, mask_personal

_TITLE, _ID, _URL, _PLACE, _NAME = 300, 200, 2_000, 200, 200
_PLACES = 60
_TEXT = 200_000

INTERRUPTED = "stopped by a signal"
"""How the error of a board begins that was not read to its end because the crawl was told to stop."""


@dataclass(slots=True, kw_only=True)
class Draft:
    """One ad as a spider read it; `BoardRun.keep` makes a Posting of it.

    `parts` are the sections of the text in order, HTML or plain, all of them: what stands in none is lost. `record`
    is what it was read from, where that is no part of an answer's own account (`BoardSpider.answer`).
    """

    source_id: str
    title: str
    parts: Sequence[str]
    record: Record | None = None
    url: str = ""
    employer: str = ""
    locations: Sequence[str] = ()
    workplace: str | None = None
    employment_type: str | None = None
    date_posted: dt.date | None = None
    valid_through: dt.date | None = None
    salary: tuple[float | None, float | None, str, str | None] | None = None


def flat_draft(job: Record, **names: str) -> Draft:
    """The draft of a flat record, as feeds of many employers send them: one key each for source_id, title, text, url,
    employer and place; `names` says those that are not called as most are."""
    text = {ours: job.text(names.get(ours, theirs)) for ours, theirs in _FLAT.items()}
    return Draft(
        source_id=text["source_id"],
        title=text["title"],
        parts=[text["text"]],
        url=text["url"],
        employer=text["employer"],
        locations=[text["place"]],
    )


_FLAT = {
    "source_id": "id",
    "title": "title",
    "text": "description",
    "url": "url",
    "employer": "company_name",
    "place": "location",
}


class BadAnswerError(Exception):
    """An answer that can't be read as what the source promises; the message says what it is instead."""


@dataclass(slots=True)
class BoardRun:
    """One board's account. Counts only grow; `verdict` reads them at the end.

    `before` is the manifest row of the latest crawl that read this board whole, `read_in` the ids of all that did;
    `reader` names what reads it now (`crawler.history`). `seconds` is how long the board may take from its first
    answer on. `cut` says that a signal took some of it away, `settled` that its row is written.
    """

    board: Board
    ignored: frozenset[str] = frozenset()
    everything: bool = False
    synthetic: bool = False
    many_employers: bool = False
    started_at: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.UTC))
    seconds: float = 3_600.0
    deadline: float | None = None
    pending: int = 0
    asked: int = 0
    requests: int = 0
    bytes: int = 0
    unchanged: bool = True
    stated: int | None = None
    obtained: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)
    robots: str = ""
    failure: str = ""
    dead: bool = False
    troubles: list[str] = field(default_factory=list)
    staged: int = 0
    cut: bool = False
    settled: bool = False
    policy: str | None = None
    reader: str = ""
    before: Mapping[str, Any] | None = None
    read_in: frozenset[str] = frozenset()
    all_known: bool = True
    _ids: set[str] = field(default_factory=set)

    def drop(self, reason: str, n: int = 1) -> None:
        """Count ads of the source that are not stored."""
        self.dropped[reason] += n

    def trouble(self, what: str) -> None:
        """Note that a part of the board could not be read."""
        self.troubles.append(what[:300])

    def answered(self, *, unchanged: bool) -> None:
        """Note an answer. The board's time runs from its first: before that it only waited for its turn."""
        if self.deadline is None:
            self.deadline = time.monotonic() + self.seconds
        self.unchanged &= unchanged

    @property
    def overdue(self) -> bool:
        return self.deadline is not None and time.monotonic() > self.deadline

    @property
    def repeats(self) -> bool:
        """Whether a first answer that is unchanged says all: the same reader had the whole board from one request."""
        row = self.before
        return row is not None and self.asked == 1 and row["requests"] == 1 and row["reader"] == self.reader

    def repeat(self) -> None:
        """Take over the counts of `before`."""
        assert self.before is not None
        self.stated, self.obtained = self.before["stated_total"], self.before["obtained"]
        irrelevant = self.before["not_relevant"] or 0
        self.dropped.update(not_relevant=irrelevant, other=self.before["dropped"] - irrelevant)

    @property
    def seen(self) -> int:
        """Ads that were read, kept or dropped."""
        return self.obtained + sum(self.dropped.values())

    def keep(self, draft: Draft) -> Posting | None:
        """The posting of a draft; None if it is dropped, which is counted with its reason."""
        if draft.record is not None:
            draft.record.audit(self.ignored, self.unknown)
        source_id = draft.source_id.strip()
        title = _line(draft.title, _TITLE)
        if not source_id or len(source_id) > _ID or not source_id.isprintable():
            self.drop("no_id")
            return None
        if source_id in self._ids:
            return None
        self._ids.add(source_id)
        if not title:
            self.drop("no_title")
            return None
        if not self.everything and not may_be_ml(title, "\n".join(draft.parts)[:_TEXT], self.board.kind):
            self.drop("not_relevant")
            return None
        try:
            posting = self._posting(draft, source_id, title)
        except InputError:
            self.drop("invalid")
            return None
        if not posting.description:
            # Without a text there is nothing to count skills in, and the ad would pull every share down.
            self.drop("no_text")
            return None
        self.obtained += 1
        return posting

    def _posting(self, draft: Draft, source_id: str, title: str) -> Posting:
        kind = self.board.kind
        texts = [html_to_text(part[: 2 * _TEXT], kind) for part in draft.parts if part and part.strip()]
        low, high, currency, period = _pay(draft.salary)
        places = [_line(place, _PLACE) for several in draft.locations for place in re.split(r"[;|\n]", several[:2_000])]
        # An employer's own board without a name is still one employer: its slug keeps the ads together.
        fallback = None if self.many_employers else self.board.slug
        employer = _line(draft.employer, _NAME) or self.board.employer or fallback
        return Posting(
            source=kind,
            board=self.board.slug,
            source_id=source_id,
            title=title,
            description=mask_personal("\n\n".join(text for text in texts if text)[:_TEXT]),
            url=_web(draft.url),
            employer=employer,
            locations=tuple(dict.fromkeys(place for place in places if place))[:_PLACES],
            workplace=draft.workplace,
            employment_type=draft.employment_type,
            date_posted=draft.date_posted,
            valid_through=draft.valid_through,
            salary_min=low,
            salary_max=high,
            salary_currency=currency,
            salary_period=period,
            synthetic=self.synthetic,
        )

    def verdict(self) -> tuple[str, str | None]:
        """Status and error of the manifest's row."""
        error = self.failure or "; ".join(dict.fromkeys(self.troubles))[:500] or None
        if self.dead:
            return "dead", error
        if self.failure:
            return ("partial" if self.obtained else "failed"), error
        if self.troubles:
            return "partial", error
        minimum = self.board.min_postings
        if minimum is not None and self.seen < minimum:
            return "failed", f"{self.seen} postings read, at least {minimum} expected"
        if self.stated is not None and self.seen < self.stated:
            return "partial", f"{self.seen} of {self.stated} stated postings read"
        if self.seen == 0:
            return "empty", None
        if self.unchanged and self.all_known and self.before is not None:
            return "not_modified", None
        return "ok", None


def _line(value: str, longest: int) -> str:
    return " ".join(clean_characters(value[: 4 * longest]).split())[:longest].strip()


def _web(url: str) -> str | None:
    url = clean_characters(url.strip())
    return url if url.startswith(("https://", "http://")) and len(url) <= _URL and " " not in url else None


def _pay(
    salary: tuple[float | None, float | None, str, str | None] | None,
) -> tuple[float | None, float | None, str | None, str | None]:
    """Pay as stated; zeros mean unknown, and an amount without a currency says nothing."""
    if salary is None:
        return None, None, None, None
    low, high = (amount if amount and 0 < amount < 1e9 else None for amount in salary[:2])
    currency = salary[2].strip().upper()
    if (low is None and high is None) or not (len(currency) == 3 and currency.isalpha() and currency.isascii()):
        return None, None, None, None
    if low is not None and high is not None and low > high:
        low, high = high, low
    return low, high, currency, salary[3]
