"""Locations, paths and wiring of the synthetic trial: ends, distances and coordinates agree."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.synthetic.constants import RADIO_BANDS
from smarthan.trial_data.synthetic.place_files import lay_locations, lay_paths, lay_wiring
from smarthan.trial_data.synthetic.population import plan_strata
from smarthan.trial_data.synthetic.survey import Plan, Survey, survey_population


@pytest.fixture(scope="module")
def survey() -> Survey:
    strata = plan_strata(None, size_premises=4_000, buildings_per_stratum=6)
    return survey_population(strata, Plan(6, 3, "mar", RADIO_BANDS), np.random.SeedSequence(4))


@pytest.fixture(scope="module")
def places(survey: Survey) -> pd.DataFrame:
    return lay_locations(survey, np.random.default_rng(1)).set_index("location_id")


def test_only_those_who_took_part_have_places(survey: Survey, places: pd.DataFrame) -> None:
    took_part = survey.dwellings["outcome"].isin(["complete", "partial"]).sum()
    assert 0 < took_part < len(survey.dwellings)
    assert len(places) == 5 * took_part
    assert len(lay_wiring(survey, np.random.default_rng(2))) == took_part


def test_coordinates_of_the_ends_give_the_distance(survey: Survey, places: pd.DataFrame) -> None:
    paths = lay_paths(survey, np.random.default_rng(2))
    xyz = places[["x_m", "y_m", "z_m"]].astype("float64")
    step = xyz.loc[paths["to_location"]].to_numpy() - xyz.loc[paths["from_location"]].to_numpy()
    assert np.hypot(np.hypot(step[:, 0], step[:, 1]), step[:, 2]) == pytest.approx(
        paths["distance_m"].astype("float64").to_numpy(), abs=0.03
    )
    assert np.abs(step[:, 2]) / 2.8 == pytest.approx(paths["floors"].astype(int).to_numpy(), abs=0.01)


def test_path_stays_in_its_dwelling(survey: Survey, places: pd.DataFrame) -> None:
    paths = lay_paths(survey, np.random.default_rng(2))
    home = places["dwelling_id"]
    assert (home.loc[paths["from_location"]].to_numpy() == home.loc[paths["to_location"]].to_numpy()).all()
    assert paths["role"].value_counts().nunique() == 1


def test_meters_and_hub_state_where_they_stand_and_nothing_else_does(places: pd.DataFrame) -> None:
    stated = places["meter_class"] != ""
    assert set(places.loc[stated, "kind"]) == {"elec_meter", "gas_meter", "comms_hub"}
    assert set(places.loc[~stated, "kind"]) == {"ihd", "plc_point"}
