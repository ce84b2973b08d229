"""The prediction held against what installers found: how often a covered home turned out to have no WAN."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from smarthan.coverage.releases.columns import NO_REGION
from smarthan.intervals import cluster_interval

if TYPE_CHECKING:
    from smarthan.coverage.matrix import CoverageMatrix

CONTRADICTORY = "CHF Install - no SM WAN"
GROUPS = ("likelihood", "region_family", "generation", "premise_type", "location")
_OBSTRUCTIONS = ("metal_obstruction", "connectivity_obstruction", "shared_obstruction")


@dataclass(frozen=True)
class Accuracy:
    """How a release's predictions fared.

    Attributes
    ----------
    table : DataFrame
        prediction (COVERED or NOT COVERED), by (all, without obstructions, likelihood, region_family, generation,
        premise_type, location), group, n (premises), failures, failure_rate, low, high (0 to 1), method, clusters,
        reason. For COVERED the failure rate is the inaccurate prediction rate.
    set_aside : DataFrame
        reason, installs: reports that were counted and not used.
    order_kept : bool
        Whether success falls from High to Medium to Low, as the words promise.
    """

    table: pd.DataFrame
    set_aside: pd.DataFrame
    order_kept: bool


def accuracy(matrix: CoverageMatrix, installs: pd.DataFrame, *, level: float = 0.95) -> Accuracy:
    """Hold the predictions of a release against install outcomes.

    Parameters
    ----------
    matrix : CoverageMatrix
    installs : DataFrame
        As `read_installs(...).frame` gives them: report (8.14.1 found the WAN, 8.14.2 did not), installed_at, postcode,
        uprn, install_type, premise_type, location, obstruction checks, building_id where known.
    level : float
        Confidence level of the intervals.

    Returns
    -------
    Accuracy

    Notes
    -----
    The unit is the premises: its first install (by UPRN, else postcode and address). Premises in one building are not
    independent, so intervals take the building as the cluster where it is known, else the postcode; the method stands
    beside each. Set aside and counted: 8.14.1 reports whose type says that no WAN was found, installs before the
    release's day, later installs at the same premises, locations that the release does not answer. A likelihood on a
    location that is not covered predicts nothing.

    References
    ----------
    DCC Performance Measurement Methodology, March 2018: inaccurate coverage database prediction.

    Examples
    --------
    >>> from smarthan.coverage import sample_matrix
    >>> installs = pd.DataFrame({
    ...     "install_id": ["a", "b"], "report": ["8.14.1", "8.14.2"], "postcode": ["SW1A 1AA", "EH1 1YZ"],
    ...     "installed_at": pd.to_datetime(["2026-11-05"] * 2)})
    >>> accuracy(sample_matrix(), installs).table.loc[0, ["n", "failures"]].tolist()
    [2, 1]
    """
    usable, set_aside = _choose(matrix, installs)
    found = matrix.lookup_many(usable["postcode"], usable.get("uprn"))
    answered = found["state"].notna() & found["state"].ne("ERROR") & ~found["csp_region"].isin(NO_REGION)
    set_aside["not answered by the release"] = int((~answered).sum())
    cases = _describe(usable[answered], found[answered])
    lines = [line for prediction in ("COVERED", "NOT COVERED") for line in _lines(cases, prediction, level)]
    table = pd.DataFrame(lines)
    table.attrs = matrix.release_attrs
    aside = pd.DataFrame({"reason": list(set_aside), "installs": list(set_aside.values())})
    return Accuracy(table, aside, _keeps_order(table))


def _choose(matrix: CoverageMatrix, installs: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    contradictory = installs["report"].eq("8.14.1") & _column(installs, "install_type").eq(CONTRADICTORY)
    day = matrix.release.as_of or dt.date.min
    early = installs["installed_at"].lt(pd.Timestamp(day)) if day != dt.date.min else contradictory & False
    kept = installs[~contradictory & ~early].sort_values(["installed_at", "install_id"], kind="stable")
    address = kept["postcode"].astype("str") + "|" + _column(kept, "address_identifier").fillna("")
    known = _column(kept, "uprn").notna() | _column(kept, "address_identifier").notna()
    key = _column(kept, "uprn").fillna(address).where(known, kept["install_id"].astype("str"))
    first = ~key.duplicated()
    return kept[first].reset_index(drop=True), {
        "8.14.1 whose type says no SM WAN": int(contradictory.sum()),
        "installed before the release's day": int((early & ~contradictory).sum()),
        "a later install at the same premises": int((~first).sum()),
    }


def _column(frame: pd.DataFrame, name: str) -> pd.Series:
    return frame[name].astype("str").where(frame[name].notna()) if name in frame else _missing(frame)


def _missing(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.NA, index=frame.index, dtype="str")


def _describe(installs: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    region = found["csp_region"].astype("str")
    flags = [installs[name].fillna(False).astype(bool) for name in _OBSTRUCTIONS if name in installs]
    return pd.DataFrame(
        {
            "prediction": np.where(found["state"].isin(["COVERED", "MIXED"]), "COVERED", "NOT COVERED"),
            "failed": installs["report"].eq("8.14.2").astype("int64"),
            "cluster": _column(installs, "building_id").fillna(installs["postcode"].astype("str")),
            "obstructed": np.logical_or.reduce(flags) if flags else False,
            "likelihood": found["likelihood"].astype("str").where(found["likelihood"].notna(), "not stated"),
            "region_family": region.str.removeprefix("4G "),
            "generation": np.where(region.str.startswith("4G"), "4G", "LEGACY"),
            "premise_type": _column(installs, "premise_type").fillna("not recorded"),
            "location": _column(installs, "location").fillna("not recorded"),
        }
    )


def _lines(cases: pd.DataFrame, prediction: str, level: float) -> Iterator[dict[str, object]]:
    chosen = cases[cases["prediction"].eq(prediction)]
    if chosen.empty:
        return
    yield _line(chosen, prediction, "all", "all", level)
    clear = chosen[~chosen["obstructed"]]
    if len(clear) and len(clear) < len(chosen):
        yield _line(clear, prediction, "without obstructions", "no obstruction reported", level)
    for by in GROUPS:
        if by == "likelihood" and prediction != "COVERED":
            continue
        for group, part in chosen.groupby(by, observed=True, sort=True):
            yield _line(part, prediction, by, str(group), level)


def _line(part: pd.DataFrame, prediction: str, by: str, group: str, level: float) -> dict[str, object]:
    interval = cluster_interval(part["failed"].to_numpy(), part["cluster"].to_numpy(), level=level)
    return {
        "prediction": prediction,
        "by": by,
        "group": group,
        "n": len(part),
        "failures": int(part["failed"].sum()),
        "failure_rate": interval.proportion,
        "low": interval.low,
        "high": interval.high,
        "method": interval.method,
        "clusters": interval.n_clusters,
        "reason": interval.reason,
    }


def _keeps_order(table: pd.DataFrame) -> bool:
    rates = table[table["prediction"].eq("COVERED") & table["by"].eq("likelihood")].set_index("group")["failure_rate"]
    stated = [rates[word] for word in ("High", "Medium", "Low") if word in rates.index]
    return all(before <= after for before, after in pairwise(stated))
