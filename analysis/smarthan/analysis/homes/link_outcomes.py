"""Whether each measured path works for a technology, fails, or cannot be known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from smarthan.trial_data.declared.words import TECHNOLOGIES

from .technology_table import choose_limits
from .technology_table import technologies as read_limits

Floats = npt.NDArray[np.float64]
Codes = npt.NDArray[np.int64]


class TrialTables(Protocol):
    """What is needed of a trial: its tables, and whether it is synthetic."""

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """Tables by name."""

    @property
    def synthetic(self) -> bool:
        """Whether the data are synthetic."""


def path_success(
    trial: TrialTables, technologies: Sequence[str] | None = None, *, limits: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return, for each measured path and technology, whether the link works.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`; the tables measurements, instruments and paths are used.
    technologies : sequence of str, optional
        Technologies to judge; all that were measured when not given.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`; the shipped one when not given.

    Returns
    -------
    DataFrame
        path_id, technology, role, success (boolean; missing is "unknown", never "no"), basis {packets, level, snr,
        none}, margin_db (median level over sensitivity plus fade margin, or SNR over the SNR needed [dB]), n_readings.
        One row a path and technology, in order of both.

    Raises
    ------
    ValueError
        A technology that is not one of the trial's.

    Notes
    -----
    Packets decide where at least `packets_least` were sent over all readings of the path: ok/sent >= 1 - PER limit.
    Else the median reading does: for radio rssi + cal_offset - sensitivity >= fade margin, for wires snr >= the SNR
    needed. The instrument's sensitivity counts before the table's. `not_heard` is a failure. A level at the
    instrument's floor (or within half a step of it) is only known to be that low: it fails if the floor itself lies too
    low, else it is unknown; a level at the ceiling likewise from above. Nothing recorded is unknown.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> tables = {
    ...     "paths": pd.DataFrame({"path_id": ["p", "q"], "role": ["CH-IHD", "CH-IHD"]}),
    ...     "instruments": pd.DataFrame({"instrument_id": ["i"], "sensitivity_dbm": [-97.0]}),
    ...     "measurements": pd.DataFrame({
    ...         "path_id": ["p", "q"], "instrument_id": ["i", "i"], "technology": ["zigbee_2g4"] * 2,
    ...         "rssi_dbm": [-60.0, -90.0], "rssi_status": ["observed", "observed"]}),
    ... }
    >>> answer = path_success(SimpleNamespace(tables=tables, synthetic=True))
    >>> answer[["path_id", "success", "margin_db"]].values.tolist()
    [['p', True, 27.0], ['q', False, -3.0]]
    """
    rules = choose_limits(read_limits() if limits is None else limits)
    readings = _choose_readings(trial.tables["measurements"], technologies, rules)
    low, high = _bound_excess(readings, trial.tables["instruments"], rules)
    path, name = readings["path_id"].astype("str"), readings["technology"].astype("str")
    groups = pd.MultiIndex.from_arrays([path, name], names=["path_id", "technology"])
    codes, keys = pd.factorize(groups, sort=True)
    answer = pd.DataFrame(index=pd.MultiIndex.from_tuples(keys, names=groups.names)).reset_index()
    answer["role"] = _look_up(trial.tables["paths"], "path_id", answer["path_id"], "role").astype("str")
    limit = rules.reindex(answer["technology"])
    packets, counted = _judge_packets(readings, codes, limit)
    levels, margin, has_level = _judge_levels(codes, low, high, len(answer))
    answer["success"] = pd.array(np.where(counted, packets, levels), dtype="Float64")
    answer["success"] = answer["success"].astype("boolean")
    by_level = np.where(limit["is_radio"], "level", "snr")
    answer["basis"] = np.where(counted, "packets", np.where(has_level, by_level, "none"))
    answer["margin_db"] = margin
    answer["n_readings"] = np.bincount(codes, minlength=len(answer))
    return answer


