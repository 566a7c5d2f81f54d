"""Simulations with known truth for what rests on several shares: changes, lifts, pairs, splits, seasons, pay, mixes.

    python benchmarks/analysis_truth.py [replicates, 200 by default] [names of parts]

Employers' sizes follow a power law and each has tastes of its own. Prints the coverage of the 95 % intervals and the
false-discovery rates at 5 %, each with its Monte Carlo error.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pandas as pd
import scipy.sparse as sp
from analysis_coverage import report

from analysis.catalog import Catalog
from analysis.compare import compare
from analysis.composition import split
from analysis.contrast import contrast
from analysis.frames import Frames, complete
from analysis.options import Options
from analysis.pairs import pairs
from analysis.pay import pay
from analysis.population import select
from analysis.seasonality import seasonality
from analysis.sources import standardised
from analysis.trends import FIXED_MIX, dated, trends

SKILLS = 24
PLAIN = Options(duplicates=False)


def tastes(rng, employers, share, rho=0.15):
    """employers x J: each employer's own shares, of mean `share` and intra-class correlation `rho`."""
    strength = (1 - rho) / rho
    share = np.broadcast_to(share, SKILLS)
    return rng.beta(share * strength, (1 - share) * strength, (employers, SKILLS))


def owners(rng, employers, mean=6, skew=0.7):
    base = (np.arange(employers) + 1.0) ** -skew
    return np.repeat(np.arange(employers), 1 + rng.multinomial(employers * (mean - 1), base / base.sum()))


def frames(asked, owner, **columns):
    """Frames of postings (n x J asked, employer of each) with more columns of the postings."""
    table = pd.DataFrame(
        {
            "posting_id": [f"p{i}" for i in range(len(owner))],
            "source": "s",
            "employer_id": np.char.add("e", owner.astype(str)),
            "ml_role": True,
            "date_posted": pd.Timestamp("2024-03-01"),
            "first_seen": pd.Timestamp("2024-03-01"),
            **columns,
        }
    )
    row, skill = np.nonzero(asked)
    mentions = pd.DataFrame({"posting": row.astype("int32"), "skill": skill.astype("int32"), "level": np.int8(0)})
    ids = tuple(f"skill-{i}" for i in range(SKILLS))
    catalog = Catalog(ids, ids, ("c",) * SKILLS, {"c": "C"}, ("",) * SKILLS, ((),) * SKILLS, {})
    return Frames(complete(table), mentions, catalog)


def rate(what, false, found, times):
    """Mean share of false ones among what was called, with its Monte Carlo error."""
    part = np.array(false) / np.maximum(found, 1)
    print(f"{what:<66} {part.mean():6.1%} +- {part.std() / np.sqrt(times):.1%}  ({times:,})", flush=True)


