"""Rules across rows: what surveyors, weights and strata should look like."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from smarthan.tables import Rows

from .workset import Codes, Workset

# Limits of the trial design, section 4, but for the travel time.
CONSTANT_PATHS = 8
DIGITS_P = 1e-4
DIGITS_LEAST = 50
TRAVEL_MINUTES = 2.0  # least time between two buildings: assumed
RESPONDING = ("complete", "partial")


def flag_constant_levels(work: Workset) -> None:
    """Flag a surveyor's levels where one technology reads the same over eight or more paths."""
    readings = work.rows["measurements"]
    frame, surveyor = readings.frame, _number_surveyors(work)
    level = frame["rssi_dbm"].to_numpy(dtype=np.float64)
    usable = np.flatnonzero(
        readings.alive & frame["rssi_status"].eq("observed").to_numpy() & np.isfinite(level) & (surveyor >= 0)
    )
    group, count = _pair(surveyor[usable], frame["technology"].cat.codes.to_numpy()[usable])
    low, high = np.full(count, np.inf), np.full(count, -np.inf)
    np.minimum.at(low, group, level[usable])
    np.maximum.at(high, group, level[usable])
    constant = usable[(low == high)[group]]
    of_group = group[(low == high)[group]]
    told = np.unique(np.stack([of_group, work.link("measurements", "path_id")[constant]]), axis=1)
    enough = np.bincount(told[0], minlength=count) >= CONSTANT_PATHS
    flagged = np.zeros(len(level), dtype=np.bool_)
    flagged[constant[enough[of_group]]] = True
    work.flag("measurements", flagged, "surveyor_constant", "rssi_dbm", "the surveyor read '{value}' dBm on every path")


def flag_last_digits(work: Workset) -> None:
    """Flag the paths of a surveyor whose distances favour some last digits."""
    paths, alive = work.rows["paths"], work.rows["measurements"].alive
    surveyor, path = _number_surveyors(work), work.link("measurements", "path_id")
    seen = alive & (surveyor >= 0) & (path >= 0)
    pair = np.unique(path[seen].astype(np.int64) * (int(surveyor.max(initial=0)) + 1) + surveyor[seen])
    path, surveyor = np.divmod(pair, int(surveyor.max(initial=0)) + 1)
    digit = _last_digits(paths)[work.keys("paths").first[path]]
    counts = np.zeros((int(surveyor.max(initial=0)) + 1, 10))
    np.add.at(counts, (surveyor[digit >= 0], digit[digit >= 0]), 1.0)
    odd = _uniform_p(counts) < DIGITS_P
    chosen = np.zeros(len(work.keys("paths").words) + 1, dtype=np.bool_)
    chosen[path[odd[surveyor] & (digit >= 0)]] = True
    work.flag(
        "paths",
        chosen[work.keys("paths").code],
        "surveyor_digits",
        "distance_m",
        "the last digits of this surveyor's distances are not even",
    )


def _number_surveyors(work: Workset) -> Codes:
    """Return the number of each reading's surveyor, -1 where it is not known."""
    visit, first = work.link("measurements", "visit_id"), work.keys("visits").first
    surveyor = work.link("visits", "surveyor_id")[first]
    return np.append(surveyor, np.int32(-1))[visit]


def _last_digits(paths: Rows) -> Codes:
    """Return the last decimal of each path's distance as delivered, -1 where it has none."""
    coded = paths.text.coded("distance_m")
    found = pc.extract_regex(pa.chunked_array(pa.array(coded.words)), r"\.[0-9]*(?P<last>[0-9])\s*$")
    digit = pc.fill_null(pc.struct_field(found, "last").cast(pa.int32()), -1).to_numpy()
    return digit if coded.codes is None else digit[coded.codes]


def _pair(first: Codes, second: npt.NDArray[np.signedinteger]) -> tuple[npt.NDArray[np.intp], int]:
    """Return one number for each different pair, and how many there are."""
    code, pairs = pd.factorize(first.astype(np.int64) * 1_000 + second)
    return code, len(pairs)


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
