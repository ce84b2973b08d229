"""The modelled chance of each home beside what was seen: by hand, against the truth, and where there is no model."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy.special import ndtr

from smarthan.analysis import housing_stock, reach
from smarthan.analysis.homes.home_outcomes import RADIO_ROLES
from smarthan.analysis.homes.link_outcomes import path_excess
from smarthan.analysis.homes.modelled import model_homes
from smarthan.trial_data import sample_trial


def make_trial(seed: int, buildings: int = 200) -> SimpleNamespace:
    """Two links a home, 6 dB lost a heavy wall, buildings 4 dB apart and paths 5 dB."""
    rng = np.random.default_rng(seed)
    number = np.repeat(np.arange(buildings), 2)
    walls = rng.integers(0, 6, len(number))
    level = -62.0 - 6.0 * walls + rng.normal(0, 4, buildings)[number] + rng.normal(0, 5, len(number))
    path = [f"p{n}" for n in range(len(number))]
    hub, far = [f"hub{n}" for n in number], [f"end{n}" for n in range(len(number))]
    locations = pd.DataFrame({"location_id": [*dict.fromkeys(hub), *far]})
    locations["building_id"] = [f"b{n}" for n in [*range(buildings), *number]]
    locations["dwelling_id"] = [f"d{n}" for n in [*range(buildings), *number]]
    readings = pd.DataFrame({"path_id": path, "instrument_id": "i", "technology": "zigbee_2g4"})
    readings["rssi_dbm"] = np.where(level < -91, -91.0, level)
    readings["rssi_status"] = np.where(level < -91, "at_floor", "observed")
    readings.loc[level < -97, ["rssi_dbm", "rssi_status"]] = [np.nan, "not_heard"]
    paths = pd.DataFrame({"path_id": path, "from_location": hub, "to_location": far})
    paths["role"] = np.tile(["CH-IHD", "CH-GM"], buildings)
    paths = paths.assign(distance_m=5.0, walls_light=0, walls_heavy=walls, floors=0)
    tables = {
        "dwellings": pd.DataFrame({"dwelling_id": [f"d{n}" for n in range(buildings)]}).assign(
            building_id=[f"b{n}" for n in range(buildings)]
        ),
        "locations": locations,
        "paths": paths,
        "instruments": pd.DataFrame({"instrument_id": ["i"], "sensitivity_dbm": [-97.0], "rssi_floor_dbm": [-91.0]}),
        "measurements": readings,
    }
    return SimpleNamespace(tables=tables, synthetic=True, walls=walls)


def test_bounds_of_paths_follow_the_status_of_their_readings() -> None:
    excess = path_excess(make_trial(1), "zigbee_2g4").set_index("path_id")
    readings = make_trial(1).tables["measurements"].set_index("path_id")
    for status, low, high in (("at_floor", -10.0, -91 + 97 - 10), ("not_heard", -np.inf, -10.0)):
        own = excess.loc[readings.index[readings["rssi_status"] == status]]
        assert len(own) > 3
        assert (own["low"] == low).all()
        assert (own["high"] == high).all()
    seen = readings[readings["rssi_status"] == "observed"]
    np.testing.assert_allclose(excess.loc[seen.index, "low"], seen["rssi_dbm"] + 87)


def test_the_chance_is_that_of_both_links_over_all_buildings() -> None:
    trial = make_trial(2, buildings=600)
    homes = model_homes(trial, "zigbee_2g4", ["CH-IHD", "CH-GM"])
    assert homes.fit is not None
    assert homes.fit.coef["walls_heavy"] == pytest.approx(-6, abs=0.4)
    assert homes.fit.sd_group == pytest.approx(4, abs=0.8)
    effect = np.random.default_rng(0).normal(0, 4, 40_000)[:, None]
    expected = (-62.0 - 6.0 * trial.walls + 87).reshape(-1, 2)
    chance = np.array([ndtr((pair + effect) / 5).prod(axis=1).mean() for pair in expected[:100]])
    np.testing.assert_allclose(homes.probability.loc[[f"d{n}" for n in range(100)]], chance, atol=0.06)


def test_a_home_whose_ways_are_not_all_recorded_has_no_chance() -> None:
    homes = model_homes(make_trial(3), "zigbee_2g4", RADIO_ROLES)
    assert homes.probability.isna().all()
    with_both = model_homes(make_trial(3), "zigbee_2g4", ["CH-IHD", "CH-GM"])
    assert with_both.probability.notna().all()


def test_too_few_levels_have_no_model_and_say_so() -> None:
    homes = model_homes(make_trial(4, buildings=8), "zigbee_2g4", ["CH-IHD"])
    assert homes.fit is None
    assert homes.note == "zigbee_2g4: 16 levels; no model is fitted to so many or so few"


def test_reach_shows_model_and_sample_side_by_side() -> None:
    trial, stock = sample_trial(), housing_stock()
    both, alone = (reach(trial, stock, ["zigbee_2g4", "zigbee_sub"], model=model).table for model in (True, False))
    assert alone["model_estimate"].isna().all()
    pd.testing.assert_series_equal(both["estimate"], alone["estimate"])
    national = both[both["archetype"] == "ALL"]
    np.testing.assert_allclose(national["model_estimate"].astype(float), national["estimate"], atol=0.03)
    outside = both["model_estimate"].notna() & ~both["model_estimate"].astype(float).between(
        both["lower"], both["upper"]
    )
    assert both["flag"].str.contains("model_differs").tolist() == outside.tolist()
    assert outside.any()
