"""The coverage model and its judges: scores by hand, a leak that shows, sets that cover, types that are found again."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.analysis.paths.clusters import find_building_types
from smarthan.analysis.paths.conformal import conformal_quantile, conformal_sets
from smarthan.analysis.paths.features import path_features
from smarthan.analysis.paths.forecasts import brier_score, reliability_table
from smarthan.analysis.paths.path_model import fit_paths
from smarthan.trial_data import sample_trial


def make_paths(seed: int, *, buildings: int = 120, paths: int = 6, own: float = 0.0) -> pd.DataFrame:
    """Paths whose success falls with walls; `own` is how much each building differs for no reason that is recorded."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"building_id": [f"b{n}" for n in np.repeat(np.arange(buildings), paths)]})
    table["path_id"] = [f"p{n}" for n in range(len(table))]
    number = np.repeat(np.arange(buildings), paths)
    table["surveyor_id"] = np.where(number % 3 == 0, "anna", "ben")
    table["archetype"] = pd.Categorical(np.where(number % 2, "semi", "flat_low"))
    table["role"] = "CH-IHD"
    table["walls_heavy"] = pd.array(rng.integers(0, 5, len(table)), dtype="Int64")
    # Width and depth are the building's alone: a model may learn which building it is from them.
    table["storeys"] = rng.normal(0, 1, buildings)[number]
    table["dwellings_n"] = rng.normal(0, 1, buildings)[number]
    eta = 2.0 - 1.2 * table["walls_heavy"].to_numpy(float) + own * rng.normal(0, 1, buildings)[number]
    table["success"] = rng.random(len(table)) < 1 / (1 + np.exp(-eta))
    return table


def test_the_score_by_hand_and_its_parts() -> None:
    p, y = np.array([0.8, 0.8, 0.8, 0.2, 0.2]), np.array([1, 1, 0, 0, 1])
    score = brier_score(p, y)
    assert score.score == pytest.approx((0.04 * 2 + 0.64 + 0.04 + 0.64) / 5)
    assert score.reliability == pytest.approx((3 * (0.8 - 2 / 3) ** 2 + 2 * (0.2 - 0.5) ** 2) / 5)
    assert score.resolution == pytest.approx((3 * (2 / 3 - 0.6) ** 2 + 2 * (0.5 - 0.6) ** 2) / 5)
    assert score.uncertainty == pytest.approx(0.24)
    assert score.log_loss == pytest.approx(-np.log([0.8, 0.8, 0.2, 0.8, 0.2]).mean())


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.5, 0.9, 1.0]), st.booleans()), min_size=1, max_size=60))
def test_the_parts_add_up_for_equal_forecasts(rows: list[tuple[float, bool]]) -> None:
    p, y = zip(*rows, strict=True)
    score = brier_score(p, y)
    assert score.remainder == pytest.approx(0, abs=1e-12)
    assert np.isfinite(score.log_loss)
    assert brier_score(p[::-1], y[::-1]).score == pytest.approx(score.score)


def test_bins_leave_a_remainder_that_is_told() -> None:
    rng = np.random.default_rng(1)
    p = rng.random(2000)
    y = rng.random(2000) < p
    binned = brier_score(p, y, bins=5)
    assert binned.score == brier_score(p, y).score
    assert abs(binned.remainder) > 1e-4
    assert binned.reliability < 0.002
    table = reliability_table(p, y, bins=10)
    assert ((table["low"] <= table["forecast"]) & (table["forecast"] <= table["high"])).mean() >= 0.8
    assert table["n"].sum() == 2000


