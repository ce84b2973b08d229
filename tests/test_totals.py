"""Limits of the totals: against the moments of the draws, and free of the number of threads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis.simulation.totals import total_limits


def test_limits_hold_the_mean_and_do_not_depend_on_threads(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path)
    weights = appraisal.weights_of("one")[1]
    one, three = (total_limits(appraisal.simulate(9_000, threads=count), weights) for count in (1, 3))
    assert one.equals(three)
    assert (one["low"] <= one["mean"]).all()
    assert (one["mean"] <= one["high"]).all()
    expected = appraisal.simulate(9_000).model.expected @ weights
    np.testing.assert_allclose(one["mean"], expected, atol=0.4)
    assert one.attrs["synthetic"]


def test_a_sure_option_has_no_width(tmp_path: Path) -> None:
    sure = [
        ("a,cost,x,,20,10,40,triangular", "a,cost,x,,20,20,20,triangular"),
        ("a,reach,x,,0.6,0.5,0.7,uniform", "a,reach,x,,0.6,0.6,0.6,uniform"),
        ("[money]", "[confidence]\nhigh = 0.0\n[money]"),
    ]
    appraisal = read_small(tmp_path, *sure)
    row = total_limits(appraisal.simulate(500), appraisal.weights_of("one")[1]).iloc[0]
    assert (row["low"], row["mean"], row["high"]) == pytest.approx((80, 80, 80))
