"""Address and controls in step: assets/address.js writes the address, here it sets the controls."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from reports.explorer.context import Explorer
from reports.explorer.filters import CONTROLS, to_values

SIDES = ("a", "b")


def register(app: Dash, explorer: Explorer) -> None:
    """Tie the two. No callback of the server gives out the address, so that what it changes need not wait for one."""
    controls = [(f"{side}-{name}", "value") for side in SIDES for name in CONTROLS]

    @app.callback(
        Output("applied", "data"),
        *(Output(*one) for one in controls),
        Input("url", "search"),
        *(State(*one) for one in controls),
    )
    def apply(search: str | None, *held: Any) -> list[Any]:
        view = explorer.view(search)
        wanted = [*to_values(view.a), *to_values(view.b)]
        same = [no_update if _same(new, old) else new for new, old in zip(wanted, held, strict=True)]
        return [{"names": CONTROLS, "values": wanted}, *same]

    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("address", "write"),
        *(Input(*one) for one in controls),
        State("applied", "data"),
        prevent_initial_call=True,
    )
    for side in SIDES:
        app.clientside_callback(  # type: ignore[no-untyped-call]
            ClientsideFunction("address", f"clear{side.upper()}"),
            Input(f"{side}-clear", "n_clicks"),
            prevent_initial_call=True,
        )


def _same(new: Any, old: Any) -> bool:
    return bool(new == old) or (not new and not old)
