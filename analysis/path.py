"""Which skill to learn next: the order that opens the most postings to someone with given skills.

A posting is open when the person has at least k % of the skills that it requires (what a skill implies counts as had).
Any single shared skill is no measure: three skills touch nine postings of ten and cover half the skills of one in nine.

Learning a skill brings what it implies (Keras brings deep learning and Python), and costs as many efforts as it brings
new skills. The search is greedy on the gain per effort in the sum over postings of (covered / needed)^p: p = 1 brings
all postings closer, a large p finishes those that are nearly open; the p that opens the most along the way is kept. It
is a good order, not a proven best one (with a threshold the gain is not submodular). The order is found on one half of
the employers and measured on the other: no winner's luck in the figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from analysis.catalog import Catalog
from analysis.demand import FIGURE, figures
from analysis.intervals import Array, Matrix
from analysis.options import Options
from analysis.population import Population
from crawler.errors import EmptyError, InputError

_POWERS = (1.0, 2.0, 4.0, 8.0)
PATH = ["step", "skill", "name", "opens", "opens_low", "opens_high", *FIGURE]


@dataclass(frozen=True)
class LearningPath:
    """A learning path.

    have: ids of the skills given, what they imply included.
    steps: columns PATH. Step 0 is the person today; step s has learnt the skills of steps 1..s. count and share (with
        its interval): postings that are open after the step; opens: the share that the step itself adds, with its own.
    stopped: why there are no more steps.
    postings: postings with at least one required skill (the denominator of the choice).
    opened: for each step, posting_ids (at most five) that it opens.
    notes: lines that a reader must know: what the weights rest on.
    """

    have: tuple[str, ...]
    steps: pd.DataFrame
    stopped: str
    postings: int
    opened: dict[int, tuple[str, ...]]
    notes: tuple[str, ...] = ()


def read_text(path: Path) -> str:
    """A UTF-8 text file; InputError naming it where it is none."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"{path}: cannot be read as text ({exc.__class__.__name__}): give a UTF-8 text file") from exc


def read_skills(path: Path, catalog: Catalog) -> list[str]:
    """Ids of the skills in a file, one a line or comma-separated, # for comments; InputError names the line."""
    found: list[str] = []
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        for part in line.split(" #")[0].split(","):
            written = part.strip(" \t-*•")
            if written and not written.startswith("#"):
                found.append(catalog.find(written, f"{path}, line {number}"))
    if not found:
        raise InputError(f"{path}: no skill in it: write one a line, for example Python")
    return list(dict.fromkeys(found))


def skills_in(text: str, catalog: Catalog) -> list[str]:
    """Ids of the skills that a text names, a pasted CV for example; InputError when it names none."""
    from nlp.pipeline import build, mentions

    found = [mention.skill for mention in mentions(build()(text)) if mention.skill in catalog.number]
    if not found:
        raise InputError("text: names no skill of the taxonomy: give a CV, or skills with --have")
    return list(dict.fromkeys(found))


def plan(
    population: Population,
    have: Sequence[str],
    options: Options,
    *,
    cover: float = 0.6,
    steps: int = 10,
    smallest: float = 0.005,
) -> LearningPath:
    """The path from the skills `have` (ids).

    Args:
        cover: the part of a posting's required skills that opens it, in (0, 1].
        steps: how many skills at most.
        smallest: stop when a step opens a smaller share of the postings.

    Raises EmptyError when too few postings require any skill, InputError for a `cover` outside (0, 1].
    """
    if not 0 < cover <= 1:
        raise InputError(f"cover: {cover} does not lie between 0 and 1: 0.6 asks for 60 % of the required skills")
    wanted = np.asarray(population.required.sum(axis=1)).ravel() > 0
    population = population.take(np.flatnonzero(wanted))
    if len(population.postings) < options.min_postings or population.employers < options.min_employers:
        raise EmptyError(
            f"too few: {len(population.postings)} postings of {population.employers} employers require a skill, "
            f"{options.min_postings} of {options.min_employers} needed"
        )
    catalog = population.catalog
    had = _closed(catalog, np.array([catalog.number[skill] for skill in have], int))
    half = np.random.default_rng(options.seed).random(population.employers) < 0.5
    halves = half[population.employer]
    held_out = ~halves
    if halves.all() or held_out.all():  # one employer: nothing can be held out
        halves = held_out = np.ones(len(halves), bool)
    weight = population.weight[halves] / population.weight[halves].sum()
    chosen, stopped = _choose(population.required[halves], weight, catalog, had, cover, steps, smallest)
    table, opened = _measure(population, chosen, had, held_out, cover, options)
    names = tuple(catalog.ids[i] for i in np.flatnonzero(had))
    return LearningPath(names, table, stopped, len(population.postings), opened)


