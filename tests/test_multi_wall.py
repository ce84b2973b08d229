"""The multi-wall model: published constants, and where it may be trusted."""

import json
from pathlib import Path

import numpy as np
import pytest

from smarthan.analysis.propagation.multi_wall import floor_factor, free_space_loss, multi_wall_loss

CASE = json.loads((Path(__file__).parent / "data" / "cases" / "C18_cost231_mw.json").read_text())


@pytest.mark.parametrize("row", CASE["expected"], ids=str)
def test_published_constants_give_the_worked_losses(row: dict[str, float]) -> None:
    loss = multi_wall_loss(
        row["f_mhz"],
        row["d_m"],
        walls_light=row["light_walls"],
        walls_heavy=row["heavy_walls"],
        floors=row["floors"],
    )
    assert float(loss.loss_db) == pytest.approx(row["loss_db"], abs=1e-5)
    assert 18.3 * float(floor_factor(row["floors"])) == pytest.approx(row["floor_term_db"], abs=1e-5)


def test_no_wall_and_no_floor_is_free_space() -> None:
    d = np.array([1.0, 5.0, 40.0])
    np.testing.assert_allclose(np.asarray(multi_wall_loss(2440, d)), free_space_loss(2440, d).loss_db)


def test_exponent_one_on_the_floors_is_keenan_and_motley() -> None:
    floors = np.array([1.0, 2.0, 3.0])
    b = (floors + 2) / (floors + 1) - 1
    np.testing.assert_allclose(floor_factor(floors, b), floors)


def test_each_limit_of_the_model_is_told() -> None:
    loss = multi_wall_loss([868, 868, 433, 868], [0.5, 8, 8, 8], floors=[0, 0, 0, 5])
    assert loss.valid.tolist() == [False, True, False, False]
    assert len(loss.notes) == 3
    assert np.isfinite(loss.loss_db).all()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"frequency_mhz": 0, "distance_m": 5}, "frequency_mhz must be above 0"),
        ({"frequency_mhz": 868, "distance_m": 0}, "distance_m must be above 0"),
        ({"frequency_mhz": 868, "distance_m": 5, "floors": -1}, "0 or more"),
        ({"frequency_mhz": 868, "distance_m": [5, np.nan]}, "distance_m: holds a value that is missing"),
        ({"frequency_mhz": "868 MHz", "distance_m": 5}, "'868 MHz' is not a number"),
        ({"frequency_mhz": [868, 2440, 900], "distance_m": [5, 6]}, "do not fit together"),
    ],
)
def test_arguments_without_meaning_are_named(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        multi_wall_loss(**arguments)  # type: ignore[arg-type]
