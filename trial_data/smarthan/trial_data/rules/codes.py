"""The rule codes that only a trial has; the shared ones stand in smarthan.tables.problems."""

from __future__ import annotations

from smarthan.tables import RULES, register
from smarthan.tables.problems import Severity

# Stable words: users filter on them. None is ever renamed.
_OWN: tuple[tuple[str, Severity, str], ...] = (
    ("file_ambiguous", "file", "two files hold one table"),
    ("file_unknown", "flag", "the folder holds a CSV file that is no table of a trial; it was not read"),
    ("sheet_unknown", "flag", "the workbook holds a sheet that is no table of a trial; it was not read"),
    ("sheet_identity", "flag", "the workbook holds personal data in a sheet of its own; it was not read"),
    ("conflict_fixed_property", "row", "one building or dwelling is described twice, differently"),
    ("path_self", "row", "both ends of a path are one location"),
    ("path_two_buildings", "row", "the ends of a path lie in different buildings"),
    ("storeys_floor", "row", "the dwelling's floor lies outside its building"),
    ("distance_xyz", "flag", "the distance differs from the coordinates by more than 20 %"),
    ("feet_for_metres", "flag", "the distance and the coordinates differ as feet from metres"),
    ("floors_z", "flag", "the floors crossed differ from the height difference by more than one"),
    ("packets_order", "row", "more packets arrived than were sent, or a count is negative"),
    ("rssi_sign", "null", "the level is positive while its negative is plausible"),
    ("rssi_at_floor", "flag", "the level lies at the instrument's floor: treated as censored"),
    ("rssi_at_ceiling", "flag", "the level lies at the instrument's ceiling: treated as censored"),
    ("rssi_below_floor", "row", "the level lies below the instrument's floor"),
    ("rssi_status_conflict", "row", "level and status contradict each other"),
    ("band_technology", "row", "the frequency lies outside the technology's band"),
    ("frequency_unit", "flag", "the frequency is off by exactly a thousand or a million"),
    ("instrument_uncalibrated", "flag", "the reading lies outside the instrument's calibration"),
    ("surveyor_constant", "flag", "a surveyor's levels do not vary over eight or more paths"),
    ("surveyor_digits", "flag", "the last digits of a surveyor's distances are not evenly spread"),
    ("surveyor_speed", "flag", "a surveyor was in two buildings closer in time than travel allows"),
    ("weight_range", "row", "an inclusion probability lies outside (0, 1]"),
    ("p_incl_product", "flag", "the dwellings of one building disagree on its inclusion probability"),
    ("stratum_certainty", "flag", "every building of the stratum is in the sample"),
    ("stratum_single_psu", "flag", "fewer than two buildings of the stratum responded"),
    ("table_empty", "flag", "a table that may be absent holds no row"),
    # Mending by hand.
    ("cell_mended", "repair", "a person changed the cell of a row that had been in quarantine"),
    ("row_dropped", "row", "a person left the row out"),
    ("mended_place", "file", "a mended row stands for a place that the delivery does not have"),
    ("mended_accepted", "file", "a mended row stands for a row that was accepted"),
    ("mended_twice", "file", "two mended rows stand for one row"),
    ("mended_stale", "file", "the delivery has changed since its quarantine was written"),
)

TRIAL_RULES = tuple(register(code, severity, about) for code, severity, about in _OWN)


def explain(code: str) -> str:
    """Return what a rule says, for a code of the room's own or a shared one."""
    return RULES[code].about
