"""The Dash application over a loaded population, and the server that answers for it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import InputError
from reports.explorer.context import Explorer

if TYPE_CHECKING:
    from dash import Dash

THREADS = 8
CONNECTIONS = 2000
"""Kept open at once; a queue of waiting requests is answered late rather than refused."""


def build(explorer: Explorer, hosts: Sequence[str] = ()) -> Dash:
    """The application; `hosts` are names to answer for beside loopback. All scripts are served from here."""
    from dash import Dash

    from reports.explorer import callbacks, compare, drill, layout, security
    from reports.explorer.downloads import routes

    folder = Path(__file__).parent / "assets"
    app = Dash(
        "skilldemand_explorer",
        assets_folder=str(folder),
        serve_locally=True,
        title="skilldemand explorer",
        update_title="",
        suppress_callback_exceptions=True,
        enable_mcp=False,
        websocket_callbacks=False,
        use_pages=False,
        pages_folder="",
        compress=False,
        add_log_handler=False,
        meta_tags=[{"name": "viewport", "content": "width=device-width, initial-scale=1"}],
    )
    app.index_string = INDEX
    app.layout = lambda: layout.shell(explorer)
    callbacks.register(app, explorer)
    drill.register(app, explorer)
    compare.register(app, explorer)
    routes(app.server, explorer)
    security.guard(app.server, hosts, app.csp_hashes())
    return app


# Dash asks for these three only when the layout has come; they are the largest files, so they start at once.
INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>{%metas%}<title>{%title%}</title>{%favicon%}{%css%}
    <link rel="preload" as="script" href="/_dash-component-suites/plotly/package_data/plotly.min.js">
    <link rel="preload" as="script" href="/_dash-component-suites/dash/dcc/async-graph.js">
    <link rel="preload" as="script" href="/_dash-component-suites/dash/dcc/async-dropdown.js">
  </head>
  <body>{%app_entry%}<footer>{%config%}{%scripts%}{%renderer%}</footer></body>
</html>"""


def serve(app: Dash, host: str, port: int) -> None:
    """Answer on host:port until interrupted. Raises InputError when the port cannot be had."""
    import waitress

    listener = listen(host, port)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = waitress.create_server(
        app.server,
        sockets=[listener],
        threads=THREADS,
        connection_limit=CONNECTIONS,
        asyncore_use_poll=True,
        ident=None,
    )
    try:
        server.run()
    finally:
        server.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; InputError in one line where there is none to be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(1024)
    except OSError as exc:
        listener.close()
        raise InputError(
            f"--port {port}: cannot listen on {host} ({exc.strerror or exc}); choose another --port"
        ) from exc
    except OverflowError as exc:
        listener.close()
        raise InputError(f"--port {port}: a port is a number from 0 to 65535") from exc
    return listener
