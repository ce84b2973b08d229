"""ITU-R P.2109 against the published validation rows, and its laws."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis.propagation.entry_p2109 import building_entry_loss_p2109

CASES = Path(__file__).parent / "data" / "cases"
BUILDINGS = {1: "traditional", 2: "thermally_efficient"}


def test_the_validation_rows() -> None:
    rows = pd.read_csv(CASES / "p2109_half.csv")
    for number, building in BUILDINGS.items():
        part = rows[rows["bldg"] == number]
        loss = building_entry_loss_p2109(
            part["f_ghz"] * 1000, part["p_pct"] / 100, building=building, elevation_deg=part["elev_deg"]
        )
        np.testing.assert_allclose(loss.loss_db, part["bel_db"], atol=1e-5)
        assert loss.valid.all()
    assert set(rows["bldg"]) == set(BUILDINGS)


@pytest.mark.parametrize("row", json.loads((CASES / "C21_p2109.json").read_text())["extra_elevation_0"], ids=str)
def test_medians_at_the_metering_frequencies(row: dict[str, float]) -> None:
    loss = building_entry_loss_p2109(row["f_ghz"] * 1000, row["p"] / 100, building=BUILDINGS[int(row["bldg"])])
    assert float(loss.loss_db) == pytest.approx(row["bel_db"], abs=0.006)


def test_more_places_need_more_margin() -> None:
    loss = building_entry_loss_p2109(868, np.linspace(0.01, 0.99, 50), building="traditional").loss_db
    assert (np.diff(loss) > 0).all()


def test_range_and_wrong_arguments() -> None:
    assert building_entry_loss_p2109([79, 80], 0.5, building="traditional").valid.tolist() == [False, True]
    for more, words in (({"probability": 1}, "below 1"), ({"building": "barn"}, "barn"), ({"elevation_deg": 91}, "90")):
        with pytest.raises(ValueError, match=words):
            building_entry_loss_p2109(
                **({"frequency_mhz": 868, "probability": 0.5, "building": "traditional"} | more)  # type: ignore[arg-type]
            )
