"""ITU-R P.1238: the worked values of both forms, and every reason for which a value is not valid."""

import json
from pathlib import Path

import numpy as np
import pytest

from smarthan.analysis.propagation.indoor_p1238 import BANDS, ENVIRONMENTS, indoor_loss_p1238

CASE = json.loads((Path(__file__).parent / "data" / "cases" / "C16_p1238_legacy.json").read_text())


@pytest.mark.parametrize("row", CASE["expected"], ids=str)
def test_the_row_of_1800_mhz_gives_the_worked_losses(row: dict[str, float]) -> None:
    loss = indoor_loss_p1238(
        row["f_mhz"], row["d_m"], environment=str(row["env"]), floors=row["floors"], band="1.8-2 GHz"
    )
    assert float(loss.loss_db) == pytest.approx(row["loss_db"], abs=CASE["tolerance"])
    assert bool(loss.valid) == (row["f_mhz"] == 2160 and row["d_m"] > 1)


@pytest.mark.parametrize(
    ("environment", "f", "d", "loss"), [("office_nlos", 2400, 12, 65.1269), ("corridor_nlos", 900, 30, 69.0515)]
)
def test_edition_11_takes_megahertz(environment: str, f: float, d: float, loss: float) -> None:
    result = indoor_loss_p1238(f, d, environment=environment, edition="11")
    assert float(result.loss_db) == pytest.approx(loss, abs=5e-5)
    assert result.valid
    assert float(result.sigma_db) > 2


def test_residential_at_868_takes_another_row_and_says_so() -> None:
    result = indoor_loss_p1238([868, 1900], 10, environment="residential")
    assert result.valid.tolist() == [False, True]
    assert "10 % away" in result.notes[0]


def test_links_of_several_frequencies_take_the_row_of_each() -> None:
    mixed = indoor_loss_p1238([900, 1250, 1900, 5200], 10, environment="office", floors=1)
    alone = [float(indoor_loss_p1238(f, 10, environment="office", floors=1).loss_db) for f in (900, 1250, 1900, 5200)]
    np.testing.assert_allclose(mixed.loss_db, alone)
    assert mixed.valid.tolist() == [True, False, True, True]  # no floor loss is listed at 1.2 GHz


def test_the_unverified_row_is_not_valid() -> None:
    result = indoor_loss_p1238(2440, 10, environment="office", floors=1)
    assert not result.valid
    assert result.notes == ("the row of 2.4 GHz is unverified",)


def test_floors_beyond_the_table_are_told() -> None:
    result = indoor_loss_p1238(900, 10, environment="office", floors=[3, 4])
    assert result.valid.tolist() == [True, False]
    assert result.loss_db[0] == result.loss_db[1]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"environment": "home"}, "'home' is not one of residential, office, commercial"),
        ({"environment": "residential", "edition": "11"}, "not one of office_los"),
        ({"environment": "office", "edition": "9"}, "edition '9' is not one of 8, 11"),
        ({"environment": "office_los", "edition": "11", "floors": 1}, "edition 11 has no floor term"),
        ({"environment": "residential", "band": "900 MHz"}, "no row for residential"),
        ({"environment": "office", "floors": 1.5}, "whole numbers"),
    ],
)
def test_what_the_recommendation_does_not_hold_is_refused(more: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        indoor_loss_p1238(900, 10, **more)  # type: ignore[arg-type]


def test_every_band_serves_some_environment_and_blanks_do_not_matter() -> None:
    for band in BANDS:
        served = 0
        for environment in ENVIRONMENTS["8"]:
            try:
                indoor_loss_p1238(1900, 10, environment=environment, band=band.replace(" ", ""))
                served += 1
            except ValueError:
                continue
        assert served > 0, band
