"""What the sampling frame covers: of the stock, and how much of it the sample and the answers reach."""

from __future__ import annotations

import numpy as np
import pandas as pd

from smarthan.trial_data.grouping import ALL, label_groups
from smarthan.trial_data.response import RESPONDING
from smarthan.trial_data.trial import Trial


def frame_coverage(trial: Trial) -> pd.DataFrame:
    """Return, stratum by stratum, what the sampling frame holds and how much of it was drawn and answered.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    DataFrame
        One row a stratum of the frame and a last row ALL. archetype, meter_class, buildings_frame, premises_frame
        [counts], premises_frame_share (0 to 1, of all premises of the frame), buildings_sampled, buildings_responding
        [counts], sampled_share (0 to 1, of the frame's buildings), archetype_differs (sampled buildings found to be of
        another archetype than their stratum's [count]), archetype_differs_share (0 to 1), premises_weighted (sum of
        the design weights of the sampled dwellings, the ineligible among them), weighted_ratio (of premises_frame:
        1 in expectation), gap {"", "no building sampled", "no building responded"}.

    Notes
    -----
    A weighted_ratio far from 1 says that weights and frame are not of one design. Rows in quarantine count nowhere.

    References
    ----------
    Sarndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992, section 2.8 (the estimated population size).

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> table = frame_coverage(sample_trial())
    >>> int(table["buildings_sampled"].iloc[-1]), table["gap"].unique().tolist()
    (160, [''])
    """
    frame = trial["frame"].reset_index(drop=True)
    stratum = frame["stratum_id"]
    buildings, dwellings = _judged_buildings(trial), trial["dwellings"]
    counts = buildings.groupby("stratum_id", observed=True, dropna=True)[["one", "answered", "differs"]].sum()
    weights = (1.0 / (dwellings["p_incl_1"] * dwellings["p_incl_2"])).groupby(
        dwellings["building_id"].map(buildings.set_index("building_id")["stratum_id"])
    )
    table = pd.DataFrame(
        {
            "stratum_id": stratum,
            "archetype": frame["archetype"].astype("str"),
            "meter_class": frame["meter_class"].astype("str"),
            "buildings_frame": frame["n_buildings"].astype("int64"),
            "premises_frame": frame["n_premises"].astype("int64"),
            "buildings_sampled": _of(counts["one"], stratum).astype("int64"),
            "buildings_responding": _of(counts["answered"], stratum).astype("int64"),
            "archetype_differs": _of(counts["differs"], stratum).astype("int64"),
            "premises_weighted": _of(weights.sum(), stratum),
        }
    )
    table = pd.concat([table, _total(table)], ignore_index=True)
    table["premises_frame_share"] = table["premises_frame"] / table["premises_frame"].iloc[-1]
    table["sampled_share"] = table["buildings_sampled"] / table["buildings_frame"]
    table["archetype_differs_share"] = table["archetype_differs"] / table["buildings_sampled"].where(
        table["buildings_sampled"].gt(0)
    )
    table["weighted_ratio"] = table["premises_weighted"] / table["premises_frame"]
    table["gap"] = np.select(
        [table["buildings_sampled"].eq(0), table["buildings_responding"].eq(0)],
        ["no building sampled", "no building responded"],
        "",
    )
    return _mark(table, trial)


def stock_coverage(trial: Trial, stock: pd.DataFrame) -> pd.DataFrame:
    """Return, archetype by archetype, what the frame holds beside what the stock holds.

    Parameters
    ----------
    trial : Trial
        The trial.
    stock : DataFrame
        archetype, premises; `smarthan.analysis.housing_stock()` gives one.

    Returns
    -------
    DataFrame
        One row an archetype of stock or frame and a last row ALL. premises_stock, premises_frame [counts],
        stock_share, frame_share (0 to 1, of their own sums), difference (frame_share - stock_share), strata [count],
        gap {"", "not in the frame", "not in the stock"}. Shares differ from counts in this: a frame may list a part of
        the country, and then no count can match.

    Raises
    ------
    ValueError
        When the stock lacks a column or holds no premises.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> stock = pd.DataFrame({"archetype": ["detached", "mixed_use"], "premises": [900, 100]})
    >>> table = stock_coverage(sample_trial(), stock).set_index("archetype")
    >>> float(table.loc["mixed_use", "stock_share"]), str(table.loc["mixed_use", "gap"])
    (0.1, 'not in the frame')
    """
    absent = [name for name in ("archetype", "premises") if name not in stock]
    if absent:
        raise ValueError(f"stock: it has no column {', '.join(absent)}; needed are archetype and premises")
    if not float(stock["premises"].sum()) > 0:
        raise ValueError("stock: it holds no premises")
    frame = trial["frame"]
    kind = frame["archetype"].astype("str").rename("archetype")
    held = frame["n_premises"].astype("float64").groupby(kind).sum()
    there = stock["premises"].astype("float64").groupby(stock["archetype"].astype("str")).sum()
    names = pd.Series(label_groups(pd.Series([*held.index, *there.index], name="archetype")), dtype="str")
    table = pd.DataFrame(
        {
            "archetype": names,
            "premises_stock": _of(there, names),
            "premises_frame": _of(held, names),
            "strata": _of(kind.value_counts(), names).astype("int64"),
        }
    )
    total = table[["premises_stock", "premises_frame", "strata"]].sum().to_frame().T.assign(archetype=ALL)
    table = pd.concat([table, total.astype({"strata": "int64"})], ignore_index=True)
    table["stock_share"] = table["premises_stock"] / table["premises_stock"].iloc[-1]
    table["frame_share"] = table["premises_frame"] / table["premises_frame"].iloc[-1]
    table["difference"] = table["frame_share"] - table["stock_share"]
    table["gap"] = np.select(
        [table["premises_frame"].eq(0), table["premises_stock"].eq(0)], ["not in the frame", "not in the stock"], ""
    )
    return _mark(table, trial)


def _judged_buildings(trial: Trial) -> pd.DataFrame:
    """Return one row a sampled building: whether it answered, and whether its archetype is not its stratum's."""
    buildings, dwellings, frame = trial["buildings"], trial["dwellings"], trial["frame"].set_index("stratum_id")
    answered = dwellings.loc[dwellings["outcome"].isin(RESPONDING), "building_id"]
    drawn_as = buildings["stratum_id"].map(frame["archetype"].astype("str"))
    return pd.DataFrame(
        {
            "building_id": buildings["building_id"],
            "stratum_id": buildings["stratum_id"],
            "one": 1,
            "answered": buildings["building_id"].isin(answered).astype("int64"),
            "differs": buildings["archetype"].astype("str").ne(drawn_as).astype("int64"),
        }
    )


def _of(values: pd.Series, names: pd.Series) -> pd.Series:
    """Return the value of each name, 0 where there is none."""
    return values.reindex(names).fillna(0.0).set_axis(names.index).astype("float64")


def _total(table: pd.DataFrame) -> pd.DataFrame:
    counts = table.select_dtypes("number").sum().to_frame().T.astype(table.select_dtypes("number").dtypes)
    return counts.assign(stratum_id=ALL, archetype=ALL, meter_class=ALL)[table.columns]


def _mark(table: pd.DataFrame, trial: Trial) -> pd.DataFrame:
    table.attrs = {"synthetic": trial.synthetic}
    return table
