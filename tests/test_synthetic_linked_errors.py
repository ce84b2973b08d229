"""Errors that no cell shows alone: each makes what its rule looks for, or says that it cannot."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.declared import TRIAL_TABLES
from smarthan.trial_data.synthetic.error_injection import inject_errors, list_errors
from smarthan.trial_data.synthetic.generator import make_trial

Tables = dict[str, pd.DataFrame]


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    folder: Path = tmp_path_factory.mktemp("clean")
    make_trial(folder, seed=2, buildings_per_stratum=12, size_premises=3_000, errors=False)
    return {n: pd.read_csv(folder / f"{n}.csv", dtype="str", keep_default_na=False) for n in TRIAL_TABLES}


def test_a_new_surveyor_rounds_all_distances_to_five_centimetres(tables: Tables) -> None:
    damage = inject_errors(tables, {"surveyor_digits": 1}, np.random.default_rng(1), exact=True)
    rows = list_errors(damage)["line"].to_numpy() - 2
    said = damage.tables["paths"].loc[rows, "distance_m"]
    assert len(rows) >= 60
    assert set(said.str[-1]) == {"0", "5"}
    assert (said.astype(float) - tables["paths"].loc[rows, "distance_m"].astype(float)).abs().max() <= 0.0251
    assert len(damage.tables["surveyors"]) == len(tables["surveyors"]) + 1


def test_a_hurried_visit_begins_a_minute_after_another_building(tables: Tables) -> None:
    damage = inject_errors(tables, {"surveyor_speed": 5}, np.random.default_rng(1), exact=True)
    visits = damage.tables["visits"].sort_values(["surveyor_id", "start_utc"], ignore_index=True)
    gap = pd.to_datetime(visits["start_utc"]) - pd.to_datetime(visits["end_utc"]).shift()
    hurried = (visits["surveyor_id"] == visits["surveyor_id"].shift()) & (gap == pd.Timedelta(seconds=60))
    assert hurried.sum() == 5


@pytest.mark.parametrize("code", ["surveyor_digits", "surveyor_constant", "surveyor_speed", "path_two_buildings"])
def test_what_too_small_a_trial_cannot_carry_is_refused_when_asked_for(tables: Tables, code: str) -> None:
    few = {**tables, "measurements": tables["measurements"].iloc[:4].reset_index(drop=True)}
    few["visits"] = tables["visits"].iloc[:1].reset_index(drop=True)
    few["paths"] = tables["paths"].iloc[:1].reset_index(drop=True)
    with pytest.raises(ValueError, match=f"of {code} asked for, but only 0"):
        inject_errors(few, {code: 2}, np.random.default_rng(1), exact=True)
    assert list_errors(inject_errors(few, {code: 2}, np.random.default_rng(1), exact=False)).empty
