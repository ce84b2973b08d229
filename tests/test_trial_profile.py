"""What the sampled buildings are like."""

from collections.abc import Callable
from pathlib import Path

import pytest

from smarthan.trial_data import building_profile, building_shares, read_trial


def test_a_group_is_counted_with_its_storeys(write_small_trial: Callable[..., Path]) -> None:
    table = building_profile(read_trial(write_small_trial()), by=("archetype", "meter_class"))
    assert table.iloc[0].to_dict() == {
        "archetype": "semi",
        "meter_class": "in_dwelling",
        "buildings": 2,
        "dwellings": 3,
        "dwellings_sampled": 2,
        "dwellings_responding": 2,
        "storeys_least": 2,
        "storeys_median": 2.5,
        "storeys_most": 3,
    }
    assert table.iloc[1]["archetype"] == "ALL"


def test_groups_stand_in_the_declared_order(write_small_trial: Callable[..., Path]) -> None:
    trial = read_trial(write_small_trial(buildings=("B1,S1,semi", "B1,S1,terrace")))
    assert building_profile(trial)["archetype"].tolist() == ["semi", "terrace", "ALL"]


def test_shares_of_a_group_add_to_one_with_what_was_not_recorded(write_small_trial: Callable[..., Path]) -> None:
    trial = read_trial(write_small_trial(buildings=("solid_brick", "")))
    table = building_shares(trial)
    semi = table[table["archetype"].eq("semi")].set_index("wall_type")
    assert semi["share"].sum() == pytest.approx(1)
    assert semi.loc["cavity_brick", "share"] == semi.loc["not recorded", "share"] == 0.5
    assert "not recorded" in table["wall_type"].tolist()


def test_an_unknown_column_or_group_is_refused(write_small_trial: Callable[..., Path]) -> None:
    trial = read_trial(write_small_trial())
    with pytest.raises(ValueError, match="column: 'storeys' is not one of"):
        building_shares(trial, column="storeys")
    with pytest.raises(ValueError, match="by: 'building_id' is not one of"):
        building_profile(trial, by="building_id")