def path_excess(trial: TrialTables, technology: str, *, limits: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return, for each measured path, by how much its level exceeds what the receiver needs, as bounds.

    Parameters
    ----------
    trial : Trial
        From `smarthan.trial_data.read_trial`.
    technology : str
        One of the trial's.
    limits : DataFrame, optional
        Reference table in the form of `technologies()`.

    Returns
    -------
    DataFrame
        path_id, low, high [dB]: the median reading over sensitivity plus fade margin (for wires, SNR over the SNR
        needed); equal where it is known, infinite where that side is open. A link that was not heard lies below the
        sensitivity, a level at the instrument's floor between the two. Paths of which nothing is known are left out.

    Raises
    ------
    ValueError
        A technology that is not one of the trial's.
    """
    rules = choose_limits(read_limits() if limits is None else limits)
    readings = _choose_readings(trial.tables["measurements"], [technology], rules)
    low, high = _bound_excess(readings, trial.tables["instruments"], rules)
    margin = rules.loc[technology, "fade_margin_db"] if rules.loc[technology, "is_radio"] else 0.0
    unheard = np.isneginf(high)
    low = np.where(np.isneginf(low) & ~unheard, np.minimum(-margin, high), low)
    high = np.where(unheard, -margin, high)
    codes, paths = pd.factorize(readings["path_id"].astype("str"), sort=True)
    bounds = pd.DataFrame(
        {
            "path_id": paths,
            "low": _middle(codes, low, len(paths), later=False),
            "high": _middle(codes, high, len(paths), later=True),
        }
    )
    return bounds[bounds["low"].notna()].reset_index(drop=True)


def _choose_readings(frame: pd.DataFrame, wanted: Sequence[str] | None, rules: pd.DataFrame) -> pd.DataFrame:
    if wanted is None:
        unlisted = sorted(set(frame["technology"].dropna().astype("str")) - set(rules.index))
        if unlisted:
            raise ValueError(f"limits: no row for {', '.join(unlisted)}, which the trial measured; add it to the table")
        return frame
    unknown = [name for name in wanted if name not in TECHNOLOGIES or name not in rules.index]
    if unknown:
        raise ValueError(
            f"technology '{unknown[0]}' is not one of {', '.join(t for t in TECHNOLOGIES if t in rules.index)}"
        )
    return frame[frame["technology"].astype("str").isin(list(wanted))]


def _bound_excess(readings: pd.DataFrame, instruments: pd.DataFrame, rules: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the lowest and highest each reading's excess over its limit can be [dB]; NaN where nothing is known."""
    limit = rules.reindex(readings["technology"].astype("str"))
    radio = limit["is_radio"].to_numpy(dtype=bool)
    low, high = bound_levels(readings, instruments)
    need = find_sensitivity(readings, instruments, rules) + limit["fade_margin_db"].to_numpy()
    snr = _numbers(readings, "snr_db") - limit["required_snr_db"].to_numpy()
    low, high = np.where(radio, low - need, snr), np.where(radio, high - need, snr)
    status = _words(readings, "rssi_status")
    low = np.where(status == "not_heard", -np.inf, low)
    high = np.where(status == "not_heard", -np.inf, high)
    unknown = np.isnan(low) | np.isnan(high) | (status == "not_recorded")
    return np.where(unknown, np.nan, low), np.where(unknown, np.nan, high)


def bound_levels(readings: pd.DataFrame, instruments: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the lowest and highest the level at the antenna can have been [dBm], calibration counted.

    A level at the instrument's floor (or within half a step of it) is known to be that low only, one at the ceiling
    that high; NaN where no level was recorded, a reading that was not heard among them.
    """
    level = _numbers(readings, "rssi_dbm")
    status = _words(readings, "rssi_status")
    floor, ceiling, step, offset = (
        _look_up(instruments, "instrument_id", readings["instrument_id"], name).to_numpy(dtype=np.float64)
        for name in ("rssi_floor_dbm", "rssi_ceiling_dbm", "rssi_step_db", "cal_offset_db")
    )
    half_step = np.nan_to_num(step) / 2
    at_floor = (status == "at_floor") | ((status == "observed") & (level <= floor + half_step))
    at_ceiling = (status == "at_ceiling") | ((status == "observed") & (level >= ceiling - half_step))
    low = np.where(at_floor, -np.inf, np.where(at_ceiling & ~np.isnan(ceiling), ceiling, level))
    high = np.where(at_ceiling, np.inf, np.where(at_floor & ~np.isnan(floor), floor, level))
    return low + np.nan_to_num(offset), high + np.nan_to_num(offset)


def find_sensitivity(readings: pd.DataFrame, instruments: pd.DataFrame, rules: pd.DataFrame) -> Floats:
    """Return the level from which each reading's receiver decodes [dBm]: the instrument's, else the table's."""
    found = _look_up(instruments, "instrument_id", readings["instrument_id"], "sensitivity_dbm")
    own = found.to_numpy(dtype=np.float64)
    typical = rules.reindex(readings["technology"].astype("str"))["sensitivity_dbm"].to_numpy(dtype=np.float64)
    return np.where(np.isnan(own), typical, own)


def _judge_packets(readings: pd.DataFrame, codes: Codes, limit: pd.DataFrame) -> tuple[Floats, npt.NDArray[np.bool_]]:
    sent, ok = _numbers(readings, "packets_sent"), _numbers(readings, "packets_ok")
    both = ~(np.isnan(sent) | np.isnan(ok))
    total = np.bincount(codes, weights=np.where(both, sent, 0.0), minlength=len(limit))
    good = np.bincount(codes, weights=np.where(both, ok, 0.0), minlength=len(limit))
    enough = (total >= limit["packets_least"].to_numpy()) & (total > 0)
    # 1e-9 packets: 99 of 100 must pass a limit of 0.01 in binary arithmetic too.
    works = good >= (1 - limit["per_limit_share"].to_numpy()) * total - 1e-9
    return works.astype(np.float64), enough


def _judge_levels(codes: Codes, low: Floats, high: Floats, groups: int) -> tuple[Floats, Floats, npt.NDArray[np.bool_]]:
    """Return success (NaN unknown), margin and whether there is any level, from the median of bounded readings."""
    lower, upper = _middle(codes, low, groups, later=False), _middle(codes, high, groups, later=True)
    success = np.where(lower >= 0, 1.0, np.where(upper < 0, 0.0, np.nan))
    margin = np.where(np.isfinite(lower) & (lower == upper), lower, np.nan)
    margin = np.where(np.isfinite(lower) & np.isfinite(upper), (lower + upper) / 2, margin)
    return success, margin, ~np.isnan(lower)


def _middle(codes: Codes, values: Floats, groups: int, *, later: bool) -> Floats:
    """Return the lower (or upper) median of each group's known values; NaN where none is known."""
    known = ~np.isnan(values)
    order = np.lexsort((values[known], codes[known]))
    size = np.bincount(codes[known], minlength=groups)
    start = np.cumsum(size) - size
    place = start + np.where(later, size // 2, np.maximum(size - 1, 0) // 2)
    middle = np.full(groups, np.nan)
    middle[size > 0] = values[known][order][place[size > 0]]
    return middle


def _numbers(frame: pd.DataFrame, name: str) -> Floats:
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    return np.asarray(frame[name].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)


def _words(frame: pd.DataFrame, name: str) -> npt.NDArray[np.object_]:
    if name not in frame.columns:
        return np.full(len(frame), "", dtype=object)
    return np.asarray(frame[name].astype("object").where(frame[name].notna(), ""), dtype=object)


def _look_up(frame: pd.DataFrame, key: str, wanted: pd.Series, column: str) -> pd.Series:
    if column not in frame.columns:
        return pd.Series(np.nan, index=wanted.index)
    return wanted.astype("str").map(frame.set_index(frame[key].astype("str"))[column])
