"""Dominance, weight stability intervals and points to lose, on tables small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from smarthan.analysis import additive_value, weight_stability
from smarthan.analysis.scoring.dominance import find_dominance
from smarthan.analysis.scoring.stability import points_to_lose


def test_the_nearest_weight_on_each_side_is_found() -> None:
    values = [[100, 0], [0, 100], [60, 60]]  # the first leads above .6, the second below .4, the third between
    leader, below, above = weight_stability(values, [0.5, 0.5], 0)
    assert leader == 2
    assert below == (pytest.approx(0.4), 1)
    assert above == (pytest.approx(0.6), 0)


def test_a_dominating_option_leads_whatever_the_weight() -> None:
    assert weight_stability([[90, 80], [50, 80]], [1, 3], 0) == (0, None, None)


def test_one_criterion_with_all_the_weight_has_no_switch() -> None:
    assert weight_stability([[90, 0], [50, 80]], [1, 0], 0) == (0, None, None)


def test_a_level_pair_switches_at_the_weight_itself() -> None:
    leader, below, above = weight_stability([[80, 20], [20, 80]], [1, 1], 0)
    assert (leader, above) == (0, None)
    assert below == (pytest.approx(0.5), 1)


def test_points_to_lose_close_the_gap() -> None:
    np.testing.assert_array_equal(points_to_lose(2.0, [0.5, 0.0]), [4.0, np.inf])


@settings(max_examples=60, deadline=None)
@given(
    arrays(float, (4, 3), elements=st.integers(0, 100)), arrays(float, 3, elements=st.integers(1, 9)), st.integers(0, 2)
)
def test_within_the_interval_the_leader_leads_and_just_beyond_it_does_not(
    values: np.ndarray, weights: np.ndarray, criterion: int
) -> None:
    shares = weights / weights.sum()
    leader, below, above = weight_stability(values, shares, criterion)
    low = 0.0 if below is None else below[0]
    high = 1.0 if above is None else above[0]
    assert low - 1e-9 <= shares[criterion] <= high + 1e-9

    def totals(weight: float) -> np.ndarray:
        moved = shares * (1 - weight) / (1 - shares[criterion])
        moved[criterion] = weight
        return additive_value(values, moved)

    for weight in np.linspace(low, high, 7):
        assert totals(weight)[leader] >= totals(weight).max() - 1e-6
    if above is not None and above[0] < 0.999:
        assert totals(above[0] + 1e-3)[above[1]] > totals(above[0] + 1e-3)[leader] - 1e-9


def test_dominance_needs_no_worse_everywhere_and_better_somewhere() -> None:
    above, equal = find_dominance([[60, 70, 80], [50, 70, 60], [90, 10, 100], [60, 70, 80]])
    assert (above, equal) == ([(0, 1), (3, 1)], [(0, 3)])


def test_of_those_who_draw_level_together_the_one_who_leads_beyond_is_named() -> None:
    # Both challengers meet the leader at weight .5; the last rises faster.
    leader, below, above = weight_stability([[0, 100], [50, 50], [100, 0]], [0.2, 0.8], 0)
    assert (leader, below) == (0, None)
    assert above == (pytest.approx(0.5), 2)


def test_rounding_is_no_lead_and_no_switch() -> None:
    values = [[90.0, 0.1 + 0.2, 70.0], [50.0, 0.3, 70.0]]  # level but for the last digit of a sum
    assert weight_stability(values, [1, 3, 3], 0) == (0, None, None)


def test_a_criterion_of_weight_0_may_switch_above_only() -> None:
    leader, below, above = weight_stability([[0, 60], [100, 40]], [0, 1], 0)
    assert (leader, below) == (0, None)
    assert above == (pytest.approx(1 / 6), 1)


def test_a_single_criterion_has_no_switch_and_a_place_beyond_is_refused() -> None:
    assert weight_stability([[10], [20]], [5], 0) == (1, None, None)
    with pytest.raises(IndexError):
        weight_stability([[10, 1], [20, 1]], [1, 1], 2)


def test_values_that_differ_by_rounding_are_equal() -> None:
    assert find_dominance([[0.1 + 0.2, 1.0], [0.3, 1.0]]) == ([], [(0, 1)])
