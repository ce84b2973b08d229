"""Who leads where when weights move: stretches of one weight, regions of two, against the brute force of a grid."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from smarthan.analysis import sample_appraisal, weight_stability
from smarthan.analysis.scoring.weight_space import Stretch, lead_regions, lead_stretches

whole_points = st.integers(0, 100).map(float)
tables = st.integers(2, 6).flatmap(lambda options: arrays(np.float64, (options, 4), elements=whole_points))
shares = arrays(np.float64, 4, elements=st.integers(1, 20).map(float))


def totals_at(values: np.ndarray, weights: np.ndarray, moved: dict[int, float]) -> np.ndarray:
    """Totals by the definition: the weights named are moved, the others keep their proportions."""
    given_shares = np.array([moved.get(place, weight) for place, weight in enumerate(weights / weights.sum())])
    rest = [place for place in range(len(weights)) if place not in moved]
    given_shares[rest] *= (1 - sum(moved.values())) / given_shares[rest].sum()
    return np.asarray(values @ given_shares)


def test_three_options_take_turns() -> None:
    found = lead_stretches([[100, 0], [0, 100], [60, 60]], [0.8, 0.2], 0)
    assert found == [Stretch(1, 0.0, 0.4), Stretch(2, 0.4, 0.6), Stretch(0, 0.6, 1.0)]


def test_a_criterion_with_all_the_weight_has_no_line() -> None:
    assert lead_stretches([[100, 0], [0, 100]], [1, 0], 0) == []
    assert lead_regions([[100, 0], [0, 100]], [1, 1], 0, 1) == []


def test_equal_options_are_named_once() -> None:
    assert [s.option for s in lead_stretches([[50, 50], [50, 50]], [1, 1], 0)] == [0]
    assert [r.option for r in lead_regions([[50, 50, 50], [50, 50, 50]], [1, 1, 1], 0, 1)] == [0]


def test_one_criterion_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="the same criterion"):
        lead_regions([[1, 2, 3]], [1, 1, 1], 1, 1)


@given(tables, shares, st.floats(0.001, 0.999))
def test_the_option_named_has_the_highest_total(values: np.ndarray, weights: np.ndarray, at: float) -> None:
    found = lead_stretches(values, weights, 1)
    assert (found[0].low, found[-1].high) == (0.0, 1.0)
    assert all(one.high == other.low for one, other in pairwise(found))
    leader = next(one.option for one in found if one.low <= at <= one.high)
    totals = totals_at(values, weights, {1: at})
    assert totals[leader] == pytest.approx(totals.max(), abs=1e-6)


@given(tables, shares, st.floats(0.01, 0.98), st.floats(0.01, 0.99))
def test_regions_fill_the_triangle_and_name_the_highest_total(
    values: np.ndarray, weights: np.ndarray, across: float, part: float
) -> None:
    found = lead_regions(values, weights, 0, 2)
    assert sum(area_of(region.corners) for region in found) == pytest.approx(0.5, abs=1e-6)
    point = np.array([across, part * (1 - across)])
    totals = totals_at(values, weights, {0: float(point[0]), 2: float(point[1])})
    holding = [region.option for region in found if holds(region.corners, point)]
    assert any(totals[option] == pytest.approx(totals.max(), abs=1e-6) for option in holding)


def area_of(corners: np.ndarray) -> float:
    x, y = corners.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def holds(corners: np.ndarray, point: np.ndarray) -> bool:
    along, off = np.roll(corners, -1, axis=0) - corners, point - corners
    turn = along[:, 0] * off[:, 1] - along[:, 1] * off[:, 0]
    return bool((turn >= -1e-9).all() or (turn <= 1e-9).all())


def test_the_stretch_around_the_weight_now_is_the_stability_interval() -> None:
    appraisal = sample_appraisal()
    values, weights = appraisal.best_values[:-1], appraisal.weights_of("panel")[1]  # LPWAN, the last, is out
    for place in range(len(appraisal.criteria)):
        leader, below, above = weight_stability(values, weights, place)
        around = next(s for s in lead_stretches(values, weights, place) if s.low <= weights[place] <= s.high)
        assert around.option == leader
        assert around.low == pytest.approx(below[0] if below else 0.0, abs=1e-9)
        assert around.high == pytest.approx(above[0] if above else 1.0, abs=1e-9)
