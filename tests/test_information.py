"""What information is worth: closed forms, enumerated trials, present values."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats

from smarthan.analysis import (
    Information,
    discount,
    discount_factors,
    enbs,
    evpi,
    evppi,
    evsi_beta_binomial,
    normal_evpi,
)
from smarthan.analysis.appraisal.parts import Criterion, Judgement
from smarthan.analysis.worth.beta_binomial import effective_size, match_beta, mean_value_after, outcome_chances
from smarthan.analysis.worth.discrete import expected_maximum, sum_independent, thin
from smarthan.analysis.worth.learning import Outcomes, expected_best

CASES = Path(__file__).parent / "data" / "cases" / "scoring"


def load(name: str) -> dict:
    return json.loads((CASES / f"{name}.json").read_text())


def test_voi_toy_zero_mean() -> None:
    case = load("voi_toy_zero_mean")
    expected, sds = case["expected"], case["inputs"]["sds"]
    assert normal_evpi(0, sds[0]) == pytest.approx(expected["evppi_p1"], abs=1e-9)
    assert normal_evpi(0, sds[1]) == pytest.approx(expected["evppi_p2"], abs=1e-9)
    assert normal_evpi(0, np.hypot(*sds)) == pytest.approx(expected["evpi"], abs=1e-9)
    rng = np.random.default_rng(11)
    p1, p2 = rng.normal(0, sds[0], 10_000), rng.normal(0, sds[1], 10_000)
    utilities = np.column_stack([np.zeros(10_000), p1 + p2])
    assert evppi(utilities, p1).value == pytest.approx(expected["evppi_p1"], abs=0.03)
    assert evppi(utilities, p2).value == pytest.approx(expected["evppi_p2"], abs=0.03)
    both = evppi(utilities, np.column_stack([p1, p2]))
    whole = evpi(utilities)
    assert both.value == pytest.approx(whole.value, abs=1e-6)
    assert whole.value == pytest.approx(expected["evpi"], abs=4 * whole.se)


def test_knowing_what_says_nothing_is_told_apart() -> None:
    rng = np.random.default_rng(4)
    utilities = np.column_stack([np.zeros(5_000), rng.normal(0, 1, 5_000)])
    found = evppi(utilities, rng.normal(size=5_000))
    assert found.value < 0.03
    assert not found.is_distinguishable
    assert evppi(utilities, utilities[:, 1]).is_distinguishable


def test_the_gaussian_process_agrees_with_the_spline() -> None:
    rng = np.random.default_rng(8)
    known, noise = rng.normal(0, 1, 700), rng.normal(0, 0.5, 700)
    utilities = np.column_stack([np.zeros(700), known + noise])
    assert evppi(utilities, known, method="gp").value == pytest.approx(evppi(utilities, known).value, abs=0.02)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: evpi([[1.0, 2.0]]), "two draws"),
        (lambda: evpi([[1.0, np.nan]] * 3), "finite"),
        (lambda: evppi(np.zeros((4, 2)), np.zeros(3)), "3 draws, utilities 4"),
        (lambda: evppi(np.zeros((9, 2)), np.zeros(9), method="nested"), "allowed: 'spline', 'gp'"),  # type: ignore[arg-type]
        (lambda: normal_evpi(0, -1), "0 or more"),
        (lambda: enbs(np.nan, n=1, setup=0, per_unit=0), "evsi must be finite"),
        (lambda: evsi_beta_binomial([1, 2], [1], [None], 5), "one entry for each option"),
        (lambda: evsi_beta_binomial([1, 2], [1, 1], [(0, 1), None], 5), "above 0"),
        (lambda: evsi_beta_binomial([1, 2], [1, 1], [None, None], 5, icc=2), "icc from 0 to 1"),
        (lambda: match_beta(0.5, 0.3), "no Beta"),
        (lambda: discount_factors([1.5]), "whole numbers from 0 to 125"),
        (lambda: discount_factors([126]), "whole numbers from 0 to 125"),
        (lambda: discount_factors([1], [(30, 0.03), (20, 0.02)]), "rising order"),
        (lambda: discount([]), "cashflow"),
    ],
)
def test_wrong_arguments_are_refused(call, words: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=words):
        call()


def test_enbs_population() -> None:
    case = load("enbs_population")
    given_ = case["inputs"]
    net = enbs(
        given_["evsi_per_person"],
        n=given_["n"],
        setup=tuple(given_["costs_setup"]),
        per_unit=tuple(given_["costs_per_person"]),
        population=given_["pop"],
        years=given_["time"],
    )
    assert float(net) == pytest.approx(case["expected"]["enbs"], abs=1)


def test_enbs_discounts_the_years_a_decision_holds() -> None:
    plain = enbs([1.0, 2.0], n=[10, 20], setup=5, per_unit=1, money_per_point=100, delay=50)
    np.testing.assert_allclose(plain, [35, 125])
    held = enbs(1.0, n=0, setup=0, per_unit=0, population=10, years=10, rate=0.035)
    assert float(held) == pytest.approx(10 * (1 - np.exp(-0.35)) / 0.035)


def test_greenbook_discount() -> None:
    case = load("greenbook_discount")
    factors = discount_factors(case["inputs"]["years"])
    np.testing.assert_allclose(factors, list(case["expected"]["factor"].values()), atol=1e-9)
    assert discount([0, 0, 0, 0, 0, 1]) == pytest.approx(case["expected"]["factor"]["5"], abs=1e-9)


# candidate-scoring rules, section 8: three options, base 40, 43, 45, weight .25 on a pass rate.
PRIORS = [(6, 2), (4, 2), (3, 3)]
POINTS = [40 + 25 * 6 / 8, 43 + 25 * 4 / 6, 45 + 25 * 3 / 6]


def test_a_trial_of_three_options_is_enumerated() -> None:
    sizes = [5, 10, 20, 40, 80, 160]
    worth = np.atleast_1d(evsi_beta_binomial(POINTS, [25] * 3, PRIORS, sizes))
    np.testing.assert_allclose(worth, [1.491741, 1.916091, 2.214601, 2.416343, 2.533191, 2.597169], atol=1e-6)
    known = [stats.beta(a, b).ppf((np.arange(20_000) + 0.5) / 20_000) for a, b in PRIORS]
    values = [base + 25 * share for base, share in zip((40, 43, 45), known, strict=True)]
    perfect = expected_maximum([(value, np.full(20_000, 1 / 20_000)) for value in values]) - max(POINTS)
    assert perfect == pytest.approx(2.664848, abs=1e-4)
    assert (np.diff(worth) > 0).all()
    assert worth[-1] < perfect


def test_clustering_makes_buildings_worth_fewer_dwellings() -> None:
    assert effective_size(20, 4, 0.3) == 42
    plain = evsi_beta_binomial(POINTS, [25] * 3, PRIORS, 42)
    assert evsi_beta_binomial(POINTS, [25] * 3, PRIORS, 20, dwellings_per_building=4, icc=0.3) == plain
    assert evsi_beta_binomial(POINTS, [25] * 3, [None] * 3, 20) == 0


def test_the_value_after_a_trial_is_the_posterior_mean_where_the_value_is_linear() -> None:
    after = mean_value_after(10, (6, 2), [0, 1], [0, 100])
    np.testing.assert_allclose(after, 100 * (6 + np.arange(11)) / 18)


def test_the_value_after_a_trial_follows_a_bent_and_clipped_value() -> None:
    xs, ys = [0.2, 0.8, 0.9], [0, 40, 100]
    after = mean_value_after(3, (2, 1.5), xs, ys)
    for k in range(4):
        posterior = stats.beta(2 + k, 1.5 + 3 - k)
        mean, _ = integrate.quad(lambda x, p=posterior: np.interp(x, xs, ys) * p.pdf(x), 0, 1, points=xs)
        assert after[k] == pytest.approx(mean, abs=1e-6)
    assert outcome_chances(3, (2, 1.5)) @ after == pytest.approx(mean_value_after(0, (2, 1.5), xs, ys)[0])


def test_outcome_chances_are_beta_binomial() -> None:
    np.testing.assert_allclose(
        outcome_chances(12, (2.5, 4)), stats.betabinom(12, 2.5, 4).pmf(np.arange(13)), atol=1e-12
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(0, 100), min_size=1, max_size=4), min_size=1, max_size=4))
def test_the_mean_of_the_greatest_is_that_of_all_combinations(values: list[list[float]]) -> None:
    arrays = [np.array(row) for row in values]
    grid = np.meshgrid(*arrays, indexing="ij")
    brute = np.max(np.stack([part.ravel() for part in grid]), axis=0).mean()
    assert expected_maximum([(a, np.full(len(a), 1 / len(a))) for a in arrays]) == pytest.approx(brute, abs=1e-9)


def test_an_open_gate_ties_an_option_to_the_baseline() -> None:
    # The baseline becomes 40 or 60, the option 45 or 75 and passes with chance .5; else it counts as the baseline.
    base = Outcomes(np.array([-10.0, 10.0]), np.ones(2), np.full(2, 0.5))
    option = Outcomes(np.array([-15.0, 15.0]), np.full(2, 0.5), np.full(2, 0.5))
    best = np.mean([max(b, 0.5 * a + 0.5 * b) for b in (40, 60) for a in (45, 75)])
    assert expected_best(np.array([50.0, 60.0]), 0, [base, option]) == pytest.approx(best)


def test_many_parameters_go_to_the_process_and_one_that_never_varies_is_worth_nothing() -> None:
    rng = np.random.default_rng(5)
    known = rng.normal(size=(300, 5))
    utilities = np.column_stack([np.zeros(300), known.sum(axis=1)])
    assert evppi(utilities, known).value == pytest.approx(evpi(utilities).value, rel=0.05)
    for method in ("spline", "gp"):
        assert evppi(utilities, np.zeros(300), method=method).value == 0


def test_a_yes_or_no_is_learnt_whole() -> None:
    rng = np.random.default_rng(6)
    yes = rng.random(5_000) < 0.3
    found = evppi(np.column_stack([np.zeros(5_000), 3.0 * yes - 1]), yes)
    assert found.value == pytest.approx(yes.mean() * 2)


def test_what_cannot_be_told_from_noise_is_printed_so() -> None:
    assert str(Information(1.0, 0.1, 0.2)) == "1 (standard error 0.1)"
    assert str(Information(0.03, 0.01, 0.02)).startswith("not distinguishable from 0")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"setup": (10, 5)}, r"setup is \(10, 5\); a cost is a number of 0 or more, or \(low, high\)"),
        ({"per_unit": -1}, "per_unit is -1"),
        ({"n": -5}, "n must be finite and 0 or more"),
        ({"years": -1}, "years must be"),
        ({"rate": np.nan}, "rate must be"),
        ({"setup": (1, 2, 3)}, "low, high"),
    ],
)
def test_costs_and_years_that_cannot_be_are_refused(change: dict[str, object], words: str) -> None:
    given_ = {"n": 5, "setup": 1, "per_unit": 1, **change}
    with pytest.raises(ValueError, match=words):
        enbs(1.0, **given_)  # type: ignore[arg-type]


def test_a_rate_near_0_is_no_rate() -> None:
    plain, near = (enbs(2.0, n=1, setup=0, per_unit=0, population=10, years=10, rate=rate) for rate in (0.0, 1e-14))
    assert float(plain) == pytest.approx(float(near)) == 200


def test_a_normal_cell_is_worth_its_closed_form() -> None:
    from tests.random_appraisals import make_appraisal

    from smarthan.analysis.simulation.uncertainty import look_out
    from smarthan.analysis.worth.learning import worth_of_cells

    percent = Criterion("x", "X", unit="%", xs=(0.0, 100.0), ys=(0.0, 100.0))
    other = replace(percent, id="y")
    rows = [
        Judgement("base", "x", "p", best=54.0, low=54.0, high=54.0),
        Judgement("new", "x", "p", best=50.0, low=50 - 1.6448536 * 8, high=50 + 1.6448536 * 8, dist="normal"),
        *(Judgement(name, "y", "p", best=50.0, low=50.0, high=50.0) for name in ("base", "new")),
    ]
    simulation = make_appraisal([percent, other], rows, {"s": [3, 1]}).simulate(1)
    s, d = 0.75 * 8, 0.75 * 4
    exact = s * (stats.norm.pdf(d / s) - d / s * stats.norm.cdf(-d / s))
    assert look_out(rows[1:2], percent, {}).variance == pytest.approx(64, rel=1e-3)
    assert worth_of_cells(simulation.model, simulation.source.sets, [(1, "x")]) == pytest.approx([exact], abs=1e-3)


def test_what_is_known_is_worth_nothing_more() -> None:
    assert normal_evpi(3, 0) == 0
    values, chances = thin((np.full(9, 4.0), np.full(9, 1 / 9)), 2)
    assert (values.tolist(), chances.tolist()) == ([4], [1])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.floats(0, 100), min_size=1, max_size=4), min_size=1, max_size=5))
def test_a_sum_of_independent_variables_keeps_mean_and_variance(values: list[list[float]]) -> None:
    parts = [(np.array(row), np.full(len(row), 1 / len(row))) for row in values]
    total, chances = sum_independent(parts)
    assert chances.sum() == pytest.approx(1)
    mean = sum(np.mean(row) for row in values)
    assert total @ chances == pytest.approx(mean, abs=1e-6)
    variance = sum(np.var(row) for row in values)
    assert (total - mean) ** 2 @ chances == pytest.approx(variance, abs=0.02)
