"""Each rule of a trial, on the small trial with one thing changed: found, at its place, and nothing else beside it."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from smarthan.tables import RULES
from smarthan.trial_data import Trial, read_trial
from smarthan.trial_data.rules.codes import TRIAL_RULES

Write = Callable[..., Path]

# (changed table, old text, new text, code, line of the code): what is quarantined first, before its children.
ROW_RULES = [
    ("locations", "comms_hub,in_dwelling", "comms_hub,", "required_missing", 2),
    ("measurements", ",-60,observed,", ",,,", "required_missing", 2),
    ("buildings", "B2,S1,semi,3", "B2,S1,semi,", "required_missing", 3),
    ("buildings", "B2,S1,semi,3", "B2,S1,semi,three", "number_format", 3),
    ("buildings", "B2,S1,semi,3", "B2,S1,semi,90", "value_range", 3),
    ("buildings", "B2,S1,semi,3", "B2,S1,semidetached,3", "category_unknown", 3),
    ("buildings", "B2,S1,semi,3", "B2,S1,semi,-999", "sentinel", 3),
    ("buildings", "B2,S1", "=B2,S1", "cell_formula", 3),
    ("buildings", "B2,S1,semi,3,0,2,solid_brick,Scotland", "B2,S1,semi,3", "row_short", 3),
    ("buildings", "Scotland", "Scotland,extra", "row_long", 3),
    ("paths", "P2,L3,L4,CH-IHD,2.9", "P2,L3,L4,CH-IHD,2.9 m", "unit_in_cell", 3),
    ("paths", "P2,L3,L4,CH-IHD,2.9", 'P2,L3,L4,CH-IHD,"2,9"', "decimal_comma", 3),
    ("dwellings", "0.002,0.5", "0.002,0", "weight_range", 3),
    ("dwellings", "0.002,0.5", "1.002,0.5", "weight_range", 3),
    ("dwellings", "D2,B2,1", "D2,B2,3", "storeys_floor", 3),
    ("dwellings", "D2,B2,1", "D2,B2,-1", "storeys_floor", 3),
    ("frame", "1000,1000", "1000,999", "value_range", 2),
    ("visits", "T2,B2,V1,2025-03-03", "T2,B2,V1,03/03/2025", "date_ambiguous", 3),
    ("visits", "T2,B2,V1,2025-03-03", "T2,B2,V1,03/13/2025", "date_format", 3),
    ("visits", "T2,B2,V1,2025-03-03", "T2,B2,V1,2011-03-03", "date_range", 3),
    ("visits", "T2,B2,V1,2025-03-03", "T2,B2,V1,2025-12-31", "date_range", 3),
    ("visits", "2025-03-03T12:00:00Z", "2025-03-03T10:00:00Z", "date_range", 3),
    ("measurements", "2025-03-03T11:20:00Z", "2025-03-03T11:20:00", "time_zone", 4),
    ("measurements", "868000000,,not_heard", "868000000,-90,not_heard", "rssi_status_conflict", 4),
    ("measurements", "-72,observed", ",observed", "rssi_status_conflict", 3),
    ("measurements", "-72,observed", "-95,observed", "rssi_below_floor", 3),
    ("measurements", "1000,990", "1000,1001", "packets_order", 3),
    ("measurements", "1000,990", "1000,-1", "packets_order", 3),
    ("measurements", "1000,990", "-1,-2", "packets_order", 3),
    ("measurements", "zigbee_2g4,2440000000,-72", "zigbee_2g4,868000000,-72", "band_technology", 3),
    ("measurements", "M2,P2,T2,I1", "M2,P2,T9,I1", "orphan", 3),
    ("measurements", "M3,", "1.2E+05,", "id_mangled", 4),
    ("paths", "P2,L3,L4", "P2,L3,L3", "path_self", 3),
    ("paths", "P2,L3,L4", "P2,L3,L1", "path_two_buildings", 3),
    ("locations", "L4,B2,D2", "L4,B1,D2", "conflict_fixed_property", 5),
    ("measurements", "M3,P2,T2,I1,zigbee_sub", "M1,P2,T2,I1,zigbee_sub", "duplicate_conflict", 4),
]

NOTE_RULES = [
    ("measurements", "-72,observed", "72,observed", "rssi_sign", "null"),
    ("measurements", "-72,observed", "0,observed", "sentinel", "null"),
    ("measurements", "-72,observed", "0.0,observed", "sentinel", "null"),
    ("measurements", "-72,observed", "127,observed", "sentinel", "null"),
    ("measurements", "-72,observed", "-999,observed", "sentinel", "null"),
    ("measurements", "-72,observed", "900,observed", "value_range", "null"),
    ("measurements", "-72,observed", "-150,observed", "value_range", "null"),
    ("measurements", "-72,observed", "-91,observed", "rssi_at_floor", "flag"),
    ("measurements", "-72,observed", "-10.5,observed", "rssi_at_ceiling", "flag"),
    ("measurements", "2440000000,-72", "2440,-72", "frequency_unit", "flag"),
    ("instruments", "2025-01-10,365", "2025-01-10,30", "instrument_uncalibrated", "flag"),
    ("instruments", "2025-01-10,365", "2023-01-10,", "instrument_uncalibrated", "flag"),
    ("instruments", "2025-01-10,365", "2025-04-10,365", "instrument_uncalibrated", "flag"),
    ("paths", "CH-IHD,5.1", "CH-IHD,7.1", "distance_xyz", "flag"),
    ("paths", "CH-IHD,5.1", "CH-IHD,16.4", "feet_for_metres", "flag"),
    ("paths", "CH-IHD,2.9,0,0,1", "CH-IHD,2.9,0,0,3", "floors_z", "flag"),
    ("visits", "2025-03-03T11:00:00Z", "2025-03-03T10:01:00Z", "surveyor_speed", "flag"),
    ("dwellings", "D2,B2,1,complete,0.002,0.5", "D2,B2,1,refusal,0.002,0.5", "stratum_single_psu", "flag"),
    ("frame", "semi,in_dwelling,1000", "semi,in_dwelling,2", "stratum_certainty", "flag"),
    ("instruments", "Maker A", "call 01632 960123", "personal_text", "null"),
    ("instruments", "Maker A", "ask at SW1A 1AA", "personal_text", "null"),
    ("instruments", "Maker A", "a.person@example.org", "personal_text", "null"),
    ("buildings", "Wales", " wales", "category_spelling", "repair"),
    ("buildings", "wall_type", "Wall_Type", "header_spelling", "repair"),
]


def read(folder: Path) -> Trial:
    return read_trial(folder, day=pd.Timestamp("2025-06-30").date())


@pytest.mark.parametrize(
    ("table", "old", "new", "code", "line"), ROW_RULES, ids=[f"{r[3]}-{r[2][:24]}" for r in ROW_RULES]
)
def test_a_row_rule_quarantines_its_row(
    write_small_trial: Write, table: str, old: str, new: str, code: str, line: int
) -> None:
    folder = write_small_trial(**{table: (old, new)})
    if table == "frame":
        with pytest.raises(ValueError, match=f"none of its 1 rows can be accepted.*{code}"):
            read(folder)
        return
    trial = read(folder)
    own = trial.quarantine[trial.quarantine["table"].eq(table)]
    assert (code, line) in list(zip(own["code"], own["line"], strict=True))
    # Whatever else is out is out because of it: a child, the other half of a conflict, or the same cell seen twice.
    knock_on = {"parent_rejected", "path_two_buildings"} | ({"orphan"} if code == "cell_formula" else set())
    assert set(trial.quarantine["code"]) - knock_on <= {code}
    assert trial.ledger["quarantined"].sum() == len(trial.quarantine.drop_duplicates(["table", "line"]))


@pytest.mark.parametrize(
    ("table", "old", "new", "code", "severity"), NOTE_RULES, ids=[f"{r[3]}-{r[2][:24]}" for r in NOTE_RULES]
)
def test_a_note_keeps_the_row(
    write_small_trial: Write, table: str, old: str, new: str, code: str, severity: str
) -> None:
    trial = read(write_small_trial(**{table: (old, new)}))
    assert trial.quarantine.empty
    assert set(trial.notes["code"]) == {code}
    assert set(trial.notes["severity"]) == {severity}
    if code == "personal_text":
        assert new not in trial.notes.to_csv() + trial["instruments"].to_csv()


def test_an_emptied_cell_keeps_its_original_in_the_notes(write_small_trial: Write) -> None:
    trial = read(write_small_trial(measurements=("-72,observed", "72,observed")))
    note = trial.notes.iloc[0]
    assert (note["line"], note["column"], note["original"]) == (3, "rssi_dbm", "72")
    assert trial["measurements"]["rssi_dbm"].isna().tolist() == [False, True, True]


def test_children_of_a_rejected_row_follow_it_to_the_last(write_small_trial: Write) -> None:
    trial = read(write_small_trial(buildings=("B2,S1,semi,3", "B2,S1,semi,ninety")))
    lost = trial.quarantine[trial.quarantine["code"].eq("parent_rejected")]
    assert set(lost["table"]) == {"dwellings", "visits", "locations", "paths", "measurements"}
    assert trial["measurements"]["measurement_id"].tolist() == ["M1"]


def test_the_child_of_a_damaged_record_is_no_orphan(write_small_trial: Write) -> None:
    trial = read(write_small_trial(dwellings=("D2,B2,1,complete,0.002,0.5", "D2,B2,1,complete")))
    codes = trial.quarantine.set_index("table")["code"]
    assert set(codes["locations"]) == {"parent_rejected"}


def test_equal_rows_keep_the_first_and_disagreeing_rows_keep_none(write_small_trial: Write) -> None:
    row = "D2,B2,1,complete,0.002,0.5\n"
    equal = read(write_small_trial(dwellings=(row, row + row)))
    assert equal.quarantine[["code", "line"]].values.tolist() == [["duplicate", 4]]
    assert len(equal["dwellings"]) == 2
    disagree = read(write_small_trial(dwellings=(row, row + row.replace("complete", "partial"))))
    own = disagree.quarantine[disagree.quarantine["table"].eq("dwellings")]
    assert own[["code", "line"]].values.tolist() == [["duplicate_conflict", 3], ["duplicate_conflict", 4]]


def test_a_flat_upload_must_agree_with_itself_and_with_the_building(write_small_trial: Write) -> None:
    flat = """\
