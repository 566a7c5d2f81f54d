"""Do the intervals hold what they promise? Simulations with known truth: employers of very different sizes, known
shares.

    python benchmarks/analysis_coverage.py [replicates, 400 by default] [names of parts]

Prints coverage with its Monte Carlo error for shares (direct variance alone, and as shipped), simultaneous ranks,
corrected shares, pay effects, lifts and period changes, and the false-discovery rate of lifts and changes. 95 % (5 %)
is asked for.
"""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd

from analysis import bootstrap
from analysis.catalog import Catalog
from analysis.contrast import contrast, false_discovery
from analysis.frames import Frames, complete
from analysis.intervals import likeness, ratio
from analysis.options import Options
from analysis.pay import pay
from analysis.population import select
from analysis.powered import prediction_powered
from analysis.ranks import ranks

RHO = np.tile(np.linspace(0.05, 0.4, 6), 4)
TRUTH = np.repeat([0.003, 0.03, 0.2, 0.6], 6)


def cells(rng, employers, skew, truth=TRUTH, rho=RHO, mean=6):
    """Employers' hits (m x J) and sizes; sizes follow a power law, likeness differs from skill to skill."""
    base = (np.arange(employers) + 1.0) ** -skew
    sizes = 1 + rng.multinomial(employers * (mean - 1), base / base.sum())
    strength = (1 - rho) / rho
    taste = rng.beta(truth * strength, (1 - truth) * strength, (employers, len(truth)))
    return rng.binomial(sizes[:, None], taste).astype(float), sizes.astype(float)


def report(what, inside, number):
    share = inside / number
    print(
        f"{what:<66} {share:6.1%} +- {np.sqrt(max(share * (1 - share), 1e-4) / number):.1%}  ({number:,})", flush=True
    )


def shares(rng, times):
    for employers, skew in [(20, 0.0), (20, 0.8), (20, 1.2), (60, 0.8), (60, 1.2), (300, 0.8), (300, 1.2), (2000, 1.0)]:
        ways = ("shipped", "direct variance alone", "employers drawn anew, percentiles")
        inside = {way: np.zeros(len(TRUTH)) for way in ways}
        for k in range(times):
            hits, sizes = cells(rng, employers, skew)
            for name, rho in (("shipped", likeness(hits, sizes)), ("direct variance alone", 0.0)):
                found = ratio(hits, sizes, sizes.sum(), rho)
                inside[name] += (found.low <= TRUTH) & (found.high >= TRUTH)
            low, high = bootstrap.percentiles(bootstrap.shares(hits, sizes, 400, k))
            inside[ways[2]] += (low <= TRUTH) & (high >= TRUTH)
        for name, counts in inside.items():
            for truth in np.unique(TRUTH):
                part = counts[truth == TRUTH]
                report(f"share {truth} of {employers} employers, skew {skew}: {name}", part.sum(), times * len(part))


def rank_sets(rng, times):
    for label, truth in (
        ("distinct and tied", np.array([0.5, 0.4, 0.4, 0.3, 0.1, 0.1, 0.02, 0.02])),
        ("all tied", np.full(20, 0.2)),
    ):
        best, worst = 1 + (truth[None] > truth[:, None]).sum(axis=1), (truth[None] >= truth[:, None]).sum(axis=1)
        for employers, skew in [(30, 0.5), (100, 0.8), (1000, 0.8)]:
            inside = 0
            for k in range(times):
                hits, sizes = cells(rng, employers, skew, truth, np.full(len(truth), 0.15))
                found = ranks(hits, sizes, sizes.sum(), likeness(hits, sizes), replicates=400, seed=k)
                inside += bool((found.low <= best).all() and (found.high >= worst).all())
            report(f"all ranks together, {label}, {employers} employers", inside, times)


def corrections(rng, times):
    """A classifier that errs, and that knows three quarters of the labels by heart: only the rest corrects it."""
    for employers, labels in [(60, 20), (60, 40), (100, 120), (400, 300), (2000, 340)]:
        inside, drawn_inside, raw = 0, 0, 0
        for k in range(times):
            owner = np.repeat(np.arange(employers), 1 + rng.poisson(4, employers))
            n = len(owner)
            role = rng.random(n) < rng.beta(8, 2, employers)[owner]
            asks = role & (rng.random(n) < rng.beta(2, 2, employers)[owner])
            seen_role = role ^ (rng.random(n) < 0.08)
            seen_asks = seen_role & np.where(asks, rng.random(n) > 0.2, rng.random(n) < 0.15)
            probability = np.where(owner % 2 == 0, 1.5, 0.5) * labels / n
            chosen = np.flatnonzero(rng.random(n) < probability)
            held_out = (rng.random(employers) < 0.25)[owner]
            truth = {"role": role.astype(float), "asks": asks.astype(float)}
            seen = {"role": seen_role.astype(float), "asks": seen_asks.astype(float)}
            learnt = np.zeros(n, bool)
            learnt[chosen] = ~held_out[chosen]
            seen = {what: np.where(learnt, truth[what], seen[what]) for what in seen}
            got = prediction_powered(
                seen,
                chosen,
                {what: values[chosen] for what, values in truth.items()},
                {what: values[chosen] for what, values in seen.items()},
                probability[chosen],
                owner,
                honest=np.where(held_out[chosen], 4 / probability[chosen], 0.0),
                drawn=bootstrap.counts(employers, 400, k),
            )
            inside += got.low <= 0.5 <= got.high
            drawn_inside += got.boot_low <= 0.5 <= got.boot_high
            found = ratio(
                np.bincount(owner, seen["asks"])[:, None], np.bincount(owner, seen["role"]) + 1e-9, seen["role"].sum()
            )
            raw += found.low[0] <= 0.5 <= found.high[0]
        report(f"corrected share, {employers} employers, {labels} labels", inside, times)
        report("  with employers drawn anew, percentiles", drawn_inside, times)
        report("  the raw share's interval", raw, times)


