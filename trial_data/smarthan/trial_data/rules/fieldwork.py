"""Rules across rows: what surveyors, weights and strata should look like."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .workset import Workset

# Limits of the trial design, section 4, but for the travel time.
CONSTANT_PATHS = 8
DIGITS_P = 1e-4
DIGITS_LEAST = 50
TRAVEL_MINUTES = 2.0  # least time between two buildings: assumed
RESPONDING = ("complete", "partial")


def flag_constant_levels(work: Workset) -> None:
    """Flag a surveyor's levels where one technology reads the same over eight or more paths."""
    readings = work.rows["measurements"]
    frame = readings.frame.assign(surveyor=work.look_up(readings.frame["visit_id"], "visits", "surveyor_id"))
    usable = frame[
        readings.alive & frame["rssi_status"].eq("observed") & frame["rssi_dbm"].notna() & frame["surveyor"].notna()
    ]
    groups = usable.groupby(["surveyor", "technology"], observed=True, dropna=True)
    constant = groups["rssi_dbm"].transform("nunique").eq(1) & groups["path_id"].transform("nunique").ge(CONSTANT_PATHS)
    flagged = frame.index.isin(usable.index[constant])
    work.flag("measurements", flagged, "surveyor_constant", "rssi_dbm", "the surveyor read '{value}' dBm on every path")


def flag_last_digits(work: Workset) -> None:
    """Flag the paths of a surveyor whose distances favour some last digits."""
    paths, readings = work.rows["paths"], work.rows["measurements"]
    surveyor = work.look_up(readings.frame["visit_id"], "visits", "surveyor_id")
    seen = pd.DataFrame({"path": readings.frame["path_id"], "surveyor": surveyor})[readings.alive]
    seen = seen.dropna().drop_duplicates()
    digit = paths.text["distance_m"].str.strip().str.extract(r"\.[0-9]*([0-9])$")[0]
    last = pd.Series(digit.to_numpy(), index=paths.frame["path_id"]).dropna()
    last = last[~last.index.duplicated() & last.index.notna()]
    seen = seen.assign(digit=seen["path"].map(last)).dropna()
    counts = pd.crosstab(seen["surveyor"], seen["digit"]).reindex(columns=[str(n) for n in range(10)], fill_value=0)
    odd = counts.index[_uniform_p(counts.to_numpy(dtype=np.float64)) < DIGITS_P]
    chosen = paths.frame["path_id"].isin(seen.loc[seen["surveyor"].isin(odd), "path"])
    work.flag(
        "paths", chosen, "surveyor_digits", "distance_m", "the last digits of this surveyor's distances are not even"
    )


def _uniform_p(counts: np.ndarray) -> np.ndarray:
    """Return the chi-square p-value of each row of ten counts against an even spread; 1 below fifty counts."""
    from scipy.special import chdtrc

    n = counts.sum(axis=1, keepdims=True)
    expected = np.where(n > 0, n / 10, 1.0)
    statistic = ((counts - expected) ** 2 / expected).sum(axis=1)
    return np.where(n[:, 0] >= DIGITS_LEAST, chdtrc(9, statistic), 1.0)


def flag_travel(work: Workset) -> None:
    """Flag a visit that begins before its surveyor can have come from the building before."""
    visits = work.rows["visits"]
    frame = visits.frame[visits.alive].dropna(subset=["surveyor_id", "building_id", "start_utc"])
    frame = frame.sort_values(["surveyor_id", "start_utc", "visit_id"])
    before = frame.groupby("surveyor_id", observed=True, dropna=True)[["building_id", "start_utc", "end_utc"]].shift()
    left = before["end_utc"].fillna(before["start_utc"])
    gap = frame["start_utc"] - left
    hurried = (
        gap.lt(pd.Timedelta(minutes=TRAVEL_MINUTES)) & before["building_id"].ne(frame["building_id"]) & left.notna()
    )
    message = "the surveyor was in another building less than two minutes before '{value}'"
    work.flag("visits", visits.frame.index.isin(frame.index[hurried]), "surveyor_speed", "start_utc", message)


def flag_weights(work: Workset) -> None:
    """Flag dwellings of a building that give it different inclusion probabilities."""
    dwellings = work.rows["dwellings"]
    groups = dwellings.frame[dwellings.alive].groupby("building_id", observed=True, dropna=True)["p_incl_1"]
    low, high = groups.transform("min"), groups.transform("max")
    differs = (high - low).gt(1e-9 * high).reindex(dwellings.frame.index, fill_value=False)
    message = "p_incl_1 '{value}' differs among the dwellings of the building"
    work.flag("dwellings", differs, "p_incl_product", "p_incl_1", message)


def flag_strata(work: Workset) -> None:
    """Flag strata taken whole, and strata too small for a standard error. Only accepted rows count."""
    strata, buildings, dwellings = (work.rows[name] for name in ("frame", "buildings", "dwellings"))
    sampled = buildings.frame.loc[buildings.alive, ["building_id", "stratum_id"]]
    answered = dwellings.frame[dwellings.alive & dwellings.frame["outcome"].isin(RESPONDING)]["building_id"]
    drawn = sampled["stratum_id"].value_counts()
    responding = sampled[sampled["building_id"].isin(answered)]["stratum_id"].value_counts()
    stratum = strata.frame["stratum_id"]
    n = drawn.reindex(stratum, fill_value=0).set_axis(stratum.index)
    whole = n.ge(strata.frame["n_buildings"]).fillna(False)
    work.flag(
        "frame", whole, "stratum_certainty", "n_buildings", "all '{value}' buildings of the stratum are in the sample"
    )
    single = responding.reindex(stratum, fill_value=0).set_axis(stratum.index).lt(2)
    work.flag(
        "frame", single, "stratum_single_psu", "stratum_id", "fewer than 2 buildings of stratum '{value}' responded"
    )
