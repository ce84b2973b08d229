"""Tobit and interval regression: Tobin's data, recovery of the truth, and the faults of the data told."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import approx_fprime

from smarthan.analysis.models.censored import tobit
from smarthan.analysis.models.censoring import Bounds, differentiate, score

CASES = Path(__file__).parent / "data" / "cases"
CASE = json.loads((CASES / "C11_tobit_tobin.json").read_text())
FLOOR = -91.0


def make_links(seed: int, buildings: int = 60, paths: int = 8, likeness: float = 0.0) -> pd.DataFrame:
    """Levels that fall 7 dB a wall, about a third of them at the instrument's floor."""
    rng = np.random.default_rng(seed)
    links = pd.DataFrame({"building": np.repeat(np.arange(buildings), paths)})
    links["walls"] = rng.integers(0, 6, len(links))
    own = rng.normal(0, likeness, buildings)[links["building"]] if likeness else 0.0
    links["true"] = -70.0 - 7.0 * links["walls"] + own + rng.normal(0, 5, len(links))
    links["level"] = np.maximum(links["true"], FLOOR)
    return links


def test_tobins_data_to_the_printed_digits() -> None:
    expected = CASE["expected"]
    fit = tobit(pd.read_csv(CASES / "tobin.csv"), "durable", ["age", "quant"], lower=0)
    np.testing.assert_allclose(fit.coef, pd.Series(expected["coef"]), rtol=1e-7)
    assert list(fit.coef.index) == list(expected["coef"])
    assert fit.scale == pytest.approx(expected["scale"], rel=1e-7)
    assert fit.loglik == pytest.approx(expected["loglik"], abs=1e-9)
    np.testing.assert_allclose(fit.vcov, expected["vcov_coef_and_log_scale"], rtol=1e-5)
    assert fit.converged
    assert (fit.n, fit.n_lower, fit.n_upper) == (20, 13, 0)


def test_the_derivatives_are_those_of_the_likelihood() -> None:
    bounds = Bounds(np.array([-1.0, -np.inf, 0.5, 2.0, 3.0]), np.array([-1.0, 0.2, np.inf, 2.5, np.inf]))

    def loglik(theta: np.ndarray) -> float:
        return float(differentiate(bounds, np.full(5, theta[0]), float(np.exp(theta[1]))).loglik.sum())

    def slope(theta: np.ndarray) -> np.ndarray:
        _, by_mean, by_scale = score(bounds, np.full(5, theta[0]), float(np.exp(theta[1])))
        return np.array([by_mean.sum(), by_scale.sum()])

    at = np.array([0.3, 0.4])
    np.testing.assert_allclose(slope(at), approx_fprime(at, loglik), rtol=1e-5)
    found = differentiate(bounds, np.full(5, at[0]), float(np.exp(at[1])))
    bend = np.array([approx_fprime(at, lambda theta, k=k: slope(theta)[k]) for k in (0, 1)])
    own = [[found.mean_mean.sum(), found.mean_scale.sum()], [found.mean_scale.sum(), found.scale_scale.sum()]]
    np.testing.assert_allclose(bend, own, rtol=1e-4)


def test_far_tails_stay_finite() -> None:
    bounds = Bounds(np.array([-np.inf, 40.0, 40.0, -41.0]), np.array([-40.0, np.inf, 41.0, -40.0]))
    found = differentiate(bounds, np.zeros(4), 1.0)
    assert all(np.isfinite(part).all() for part in found)
    assert found.by_mean == pytest.approx([-40.0, 40.0, 40.0, -40.0], rel=1e-3)


def test_nothing_censored_is_least_squares() -> None:
    links = make_links(1)
    fit = tobit(links, "true", ["walls"])
    slope, intercept = np.polyfit(links["walls"], links["true"], 1)
    np.testing.assert_allclose(fit.coef, [intercept, slope], rtol=1e-6)


def test_a_pair_of_columns_says_the_same_as_a_floor() -> None:
    links = make_links(2).assign(low=lambda t: t["level"].where(t["level"] > FLOOR), high=lambda t: t["level"])
    by_floor, by_pair = tobit(links, "level", ["walls"], lower=FLOOR), tobit(links, ("low", "high"), ["walls"])
    np.testing.assert_allclose(by_pair.coef, by_floor.coef, rtol=1e-6)
    assert by_pair.n_lower == by_floor.n_lower


def test_rounded_levels_are_intervals() -> None:
    links = make_links(3)
    step = 6.0
    links["low"] = np.floor(links["true"] / step) * step
    links["high"] = links["low"] + step
    fit = tobit(links, ("low", "high"), ["walls"])
    assert fit.n_interval == len(links)
    assert fit.coef["walls"] == pytest.approx(-7, abs=0.5)
    assert fit.scale == pytest.approx(5, abs=0.6)


