"""The Dash application over a loaded population, and the server that answers for it."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.errors import InputError
from reports.explorer.context import Explorer

if TYPE_CHECKING:
    from dash import Dash

    from crawler.store import Store

THREADS = 8
CONNECTIONS = 2000
"""Kept open at once; a queue of waiting requests is answered late rather than refused."""


def build(explorer: Explorer, hosts: Sequence[str] = ()) -> Dash:
    """The application; `hosts` are names to answer for beside loopback. All scripts are served from here."""
    from dash import Dash
    from flask import Response

    from reports.explorer import address, bundle, callbacks, compare, drill, label, layout, learn, security, styles
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
    app.layout = layout.shell(explorer)
    address.register(app, explorer)
    callbacks.register(app, explorer)
    drill.register(app, explorer)
    compare.register(app, explorer)
    label.register(app, explorer)
    learn.register(app, explorer)
    routes(app.server, explorer)
    bundle.serve(app.server)
    app.server.add_url_rule("/theme.css", "theme", lambda: Response(styles.css(), mimetype="text/css"))
    security.guard(app.server, hosts, app.csp_hashes())
    return app


INDEX = """<!DOCTYPE html>
<html lang="en">
  <head>{%metas%}<title>{%title%}</title>{%favicon%}<link rel="stylesheet" href="/theme.css">{%css%}</head>
  <body>{%app_entry%}<div>{%config%}{%scripts%}{%renderer%}</div></body>
</html>"""


def run(store: Store, host: str, port: int, hosts: Sequence[str], say: Callable[[str], None]) -> None:
    """Load `store` and answer on host:port until interrupted; what happens is told to `say`.

    Raises:
        InputError: the port cannot be had; asked first, since loading takes a while.
        EmptyError, StoreError: there is nothing to show, or it cannot be read.
    """
    listener = listen(host, port)
    try:
        say("reading the store")
        explorer = load(store)
        app = build(explorer, (*hosts, host))
        where = f"[{host}]" if ":" in host else host
        say(f"{len(explorer.population):,} postings: http://{where}:{listener.getsockname()[1]}/ (Ctrl-C ends it)")
        serve(app, listener)
    finally:
        listener.close()


def load(store: Store) -> Explorer:
    """The explorer of a store, its first screen worked out once."""
    from analysis.load import load as read
    from reports.explorer.desk import Desk, queue_of
    from reports.explorer.load import population
    from reports.explorer.texts import Texts

    explorer = Explorer(population(read(store)), Texts(store), Desk(store, queue_of(store)))
    explorer.warm()
    return explorer


def serve(app: Dash, listener: socket.socket) -> None:
    """Answer on a listening socket until interrupted."""
    import waitress

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
