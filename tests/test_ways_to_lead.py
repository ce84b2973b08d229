"""The least change that lifts an option to a place: against a fine search, and at its ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from smarthan.analysis import additive_value
from smarthan.analysis.appraisal.parts import Criterion, Level
from smarthan.analysis.scoring.ways_to_lead import least_score, least_scores, least_weight, points_needed

POINTS = arrays(np.float64, (4, 3), elements=st.integers(0, 100).map(float))
SHARES = arrays(np.float64, (3,), elements=st.integers(1, 20).map(float))


def rank_at(values: np.ndarray, weights: np.ndarray, option: int, criterion: int, t: float) -> int:
    """Return how many options stand strictly above an option when one weight is t."""
    others = np.where(np.arange(len(weights)) == criterion, 0.0, weights)
    moved = others / others.sum() * (1 - t)
    moved[criterion] = t
    totals = values @ moved
    return int(np.count_nonzero(totals > totals[option] + 1e-9))


@settings(max_examples=60, deadline=None)
@given(values=POINTS, weights=SHARES, place=st.integers(1, 3))
def test_no_nearer_weight_does_it(values: np.ndarray, weights: np.ndarray, place: int) -> None:
    shares = weights / weights.sum()
    option = int(np.argmin(additive_value(values, shares)))
    if rank_at(values, shares, option, 0, float(shares[0])) < place:
        return
    found = least_weight(values, shares, option, place)
    reach = 2.0 if found is None else abs(found[1] - shares[found[0]])
    if found is not None:
        assert rank_at(values, shares, option, *found) < place
    for criterion in range(3):
        for t in np.linspace(0, 1, 201):
            if abs(t - shares[criterion]) < reach - 1e-6:
                assert rank_at(values, shares, option, criterion, float(t)) >= place


def test_a_dominated_option_finds_no_weight() -> None:
    assert least_weight(np.array([[50.0, 60.0], [40.0, 50.0]]), np.array([0.5, 0.5]), 1, 1) is None


def test_one_criterion_with_all_the_weight_cannot_move() -> None:
    assert least_weight(np.array([[50.0, 0.0], [40.0, 50.0]]), np.array([1.0, 0.0]), 1, 1) == (1, pytest.approx(1 / 6))


def test_points_needed_are_those_behind_the_place() -> None:
    values, weights = np.array([[90.0], [70.0], [40.0]]), np.array([1.0])
    assert [points_needed(values, weights, 2, place) for place in (1, 2, 3)] == [50, 30, 30]
    assert points_needed(values, weights, 0, 1) == -20


def test_the_fewest_scores_are_the_largest() -> None:
    assert least_scores(np.array([2.0, 0.0, 5.0, 4.0]), 9.0) == [2, 3]
    assert least_scores(np.array([2.0, 1.0]), 3.5) is None


@given(points=st.floats(0, 100))
def test_the_least_score_is_worth_the_points_and_no_less_will_do(points: float) -> None:
    falling = Criterion("c", "C", unit="GBP", better="low", xs=(0.0, 40.0, 60.0, 100.0), ys=(100.0, 80.0, 80.0, 0.0))
    score = least_score(falling, points)
    assert isinstance(score, float)
    assert falling.value_of(score) == pytest.approx(points, abs=1e-6)
    assert score + 1e-9 >= 100 or falling.value_of(score + 1e-3) < points + 1e-6
    words = Criterion("w", "W", levels=(Level("low", 0), Level("mid", 40), Level("top", 100)))
    assert words.value_of_level(str(least_score(words, points))) >= points - 1e-9