def changes(rng, times):
    """Two years of the same employers; a third of the skills change, or none."""
    for employers in (60, 300):
        for real in (0, SKILLS // 3):
            inside = total = 0
            false, called, right = [], [], []
            for _ in range(times):
                owner = owners(rng, employers)
                late = rng.random(len(owner)) < 0.5
                asked = rng.random((len(owner), SKILLS)) < tastes(rng, employers, 0.2)[owner]
                drop = np.zeros(SKILLS)
                drop[:real] = np.resize([0.6, 0.9], real)  # of those that asked, this part no longer does
                asked &= ~(late[:, None] & (rng.random(asked.shape) < drop))
                day = np.where(late, np.datetime64("2024-03-01"), np.datetime64("2023-03-01"))
                made = frames(asked, owner, date_posted=day, first_seen=day)
                table = compare(made, "2023", "2024", PLAIN)
                table = table[table["kind"] == "skill"]
                number = table["id"].str.split("-").str[1].astype(int).to_numpy()
                truth = -0.2 * drop[number]
                inside += int(((table["low"] <= truth) & (table["high"] >= truth)).sum())
                total += len(table)
                sure = (table["verdict"] != "no clear change").to_numpy()
                false.append(int((sure & (number >= real)).sum()))
                called.append(int(sure.sum()))
                right.append(int((sure & (number < real)).sum()))
            report(f"change between periods, {employers} employers, {real} of {SKILLS} real", inside, total)
            rate(f"  compare: false discoveries (found {np.sum(right)} of {real * times})", false, called, times)


def lifts(rng, times):
    """Skills that are asked for 1 to 3 times as often inside a track as outside."""
    for employers in (60, 300):
        inside = total = 0
        ratio = np.resize([1.0, 1.5, 3.0], SKILLS)
        for _ in range(times):
            owner = owners(rng, employers)
            side = rng.random(len(owner)) < 0.4
            asked = rng.random((len(owner), SKILLS)) < tastes(rng, employers, 0.25)[owner]
            asked &= side[:, None] | (rng.random(asked.shape) < 1 / ratio)
            made = select(frames(asked, owner), PLAIN)
            found = contrast(made, made.either, side, ~side)
            inside += int(((found.ratio_low <= ratio) & (found.ratio_high >= ratio)).sum())
            total += SKILLS
        report(f"lift of 1, 1.5 and 3, {employers} employers", inside, total)


def company(rng, times):
    """Pairs: none, or each second skill wanted together with the one before it."""
    for employers in (60, 300):
        for real in (0, SKILLS // 4):
            false, called, right = [], [], []
            for _ in range(times):
                owner = owners(rng, employers, skew=0.9)
                asked = rng.random((len(owner), SKILLS)) < tastes(rng, employers, 0.15)[owner]
                for k in range(real):
                    asked[:, 2 * k + 1] |= asked[:, 2 * k] & (rng.random(len(owner)) < 0.35)
                table = pairs(select(frames(asked, owner), PLAIN), replace(PLAIN, fdr=0.05))[0]
                a, b = (table[c].str.split("-").str[1].astype(int).to_numpy() for c in ("a", "b"))
                first, second = np.minimum(a, b), np.maximum(a, b)
                true = (second == first + 1) & (first % 2 == 0) & (first < 2 * real)
                false.append(int((~true).sum()))
                called.append(len(table))
                right.append(int(true.sum()))
            rate(f"pairs, {employers} employers: false (found {np.sum(right)} of {real * times})", false, called, times)


def pair_intervals(rng, times):
    """The interval of a pair's lift, around its value in a very large population of the same kind."""
    from analysis.pairs import _expected

    def lift(owner, asked):
        matrix = sp.csr_matrix(asked.astype(float))
        expected = _expected(matrix, np.ones(len(owner)))[0]
        return float((asked[:, 0] & asked[:, 1]).sum()) / expected[0, 1]

    def world(employers):
        owner = owners(rng, employers)
        asked = rng.random((len(owner), SKILLS)) < tastes(rng, employers, 0.2)[owner]
        asked[:, 1] |= asked[:, 0] & (rng.random(len(owner)) < 0.4)
        return owner, asked

    owner, asked = world(60_000)
    truth = lift(owner, asked)
    for employers in (60, 300):
        inside = total = 0
        for _ in range(times):
            owner, asked = world(employers)
            table = pairs(select(frames(asked, owner), PLAIN), replace(PLAIN, fdr=0.999))[0]
            row = table[table["a"].isin(["skill-0", "skill-1"]) & table["b"].isin(["skill-0", "skill-1"])]
            if len(row):
                inside += bool(row["low"].iloc[0] <= truth <= row["high"].iloc[0])
                total += 1
        report(f"lift of a pair ({truth:.2f}), {employers} employers", inside, total)


def splits(rng, times):
    """Change, within and between: the mix of three levels moves, or the shares in them, or neither."""
    mixes = {"neither moves": (0, 0), "the mix moves": (0.2, 0), "shares move": (0, 0.15), "both": (0.2, 0.15)}
    for employers in (60, 300):
        for label, (mix, move) in mixes.items():
            counts, total = np.zeros(3), 0
            for _ in range(times):
                owner = owners(rng, employers)
                late = rng.random(len(owner)) < 0.5
                part = np.stack([np.array([0.4, 0.4, 0.2]), np.array([0.4 - mix, 0.4, 0.2 + mix])])
                level = (rng.random(len(owner))[:, None] > part.cumsum(axis=1)[late.astype(int)]).sum(axis=1)
                level = np.minimum(level, 2)
                own = np.stack([np.array([0.2, 0.3, 0.5]), np.array([0.2, 0.3, 0.5]) + move])
                base = tastes(rng, employers, 0.5)[owner]  # tastes shift a posting's share up or down by a fifth
                asked = rng.random(base.shape) < np.clip(
                    own[late.astype(int), level][:, None] + 0.4 * (base - 0.5), 0, 1
                )
                made = select(frames(asked, owner), PLAIN)
                found = split(made, made.either, level.astype(str), np.flatnonzero(~late), np.flatnonzero(late))
                within = float(part.mean(axis=0) @ (own[1] - own[0]))
                change = float(part[1] @ own[1] - part[0] @ own[0])
                truth = np.array([change, within, change - within])[:, None]
                counts += ((found.low <= truth) & (found.high >= truth)).sum(axis=1)
                total += SKILLS
            for name, count in zip(("change", "within", "between"), counts, strict=True):
                report(f"split, {label}, {employers} employers: {name}", count, total)


def seasons(rng, times):
    """Five years of months with a wave; postings and tastes as ever."""
    for employers in (200, 800):
        inside = total = 0
        for _ in range(times):
            owner = owners(rng, employers, mean=15)
            month = rng.integers(0, 60, len(owner))
            wave = 0.08 * np.sin(2 * np.pi * (month % 12 + 1) / 12)
            taste = tastes(rng, employers, 0.4)[owner, 0]
            asks = rng.random(len(owner)) < np.clip(taste + wave, 0, 1)
            day = (np.datetime64("2019-01") + month).astype("datetime64[M]").astype("datetime64[D]")
            made = frames(np.zeros((len(owner), 1)), owner, date_posted=day, first_seen=day, nlp=asks)
            population = dated(made, PLAIN)
            table = seasonality(trends(population, replace(PLAIN, trend_skills=1)), ("track",))
            table = table[table["id"] == "nlp"]
            truth = 0.08 * np.sin(2 * np.pi * table["month"] / 12)
            inside += int(((table["low"] <= truth) & (table["high"] >= truth)).sum())
            total += len(table)
        report(f"season of a month, {employers} employers", inside, max(total, 1))


def medians(rng, times):
    for employers in (20, 60, 300):
        inside = 0
        for _ in range(times):
            owner = owners(rng, employers)
            amount = np.exp(11 + rng.normal(0, 0.2, employers)[owner] + rng.normal(0, 0.2, len(owner)))
            columns = {"pay_min_year": amount, "pay_max_year": amount, "salary_currency": "USD"}
            made = frames(rng.random((len(owner), SKILLS)) < 0.3, owner, **columns)
            row = pay(select(made, PLAIN), PLAIN).iloc[0]
            inside += bool(row["median_low"] <= np.exp(11) <= row["median_high"])
        report(f"median pay, {employers} employers", inside, times)


def effects(rng, times):
    """A skill that brings a tenth more pay, and what `pay` calls real among skills that bring nothing."""
    for employers in (60, 300):
        inside = total = 0
        false, called = [], []
        for _ in range(times):
            owner = owners(rng, employers)
            asked = rng.random((len(owner), SKILLS)) < tastes(rng, employers, 0.3)[owner]
            amount = np.exp(
                11 + rng.normal(0, 0.2, employers)[owner] + rng.normal(0, 0.2, len(owner)) + 0.1 * asked[:, 0]
            )
            columns = {"pay_min_year": amount, "pay_max_year": amount, "salary_currency": "USD"}
            table = pay(select(frames(asked, owner, **columns), PLAIN), PLAIN)
            table = table[table["kind"] == "skill"]
            truth = np.where(table["id"] == "skill-0", np.exp(0.1), 1.0)
            inside += int(((table["effect_low"] <= truth) & (table["effect_high"] >= truth)).sum())
            total += len(table)
            sure = (table["q_value"] <= 0.05).to_numpy()
            false.append(int((sure & (truth == 1)).sum()))
            called.append(int(sure.sum()))
        report(f"pay effect, {employers} employers", inside, total)
        rate("  pay: false discoveries, one skill of 24 real", false, called, times)


def mixes(rng, times):
    """Three sources of different shares at equal weight: the standardised share, and the fixed mix of the trend."""
    for employers in (60, 300):
        inside = fixed = total = 0
        for _ in range(times):
            owner = owners(rng, employers)
            place = owner % 3
            share = np.array([0.2, 0.4, 0.7])[place]
            taste = 0.4 * (tastes(rng, employers, 0.5)[owner, 0] - 0.5)
            asks = rng.random(len(owner)) < np.clip(share + taste, 0, 1)
            late = rng.random(len(owner)) < 0.5
            day = np.where(late, np.datetime64("2024-03-01"), np.datetime64("2023-03-01"))
            source = np.array(["a", "b", "c"])[place]
            made = frames(np.zeros((len(owner), 1)), owner, source=source, nlp=asks, date_posted=day, first_seen=day)
            few = replace(PLAIN, min_employers=10, min_postings=10)
            table = standardised(select(made, few), few)
            row = table[(table["by"] == "source") & (table["id"] == "nlp")].iloc[0]
            truth = np.array([0.2, 0.4, 0.7]).mean()
            inside += bool(row["low"] <= truth <= row["high"])
            lines = trends(dated(made, few), replace(few, trend_skills=1))
            line = lines[(lines["line"] == FIXED_MIX) & (lines["id"] == "nlp") & (lines["period"] == "year")]
            weight = np.bincount(place) / len(place)
            truth = float(weight @ [0.2, 0.4, 0.7])
            fixed += int(((line["low"] <= truth) & (line["high"] >= truth)).sum())
            total += len(line)
        report(f"standardised share, three sources, {employers} employers", inside, times)
        report(f"trend at a fixed mix, three sources, {employers} employers", fixed, max(total, 1))


PARTS = {f.__name__: f for f in (changes, lifts, company, pair_intervals, splits, seasons, medians, effects, mixes)}

if __name__ == "__main__":
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    for name in sys.argv[2:] or PARTS:
        PARTS[name](np.random.default_rng(2026), number)
