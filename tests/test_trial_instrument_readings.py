"""Readings by what they tell: limits are read from the instrument, and every reading is of one kind."""

from collections.abc import Callable
from pathlib import Path

import pytest

from smarthan.trial_data import censored_status, read_trial, readings_by_instrument, sample_trial
from smarthan.trial_data.declared.words import RSSI_STATUSES

KINDS = [*RSSI_STATUSES, "no_level", "wired"]


@pytest.mark.parametrize(
    ("cells", "status"),
    [
        ("-72,observed", "observed"),
        ("-91,observed", "at_floor"),
        ("-90.5,observed", "at_floor"),
        ("-90.4,observed", "observed"),
        ("-10.5,observed", "at_ceiling"),
        ("-91,at_floor", "at_floor"),
        (",at_floor", "at_floor"),
        (",not_heard", "not_heard"),
        (",not_recorded", "not_recorded"),
        # Emptied as a lost sign: it was observed, and nothing is known of it now.
        ("72,observed", "no_level"),
    ],
)
def test_a_level_within_half_a_step_of_a_limit_is_censored(
    write_small_trial: Callable[..., Path], cells: str, status: str
) -> None:
    trial = read_trial(write_small_trial(measurements=("-72,observed", cells)))
    row = trial["measurements"]["measurement_id"].eq("M2")
    assert censored_status(trial)[row].tolist() == [status]


def test_counts_add_up_and_limits_stand_beside_them(write_small_trial: Callable[..., Path]) -> None:
    trial = read_trial(write_small_trial(measurements=("-72,observed", "-91,observed")))
    table = readings_by_instrument(trial).set_index("technology")
    line = table.loc["zigbee_2g4"]
    assert (line["readings"], line["observed"], line["at_floor"], line["near_limit"]) == (2, 1, 1, 1)
    assert line["censored_share"] == 0.5
    assert (line["rssi_floor_dbm"], line["sensitivity_dbm"]) == (-91, -101)
    assert (line["with_packets"], line["packets_sent"], line["packets_ok"]) == (2, 2000, 1989)
    assert table.loc["zigbee_sub", "not_heard"] == 1


def test_readings_out_of_calibration_are_counted(write_small_trial: Callable[..., Path]) -> None:
    trial = read_trial(write_small_trial(instruments=("2025-01-10,365", "2024-01-10,365")))
    assert readings_by_instrument(trial)["uncalibrated"].tolist() == [2, 1]


def test_every_reading_of_a_trial_is_of_one_kind() -> None:
    trial = sample_trial()
    table = readings_by_instrument(trial)
    assert (table[KINDS].sum(axis=1) == table["readings"]).all()
    assert table["readings"].sum() == len(trial["measurements"])
    wired = table["technology"].isin(["nb_plc", "bb_plc"])
    assert (table.loc[wired, "wired"] == table.loc[wired, "readings"]).all()
    # The two levels planted near each limit are told apart from those written as such.
    assert table["near_limit"].sum() == 4
    assert table["uncalibrated"].sum() == 2
    assert table.attrs["synthetic"] is True