dwelling_id,building_id,floor_no,outcome,p_incl_1,p_incl_2,storeys,region
D1,B1,0,complete,0.002,1,2,wales
D2,B2,1,complete,0.002,0.5,3,Scotland
D3,B2,1,complete,0.002,0.5,4,Scotland
"""
    trial = read(write_small_trial(dwellings=flat))
    own = trial.quarantine[trial.quarantine["table"].eq("dwellings")]
    assert own[["code", "line"]].values.tolist() == [["conflict_fixed_property", 3], ["conflict_fixed_property", 4]]
    assert "storeys" in own["message"].iloc[0]
    assert set(trial.notes.loc[trial.notes["code"].eq("header_unknown"), "column"]) == {"storeys", "region"}
    assert "storeys" not in trial["dwellings"]


def test_a_number_that_lost_its_leading_zeros_is_told_by_its_column(write_small_trial: Write) -> None:
    surveyors = "surveyor_id,org,training_date\nV1,Survey Co,\n0012,Survey Co,\n0345,Survey Co,\n17,Survey Co,\n"
    trial = read(write_small_trial(surveyors=surveyors))
    assert trial.quarantine[["code", "line", "original"]].values.tolist() == [["id_mangled", 5, "17"]]


def test_several_rules_give_several_lines_and_one_row(write_small_trial: Write) -> None:
    trial = read(write_small_trial(dwellings=("D2,B2,1,complete,0.002,0.5", "D2,B2,9,finished,2,5")))
    own = trial.quarantine[trial.quarantine["table"].eq("dwellings")]
    assert sorted(own["code"]) == ["category_unknown", "storeys_floor", "weight_range", "weight_range"]
    assert trial.ledger.set_index("table").loc["dwellings", "quarantined"] == 1


def test_noise_quantiles_stand_in_order(write_small_trial: Write) -> None:
    noise = "noise_id,location_id,visit_id,band_lo_hz,band_hi_hz,rbw_hz,detector,unit,p10,p50,p90\n"
    noise += "N1,L1,T1,3000,148500,200,avg,dbuv,20,30,40\nN2,L1,T1,3000,148500,200,avg,dbuv,20,10,40\n"
    trial = read(write_small_trial(noise=noise))
    assert trial.quarantine[["line", "column", "code"]].values.tolist() == [[3, "p50", "value_range"]]


def test_wiring_belongs_to_a_building_or_a_dwelling(write_small_trial: Write) -> None:
    wiring = "wiring_id,building_id,dwelling_id,cable,noise_sources\nW1,B1,,SWA,led;smps\nW2,,,SWA,\nW3,,D2,u,tv\n"
    trial = read(write_small_trial(wiring=wiring))
    assert trial.quarantine[["line", "code"]].values.tolist() == [[3, "required_missing"], [4, "category_unknown"]]
    assert trial["wiring"]["noise_sources"].tolist() == ["smps;led"]


def many_readings(levels: list[str], distances: list[str]) -> dict[str, str]:
    n = range(len(levels))
    paths = "path_id,from_location,to_location,role,distance_m,walls_light,walls_heavy,floors\n"
    paths += "".join(f"P{i},L1,L2,CH-IHD,{distances[i]},1,0,0\n" for i in n)
    head = "measurement_id,path_id,visit_id,instrument_id,technology,freq_hz,rssi_dbm,rssi_status,start_utc\n"
    row = "M{0},P{0},T1,I1,zigbee_2g4,2440000000,{1},observed,2025-03-03T09:10:00Z\n"
    return {"paths": paths, "measurements": head + "".join(row.format(i, levels[i]) for i in n)}


def test_a_surveyor_whose_levels_never_vary_is_flagged(write_small_trial: Write) -> None:
    seven = read(write_small_trial(**many_readings(["-60"] * 7, ["5.0"] * 7)))
    assert seven.notes.empty
    eight = read(write_small_trial(**many_readings(["-60"] * 8, ["5.0"] * 8)))
    assert eight.notes["code"].value_counts().to_dict() == {"surveyor_constant": 8}
    varied = read(write_small_trial(**many_readings(["-60"] * 7 + ["-61"], ["5.0"] * 8)))
    assert varied.notes.empty


def test_a_surveyor_who_likes_some_digits_is_flagged(write_small_trial: Write) -> None:
    even = [f"5.{i % 10}" for i in range(60)]
    fives = [f"{5 + 0.01 * (i % 3):.2f}"[:-1] + "5" for i in range(60)]
    levels = [str(-60 - i % 5) for i in range(60)]
    assert read(write_small_trial(**many_readings(levels, even))).notes.empty
    flagged = read(write_small_trial(**many_readings(levels, fives)))
    assert flagged.notes["code"].value_counts().to_dict() == {"surveyor_digits": 60}
    assert read(write_small_trial(**many_readings(levels[:49], fives[:49]))).notes.empty


def test_dwellings_of_a_building_share_its_probability(write_small_trial: Write) -> None:
    row = "D2,B2,1,complete,0.002,0.5\n"
    trial = read(write_small_trial(dwellings=(row, row + "D3,B2,1,complete,0.004,0.5\n")))
    assert trial.notes["code"].tolist() == ["p_incl_product", "p_incl_product"]


def test_the_room_lists_its_codes_and_raises_each() -> None:
    own = {rule.code for rule in TRIAL_RULES}
    assert own <= set(RULES)
    raised = {r[3] for r in ROW_RULES} | {r[3] for r in NOTE_RULES}
    elsewhere = {"file_ambiguous", "file_unknown", "surveyor_constant", "surveyor_digits", "p_incl_product"}
    elsewhere |= {"sheet_unknown", "sheet_identity"}  # tests/corpus_xlsx.py
    elsewhere |= {"table_empty"}  # tests/test_trial_template.py
    elsewhere |= {"cell_mended", "row_dropped", "mended_place", "mended_accepted", "mended_twice", "mended_stale"}
    assert own <= raised | elsewhere
