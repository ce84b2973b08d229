"""Random intercepts: lme4's answers, recovery, shrinkage, and groups that cannot show anything."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis.models.binomial_groups import logit_random_intercept
from smarthan.analysis.models.censored import tobit
from smarthan.analysis.models.censored_groups import tobit_random_intercept

CASES = Path(__file__).parent / "data" / "cases"
EXPECTED = json.loads((CASES / "C13_mixed.json").read_text())["expected"]
FLOOR = -91.0


def make_links(seed: int, likeness: float) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    links = pd.DataFrame({"building": np.repeat(np.arange(60), 8), "walls": rng.integers(0, 6, 480)})
    own = rng.normal(0, likeness, 60)[links["building"]]
    links["level"] = np.maximum(-70.0 - 7.0 * links["walls"] + own + rng.normal(0, 5, 480), FLOOR)
    return links


def make_homes(seed: int, buildings: int = 150, homes: int = 5, sd: float = 1.0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"building": np.repeat(np.arange(buildings), homes)})
    frame["walls"] = rng.integers(0, 4, len(frame))
    eta = 1.5 - 0.6 * frame["walls"] + rng.normal(0, sd, buildings)[frame["building"]]
    frame["sent"] = rng.integers(1, 4, len(frame))
    frame["ok"] = rng.binomial(frame["sent"], 1 / (1 + np.exp(-eta)))
    return frame


def test_nothing_censored_is_the_mixed_model_of_lme4() -> None:
    sleep, expected = pd.read_csv(CASES / "sleepstudy.csv", dtype={"Subject": "str"}), EXPECTED["normal_ml"]
    fit = tobit_random_intercept(sleep, "Reaction", ["Days"], "Subject")
    np.testing.assert_allclose(fit.coef, pd.Series(expected["fixef"]), rtol=1e-7)
    assert fit.sd_group**2 == pytest.approx(expected["var_subject"], rel=1e-6)
    assert fit.scale**2 == pytest.approx(expected["var_resid"], rel=1e-6)
    assert fit.loglik == pytest.approx(expected["loglik"], abs=1e-6)
    assert fit.converged


def test_the_logit_is_that_of_lme4_with_25_nodes() -> None:
    cattle, expected = (
        pd.read_csv(CASES / "cbpp.csv", dtype={"herd": "str", "period": "str"}),
        EXPECTED["binomial_agq25"],
    )
    fit = logit_random_intercept(cattle, "incidence", "size", ["period"], "herd")
    np.testing.assert_allclose(fit.coef, pd.Series(expected["fixef"]), atol=2e-5)
    np.testing.assert_allclose(fit.se, pd.Series(expected["se"]), atol=2e-5)
    assert list(fit.coef.index) == list(expected["fixef"])
    assert fit.sd_group == pytest.approx(expected["sd_herd"], abs=1e-5)
    assert fit.group_effects is not None
    np.testing.assert_allclose(fit.group_effects[list(expected["blup"])], pd.Series(expected["blup"]), atol=2e-5)


def test_tobit_with_groups_recovers_both_spreads() -> None:
    fits = [
        tobit_random_intercept(
            make_links(seed, likeness=4.0), "level", ["walls"], "building", lower=FLOOR, quadrature=15
        )
        for seed in range(12)
    ]
    assert np.mean([fit.coef["walls"] for fit in fits]) == pytest.approx(-7, abs=0.15)
    assert np.mean([fit.sd_group for fit in fits]) == pytest.approx(4, abs=0.35)
    assert np.mean([fit.scale for fit in fits]) == pytest.approx(5, abs=0.25)


def test_logit_recovers_and_its_intervals_cover() -> None:
    fits = [logit_random_intercept(make_homes(seed), "ok", "sent", ["walls"], "building") for seed in range(25)]
    slopes = pd.DataFrame(
        [(fit.coef["walls"], *fit.interval().loc["walls"]) for fit in fits], columns=["b", "low", "high"]
    )
    assert slopes["b"].mean() == pytest.approx(-0.6, abs=0.05)
    assert ((slopes["low"] < -0.6) & (slopes["high"] > -0.6)).mean() >= 0.84
    assert np.mean([fit.sd_group for fit in fits]) == pytest.approx(1.0, abs=0.1)


def test_effects_are_shrunk_and_stand_beside_the_raw_ones() -> None:
    effects = logit_random_intercept(make_homes(3), "ok", "sent", ["walls"], "building").effects()
    finite = effects[np.isfinite(effects["raw"])]
    assert np.isinf(effects["raw"]).any()
    assert np.isfinite(effects["shrunk"]).all()
    assert finite["shrunk"].std() < finite["raw"].std()
    links = tobit_random_intercept(make_links(3, likeness=4.0), "level", ["walls"], "building", lower=FLOOR).effects()
    assert links["shrunk"].std() < links["raw"].std() + 1
    assert links.corr().iloc[0, 1] > 0.8


def test_splitting_rows_changes_nothing() -> None:
    homes = make_homes(5)
    split = homes.loc[homes.index.repeat(homes["sent"])].assign(sent=1)
    split["ok"] = (split.groupby(level=0).cumcount() < homes["ok"].reindex(split.index)).astype(int)
    whole, parts = (logit_random_intercept(f, "ok", "sent", ["walls"], "building") for f in (homes, split))
    np.testing.assert_allclose(parts.coef, whole.coef, atol=1e-5)
    assert parts.sd_group == pytest.approx(whole.sd_group, abs=1e-5)


def test_groups_that_are_alike_say_so() -> None:
    rng = np.random.default_rng(2)
    links = pd.DataFrame({"building": np.repeat(np.arange(30), 10), "walls": np.tile(np.arange(10) % 5, 30)})
    noise = rng.normal(0, 5, (30, 10))
    links["level"] = -60.0 - 7 * links["walls"] + (noise - noise.mean(axis=1, keepdims=True)).ravel()
    fit = tobit_random_intercept(links, "level", ["walls"], "building")
    assert fit.sd_group == 0
    assert "alike" in fit.note
    assert fit.coef["walls"] == pytest.approx(tobit(links, "level", ["walls"]).coef["walls"], abs=1e-3)


def test_separation_is_told_and_no_error_invented() -> None:
    homes = make_homes(6).assign(wall=lambda t: np.where(t["walls"] == 3, "metal", "brick"))
    homes.loc[homes["wall"] == "metal", "ok"] = 0
    fit = logit_random_intercept(homes, "ok", "sent", ["wall"], "building")
    assert not fit.converged
    assert fit.se.isna().all()
    assert "separates" in fit.note


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"ok": 0}, "none of the"),
        ({"ok": lambda t: t["sent"]}, "all of the"),
        ({"ok": 9}, "row 0: ok 9 of sent"),
        ({"sent": 0, "ok": 0}, "no row has a trial"),
        ({"building": 1}, "group building: 1 in the rows"),
        ({"walls": 1}, "repeat each other"),
    ],
)
def test_counts_that_cannot_show_it_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        logit_random_intercept(make_homes(7).assign(**change), "ok", "sent", ["walls"], "building")


def test_a_model_without_groups_has_no_effects() -> None:
    with pytest.raises(ValueError, match="no groups"):
        tobit(make_links(1, 0.1), "level", ["walls"], lower=FLOOR).effects()
    with pytest.raises(ValueError, match="1 to 100 nodes"):
        logit_random_intercept(make_homes(1), "ok", "sent", ["walls"], "building", quadrature=0)
