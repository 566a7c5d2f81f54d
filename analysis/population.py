"""The postings that are counted: ML roles within the filters, one row per vacancy, as sparse postings x
skills matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd
import scipy.sparse as sp

from analysis.catalog import Catalog
from analysis.frames import Frames, day
from analysis.intervals import Array, Matrix, likeness
from analysis.openness import open_days
from analysis.options import Options
from crawler.errors import EmptyError

REQUIRED, PREFERRED = 0, 1  # places in nlp.records.LEVELS


@dataclass(frozen=True)
class Population:
    """n postings, m employers, J skills of the catalog.

    Attributes:
        postings: the columns of Frames.postings, index 0..n-1. required, preferred: n x J, 1 where the
        posting's strongest mention of the skill is required, preferred. Their
            sum is 1 where the skill is asked for at all.
        employer: employer number of each posting, 0..m-1; a posting that names no employer is one of its own.
        weight: weight of each posting (Options.weights), > 0.
        funnel: (step, postings) from all stored postings to this population.
    """

    postings: pd.DataFrame
    required: Matrix
    preferred: Matrix
    employer: Array
    weight: Array
    catalog: Catalog
    funnel: pd.DataFrame

    @cached_property
    def likeness(self) -> float:
        """How alike one employer's postings are, pooled over the skills asked for
        (analysis.intervals.likeness).
        """
        hits, sizes, _ = replace(self, weight=np.ones(len(self.weight))).by_employer(self.either)
        return likeness(hits, sizes)

    @cached_property
    def either(self) -> Matrix:
        """n x J, 1 where the skill is required or preferred."""
        return self.required + self.preferred

    @property
    def employers(self) -> int:
        """The number of employers m."""
        return int(self.employer.max()) + 1 if len(self.employer) else 0

    def by_employer(self, matrix: Matrix | Array, rows: Array | None = None) -> tuple[Matrix, Array, float]:
        """Weighted totals per employer: (employers x J, postings per employer, sum of squared weights).

        `rows` (a mask or numbers) takes a part of the postings; employers without any are left out.
        """
        matrix, employer, weight = sp.csr_matrix(matrix), self.employer, self.weight
        if rows is not None:
            matrix, employer, weight = matrix[rows], employer[rows], weight[rows]
        return totals(matrix, employer, weight)

    def reweighted(self, weight: Array) -> Population:
        """The same postings with other weights."""
        changed = replace(self, weight=weight)
        vars(changed)["likeness"] = self.likeness  # does not hang on weights
        return changed

    def take(self, rows: Array) -> Population:
        """The population of some of the postings (a mask or numbers), employers numbered anew."""
        _, employer = np.unique(self.employer[rows], return_inverse=True)
        part = Population(
            self.postings.loc[rows].reset_index(drop=True),
            self.required[rows],
            self.preferred[rows],
            employer,
            self.weight[rows],
            self.catalog,
            self.funnel,
        )
        vars(part)["likeness"] = self.likeness  # a property of employers: a small part borrows it from the whole
        return part


def totals(matrix: Matrix, employer: Array, weight: Array) -> tuple[Matrix, Array, float]:
    """What `Population.by_employer` returns, for rows that are already chosen."""
    present, codes = np.unique(employer, return_inverse=True)
    spread = sp.csr_matrix((weight, codes, np.arange(len(codes) + 1)), shape=(len(codes), len(present)))
    sizes = np.bincount(codes, weights=weight, minlength=len(present))
    hits = (spread.T @ matrix).tocsr()
    hits.eliminate_zeros()
    return hits, sizes, float(weight @ weight)


def select(frames: Frames, options: Options) -> Population:
    """The population that `options` asks for. Raises EmptyError naming the step that left no posting."""
    postings = frames.postings
    funnel: list[tuple[str, int]] = [("stored", len(postings) + frames.untagged), ("tagged", len(postings))]
    keep = postings["ml_role"].to_numpy(bool)
    funnel.append(("ML roles", int(keep.sum())))
    keep = keep & filtered(postings, options)
    funnel.append(("within the filters", int(keep.sum())))
    rows = np.flatnonzero(keep)
    if options.duplicates:
        rows = one_per_vacancy(postings, rows)
        funnel.append(("vacancies (repeats counted once)", len(rows)))
    for step, left in funnel:
        if not left:
            raise EmptyError(f"no postings to measure: 0 {step}{_advice(step)}")
    required, preferred = matrices(frames, rows)
    chosen = postings.iloc[rows].reset_index(drop=True)
    employer = employer_codes(chosen)
    return Population(
        chosen,
        required,
        preferred,
        employer,
        weights(chosen, employer, options.weights),
        frames.catalog,
        pd.DataFrame(funnel, columns=["step", "postings"]),
    )


def _advice(step: str) -> str:
    if step == "stored":
        return "; crawl or import some first"
    if step == "tagged":
        return "; run `skilldemand tag` first"
    return "; widen the filters" if "filters" in step else ""


def filtered(postings: pd.DataFrame, options: Options) -> Array:
    """A mask of the postings within the filters of `options`."""
    keep = np.ones(len(postings), bool)
    if options.since:
        keep &= (day(postings) >= pd.Timestamp(options.since)).to_numpy()
    if options.until:
        keep &= (day(postings) < pd.Timestamp(options.until) + pd.Timedelta(days=1)).to_numpy()
    for column, values in (
        ("country", options.country),
        ("seniority", options.seniority),
        ("workplace", options.workplace),
        ("source", options.source),
        ("employer_id", options.employer),
    ):
        if values:
            keep &= postings[column].isin(values).to_numpy()
    if options.track:
        keep &= postings[list(options.track)].to_numpy().any(axis=1)
    return keep


def one_per_vacancy(postings: pd.DataFrame, rows: Array) -> Array:
    """Of each vacancy the posting with the earliest day (then the smallest posting_id), whatever the order
    of rows.
    """
    part = postings.iloc[rows]
    order = pd.DataFrame({"vacancy": part["vacancy"].to_numpy(), "day": day(part).to_numpy(), "row": rows})
    repeated = order["vacancy"].duplicated(keep=False)
    some = order[repeated].assign(id=part["posting_id"].to_numpy()[repeated.to_numpy()])
    first = some.sort_values(["day", "id"]).drop_duplicates("vacancy")["row"]
    return np.sort(np.concatenate([order.loc[~repeated, "row"].to_numpy(), first.to_numpy()]))


def employer_codes(postings: pd.DataFrame) -> Array:
    """Employer numbers 0..m-1; each posting without an employer_id gets a number of its own.

    Numbers follow the ids, not the order of rows: what is drawn by chance (halves, replicates) hangs on them.
    """
    names = postings["employer_id"]
    codes = pd.factorize(names, sort=True)[0].astype(np.int64)
    unknown = np.flatnonzero((names == "").to_numpy())
    alone = np.argsort(np.argsort(postings["posting_id"].to_numpy(object)[unknown]))
    codes[unknown] = codes.max(initial=-1) + 1 + alone
    return np.unique(codes, return_inverse=True)[1].astype(np.int32)


def weights(postings: pd.DataFrame, employer: Array, kind: str) -> Array:
    """One weight per posting, see Options."""
    if kind == "employer":
        shared: Array = 1.0 / np.bincount(employer)[employer]
        return shared
    if kind == "days":
        days = open_days(postings)
        known = days[~np.isnan(days)]
        return np.where(np.isnan(days), float(np.median(known)) if len(known) else 1.0, days)
    return np.ones(len(postings))


def weighting_notes(population: Population, options: Options) -> tuple[str, ...]:
    """What a reader must know of the weights, one line each; none for one vacancy, one vote."""
    if options.weights != "days":
        return ()
    known = float((~np.isnan(open_days(population.postings))).mean())
    if not known:
        return ("weights by days change nothing here: no posting tells how long it was open",)
    return (f"weights by days: {known:.0%} of the postings tell how long they were open, the others weigh the median",)


def matrices(frames: Frames, rows: Array) -> tuple[Matrix, Matrix]:
    """(required, preferred) postings x skills matrices for the postings numbered `rows`; a skill counts
    once a posting.
    """
    place = np.full(len(frames.postings), -1, np.int32)
    place[rows] = np.arange(len(rows), dtype=np.int32)
    posting = place[frames.mentions["posting"].to_numpy()]
    skill, level = frames.mentions["skill"].to_numpy(), frames.mentions["level"].to_numpy()
    shape = (len(rows), len(frames.catalog.ids))
    required = _incidence(posting, skill, (level == REQUIRED) & (posting >= 0), shape)
    preferred = _incidence(posting, skill, (level == PREFERRED) & (posting >= 0), shape)
    preferred = preferred - preferred.multiply(required).tocsr()
    preferred.eliminate_zeros()
    return required, preferred.astype(np.int8)


def _incidence(posting: Array, skill: Array, keep: Array, shape: tuple[int, int]) -> Matrix:
    matrix = sp.coo_matrix((np.ones(int(keep.sum()), np.int32), (posting[keep], skill[keep])), shape=shape).tocsr()
    return sp.csr_matrix((np.ones(matrix.nnz, np.int8), matrix.indices, matrix.indptr), shape=shape)
