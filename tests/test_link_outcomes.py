"""Whether a path works: packets first, then level, then SNR, and unknown when nothing tells."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarthan.analysis import path_success

INSTRUMENT = {
    "instrument_id": "i",
    "sensitivity_dbm": -97.0,
    "rssi_floor_dbm": -91.0,
    "rssi_ceiling_dbm": -10.0,
    "rssi_step_db": 2.0,
    "cal_offset_db": 0.0,
}


def judge(*readings: dict[str, Any], instrument: dict[str, Any] | None = None, **options: Any) -> pd.Series:
    """The outcome of one path with these readings; the limit lies at -97 + 10 = -87 dBm."""
    rows = [{"path_id": "p", "instrument_id": "i", "technology": "zigbee_2g4"} | reading for reading in readings]
    tables = {
        "paths": pd.DataFrame({"path_id": ["p"], "role": ["CH-IHD"]}),
        "instruments": pd.DataFrame([INSTRUMENT | (instrument or {})]),
        "measurements": pd.DataFrame(rows),
    }
    answer = path_success(SimpleNamespace(tables=tables, synthetic=True), **options)
    assert len(answer) == 1
    return answer.iloc[0]


def level(dbm: float | None, status: str = "observed") -> dict[str, Any]:
    return {"rssi_dbm": dbm, "rssi_status": status}


def packets(ok: int | None, sent: int | None) -> dict[str, Any]:
    return {"packets_ok": ok, "packets_sent": sent}


CASES: dict[str, tuple[list[dict[str, Any]], bool | None, str]] = {
    "packets pass at the limit": ([packets(99, 100)], True, "packets"),
    "packets fail below it": ([packets(98, 100)], False, "packets"),
    "packets are pooled over repeats": ([packets(60, 60), packets(39, 40)], True, "packets"),
    "packets outrank the level": ([packets(100, 100) | level(-95)], True, "packets"),
    "too few packets leave it to the level": ([packets(10, 10) | level(-95)], False, "level"),
    "level at the limit passes": ([level(-87)], True, "level"),
    "level below the limit fails": ([level(-87.1)], False, "level"),
    "nothing heard is a failure": ([level(None, "not_heard")], False, "level"),
    "at the floor and too low fails": ([level(None, "at_floor")], False, "level"),
    "observed within half a step of the floor is at it": ([level(-90)], False, "level"),
    "at the ceiling passes": ([level(None, "at_ceiling")], True, "level"),
    "nothing recorded is unknown": ([level(None, "not_recorded")], None, "none"),
    "an empty reading is unknown": ([{}], None, "none"),
    "the median of repeats decides": ([level(-80), level(-80), level(-90)], True, "level"),
    "two repeats that disagree are unknown": ([level(-80), level(-89)], None, "level"),
    "a silent repeat counts": ([level(-80), level(None, "not_heard"), level(None, "not_heard")], False, "level"),
    "an unrecorded repeat does not": ([level(-80), level(None, "not_recorded")], True, "level"),
}


@pytest.mark.parametrize("name", CASES)
def test_radio(name: str) -> None:
    readings, success, basis = CASES[name]
    answer = judge(*readings)
    assert answer["success"] is pd.NA if success is None else answer["success"] == success
    assert answer["basis"] == basis
    assert answer["n_readings"] == len(readings)


def test_at_a_floor_above_the_limit_is_unknown() -> None:
    answer = judge(level(None, "at_floor"), instrument={"rssi_floor_dbm": -80.0})
    assert answer["success"] is pd.NA


def test_calibration_and_sensitivity_of_the_instrument_count() -> None:
    assert not judge(level(-88))["success"]
    assert judge(level(-88), instrument={"cal_offset_db": 1.0})["success"]
    assert judge(level(-88), instrument={"sensitivity_dbm": -98.0})["success"]


def test_without_an_instrument_sensitivity_the_table_decides() -> None:
    assert judge(level(-87), instrument={"sensitivity_dbm": None})["success"]
    assert judge(level(-80), instrument={"sensitivity_dbm": None})["margin_db"] == 7.0


@pytest.mark.parametrize(("snr", "success"), [(10.0, True), (9.9, False), (None, None)])
def test_wires_need_snr(snr: float | None, success: bool | None) -> None:
    answer = judge({"technology": "bb_plc", "snr_db": snr, "rssi_dbm": -20.0})
    assert answer["success"] is pd.NA if success is None else answer["success"] == success
    assert answer["basis"] == ("none" if snr is None else "snr")


def test_only_the_technologies_asked_for() -> None:
    both = (level(-60), {"technology": "bb_plc", "snr_db": 30.0})
    assert judge(*both, technologies=["bb_plc"])["technology"] == "bb_plc"
    with pytest.raises(ValueError, match="'smoke' is not one of zigbee_2g4"):
        judge(*both, technologies=["smoke"])


def test_nullable_and_categorical_columns_are_read() -> None:
    tables = {
        "paths": pd.DataFrame({"path_id": ["p"], "role": pd.Categorical(["CH-IHD"])}),
        "instruments": pd.DataFrame([INSTRUMENT]),
        "measurements": pd.DataFrame(
            {
                "path_id": ["p"],
                "instrument_id": ["i"],
                "technology": pd.Categorical(["zigbee_2g4"]),
                "rssi_dbm": [None],
                "rssi_status": pd.Categorical([None], categories=["observed"]),
                "packets_sent": pd.array([1000], dtype="Int64"),
                "packets_ok": pd.array([990], dtype="Int64"),
            }
        ),
    }
    assert path_success(SimpleNamespace(tables=tables, synthetic=False))["success"].tolist() == [True]
