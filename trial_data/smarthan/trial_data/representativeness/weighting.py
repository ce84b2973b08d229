"""What the design weights are like, and what their spread costs."""

from __future__ import annotations

import pandas as pd

from smarthan.trial_data.grouping import ALL
from smarthan.trial_data.response import RESPONDING
from smarthan.trial_data.trial import Trial


def weights_summary(trial: Trial) -> pd.DataFrame:
    """Return the design weights of the homes that answered, stratum by stratum.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    DataFrame
        One row a stratum of the frame and a last row ALL. dwellings (responding [count]), weight_sum, weight_least,
        weight_median, weight_most [premises a dwelling stands for], weight_ratio (most over least), largest_share
        (0 to 1: what one dwelling holds of the weight), kish_deff (1 or more: factor on the variance), effective_n
        [dwellings]. Missing where nobody answered.

    Notes
    -----
    weight = 1 / (p_incl_1 p_incl_2), before any adjustment for those who did not answer. kish_deff = n sum w^2 /
    (sum w)^2: the loss by unequal weights when the outcome has nothing to do with them. Clustering in buildings comes
    on top; `SurveyDesign` measures both.

    References
    ----------
    Kish, L. (1992), Weighting for unequal Pi, Journal of Official Statistics 8(2), 183-200.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> table = weights_summary(sample_trial()).set_index("stratum_id")
    >>> round(float(table.loc["SYN-S01", "kish_deff"]), 9), bool(table.loc["ALL", "kish_deff"] > 1.5)
    (1.0, True)
    """
    dwellings = trial["dwellings"]
    dwellings = dwellings[dwellings["outcome"].isin(RESPONDING)]
    weights = 1.0 / (dwellings["p_incl_1"] * dwellings["p_incl_2"])
    stratum = dwellings["building_id"].map(trial["buildings"].set_index("building_id")["stratum_id"])
    lines = [_weights_line(name, weights[stratum.eq(name)]) for name in trial["frame"]["stratum_id"]]
    table = pd.DataFrame([*lines, _weights_line(ALL, weights)])
    table.attrs = {"synthetic": trial.synthetic}
    return table


def _weights_line(stratum: str, weights: pd.Series) -> dict[str, object]:
    n, total = len(weights), float(weights.sum())
    deff = n * float((weights**2).sum()) / total**2 if n else float("nan")
    return {
        "stratum_id": stratum,
        "dwellings": n,
        "weight_sum": total,
        "weight_least": float(weights.min()),
        "weight_median": float(weights.median()),
        "weight_most": float(weights.max()),
        "weight_ratio": float(weights.max() / weights.min()),
        "largest_share": float(weights.max()) / total if n else float("nan"),
        "kish_deff": deff,
        "effective_n": n / deff,
    }
