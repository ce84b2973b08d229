"""Fieldwork of the synthetic trial: nobody is in two places, nothing happens on a Sunday."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.synthetic.constants import RADIO_BANDS
from smarthan.trial_data.synthetic.fieldwork_files import (
    FABRICATOR_VISITS,
    lay_instruments,
    number_instruments,
    plan_fieldwork,
)
from smarthan.trial_data.synthetic.text_cells import number_ids, show_times


@pytest.mark.parametrize("buildings", [1, 5, 640, 2000])
def test_no_surveyor_is_in_two_buildings_at_once(buildings: int) -> None:
    work = plan_fieldwork(buildings, np.random.default_rng(1))
    visits = pd.DataFrame({"who": work.surveyor, "start": work.start, "minutes": work.minutes})
    visits = visits.sort_values(["who", "start"], ignore_index=True)
    end = visits["start"] + pd.to_timedelta(visits["minutes"], unit="min")
    gap = visits["start"] - end.groupby(visits["who"], observed=True).shift()
    assert not (gap < pd.Timedelta(minutes=30)).any()
    assert (visits["start"].dt.day_of_week < 5).all()
    assert work.surveyor.max() == work.surveyors - 1


def test_last_surveyor_makes_few_visits() -> None:
    work = plan_fieldwork(640, np.random.default_rng(1))
    counts = np.bincount(work.surveyor)
    assert counts[-1] == FABRICATOR_VISITS
    assert counts[:-1].max() <= 120


def test_instruments_state_floor_and_sensitivity_apart() -> None:
    work = plan_fieldwork(10, np.random.default_rng(1))
    table = lay_instruments(work, dict(RADIO_BANDS)).set_index("instrument_id")
    ids = number_ids("I", number_instruments("zigbee_2g4", np.arange(8)))
    assert set(ids) <= set(table.index)
    assert len(set(ids)) == 4
    assert table.loc[ids[0], ["rssi_floor_dbm", "sensitivity_dbm"]].tolist() == ["-91.0", "-97.0"]
    wired = number_ids("I", number_instruments("power_line", np.array([0])))[0]
    assert table.loc[wired, "rssi_floor_dbm"] == ""


def test_times_end_in_z() -> None:
    assert show_times(np.array(["2025-03-03T09:05"], dtype="datetime64[m]")).tolist() == ["2025-03-03T09:05:00Z"]
