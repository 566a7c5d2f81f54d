"""Addresses that answers name, and the offsets of pages."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response


def moved(response: Response) -> str:
    """Where a board went if its answer came from another host, which is why it could not be read."""
    asked = response.meta.get("redirect_urls", [response.url])[0]
    return f"moved to {response.url[:200]}" if urlsplit(asked).netloc != urlsplit(response.url).netloc else ""


def on_same_host(address: str, response: Response) -> str:
    """An address out of an answer, absolute and of the answer's own scheme, as sitemaps of https sites often say http;
    "" if it leads to another host or is none at all."""
    own = urlsplit(response.url)
    try:
        parts = urlsplit(urljoin(response.url, address.strip()))
    except ValueError:
        return ""
    ours = parts.netloc == own.netloc and parts.scheme in {"http", "https"}
    return parts._replace(scheme=own.scheme).geturl() if ours else ""


def pages(first: int, step: int, total: int) -> Iterator[int]:
    """Offsets of the pages after the first."""
    return itertools.takewhile(lambda at: at < total, itertools.count(first, step))
