"""Regression in a survey: least squares and logit by hand, errors by design, and faults told."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from smarthan.analysis import SurveyDesign


def make_paths(seed: int, buildings: int = 60, paths: int = 6) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"building": np.repeat(np.arange(buildings), paths)})
    frame["stratum"] = np.where(frame["building"] < buildings // 2, "house", "flat")
    frame["weight"] = np.where(frame["stratum"] == "house", 100.0, 20.0)
    frame["walls"] = rng.integers(0, 6, len(frame)).astype(float)
    own = rng.normal(0, 3, buildings)[frame["building"]]
    frame["loss"] = 60 + 7 * frame["walls"] + own + rng.normal(0, 5, len(frame))
    frame["works"] = (rng.random(len(frame)) < expit(2 - 0.7 * frame["walls"] + own / 5)).astype(float)
    return frame


def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign(frame, strata="stratum", psu="building", weights="weight")


def test_linear_coefficients_are_weighted_least_squares_and_errors_the_cluster_sandwich() -> None:
    frame = make_paths(1)
    fit = design(frame).regress("loss", ["walls"])
    x, w = np.column_stack([np.ones(len(frame)), frame["walls"]]), frame["weight"].to_numpy()
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    beta = bread @ x.T @ (w * frame["loss"])
    np.testing.assert_allclose(fit.coef, beta)
    z = (w * (frame["loss"] - x @ beta)).to_numpy()[:, None] * x @ bread
    meat = np.zeros((2, 2))
    for part in frame.groupby("stratum").indices.values():
        sums = pd.DataFrame(z[part]).groupby(frame["building"].to_numpy()[part]).sum()
        spread = (sums - sums.mean()).to_numpy()
        meat += len(sums) / (len(sums) - 1) * spread.T @ spread
    np.testing.assert_allclose(fit.vcov, meat, rtol=1e-9)
    assert fit.df == 58
    assert np.isnan(fit.loglik)


def test_an_intercept_alone_is_the_mean_and_its_error() -> None:
    frame = make_paths(2)
    for adjusted in (design(frame), design(frame).poststratify({"stratum": {"house": 5000, "flat": 4000}})):
        fit, mean = adjusted.regress("loss", []), adjusted.mean("loss")
        assert fit.coef["(Intercept)"] == pytest.approx(mean.value)
        assert fit.se["(Intercept)"] == pytest.approx(mean.se)


def test_a_logit_of_groups_gives_the_log_odds_of_their_shares() -> None:
    frame = make_paths(3).assign(many=lambda t: np.where(t["walls"] > 2, "many", "few"))
    fit = design(frame).regress("works", ["many"], family="binomial")
    shares = design(frame).table("works", "many", statistic="proportion").set_index("many")["estimate"]
    log_odds = np.log(shares / (1 - shares))
    assert fit.coef["(Intercept)"] == pytest.approx(log_odds["few"])
    assert fit.coef["manymany"] == pytest.approx(log_odds["many"] - log_odds["few"])
    assert fit.converged


def test_intervals_by_building_cover_and_those_of_rows_would_not() -> None:
    hits = 0
    for seed in range(120):
        bounds = design(make_paths(seed)).regress("loss", ["walls"]).interval().loc["(Intercept)"]
        hits += bounds["low"] <= 60 <= bounds["high"]
    assert 0.9 <= hits / 120 <= 0.99


def test_missing_items_and_other_domains_are_left_out() -> None:
    frame = make_paths(4)
    frame.loc[0, "walls"] = np.nan
    fit = design(frame).domain(frame["stratum"] == "house").regress("loss", ["walls"])
    assert fit.missing == 1
    assert fit.n == int((frame["stratum"] == "house").sum()) - 1
    assert fit.df == 29


def test_separation_has_no_error_and_says_why() -> None:
    frame = make_paths(5).assign(metal=lambda t: np.where(t["works"] == 0, "y", "n"))
    fit = design(frame).regress("works", ["metal"], family="binomial")
    assert not fit.converged
    assert fit.se.isna().all()
    assert "separates" in fit.note


@pytest.mark.parametrize(
    ("change", "call", "words"),
    [
        ({}, {"col": "loss", "family": "binomial"}, "lies from 0 to 1"),
        ({}, {"col": "loss", "family": "poisson"}, "not gaussian or binomial"),
        ({"walls": 2.0}, {"col": "loss"}, "repeat each other"),
        ({"loss": np.nan}, {"col": "loss"}, "no row of this domain"),
    ],
)
def test_faults_are_told(change: dict[str, object], call: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        design(make_paths(6).assign(**change)).regress(call["col"], ["walls"], family=call.get("family", "gaussian"))  # type: ignore[arg-type]
