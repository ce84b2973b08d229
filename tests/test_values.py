"""Value functions and the weighted sum, against worked cases and by their laws."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from smarthan.analysis import additive_value, piecewise_value
from smarthan.analysis.scoring.values import mean_value, normalise_weights

CASES = Path(__file__).parent / "data" / "cases" / "scoring"
POINTS = st.floats(0, 100)


def test_value_function_out_of_range() -> None:
    case = json.loads((CASES / "value_function_out_of_range.json").read_text())
    given_, expected = case["inputs"], case["expected"]
    scale = given_["cutoffs"], given_["values"]
    np.testing.assert_allclose(piecewise_value(given_["x"], *scale), expected["inside"], atol=1e-9)
    np.testing.assert_allclose(piecewise_value(given_["x_outside"], *scale, "clip"), expected["clip"], atol=1e-9)
    for x in given_["x_outside"]:
        with pytest.raises(ValueError, match=f"x: {x} is outside the agreed range 50 to 100"):
            piecewise_value([75, x], *scale)


def test_swing_weights_additive() -> None:
    case = json.loads((CASES / "swing_weights_additive.json").read_text())
    points, values, expected = case["inputs"]["swing_points"], case["inputs"]["values"], case["expected"]
    np.testing.assert_allclose(normalise_weights(list(points.values())), list(expected["weights"].values()), atol=1e-9)
    totals = additive_value(list(values.values()), list(points.values()))
    np.testing.assert_allclose(totals, list(expected["total"].values()), atol=1e-9)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: piecewise_value([1], [0, 0], [0, 100]), "strictly increasing"),
        (lambda: piecewise_value([1], [0], [0]), "length of 2 or more"),
        (lambda: piecewise_value([np.nan], [0, 1], [0, 100]), "finite"),
        (
            lambda: piecewise_value([1], [0, 1], [0, 100], "extend"),  # type: ignore[arg-type]
            "allowed: 'raise', 'clip'",
        ),
        (lambda: additive_value([[1, 2]], [1]), "2.* criteria, weights 1"),
        (lambda: additive_value([[1, np.nan]], [1, 1]), "nan"),
        (lambda: additive_value([[1, 2]], [-1, 2]), "-1 is negative"),
        (lambda: additive_value([[1, 2]], [0, 0]), "all 0"),
        (lambda: additive_value([[1, 2]], [np.inf, 0]), "finite"),
        (lambda: additive_value([[1, 2]], [[1, 2]]), "one list"),
    ],
)
def test_what_cannot_be_valued_is_refused(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()


def test_mean_value_is_the_area_under_the_value_function() -> None:
    assert mean_value([0, 10, 40], [0, 50, 100]) == pytest.approx((250 + 2250) / 40)


@settings(max_examples=50, deadline=None)
@given(arrays(float, (4, 3), elements=POINTS), arrays(float, 3, elements=st.floats(0.01, 100)), st.floats(0.1, 1000))
def test_laws_of_the_weighted_sum(values: np.ndarray, weights: np.ndarray, scale: float) -> None:
    totals = additive_value(values, weights)
    np.testing.assert_allclose(additive_value(values, weights * scale), totals, atol=1e-9)
    wider = np.column_stack([values, values[::-1, 0]])
    np.testing.assert_allclose(additive_value(wider, [*weights, 0.0]), totals, atol=1e-9)
    split = np.column_stack([values, values[:, 2]])
    np.testing.assert_allclose(additive_value(split, [*weights[:2], weights[2] / 2, weights[2] / 2]), totals, atol=1e-9)
    np.testing.assert_array_equal(additive_value(values[[2, 0]], weights), totals[[2, 0]])
    best = np.maximum(values[0], values[1])
    assert additive_value(best, weights) >= max(totals[:2]) - 1e-9


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=5), st.floats(1e-3, 1e6))
def test_a_change_of_unit_changes_no_value(scores: list[float], unit: float) -> None:
    plain = piecewise_value(scores, [0, 0.3, 1], [100, 40, 0])
    scaled = piecewise_value(np.array(scores) * unit, np.array([0, 0.3, 1]) * unit, [100, 40, 0], "clip")
    np.testing.assert_allclose(scaled, plain, atol=1e-6)
