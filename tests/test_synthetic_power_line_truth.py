"""True power-line links: longer wire, another phase and worse noise never help."""

import numpy as np
import pytest

from smarthan.trial_data.synthetic.constants import NOISE_MIX, POWER_LINES
from smarthan.trial_data.synthetic.geometry import Wires
from smarthan.trial_data.synthetic.power_line_truth import (
    MainsNoise,
    draw_cross_phase,
    draw_link,
    draw_noise,
    find_excess,
)

LINE = POWER_LINES["nb_plc"]


def link_of(length: float, cross: float, noise: float, *, devices: bool = False) -> float:
    wires = Wires(np.array([length]), np.array([True]), np.array([devices]), np.array([devices]))
    drawn = draw_link(
        LINE,
        wires,
        np.array([cross]),
        MainsNoise(np.array([0]), np.array([noise])),
        np.array([0]),
        rng=np.random.default_rng(3),
    )
    return float(find_excess(LINE, drawn)[0])


def test_each_hindrance_costs_what_it_is_said_to() -> None:
    base = link_of(10.0, 0.0, 0.0)
    assert link_of(30.0, 0.0, 0.0) == pytest.approx(base - 20 * LINE.per_metre_db)
    assert link_of(10.0, 15.0, 0.0) == pytest.approx(base - 15.0)
    assert link_of(10.0, 0.0, 6.0) == pytest.approx(base - 6.0)
    assert link_of(10.0, 0.0, 0.0, devices=True) == pytest.approx(base - LINE.rcd_db - LINE.sub_main_db)


def test_no_step_on_the_same_phase_and_never_a_gain() -> None:
    same = np.arange(10_000) % 2 == 0
    step = draw_cross_phase(same, np.random.default_rng(3))
    assert (step[same] == 0).all()
    assert (step >= 0).all()
    assert step[~same].mean() == pytest.approx(15.0, abs=0.5)


def test_noise_classes_come_in_their_shares() -> None:
    noise = draw_noise(50_000, np.random.default_rng(3))
    shares = np.bincount(noise.kind, minlength=len(NOISE_MIX)) / 50_000
    assert shares == pytest.approx([share for share, _ in NOISE_MIX.values()], abs=0.01)
    assert set(noise.excess_db) == {level for _, level in NOISE_MIX.values()}
