"""What each instrument said: readings in full, at its limits, not heard, in and out of calibration."""

from __future__ import annotations

import pandas as pd

from smarthan.trial_data.declared.words import RADIO_TECHNOLOGIES, RSSI_STATUSES
from smarthan.trial_data.trial import Trial

_LIMITS = (
    *("rssi_floor_dbm", "rssi_ceiling_dbm", "rssi_step_db", "rssi_tolerance_db", "sensitivity_dbm"),
    "cal_offset_db",
)


def censored_status(trial: Trial) -> pd.Series:
    """Return what each reading's level is for an analyst: observed, or known only to lie beyond a limit.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    Series
        One word a row of `measurements`, on its index: rssi_status, but at_floor or at_ceiling where the status says
        observed and the level lies within half a step of the instrument's limit; "wired" for technologies without a
        radio level; "no_level" where a rule emptied the level of an observed reading.

    Notes
    -----
    The floor of reporting is not the sensitivity: at the floor all packets may still be received, so packet counts
    decide before levels do (`smarthan.analysis.path_success`). A censored level goes into a Tobit model as a limit,
    never as a value and never left out.

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> trial = sample_trial()
    >>> bool(censored_status(trial).eq("at_floor").sum() > trial["measurements"]["rssi_status"].eq("at_floor").sum())
    True
    """
    readings = trial["measurements"]
    instruments = trial["instruments"].set_index("instrument_id")
    floor, ceiling, step = (
        readings["instrument_id"].map(instruments[name]).astype("float64")
        for name in ("rssi_floor_dbm", "rssi_ceiling_dbm", "rssi_step_db")
    )
    half = step.fillna(0.0) / 2
    level, observed = readings["rssi_dbm"], readings["rssi_status"].eq("observed")
    status = readings["rssi_status"].astype("object").where(readings["rssi_status"].notna(), "no_level")
    status = status.mask(observed & level.isna(), "no_level")
    status = status.mask(observed & level.le(floor + half), "at_floor")
    status = status.mask(observed & level.ge(ceiling - half), "at_ceiling")
    return status.mask(~readings["technology"].isin(RADIO_TECHNOLOGIES), "wired").astype("str").rename("status")


def readings_by_instrument(trial: Trial) -> pd.DataFrame:
    """Return how many readings each instrument gave of each technology, and of what kind.

    Parameters
    ----------
    trial : Trial
        The trial.

    Returns
    -------
    DataFrame
        One row an instrument and technology that occurs. model, the instrument's limits (rssi_floor_dbm,
        rssi_ceiling_dbm, rssi_step_db, rssi_tolerance_db, sensitivity_dbm, cal_offset_db), readings, observed,
        at_floor, at_ceiling, not_heard, not_recorded, no_level, wired (as `censored_status`; they add to readings),
        near_limit (written as observed, counted as at_floor or at_ceiling), censored_share (0 to 1, of the readings
        with a level at or within the limits), uncalibrated, with_packets, packets_sent, packets_ok [counts].

    Examples
    --------
    >>> from smarthan.trial_data import sample_trial
    >>> table = readings_by_instrument(sample_trial())
    >>> kinds = ["observed", "at_floor", "at_ceiling", "not_heard", "not_recorded", "no_level", "wired"]
    >>> bool((table[kinds].sum(axis=1) == table["readings"]).all())
    True
    """
    kinds = (*RSSI_STATUSES, "no_level", "wired")
    readings = trial["measurements"]
    status = censored_status(trial)
    stale = trial.notes.loc[trial.notes["code"].eq("instrument_uncalibrated"), "key"]
    counted = readings[["packets_sent", "packets_ok"]].notna().all(axis=1)
    facts = pd.DataFrame(
        {
            "instrument_id": readings["instrument_id"],
            "technology": readings["technology"].astype("str"),
            "readings": 1,
            **{kind: status.eq(kind).astype("int64") for kind in kinds},
            "near_limit": (readings["rssi_status"].eq("observed") & status.isin(["at_floor", "at_ceiling"])).astype(
                "int64"
            ),
            "uncalibrated": readings["measurement_id"].isin(stale).astype("int64"),
            "with_packets": counted.astype("int64"),
            "packets_sent": readings["packets_sent"].where(counted, 0).astype("int64"),
            "packets_ok": readings["packets_ok"].where(counted, 0).astype("int64"),
        }
    )
    table = facts.groupby(["instrument_id", "technology"], observed=True, dropna=True).sum().reset_index()
    limited = table["at_floor"] + table["at_ceiling"]
    known = limited + table["observed"]
    table.insert(table.columns.get_loc("near_limit") + 1, "censored_share", limited / known.where(known.gt(0)))
    instruments = trial["instruments"].set_index("instrument_id")
    for place, name in enumerate(("model", *_LIMITS)):
        table.insert(2 + place, name, table["instrument_id"].map(instruments[name]))
    table.attrs = {"synthetic": trial.synthetic}
    return table
