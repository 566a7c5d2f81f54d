"""Track shares corrected for the classifier's errors: prediction-powered inference from a probability sample of labels.

The share is theta with E[ml_role (any track - theta)] = 0: numerator and denominator are both unknown, and both are
estimated from people's labels, and from the predictions on every posting less those on the labelled ones:

    A = sum over labelled of a / pi + lambda (sum of a^ - sum over labelled of a^ / pi'),    M likewise,    theta = A /
    M

with m the ML role, a the ML role that asks for the track, ^ the prediction, pi the inclusion probability (Angelopoulos,
Bates, Fannjiang, Jordan, Zrnic 2023, Science 382: 669-674; lambda as in PPI++, Angelopoulos, Duchi, Zrnic 2023, arXiv
2311.01453, here chosen for the smallest variance). The variance is that of the employers' summed influences, so that an
employer's postings move together in the labelled sample and in the rest.

Predictions on labelled postings must come from models that did not see their labels. Where the labels bring
cross-fitted predictions (columns `ml_role_prediction`, `<track>_prediction`), pi' is pi. Else only the labels of the
classifier's test split stand in the last sum (column `held_out`): it is a random quarter of the employers, so pi' is a
quarter of pi for them. All labels stand in the first sum. The estimate is unbiased for every lambda; bad or few
predictions only make lambda small.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import stats

from analysis.demand import TRACK_NAMES
from analysis.frames import Frames
from analysis.intervals import Array
from analysis.options import Options
from analysis.population import employer_codes
from nlp.records import TRACKS
from nlp.tracks.splits import TEST as HELD_OUT

CORRECTED = [
    "scope",
    "value",
    "id",
    "name",
    "raw",
    "share",
    "low",
    "high",
    "labelled",
    "postings",
    "weight_of_predictions",
    "note",
]
COLUMN = {"computer_vision": "cv", "nlp": "nlp", "sequence_modeling": "seq"}
NAMES = {"any_track": "Any of the three tracks", **TRACK_NAMES}


def prediction_powered(
    predicted: Mapping[str, Array],
    labelled: Array,
    said: Mapping[str, Array],
    seen: Mapping[str, Array],
    probability: Array,
    employer: Array,
    level: float = 0.95,
    honest: Array | None = None,
) -> tuple[float, float, float, float]:
    """(theta, low, high, lambda).

    Args:
        predicted: "role" and "asks" (0 or 1, asks only where role) of all n postings.
        labelled: numbers of the L labelled postings among the n.
        said, seen: "role" and "asks" of the labelled postings by people and by the model (cross-fitted).
        probability: inclusion probability of each labelled posting, in (0, 1].
        employer: employer number of each of the n postings.
        honest: 1 / pi' of each labelled posting, 0 where the model saw its label; 1 / pi by default.
    """
    weight, m = 1 / probability, int(employer.max()) + 1
    honest = weight if honest is None else honest
    naive = float((weight * said["asks"]).sum() / max((weight * said["role"]).sum(), 1e-12))

    def influences(theta: float) -> tuple[Array, Array]:
        """Employers' sums: of the labels alone, and of what one unit of lambda adds to them."""
        truth = weight * (said["asks"] - theta * said["role"])
        model = honest * (seen["asks"] - theta * seen["role"])
        everywhere = np.bincount(employer, predicted["asks"] - theta * predicted["role"], m)
        own = employer[labelled]
        return np.bincount(own, truth, m), everywhere - np.bincount(own, model, m)

    def solve(power: float) -> tuple[float, float]:
        sums = [
            (weight * said[what]).sum() + power * (predicted[what].sum() - (honest * seen[what]).sum())
            for what in ("asks", "role")
        ]
        top, base = sums
        return float(top / max(base, 1e-12)), float(max(base, 1e-12))

    truth, model = influences(naive)
    power = float(np.clip(-(truth @ model) / max(float(model @ model), 1e-12), 0.0, 1.0))
    theta, base = solve(power)
    truth, model = influences(theta)
    employers = len(np.unique(employer[labelled]))
    variance = float(((truth + power * model) ** 2).sum()) * employers / max(employers - 1, 1) / base**2
    low, high = _interval(theta, variance, weight, employers, level)
    theta = float(np.clip(theta, 0, 1))
    return theta, min(low, theta), max(high, theta), power


def _interval(theta: float, variance: float, weight: Array, employers: int, level: float) -> tuple[float, float]:
    """On the logit scale, so that it stays inside (0, 1) and leans the right way near its ends."""
    # One posting of the sample could have been otherwise: never narrower than that many labels allow.
    effective = float(weight.sum() ** 2 / (weight @ weight))
    inside = min(max(theta, 1 / effective), 1 - 1 / effective) if effective > 2 else 0.5
    error = float(np.sqrt(variance)) if variance > 0 else float(np.sqrt(inside * (1 - inside) / effective))
    freedom = max(min(employers, effective) - 1, 1)
    half = float(stats.t.ppf(0.5 + level / 2, freedom)) * error / (inside * (1 - inside))
    middle = float(np.log(inside / (1 - inside)))
    low, high = (float(1 / (1 + np.exp(-(middle + side * half)))) for side in (-1, 1))
    return low, high


