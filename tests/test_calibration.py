"""Weights brought to known totals: by hand, against the totals, and what cannot be met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.analysis.survey.calibration import calibrate_weights, poststratify_weights, rake_weights

FRAME = pd.DataFrame({"kind": ["a", "a", "b", "b"], "place": ["x", "y", "x", "y"], "rooms": [1.0, 2.0, 3.0, 6.0]})
ONES = np.ones(4)


def test_post_strata_meet_their_totals() -> None:
    answer = poststratify_weights(np.array([1.0, 3.0, 1.0, 1.0]), FRAME["kind"], {"a": 8, "b": 10})
    assert (answer.before * answer.factor).tolist() == [2.0, 6.0, 5.0, 5.0]


def test_residuals_use_the_weights_before() -> None:
    answer = poststratify_weights(np.array([1.0, 3.0, 1.0, 1.0]), FRAME["kind"], {"a": 8, "b": 10})
    # Mean of 1 and 2 with weights 1 and 3 is 1.75; the factor of that cell is 2.
    assert answer.residuals(FRAME[["rooms"]].to_numpy()).ravel()[:2].tolist() == pytest.approx([-1.5, 0.5])


@given(st.lists(st.floats(0.2, 5), min_size=12, max_size=12), st.floats(5, 50), st.floats(5, 50), st.floats(0.1, 0.9))
@settings(max_examples=30, deadline=None)
def test_raking_meets_every_margin(weights: list[float], a: float, b: float, part: float) -> None:
    frame = pd.DataFrame({"kind": ["a", "a", "b", "b"] * 3, "place": ["x", "y"] * 6})
    margins: dict[str, Any] = {"kind": {"a": a, "b": b}, "place": {"x": part * (a + b), "y": (1 - part) * (a + b)}}
    answer = rake_weights(np.array(weights), frame, margins)
    raked = pd.Series(answer.before * answer.factor)
    for column, totals in margins.items():
        assert raked.groupby(frame[column]).sum().to_dict() == pytest.approx(totals, rel=1e-8)


def test_calibration_meets_numbers_and_levels_together() -> None:
    answer = calibrate_weights(ONES, FRAME, {"kind": {"a": 2.4, "b": 2.0}, "rooms": 13.0})
    weights = answer.before * answer.factor
    assert weights @ FRAME["rooms"] == pytest.approx(13)
    assert weights[:2].sum() == pytest.approx(2.4)


def test_totals_already_met_change_nothing() -> None:
    assert calibrate_weights(ONES, FRAME, {"rooms": 12.0}).factor == pytest.approx(1)
    assert rake_weights(ONES, FRAME, {"kind": {"a": 2, "b": 2}}).factor == pytest.approx(1)


def test_negative_weights_are_warned_of() -> None:
    with pytest.warns(UserWarning, match="turns 1 weights negative"):
        calibrate_weights(ONES, FRAME, {"kind": {"a": 2, "b": 2}, "rooms": 3.0})


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        ({"a": 1}, "column kind: no total for b"),
        ({"a": 1, "b": 1, "c": 1}, "column kind: no row has c"),
        ({"a": 1, "b": 0}, "every total must be a positive number"),
        ({"a": 1, "b": float("nan")}, "every total must be a positive number"),
    ],
)
def test_totals_that_do_not_fit_the_rows_are_refused(totals: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        poststratify_weights(ONES, FRAME["kind"], totals, name="kind")


def test_missing_levels_and_columns_are_named() -> None:
    with pytest.raises(ValueError, match="column kind: 1 cells are missing"):
        rake_weights(ONES, FRAME.assign(kind=["a", None, "b", "b"]), {"kind": {"a": 1, "b": 1}})
    with pytest.raises(KeyError, match="column 'roof' is not in the table"):
        calibrate_weights(ONES, FRAME, {"roof": 1.0})


def test_margins_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(ValueError, match="do not add to the same total: kind 10, place 12"):
        rake_weights(ONES, FRAME, {"kind": {"a": 5, "b": 5}, "place": {"x": 6, "y": 6}})
    with pytest.raises(ValueError, match="cannot hold together"):
        calibrate_weights(ONES, FRAME, {"kind": {"a": 5, "b": 5}, "place": {"x": 6, "y": 6}})


def test_raking_that_cannot_settle_says_so() -> None:
    corner = pd.DataFrame({"kind": ["a", "b"], "place": ["x", "y"]})
    with pytest.raises(ValueError, match="did not settle within 20 rounds"):
        rake_weights(np.ones(2), corner, {"kind": {"a": 5, "b": 5}, "place": {"x": 6, "y": 4}}, max_iter=20)