def test_a_floor_of_each_instrument() -> None:
    links = make_links(4)
    links["floor"] = np.where(links["building"] % 2, -80.0, -95.0)
    links["level"] = np.maximum(links["true"], links["floor"])
    fit = tobit(links, "level", ["walls"], lower="floor")
    assert fit.coef["walls"] == pytest.approx(-7, abs=0.6)
    assert fit.n_lower == int((links["true"] <= links["floor"]).sum())


def test_the_wall_loss_is_recovered_and_naive_ways_are_not() -> None:
    tobits, dropped, floored = [], [], []
    for seed in range(40):
        links = make_links(seed)
        heard = links[links["level"] > FLOOR]
        tobits.append(tobit(links, "level", ["walls"], lower=FLOOR).coef["walls"])
        dropped.append(np.polyfit(heard["walls"], heard["level"], 1)[0])
        floored.append(np.polyfit(links["walls"], links["level"], 1)[0])
    assert abs(np.mean(tobits) + 7) < 0.15
    assert np.mean(dropped) + 7 > 0.5
    assert np.mean(floored) + 7 > 1.0


def test_errors_by_building_are_wider_where_its_links_are_alike() -> None:
    links = make_links(5, likeness=5.0)
    plain, clustered = (tobit(links, "level", ["walls"], lower=FLOOR, cluster=c) for c in (None, "building"))
    assert clustered.se["(Intercept)"] > 1.2 * plain.se["(Intercept)"]
    assert clustered.df == 59
    assert clustered.vcov_robust is not None
    assert (clustered.interval()["low"] < clustered.coef).all()


def test_words_become_indicators_and_missing_items_are_counted() -> None:
    links = make_links(6).assign(wall=lambda t: np.where(t["building"] % 2, "stone", "brick"))
    links.loc[0, "walls"], links.loc[1, "level"] = np.nan, np.nan
    fit = tobit(links, "level", ["walls", "wall"], lower=FLOOR)
    assert list(fit.coef.index) == ["(Intercept)", "walls", "wallstone"]
    assert fit.missing == 2
    assert fit.n == len(links) - 2
    assert fit.predict(links).isna().tolist()[:2] == [True, False]
    with pytest.raises(ValueError, match="'mud' was not in the rows"):
        fit.predict(links.assign(wall="mud"))


def test_units_of_any_size_give_the_same_answer() -> None:
    links = make_links(7).assign(hertz=lambda t: 2.4e9 + 1e6 * t["building"], metres=lambda t: 1e-3 * t["walls"])
    fit = tobit(links, "level", ["metres", "hertz"], lower=FLOOR)
    assert fit.converged
    assert fit.coef["metres"] * 1e-3 == pytest.approx(
        tobit(links, "level", ["walls"], lower=FLOOR).coef["walls"], abs=0.1
    )


@pytest.mark.parametrize(
    ("change", "call", "words"),
    [
        ({"level": FLOOR}, {"lower": FLOOR}, "all 480 outcomes are censored on the same side"),
        ({"walls": 3}, {"lower": FLOOR}, "repeat each other"),
        ({"level": np.nan}, {"lower": FLOOR}, "no row has both"),
        ({"building": 1}, {"lower": FLOOR, "cluster": "building"}, "one cluster shows no spread"),
        ({}, {"lower": 3, "upper": 2}, "lower must lie below upper"),
        ({}, {"lower": "wall"}, "column 'wall' is not in the table"),
        ({"level": "x"}, {}, "numbers are needed"),
    ],
)
def test_data_that_cannot_show_it_are_refused(change: dict[str, object], call: dict[str, object], words: str) -> None:
    with pytest.raises((ValueError, KeyError), match=words):
        tobit(make_links(8).assign(**change), "level", ["walls"], **call)  # type: ignore[arg-type]


def test_bounds_in_the_wrong_order_are_named() -> None:
    links = make_links(9).assign(low=1.0, high=0.0)
    with pytest.raises(ValueError, match="row 0 has low 1 above high 0"):
        tobit(links, ("low", "high"), ["walls"])
    with pytest.raises(ValueError, match="holds its own bounds"):
        tobit(links, ("low", "high"), ["walls"], lower=FLOOR)


def test_a_predictor_that_settles_the_censoring_is_told() -> None:
    links = make_links(10).assign(dead=lambda t: np.where(t["level"] > FLOOR, "no", "yes"))
    fit = tobit(links, "level", ["dead"], lower=FLOOR)
    assert not fit.converged
    assert fit.se.isna().all()
    assert "leave it out" in fit.note
