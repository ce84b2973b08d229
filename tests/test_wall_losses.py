"""The multi-wall model fitted to trials: the truth recovered through censoring, doubt told."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis.homes.wall_losses import fit_wall_losses
from smarthan.analysis.propagation.multi_wall import multi_wall_loss

TRUTH = {"exponent": 3.0, "light_db": 2.0, "heavy_db": 6.0, "floor_db": 14.0, "constant_db": 1.0}
FLOOR, SENSITIVITY = -91.0, -97.0


def make_trial(seed: int, buildings: int = 120, paths: int = 8, **changes: object) -> SimpleNamespace:
    """Readings at 868 MHz through random walls and floors; about a third are at the instrument's floor or not heard."""
    rng = np.random.default_rng(seed)
    number = np.repeat(np.arange(buildings), paths)
    table = pd.DataFrame({"path_id": [f"p{n}" for n in range(len(number))]})
    table["distance_m"] = np.exp(rng.normal(2.6, 0.6, len(number)))
    table["walls_light"], table["walls_heavy"] = rng.integers(0, 4, (2, len(number)))
    table["floors"] = rng.integers(0, 4, buildings)[number]
    table = table.assign(**changes)
    loss = multi_wall_loss(
        868.0,
        table["distance_m"],
        **{name: table[name] for name in ("walls_light", "walls_heavy", "floors")},
        **TRUTH,
    ).loss_db
    level = 13.0 - loss + rng.normal(0, 4, buildings)[number] + rng.normal(0, 5, len(number))
    readings = table[["path_id"]].assign(instrument_id="i", technology="zigbee_sub", tx_power_dbm=13.0, freq_hz=868e6)
    readings["rssi_status"] = np.where(
        level < SENSITIVITY, "not_heard", np.where(level < FLOOR, "at_floor", "observed")
    )
    readings["rssi_dbm"] = np.where(level < SENSITIVITY, np.nan, np.maximum(level, FLOOR))
    tables = {
        "paths": table.assign(from_location=[f"hub{n}" for n in number]),
        "locations": pd.DataFrame({"location_id": [f"hub{n}" for n in range(buildings)]}).assign(
            building_id=[f"b{n}" for n in range(buildings)]
        ),
        "instruments": pd.DataFrame(
            {"instrument_id": ["i"], "rssi_floor_dbm": [FLOOR], "sensitivity_dbm": [SENSITIVITY]}
        ),
        "measurements": readings,
    }
    return SimpleNamespace(tables=tables, synthetic=True)


def test_the_truth_is_recovered_with_a_third_of_the_readings_censored() -> None:
    trials = [make_trial(seed) for seed in range(8)]
    censored = np.mean([trial.tables["measurements"]["rssi_status"].ne("observed").mean() for trial in trials])
    assert 0.25 < censored < 0.45
    fits = [fit_wall_losses(trial, "zigbee_sub") for trial in trials]
    tables = pd.concat([fit.table for fit in fits])
    mean = tables.groupby("parameter")["estimate"].mean()
    for name, allowed in (("exponent", 0.1), ("light_db", 0.15), ("heavy_db", 0.15), ("floor_db", 0.4)):
        assert mean[name] == pytest.approx(TRUTH[name], abs=allowed), name
    assert mean["sigma_db"] == pytest.approx(np.hypot(4, 5), abs=0.4)
    heavy = tables[tables["parameter"] == "heavy_db"]
    assert ((heavy["low"] < 6) & (heavy["high"] > 6)).mean() >= 0.75
    assert all(fit.fit.converged for fit in fits)
    assert not any(fit.warnings for fit in fits)


def test_buildings_that_were_never_heard_do_not_spoil_the_integral() -> None:
    trial = make_trial(3, floors=np.repeat(np.where(np.arange(120) < 40, 3, np.arange(120) % 2), 8))
    assert trial.tables["measurements"]["rssi_status"].iloc[:320].ne("observed").mean() > 0.6
    fit = fit_wall_losses(trial, "zigbee_sub")
    assert fit.fit.converged
    assert fit.table.set_index("parameter").loc["floor_db", "estimate"] == pytest.approx(14, abs=2)


def test_doubt_is_told() -> None:
    flat = fit_wall_losses(make_trial(4, floors=0), "zigbee_sub")
    assert "floor_db is not estimated: no two paths differ in it" in flat.warnings
    assert "floor_db" not in set(flat.table["parameter"])
    walls = np.random.default_rng(1).integers(0, 4, 960)
    together = fit_wall_losses(
        make_trial(5, walls_light=walls, walls_heavy=walls + (np.arange(960) % 397 == 0)), "zigbee_sub"
    )
    assert any("go together" in words for words in together.warnings)
    assert together.condition_number > 30
    assert abs(together.correlation.loc["walls_light", "walls_heavy"]) > 0.9
    readings = make_trial(6)
    readings.tables["paths"]["walls_heavy"] *= 6
    implausible = fit_wall_losses(readings, "zigbee_sub")
    assert any(words.startswith("heavy_db 1.") and "lies outside 3 to 15" in words for words in implausible.warnings)


def test_wires_have_no_walls() -> None:
    with pytest.raises(ValueError, match="walls matter on air only"):
        fit_wall_losses(make_trial(1), "bb_plc")
