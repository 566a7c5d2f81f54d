"""Who may ask, and what a page may do: Host check, same-origin check, Content-Security-Policy and its companions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from flask import Flask, Response

MOST_BYTES = 1_000_000
"""Of a request's body; the largest that the explorer itself sends is about 20 kB."""

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def policy(hashes: Sequence[str]) -> str:
    """The Content-Security-Policy: nothing from elsewhere, no inline script but Dash's own (by its hash), no frames.

    Plotly and ag-grid write style elements, so styles may be inline; downloads of pictures are data: and blob:.
    """
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {' '.join(hashes)}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def host_name(value: str) -> str:
    """The name in a Host header or an address' network part, without port; empty when it is none."""
    try:
        return (urlsplit(f"//{value}").hostname or "").rstrip(".").lower()
    except ValueError:
        return ""


def guard(server: Flask, hosts: Sequence[str], hashes: Sequence[str]) -> None:
    """Refuse requests for other hosts (DNS rebinding) and from other sites; set the headers of every answer."""
    from flask import abort, request

    allowed = {host.lower() for host in (*LOOPBACK, *hosts)}
    server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    headers = {
        "Content-Security-Policy": policy(hashes),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    }

    def check() -> None:
        if host_name(request.headers.get("Host", "")) not in allowed:
            abort(400, "This host name is not served here; start with --allow-host NAME to serve it.")
        if request.method not in ("GET", "HEAD", "OPTIONS") and not same_site(request):
            abort(403, "Requests from another site are refused.")

    def dress(response: Response) -> Response:
        response.headers.update(headers)
        if request.path.startswith("/_favicon"):  # a browser asks for it again at every change of the address
            response.headers["Cache-Control"] = "max-age=86400"
        return response

    server.before_request(check)
    server.after_request(dress)
    server.register_error_handler(Exception, answer)


def same_site(request: Any) -> bool:
    """Whether a browser says that the request comes from our own page; programs, which say nothing, pass."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("Host")


def answer(error: Exception) -> tuple[str, int, dict[str, str]]:
    """Every failure as one line of plain text: what a person sent wrong as it is, our own without its details."""
    import logging

    from werkzeug.exceptions import HTTPException

    plain = {"Content-Type": "text/plain; charset=utf-8"}
    if isinstance(error, HTTPException):
        return f"{error.code} {error.description or error.name}\n", error.code or 500, plain
    logging.getLogger(__name__).error("the explorer could not answer: %s: %s", type(error).__name__, error)
    return "400 The request cannot be answered.\n", 400, plain