def corrected(frames: Frames, options: Options) -> pd.DataFrame:
    """Columns CORRECTED: the raw and the corrected share of any track and of each, over all sources and by source.

    labelled: labelled postings of the scope; weight_of_predictions: lambda; note says why a row has no correction (its
    share is then the raw one and its interval the whole of [0, 1]). Every stored posting of a source counts, repeats
    too: that is what the labels were drawn from. Filters other than source are left aside for the same reason. Empty
    without labelled postings that have an inclusion probability.
    """
    postings = frames.postings
    if options.source:
        postings = postings[postings["source"].isin(options.source)].reset_index(drop=True)
    labels = _usable(frames.labels, postings)
    if not len(labels):
        return pd.DataFrame(columns=CORRECTED)
    employer = employer_codes(postings)
    counts = postings["source"].iloc[labels["row"]].astype(str).value_counts()
    sources = sorted(postings["source"].unique())
    number = {str(source): int(n) for source, n in counts.items()}
    rows = [row for source in sources for row in _scope(postings, labels, employer, "source", source, number, options)]
    unlabelled = [
        s for s in sources if counts.get(s, 0) == 0 and postings.loc[postings["source"] == s, "ml_role"].any()
    ]
    note = f"refused: no sampled labels for {', '.join(unlabelled)}" if unlabelled else ""
    whole = _scope(postings, labels, employer, "all", "", {"": len(labels)}, options, note)
    return pd.DataFrame([*whole, *rows], columns=CORRECTED)


def _usable(labels: pd.DataFrame, postings: pd.DataFrame) -> pd.DataFrame:
    """Randomly drawn labels of stored postings, the latest of each, with `row`, the posting's number."""
    labels = labels[labels["inclusion_prob"].notna() & labels["ml_role"].notna()]
    labels = labels.drop_duplicates("posting_id", keep="last")
    row = pd.Series(np.arange(len(postings)), index=postings["posting_id"])
    labels = labels[labels["posting_id"].isin(row.index)]
    return labels.assign(row=labels["posting_id"].map(row).astype(int)).reset_index(drop=True)


def _scope(
    postings: pd.DataFrame,
    labels: pd.DataFrame,
    employer: Array,
    scope: str,
    value: str,
    counts: Mapping[str, int],
    options: Options,
    note: str = "",
) -> list[list[object]]:
    inside = (postings["source"] == value).to_numpy() if scope == "source" else np.ones(len(postings), bool)
    chosen = labels[inside[labels["row"].to_numpy()]]
    number = int(counts.get(value, 0))
    if not note and number < options.min_label_count:
        note = f"too few: {number} labelled postings, {options.min_label_count} needed"
    note = note or _frame(float((1 / chosen["inclusion_prob"]).sum()), int(inside.sum()), number)
    place = np.cumsum(inside) - 1
    part, codes = postings[inside], np.unique(employer[inside], return_inverse=True)[1]
    rows: list[list[object]] = []
    for name, title in NAMES.items():
        tracks = list(TRACKS) if name == "any_track" else [name]
        role = part["ml_role"].to_numpy(float)
        asks = role * part[tracks].to_numpy(bool).any(axis=1)
        raw = float(asks.sum() / role.sum()) if role.sum() else 0.0
        if note:
            rows.append([scope, value, name, title, raw, raw, 0.0, 1.0, number, len(part), 0.0, note])
            continue
        at = place[chosen["row"].to_numpy()]
        said_role = chosen["ml_role"].to_numpy(float)
        said = {
            "role": said_role,
            "asks": said_role * (chosen[[COLUMN[t] for t in tracks]].to_numpy(float) > 0).any(axis=1),
        }
        probability = chosen["inclusion_prob"].to_numpy(float)
        seen, honest = _seen(chosen, tracks, role[at], asks[at], probability)
        theta, low, high, power = prediction_powered(
            {"role": role, "asks": asks}, at, said, seen, probability, codes, options.level, honest
        )
        rows.append([scope, value, name, title, raw, theta, low, high, number, len(part), power, ""])
    return rows


def _frame(stood_for: float, postings: int, labelled: int) -> str:
    """Why labels can't speak for all postings: they were drawn from a part of them, or from others too.

    Postings that came or went since the draw are all right, and so is chance, where the draw was not by source.
    """
    factor = 1 + max(0.3, 3 / max(labelled, 1) ** 0.5)
    if max(stood_for, postings) <= factor * min(stood_for, postings):
        return ""
    return f"refused: the labels stand for {stood_for:,.0f} postings, but {postings:,} are here; draw labels from these"


def _seen(
    chosen: pd.DataFrame, tracks: list[str], role: Array, asks: Array, probability: Array
) -> tuple[dict[str, Array], Array]:
    """(predictions on the labelled postings, 1 / pi' of each)."""
    names = ["ml_role_prediction", *(f"{track}_prediction" for track in tracks)]
    if set(names) <= set(chosen.columns):
        own = chosen["ml_role_prediction"].to_numpy(float)
        return {"role": own, "asks": own * chosen[names[1:]].to_numpy(bool).any(axis=1)}, 1 / probability
    seen = {"role": role, "asks": asks}
    if "held_out" not in chosen:
        return seen, 1 / probability
    return seen, np.where(chosen["held_out"].to_numpy(bool), 1 / (HELD_OUT * probability), 0.0)
