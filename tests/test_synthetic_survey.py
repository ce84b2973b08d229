"""Truth and sample of one survey: truth counts the whole population, the sample is part of it."""

import numpy as np
import pandas as pd
import pytest

from smarthan.trial_data.synthetic import population
from smarthan.trial_data.synthetic.constants import RADIO_BANDS
from smarthan.trial_data.synthetic.population import draw_dwellings, plan_strata
from smarthan.trial_data.synthetic.survey import Plan, Survey, survey_population
from smarthan.trial_data.synthetic.world import describe_world

STRATA = plan_strata(None, size_premises=6_000, buildings_per_stratum=3)
PLAN = Plan(3, 2, "none", RADIO_BANDS)


@pytest.fixture(scope="module")
def survey() -> Survey:
    return survey_population(STRATA, PLAN, np.random.SeedSequence(8))


def test_truth_of_all_is_the_sum_of_the_strata(survey: Survey) -> None:
    whole = survey.coverage[survey.coverage["stratum_id"] == "ALL"].set_index("technology")
    parts = survey.coverage[survey.coverage["stratum_id"] != "ALL"]
    for technology, row in whole.iterrows():
        mine = parts[parts["technology"] == technology]
        assert row["reached"] == mine["reached"].sum()
        assert row["premises"] == mine["premises"].sum()
        assert row["share"] == row["reached"] / row["premises"]


def test_either_is_at_least_each_band(survey: Survey) -> None:
    share = survey.coverage.pivot(index="stratum_id", columns="technology", values="share")
    assert (share["either"] >= share[["zigbee_2g4", "zigbee_sub"]].max(axis=1)).all()


def test_sample_has_the_sizes_and_probabilities_asked_for(survey: Survey) -> None:
    assert len(survey.buildings) == 3 * len(STRATA)
    assert survey.dwellings.groupby("building", observed=True).size().max() == 2
    weight = 1 / (survey.dwellings["p_incl_1"] * survey.dwellings["p_incl_2"])
    per_building = weight.groupby(survey.dwellings["building"], observed=True).sum()
    expansion = survey.buildings["stratum_id"].map({s.stratum_id: s.n_buildings / 3 for s in STRATA})
    assert per_building.to_numpy() == pytest.approx((survey.buildings["dwellings_n"] * expansion).to_numpy())


def test_sampled_buildings_are_numbered_across_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    # A run of one building at a time still numbers the sampled buildings 0, 1, 2 in each stratum.
    monkeypatch.setattr(population, "BLOCK_DWELLINGS", 1)
    stock = pd.DataFrame({"archetype": ["semi", "flat_converted"], "premises": [1, 1]})
    small = plan_strata(stock, size_premises=60, buildings_per_stratum=4)
    survey = survey_population(small, Plan(4, 4, "none", RADIO_BANDS), np.random.SeedSequence(8))
    assert survey.dwellings["building"].drop_duplicates().tolist() == list(range(8))
    assert survey.strata["n_buildings"].tolist() == [30, 10]


def test_world_reaches_a_dwelling_only_when_all_three_links_hold() -> None:
    (run,) = draw_dwellings(STRATA[5], np.random.default_rng(1))
    world = describe_world(STRATA[5], run, RADIO_BANDS, np.random.default_rng(2))
    limit = RADIO_BANDS["zigbee_2g4"].sensitivity_dbm + 10.0
    levels = world[[f"zigbee_2g4.{role}.dbm" for role in ("CH-IHD", "CH-GM", "CH-EM")]]
    assert (world["reached.zigbee_2g4"] == (levels >= limit).all(axis=1)).all()
    assert 0 < world["reached.zigbee_2g4"].mean() < 1
