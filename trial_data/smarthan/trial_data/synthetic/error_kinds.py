"""Kinds of error that a survey file can carry: which rows may carry each, and how the cell then reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from .constants import RSSI_CEILING_DBM, RSSI_FLOOR_DBM

Pick = Callable[[pd.DataFrame], pd.Series]
Edit = Callable[[pd.Series, int], str]

TOO_LONG = 32_768  # one character more than a spreadsheet cell holds
NEVER = "SYN-P9999999"
WITH_UNIT = ("42 dB", "126 ft", "1.5%")
# No zone; in the hour that clocks skip in Great Britain; a zone by name; an offset that no zone has.
LOCAL_TIMES = ("2025-03-04T10:00:00", "2025-03-30T01:30:00", "2025-04-01T10:00:00 BST", "2025-03-04T10:00:00+25:00")


@dataclass(frozen=True)
class ErrorKind:
    """One way to break one cell.

    Attributes
    ----------
    code : str
        The rule code that must be found.
    table, column : str
        Where the cell stands.
    pick : function of a table of text
        Mask of the rows that may carry the error.
    edit : function of a row and a running number
        The cell as it then reads.
    """

    code: str
    table: str
    column: str
    pick: Pick
    edit: Edit


def _any_row(frame: pd.DataFrame) -> pd.Series:
    return pd.Series(True, index=frame.index)


def _is_filled(column: str) -> Pick:
    return lambda frame: frame[column] != ""


def _is_observed(frame: pd.DataFrame) -> pd.Series:
    return frame["rssi_status"] == "observed"


def _is_counted_and_observed(frame: pd.DataFrame) -> pd.Series:
    return _is_observed(frame) & (frame["packets_sent"] != "")


def _did_not_respond(frame: pd.DataFrame) -> pd.Series:
    return ~frame["outcome"].isin(["complete", "partial"])


def _is_role(role: str) -> Pick:
    return lambda frame: frame["role"] == role


def _say(text: str) -> Edit:
    return lambda row, number: text


def _cycle(*texts: str) -> Edit:
    return lambda row, number: texts[number % len(texts)]


def _scale_distance(factor: float) -> Edit:
    return lambda row, number: f"{float(row['distance_m']) * factor:.2f}"


def _shout(row: pd.Series, number: int) -> str:
    return f" {str(row['door_state']).upper()}"


def _drop_sign(row: pd.Series, number: int) -> str:
    return str(row["rssi_dbm"])[1:]


def _mangle_id(row: pd.Series, number: int) -> str:
    """Return what a spreadsheet makes of an identifier; each is another text."""
    return (f"{number + 1}E+05", f"{number % 28 + 1:02d}/04/{2000 + number}", f"{number + 1}.5E+11")[number % 3]


_FLOOR: Edit = lambda row, number: f"{RSSI_FLOOR_DBM[row['technology']]:.1f}"  # noqa: E731

# Errors on measurements, wiring and on dwellings that did not respond have no children; those on paths reject the
# measurements of the path, which the manifest lists as `parent_rejected`.
ERROR_KINDS: tuple[ErrorKind, ...] = (
    ErrorKind("path_self", "paths", "to_location", _is_role("CH-GM"), lambda row, number: str(row["from_location"])),
    ErrorKind("value_range", "paths", "walls_heavy", _is_role("CH-GM"), _say("-2")),
    ErrorKind("distance_xyz", "paths", "distance_m", _is_role("CH-IHD"), _scale_distance(1.5)),
    ErrorKind("feet_for_metres", "paths", "distance_m", _is_role("CH-IHD"), _scale_distance(3.281)),
    ErrorKind("floors_z", "paths", "floors", _is_role("CH-EM"), _say("4")),
    ErrorKind("storeys_floor", "dwellings", "floor_no", _did_not_respond, _say("79")),
    ErrorKind("weight_range", "dwellings", "p_incl_2", _did_not_respond, _say("1.5")),
    # A visit to a building where nobody took part has no measurements to lose.
    ErrorKind("date_ambiguous", "visits", "date", _did_not_respond, _say("03/04/2025")),
    ErrorKind("personal_text", "visits", "weather", _any_row, _say("dry, call resident@example.org")),
    ErrorKind("cell_formula", "wiring", "cu_type", _any_row, _cycle("=1+1", "@SUM(A1)", "+44")),
    ErrorKind("cell_too_long", "wiring", "cu_type", _any_row, _say("x" * TOO_LONG)),
    ErrorKind("id_mangled", "measurements", "measurement_id", _any_row, _mangle_id),
    ErrorKind("orphan", "measurements", "path_id", _any_row, _say(NEVER)),
    ErrorKind("required_missing", "measurements", "start_utc", _any_row, _say("")),
    ErrorKind("number_format", "measurements", "duration_s", _any_row, _say("half a minute")),
    ErrorKind(
        "unit_in_cell",
        "measurements",
        "attenuation_db",
        _is_filled("attenuation_db"),
        _cycle("42 dB", "126 ft", "1.5%"),
    ),
    ErrorKind("decimal_comma", "measurements", "duration_s", _any_row, _say("30,5")),
    ErrorKind(
        "sentinel",
        "measurements",
        "snr_db",
        _is_filled("snr_db"),
        _cycle("-999", "-9999", "9.97e36", "N/A", "null"),
    ),
    # What an idle receiver and a byte that was never set report.
    ErrorKind("sentinel", "measurements", "rssi_dbm", _is_observed, _cycle("0", "127", "-999")),
    ErrorKind("number_format", "measurements", "rssi_dbm", _is_observed, _cycle("saturated", ">90")),
    ErrorKind("category_spelling", "measurements", "door_state", _is_filled("door_state"), _shout),
    ErrorKind("cell_error", "wiring", "nearest_sub_main_m", _any_row, _cycle("#DIV/0!", "#N/A", "#REF!")),
    ErrorKind("value_range", "measurements", "tx_power_dbm", _is_filled("tx_power_dbm"), _say("55.0")),
    ErrorKind("category_unknown", "measurements", "door_state", _any_row, _say("ajar")),
    ErrorKind("date_ambiguous", "measurements", "start_utc", _any_row, _say("03/04/2025 10:00")),
    ErrorKind("date_format", "measurements", "start_utc", _any_row, _cycle("4th of March", "2025-02-30T10:00:00Z")),
    ErrorKind("date_range", "measurements", "start_utc", _any_row, _say("2099-03-04T10:00:00Z")),
    ErrorKind("time_zone", "measurements", "start_utc", _any_row, _cycle(*LOCAL_TIMES)),
    ErrorKind("instrument_uncalibrated", "measurements", "start_utc", _any_row, _say("2024-12-02T10:00:00Z")),
    ErrorKind("packets_order", "measurements", "packets_ok", _is_counted_and_observed, _say("1001")),
    ErrorKind("rssi_sign", "measurements", "rssi_dbm", _is_observed, _drop_sign),
    ErrorKind("rssi_below_floor", "measurements", "rssi_dbm", _is_observed, _say("-120.0")),
    ErrorKind("rssi_at_floor", "measurements", "rssi_dbm", _is_observed, _FLOOR),
    ErrorKind("rssi_at_ceiling", "measurements", "rssi_dbm", _is_observed, _say(f"{RSSI_CEILING_DBM:.1f}")),
    ErrorKind("rssi_status_conflict", "measurements", "rssi_dbm", _is_observed, _say("")),
    ErrorKind("band_technology", "measurements", "freq_hz", _is_filled("freq_hz"), _say("100000000")),
    ErrorKind(
        "frequency_unit", "measurements", "freq_hz", lambda frame: frame["technology"] == "zigbee_2g4", _say("2440")
    ),
)
# Errors that need more than one cell; `error_injection` makes them.
ROW_CODES = ("duplicate", "duplicate_conflict", "row_short", "row_long")
LINKED_CODES = ("path_two_buildings", "conflict_fixed_property")
SURVEYOR_CODES = ("surveyor_constant", "surveyor_digits", "surveyor_speed")
HEADER_CODES = ("header_unknown", "personal_column", "header_spelling")
# They change what the sample stands for, so they are made only when asked for by name.
DESIGN_CODES = ("p_incl_product", "stratum_certainty", "stratum_single_psu")
ERROR_CODES: tuple[str, ...] = tuple(
    dict.fromkeys(
        [*(k.code for k in ERROR_KINDS), *ROW_CODES, *LINKED_CODES, *SURVEYOR_CODES, *HEADER_CODES, *DESIGN_CODES]
    )
)