def population(rng, employers, mean=6, skills=30, share=0.15, rho=0.15, skew=0.7):
    """Postings with independent skills, a random half as one side, pay without any effect of a skill."""
    hits, sizes = cells(rng, employers, skew, np.full(skills, share), np.full(skills, rho), mean)
    owner = np.repeat(np.arange(employers), sizes.astype(int))
    taste = hits / sizes[:, None]
    asked = rng.random((len(owner), skills)) < np.clip(taste[owner], 0, 1)
    level = rng.normal(0, 0.2, employers)[owner]
    amount = np.exp(11 + level + rng.normal(0, 0.2, len(owner)))
    table = complete(
        pd.DataFrame(
            {
                "posting_id": [f"p{i}" for i in range(len(owner))],
                "source": "s",
                "employer_id": [f"e{o}" for o in owner],
                "ml_role": True,
                "pay_min_year": amount,
                "pay_max_year": amount,
                "salary_currency": "USD",
                "first_seen": pd.Timestamp("2024-01-01"),
            }
        )
    )
    row, skill = np.nonzero(asked)
    mentions = pd.DataFrame({"posting": row.astype("int32"), "skill": skill.astype("int32"), "level": np.int8(0)})
    ids = tuple(f"skill-{i}" for i in range(skills))
    catalog = Catalog(ids, ids, ("c",) * skills, {"c": "C"}, ("",) * skills, ((),) * skills, {})
    return select(Frames(table, mentions, catalog), Options(duplicates=False)), taste, owner


def contrasts(rng, times):
    for employers in (60, 300):
        inside, total, false = 0, 0, []
        for _ in range(times):
            made, _taste, owner = population(rng, employers)
            side = rng.random(len(owner)) < 0.4  # drawn without regard to skills: every true lift is 1
            found = contrast(made, made.either, side, ~side)
            inside += int(((found.ratio_low <= 1) & (found.ratio_high >= 1)).sum())
            total += len(found.ratio)
            false.append(bool((false_discovery(found.p_value) <= 0.05).any()))
        report(f"lift of skills that have none, {employers} employers", inside, total)
        report("  tables with a false discovery (asked: at most 5 %)", sum(false), times)


def discoveries(rng, times):
    """A third of the skills really differ: of what is called different, how much does not?"""
    for employers in (100, 400):
        rates, power = [], []
        for _ in range(times):
            made, _, owner = population(rng, employers)
            side = rng.random(len(owner)) < 0.5
            dense = made.either.toarray()
            real = np.arange(dense.shape[1]) < 10
            dense[np.ix_(~side, real)] *= rng.random(((~side).sum(), 10)) < 0.4
            import scipy.sparse as sp

            found = contrast(made, sp.csr_matrix(dense), side, ~side)
            called = false_discovery(found.p_value) <= 0.05
            rates.append((called & ~real).sum() / max(called.sum(), 1))
            power.append((called & real).sum() / 10)
        print(
            f"{f'false-discovery rate, a third real, {employers} employers':<66} {np.mean(rates):6.1%} "
            f"+- {np.std(rates) / np.sqrt(times):.1%}  (found {np.mean(power):.0%} of the real ones)",
            flush=True,
        )


def pays(rng, times):
    for employers in (60, 300):
        inside = total = 0
        for _ in range(times):
            made, *_ = population(rng, employers)
            table = pay(made, Options(duplicates=False))
            table = table[table["kind"] == "skill"]
            inside += int(((table["effect_low"] <= 1) & (table["effect_high"] >= 1)).sum())
            total += len(table)
        report(f"pay effect of skills that have none, {employers} employers", inside, max(total, 1))


if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 400
    parts = {f.__name__: f for f in (shares, rank_sets, corrections, contrasts, discoveries, pays)}
    for each in sys.argv[2:] or parts:
        times = {"shares": max(number // 2, 50), "pays": max(number // 4, 40)}.get(each, number)
        parts[each](np.random.default_rng(2026), times)
