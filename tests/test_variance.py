"""Stages and their variance, on samples small enough to check by eye."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis.survey.variance import build_stages, stage_covariance

FRAME = pd.DataFrame({"h": ["s", "s", "t", "t"], "b": ["1", "2", "1", "2"], "N": [10, 10, 4, 4]})


def test_units_are_nested_in_their_strata() -> None:
    (stage,) = build_stages(FRAME, "h", ["b"], ["N"], {})
    assert stage.unit.tolist() == [0, 1, 2, 3]
    assert stage.parent.tolist() == [0, 0, 1, 1]
    assert stage.fraction.tolist() == [0.2, 0.5]


def test_collapsed_strata_add_their_populations() -> None:
    (stage,) = build_stages(FRAME, "h", ["b"], ["N"], {"s": "t"})
    assert (stage.sampled.tolist(), stage.population.tolist()) == ([4.0], [14.0])


def test_covariance_by_hand() -> None:
    z = np.array([[1.0, 0.0], [3.0, 2.0], [5.0, 1.0], [5.0, 5.0]])
    stages = build_stages(FRAME, "h", ["b"], [], {})
    # n/(n-1) = 2; deviations are (-1, 1) and (0, 0) in the first column, (-1, 1) and (-2, 2) in the second.
    assert stage_covariance(z, stages).tolist() == [[4.0, 4.0], [4.0, 20.0]]


def test_the_finite_population_shrinks_each_stratum() -> None:
    z = np.array([[1.0], [3.0], [1.0], [3.0]])
    assert stage_covariance(z, build_stages(FRAME, "h", ["b"], ["N"], {})).item() == pytest.approx(4 * (0.8 + 0.5))


def test_a_stratum_taken_whole_needs_no_second_unit() -> None:
    frame = pd.DataFrame({"h": ["s", "s", "lone"], "b": ["1", "2", "3"], "N": [10, 10, 1]})
    z = np.array([[1.0], [3.0], [9.0]])
    assert stage_covariance(z, build_stages(frame, "h", ["b"], ["N"], {})).item() == pytest.approx(4 * 0.8)


def test_one_dwelling_of_several_in_a_building_is_refused_too() -> None:
    frame = pd.DataFrame({"b": ["1", "1", "2"], "d": ["a", "b", "c"], "N": 5, "M": [2, 2, 3]})
    stages = build_stages(frame, None, ["b", "d"], ["N", "M"], {})
    with pytest.raises(ValueError, match="only one unit was sampled in 2"):
        stage_covariance(np.ones((3, 1)), stages)
    assert stage_covariance(np.ones((3, 1)), stages, adjust=True).item() >= 0
