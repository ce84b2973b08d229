"""Paths of the synthetic trial: the stated medians, floors and walls; wire never shorter than the straight line."""

from dataclasses import replace

import numpy as np
import pytest

from smarthan.trial_data.synthetic.constants import PROFILES
from smarthan.trial_data.synthetic.geometry import ROLES, draw_paths, draw_wires

BASEMENT = next(p for p in PROFILES if p.meter_class == "meter_room_basement")
FLOORS = np.full(20_000, 2)


def test_display_lies_at_the_stated_distance_behind_the_stated_walls() -> None:
    path = draw_paths(BASEMENT, FLOORS, np.random.default_rng(2))["CH-IHD"]
    assert np.median(path.distance_m) == pytest.approx(25.0 + 2 * 3.0, rel=0.03)
    assert (path.walls_light + path.walls_heavy).mean() == pytest.approx(3.5, rel=0.03)
    assert (path.floors == 2).all()


def test_meters_stay_beside_the_hub() -> None:
    paths = draw_paths(BASEMENT, FLOORS, np.random.default_rng(2))
    assert tuple(paths) == ROLES
    assert (paths["CH-GM"].floors == 0).all()
    assert (paths["CH-EM"].floors == 0).all()
    assert paths["CH-EM"].distance_m.max() <= 1.5
    assert min(path.distance_m.min() for path in paths.values()) >= 1.0


def test_wire_is_longer_than_the_straight_line_and_phases_follow_the_stratum() -> None:
    profile = replace(BASEMENT, same_phase=0.25, sub_main=1.0)
    path = draw_paths(profile, FLOORS, np.random.default_rng(2))["EM-DW"]
    wires = draw_wires(profile, path, np.random.default_rng(3))
    assert (wires.wire_length_m > path.distance_m).all()
    assert wires.same_phase.mean() == pytest.approx(0.25, abs=0.02)
    assert wires.through_sub_main.all()
