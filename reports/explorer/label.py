"""The page of the label queue: one posting, four questions, one key per answer."""

from __future__ import annotations

import secrets
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from crawler.errors import SkillDemandError
from reports.explorer.cards import notice
from reports.explorer.context import Explorer
from reports.explorer.desk import KEYS, Desk, Sitting, question
from reports.explorer.marked import annotated

WORDS = {"0": "0 no", "1": "1 yes, wanted", "2": "2 yes, the core", "undo": "u undo", "skip": "s skip"}
LEVELS = ("no", "wanted", "core")
STALE = "This page is older than the running explorer: load it again."


def page(explorer: Explorer) -> list[Any]:
    """The frame of the page; without a store that can be written it says so."""
    if explorer.desk is None:
        return [html.H1("Label"), notice("Labels need a store; this explorer runs without one.", "stop")]
    return [
        html.H1("Label postings"),
        html.P(
            "A batch of twenty postings: those on which the classifier was least sure when it tagged them, and a "
            "random slice of a fifth. Answer what the job asks of the person hired, not what the employer does "
            "besides. Each posting is stored with its fourth answer, under your name; a batch that you leave waits "
            "for you, here and in the terminal (skilldemand label).",
            className="hint",
        ),
        html.Div(
            className="asked",
            children=[
                html.Label("Your name", htmlFor="label-name"),
                dcc.Input(id="label-name", type="text", maxLength=40, autoComplete="off", value=""),
                html.Button("Start, or go on", id="label-start", n_clicks=0, className="quiet"),
            ],
        ),
        html.Div(id="label-message", role="status"),
        html.Div(_work(), id="label-work", hidden=True),
        dcc.Store(id="label-state"),
    ]


def _work() -> list[Any]:
    """The question with its buttons, the note, and the place of the posting."""
    buttons = [html.Button(WORDS[key], id=f"label-{key}", n_clicks=0, className="quiet") for key in KEYS]
    question = html.P("", id="label-question", className="lead", role="status")
    note = dcc.Input(id="label-note", type="text", maxLength=500, autoComplete="off", value="")
    name = html.Label("n note (optional; Enter goes back to the keys)", htmlFor="label-note")
    return [
        html.Div([question, html.Div(buttons, className="tools")], className="asking"),
        html.Div([name, note], className="asked"),
        html.Div(id="label-desk"),
    ]


def register(app: Dash, explorer: Explorer) -> None:
    """Tie the page to the desk. What is written needs the token that this explorer gave out with its layout."""

    @app.callback(
        Output("label-state", "data"),
        Output("label-message", "children"),
        Output("label-work", "hidden"),
        Output("label-question", "children"),
        Output("label-2", "disabled"),
        Output("label-note", "value"),
        Output("label-desk", "children"),
        Input("label-start", "n_clicks"),
        Input("label-name", "n_submit"),
        *(Input(f"label-{key}", "n_clicks") for key in KEYS),
        State("label-state", "data"),
        State("label-name", "value"),
        State("label-note", "value"),
        State("token", "data"),
        prevent_initial_call=True,
    )
    def step(*args: Any) -> list[Any]:
        *_, held, name, note, token = args
        desk = explorer.desk
        if desk is None or not secrets.compare_digest(str(token).encode(), explorer.token.encode()):
            return [no_update, notice(STALE, "stop"), *[no_update] * 5]
        pressed = str(ctx.triggered_id).removeprefix("label-")
        try:
            if pressed in ("start", "name"):
                sitting = desk.open(str(name or "").strip())
                if explorer.texts:
                    explorer.texts.fetch(desk.keys(sitting))
            else:
                sitting = desk.press(Sitting.of(held), pressed, note if isinstance(note, str) else None)
            return [_state(sitting), None, *_shown(explorer, desk, sitting, Sitting.of(held), note)]
        except SkillDemandError as error:
            return [no_update, notice(str(error), "stop"), *[no_update] * 5]


def _state(sitting: Sitting) -> dict[str, Any]:
    return {"labeller": sitting.labeller, "at": sitting.at, "answers": list(sitting.answers)}


def _shown(explorer: Explorer, desk: Desk, sitting: Sitting, before: Sitting, note: Any) -> list[Any]:
    """Hidden?, question, whether 2 is no answer, note, the posting (left as it is while its questions are asked)."""
    pick = desk.pick(sitting)
    if pick is None:
        return [False, "This batch is done. Start again for the next one.", True, "", []]
    _, asked, keys = question(sitting)
    given = f" So far: {', '.join(said(sitting))}." if sitting.answers else ""
    where = f"{sitting.at + 1} of {desk.size(sitting)} ({pick.chosen}): "
    same = before.labeller == sitting.labeller and before.at == sitting.at and before.answers != sitting.answers
    text = no_update if same else _posting(explorer, pick.posting_id, pick.content_hash)
    return [False, [where, html.Strong(asked), given], "2" not in keys, note if same else "", text]


def said(sitting: Sitting) -> list[str]:
    """The answers given to the posting, in words."""
    return [LEVELS[one] if place else ("no", "yes")[one > 0] for place, one in enumerate(sitting.answers)]


def _posting(explorer: Explorer, posting_id: str, content_hash: str) -> list[Any]:
    detail = explorer.texts.detail(posting_id, content_hash) if explorer.texts else None
    if detail is None:
        return [notice("The store does not hold the text of this posting; skip it.", "stop")]
    return [
        html.H2(detail.title or "(no title)", dir="auto"),
        html.P(detail.employer or "employer unknown", className="note", dir="auto"),
        *annotated(explorer.population, detail),
    ]