@pytest.mark.parametrize(
    ("p", "y", "words"),
    [
        ([], [], "0 forecasts"),
        ([0.5], [0, 1], "1 forecasts and y 2"),
        ([1.1], [1], "outside 0 to 1"),
        ([0.5], [2], "y: an"),
    ],
)
def test_what_cannot_be_scored_is_refused(p: list[float], y: list[int], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        brier_score(p, y)


def test_the_quantile_is_the_stated_order_statistic() -> None:
    scores = np.arange(1, 20) / 20
    assert conformal_quantile(scores, 0.1) == scores[17]
    assert conformal_quantile(scores, 0.05) == scores[18]
    assert conformal_quantile(scores, 0.01) == np.inf
    with pytest.raises(ValueError, match="error 1"):
        conformal_quantile(scores, 1)


def test_sets_cover_each_type_at_the_stated_rate() -> None:
    rng = np.random.default_rng(5)
    coverages = []
    for seed in range(30):
        p = rng.random(1200)
        kinds = np.where(np.arange(1200) // 4 % 2, "semi", "flat_low")
        honest = np.where(kinds == "semi", p, 0.5 + (p - 0.5) / 3)  # of flats the forecasts are too sure
        table = conformal_sets(p, rng.random(1200) < honest, np.arange(1200) // 4, kinds, error=0.1, seed=seed)
        coverages.append(table.set_index("kind")["coverage"])
    mean = pd.DataFrame(coverages).mean()
    assert mean.between(0.885, 0.915).all(), mean


def test_few_buildings_rule_nothing_out() -> None:
    table = conformal_sets([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], list("aabb"), ["semi"] * 4, error=0.1)
    assert table["undecided"].tolist() == [1.0, 1.0]
    assert table["threshold"].isna().all()


def test_buildings_that_can_be_recognised_show_as_a_gap() -> None:
    leaky = fit_paths(make_paths(1, own=3.0, buildings=40, paths=15), "zigbee_2g4", learner="boosting")
    plain = fit_paths(make_paths(1, own=0.0, buildings=40, paths=15), "zigbee_2g4", learner="boosting")
    assert leaky.leakage_gap > 0.05
    assert abs(plain.leakage_gap) < 0.04


def test_forecasts_mean_what_they_say_and_carry_to_further_paths() -> None:
    model = fit_paths(make_paths(2), "zigbee_2g4")
    assert model.scores["left_out"].tolist() == ["building", "surveyor", "random"]
    assert model.scores["skill"].min() > 0.15
    assert model.scores.loc[0, "reliability"] < 0.01
    few, many = (model.predict(make_paths(3).assign(walls_heavy=walls)).mean() for walls in (0, 4))
    assert few > 0.75
    assert many < 0.25
    unseen = make_paths(4).assign(archetype="bungalow")
    assert model.predict(unseen).between(0, 1).all()


def test_one_surveyor_is_told_and_one_outcome_is_refused() -> None:
    model = fit_paths(make_paths(5).assign(surveyor_id="anna"), "zigbee_2g4")
    assert model.predictions["by_surveyor"].isna().all()
    assert any("One surveyor" in note for note in model.notes)
    with pytest.raises(ValueError, match=r"every one of 720 paths works"):
        fit_paths(make_paths(5).assign(success=True), "zigbee_2g4")
    with pytest.raises(ValueError, match="folds 500"):
        fit_paths(make_paths(5), "zigbee_2g4", folds=500)
    with pytest.raises(ValueError, match="'forest' is not one of"):
        fit_paths(make_paths(5), "zigbee_2g4", learner="forest")  # type: ignore[arg-type]


def test_features_of_the_trial_hold_no_signal() -> None:
    trial = sample_trial()
    radio, wire = path_features(trial, "zigbee_sub"), path_features(trial, "bb_plc")
    assert {"walls_heavy", "floors", "archetype", "meter_class"} <= set(radio)
    assert {"wire_length_m", "same_phase"} <= set(wire)
    assert not {"rssi_dbm", "packets_ok", "snr_db"} & (set(radio) | set(wire))
    assert radio["path_id"].is_unique
    assert radio.attrs["synthetic"]


def test_planted_types_are_found_again_and_called_exploratory() -> None:
    rng = np.random.default_rng(6)
    kind = rng.integers(0, 3, 240)
    buildings = pd.DataFrame(
        {
            "building_id": [f"b{n}" for n in range(240)],
            "storeys": np.array([2, 5, 20])[kind] + rng.normal(0, 0.3, 240),
            "wall_type": np.array(["cavity_brick", "solid_brick", "insitu_concrete"])[kind],
        }
    )
    found = find_building_types(buildings, ["storeys", "wall_type"], k=[2, 3, 4], bootstraps=6)
    assert found.choice.loc[found.choice["chosen"], "k"].tolist() == [3]
    assert found.choice.loc[found.choice["k"] == 3, "stability"].iloc[0] > 0.95
    assert pd.crosstab(found.labels.to_numpy(), kind).astype(bool).sum(axis=1).tolist() == [1, 1, 1]
    assert found.profile["buildings"].is_monotonic_decreasing
    assert found.note.startswith("exploratory")
    with pytest.raises(ValueError, match="2 to 239"):
        find_building_types(buildings, ["storeys"], k=[500])
    with pytest.raises(KeyError, match="'roof'"):
        find_building_types(buildings, ["roof"])
