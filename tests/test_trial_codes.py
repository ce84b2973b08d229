"""The rule codes of the trial design, section 4: each is there, and each that a CSV row can carry is planted."""

import pytest

from smarthan.tables import RULES
from smarthan.trial_data.rules.codes import explain
from smarthan.trial_data.synthetic.damage import FOLLOWS
from smarthan.trial_data.synthetic.error_kinds import ERROR_CODES

# Severities as the design states them; a code with two is decided by the column.
DESIGN = {
    "file": "file_encoding file_truncated file_quotes file_empty file_too_large file_delimiter header_not_found"
    " header_missing header_duplicate",
    "flag": "header_unknown personal_column distance_xyz feet_for_metres floors_z rssi_at_floor rssi_at_ceiling"
    " frequency_unit instrument_uncalibrated surveyor_constant surveyor_digits surveyor_speed p_incl_product"
    " stratum_certainty stratum_single_psu",
    "row": "row_short row_long cell_too_long cell_formula cell_error id_mangled required_missing number_format"
    " unit_in_cell decimal_comma category_unknown date_format date_ambiguous date_range time_zone duplicate"
    " duplicate_conflict orphan parent_rejected conflict_fixed_property path_self path_two_buildings storeys_floor"
    " packets_order rssi_below_floor rssi_status_conflict band_technology weight_range value_range",
    "null": "rssi_sign personal_text",
    "repair": "category_spelling header_spelling",
}
# The shared table calls a sentinel and a NUL a fault of the row; a trial empties the cell, and refuses the file.
OTHERWISE = {"sentinel", "file_nul"}
# Refuse the whole file, so that no row of it stands in the account; tests of reading hold each.
REFUSALS = {*DESIGN["file"].split(), "file_nul"}
# Only a workbook has sheets, merges, macros and typed cells.
WORKBOOK = {
    *("sheet_missing", "sheet_ambiguous", "sheet_hidden", "zip_macro", "zip_external", "cell_merged", "cell_type"),
}
CODES = {code for words in DESIGN.values() for code in words.split()} | OTHERWISE


@pytest.mark.parametrize("severity", DESIGN)
def test_every_code_of_the_design_is_a_rule_of_its_severity(severity: str) -> None:
    assert {code: RULES[code].severity for code in DESIGN[severity].split()} == dict.fromkeys(
        DESIGN[severity].split(), severity
    )
    assert all(explain(code) for code in DESIGN[severity].split())


def test_every_code_that_a_csv_row_can_carry_is_planted_and_no_other() -> None:
    assert {*ERROR_CODES, FOLLOWS} == CODES - REFUSALS - WORKBOOK
