"""The declared tables of a trial: whole, consistent, and true to the bands of the technologies."""

import pytest

from smarthan.tables import Field, Table
from smarthan.trial_data.declared import IDENTITY, OPTIONAL_TABLES, REQUIRED_TABLES, TRIAL_TABLES, columns, words

ALL = [*TRIAL_TABLES.values(), IDENTITY]
FIELDS = [(table, field) for table in ALL for field in table.fields]
each_table = pytest.mark.parametrize("table", ALL, ids=lambda t: t.name)
each_field = pytest.mark.parametrize(("table", "field"), FIELDS, ids=lambda part: part.name)


def test_twelve_tables_with_identity_apart() -> None:
    assert len(ALL) == 12
    assert "identity" not in TRIAL_TABLES
    assert set(REQUIRED_TABLES) == set(TRIAL_TABLES) - {"wiring", "noise"}
    assert OPTIONAL_TABLES == ("wiring", "noise")


@each_table
def test_keys_and_parents_name_declared_columns(table: Table) -> None:
    assert table.key
    assert set(table.key) <= set(table.names)
    for parent in table.parents:
        assert parent.column in table.names
        assert TRIAL_TABLES[parent.table].key == (parent.key,)


def test_parents_stand_before_their_children() -> None:
    order = list(TRIAL_TABLES)
    for table in TRIAL_TABLES.values():
        assert all(order.index(parent.table) < order.index(table.name) for parent in table.parents)


@each_field
def test_each_column_is_worded_and_bounded(table: Table, field: Field) -> None:
    assert field.about.endswith(".")
    assert "\n" not in field.about
    assert field.optional_column is not field.required
    if field.kind in ("category", "words"):
        assert field.allowed
        assert len(set(field.allowed)) == len(field.allowed)
    if field.kind == "number":
        assert field.unit
    if field.low is not None and field.high is not None:
        assert field.low < field.high


def test_only_identity_holds_personal_columns() -> None:
    assert not [(t.name, f.name) for t, f in FIELDS if f.personal and t is not IDENTITY]
    assert {f.name for f in IDENTITY.fields if not f.personal} == {"building_id", "dwelling_id"}


def test_quasi_identifiers_are_those_of_the_design() -> None:
    quasi = {f"{t.name}.{f.name}" for t, f in FIELDS if f.quasi}
    buildings = {f"buildings.{name}" for name in ("archetype", "storeys", "built_band", "region")}
    assert quasi == buildings | {"locations.meter_class"}


@pytest.mark.parametrize(
    ("table", "column", "breach"),
    [
        ("buildings", "storeys", "row"),
        ("buildings", "density_band", "null"),
        ("paths", "distance_m", "row"),
        ("measurements", "rssi_dbm", "null"),
        ("measurements", "packets_ok", "row"),
    ],
)
def test_out_of_range_rejects_design_and_geometry_only(table: str, column: str, breach: str) -> None:
    assert TRIAL_TABLES[table].by_name[column].breach == breach


def test_rssi_has_sentinels_of_its_own() -> None:
    rssi = TRIAL_TABLES["measurements"].by_name["rssi_dbm"]
    assert {"0", "127", "-999"} <= set(rssi.sentinels)
    assert "0" not in TRIAL_TABLES["measurements"].by_name["snr_db"].sentinels


def test_every_technology_has_its_bands_rising_and_apart() -> None:
    assert tuple(words.BANDS_HZ) == words.TECHNOLOGIES == tuple(words.BAND_STATUS)
    for bands in words.BANDS_HZ.values():
        edges = [edge for band in bands for edge in band]
        assert edges == sorted(edges)
    assert set(words.RADIO_TECHNOLOGIES) < set(words.TECHNOLOGIES)


def test_category_column_offers_its_words() -> None:
    field = columns.word_column("door", "A door.", ("open", "shut"))
    assert field.expectation == "one of open, shut"
    assert not field.required


@each_table
def test_empty_table_has_declared_types(table: Table) -> None:
    frame = table.empty()
    assert list(frame.columns) == table.names
    assert [str(dtype) for dtype in frame.dtypes if str(dtype) != "category"] == [
        f.dtype for f in table.fields if f.kind != "category"
    ]


# The columns of the trial design, section 3; * marks a required one.
DESIGN = {
    "frame": "stratum_id* archetype* meter_class* n_buildings* n_premises* source* ref_date* certainty",
    "buildings": "building_id* stratum_id* archetype* storeys* basements dwellings_n* built_band wall_type floor_type"
    " foil_insulation low_e_glazing metal_cladding landlord_supply lift_cores footprint_m2 length_2d_m height_m"
    " circularity density_band occupancy_band rural_outbuildings riser incoming_phases earthing region*",
    "dwellings": "dwelling_id* building_id* floor_no* bedrooms floor_area_m2 outcome* p_incl_1* p_incl_2*"
    " supplier_class",
    "locations": "location_id* building_id* dwelling_id kind* meter_class enclosure x_m y_m z_m floor_no mount",
    "paths": "path_id* from_location* to_location* role* distance_m* walls_light* walls_heavy* floors* metal_obstacle"
    " wire_length_m same_phase through_rcd through_rcbo through_spd through_sub_main",
    "instruments": "instrument_id* model* rssi_floor_dbm rssi_ceiling_dbm rssi_step_db rssi_tolerance_db"
    " sensitivity_dbm cal_date* cal_valid_days cal_offset_db antenna_gain_dbi",
    "measurements": "measurement_id* path_id* visit_id* instrument_id* technology* freq_hz band_lo_hz band_hi_hz"
    " tx_power_dbm rssi_dbm rssi_status noise_dbm snr_db attenuation_db packets_sent packets_ok rate_bps latency_ms"
    " start_utc* duration_s door_state repeat_no",
    "wiring": "wiring_id* building_id dwelling_id cable year_band cu_type rcd_n phases circuits_n ring_radial"
    " nearest_sub_main_m noise_sources",
    "noise": "noise_id* location_id* visit_id* band_lo_hz* band_hi_hz* rbw_hz* detector* unit* p10 p50 p90 class file"
    " sha256",
    "visits": "visit_id* building_id* surveyor_id* date* start_utc end_utc outcome* protocol_version* weather",
    "surveyors": "surveyor_id* org* training_date",
    "identity": "building_id dwelling_id uprn mpan address postcode latitude longitude contact",
}


@each_table
def test_columns_are_those_of_the_design(table: Table) -> None:
    assert [f.name + "*" * f.required for f in table.fields] == DESIGN[table.name].split()
