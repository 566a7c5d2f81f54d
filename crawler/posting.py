"""`Posting`, the one record that crawling and importing produce. Field names follow schema.org JobPosting."""

import datetime as dt
import hashlib
import json
from dataclasses import dataclass

from crawler.errors import InputError

WORKPLACES = ("remote", "hybrid", "onsite")
SALARY_PERIODS = ("year", "month", "week", "day", "hour")

# What makes two versions of an ad differ. Dates of validity and addresses are left out: boards touch them in bulk
# without a word of the ad changing, and every touch would store the whole text again.
_CONTENT = (
    "title",
    "employer",
    "locations",
    "workplace",
    "employment_type",
    "salary_min",
    "salary_max",
    "salary_currency",
    "salary_period",
    "description",
)


@dataclass(slots=True, kw_only=True)
class Posting:
    """One version of one ad.

    Set `source` (the kind of board or the name of an import), `board` (the employer's board there) and
    `source_id` (the ad's id at the source, with `#n` for the n-th role of an ad that offers several); the three
    make `posting_id`. `description` is plain text with paragraphs and bullets kept as lines.

    Raises:
        InputError: an empty part of the id, a colon in source or board, or a value outside a closed list.
    """

    source: str
    board: str
    source_id: str
    title: str
    description: str
    url: str | None = None
    employer: str | None = None
    locations: tuple[str, ...] = ()
    workplace: str | None = None
    employment_type: str | None = None
    date_posted: dt.date | None = None
    valid_through: dt.date | None = None
    salary_min: float | None = None
    salary_max: float | None = None
    salary_currency: str | None = None
    salary_period: str | None = None
    synthetic: bool = False

    def __post_init__(self) -> None:
        for field in ("source", "board", "source_id"):
            if not getattr(self, field):
                raise InputError(f"a posting needs a {field}; set it or map a column to it")
        for field in ("source", "board"):
            if ":" in getattr(self, field):
                raise InputError(
                    f"{field} {getattr(self, field)!r} holds a colon; use letters, digits, '.', '_' and '-'"
                )
        if self.workplace not in (None, *WORKPLACES):
            raise InputError(f"workplace {self.workplace!r} is none of {', '.join(WORKPLACES)}")
        if self.salary_period not in (None, *SALARY_PERIODS):
            raise InputError(f"salary_period {self.salary_period!r} is none of {', '.join(SALARY_PERIODS)}")

    @property
    def posting_id(self) -> str:
        """`<source>:<board>:<source_id>`, the same in every crawl that sees the ad."""
        return f"{self.source}:{self.board}:{self.source_id}"

    @property
    def content_hash(self) -> str:
        """32 hex digits over what a reader of the ad sees; changes when the ad is rewritten."""
        content = json.dumps([getattr(self, field) for field in _CONTENT], ensure_ascii=True)
        return hashlib.blake2b(content.encode("ascii"), digest_size=16).hexdigest()
