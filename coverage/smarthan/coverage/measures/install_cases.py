"""Install reports made ready to be judged: which count, what was predicted for each, and what stands out about it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from smarthan.coverage.lookup.states import COVERED, ERROR, MIXED
from smarthan.coverage.matrix import CoverageMatrix
from smarthan.coverage.postcodes.parsing import parse_postcodes
from smarthan.coverage.releases.columns import NO_REGION

from .predictions import Store, predict

CONTRADICTORY = "CHF Install - no SM WAN"
SUCCESS, FAILURE = "8.14.1", "8.14.2"
NEEDED = ("install_id", "report", "installed_at", "postcode")
NOT_COVERED = "NOT COVERED"
_OBSTRUCTIONS = ("metal_obstruction", "connectivity_obstruction", "shared_obstruction")
_STATED = "not stated"
_RECORDED = "not recorded"


def prepare_cases(source: CoverageMatrix | Store, installs: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the installs that count, described, and how many were set aside for which reason.

    Parameters
    ----------
    source : CoverageMatrix or ReleaseStore
    installs : DataFrame
        See `accuracy`.

    Returns
    -------
    tuple of (DataFrame, dict)
        One row a premises; each install is in it or in exactly one count.

    Raises
    ------
    KeyError, TypeError
        When a column is absent, or it is no table.
    """
    _check_installs(installs)
    frame = _standardise(installs)
    aside: dict[str, int] = {}
    for code, of in _unknown_reports(frame).items():
        frame = _set_aside(frame, of.reindex(frame.index), f"report {code!r}, neither {SUCCESS} nor {FAILURE}", aside)
    contradictory = frame["report"].eq(SUCCESS) & _text(frame, "install_type").eq(CONTRADICTORY)
    frame = _set_aside(frame, contradictory, "8.14.1 whose type says no SM WAN", aside)
    frame = _set_aside(frame, frame["installed_at"].isna(), "no day of install", aside)
    found = predict(source, frame)
    frame = _set_aside(frame, ~frame.index.isin(found.index), "installed before the release's day", aside)
    frame = _set_aside(frame, _premises(frame).duplicated(), "a later install at the same premises", aside)
    found = found.reindex(frame.index)
    for reason, of in _reasons(found).items():
        aside[f"not answered by the release: {reason}"] = int(of.sum())
        frame, found = frame[~of.reindex(frame.index)], found[~of.reindex(found.index)]
    return _describe(frame, found), aside


def _check_installs(installs: pd.DataFrame) -> None:
    if not isinstance(installs, pd.DataFrame):
        raise TypeError(
            f"installs: {type(installs).__name__} given; a table such as read_installs(path).frame is needed"
        )
    absent = [name for name in NEEDED if name not in installs]
    if absent:
        raise KeyError(f"installs: no column {', '.join(absent)}; read them with read_installs(path).frame")


def _unknown_reports(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """The reports that say neither yes nor no, by their code: what they mean is not guessed."""
    codes = frame["report"].map(lambda code: "" if pd.isna(code) else str(code)[:64])
    odd = codes[~codes.isin((SUCCESS, FAILURE))]
    return {code: codes.eq(code) for code in sorted(odd.unique())}


def _standardise(installs: pd.DataFrame) -> pd.DataFrame:
    """The installs in the order of days, their keys in one spelling: two spellings are one premises, one cluster."""
    frame = installs.reset_index(drop=True)
    parsed = parse_postcodes(frame["postcode"])
    days = pd.to_datetime(frame["installed_at"])
    if days.dt.tz is not None:  # the day where the hub was installed, as its own clock had it
        days = days.dt.tz_localize(None)
    frame = frame.assign(
        postcode=parsed["postcode"].where(parsed["kind"].eq("GEOGRAPHIC"), frame["postcode"]),
        installed_at=days.dt.normalize(),
    )
    if "uprn" in frame:
        frame["uprn"] = _text(frame, "uprn").str.lstrip("0").replace("", "0")
    return frame.sort_values(["installed_at", "install_id"], kind="stable", ignore_index=True)


def _set_aside(frame: pd.DataFrame, of: Any, reason: str, aside: dict[str, int]) -> pd.DataFrame:
    aside[reason] = int(np.asarray(of).sum())
    return frame[~np.asarray(of, dtype=bool)]


def _premises(frame: pd.DataFrame) -> pd.Series:
    """What tells premises apart: the UPRN, else postcode and address, else the install itself."""
    uprn, address = _text(frame, "uprn"), _text(frame, "address_identifier")
    place = frame["postcode"].astype("str") + "|" + address
    return ("u" + uprn).fillna("a" + place).fillna("i" + frame["install_id"].astype("str"))


def _text(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(pd.NA, index=frame.index, dtype="str")
    return frame[name].astype("str").where(frame[name].notna())


def _reasons(found: pd.DataFrame) -> dict[str, pd.Series]:
    """Why a release gave no prediction, each with the installs it befell; no install stands under two."""
    unanswered = found["status"].ne("OK")
    reasons = {str(status): found["status"].eq(status) for status in sorted(found.loc[unanswered, "status"].unique())}
    error = ~unanswered & found["state"].eq(ERROR)
    no_region = ~unanswered & ~error & found["csp_region"].isin(NO_REGION)
    unclear = ~unanswered & ~error & ~no_region & found["state"].isna()
    return reasons | {"ERROR": error, "no region": no_region, "no single state": unclear}


def _describe(installs: pd.DataFrame, found: pd.DataFrame) -> pd.DataFrame:
    region, state = found["csp_region"], found["state"]
    family, is_new = region.str.removeprefix("4G "), region.str.startswith("4G")
    building = "building " + _text(installs, "building_id")
    own = _text(installs, "postcode").fillna(found["postcode"])
    cluster = building.fillna("postcode " + own).fillna("install " + installs["install_id"].astype("str"))
    return pd.DataFrame(
        {
            "prediction": state.where(state.isin((COVERED, MIXED)), NOT_COVERED),
            "state": state,
            "failed": installs["report"].eq(FAILURE).astype("int64"),
            "cluster": cluster,
            "obstructed": _any_flag(installs, _OBSTRUCTIONS),
            "aerial_missing": _aerial_missing(installs, found),
            "likelihood": found["likelihood"].fillna(_STATED),
            "technology": found["wan_group"].fillna(_STATED),
            "region_family": family,
            "generation": is_new.map({True: "4G", False: "LEGACY"}).astype("str"),
            "region": family + is_new.map({True: ", 4G", False: ", legacy"}).astype("str"),
            "premise_type": _text(installs, "premise_type").fillna(_RECORDED),
            "location": _text(installs, "location").fillna(_RECORDED),
            "release_id": found["release_id"],
            "synthetic": found["synthetic"],
        }
    )


def _any_flag(installs: pd.DataFrame, names: tuple[str, ...]) -> Any:
    flags = [installs[name].astype("boolean").fillna(False).to_numpy(bool) for name in names if name in installs]
    return np.logical_or.reduce(flags) if flags else np.zeros(len(installs), dtype=bool)


def _aerial_missing(installs: pd.DataFrame, found: pd.DataFrame) -> Any:
    """Whether the release asks for an aerial and the report says that none was installed."""
    if "aerial_install" not in installs:
        return np.zeros(len(installs), dtype=bool)
    wanted = found["auxiliary"].fillna("").str.contains("aerial", case=False, regex=False).to_numpy(bool)
    return wanted & ~installs["aerial_install"].astype("boolean").fillna(True).to_numpy(bool)
