"""Binomial and clustered intervals: published values, laws, and honest refusals."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.intervals import beta_limits, binomial_interval, cluster_interval

CASES = Path(__file__).parent / "data" / "cases"
C14 = json.loads((CASES / "C14_binomial_ci.json").read_text(encoding="utf-8"))
METHODS = ("wilson", "wilson_cc", "clopper_pearson", "jeffreys")


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("case", C14["expected"], ids=lambda case: f"C14-{case['x']}-of-{case['n']}")
def test_agrees_with_r(case: dict[str, Any], method: Any) -> None:
    limits = binomial_interval(case["x"], case["n"], method)
    assert limits == pytest.approx(case[method], abs=C14["tolerance"])


@pytest.mark.parametrize("method", METHODS)
def test_arrays_give_the_same_as_single_numbers(method: Any) -> None:
    low, high = binomial_interval([0, 3, 10], [10, 10, 10], method)
    singles = [binomial_interval(x, 10, method) for x in (0, 3, 10)]
    assert list(zip(low, high, strict=True)) == singles


@given(n=st.integers(1, 400), part=st.floats(0, 1), level=st.floats(0.5, 0.999))
@settings(max_examples=40, deadline=None)
def test_limits_hold_the_share_and_mirror(n: int, part: float, level: float) -> None:
    x = round(part * n)
    for method in ("wilson", "wilson_cc", "clopper_pearson"):
        low, high = binomial_interval(x, n, method, level)
        assert 0 <= low <= x / n <= high <= 1
        mirrored = binomial_interval(n - x, n, method, level)
        assert mirrored == pytest.approx((1 - high, 1 - low), abs=1e-9)


def test_nothing_seen_gives_no_limits() -> None:
    low, high = binomial_interval([0, 1], [0, 2])
    assert math.isnan(low[0])
    assert math.isnan(high[0])
    assert low[1] < 0.5 < high[1]


@pytest.mark.parametrize(
    ("x", "n", "options", "words"),
    [
        (11, 10, {}, "x = 11 with n = 10"),
        (-1, 10, {}, "x must hold whole numbers"),
        (0.5, 10, {}, "x must hold whole numbers"),
        (1, float("nan"), {}, "n must hold whole numbers"),
        (1, 10, {"method": "wald"}, "'wald' is not one of wilson"),
        (1, 10, {"level": 95}, "give 0.95"),
    ],
)
def test_bad_input_is_named(x: Any, n: Any, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        binomial_interval(x, n, **options)


def test_units_of_their_own_give_wilson() -> None:
    answer = cluster_interval([1] * 9 + [0], range(10))
    assert (answer.low, answer.high) == binomial_interval(9, 10)
    assert answer.method == "wilson"


def test_clustered_share_by_hand() -> None:
    # Cluster totals of (y - 1/2)/6 are +1/6, -1/6 and 0; V = 3/2 of their sum of squares.
    answer = cluster_interval([1, 1, 0, 0, 1, 0], ["a", "a", "b", "b", "c", "c"])
    totals = np.array([1, -1, 0]) / 6
    assert answer.proportion == 0.5
    assert answer.se == pytest.approx(math.sqrt(3 / 2 * np.sum(totals**2)))
    assert (answer.df, answer.n, answer.n_clusters) == (2, 6, 3)
    assert answer.low < 0.5 < answer.high


def test_pooling_ten_units_a_cluster_widens_the_interval() -> None:
    per_cluster = np.repeat([1, 1, 1, 0, 1, 1, 0, 1, 1, 1], 10)
    answer = cluster_interval(per_cluster, np.repeat(np.arange(10), 10))
    low, high = binomial_interval(int(per_cluster.sum()), len(per_cluster))
    assert answer.high - answer.low > 2 * (high - low)


def test_weights_move_the_share() -> None:
    answer = cluster_interval([1, 0, 1], ["a", "b", "c"], weights=[2, 1, 1])
    assert answer.proportion == 0.75
    assert answer.method == "logit_t"


def test_all_alike_counts_clusters_not_units() -> None:
    answer = cluster_interval([True] * 40, np.repeat(list("abcd"), 10))
    low, high = beta_limits(4, 4, 0.95)
    assert (answer.low, answer.high, answer.method) == (float(low), float(high), "exact_clusters")


@pytest.mark.parametrize(
    ("success", "cluster", "words"),
    [([], [], "no unit was given"), ([1, 0], ["a", "a"], "one cluster"), ([1, 0, 1, 0], list("aabb"), "same share")],
    ids=["empty", "one cluster", "no spread"],
)
def test_no_interval_is_invented(success: list[int], cluster: list[str], words: str) -> None:
    answer = cluster_interval(success, cluster)
    assert words in answer.reason
    assert answer.method == "none"
    assert math.isnan(answer.low)
    assert math.isnan(answer.high)


@pytest.mark.parametrize(
    ("success", "cluster", "weights", "words"),
    [
        ([1, 0], ["a"], None, "differ in length: 2, 1, 2"),
        ([1, None], ["a", "b"], None, "missing in 1 cells"),
        ([1, 0], ["a", None], None, "missing in 1 cells"),
        ([1, 2], ["a", "b"], None, "found 2"),
        ([1, 0], ["a", "b"], [1, 0], "weights must be positive"),
    ],
)
def test_unusable_units_are_refused(success: Any, cluster: Any, weights: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        cluster_interval(success, cluster, weights=weights)


def test_nullable_columns_are_read() -> None:
    success = pd.Series([True, False, True], dtype="boolean")
    assert cluster_interval(success, pd.Series(list("abc"))).proportion == pytest.approx(2 / 3)
