"""The board behind the address of a careers page."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from crawler.boards import Board, check_slug
from crawler.errors import InputError
from crawler.policies import check_own_site, policy

# Where careers pages of each kind live: host pattern, then the path's first part or the host's label as the slug.
_BY_PATH = {
    "boards.greenhouse.io": "greenhouse", "job-boards.greenhouse.io": "greenhouse",
    "job-boards.eu.greenhouse.io": "greenhouse", "boards.eu.greenhouse.io": "greenhouse",
    "jobs.lever.co": "lever", "jobs.eu.lever.co": "lever", "jobs.ashbyhq.com": "ashby",
    "jobs.smartrecruiters.com": "smartrecruiters", "careers.smartrecruiters.com": "smartrecruiters",
    "apply.workable.com": "workable",
}  # fmt: skip
_BY_API = {
    "boards-api.greenhouse.io": ("greenhouse", 2), "api.lever.co": ("lever", 2), "api.eu.lever.co": ("lever", 2),
    "api.ashbyhq.com": ("ashby", 2), "api.smartrecruiters.com": ("smartrecruiters", 2),
}  # fmt: skip
_BY_HOST = {
    ".recruitee.com": "recruitee", ".jobs.personio.de": "personio", ".jobs.personio.com": "personio",
    ".teamtailor.com": "teamtailor", ".bamboohr.com": "bamboohr", ".workable.com": "workable",
}  # fmt: skip
_FEEDS = {
    "news.ycombinator.com": "hackernews:whoishiring", "remoteok.com": "remoteok:all", "remotive.com": "remotive:all",
    "arbeitnow.com": "arbeitnow:all", "himalayas.app": "himalayas:all", "adzuna.com": "adzuna:all",
    "weworkremotely.com": "weworkremotely:all",
}  # fmt: skip


def recognise(url: str) -> Board:
    """The board behind a careers URL: by the provider's host, or the employer's own host as a jsonld board.

    Raises:
        InputError: no http(s) URL, a provider's URL without the employer's name in it, or a third party's job board.
    """
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
    except ValueError as exc:
        raise InputError(f"{url[:100]!r} is no URL of a careers page ({exc})") from exc
    if parts.scheme not in {"http", "https"} or "." not in host:
        raise InputError(f"{url[:100]!r} is no URL of a careers page; give one that starts with https://")
    bare = host.removeprefix("www.")
    if bare in _FEEDS:
        kind, _, slug = _FEEDS[bare].partition(":")
    else:
        kind, slug = _provider(host, [part for part in parts.path.split("/") if part], parts.query)
    if not slug:
        raise InputError(f"{url[:100]!r} belongs to {kind} but names no employer; open one job and give its address")
    policy(kind)
    check_own_site(kind, slug)
    return Board(kind=kind, slug=check_slug(slug))


def _provider(host: str, path: list[str], query: str) -> tuple[str, str]:
    if host in _BY_PATH:
        embedded = parse_qs(query).get("for", [""])[0]
        return _BY_PATH[host], embedded or (path[0] if path and path[0] != "embed" else "")
    if host in _BY_API:
        kind, position = _BY_API[host]
        return kind, path[position] if len(path) > position else ""
    for suffix, kind in _BY_HOST.items():
        if host.endswith(suffix) and host.removesuffix(suffix) not in {"", "www", "careers"}:
            return kind, host.removesuffix(suffix).split(".")[0]
    workday = re.fullmatch(r"([a-z0-9_-]+)\.(wd\d+)\.myworkdayjobs\.com", host)
    if workday:
        site = next((part for part in path if not re.fullmatch(r"[a-z]{2}-[A-Z]{2}", part)), "")
        return "workday", f"{workday[1]}.{workday[2]}.{site}" if site else ""
    return "jsonld", host
