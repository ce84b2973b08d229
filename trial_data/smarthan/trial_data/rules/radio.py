"""Rules for readings: signs, floors and ceilings, status, frequency, calibration. Nothing is negated or rescaled."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.tables import Rows
from smarthan.trial_data.declared.words import BANDS_HZ, TECHNOLOGIES

from .workset import Mask, Workset, is_blank

WEAKEST_DBM = -140.0  # the declared range of rssi_dbm; a positive level up to 140 may have lost its sign
CAL_VALID_DAYS = 365  # trial design, section 3, instruments: the default of cal_valid_days
_FREQUENCIES = ("freq_hz", "band_lo_hz", "band_hi_hz")
_UNIT_SLIPS = (1e3, 1e6, 1e-3, 1e-6)


def check_sign(work: Workset) -> None:
    """Empty levels of zero or more: an idle receiver, a lost sign, or nonsense."""
    readings = work.rows["measurements"]
    level = readings.frame["rssi_dbm"]
    readings.empty(level.eq(0), "sentinel", "rssi_dbm", "'{value}' dBm is what an idle receiver reports")
    lost = level.gt(0) & level.le(-WEAKEST_DBM)
    readings.empty(lost, "rssi_sign", "rssi_dbm", "'{value}' dBm is positive; its sign may be lost; it was not negated")
    beyond = level.gt(-WEAKEST_DBM)
    readings.empty(beyond, "value_range", "rssi_dbm", f"{{value}} is not a level from {WEAKEST_DBM:g} to 0 dBm")


def check_status(work: Workset) -> None:
    """Quarantine readings whose level and status contradict each other."""
    readings = work.rows["measurements"]
    status = readings.frame["rssi_status"]
    # Judged on the cell as delivered: a level that a rule emptied was there, and its row stays.
    given = ~is_blank(readings, "rssi_dbm")
    silent = status.eq("not_heard") & given
    message = "'{value}' dBm stands beside rssi_status not_heard; one of the two is wrong"
    readings.reject(silent, "rssi_status_conflict", "rssi_dbm", message)
    unread = status.eq("observed") & ~given
    readings.reject(unread, "rssi_status_conflict", "rssi_dbm", "rssi_dbm is empty though rssi_status is observed")


def reject_below_floor(work: Workset) -> None:
    """Quarantine levels that the instrument cannot have reported."""
    readings = work.rows["measurements"]
    floor, _, _ = _instrument_limits(work)
    message = "'{value}' dBm is below what the instrument can report"
    readings.reject(readings.frame["rssi_dbm"].lt(floor), "rssi_below_floor", "rssi_dbm", message)


def flag_limits(work: Workset) -> None:
    """Flag observed levels within half a step of the instrument's floor or ceiling."""
    readings = work.rows["measurements"].frame
    floor, ceiling, half = _instrument_limits(work)
    level, observed = readings["rssi_dbm"], readings["rssi_status"].eq("observed")
    low = observed & level.le(floor + half)
    work.flag("measurements", low, "rssi_at_floor", "rssi_dbm", "'{value}' dBm lies at the floor: censored")
    high = observed & level.ge(ceiling - half)
    work.flag("measurements", high, "rssi_at_ceiling", "rssi_dbm", "'{value}' dBm lies at the ceiling: censored")


def _instrument_limits(work: Workset) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return floor [dBm], ceiling [dBm] and half a step [dB] of each reading's instrument."""
    floor, ceiling, step = (
        work.look_up("measurements", "instrument_id", column).astype("float64")
        for column in ("rssi_floor_dbm", "rssi_ceiling_dbm", "rssi_step_db")
    )
    return floor, ceiling, step.fillna(0.0) / 2


def reject_frequency(work: Workset) -> None:
    """Quarantine frequencies outside the technology's bands, whatever the unit."""
    readings = work.rows["measurements"]
    for column in _FREQUENCIES:
        outside, _ = _judge_frequency(readings, column)
        readings.reject(outside, "band_technology", column, "'{value}' Hz lies outside the technology's band")


def flag_frequency_unit(work: Workset) -> None:
    """Flag frequencies off by exactly a thousand or a million: they stay as they are."""
    for column in _FREQUENCIES:
        _, slipped = _judge_frequency(work.rows["measurements"], column)
        message = "'{value}' fits the band only in another unit; write Hz"
        work.flag("measurements", slipped, "frequency_unit", column, message)


def _judge_frequency(readings: Rows, column: str) -> tuple[Mask, Mask]:
    """Return which frequencies lie outside their technology's bands, and which only another unit puts there."""
    technology = readings.frame["technology"].cat.codes.to_numpy(dtype=np.int64)
    hertz, values = pd.factorize(readings.frame[column].to_numpy(dtype=np.float64, na_value=np.nan))
    # A trial measures at few frequencies: each pair of technology and frequency is judged once.
    pair, distinct = pd.factorize(technology * (len(values) + 1) + hertz + 1)
    outside, slipped = _judge_pairs(
        distinct // (len(values) + 1), np.append(values, np.nan)[distinct % (len(values) + 1) - 1]
    )
    return outside[pair], slipped[pair]


def _judge_pairs(technology: npt.NDArray[np.int64], hertz: npt.NDArray[np.float64]) -> tuple[Mask, Mask]:
    outside, slipped = np.zeros(len(hertz), dtype=np.bool_), np.zeros(len(hertz), dtype=np.bool_)
    for name, bands in BANDS_HZ.items():
        # Baseband wiring has no carrier, so no frequency can be outside.
        if bands:
            chosen = (technology == TECHNOLOGIES.index(name)) & np.isfinite(hertz)
            missed = chosen & ~_lies_in(hertz, bands)
            with np.errstate(over="ignore"):  # a number near the largest of all fits no band
                fits = np.any([_lies_in(hertz * factor, bands) for factor in _UNIT_SLIPS], axis=0)
            slipped |= missed & fits
            outside |= missed & ~fits
    return outside, slipped


def _lies_in(hertz: npt.NDArray[np.float64], bands: tuple[tuple[float, float], ...]) -> Mask:
    return np.any([(hertz >= low) & (hertz <= high) for low, high in bands], axis=0)


def flag_uncalibrated(work: Workset) -> None:
    """Flag readings taken outside their instrument's calibration."""
    readings = work.rows["measurements"]
    begins = pd.to_datetime(work.look_up("measurements", "instrument_id", "cal_date"))
    days = work.look_up("measurements", "instrument_id", "cal_valid_days").astype("Float64").fillna(CAL_VALID_DAYS)
    taken = readings.frame["start_utc"].dt.tz_localize(None).dt.normalize()
    age = (taken - begins).dt.days
    stale = (age.lt(0) | age.gt(days.astype("float64"))) & age.notna()
    message = "'{value}' lies outside the instrument's calibration"
    work.flag("measurements", stale, "instrument_uncalibrated", "start_utc", message)
