"""Seasons: how far each month of the year lies from its year's mean, where a line has years enough."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from analysis.intervals import Array

SEASONALITY = ["line", "kind", "id", "name", "month", "effect", "low", "high", "p_value"]
_LINE = ["line", "kind", "id", "name"]
_YEARS = 4  # fewer cannot tell a season from a trend


def seasonality(table: pd.DataFrame, names: Sequence[str] = ("headline", "track"), level: float = 0.95) -> pd.DataFrame:
    """Columns SEASONALITY: how far each month of the year lies from its year's mean, for lines of four years or more.

    A weighted regression of the monthly share on years and months of the year (weights: n_eff); effect in percentage
    points / 100, with intervals of Student's t; p_value: F test that all months are alike, one for each line and id.
    """
    monthly = table[(table["period"] == "month") & table["kind"].isin(names)]
    parts = []
    for names_of, part in monthly.groupby(_LINE):
        years, months = part["start"].str[:4], part["start"].str[5:7]
        enough = years.nunique() >= _YEARS and months.nunique() == 12 and len(part) >= years.nunique() + 23
        if enough and part["share"].std() >= 1e-9:
            found = _season(part["share"].to_numpy(), part["n_eff"].to_numpy(), years, months, level)
            parts.append(found.assign(**dict(zip(_LINE, map(str, names_of), strict=True))))
    return pd.concat(parts, ignore_index=True)[SEASONALITY] if parts else pd.DataFrame(columns=SEASONALITY)


def _season(share: Array, n_eff: Array, years: pd.Series, months: pd.Series, level: float) -> pd.DataFrame:
    """month, effect, low, high, p_value of one line: twelve effects that add up to nothing."""
    import statsmodels.api as sm

    indicators = pd.get_dummies(months).to_numpy(float)
    centred = indicators[:, :-1] - indicators[:, -1:]
    design = np.hstack([pd.get_dummies(years).to_numpy(float), centred])
    fit = sm.WLS(share, design, weights=n_eff).fit()
    k = centred.shape[1]
    test = fit.f_test(np.eye(design.shape[1])[-k:])
    spread = np.vstack([np.eye(k), -np.ones((1, k))])
    effect = spread @ fit.params[-k:]
    error = np.sqrt(np.einsum("ij,jk,ik->i", spread, fit.cov_params()[-k:, -k:], spread))
    half = stats.t.ppf(0.5 + level / 2, fit.df_resid) * error
    return pd.DataFrame(
        {
            "month": np.arange(1, 13),
            "effect": effect,
            "low": effect - half,
            "high": effect + half,
            "p_value": float(np.squeeze(test.pvalue)),
        }
    )
