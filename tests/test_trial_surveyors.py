"""The funnel of surveyors: the mix allowed for, limits in proportion, the fabricator found."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import path_success
from smarthan.trial_data import Trial, make_trial, read_trial, sample_trial, surveyor_funnel


def funnel_of(trial: Trial) -> pd.DataFrame:
    return surveyor_funnel(trial, path_success(trial))


@pytest.fixture
def two_surveyors(write_small_trial: Callable[..., Path]) -> Trial:
    return read_trial(
        write_small_trial(
            surveyors=("V1,Survey Co,2025-01-06\n", "V1,Survey Co,2025-01-06\nV2,Survey Co,2025-01-06\n"),
            visits=("T2,B2,V1", "T2,B2,V2"),
        )
    )


def test_a_surveyor_is_held_against_the_others(two_surveyors: Trial) -> None:
    funnel = funnel_of(two_surveyors).set_index("surveyor_id")
    # 2.4 GHz hub to display: V1's link works (0.999 of 1,000), V2's too (0.990); the 868 MHz link is V2's alone.
    assert funnel["links"].to_dict() == {"V1": 1, "V2": 1}
    assert funnel["observed_share"].tolist() == [1, 1]
    # One link of the other's, with half a link on either side: 1.5 of 2.
    assert funnel["expected_share"].tolist() == [0.75, 0.75]
    # p (1 - p) (1 + own / others) = 3/16 x 2.
    assert funnel["se"].tolist() == pytest.approx([np.sqrt(3 / 8)] * 2)
    assert funnel["high_998"].tolist() == pytest.approx([3.090232 * np.sqrt(3 / 8)] * 2)
    assert funnel[["buildings", "dwellings", "paths"]].to_numpy().tolist() == [[1, 1, 1], [1, 1, 1]]


def test_a_lone_surveyor_cannot_be_judged(write_small_trial: Callable[..., Path]) -> None:
    line = funnel_of(read_trial(write_small_trial())).iloc[0]
    assert (line["links"], line["position"], bool(line["is_marked"])) == (0, "no links", False)
    assert np.isnan(line["difference"])


def test_work_and_flags_are_counted() -> None:
    trial = sample_trial()
    funnel = funnel_of(trial)
    assert funnel["buildings"].sum() == len(trial["visits"])
    assert funnel["paths"].sum() == trial["measurements"]["path_id"].nunique()
    assert funnel["constant_readings"].sum() == trial.notes["code"].eq("surveyor_constant").sum()
    assert funnel["links"].is_monotonic_decreasing
    assert funnel.attrs["synthetic"] is True
    assert funnel.attrs["dispersion"] >= 1


def test_a_hurried_visit_and_uneven_digits_are_the_surveyors_own(two_surveyors: Trial) -> None:
    flags = pd.DataFrame(
        {
            "table": ["visits", "paths", "paths"],
            "key": ["T2", "P1", "P2"],
            "code": ["surveyor_speed", "surveyor_digits", "surveyor_digits"],
        }
    )
    trial = Trial(two_surveyors.tables, two_surveyors.quarantine, two_surveyors.ledger, flags)
    funnel = funnel_of(trial).set_index("surveyor_id")
    assert funnel["hurried_visits"].to_dict() == {"V1": 0, "V2": 1}
    assert funnel["uneven_digits"].to_dict() == {"V1": 1, "V2": 1}
    assert funnel["is_marked"].all()


def test_a_success_table_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="no column technology, success"):
        surveyor_funnel(sample_trial(), pd.DataFrame({"path_id": []}))


def read_seed(folder: Path, seed: int, buildings: int = 20) -> pd.DataFrame:
    make_trial(folder, seed=seed, buildings_per_stratum=buildings)
    return funnel_of(read_trial(folder, day=dt.date(2025, 12, 31)))


@pytest.mark.parametrize("seed", [1])
def test_the_fabricator_is_marked(tmp_path: Path, seed: int) -> None:
    funnel = read_seed(tmp_path, seed)
    fabricator = funnel["surveyor_id"].max()
    assert fabricator in funnel.loc[funnel["is_marked"], "surveyor_id"].tolist()


@pytest.mark.slow
def test_over_seeds_the_fabricator_is_always_marked_and_the_honest_rarely(tmp_path: Path) -> None:
    honest, caught = [], []
    for seed in range(16):
        funnel = read_seed(tmp_path / str(seed), seed, buildings=40)
        fabricator = funnel["surveyor_id"].eq(funnel["surveyor_id"].max())
        caught.append(bool(funnel.loc[fabricator, "is_marked"].iloc[0]))
        honest += funnel.loc[~fabricator, "position"].tolist()
    outside = pd.Series(honest).value_counts(normalize=True)
    assert all(caught)
    # Surveyors differ a little in truth (surveyor effect), so somewhat more than 5 % and 0.2 % lie outside.
    assert 1 - outside["inside"] < 0.12
    assert outside.get("outside 99.8%", 0.0) < 0.03