def _closed(catalog: Catalog, skills: Array) -> Array:
    """A mask of these skills and what they imply."""
    had = np.zeros(len(catalog.ids), bool)
    if len(skills):
        had |= np.asarray(catalog.closure[skills].sum(axis=0)).ravel() > 0
    return had


def _lacking(required: Matrix, had: Array, cover: float) -> Array:
    """How many more of its required skills each posting needs; 0 or less is open."""
    length = np.asarray(required.sum(axis=1, dtype=np.int64)).ravel()
    have = required @ had.astype(np.int64)
    # A hundredth of slack keeps 0.6 of 5 skills at 3, whatever binary fractions make of it.
    lacking: Array = np.ceil(length * cover - 1e-9).astype(np.int64) - np.asarray(have).ravel()
    return lacking


def _choose(
    required: Matrix, weight: Array, catalog: Catalog, had: Array, cover: float, steps: int, smallest: float
) -> tuple[list[int], str]:
    """The best of the greedy orders, and why it ends; the weights of the postings add up to 1."""
    orders = [_greedy(required, weight, catalog, had, cover, steps, power) for power in _POWERS]
    chosen, opens = max(orders, key=lambda order: sum(order[1]) / max(len(order[1]), 1))
    if not chosen:
        return [], "every posting is open already" if opens[0] >= 1 - 1e-9 else "no skill brings any posting closer"
    fresh = np.diff(np.array(opens, float))
    large = np.flatnonzero(fresh >= smallest)
    last = int(large[-1]) + 1 if len(large) else 1
    if last < len(chosen):
        return chosen[:last], f"no further skill opens {smallest:.1%} of the postings"
    if len(chosen) < steps:
        return chosen, "every posting is open or out of reach"
    return chosen, f"{steps} steps were asked for"


def _greedy(
    required: Matrix, weight: Array, catalog: Catalog, had: Array, cover: float, steps: int, power: float
) -> tuple[list[int], list[float]]:
    """(skill numbers, share of open postings before the first and after each)."""
    matrix, had = required.tocsc(), had.copy()
    lacking = _lacking(required, had, cover)
    needed = np.maximum(np.ceil(np.asarray(required.sum(axis=1, dtype=np.int64)).ravel() * cover - 1e-9), 1)
    chosen, opens = [], [float(weight @ (lacking <= 0))]
    for _ in range(steps):
        covered = (needed - lacking) / needed
        worth = weight * np.where(lacking > 0, (covered + 1 / needed) ** power - covered**power, 0.0)
        gain = np.where(had, 0.0, np.asarray(matrix.T @ worth).ravel())
        effort = np.maximum(catalog.closure @ (~had).astype(np.int32), 1)
        gain = np.where(had, 0.0, (catalog.closure @ gain) / effort)
        best = int(gain.argmax())
        if gain[best] <= 1e-15:
            break
        chosen.append(best)
        for skill in np.flatnonzero(_closed(catalog, np.array([best])) & ~had):
            had[skill] = True
            lacking[matrix.indices[matrix.indptr[skill] : matrix.indptr[skill + 1]]] -= 1
        opens.append(float(weight @ (lacking <= 0)))
    return chosen, opens


def _measure(
    population: Population, chosen: list[int], had: Array, held_out: Array, cover: float, options: Options
) -> tuple[pd.DataFrame, dict[int, tuple[str, ...]]]:
    catalog, rows, opened = population.catalog, [], {}
    before = _lacking(population.required, had, cover) <= 0
    states = [before]
    for skill in chosen:
        had = had | _closed(catalog, np.array([skill]))
        states.append(_lacking(population.required, had, cover) <= 0)
    part = np.flatnonzero(held_out)
    for step, state in enumerate(states):
        fresh = state & ~states[step - 1] if step else np.zeros_like(state)
        both = figures(population, np.stack([state, fresh], axis=1).astype(np.int8), options, part)
        adds = both.iloc[1]
        name = (catalog.ids[chosen[step - 1]], catalog.names[chosen[step - 1]]) if step else ("", "Today")
        rows.append(
            [
                step,
                *name,
                adds["share"],
                adds["low"] if step else 0.0,
                adds["high"] if step else 0.0,
                *both.iloc[0][FIGURE],
            ]
        )
        ids = population.postings["posting_id"].to_numpy(object)[fresh]
        opened[step] = tuple(sorted(ids)[:5])
    table = pd.DataFrame(rows, columns=PATH)
    whole = ["count", "denominator", "employers", "employers_all", "step"]
    return table.astype(dict.fromkeys(whole, "int64")), opened


def from_nothing(population: Population, options: Options) -> pd.DataFrame:
    """Columns PATH for someone without any skill, or empty where there are too few postings."""
    try:
        return plan(population, (), options).steps
    except EmptyError:
        return pd.DataFrame(columns=PATH)
