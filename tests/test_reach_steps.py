"""Marginal reach: each home counts for the first technology that reaches it, and all shares add to one."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarthan.analysis import marginal_reach
from smarthan.analysis.homes.home_weights import HomeSample


def make_reach(**outcomes: list[Any]) -> Any:
    """Ten single-home buildings of one stratum, with these outcomes."""
    n = len(next(iter(outcomes.values())))
    ids = [f"b{i}" for i in range(n)]
    homes = pd.DataFrame(
        {
            "dwelling_id": ids,
            "building_id": ids,
            "stratum_id": "S",
            "archetype": "semi",
            "meter_class": "in_dwelling",
            "design_weight": 10.0,
            "responded": True,
            "stock_cell": "semi",
            **{name: pd.array(values, dtype="boolean") for name, values in outcomes.items()},
        }
    )
    sample = HomeSample(homes, {"S": 10.0 * n}, {"semi": 1000.0}, {})
    return SimpleNamespace(sample=sample, technologies=tuple(outcomes), adjust="poststratify", synthetic=True)


A = [True] * 5 + [False] * 5
B = [True, False, False, False, False, True, True, True, False, False]


def test_each_home_counts_once() -> None:
    steps = marginal_reach(make_reach(a=A, b=B), ["a", "b"])
    assert steps["technology"].tolist() == ["a", "b", "residual"]
    assert steps["share"].tolist() == pytest.approx([0.5, 0.3, 0.2])
    assert steps["cumulative"].tolist() == pytest.approx([0.5, 0.8, 1.0])
    assert steps["premises"].tolist() == pytest.approx([500, 300, 200])


def test_order_matters_but_not_for_the_residual() -> None:
    steps = marginal_reach(make_reach(a=A, b=B), ["b", "a"])
    assert steps["share"].tolist() == pytest.approx([0.4, 0.4, 0.2])


def test_a_technology_that_reaches_nobody_changes_nothing_before_it() -> None:
    data = make_reach(a=A, b=B, none=[False] * 10)
    steps = marginal_reach(data, ["a", "b", "none"])
    assert steps["share"].tolist() == pytest.approx([0.5, 0.3, 0.0, 0.2])
    pd.testing.assert_frame_equal(steps.iloc[:2], marginal_reach(data, ["a", "b"]).iloc[:2])


def test_a_home_counts_only_where_its_step_is_known() -> None:
    later_unknown = [None, *B[1:]]
    assert marginal_reach(make_reach(a=A, b=later_unknown), ["a", "b"]).attrs["undetermined"] == 0
    steps = marginal_reach(make_reach(a=[None, *A[1:]], b=B), ["a", "b"])
    assert steps.attrs["undetermined"] == 1
    assert steps["share"].tolist() == pytest.approx([4 / 9, 3 / 9, 2 / 9])


def test_intervals_name_their_method_and_synthetic_is_kept() -> None:
    steps = marginal_reach(make_reach(a=A, b=B), ["a"])
    assert (steps["lower"] < steps["share"]).all()
    assert (steps["share"] < steps["upper"]).all()
    assert set(steps["method"]) == {"korn_graubard"}
    assert steps.attrs["synthetic"]


@pytest.mark.parametrize(
    ("order", "words"),
    [(["a", "x"], "'x' is not one of them"), ([], "none was given"), (["a", "a"], "stands twice")],
)
def test_orders_that_make_no_sense_are_refused(order: list[str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        marginal_reach(make_reach(a=A, b=B), order)


def test_nothing_known_together_is_refused() -> None:
    with pytest.raises(ValueError, match="no home has a known outcome"):
        marginal_reach(make_reach(a=[None] * 3), ["a"])
