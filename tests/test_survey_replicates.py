"""Jackknife and bootstrap against R, against plain code, and by the laws of replicates."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import SurveyDesign

CASES = Path(__file__).parent / "data" / "cases"
C09 = json.loads((CASES / "C09_api_jackknife.json").read_text())["expected"]


def schools() -> pd.DataFrame:
    table = pd.read_csv(CASES / "apiclus1.csv", dtype="str", keep_default_na=False)
    return table.assign(**{column: table[column].astype("float64") for column in ("api00", "enroll", "pw", "fpc")})


def blocks(seed: int, strata: int = 3, buildings: int = 12, homes: int = 4) -> pd.DataFrame:
    """Homes of one building are alike; two types stand in every stratum."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"building": np.repeat(np.arange(strata * buildings), homes)})
    frame["stratum"] = "s" + (frame["building"] // buildings).astype(str)
    frame["type"] = np.where(rng.random(len(frame)) < 0.4, "flat", "house")
    frame["weight"] = rng.uniform(10, 30, strata * buildings)[frame["building"]]
    frame["rooms"] = 4 + rng.normal(0, 1, strata * buildings)[frame["building"]] + rng.normal(0, 1, len(frame))
    frame["reached"] = frame["rooms"] > 3.5
    return frame


def design(frame: pd.DataFrame) -> SurveyDesign:
    return SurveyDesign(frame, strata="stratum", psu="building", weights="weight")


@pytest.mark.parametrize("population", ["fpc", None])
def test_the_jackknife_is_that_of_r(population: str | None) -> None:
    clusters = SurveyDesign(schools(), psu="dnum", weights="pw", population=population).jackknife()
    expected = C09["jackknife_with_population" if population else "jackknife_without_population"]
    for estimate, printed in (
        (clusters.mean("api00"), expected["mean"]["api00"]),
        (clusters.total("enroll"), expected["total_enroll"]["enroll"]),
    ):
        assert estimate.value == pytest.approx(printed["estimate"], rel=1e-9)
        assert estimate.se == pytest.approx(printed["se"], rel=1e-8)
        assert estimate.variance == "jackknife"


def plain_jackknife(frame: pd.DataFrame, value: Any) -> float:
    """Leave one building out, literally."""
    total, centre, everyone = 0.0, [], []
    for stratum, part in frame.groupby("stratum"):
        units = part["building"].unique()
        n = len(units)
        for unit in units:
            kept = frame[frame["building"] != unit].copy()
            kept.loc[kept["stratum"] == stratum, "weight"] *= n / (n - 1)
            everyone.append(value(kept))
            centre.append((n - 1) / n)
    everyone_ = np.asarray(everyone)
    total = float((np.asarray(centre) * (everyone_ - everyone_.mean()) ** 2).sum())
    return total**0.5


def test_the_jackknife_is_leaving_one_out_literally() -> None:
    frame = blocks(1)
    known = {"flat": 900.0, "house": 1500.0}

    def mean(kept: pd.DataFrame) -> float:
        return float(np.average(kept["rooms"], weights=kept["weight"]))

    def poststratified(kept: pd.DataFrame) -> float:
        means = {kind: np.average(part["rooms"], weights=part["weight"]) for kind, part in kept.groupby("type")}
        return float(sum(known[kind] * value for kind, value in means.items()) / sum(known.values()))

    assert design(frame).jackknife().mean("rooms").se == pytest.approx(plain_jackknife(frame, mean))
    adjusted = design(frame).poststratify({"type": known}).jackknife()
    assert adjusted.mean("rooms").se == pytest.approx(plain_jackknife(frame, poststratified))


def test_the_quick_sums_are_the_adjustment_done_again() -> None:
    frame, known = blocks(2), {"flat": 900.0, "house": 1500.0}
    quick = design(frame).poststratify({"type": known})
    slow = design(frame).rake({"type": known})  # one margin: raking is post-stratification, done replicate by replicate
    for scheme in (lambda d: d.jackknife(), lambda d: d.bootstrap(60, seed=3)):
        a, b = scheme(quick).proportion("reached"), scheme(slow).proportion("reached")
        assert a.value == pytest.approx(b.value)
        assert a.se == pytest.approx(b.se, rel=1e-9)


def test_linearised_and_replicate_errors_agree_in_a_large_sample() -> None:
    frame = blocks(4, strata=4, buildings=80)
    for adjust in (lambda d: d, lambda d: d.calibrate({"type": {"flat": 9000, "house": 14000}})):
        linear = adjust(design(frame)).mean("rooms").se
        assert adjust(design(frame)).jackknife().mean("rooms").se == pytest.approx(linear, rel=0.03)
        assert adjust(design(frame)).bootstrap(400, seed=1).mean("rooms").se == pytest.approx(linear, rel=0.12)


def test_domains_and_tables_have_replicate_errors() -> None:
    frame = blocks(5)
    replicated = design(frame).jackknife()
    flats = replicated.domain(frame["type"] == "flat").mean("rooms")
    linear = design(frame).domain(frame["type"] == "flat").mean("rooms")
    assert flats.value == linear.value
    assert flats.df == linear.df
    assert flats.se == pytest.approx(linear.se, rel=0.15)
    assert len(replicated.table("rooms", "type")) == 2


def test_the_bootstrap_is_the_same_with_the_same_seed_and_is_literal_resampling() -> None:
    frame = blocks(6)
    one, two = (design(frame).bootstrap(200, seed=9).mean("rooms") for _ in range(2))
    other = design(frame).bootstrap(200, seed=10).mean("rooms")
    assert one.interval(method="percentile") == two.interval(method="percentile") != other.interval(method="percentile")
    replicated = design(frame).bootstrap(200, seed=9)
    unit = replicated._stages[0].unit
    assert one.replicates is not None
    for value, factor in zip(one.replicates[:3], replicated._scheme.factors(), strict=False):
        weights = frame["weight"] * factor[unit]
        assert factor.sum() == pytest.approx(36)
        assert value == pytest.approx(np.average(frame["rooms"], weights=weights))


def test_percentile_intervals_cover_the_truth() -> None:
    hits = 0
    for seed in range(150):
        low, high = (
            design(blocks(seed, buildings=25)).bootstrap(200, seed=seed).mean("rooms").interval(method="percentile")
        )
        hits += low <= 4 <= high
    assert 0.88 <= hits / 150 <= 0.99


def test_what_replicates_cannot_say() -> None:
    frame = blocks(7)
    lonely = frame[(frame["stratum"] != "s0") | (frame["building"] == 0)]
    with pytest.raises(ValueError, match="only one unit was sampled in s0"):
        design(lonely).jackknife()
    with pytest.raises(ValueError, match="2 to 100,000"):
        design(frame).bootstrap(1, seed=1)
    with pytest.raises(ValueError, match="needs replicates"):
        design(frame).mean("rooms").interval(method="percentile")
    with pytest.raises(ValueError, match="more buildings are needed"):
        SurveyDesign(frame[frame["building"] == 0], psu="building").jackknife()


def test_a_level_in_too_few_buildings_is_told() -> None:
    frame = blocks(8)
    frame["type"] = np.where(frame["building"] == 3, "rare", "usual")
    known = {"rare": 50.0, "usual": 2000.0}
    estimate = design(frame).rake({"type": known}).bootstrap(100, seed=2).mean("rooms")
    assert np.isnan(estimate.se)
    assert "replicates have no value" in estimate.note
