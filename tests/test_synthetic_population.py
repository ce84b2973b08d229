"""The synthetic population: strata of the size asked for, dwellings on floors their buildings have."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.synthetic import population
from smarthan.trial_data.synthetic.constants import PROFILES
from smarthan.trial_data.synthetic.population import draw_dwellings, plan_strata

DEFAULT = plan_strata(None, size_premises=20_000, buildings_per_stratum=5)


def test_default_mix_has_the_designs_eight_strata() -> None:
    assert [s.profile.share for s in DEFAULT] == [0.19, 0.26, 0.245, 0.08, 0.045, 0.13, 0.02, 0.03]
    premises = sum(s.n_buildings * s.profile.dwellings_mean for s in DEFAULT)
    assert premises == pytest.approx(20_000, rel=0.01)


def test_population_grows_until_the_smallest_stratum_holds_the_sample() -> None:
    strata = plan_strata(None, size_premises=1_000, buildings_per_stratum=80)
    assert min(s.n_buildings for s in strata) == 80
    assert strata[0].n_buildings == round(0.19 * 80 * 50 / 0.02)


@pytest.mark.parametrize("stratum", DEFAULT, ids=lambda s: f"{s.profile.archetype}-{s.profile.meter_class}")
def test_dwellings_lie_within_their_buildings(stratum: population.Stratum) -> None:
    (run,) = draw_dwellings(stratum, np.random.default_rng(1))
    storeys = run.storeys[run.building]
    lowest = -1 if stratum.profile.meter_level == "basement" else 0
    assert len(run.dwellings_n) == stratum.n_buildings
    assert np.bincount(run.building).tolist() == run.dwellings_n.tolist()
    assert ((run.floor_no >= lowest) & (run.floor_no < storeys)).all()
    assert (np.abs(run.floor_no - run.meter_floor) == run.floors).all()
    assert run.storeys.min() >= stratum.profile.storeys[0]
    assert run.storeys.max() <= stratum.profile.storeys[1]
    assert run.floors.mean() == pytest.approx(stratum.profile.floors_mean, abs=0.25)


def test_large_strata_come_in_bounded_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population, "BLOCK_DWELLINGS", 1_000)
    runs = list(draw_dwellings(DEFAULT[0], np.random.default_rng(1)))
    assert [len(run.dwellings_n) for run in runs] == [1000, 1000, 1000, 800]


def test_stock_of_ones_own_sets_shares_and_regions() -> None:
    stock = pd.DataFrame(
        {
            "archetype": ["semi", "semi", "flat_low"],
            "meter_class": ["in_dwelling", "in_dwelling", "meter_room_ground"],
            "region": ["Wales", "London", "London"],
            "premises": [300, 100, 600],
        }
    )
    semi, flat = plan_strata(stock, size_premises=9_000, buildings_per_stratum=5)
    assert (semi.n_buildings, flat.n_buildings) == (3600, 600)
    assert semi.regions == {"London": 0.25, "Wales": 0.75}
    assert flat.regions == {"London": 1.0}


def test_stock_without_meter_places_is_split_as_the_default_mix() -> None:
    stock = pd.DataFrame({"archetype": ["flat_high"], "premises": [1]})
    riser, basement = plan_strata(stock, size_premises=10_000, buildings_per_stratum=1)
    assert (riser.profile.share, basement.profile.share) == pytest.approx((0.4, 0.6))


@pytest.mark.parametrize(
    ("stock", "words"),
    [
        (pd.DataFrame({"archetype": ["igloo"], "premises": [1]}), "igloo.*known are"),
        (pd.DataFrame({"archetype": ["semi"]}), "column premises is missing"),
        (pd.DataFrame({"archetype": ["semi"], "premises": [0]}), "not all 0"),
        (pd.DataFrame({"archetype": ["semi"], "premises": [-1]}), "0 or more"),
    ],
    ids=["unknown type", "no premises column", "none", "negative"],
)
def test_stock_that_cannot_be_built_is_refused(stock: pd.DataFrame, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        plan_strata(stock, size_premises=1000, buildings_per_stratum=1)


def test_default_shares_add_to_one() -> None:
    assert sum(profile.share for profile in PROFILES) == pytest.approx(1.0)
