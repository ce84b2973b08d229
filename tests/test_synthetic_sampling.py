"""The two-stage sample: sizes, inclusion probabilities, and response as asked for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.trial_data.synthetic.constants import PROFILES
from smarthan.trial_data.synthetic.sampling import choose_buildings, choose_dwellings, draw_outcomes

SEMI = PROFILES[1]


def world_of(sizes: list[int]) -> pd.DataFrame:
    building = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame({"building": building, "dwellings_n": np.repeat(sizes, sizes)})


@settings(max_examples=25, deadline=None)
@given(sizes=st.lists(st.integers(1, 9), min_size=1, max_size=8), most=st.integers(1, 5))
def test_each_building_gives_its_share_and_weights_restore_its_size(sizes: list[int], most: int) -> None:
    drawn = choose_dwellings(world_of(sizes), most, np.random.default_rng(1))
    counts = np.bincount(drawn["building"], minlength=len(sizes))
    assert counts.tolist() == [min(size, most) for size in sizes]
    restored = (1 / drawn["p_incl_2"]).groupby(drawn["building"], observed=True).sum()
    assert restored.tolist() == pytest.approx(sizes)


def test_every_dwelling_is_equally_likely() -> None:
    rng = np.random.default_rng(4)
    hits = np.zeros(5)
    for _ in range(2000):
        hits[choose_dwellings(world_of([5]), 2, rng).index] += 1
    assert hits / 2000 == pytest.approx([0.4] * 5, abs=0.05)


def test_buildings_are_drawn_once_in_order() -> None:
    chosen = choose_buildings(10, 10, np.random.default_rng(1))
    assert chosen.tolist() == list(range(10))


def test_more_buildings_than_there_are_is_refused() -> None:
    with pytest.raises(ValueError, match="buildings_per_stratum: 11 asked for, but a stratum holds 10"):
        choose_buildings(10, 11, np.random.default_rng(1))


def outcomes_of(nonresponse: str, profile: object = SEMI) -> tuple[np.ndarray, np.ndarray]:
    n = 20_000
    reached = np.arange(n) % 2 == 0
    drawn = pd.DataFrame({"building": np.arange(n) // 4, "reached.zigbee_2g4": reached})
    outcome = draw_outcomes(drawn, profile, nonresponse, np.random.default_rng(6))  # type: ignore[arg-type]
    return np.isin(outcome, ["complete", "partial"]), reached


def test_response_at_random_has_the_stratums_rate_reached_or_not() -> None:
    responded, reached = outcomes_of("mar")
    assert responded.mean() == pytest.approx(0.80, abs=0.01)
    assert responded[reached].mean() == pytest.approx(responded[~reached].mean(), abs=0.02)


def test_response_not_at_random_favours_the_reached() -> None:
    responded, reached = outcomes_of("nmar")
    assert responded[reached].mean() > responded[~reached].mean() + 0.05


def test_no_nonresponse_means_all_complete() -> None:
    responded, _ = outcomes_of("none")
    assert responded.all()


def test_a_block_that_lets_nobody_in_loses_all_its_dwellings() -> None:
    flats = replace(PROFILES[5], response=0.9)
    drawn = pd.DataFrame({"building": np.repeat(np.arange(5000), 4), "reached.zigbee_2g4": False})
    outcome = draw_outcomes(drawn, flats, "mar", np.random.default_rng(6))
    shut = pd.Series(outcome == "no_access").groupby(drawn["building"], observed=True).all()
    assert shut.mean() == pytest.approx(0.08, abs=0.015)
    assert np.isin(outcome, ["complete", "partial"]).mean() == pytest.approx(0.9, abs=0.02)
