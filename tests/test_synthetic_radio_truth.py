"""True radio margins: the published multi-wall values, and deviations with the stated spread."""

import json
from pathlib import Path

import numpy as np
import pytest

from smarthan.trial_data.synthetic.constants import RADIO_BANDS, RadioBand
from smarthan.trial_data.synthetic.geometry import Paths
from smarthan.trial_data.synthetic.radio_truth import (
    choose_bands,
    draw_deviations,
    find_excess,
    find_loss,
    find_received,
)

# COST 231 multi-wall constants as quoted in Lee, Integrated Wireless Propagation Models, 2014, section 5.5.1.
CASE = json.loads((Path(__file__).parent / "data" / "cases" / "C18_cost231_mw.json").read_text(encoding="utf-8"))


def path_of(distance: float, light: int, heavy: int, floors: int) -> Paths:
    return Paths(np.array([distance]), np.array([light]), np.array([heavy]), np.array([floors]), np.array([False]))


@pytest.mark.parametrize("row", CASE["expected"], ids=lambda r: f"{r['f_mhz']:g} MHz {r['d_m']} m")
def test_multi_wall_loss_of_lee_2014(row: dict[str, float]) -> None:
    band = RadioBand(row["f_mhz"], 2.0, 6.9, 3.4, 18.3, tx_dbm=0.0, sensitivity_dbm=-100.0)
    path = path_of(row["d_m"], int(row["light_walls"]), int(row["heavy_walls"]), int(row["floors"]))
    assert find_loss(band, path)[0] == pytest.approx(row["loss_db"], abs=CASE["tolerance"])


def test_excess_is_what_is_over_sensitivity_and_fade_margin() -> None:
    band = RADIO_BANDS["zigbee_2g4"]
    assert find_excess(band, np.array([-87.0, -90.0])).tolist() == [0.0, -3.0]


def test_buildings_deviate_alike_in_both_bands_and_paths_do_not() -> None:
    building = np.repeat(np.arange(20_000), 2)
    drawn = draw_deviations(building, 20_000, np.random.default_rng(5))
    high, low = drawn.building[False][::2], drawn.building[True][::2]
    assert (drawn.building[True][::2] == drawn.building[True][1::2]).all()
    assert high.std() == pytest.approx(4.0, rel=0.03)
    assert low.std() == pytest.approx(4.0, rel=0.03)
    assert np.corrcoef(high, low)[0, 1] == pytest.approx(0.65, abs=0.02)
    path = drawn.path[True, "CH-IHD"]
    assert path.std() == pytest.approx(5.0, rel=0.03)
    assert abs(np.corrcoef(path, drawn.path[False, "CH-IHD"])[0, 1]) < 0.02


def test_received_level_is_power_less_loss_and_deviations() -> None:
    band, path = RADIO_BANDS["zigbee_sub"], path_of(8.0, 0, 2, 1)
    drawn = draw_deviations(np.array([0]), 1, np.random.default_rng(5))
    expected = 13.0 - find_loss(band, path)[0] - drawn.building[True][0] - drawn.path[True, "CH-GM"][0]
    assert find_received(band, path, "CH-GM", drawn)[0] == pytest.approx(expected)


@pytest.mark.parametrize(
    ("radio", "words"),
    [
        ({"zigbee": {}}, "'zigbee' is not one of zigbee_2g4"),
        ({"wifi": {"power": 1.0}}, "'power' is not one of frequency_mhz"),
        ({"wifi": {"tx_dbm": float("nan")}}, "finite"),
    ],
    ids=["technology", "constant", "not a number"],
)
def test_unknown_constants_are_refused_by_name(radio: dict[str, dict[str, float]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        choose_bands(radio)


def test_replaced_constants_leave_the_others() -> None:
    bands = choose_bands({"zigbee_2g4": {"wall_db": 4.4}})
    assert bands["zigbee_2g4"].wall_db == 4.4
    assert bands["zigbee_2g4"].exponent == 3.3
    assert bands["zigbee_sub"] == RADIO_BANDS["zigbee_sub"]
