"""Which boards there are: data/boards.csv, a store's own list, and "KIND:SLUG" arguments."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from importlib.resources import files
from pathlib import Path

from crawler.errors import InputError
from crawler.policies import check_own_site, policies, policy

# One path segment or host label, nothing that could climb out of either.
_SLUG = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,119}")
_STATUSES = ("unverified", "live", "moved", "dead")


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One employer's board (or one feed) of a kind.

    `min_postings` makes a crawl that reads fewer fail for this board. `status` is "unverified" until `boards check` has
    seen it ("live", "moved", "dead"; then `checked_on` is set); `list` and `list_date` say where the entry is from.
    """

    kind: str
    slug: str
    employer: str | None = None
    min_postings: int | None = None
    checked_on: dt.date | None = None
    status: str = "unverified"
    list: str = ""
    list_date: dt.date | None = None

    @property
    def id(self) -> str:
        """ "<kind>:<slug>", the board's name everywhere."""
        return f"{self.kind}:{self.slug}"


def check_slug(slug: str) -> str:
    """The slug itself if it is safe to stand in a URL's host or path.

    Raises:
        InputError: it holds anything but letters, digits, ".", "_" and "-", or ".." (path tricks).
    """
    if not _SLUG.fullmatch(slug):
        raise InputError(f"board name {slug[:60]!r} is not usable; it may hold letters, digits, '.', '_' and '-' only")
    return slug


def read_boards(path: Path | None = None) -> list[Board]:
    """The boards of a CSV file, by default the shipped one, in its order.

    Raises:
        InputError: the file is missing or a row is wrong; names file, line and column.
    """
    if path is None:
        lines, name = (files("crawler") / "data" / "boards.csv").read_text(encoding="utf-8").splitlines(), "boards.csv"
    else:
        name = str(path)
        try:
            lines = path.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as exc:
            raise InputError(f"{name}: can't be read as a list of boards ({exc})") from exc
    reader = csv.DictReader(lines)
    missing = {"kind", "slug"} - set(reader.fieldnames or ())
    if missing:
        raise InputError(f"{name}, line 1: column {sorted(missing)[0]!r} is missing; the first line names the columns")
    boards: dict[str, Board] = {}
    for row in reader:
        try:
            board = _board(row)
        except (InputError, ValueError) as exc:
            raise InputError(f"{name}, line {reader.line_num}: {exc}") from exc
        boards.setdefault(board.id, board)
    return list(boards.values())


def _board(row: dict[str, str | None]) -> Board:
    def value(key: str) -> str:
        return (row.get(key) or "").strip()

    kind, status = value("kind"), value("status") or "unverified"
    if kind not in policies():
        raise InputError(f"kind {kind!r} is not known")
    if status not in _STATUSES:
        raise InputError(f"status {status!r} is none of {', '.join(_STATUSES)}")
    minimum = value("min_postings")
    if minimum and not minimum.isdecimal():
        raise InputError(f"min_postings {minimum!r} is no whole number")
    dates = {key: dt.date.fromisoformat(value(key)) if value(key) else None for key in ("checked_on", "list_date")}
    return Board(
        kind=kind,
        slug=check_slug(value("slug")),
        employer=value("employer") or None,
        min_postings=int(minimum) if minimum else None,
        status=status,
        list=value("list"),
        **dates,
    )


def write_boards(path: Path, boards: Iterable[Board]) -> None:
    """Write a list of boards that `read_boards` reads back the same; replaces the file in one step."""
    scratch = path.with_name(path.name + ".part")
    with scratch.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Board)], lineterminator="\n")
        writer.writeheader()
        writer.writerows({key: value if value is not None else "" for key, value in asdict(b).items()} for b in boards)
    scratch.replace(path)


def choose(
    boards: Sequence[str] | None = None, kinds: Sequence[str] | None = None, listed: Sequence[Board] | None = None
) -> list[Board]:
    """The boards of a crawl: those named as "KIND:SLUG" and the listed ones of `kinds`; with neither, all listed boards
    whose kind the policies enable and which no check found dead.

    Raises:
        InputError: a name without a colon, an unknown or forbidden kind, an unusable slug, or nothing left.
    """
    listed = read_boards() if listed is None else listed
    by_id = {board.id: board for board in listed}
    chosen: dict[str, Board] = {}
    for name in boards or ():
        kind, colon, slug = name.partition(":")
        if not colon:
            raise InputError(f"board {name!r} has no kind; write KIND:SLUG, for example greenhouse:{name}")
        policy(kind)
        board = by_id.get(name) or Board(kind=kind, slug=check_slug(slug))
        check_own_site(board.kind, board.slug)
        chosen[board.id] = board
    for kind in kinds or ():
        policy(kind)
        found = [board for board in listed if board.kind == kind and board.status != "dead"]
        if not found:
            raise InputError(f"no {kind} board is listed; name one with --board {kind}:SLUG")
        chosen.update((board.id, board) for board in found)
    if not boards and not kinds:
        chosen.update((b.id, b) for b in listed if policies()[b.kind].enabled and b.status != "dead")
    if not chosen:
        raise InputError("no board is left to crawl; name one with --board KIND:SLUG")
    return list(chosen.values())


def own_list(data: str) -> Path:
    """Where a store's own list of boards stands: in its folder, or here if the store is an object store's."""
    return Path("boards.csv") if "://" in data else Path(data) / "boards.csv"


def user_boards(data: str) -> list[Board]:
    """The boards that count for a store: its own list before the shipped one."""
    own = own_list(data)
    boards = {board.id: board for board in (read_boards(own) if own.is_file() else [])}
    for board in read_boards():
        boards.setdefault(board.id, board)
    return list(boards.values())


def add_board(
    data: str, board: Board, employer: str | None = None, min_postings: int | None = None
) -> tuple[Board, bool]:
    """Put a board into a store's own list, or change what is given about it. Returns the board and whether it is
    new."""
    own = own_list(data)
    listed = {item.id: item for item in (read_boards(own) if own.is_file() else [])}
    known = listed.get(board.id) or next((item for item in read_boards() if item.id == board.id), None)
    changed = replace(known or replace(board, list="added by hand", list_date=dt.datetime.now(dt.UTC).date()))
    changed = replace(changed, employer=employer or changed.employer, min_postings=min_postings or changed.min_postings)
    own.parent.mkdir(parents=True, exist_ok=True)
    write_boards(own, [*(item for item in listed.values() if item.id != board.id), changed])
    return changed, known is None
