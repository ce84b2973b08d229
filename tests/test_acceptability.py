"""SMAA-2 on given draws: exact cases, ties, and the laws of acceptabilities."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smarthan.analysis import smaa

CASES = Path(__file__).parent / "data" / "cases" / "scoring"


def test_smaa_exact_two_criteria() -> None:
    case = json.loads((CASES / "smaa_exact_two_criteria.json").read_text())
    expected, draws = case["expected"], 40_000
    first = np.random.default_rng(3).random(draws)
    result = smaa(case["inputs"]["values"], np.column_stack([first, 1 - first]))
    exact = np.array(expected["rank_acceptability"])
    allowed = 4 * np.sqrt(exact * (1 - exact) / draws) + 1e-12
    assert (np.abs(result.rank_acceptability - exact) <= allowed).all()
    np.testing.assert_allclose(result.central_weights, expected["central_weights"], atol=0.01)
    assert result.confidence_factor.tolist() == [1, 1, 1]
    for pair, share in expected["pairwise"].items():
        a, b = ("ABC".index(name) for name in pair.split("_over_"))
        assert result.pairwise[a, b] == pytest.approx(share, abs=0.01)


def test_smaa_dominated() -> None:
    case = json.loads((CASES / "smaa_dominated.json").read_text())
    values, weights = np.array(case["inputs"]["values"]), np.full((10, 3), 1 / 3)
    result, expected = smaa(values, weights), case["expected"]["no_swap"]
    assert result.first_rank.tolist() == expected["first"]
    np.testing.assert_allclose(result.central_weights[0], expected["central_weights_A"], atol=1e-12)
    assert np.isnan(result.central_weights[1]).all()
    assert result.confidence_factor[0] == 1
    assert np.isnan(result.confidence_factor[1])
    assert result.entropy == 0
    draws = np.repeat(values[None], 10, axis=0)
    draws[0] = values[::-1]
    pairs = smaa(draws, weights).pairwise
    assert pairs[0, 1] == pytest.approx(case["expected"]["one_swap_in_ten"]["pairwise_A_over_B"], abs=1e-12)
    assert pairs[1, 0] == pytest.approx(case["expected"]["one_swap_in_ten"]["pairwise_B_over_A"], abs=1e-12)


def test_ties_are_split_evenly() -> None:
    result = smaa([[50, 50], [50, 50], [0, 0]], [[0.5, 0.5]] * 4)
    np.testing.assert_allclose(result.rank_acceptability, [[0.5, 0.5, 0.0], [0.5, 0.5, 0.0], [0.0, 0.0, 1.0]])
    assert result.pairwise[0, 1] == 0.5


def test_entropy_counts_whole_rankings() -> None:
    assert smaa([[1, 0], [0, 1]], [[1, 0], [0, 1]]).entropy == 1
    assert smaa([[1, 0], [0, 1]], [[1, 0], [1, 0], [1, 0], [0, 1]]).entropy == pytest.approx(0.811278)


@settings(max_examples=30, deadline=None)
@given(st.integers(2, 6), st.integers(1, 5), st.integers(0, 10**6))
def test_laws_of_acceptability(options: int, criteria: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, 4, (50, options, criteria)) * 25.0  # coarse, so that ties happen
    weights = rng.dirichlet(np.ones(criteria), 50)
    result = smaa(values, weights)
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=0), 1)
    np.testing.assert_allclose(result.rank_acceptability.sum(axis=1), 1)
    off = ~np.eye(options, dtype=bool)
    np.testing.assert_allclose((result.pairwise + result.pairwise.T)[off], 1)
    order = rng.permutation(options)
    np.testing.assert_allclose(smaa(values[:, order], weights).rank_acceptability, result.rank_acceptability[order])
    wider = np.concatenate([values, rng.random((50, options, 1))], axis=2)
    same = smaa(wider, np.column_stack([weights, np.zeros(50)]))
    np.testing.assert_allclose(same.rank_acceptability, result.rank_acceptability)


@pytest.mark.parametrize(
    ("values", "weights", "words"),
    [
        ([[1, 2]], [[0.5, 0.5, 0]], "do not fit"),
        ([[[1, 2]]], [[0.5, 0.5], [1, 0]], "holds 1 draws"),
        ([[1, np.nan], [1, 2]], [[0.5, 0.5]], "finite"),
        ([[1, np.inf], [1, 2]], [[1.0, 0.0]], "finite"),
        ([[1, 2], [1, 2]], [[0.5, np.nan]], "finite"),
        ([[1, 2]], [[0.5, 0.6]], "add to 1"),
        ([[1, 2]], [[1.5, -0.5]], "0 or more"),
    ],
)
def test_what_is_no_draw_is_refused(values: object, weights: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        smaa(values, weights)  # type: ignore[arg-type]


def test_all_is_the_same_in_one_go_and_in_parts() -> None:
    rng = np.random.default_rng(2)
    values, weights = rng.integers(0, 5, (9_000, 4, 3)) * 25.0, rng.dirichlet(np.ones(3), 9_000)
    whole, parts = smaa(values, weights), [smaa(values[p], weights[p]) for p in (slice(0, 4_500), slice(4_500, None))]
    for name in ("rank_acceptability", "first_rank"):
        np.testing.assert_allclose(getattr(whole, name), sum(getattr(part, name) for part in parts) / 2)
    totals = np.einsum("nac,nc->na", values, whole.central_weights[[1]].repeat(9_000, axis=0))
    best = np.round(totals, 9) == np.round(totals, 9).max(axis=1)[:, None]
    assert whole.confidence_factor[1] == pytest.approx((best[:, 1] / best.sum(axis=1)).mean())


def test_totals_that_differ_by_rounding_are_ties() -> None:
    values = [[0.3, 0.3, 0.3], [0.1, 0.2, 0.6], [0.0, 0.0, 0.9]]
    result = smaa(values, np.full((6, 3), 1 / 3))
    np.testing.assert_allclose(result.rank_acceptability, 1 / 3)
    assert result.entropy == 0


def test_weights_in_single_precision_are_weights() -> None:
    weights = np.random.default_rng(1).dirichlet(np.ones(7), 300).astype(np.float32)
    assert smaa(np.eye(7)[:3] * 100, weights).rank_acceptability.sum() == pytest.approx(3)


def test_entropy_of_many_options_and_draws_counts_each_ranking_once() -> None:
    rng = np.random.default_rng(3)
    values = np.array([rng.permutation(40) for _ in range(5)], dtype=float)
    draws = values[rng.integers(0, 5, 6_000)][:, :, None]
    share = np.unique(draws[:, 0, 0] * 0 + (draws[:, :, 0] @ rng.random(40)), return_counts=True)[1] / 6_000
    assert smaa(draws, np.ones((6_000, 1))).entropy == pytest.approx(-(share * np.log2(share)).sum())


def test_a_ranking_of_one_is_refused() -> None:
    with pytest.raises(ValueError, match="two at least"):
        smaa([[1, 2]], [[0.5, 0.5]])
