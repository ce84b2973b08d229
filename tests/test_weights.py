"""From ranks, swings and groups to weights."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from smarthan.analysis import rank_order_weights
from smarthan.analysis.scoring.weights import flatten_groups

CASE = json.loads((Path(__file__).parent / "data" / "cases" / "scoring" / "rank_order_weights.json").read_text())
NAMES = {"roc": "roc", "rank_sum": "sum", "rank_reciprocal": "reciprocal"}


@pytest.mark.parametrize("family", NAMES)
@pytest.mark.parametrize("count", [2, 3, 4, 5])
def test_rank_order_weights(family: str, count: int) -> None:
    weights = rank_order_weights(range(1, count + 1), NAMES[family])  # type: ignore[arg-type]
    np.testing.assert_allclose(weights, CASE["expected"][family][str(count)], atol=1e-12)


def test_ranks_may_stand_in_any_order_and_ties_share() -> None:
    np.testing.assert_allclose(rank_order_weights([3, 1, 2]), np.array([2, 11, 5]) / 18)
    np.testing.assert_allclose(rank_order_weights([2, 1, 2], "sum"), [0.25, 0.5, 0.25])
    assert rank_order_weights([1, 1, 1]).tolist() == pytest.approx([1 / 3] * 3)


@pytest.mark.parametrize("ranks", [[], [1, np.nan], [[1, 2]]])
def test_what_is_no_ranking_is_refused(ranks: list[object]) -> None:
    with pytest.raises(ValueError, match="ranks must be one list"):
        rank_order_weights(ranks)  # type: ignore[arg-type]


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(ValueError, match="allowed: 'roc', 'sum', 'reciprocal'"):
        rank_order_weights([1, 2], "entropy")  # type: ignore[arg-type]


def test_weights_through_groups_are_products_down_the_path() -> None:
    groups = {"capex": "Cost", "power": "Cost/Running", "o_m": "Cost/Running", "reach": ""}
    swings = {"reach": 100, "group:Cost": 100, "capex": 60, "group:Cost/Running": 40, "power": 30, "o_m": 10}
    weights = flatten_groups(swings, groups)
    assert weights == pytest.approx({"capex": 0.3, "power": 0.15, "o_m": 0.05, "reach": 0.5})
    with pytest.raises(ValueError, match="no swing for group:Cost/Running"):
        flatten_groups({name: swing for name, swing in swings.items() if name != "group:Cost/Running"}, groups)


def test_places_start_at_1() -> None:
    with pytest.raises(ValueError, match="0 is below 1"):
        rank_order_weights([0, 1, 2])
    assert rank_order_weights([7]).tolist() == [1]
