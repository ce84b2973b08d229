"""Reach by hub mounting, meter place and other properties: domains checked by eye, bounds, what is not known."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import housing_stock, reach, reach_by
from smarthan.trial_data import sample_trial

STOCK = pd.DataFrame({"archetype": ["semi", "flat_low"], "premises": [600.0, 400.0], "year": 2011, "source": "own"})
# mount of the hub, outcome of the visit, reached
SEMIS = [("hotshoe", "complete", True)] * 2 + [("separate", "complete", False), ("separate", "complete", True)]
FLATS = [("hotshoe", "complete", False), ("u", "complete", True), ("separate", "complete", True)]


def make_trial(extra: list[tuple[str | None, str, bool | None]] | None = None) -> SimpleNamespace:
    """One home a building; a display path of 1000 packets each, none where the outcome is None."""
    homes = [("semi", *home) for home in SEMIS] + [("flat_low", *home) for home in [*FLATS, *(extra or [])]]
    ids = [str(i) for i in range(len(homes))]
    kinds, mounts, visits, works = (list(column) for column in zip(*homes, strict=True))
    buildings = pd.DataFrame({"building_id": ids, "stratum_id": kinds, "archetype": kinds, "storeys": range(len(ids))})
    dwellings = pd.DataFrame({"dwelling_id": ids, "building_id": ids, "outcome": visits, "p_incl_1": 0.01})
    hubs = pd.DataFrame({"location_id": ids, "building_id": ids, "dwelling_id": ids, "mount": mounts})
    paths = pd.DataFrame({"path_id": ids, "from_location": ids, "to_location": ids, "role": "CH-IHD"})
    packets = [0 if ok is None else 1000 for ok in works]
    readings = pd.DataFrame({"path_id": ids, "packets_sent": packets, "packets_ok": [1000 * bool(ok) for ok in works]})
    frame = pd.DataFrame({"stratum_id": ["semi", "flat_low"], "archetype": ["semi", "flat_low"]})
    tables = {
        "frame": frame.assign(meter_class=["in_dwelling", "riser"], n_buildings=400, n_premises=[600, 400]),
        "buildings": buildings.assign(region="Wales", built_band=["pre1919"] * 4 + ["u"] * (len(ids) - 4)),
        "dwellings": dwellings.assign(p_incl_2=1.0),
        "locations": hubs.assign(kind="comms_hub"),
        "paths": paths,
        "instruments": pd.DataFrame({"instrument_id": ["i"]}),
        "measurements": readings[readings["packets_sent"] > 0].assign(technology="zigbee_sub", instrument_id="i"),
    }
    return SimpleNamespace(tables=tables, synthetic=True)


def by(trial: SimpleNamespace, name: str = "mount", **options: Any) -> pd.DataFrame:
    return reach_by(trial, STOCK, name, ["zigbee_sub"], roles=["CH-IHD"], **options)


def row(table: pd.DataFrame, group: str, archetype: str = "ALL") -> pd.Series:
    return table.set_index(["group", "archetype"]).loc[(group, archetype)]


def test_groups_are_domains_with_the_weights_of_the_whole() -> None:
    table = by(make_trial())
    assert table.loc[table["archetype"] == "ALL", "group"].tolist() == ["hotshoe", "separate", "not known"]
    # A semi stands for 150 homes, a flat for 400/3.
    assert row(table, "hotshoe")["estimate"] == pytest.approx(300 / (300 + 400 / 3))
    assert row(table, "separate")["estimate"] == pytest.approx((150 + 400 / 3) / (300 + 400 / 3))
    assert row(table, "hotshoe", "semi")["estimate"] == 1.0
    assert (row(table, "separate")["n"], row(table, "separate")["n_psu"]) == (3, 3)


def test_columns_are_those_of_the_reach_after_the_group() -> None:
    trial = make_trial()
    table = by(trial)
    assert list(table.columns) == ["group", *reach(trial, STOCK, ["zigbee_sub"], roles=["CH-IHD"]).table.columns]
    assert table.attrs["synthetic"]
    assert table.attrs["by"] == "mount"
    assert any("1 homes that answered have no known mount" in note for note in table.attrs["notes"])


def test_small_groups_are_flagged() -> None:
    table = by(make_trial())
    assert table["flag"].str.contains("hide_").all()
    assert row(table, "hotshoe", "flat_low")["method"] == "none"


def test_bounds_take_homes_of_unknown_group_either_way() -> None:
    table = by(make_trial([(None, "refusal", None)]))
    flat = 400 / 4  # everyone's weight: four sampled flats
    hotshoe = row(table, "hotshoe", "flat_low")
    # Low: the refusal is in it and fails. High: the home of unknown mount that works and the refusal are both in it.
    assert (hotshoe["manski_low"], hotshoe["manski_high"]) == pytest.approx((0.0, 2 * flat / (3 * flat)))
    assert math.isnan(hotshoe["response"])
    assert row(table, "hotshoe", "semi")["response"] == 1.0


def test_an_outcome_not_known_is_neither_yes_nor_no() -> None:
    table = by(make_trial([("intimate", "partial", None)]))
    intimate = row(table, "intimate")
    assert math.isnan(intimate["estimate"])
    assert intimate["flag"] == "no_answers"
    assert (intimate["manski_low"], intimate["manski_high"]) == (0.0, 1.0)


def test_a_home_with_hubs_of_two_kinds_has_no_known_mount() -> None:
    trial = make_trial()
    second = trial.tables["locations"].iloc[:1].assign(location_id="x", mount="separate")
    trial.tables["locations"] = pd.concat([trial.tables["locations"], second])
    assert row(by(trial), "hotshoe", "semi")["n"] == 1
    assert row(by(trial), "not known", "semi")["n"] == 1


def test_a_hub_in_a_common_place_belongs_to_the_only_home() -> None:
    trial = make_trial()
    trial.tables["locations"] = trial.tables["locations"].assign(dwelling_id=None)
    pd.testing.assert_frame_equal(by(trial), by(make_trial()))
    trial.tables["locations"] = trial.tables["locations"].drop(columns="dwelling_id")
    pd.testing.assert_series_equal(by(trial)["estimate"], by(make_trial())["estimate"])


def test_by_meter_place_region_and_building_column() -> None:
    trial = make_trial()
    places = by(trial, "meter_class")
    assert row(places, "riser")["estimate"] == pytest.approx(2 / 3)
    assert row(places, "riser")["meter_class"] == "riser"
    whole = reach(trial, STOCK, ["zigbee_sub"], roles=["CH-IHD"]).table.iloc[0]
    wales = row(by(trial, "region"), "Wales")
    for name in ("estimate", "lower", "upper", "n", "response", "manski_low", "manski_high"):
        assert wales[name] == pytest.approx(whole[name]), name
    assert row(by(trial, "built_band"), "not known")["n"] == 3


def test_premises_without_evidence_widen_the_bounds() -> None:
    stock = pd.concat([STOCK, pd.DataFrame({"archetype": ["caravan"], "premises": [250.0]})])
    table = reach_by(make_trial(), stock, "region", ["zigbee_sub"], roles=["CH-IHD"])
    whole = reach(make_trial(), stock, ["zigbee_sub"], roles=["CH-IHD"]).table.iloc[0]
    assert row(table, "Wales")["manski_low"] == pytest.approx(whole["manski_low"])
    plain = reach_by(make_trial(), stock, "region", ["zigbee_sub"], roles=["CH-IHD"], adjust="none")
    assert row(plain, "Wales")["manski_low"] == pytest.approx(5 / 7)


def test_a_technology_nobody_measured_has_no_estimate() -> None:
    table = reach_by(make_trial(), STOCK, "region", ["zigbee_sub", "wifi"], roles=["CH-IHD"])
    silent = table[table["technology"] == "wifi"]
    assert silent["estimate"].isna().all()
    assert set(silent["flag"]) == {"no_answers"}


def test_a_group_outside_the_stock_has_no_share_of_it() -> None:
    table = reach_by(make_trial(), STOCK[:1], "meter_class", ["zigbee_sub"], roles=["CH-IHD"])
    assert row(table, "riser")["flag"] == "no_answers"
    assert row(table, "riser", "flat_low")["estimate"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("name", "words"), [("colour", "'colour' is no property of the homes"), ("building_id", "is no property")]
)
def test_what_the_trial_does_not_tell_is_refused(name: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        by(make_trial(), name)


def test_too_many_groups_and_no_mount_are_refused() -> None:
    many: list[tuple[str | None, str, bool | None]] = [("hotshoe", "complete", True)] * 30
    with pytest.raises(ValueError, match="37 values, more than 30"):
        by(make_trial(many), "storeys")
    trial = make_trial()
    trial.tables["locations"] = trial.tables["locations"].drop(columns="mount")
    with pytest.raises(ValueError, match="has no column mount"):
        by(trial)


def test_order_of_rows_changes_nothing() -> None:
    mixed = make_trial()
    rng = np.random.default_rng(2)
    mixed.tables = {name: table.iloc[rng.permutation(len(table))] for name, table in mixed.tables.items()}
    pd.testing.assert_frame_equal(by(mixed), by(make_trial()))


def test_groups_of_the_demonstration_add_up_to_the_whole() -> None:
    trial, stock = sample_trial(), housing_stock()
    table = reach_by(trial, stock, "mount", ["zigbee_2g4"])
    whole = reach(trial, stock, ["zigbee_2g4"], model=False).table
    assert table.loc[table["archetype"] == "ALL", "n"].sum() == whole.loc[0, "n"]


def test_the_model_stands_beside_each_group_as_in_the_whole() -> None:
    trial, stock = sample_trial(), housing_stock()
    whole = reach(trial, stock, ["zigbee_sub"]).table
    groups = reach_by(trial, stock, "archetype", ["zigbee_sub"])
    groups = groups[groups["archetype"] == "ALL"].set_index("group")
    types = whole[whole["meter_class"] == "ALL"].set_index("archetype").drop("ALL")
    shared = [name for name in groups.index if pd.notna(types["model_estimate"].get(name, pd.NA))]
    assert len(shared) > 3
    np.testing.assert_allclose(
        groups.loc[shared, "model_estimate"].astype(float), types.loc[shared, "model_estimate"].astype(float)
    )
    differs = groups["flag"].str.contains("model_differs")
    outside = ~groups["model_estimate"].astype(float).between(groups["lower"], groups["upper"])
    assert (differs == (outside & groups["lower"].notna() & groups["model_estimate"].notna())).all()
