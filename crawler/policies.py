"""What each source allows: data/policies.toml, enforced by the crawler and printed in reports."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib.resources import files

from crawler.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One source's terms. `delay` is in seconds between two requests to one host; `max_calls_per_day` counts
    requests of all crawls of a day; `max_requests` and `max_hours` end one board in one crawl, whatever it
    offers; a kind that is not `enabled` is crawled only when it is named; a `forbidden` one never."""

    kind: str
    attribution: str
    terms: str
    use: str
    basis: str
    delay: float
    enabled: bool
    forbidden: bool = False
    max_calls_per_day: int | None = None
    max_requests: int = 5_000
    max_hours: float = 1.0


@functools.cache
def policies() -> dict[str, Policy]:
    """All policies by kind of board, in the file's order."""
    text = (files("crawler") / "data" / "policies.toml").read_text(encoding="utf-8")
    return {kind: Policy(kind=kind, **table) for kind, table in tomllib.loads(text).items()}


def policy(kind: str) -> Policy:
    """The policy of a kind.

    Raises:
        InputError: there is none, so the kind must not be crawled, or its terms forbid this use.
    """
    found = policies().get(kind)
    if found is None:
        known = ", ".join(name for name, item in policies().items() if not item.forbidden)
        raise InputError(f"{kind!r} is no kind of board; known are {known}")
    if found.forbidden:
        raise InputError(f"{kind} is not crawled: {found.use} See {found.terms}")
    return found


def policy_note(kind: str) -> str:
    """A kind's policy in the words of the manifest."""
    found = policies().get(kind)
    if found is None:
        return "none"
    calls = f", at most {found.max_calls_per_day} calls a day" if found.max_calls_per_day else ""
    return f"{found.delay:g} s between requests{calls}; {found.attribution}"


def check_own_site(kind: str, host: str) -> None:
    """Refuse a third party's job board (data/others.toml) in the guise of an employer's career site.

    Raises:
        InputError: that is what it is.
    """
    if kind != "jsonld" or host.startswith("careers."):
        return
    labels = host.lower().split(".")
    others = {".".join(labels[at:]) for at in range(len(labels))} & _others()
    if others:
        raise InputError(f"{min(others)} is not an employer's own site: give the address of its careers page instead")


@functools.cache
def _others() -> frozenset[str]:
    text = (files("crawler") / "data" / "others.toml").read_text(encoding="utf-8")
    return frozenset(tomllib.loads(text)["hosts"])
