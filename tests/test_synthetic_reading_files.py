"""What instruments record of the truth: packets, censored levels, and success that follows the true one."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.synthetic.constants import PACKETS_SENT, PER_LIMIT, RADIO_BANDS, RSSI_FLOOR_DBM
from smarthan.trial_data.synthetic.fieldwork_files import plan_fieldwork
from smarthan.trial_data.synthetic.population import plan_strata
from smarthan.trial_data.synthetic.reading_files import draw_packets, lay_measurements, lay_noise
from smarthan.trial_data.synthetic.survey import Plan, Survey, survey_population


@pytest.fixture(scope="module")
def survey() -> Survey:
    strata = plan_strata(None, size_premises=20_000, buildings_per_stratum=40)
    return survey_population(strata, Plan(40, 4, "none", RADIO_BANDS), np.random.SeedSequence(9))


@pytest.fixture(scope="module")
def readings(survey: Survey) -> pd.DataFrame:
    fieldwork = plan_fieldwork(len(survey.buildings), np.random.default_rng(1))
    return lay_measurements(survey, fieldwork, RADIO_BANDS, np.random.default_rng(2))


@pytest.mark.parametrize(
    ("excess_db", "low", "high"),
    [(-1.0, 0.0, 0.01), (0.0, 0.46, 0.54), (1.0, 0.97, 1.0), (-40.0, 0.0, 0.0), (60.0, 1.0, 1.0)],
)
def test_packet_rule_turns_at_the_limit_within_a_decibel(excess_db: float, low: float, high: float) -> None:
    received = draw_packets(np.full(20_000, excess_db), np.random.default_rng(3))
    assert low <= (received >= PACKETS_SENT * (1 - PER_LIMIT)).mean() <= high


def test_recorded_success_is_the_true_one_for_nearly_every_dwelling(survey: Survey, readings: pd.DataFrame) -> None:
    dwelling = readings["path_id"].str.removeprefix("SYN-P").astype(int).sub(1) // 4
    counted = readings["packets_sent"] != ""
    passed = pd.to_numeric(readings["packets_ok"]).ge(PACKETS_SENT * (1 - PER_LIMIT))
    keys = [dwelling[counted], readings.loc[counted, "technology"]]
    seen = passed[counted].groupby(keys, observed=True, dropna=False).agg(["all", "size"])
    for technology in ("zigbee_2g4", "zigbee_sub", "nb_plc", "bb_plc"):
        mine = seen.xs(technology, level="technology")
        whole = mine[mine["size"] == (3 if technology in RADIO_BANDS else 1)]["all"]
        truth = survey.dwellings.loc[whole.index, f"reached.{technology}"]
        assert len(whole) > 400
        assert (whole == truth).mean() > 0.96
        assert abs(whole.mean() - truth.mean()) < 0.015


def test_levels_are_censored_at_the_floor_and_silent_links_have_none(readings: pd.DataFrame) -> None:
    radio = readings[readings["technology"].isin(list(RADIO_BANDS))]
    level = pd.to_numeric(radio["rssi_dbm"].where(radio["rssi_dbm"] != ""))
    floor = radio["technology"].map(RSSI_FLOOR_DBM)
    assert (level[radio["rssi_status"] == "at_floor"] == floor[radio["rssi_status"] == "at_floor"]).all()
    assert (level[radio["rssi_status"] == "observed"] >= floor[radio["rssi_status"] == "observed"] + 1).all()
    assert level[radio["rssi_status"].isin(["not_heard", "not_recorded"])].isna().all()
    assert set(radio["rssi_status"]) == {"observed", "at_floor", "at_ceiling", "not_heard", "not_recorded"}


def test_every_radio_reading_tells_whether_it_succeeded(readings: pd.DataFrame) -> None:
    radio = readings[readings["technology"].isin(list(RADIO_BANDS))]
    without_packets = radio[radio["packets_sent"] == ""]
    assert 0.02 < len(without_packets) / len(radio) < 0.06
    assert not (without_packets["rssi_status"] == "not_recorded").any()


def test_readings_lie_within_their_visit_in_order(survey: Survey, readings: pd.DataFrame) -> None:
    fieldwork = plan_fieldwork(len(survey.buildings), np.random.default_rng(1))
    building = readings["visit_id"].str.removeprefix("SYN-T").astype(int).to_numpy() - 1
    taken = pd.to_datetime(readings["start_utc"].str.removesuffix("Z")).to_numpy()
    into = (taken - fieldwork.start[building]) / np.timedelta64(60, "s")
    assert (into > 0).all()
    assert (into < fieldwork.minutes[building]).all()
    assert readings["measurement_id"].is_unique
    assert readings["measurement_id"].is_monotonic_increasing


def test_noise_quantiles_rise(survey: Survey) -> None:
    fieldwork = plan_fieldwork(len(survey.buildings), np.random.default_rng(1))
    noise = lay_noise(survey, fieldwork, np.random.default_rng(2))
    p10, p50, p90 = (pd.to_numeric(noise[name]) for name in ("p10", "p50", "p90"))
    assert (p10 < p50).all()
    assert (p50 < p90).all()
    assert len(noise) == 2 * len(survey.dwellings)
