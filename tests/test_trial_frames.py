"""What the frame covers: counts that can be checked by eye."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from smarthan.trial_data import frame_coverage, read_trial, sample_trial, stock_coverage

LINE = "S1,semi,in_dwelling,1000,1000,Census 2011,2011-03-27,n\n"
SECOND = "S2,flat_high,riser,10,500,Census 2011,2011-03-27,n\n"


def test_a_stratum_without_a_building_is_a_gap(write_small_trial: Callable[..., Path]) -> None:
    table = frame_coverage(read_trial(write_small_trial(frame=(LINE, LINE + SECOND)))).set_index("stratum_id")
    assert table["gap"].to_dict() == {"S1": "", "S2": "no building sampled", "ALL": ""}
    assert table["premises_frame_share"].tolist() == [1000 / 1500, 500 / 1500, 1.0]
    assert table["buildings_sampled"].tolist() == [2, 0, 2]
    assert table.loc["S1", "sampled_share"] == 2 / 1000
    assert pd.isna(table.loc["S2", "archetype_differs_share"])


def test_weights_are_held_against_the_frame(write_small_trial: Callable[..., Path]) -> None:
    line = frame_coverage(read_trial(write_small_trial())).iloc[0]
    # 1 / .002 + 1 / (.002 x .5) = 500 + 1000 premises for the frame's 1000.
    assert line["premises_weighted"] == pytest.approx(1500)
    assert line["weighted_ratio"] == pytest.approx(1.5)


def test_buildings_of_another_kind_than_drawn_are_counted(write_small_trial: Callable[..., Path]) -> None:
    folder = write_small_trial(buildings=("B2,S1,semi,3", "B2,S1,flat_low,3"))
    line = frame_coverage(read_trial(folder)).iloc[0]
    assert (line["archetype_differs"], line["archetype_differs_share"]) == (1, 0.5)


def test_a_stratum_in_which_nobody_answered_is_a_gap(write_small_trial: Callable[..., Path]) -> None:
    folder = write_small_trial(
        frame=(LINE, LINE + SECOND),
        buildings=("B2,S1,semi,3", "B2,S2,flat_high,11"),
        dwellings=("D2,B2,1,complete", "D2,B2,1,refusal"),
    )
    table = frame_coverage(read_trial(folder)).set_index("stratum_id")
    assert table["gap"].tolist() == ["", "no building responded", ""]


def test_the_stock_tells_what_the_frame_leaves_out(write_small_trial: Callable[..., Path]) -> None:
    stock = pd.DataFrame({"archetype": ["semi", "semi", "terrace"], "premises": [300.0, 300.0, 400.0]})
    trial = read_trial(write_small_trial(frame=(LINE, LINE + SECOND)))
    table = stock_coverage(trial, stock).set_index("archetype")
    assert table["gap"].to_dict() == {
        "semi": "",
        "terrace": "not in the frame",
        "flat_high": "not in the stock",
        "ALL": "",
    }
    assert table.loc["semi", ["premises_stock", "stock_share", "frame_share"]].tolist() == [600, 0.6, 1000 / 1500]
    assert table["difference"].iloc[:-1].sum() == pytest.approx(0)


@pytest.mark.parametrize(
    ("stock", "problem"),
    [
        (pd.DataFrame({"archetype": ["semi"]}), "no column premises"),
        (pd.DataFrame({"archetype": ["semi"], "premises": [0]}), "no premises"),
    ],
)
def test_a_stock_that_cannot_be_used_is_refused(stock: pd.DataFrame, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        stock_coverage(sample_trial(), stock)


def test_a_synthetic_frame_covers_its_stock_and_says_so() -> None:
    table = frame_coverage(sample_trial())
    assert table.attrs["synthetic"] is True
    strata = table.iloc[:-1]
    assert strata["premises_frame_share"].sum() == pytest.approx(1)
    # Two of a stratum's twenty buildings may be in quarantine.
    assert strata["weighted_ratio"].between(0.85, 1.05).all()
