"""Shares of the population by seniority, workplace and country, with the same intervals as every other
share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from analysis.options import Options
    from analysis.population import Population

WORDS: dict[str, dict[str, str]] = {
    "seniority": {
        "intern": "Intern",
        "junior": "Junior",
        "mid": "Mid-level",
        "senior": "Senior",
        "lead": "Lead",
        "manager": "Manager",
    },
    "workplace": {"onsite": "On site", "hybrid": "Hybrid", "remote": "Remote"},
}
FACETS = ("seniority", "workplace", "country")


def _word(facet: str, value: str) -> str:
    """`senior` as `Senior`, `DE` as `Germany`."""
    if facet != "country":
        return WORDS[facet].get(value, value)
    import pycountry

    found = pycountry.countries.get(alpha_2=value)
    return value if found is None else str(getattr(found, "common_name", found.name))


def shares(population: Population, options: Options, most: int = 10) -> pd.DataFrame:
    """For each facet the share of each of its values among the postings that state one.

    Columns: facet, value, label, then those of analysis.demand.FIGURE. A facet whose stated postings fall
    below the floors of `options` is left out, as are a facet's values beyond the `most` frequent.
    """
    import pandas as pd

    from analysis.demand import FIGURE, figures, flag

    parts = []
    for facet in FACETS:
        stated = (population.postings[facet] != "").to_numpy()
        if not stated.any():
            continue
        dummies = pd.get_dummies(population.postings[facet].where(stated))
        table = figures(population, dummies.to_numpy("int8"), options, stated).assign(
            facet=facet, value=dummies.columns
        )
        enough = (flag(table, options) == "") & (table["count"] >= options.min_count).to_numpy()
        enough &= (table["employers"] >= options.min_asking).to_numpy()
        parts.append(table[enough].sort_values(["share", "value"], ascending=[False, True]).head(most))
    if not parts:
        return pd.DataFrame(columns=["facet", "value", "label", *FIGURE])
    found = pd.concat(parts, ignore_index=True)
    words = [_word(facet, value) for facet, value in zip(found["facet"], found["value"], strict=True)]
    result: pd.DataFrame = found.assign(label=words)[["facet", "value", "label", *FIGURE]]
    return result
