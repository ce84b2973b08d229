"""Reach: shares checked by eye on a tiny trial, bounds, what is left out, and the laws reach must keep."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import Reach, reach

# stratum: archetype, meter class, buildings there are, premises there are
STRATA = {
    "S1": ("semi", "in_dwelling", 600, 600),
    "S2": ("flat_low", "meter_room_ground", 40, 400),
    "S3": ("flat_high", "riser", 2, 100),
}
STOCK = pd.DataFrame(
    {"archetype": ["semi", "flat_low", "caravan"], "premises": [8000.0, 1000.0, 1000.0], "year": 2011, "source": "own"}
)
Home = tuple[str, str, str, bool | None]  # stratum, building, outcome, reached by zigbee_sub


def make_trial(homes: list[Home], *, wired: bool | None = None) -> SimpleNamespace:
    """One display path a responding home, packets 1000 or 0; none at all where the outcome is None."""
    frame = pd.DataFrame(
        [(key, *facts) for key, facts in STRATA.items()],
        columns=["stratum_id", "archetype", "meter_class", "n_buildings", "n_premises"],
    )
    blocks = list(dict.fromkeys((building, stratum) for stratum, building, _, _ in homes))
    buildings = pd.DataFrame(blocks, columns=["building_id", "stratum_id"])
    buildings["archetype"] = buildings["stratum_id"].map(lambda key: STRATA[key][0])
    ids = [f"d{i}" for i in range(len(homes))]
    fraction = {key: buildings["stratum_id"].eq(key).sum() / facts[2] for key, facts in STRATA.items()}
    dwellings = pd.DataFrame(
        {
            "dwelling_id": ids,
            "building_id": [building for _, building, _, _ in homes],
            "outcome": [outcome for _, _, outcome, _ in homes],
            "p_incl_1": [float(fraction[stratum]) for stratum, _, _, _ in homes],
            "p_incl_2": 1.0,
        }
    )
    readings = [
        {"path_id": f"p-{home}", "technology": technology, "packets_sent": 1000, "packets_ok": 1000 * int(ok)}
        for home, (_, _, _, works) in zip(ids, homes, strict=True)
        for technology, ok in (("zigbee_sub", works), ("bb_plc", wired))
        if ok is not None
    ]
    tables = {
        "frame": frame,
        "buildings": buildings,
        "dwellings": dwellings,
        "locations": dwellings.assign(location_id=dwellings["dwelling_id"]),
        "paths": pd.DataFrame({"path_id": [f"p-{i}" for i in ids], "from_location": ids, "to_location": ids}).assign(
            role="CH-IHD"
        ),
        "instruments": pd.DataFrame({"instrument_id": ["i"]}),
        "measurements": pd.DataFrame(readings).assign(instrument_id="i"),
    }
    return SimpleNamespace(tables=tables, synthetic=True)


def estimate(homes: list[Home], stock: pd.DataFrame = STOCK, **options: Any) -> Reach:
    return reach(make_trial(homes), stock, ["zigbee_sub"], roles=["CH-IHD"], **options)


def row(answer: Reach, archetype: str = "ALL", meter_class: str = "ALL", technology: str = "zigbee_sub") -> pd.Series:
    table = answer.table.set_index(["technology", "archetype", "meter_class"])
    return table.loc[(technology, archetype, meter_class)]


# Semis: 3 of 4 reached. Low flats: 2 of 4 reached, in 2 buildings; a third building refused.
HOMES: list[Home] = [
    *[("S1", f"s{i}", "complete", i > 0) for i in range(4)],
    *[("S2", "f1", "complete", True), ("S2", "f1", "complete", True)],
    *[("S2", "f2", "complete", False), ("S2", "f2", "partial", False)],
    *[("S2", "f3", "refusal", None), ("S2", "f3", "no_contact", None)],
    ("S1", "gone", "ineligible", None),
]


def test_types_and_nation_are_weighted_to_the_stock() -> None:
    answer = estimate(HOMES)
    assert row(answer, "semi")["estimate"] == pytest.approx(0.75)
    assert row(answer, "flat_low")["estimate"] == pytest.approx(0.5)
    assert row(answer)["estimate"] == pytest.approx((0.75 * 8000 + 0.5 * 1000) / 9000)


def test_each_row_counts_homes_buildings_and_response() -> None:
    flats = row(estimate(HOMES), "flat_low")
    assert (flats["n"], flats["n_psu"], flats["df"]) == (4, 2, 1)
    assert flats["response"] == pytest.approx(4 / 6)
    semis = row(estimate(HOMES), "semi", "in_dwelling")
    assert (semis["n"], semis["response"]) == (4, 1.0)


def test_bounds_take_in_every_home_without_outcome() -> None:
    answer = estimate(HOMES)
    flats = row(answer, "flat_low")
    assert (flats["manski_low"], flats["manski_high"]) == pytest.approx((2 / 6, 4 / 6))
    national = row(answer)
    low = 0.75 * 8000 + 2 / 6 * 1000
    assert (national["manski_low"], national["manski_high"]) == pytest.approx(
        (low / 10000, (0.75 * 8000 + 4 / 6 * 1000 + 1000) / 10000)
    )


def test_stock_without_evidence_is_a_row_and_a_note() -> None:
    answer = estimate(HOMES)
    caravans = row(answer, "caravan")
    assert math.isnan(caravans["estimate"])
    assert (caravans["manski_low"], caravans["manski_high"], caravans["method"]) == (0.0, 1.0, "none")
    assert "no_answers" in caravans["flag"]
    assert "part_without_evidence" in row(answer)["flag"]
    assert any("caravan: 1,000 premises, 10.0% of the stock" in note for note in answer.notes)


def test_trial_homes_that_the_stock_does_not_have_stay_out_of_the_nation() -> None:
    towers: list[Home] = [("S3", f"t{i}", "complete", False) for i in range(2)]
    answer = estimate(HOMES + towers)
    assert row(answer)["estimate"] == pytest.approx(row(estimate(HOMES))["estimate"])
    assert row(answer, "flat_high")["estimate"] == 0.0
    assert "not_in_stock" in row(answer, "flat_high")["flag"]
    assert any("flat_high" in note for note in answer.notes)


def test_premises_follow_the_shares() -> None:
    premises = estimate(HOMES).premises.set_index(["archetype", "meter_class"])
    flats = premises.loc[("flat_low", "ALL")]
    assert (flats["premises"], flats["reached"], flats["not_reached"]) == pytest.approx((1000, 500, 500))
    national = premises.loc[("ALL", "ALL")]
    assert (national["premises"], national["without_evidence"]) == pytest.approx((10000, 1000))
    assert national["reached"] + national["not_reached"] == pytest.approx(9000)


def test_joint_lists_who_answered_with_weights_and_pattern() -> None:
    joint = reach(make_trial(HOMES, wired=True), STOCK, roles=["CH-IHD"]).joint
    assert len(joint) == 8
    assert joint.groupby("archetype", observed=True)["weight"].sum().to_dict() == pytest.approx(
        {"semi": 8000, "flat_low": 1000}
    )
    assert joint["pattern"].tolist() == ["01", "11", "11", "11", "11", "11", "01", "01"]


def test_an_item_missing_is_not_a_failure() -> None:
    unknown: list[Home] = [("S1", "s9", "partial", None)]
    answer = reach(make_trial(HOMES + unknown, wired=True), STOCK, roles=["CH-IHD"])
    assert row(answer, "semi")["estimate"] == pytest.approx(0.75)
    assert row(answer, "semi")["manski_low"] == pytest.approx(0.6)
    assert answer.joint["pattern"].str.contains("u").sum() == 1


def test_what_a_home_said_before_it_withdrew_is_not_used() -> None:
    withdrawn: list[Home] = [("S1", "s9", "withdrawn", True)]
    semis = row(estimate(HOMES + withdrawn), "semi")
    assert (semis["n"], semis["response"]) == (4, pytest.approx(0.8))


def test_without_adjustment_the_design_weights_stand() -> None:
    answer = estimate(HOMES, adjust="none")
    # Five of 600 buildings were sampled in S1 (one turned out ineligible) and three of 40 in S2.
    assert row(answer)["estimate"] == pytest.approx((3 * 120 + 2 * 40 / 3) / (4 * 120 + 4 * 40 / 3))


def test_a_stock_with_meter_classes_splits_the_type() -> None:
    stock = pd.DataFrame(
        {
            "archetype": ["semi", "flat_low", "flat_low"],
            "meter_class": ["in_dwelling", "meter_room_ground", "riser"],
            "premises": [100.0, 10.0, 30.0],
        }
    )
    answer = estimate(HOMES, stock)
    assert row(answer)["estimate"] == pytest.approx((75 + 5) / 110)
    assert "no_answers" in row(answer, "flat_low", "riser")["flag"]
    assert any("flat_low (riser)" in note for note in answer.notes)


def test_where_stock_and_trial_differ_in_meter_classes_the_whole_type_counts() -> None:
    stock = pd.DataFrame(
        {"archetype": ["semi", "flat_low"], "meter_class": ["porch", "meter_room_ground"], "premises": [90.0, 10.0]}
    )
    assert row(estimate(HOMES, stock))["estimate"] == pytest.approx(0.9 * 0.75 + 0.1 * 0.5)


def test_one_building_in_a_stratum_gives_no_interval_there() -> None:
    answer = estimate(
        [*HOMES, ("S3", "t1", "complete", True)],
        pd.concat(
            [STOCK, pd.DataFrame({"archetype": ["flat_high"], "premises": [50.0], "year": [2011], "source": ["own"]})]
        ),
    )
    tower = row(answer, "flat_high")
    assert math.isnan(tower["lower"])
    assert "hide_no_interval" in tower["flag"]
    assert row(answer)["lower"] < row(answer)["estimate"] < row(answer)["upper"]
    assert any("One building answered in S3" in note for note in answer.notes)


def test_a_technology_that_nobody_measured_is_unknown_not_zero() -> None:
    answer = reach(make_trial(HOMES), STOCK, ["zigbee_sub", "wifi"], roles=["CH-IHD"])
    assert math.isnan(row(answer, technology="wifi")["estimate"])
    assert (row(answer, technology="wifi")["manski_low"], row(answer, technology="wifi")["manski_high"]) == (0.0, 1.0)


def test_synthetic_says_so_and_the_model_column_is_empty() -> None:
    answer = estimate(HOMES)
    assert answer.synthetic
    assert all(frame.attrs["synthetic"] for frame in (answer.table, answer.joint, answer.premises))
    assert answer.table["model_estimate"].isna().all()
    assert "synthetic" in answer._repr_html_()


def test_limits_and_roles_used_are_recorded() -> None:
    answer = estimate(HOMES)
    assert answer.roles == {"zigbee_sub": ("CH-IHD",)}
    assert answer.limits.loc["zigbee_sub", "fade_margin_db"] == 10


def test_order_of_rows_changes_nothing() -> None:
    trial, mixed = make_trial(HOMES), make_trial(HOMES)
    rng = np.random.default_rng(5)
    mixed.tables = {name: table.iloc[rng.permutation(len(table))] for name, table in mixed.tables.items()}
    first, second = (reach(t, STOCK, ["zigbee_sub"], roles=["CH-IHD"]).table for t in (trial, mixed))
    pd.testing.assert_frame_equal(first, second)


def test_more_reach_for_one_home_never_lowers_the_total() -> None:
    better = [(s, b, o, True if b == "s0" else works) for s, b, o, works in HOMES]
    assert row(estimate(better))["estimate"] > row(estimate(HOMES))["estimate"]


@pytest.mark.parametrize(
    ("homes", "stock", "options", "words"),
    [
        ([("S1", "s", "refusal", None), ("S1", "t", "ineligible", True)], STOCK, {}, "nobody answered"),
        ([("S1", "t", "ineligible", True)], STOCK, {}, "no eligible dwelling"),
        (HOMES, STOCK.assign(premises=0.0), {}, "holds no premises"),
        (HOMES, STOCK, {"adjust": "rake"}, "'rake' is not one of poststratify, none"),
    ],
    ids=["refused", "ineligible", "empty stock", "adjust"],
)
def test_what_cannot_be_estimated_is_refused(homes: list[Home], stock: pd.DataFrame, options: dict, words: str) -> None:
    trial = make_trial(homes, wired=True)
    with pytest.raises(ValueError, match=words):
        reach(trial, stock, ["bb_plc"], roles=["CH-IHD"], **options)


def test_a_dwelling_without_building_is_named() -> None:
    trial = make_trial(HOMES)
    trial.tables["buildings"] = trial.tables["buildings"].query("building_id != 's0'")
    with pytest.raises(ValueError, match=r"1 dwellings have a building_id .* first 's0'"):
        reach(trial, STOCK, roles=["CH-IHD"])
