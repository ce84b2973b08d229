"""The distribution behind each kind of judgement, against closed forms and the library's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from smarthan.analysis.appraisal.keys import SPREAD
from smarthan.analysis.appraisal.parts import Criterion, Judgement, Level
from smarthan.analysis.simulation.uncertainty import (
    beta_points,
    look_out,
    score_moments,
    stated_limits,
    word_chances,
)

CAPEX = Criterion("capex", "Cost", unit="GBP", better="low", xs=(0.0, 120.0), ys=(100.0, 0.0))
REACH = Criterion("reach", "Reach", unit="share", xs=(0.0, 1.0), ys=(0.0, 100.0))
WORDS = Criterion("fit", "Fit", levels=(Level("poor", 0.0), Level("fair", 35.0), Level("good", 100.0)))


def judge(**parts: object) -> Judgement:
    return Judgement("a", "capex", "panel", **parts)  # type: ignore[arg-type]


@pytest.mark.parametrize(("a", "b"), [(0.5, 40.5), (31.5, 9.5), (1, 5), (3, 3), (2000.5, 1999.5), (40.5, 0.5)])
def test_beta_points_are_the_quantiles(a: float, b: float) -> None:
    points = beta_points(a, b)
    middles = (np.arange(4096) + 0.5) / 4096
    np.testing.assert_allclose(points, stats.beta(a, b).ppf(middles), atol=2e-5)
    assert points.mean() == pytest.approx(a / (a + b), abs=1e-5)
    assert points.std() == pytest.approx(stats.beta(a, b).std(), rel=2e-3)


@pytest.mark.parametrize(
    ("dist", "mean"),
    [
        ("pert", (15 + 4 * 18 + 24) / 6),
        ("triangular", (15 + 18 + 24) / 3),
        ("uniform", 19.5),
        ("normal", 19.5),
    ],
)
def test_the_mean_of_each_shape_is_its_closed_form(dist: str, mean: float) -> None:
    outlook = look_out([judge(best=18.0, low=15.0, high=24.0, dist=dist)], CAPEX, SPREAD)
    assert outlook.mean == pytest.approx(100 - mean / 1.2, abs=0.001)
    assert outlook.table.mean() == pytest.approx(outlook.mean)
    assert outlook.clipped == 0


def test_normal_limits_are_the_5_and_95_per_cent_points() -> None:
    outlook = look_out([judge(best=50.0, low=40.0, high=60.0, dist="normal")], CAPEX, SPREAD)
    costs = 120 - outlook.table * 1.2
    assert np.mean(costs < 40) == pytest.approx(0.05, abs=1e-3)
    assert np.mean(costs > 60) == pytest.approx(0.05, abs=1e-3)


def test_a_bare_estimate_spreads_by_its_confidence_cut_at_the_range() -> None:
    assert stated_limits(judge(best=10.0, confidence="medium"), CAPEX, SPREAD, 10.0) == (0.0, 28.0)
    assert stated_limits(judge(best=60.0, confidence="high"), CAPEX, SPREAD, 60.0) == (54.0, 66.0)
    assert stated_limits(judge(best=60.0), CAPEX, SPREAD, 60.0) == (24.0, 96.0)


def test_draws_outside_the_range_are_clipped_and_their_share_is_told() -> None:
    outlook = look_out([judge(best=115.0, low=110.0, high=130.0, dist="uniform")], CAPEX, SPREAD)
    assert outlook.clipped == pytest.approx(0.5, abs=1e-3)
    assert outlook.points.min() == 0


def test_a_word_goes_to_its_neighbours_by_its_doubt() -> None:
    at_end = word_chances(judge(level="good", confidence="low"), WORDS, SPREAD)
    np.testing.assert_allclose(at_end, [0, 0.3, 0.7])
    between = word_chances(judge(level="fair", confidence="medium"), WORDS, SPREAD)
    np.testing.assert_allclose(between, [0.075, 0.85, 0.075])
    outlook = look_out([judge(level="fair", confidence="medium")], WORDS, SPREAD)
    assert outlook.mean == pytest.approx(between @ [0, 35, 100], abs=1e-12)
    assert outlook.table.mean() == pytest.approx(outlook.mean, abs=1e-9)
    assert set(np.unique(outlook.points)) == {0, 35, 100}
    assert np.isin(outlook.table, [0, 35, 100]).mean() > 0.998


def test_a_missing_score_takes_the_whole_range_or_all_words() -> None:
    outlook = look_out([judge()], CAPEX, SPREAD)
    assert (outlook.points.min(), outlook.mean, outlook.points.max()) == pytest.approx((0, 50, 100), abs=0.03)
    words = look_out([judge()], WORDS, SPREAD)
    assert words.mean == pytest.approx(45, abs=1e-12)


def test_several_assessors_are_equally_likely_and_a_certain_cell_is_one_point() -> None:
    low, high = judge(best=0.0, low=0.0, high=0.0), judge(best=120.0, low=120.0, high=120.0)
    outlook = look_out([low, high], CAPEX, SPREAD)
    assert sorted(set(outlook.table)) == [0, 100]
    assert (outlook.mean, outlook.variance) == (50, 2500)
    assert look_out([low], CAPEX, SPREAD).is_certain


def test_counts_are_a_beta_share() -> None:
    counted = judge(n=40.0, k=31.0, dist="beta")
    outlook = look_out([counted], REACH, SPREAD)
    assert outlook.mean == pytest.approx(100 * 31.5 / 41, abs=0.001)
    assert outlook.variance == pytest.approx(1e4 * stats.beta(31.5, 9.5).var(), rel=1e-3)
    mean, variance = score_moments([counted], REACH, SPREAD)
    assert (mean, variance) == pytest.approx((31.5 / 41, stats.beta(31.5, 9.5).var()), rel=5e-3)
    assert stated_limits(counted, REACH, SPREAD, 0.77) == pytest.approx(tuple(stats.beta(31.5, 9.5).ppf([0.05, 0.95])))


@pytest.mark.parametrize("dist", ["pert", "triangular", "uniform", "normal"])
def test_a_best_estimate_beyond_the_range_counts_at_its_end(dist: str) -> None:
    clips = replace(CAPEX, outside="clip")
    bare = look_out([judge(best=130.0, confidence="medium", dist=dist)], clips, SPREAD)
    assert 0 <= bare.points.min() <= bare.mean <= 100 * 18 / 120
    assert look_out([judge(best=500.0, low=480.0, high=510.0, dist=dist)], clips, SPREAD).points.tolist() == [0]


@pytest.mark.parametrize("where", [0.0, 0.2, 1.0])
@pytest.mark.parametrize("dist", ["pert", "triangular"])
def test_the_most_likely_score_may_be_an_end(dist: str, where: float) -> None:
    outlook = look_out([judge(best=120 * where, low=0.0, high=120.0, dist=dist)], CAPEX, SPREAD)
    share = (4 * where + 1) / 6 if dist == "pert" else (where + 1) / 3
    assert outlook.mean == pytest.approx(100 - 100 * share, abs=1e-3)
    assert (np.diff(outlook.table) >= 0).all()


def test_a_word_of_no_doubt_is_certain_and_words_of_one_value_are_one_point() -> None:
    sure = {**SPREAD, "high": 0.0}
    assert look_out([judge(level="fair", confidence="high")], WORDS, sure).points.tolist() == [35]
    level = Criterion("fit", "Fit", levels=(Level("no", 0.0), Level("a", 100.0), Level("b", 100.0)))
    outlook = look_out([judge(level="a", confidence="low")], level, SPREAD)
    assert (outlook.points.tolist(), outlook.chances.tolist()) == ([0, 100], pytest.approx([0.15, 0.85]))


def test_assessors_of_words_share_their_chances() -> None:
    outlook = look_out([judge(level="poor", confidence="high"), judge()], WORDS, SPREAD)
    expected = (np.array([0.95, 0.05, 0.0]) + 1 / 3) / 2
    np.testing.assert_allclose(outlook.chances, expected)
    assert outlook.table.mean() == pytest.approx(expected @ [0, 35, 100], abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.sampled_from(["pert", "triangular", "uniform", "normal"]))
def test_a_table_keeps_the_mean_and_never_leaves_the_range(a: float, b: float, c: float, dist: str) -> None:
    low, best, high = np.sort([a, b, c]).tolist()
    outlook = look_out([judge(best=best, low=low, high=high, dist=dist)], REACH, SPREAD)
    assert outlook.table.mean() == pytest.approx(outlook.mean, abs=1e-9)
    assert outlook.table.min() >= 0
    assert outlook.table.max() <= 100
    if dist == "pert":
        assert outlook.mean == pytest.approx(100 * (low + 4 * best + high) / 6, abs=0.002)
