"""Who is missing: those who answered beside those who were asked, and both beside the frame."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from smarthan.trial_data.grouping import label_groups
from smarthan.trial_data.response import RESPONDING
from smarthan.trial_data.trial import Trial

# archetype and meter_class are the stratum's, as drawn: the frame knows them of those who did not answer too.
CHARACTERISTICS = ("archetype", "meter_class", "region", "storeys", "built_band")
NOT_KNOWN = "not known"
# Cut where the archetypes of flats are cut (up to 5, 6 to 10, 11 or more), houses apart.
STOREY_EDGES, STOREY_BANDS = (0, 2, 5, 10, np.inf), ("1-2", "3-5", "6-10", "11 or more")


def missing_groups(trial: Trial, *, by: Sequence[str] = CHARACTERISTICS) -> pd.DataFrame:
    """Return how far the homes that answered differ from those that were asked, group by group.

    Parameters
    ----------
    trial : Trial
        The trial.
    by : sequence of {"archetype", "meter_class", "region", "storeys", "built_band"}
        Characteristics known of every sampled building, whether or not it answered.

    Returns
    -------
    DataFrame
        One row a characteristic and group. buildings_sampled, buildings_responding, dwellings_eligible,
        dwellings_responding [counts], frame_share (of the frame's premises; missing where the frame does not tell),
        sampled_share, responding_share (0 to 1, design-weighted, of eligible dwellings), difference (responding_share
        - sampled_share), standardised_difference (of the two shares), response_rate (0 to 1, design-weighted),
        partial_r (the group's part in the R-indicator; below 0: it answers less than the rest).

    Raises
    ------
    ValueError
        When a characteristic is not one of those, or no dwelling was eligible.

    Notes
    -----
    standardised_difference = (p - q) / sqrt((p (1 - p) + q (1 - q)) / 2), free of the sample's size; beyond 0.1 it is
    commonly called an imbalance. partial_r = sqrt(share of the group) x (its response rate - the overall rate), the
    unconditional partial indicator of a category. Missing and unknown (`u`) stand together as "not known".

    References
    ----------
    Austin, P. C. (2009), doi:10.1080/03610910902859574 (standardised difference and the 0.1). Schouten, Shlomo and
    Skinner (2011), Indicators for monitoring and improving representativeness of response, Journal of Official
    Statistics 27(2), 231-253, section 3.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> table = missing_groups(sample_trial(), by=["meter_class"]).set_index("group")
    >>> bool(table.loc["meter_room_basement", "partial_r"] < 0)
    True
    """
    asked = _asked_homes(trial, by)
    lines = []
    for name in by:
        frame_shares = _frame_shares(trial, name)
        lines += [_group_line(asked, name, group, frame_shares) for group in _order_groups(asked[name])]
    table = pd.DataFrame(lines)
    table.attrs = {"synthetic": trial.synthetic}
    return table


def response_balance(trial: Trial, *, by: Sequence[str] = CHARACTERISTICS) -> pd.DataFrame:
    """Return, for each characteristic, how unevenly its groups answered: R-indicator and a test by building.

    Parameters
    ----------
    trial : Trial
        The trial.
    by : sequence of str
        As in `missing_groups`.

    Returns
    -------
    DataFrame
        One row a characteristic. groups [count], response_least, response_most (0 to 1, design-weighted), r_indicator
        (1: every group answers alike; 0: as unlike as can be), buildings [count], chi_square, df, p_value (missing for
        fewer than two groups), least_expected [count], is_usable (least_expected at least 5).

    Raises
    ------
    ValueError
        As in `missing_groups`.

    Notes
    -----
    R = 1 - 2 S, with S the design-weighted standard deviation of the response rates of this characteristic's groups:
    the response model holds this one characteristic alone. Small groups make S too large, so R is a lower bound rather
    than the truth. The chi-square counts *buildings* (a building answers when one dwelling in it does): homes in one
    building are not independent. It takes no account of the different chances of selection, and with an expected count
    below 5 it is not to be relied on.

    References
    ----------
    Schouten, Cobben and Bethlehem (2009), Indicators for the representativeness of survey response, Survey Methodology
    35(1), 101-113. Cochran, W. G. (1954), Some methods for strengthening the common chi-square tests, Biometrics 10(4),
    417-451 (least expected counts).

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> table = response_balance(sample_trial(), by=["archetype"])
    >>> int(table["buildings"].iloc[0]), bool(0 < table["r_indicator"].iloc[0] < 1)
    (159, True)
    """
    asked = _asked_homes(trial, by)
    table = pd.DataFrame([_balance_line(asked, name) for name in by])
    table.attrs = {"synthetic": trial.synthetic}
    return table


def _order_groups(cells: pd.Series) -> list[str]:
    if cells.name != "storeys":
        return label_groups(cells)
    return [band for band in (*STOREY_BANDS, NOT_KNOWN) if cells.eq(band).any()]


def _asked_homes(trial: Trial, by: Sequence[str]) -> pd.DataFrame:
    """Return one row an eligible sampled dwelling: its weight, its answer, its characteristics."""
    unknown = [name for name in by if name not in CHARACTERISTICS]
    if unknown or not by:
        raise ValueError(f"by: '{', '.join(unknown)}' is not one of {', '.join(CHARACTERISTICS)}")
    dwellings = trial["dwellings"]
    dwellings = dwellings[dwellings["outcome"].ne("ineligible")]
    if not len(dwellings):
        raise ValueError("dwellings: none was eligible; nobody could be missing")
    homes = _characterise(trial).set_index("building_id")
    asked = pd.DataFrame(
        {
            "building_id": dwellings["building_id"],
            "weight": 1.0 / (dwellings["p_incl_1"] * dwellings["p_incl_2"]),
            "answered": dwellings["outcome"].isin(RESPONDING),
        }
    )
    for name in by:
        asked[name] = asked["building_id"].map(homes[name]).fillna(NOT_KNOWN)
    return asked


def _characterise(trial: Trial) -> pd.DataFrame:
    buildings, frame = trial["buildings"], trial["frame"].set_index("stratum_id")
    band = pd.cut(buildings["storeys"].astype("float64"), STOREY_EDGES, labels=STOREY_BANDS)
    return pd.DataFrame(
        {
            "building_id": buildings["building_id"],
            "archetype": buildings["stratum_id"].map(frame["archetype"].astype("str")),
            "meter_class": buildings["stratum_id"].map(frame["meter_class"].astype("str")),
            "region": buildings["region"].astype("object"),
            "storeys": band.astype("object"),
            "built_band": buildings["built_band"].astype("object").replace("u", NOT_KNOWN),
        }
    )


def _frame_shares(trial: Trial, name: str) -> pd.Series:
    if name not in ("archetype", "meter_class"):
        return pd.Series(dtype="float64")
    frame = trial["frame"]
    premises = frame["n_premises"].astype("float64").groupby(frame[name].astype("str")).sum()
    return premises / premises.sum()


def _group_line(asked: pd.DataFrame, name: str, group: str, frame_shares: pd.Series) -> dict[str, object]:
    here = asked[name].eq(group)
    answered, weight = asked["answered"], asked["weight"]
    overall = _ratio(weight[answered].sum(), weight.sum())
    sampled = _ratio(weight[here].sum(), weight.sum())
    responding = _ratio(weight[here & answered].sum(), weight[answered].sum())
    rate = _ratio(weight[here & answered].sum(), weight[here].sum())
    spread = np.sqrt((responding * (1 - responding) + sampled * (1 - sampled)) / 2)
    return {
        "characteristic": name,
        "group": group,
        "buildings_sampled": int(asked.loc[here, "building_id"].nunique()),
        "buildings_responding": int(asked.loc[here & answered, "building_id"].nunique()),
        "dwellings_eligible": int(here.sum()),
        "dwellings_responding": int((here & answered).sum()),
        "frame_share": float(frame_shares.get(group, np.nan)),
        "sampled_share": sampled,
        "responding_share": responding,
        "difference": responding - sampled,
        "standardised_difference": _ratio(responding - sampled, spread) if responding != sampled else 0.0,
        "response_rate": rate,
        "partial_r": float(np.sqrt(sampled) * (rate - overall)),
    }


def _balance_line(asked: pd.DataFrame, name: str) -> dict[str, object]:
    weight = asked["weight"].groupby(asked[name]).sum()
    answered = (asked["weight"] * asked["answered"]).groupby(asked[name]).sum()
    rate, overall = answered / weight, answered.sum() / weight.sum()
    spread = float(np.sqrt((weight * (rate - overall) ** 2).sum() / weight.sum()))
    buildings = asked.groupby("building_id", observed=True, dropna=True).agg(
        group=(name, "first"), answered=("answered", "any")
    )
    statistic, df, p, least = _test_buildings(buildings)
    return {
        "characteristic": name,
        "groups": len(rate),
        "response_least": float(rate.min()),
        "response_most": float(rate.max()),
        "r_indicator": 1 - 2 * spread,
        "buildings": len(buildings),
        "chi_square": statistic,
        "df": df,
        "p_value": p,
        "least_expected": least,
        "is_usable": bool(least >= 5),
    }


def _test_buildings(buildings: pd.DataFrame) -> tuple[float, int, float, float]:
    """Return chi-square, degrees of freedom, p-value and least expected count of group against answered."""
    from scipy.special import chdtrc

    seen = pd.crosstab(buildings["group"], buildings["answered"]).to_numpy(dtype=np.float64)
    expected = seen.sum(axis=1, keepdims=True) * seen.sum(axis=0, keepdims=True) / seen.sum()
    df = (seen.shape[0] - 1) * (seen.shape[1] - 1)
    if df < 1:
        return float("nan"), 0, float("nan"), float(expected.min())
    statistic = float(((seen - expected) ** 2 / expected).sum())
    return statistic, df, float(chdtrc(df, statistic)), float(expected.min())


def _ratio(part: float, whole: float) -> float:
    return float(part) / float(whole) if whole else float("nan")
