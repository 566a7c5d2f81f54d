"""The base of all spiders: which boards to read, one hook to read them with, and the account that is kept of each."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from scrapy import Request, Spider
from scrapy.http import Response

from crawler.boards import Board, check_slug
from crawler.errors import InputError
from crawler.harvest import BadAnswerError, BoardRun, Draft
from crawler.history import reader
from crawler.middlewares.handler import REPEATED, UNCHANGED, describe
from crawler.policies import policies, policy_note
from crawler.posting import Posting
from crawler.record import Record
from crawler.session import current
from crawler.spiders.addresses import moved

logger = logging.getLogger(__name__)

Outcome = Draft | Request
Hook = Callable[[Response, BoardRun], Iterable[Outcome]]

# Postings go to the pipeline in packs: one item each would spend more time in Scrapy than in reading.
_PACK = 200
_MAX_URL = 2_083


@dataclass(slots=True)
class Harvest:
    """Postings of one board on their way to the store; the last pack of a board is `done`."""

    run: BoardRun
    postings: list[Posting]
    done: bool = False


class BoardSpider(Spider):
    """Reads boards of one kind.

    Set:
        name: the kind, also the name of the file and, capitalised, of the class.
        base: scheme and host of the source; may hold `{slug}`.
        path: path and query of a board's first request; may hold `{slug}`.
        many_employers: whether a board holds the ads of several employers (a feed).
        ignored: fields of the source's answers that are left aside on purpose, dotted from the top ("jobs.office.id").
    Write:
        parse_board(response, run): the one hook. Yields a Draft for every ad and a Request (made with `self.ask`) for
            every further page or detail. Set `run.stated` where the source states a total, and `run.drop(reason)` for
            ads that are not to be stored.

    Guaranteed: `parse_board` sees only answers with status 200; an exception in it fails the board and not the
    crawl; every request that it yields is made or accounted for; every field of an answer taken with `answer` or
    `answers` is read, ignored or counted as unknown; a Draft's text, title, pay and places are cleaned in one place.
    """

    base: ClassVar[str]
    path: ClassVar[str] = ""
    ignored: ClassVar[frozenset[str]] = frozenset()
    accept: ClassVar[str] = "application/json"
    many_employers: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = current(self.name)
        self.runs: list[BoardRun] = []
        policy, limits = policies()[self.name], self.session.job.limits
        # What needs more is a trap: endless pages, a sitemap that names itself under new names.
        self.max_requests = int(limits.get("max_requests", policy.max_requests))
        self.board_seconds = float(limits.get("board_seconds", 3_600 * policy.max_hours))

    async def start(self) -> AsyncIterator[Any]:
        """The first requests of all boards of this kind."""
        job = self.session.job
        for board in job.boards:
            if board.kind != self.name:
                continue
            if self.session.stopping:
                return
            run = self._run(board)
            self.runs.append(run)
            try:
                check_slug(board.slug)
                requests = [self._track(request, run) for request in self.first_requests(run)]
            except (InputError, BadAnswerError, ValueError) as exc:
                run.failure = str(exc)
                yield Harvest(run, [], done=True)
                continue
            for request in requests:
                yield request

    def _run(self, board: Board) -> BoardRun:
        job, before = self.session.job, self.session.history.boards.get(board.id)
        run = BoardRun(board, self.ignored, job.everything, job.synthetic, self.many_employers)
        run.policy, run.reader, run.seconds = policy_note(self.name), reader(board, job.everything), self.board_seconds
        if before is not None:
            run.before, run.read_in = before.row, before.crawls
        return run

    def first_requests(self, run: BoardRun) -> Iterable[Request]:
        """The requests that a board starts with; by default one for `base` + `path`."""
        yield self.ask(self.url(run, self.path))

    def parse_board(self, response: Response, run: BoardRun) -> Iterable[Outcome]:
        """The one hook; see the class."""
        raise NotImplementedError

    # For hooks

    def url(self, run: BoardRun, path: str) -> str:
        """An absolute URL at the source; `{slug}` in base and path is the board's."""
        base = self.session.job.base_urls.get(self.name, self.base)
        return (base + path).replace("{slug}", run.board.slug)

    def ask(
        self, url: str, hook: Hook | None = None, *, json_body: Any = None, optional: bool = False, **meta: Any
    ) -> Request:
        """A request whose answer goes to `hook`, by default `parse_board`. With a `json_body` it is a POST. What is
        `optional` may fail without the board being incomplete. `meta` travels to the hook as `response.meta`."""
        body = None if json_body is None else json.dumps(json_body)
        headers = {"Accept": self.accept} | ({"Content-Type": "application/json"} if body else {})
        return Request(
            url,
            method="POST" if body else "GET",
            body=body,
            headers=headers,
            meta={**meta, "hook": hook or self.parse_board, "optional": optional},
            dont_filter=True,
        )

    def answer(self, response: Response) -> Record:
        """The JSON object of an answer.

        Raises:
            BadAnswerError: it is anything else.
        """
        data = self.json(response)
        if not isinstance(data, dict):
            raise BadAnswerError(f"a JSON object was promised, the answer is a {type(data).__name__}")
        return self._opened(response, Record(data))

    def answers(self, response: Response) -> list[Record]:
        """The objects of an answer that is a JSON list.

        Raises:
            BadAnswerError: it is anything else.
        """
        data = self.json(response)
        if not isinstance(data, list):
            raise BadAnswerError(f"a JSON list was promised, the answer is a {type(data).__name__}")
        return [self._opened(response, Record(item)) for item in data]

    @staticmethod
    def _opened(response: Response, record: Record) -> Record:
        response.meta.setdefault("opened", []).append(record)
        return record

    @staticmethod
    def json(response: Response) -> Any:
        """An answer's JSON.

        Raises:
            BadAnswerError: it is HTML, empty or garbage; says which.
        """
        try:
            return json.loads(response.body)
        except (ValueError, RecursionError) as exc:
            start = response.body[:200].lstrip().lower()
            if start.startswith((b"<!doctype", b"<html", b"<head", b"<body")):
                what = "HTML"
            else:
                what = "empty" if not start else "no valid JSON"
            raise BadAnswerError(f"JSON was promised, the answer is {what}") from exc

    # The account

    def _track(self, request: Request, run: BoardRun) -> Request:
        run.pending += 1
        run.asked += 1
        request.meta["run"] = run
        return request.replace(callback=self._answered, errback=self._unanswered)

    def _answered(self, response: Response, **_: Any) -> Iterator[Request | Harvest]:
        run: BoardRun = response.meta["run"]
        run.answered(unchanged=UNCHANGED in response.flags)
        pack: list[Posting] = []
        try:
            for outcome in self._outcomes(response, run):
                if isinstance(outcome, Request):
                    if self._may_ask(outcome, run):
                        yield self._track(outcome, run)
                    continue
                posting = run.keep(outcome)
                if posting is not None:
                    pack.append(posting)
                if len(pack) >= _PACK:
                    yield Harvest(run, pack)
                    pack = []
            for record in response.meta.pop("opened", ()):
                record.audit(self.ignored, run.unknown)
        except BadAnswerError as exc:
            self._failed(response.meta, run, moved(response) or str(exc))
        except Exception as exc:  # a spider's own fault must cost one board, not the crawl
            logger.exception("%s: the spider failed", run.board.id)
            self._failed(response.meta, run, f"the spider failed: {describe(exc)}")
        yield self._settled(run, pack)

    def _outcomes(self, response: Response, run: BoardRun) -> Iterable[Outcome]:
        status, first = response.status, run.asked == 1
        if REPEATED in response.flags:
            run.repeat()
            return ()
        if status == 200:
            hook: Hook = response.meta["hook"]
            return hook(response, run)
        if status in {404, 410}:
            return self.missing(response, run)
        if status in {401, 403, 451}:
            raise BadAnswerError(f"the host refuses ({status})")
        raise BadAnswerError(f"the answer has status {status}" + ("" if first else f" at {response.url[:200]}"))

    def missing(self, response: Response, run: BoardRun) -> Iterable[Outcome]:
        """What a 404 or 410 means: by default that the board is dead if it came first, and a missing piece else."""
        if run.asked == 1:
            run.dead = True
            run.failure = f"there is no such board ({response.status})"
        elif not response.meta["optional"]:
            # An ad that was taken down between the list and its page is no fault of the reading.
            run.drop("gone")
        return ()

    def _unanswered(self, failure: Any) -> Iterator[Harvest]:
        request: Request = failure.request
        run: BoardRun = request.meta["run"]
        run.unchanged = False
        run.cut |= self.session.stopping
        self._failed(request.meta, run, describe(failure.value))
        yield self._settled(run, [])

    @staticmethod
    def _failed(meta: dict[str, Any], run: BoardRun, what: str) -> None:
        if meta["optional"]:
            return
        if run.asked == 1 or not run.seen:
            run.failure = run.failure or what
        else:
            run.trouble(what)

    def _may_ask(self, request: Request, run: BoardRun) -> bool:
        if run.asked >= self.max_requests:
            what = f"stopped after {run.asked} requests"
        elif run.overdue:
            what = f"stopped after {run.seconds:.0f} s"
        elif len(request.url) > _MAX_URL:
            what = "an address was too long to be asked for"
        elif self.session.stopping:
            run.cut = True
            return False
        else:
            return True
        if what not in run.troubles:
            run.trouble(what)
        return False

    @staticmethod
    def _settled(run: BoardRun, pack: list[Posting]) -> Harvest:
        run.pending -= 1
        return Harvest(run, pack, done=run.pending == 0)
