"""Frame, buildings and dwellings of the synthetic trial: counts add up, shapes are shapes."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.synthetic.building_files import lay_buildings, lay_dwellings, lay_frame
from smarthan.trial_data.synthetic.constants import RADIO_BANDS
from smarthan.trial_data.synthetic.population import plan_strata
from smarthan.trial_data.synthetic.survey import Plan, Survey, survey_population


@pytest.fixture(scope="module")
def survey() -> Survey:
    strata = plan_strata(None, size_premises=1, buildings_per_stratum=30)
    return survey_population(strata, Plan(30, 3, "mar", RADIO_BANDS), np.random.SeedSequence(4))


def test_frame_states_the_whole_population_and_certainty(survey: Survey) -> None:
    frame = lay_frame(survey)
    truth = survey.coverage[survey.coverage["technology"] == "either"].set_index("stratum_id")
    assert frame["n_premises"].astype(int).tolist() == truth.loc[frame["stratum_id"], "premises"].tolist()
    taken = frame["n_buildings"].astype(int) == 30
    assert (frame["certainty"] == np.where(taken, "y", "n")).all()
    assert taken.sum() == 1


def test_shape_is_that_of_a_rectangle(survey: Survey) -> None:
    table = lay_buildings(survey, np.random.default_rng(1)).replace("", pd.NA)
    area, length, round_ = (
        pd.to_numeric(table[name]).astype("float64") for name in ("footprint_m2", "length_2d_m", "circularity")
    )
    width = area / length
    expected = 4 * np.pi * area / (2 * (length + width)) ** 2
    known = expected.notna() & round_.notna()
    assert known.sum() > 200
    assert round_[known].to_numpy() == pytest.approx(expected[known].to_numpy(), abs=0.006)
    assert round_.max() <= np.pi / 4 + 0.005  # a square is the roundest rectangle


def test_some_descriptive_cells_are_missing_and_no_design_cell_is(survey: Survey) -> None:
    table = lay_buildings(survey, np.random.default_rng(1))
    assert 0 < (table["wall_type"] == "").mean() < 0.06
    assert 0 < (table["wall_type"] == "u").mean() < 0.08
    assert (table[["building_id", "stratum_id", "archetype", "storeys", "dwellings_n", "region"]] != "").all(axis=None)


def test_refusers_are_known_by_floor_and_weight_only(survey: Survey) -> None:
    table = lay_dwellings(survey, np.random.default_rng(1))
    away = ~table["outcome"].isin(["complete", "partial"])
    assert away.sum() > 20
    assert (table.loc[away, ["bedrooms", "floor_area_m2", "supplier_class"]] == "").all(axis=None)
    assert (table.loc[away, ["floor_no", "p_incl_1", "p_incl_2"]] != "").all(axis=None)
