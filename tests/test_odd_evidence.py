"""What bad or odd evidence gets: an error that says why and what would help, or a flagged result, never an interval."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import (
    Estimate,
    Fit,
    SurveyDesign,
    binomial_interval,
    brier_score,
    conformal_sets,
    evidence_sufficiency,
    find_building_types,
    fit_wall_losses,
    logit_random_intercept,
    marginal_reach,
    overdispersion,
    pool_imputations,
    reach,
    reach_by,
    sample_size,
    tobit,
    tobit_random_intercept,
)
from smarthan.analysis.paths.path_model import Learner, fit_paths

RNG = np.random.default_rng(1)

# Four blocks of two homes, in two strata.
HOMES = pd.DataFrame(
    {
        "block": list("aabbccdd"),
        "stratum": list("xxxxyyyy"),
        "kind": list("ppqqppqq"),
        "works": [1, 1, 1, 0, 0, 1, 1, 0],
        "level": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 9.0],
    }
)
# Ten buildings of six links each.
LINKS = pd.DataFrame({"block": np.repeat(list("abcdefghij"), 6), "walls": np.tile([0, 1, 2, 3, 4, 5], 10), "sent": 1})
LINKS["level"] = -60.0 - 6 * LINKS["walls"] + RNG.normal(0, 4, 60) + np.repeat(RNG.normal(0, 3, 10), 6)
LINKS["works"] = (LINKS["level"] > -75).astype(int)
MORE_BUILDINGS = "more buildings are needed"


def design(psu: str | None = "block", **changes: Any) -> SurveyDesign:
    named = {name: changes.pop(name) for name in ("strata", "weights", "population", "single_psu") if name in changes}
    return SurveyDesign(HOMES.assign(**changes), psu=psu, **named)


STATISTICS: dict[str, Callable[[Any], Estimate]] = {
    "mean": lambda sample: sample.mean("level"),
    "total": lambda sample: sample.total("level"),
    "ratio": lambda sample: sample.ratio("works", "level"),
    "proportion": lambda sample: sample.proportion("works"),
}


def show_no_interval(estimate: Estimate, why: str) -> None:
    assert np.isnan(estimate.interval()).all()
    assert re.search(why, estimate.note)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize(
    ("sample", "why"),
    [
        (lambda: design(block="a"), f"1 sampling unit shows no spread; {MORE_BUILDINGS}"),
        (lambda: design(strata="block", single_psu="adjust"), f"4 sampling units in as many strata.*{MORE_BUILDINGS}"),
        (lambda: design(works=np.nan, level=np.nan), "no row has a value"),
        (lambda: design(strata="stratum").domain(HOMES["level"] > 99), "no row has a value"),
        (lambda: design(strata="stratum").domain(HOMES["block"] == "a"), MORE_BUILDINGS),
    ],
    ids=["one building", "one a stratum", "all missing", "empty domain", "domain of one building"],
)
def test_a_survey_without_spread_has_no_interval(statistic: str, sample: Callable[[], Any], why: str) -> None:
    show_no_interval(STATISTICS[statistic](sample()), why)


@pytest.mark.parametrize("statistic", ["mean", "total", "ratio"])
@pytest.mark.parametrize("replicated", [lambda d: d, lambda d: d.jackknife(), lambda d: d.bootstrap(20, seed=1)])
def test_rows_that_are_all_alike_have_no_interval(statistic: str, replicated: Callable[[Any], Any]) -> None:
    show_no_interval(STATISTICS[statistic](replicated(design(level=3.0, works=0))), f"alike.*{MORE_BUILDINGS}")


@pytest.mark.parametrize("outcome", [0, 1])
@pytest.mark.parametrize("replicated", [lambda d: d, lambda d: d.jackknife(), lambda d: d.bootstrap(20, seed=1)])
def test_all_failed_or_all_passed_has_exact_bounds(outcome: int, replicated: Callable[[Any], Any]) -> None:
    share = replicated(design(works=outcome)).proportion("works")
    low, high = share.interval()
    assert share.method == "korn_graubard"
    assert high - low > 0.3
    assert outcome in (low, high)
    with pytest.raises(ValueError, match=r"logit.*use korn_graubard"):
        share.interval(method="logit")


def test_replicates_that_all_agree_show_no_spread() -> None:
    for changes in ({"works": 1}, {"works": HOMES["kind"].eq("p"), "block": HOMES["stratum"]}):
        with pytest.raises(ValueError, match=f"every replicate gives .*{MORE_BUILDINGS}"):
            design(**changes).bootstrap(20, seed=1).proportion("works").interval(method="percentile")
    empty = design().domain(HOMES["level"] > 99).bootstrap(20, seed=1).proportion("works")
    assert np.isnan(empty.interval(method="percentile")).all()


def test_a_census_and_known_totals_are_sure_and_not_flagged() -> None:
    assert design(population="there", there=4).mean("level").interval() == (4.625, 4.625)
    known = design(one=1.0).poststratify({"kind": {"p": 10, "q": 30}})
    for sample in (known, known.jackknife()):
        assert sample.total("one").interval() == pytest.approx((40, 40))
    assert known.mean("one").note.startswith("every row is alike")


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: design().mean("nothing"), "'nothing' is not in the table"),
        (lambda: design(block="a").jackknife(), MORE_BUILDINGS),
        (lambda: design(block="a").bootstrap(20, seed=1), MORE_BUILDINGS),
        (lambda: design(block="a").regress("level", ["works"]), MORE_BUILDINGS),
        (lambda: design(strata="s", s=list("xxyyyyyy")).mean("level"), "only one unit was sampled in x.*neighbour"),
        (lambda: SurveyDesign(HOMES.iloc[:0]), "has no row"),
        *(
            (lambda w=w: design(weights="w", w=w), "not positive numbers, first at row 0")
            for w in (0, -1, np.nan, np.inf)
        ),
        (lambda: design(weights="w", w="heavy"), "column w holds .*numbers"),
        (lambda: design(population="there", there=3), "population 3 is smaller than the 4 units sampled"),
        (lambda: design(population="there", there=0.5), "number of units there are, not a fraction"),
        (lambda: design(population="there", there=np.nan), "8 cells are missing"),
        (lambda: design(population="there", there="many"), "column there holds"),
        (lambda: design().poststratify({"kind": {"p": 1, "q": 1, "r": 1}}), "no row has r; take it together"),
        (lambda: design().poststratify({"kind": {"p": 1}}), "no total for q; give one"),
        *(
            (lambda q=q: design().poststratify({"kind": {"p": 1, "q": q}}), "every total must be a positive number")
            for q in (0, -1, np.nan)
        ),
        (lambda: design().rake({}), "no margin was given"),
        (
            lambda: design().rake({"kind": {"p": 9, "q": 9}, "stratum": {"x": 5, "y": 5}}),
            "do not add to the same total",
        ),
        (
            lambda: design(kind=HOMES["stratum"]).rake({"kind": {"x": 9, "y": 9}, "stratum": {"x": 5, "y": 13}}),
            "did not settle within 500 rounds.*take levels together",
        ),
        (lambda: design().calibrate({}), "no total was given"),
        (lambda: design().calibrate({"level": np.nan}), "column level: a single total"),
        (lambda: design().calibrate({"kind": 9}), "column kind: a single total needs numbers"),
        (
            lambda: design().calibrate({"kind": {"p": 9, "q": 9}, "stratum": {"x": 5, "y": 5}}),
            "cannot hold together; check that each margin",
        ),
        (lambda: design(level=0.0).ratio("works", "level"), "adds to 0"),
        (lambda: design(works=np.nan).regress("works", ["level"]), "no row of this domain"),
        (lambda: design(works=2.0).regress("level", ["works"]), r"\(or are constant\).*leave one out"),
        (lambda: design(kind="p").regress("level", ["kind"]), r"'p' in every row \(constant\); leave it out"),
    ],
)
def test_a_survey_that_cannot_be_used_is_refused(work: Callable[[], Any], words: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError), match=words):
        work()


def show_no_fit(fit: Fit, why: str) -> None:
    assert fit.se.isna().all()
    assert fit.interval().isna().all(axis=None)
    assert re.search(why, fit.note)


@pytest.mark.parametrize(
    ("work", "why"),
    [
        (
            lambda: design(works=HOMES["level"] > 4).regress("works", ["level"], family="binomial"),
            "separates.*together",
        ),
        (lambda: design(works=0).regress("works", ["level"], family="binomial"), "separates.*together"),
        (lambda: design(level=3.0).regress("level", ["works"]), f"on the line.*{MORE_BUILDINGS}"),
        (lambda: design(strata="block", single_psu="adjust").regress("level", ["works"]), MORE_BUILDINGS),
        *(
            (lambda model=model, level=level: model(LINKS.assign(level=level)), "on the line, so no spread can be seen")
            for model in (
                lambda f: tobit(f, "level", ["walls"]),
                lambda f: tobit_random_intercept(f, "level", ["walls"], "block"),
            )
            for level in (-70.0, -50.0 - 2 * LINKS["walls"])
        ),
        (
            lambda: tobit(
                LINKS.assign(wet=LINKS["walls"] > 3, level=LINKS["level"].where(LINKS["walls"] < 4, -99)),
                "level",
                ["wet"],
                lower=-99,
            ),
            "settle which rows are censored; leave it out",
        ),
        (
            lambda: logit_random_intercept(LINKS.assign(works=LINKS["walls"] < 3), "works", "sent", ["walls"], "block"),
            "separates.*together",
        ),
        (
            lambda: logit_random_intercept(LINKS.assign(works=LINKS["block"] < "f"), "works", "sent", [], "block"),
            "all or none.*more trials",
        ),
    ],
)
def test_a_model_without_maximum_says_so_and_has_no_interval(work: Callable[[], Fit], why: str) -> None:
    show_no_fit(work(), why)


MODELS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "tobit": lambda f: tobit(f, "level", ["walls"], lower=-85, cluster="block"),
    "tobit_random_intercept": lambda f: tobit_random_intercept(f, "level", ["walls"], "block", lower=-85),
    "logit_random_intercept": lambda f: logit_random_intercept(f, "works", "sent", ["walls"], "block"),
}


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"block": "a"}, "two or more"),
        ({"level": -90.0, "works": 0}, "on the same side.*report the bound|none of the 60.*give exact bounds"),
        ({"level": np.nan, "works": np.nan}, "nothing to fit"),
        ({"walls": np.nan}, "holds no value"),
        ({"walls": 2}, r"\(or are constant\); leave one out"),
        ({"walls": "brick"}, r"\(constant\); leave it out"),
    ],
    ids=["one building", "all failed", "all missing", "predictor missing", "constant number", "constant word"],
)
def test_a_model_refuses_what_it_cannot_learn_from(model: str, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        MODELS[model](LINKS.assign(**changes))


def test_a_level_of_its_own_needs_two_rows() -> None:
    alone = LINKS.iloc[[6 * n + n % 6 for n in range(10)]]
    with pytest.raises(ValueError, match=r"no group has two trials.*fit without groups"):
        logit_random_intercept(alone, "works", "sent", [], "block")
    assert "no group has two rows" in tobit_random_intercept(alone, "level", ["walls"], "block").note


@pytest.mark.parametrize(
    ("work", "words"),
    [
        (lambda: binomial_interval(3, -1), "n must hold whole numbers"),
        (lambda: binomial_interval(11, 10), "x must not exceed n"),
        (lambda: binomial_interval(np.nan, 10), "x must hold whole numbers"),
        *((lambda p=p: sample_size(p, 0.02), "p is") for p in (0, 1, np.nan)),
        *((lambda h=h: sample_size(0.5, h), "half_width is .*between") for h in (0, 1e-200, 1, np.nan)),
        (lambda: sample_size(0.5, 0.1, icc=-1), "icc is -1"),
        *((lambda m=m: sample_size(0.5, 0.1, dwellings_per_building=m), "at least 1") for m in (0, np.inf)),
        (lambda: sample_size(0.5, 0.1, z=np.inf), "z is inf"),
        (lambda: pool_imputations([0.8], [0.1]), "two or more imputations"),
        (lambda: pool_imputations([0.8, np.nan], [0.1, 0.1]), "finite numbers"),
        (lambda: pool_imputations([0.8, 0.8], [0.1, -0.1]), "variances 0 or more"),
        (lambda: pool_imputations([0.8, 0.8], [0, 0]), "nothing shows how sure it is; give bounds"),
        (lambda: overdispersion(LINKS.assign(sent=-1), "works", "sent"), "whole counts are needed"),
        (lambda: brier_score([], []), "one of both is needed"),
        (lambda: brier_score([np.nan], [1]), "a forecast is missing"),
        (lambda: conformal_sets([0.5, 0.2], [1, 0], ["a", "a"], ["k", "k"]), "cannot be split"),
        (
            lambda: conformal_sets([0.5, 0.2], [1, 0], pd.Series(["a", None]), ["k", "k"]),
            "buildings: 1 cells are missing",
        ),
    ],
)
def test_arguments_without_meaning_are_refused(work: Callable[[], Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        work()


def test_nothing_observed_has_no_limits_and_all_or_none_has_one() -> None:
    assert np.isnan(binomial_interval(0, 0)).all()
    assert binomial_interval(0, 10)[0] == 0 < binomial_interval(0, 10)[1]
    assert binomial_interval(10, 10)[0] < 1 == binomial_interval(10, 10)[1]
    assert np.isnan(overdispersion(LINKS.assign(works=1), "works", "sent", "block").rho)
    few = conformal_sets([0.5, 0.2, 0.4, 0.3], [0, 0, 0, 0], list("abcd"), ["semi"] * 4)
    assert few["undecided"].tolist() == [1.0, 1.0]


PATHS = LINKS.rename(columns={"block": "building_id"}).assign(
    path_id=[f"p{n}" for n in range(60)],
    surveyor_id=np.where(LINKS["block"] < "e", "anna", "ben"),
    archetype="semi",
    walls_heavy=LINKS["walls"].astype(float),
    success=RNG.random(60) < 0.9 - 0.15 * LINKS["walls"],
)


@pytest.mark.parametrize("learner", ["logistic", "boosting"])
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"building_id": "b"}, "number of buildings, here 1; add buildings"),
        ({"success": False}, "every one of 60 paths fails; there is nothing to model"),
        ({"success": pd.array([pd.NA] * 60, dtype="boolean")}, "column success: missing in 60 of 60"),
        ({"building_id": [None, *PATHS["building_id"][1:]]}, "column building_id: missing in 1 of 60"),
        ({"walls_heavy": np.inf}, "column walls_heavy: a number is infinite"),
        ({"walls_heavy": np.nan, "archetype": None}, "column archetype: missing in 60"),
    ],
    ids=["one building", "all failed", "all missing", "building missing", "infinite", "no type"],
)
def test_the_coverage_model_refuses_what_it_cannot_judge(learner: Learner, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fit_paths(PATHS.assign(**changes), "zigbee_sub", learner=learner)


@pytest.mark.parametrize("learner", ["logistic", "boosting"])
@pytest.mark.parametrize(
    "changes",
    [
        {"walls_heavy": 1.0},
        {"walls_heavy": np.nan},
        {"walls_heavy": PATHS["walls_heavy"].where(PATHS["building_id"] == "a")},
        {"success": PATHS["walls_heavy"] > 2},
        {"success": PATHS["building_id"] != "c"},
    ],
    ids=["zero variance", "feature missing", "feature in one building", "perfect separation", "one building failed"],
)
def test_the_coverage_model_stands_where_features_say_little_or_all(learner: Learner, changes: dict[str, Any]) -> None:
    model = fit_paths(PATHS.assign(**changes), "zigbee_sub", learner=learner)
    assert model.predictions[["by_building", "by_surveyor", "random"]].notna().all(axis=None)
    assert model.predict(PATHS.assign(**changes)).between(0, 1).all()
    assert model.predict(PATHS.assign(**changes).iloc[:0]).empty


BUILDINGS = pd.DataFrame(
    {"building_id": [f"b{n}" for n in range(9)], "storeys": [1.0, 2, 9] * 3, "wall_type": list("abc") * 3}
)


@pytest.mark.parametrize(
    ("buildings", "options", "words"),
    [
        (BUILDINGS.iloc[:2], {}, "types need three buildings"),
        (BUILDINGS.iloc[:0], {}, "none was given"),
        (BUILDINGS, {"features": []}, "no feature of them"),
        (BUILDINGS.assign(storeys=1.0, wall_type="a"), {}, "do not differ in storeys, wall_type.*add features"),
        (BUILDINGS.assign(storeys=np.nan, wall_type=None), {}, "do not differ in"),
        (BUILDINGS.assign(storeys=np.inf), {}, "feature storeys: a number is infinite"),
        (BUILDINGS, {"k": [2, 5]}, "5 types of 3 kinds of building.*ask for 3 at most"),
        (BUILDINGS.assign(building_id="b"), {}, "one is missing or stands twice"),
    ],
)
def test_types_are_not_found_where_there_are_none(buildings: pd.DataFrame, options: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        find_building_types(buildings, **{"features": ["storeys", "wall_type"], "k": [2], "bootstraps": 2, **options})


def make_trial(works: list[bool | None], **changes: dict[str, Any]) -> SimpleNamespace:
    """Houses of one stratum, a building each, with one display path; `changes` are columns by table."""
    ids = [f"d{n}" for n in range(len(works))]
    readings = [(f"p-{home}", 1000 * ok) for home, ok in zip(ids, works, strict=True) if ok is not None]
    tables = {
        "frame": pd.DataFrame({"stratum_id": ["s"], "meter_class": "porch", "n_premises": 600, "archetype": "semi"}),
        "buildings": pd.DataFrame({"building_id": ids, "stratum_id": "s", "archetype": "semi"}),
        "dwellings": pd.DataFrame({"dwelling_id": ids, "building_id": ids, "outcome": "complete"}).assign(
            p_incl_1=0.01, p_incl_2=1.0
        ),
        "locations": pd.DataFrame({"location_id": ids, "building_id": ids, "dwelling_id": ids}),
        "paths": pd.DataFrame(
            {"path_id": [f"p-{home}" for home in ids], "from_location": ids, "to_location": ids}
        ).assign(role="CH-IHD"),
        "instruments": pd.DataFrame({"instrument_id": ["i"]}),
        "measurements": pd.DataFrame(readings, columns=["path_id", "packets_ok"]).assign(
            packets_sent=1000, instrument_id="i", technology="zigbee_sub"
        ),
    }
    return SimpleNamespace(tables={k: t.assign(**changes.get(k, {})) for k, t in tables.items()}, synthetic=True)


STOCK = pd.DataFrame({"archetype": ["semi", "caravan"], "premises": [900.0, 100.0], "year": 2011, "source": "own"})


def find_reach(trial: SimpleNamespace, stock: pd.DataFrame = STOCK) -> Any:
    return reach(trial, stock, ["zigbee_sub"], roles=["CH-IHD"])


@pytest.mark.parametrize(
    ("works", "low", "high", "flag", "verdict"),
    [
        ([True], np.nan, np.nan, "hide_no_interval", "insufficient_evidence"),
        ([None, None, None], np.nan, np.nan, "no_answers", "insufficient_evidence"),
        ([False] * 40, 0.0, 0.088, "review_all_or_none", "fail"),
        ([True] * 40, 0.912, 1.0, "review_all_or_none", "insufficient_evidence"),
    ],
    ids=["one building", "all missing", "all failed", "all passed"],
)
def test_reach_invents_no_interval(works: list[bool | None], low: float, high: float, flag: str, verdict: str) -> None:
    trial = make_trial(works)
    found = find_reach(trial)
    for row in (found.table.iloc[0], reach_by(trial, STOCK, "archetype", ["zigbee_sub"], roles=["CH-IHD"]).iloc[0]):
        assert (row["lower"], row["upper"]) == pytest.approx((low, high), abs=1e-3, nan_ok=True)
        assert flag in row["flag"]
        assert (row["method"] == "none") == np.isnan(low)
    told = evidence_sufficiency(found, 0.95).iloc[0]
    assert told["verdict"] == verdict
    assert told["note"] or not np.isnan(low)
    if None in works:
        with pytest.raises(ValueError, match="no home has a known outcome"):
            marginal_reach(found, ["zigbee_sub"])
    else:
        step = marginal_reach(found, ["zigbee_sub"]).iloc[0]
        assert (step["lower"], step["upper"]) == pytest.approx((low, high), abs=1e-3, nan_ok=True)


@pytest.mark.parametrize(
    ("changes", "stock", "words"),
    [
        *(({"dwellings": {"p_incl_1": p}}, {}, "p_incl_1 of d0 is .*correct them") for p in (0.0, -0.5, 2.0, np.nan)),
        *(({"frame": {"n_premises": n}}, {}, r"fewer than the 2 dwellings sampled") for n in (1, 0, -5)),
        ({"frame": {"stratum_id": "t"}}, {}, "stratum_id that is not in its table"),
        *(({}, {"premises": [n, 100.0]}, "stock: premises must be numbers of 0 or more") for n in (-1, np.nan, np.inf)),
        ({}, {"premises": 0.0}, "stock: it holds no premises; give a table"),
    ],
)
def test_reach_refuses_weights_and_counts_that_cannot_be(changes: Any, stock: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        find_reach(make_trial([True, False], **changes), STOCK.assign(**stock))


def test_a_criterion_that_is_no_share_is_refused() -> None:
    found = find_reach(make_trial([True, False]))
    for criterion in (0, 1.2, np.nan):
        with pytest.raises(ValueError, match="give a share above 0 and at most 1"):
            evidence_sufficiency(found, criterion)


def make_readings(**changes: dict[str, Any]) -> SimpleNamespace:
    """Sixty levels in ten buildings; `changes` are columns by table."""
    ids = [f"p{n}" for n in range(60)]
    rng = np.random.default_rng(2)
    tables = {
        "paths": pd.DataFrame({"path_id": ids, "from_location": ids, "distance_m": rng.lognormal(2, 0.5, 60)}).assign(
            walls_light=rng.integers(0, 4, 60), walls_heavy=LINKS["walls"], floors=rng.integers(0, 3, 60)
        ),
        "locations": pd.DataFrame({"location_id": ids, "building_id": LINKS["block"]}),
        "instruments": pd.DataFrame({"instrument_id": ["i"], "rssi_floor_dbm": [-110.0], "sensitivity_dbm": [-115.0]}),
        "measurements": pd.DataFrame({"path_id": ids, "rssi_dbm": LINKS["level"]}).assign(
            instrument_id="i", technology="zigbee_sub", tx_power_dbm=13.0, freq_hz=868e6, rssi_status="observed"
        ),
    }
    return SimpleNamespace(tables={k: t.assign(**changes.get(k, {})) for k, t in tables.items()}, synthetic=True)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"locations": {"building_id": "b"}}, "two or more show how they differ"),
        ({"measurements": {"rssi_status": "not_heard", "rssi_dbm": np.nan}}, "on the same side.*report the bound"),
        ({"measurements": {"rssi_status": "not_recorded", "rssi_dbm": np.nan}}, "nothing to fit; add them"),
        ({"measurements": {"tx_power_dbm": np.nan}}, "nothing to fit; add them"),
        ({"measurements": {"freq_hz": 0.0}}, "nothing to fit; add them"),
        ({"paths": {"walls_heavy": np.nan}}, "nothing to fit; add them"),
    ],
    ids=["one building", "all failed", "all missing", "no power", "no frequency", "no walls"],
)
def test_wall_losses_refuse_what_they_cannot_learn_from(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        fit_wall_losses(make_readings(**changes), "zigbee_sub")


def test_wall_losses_of_levels_that_do_not_differ_have_no_interval() -> None:
    found = fit_wall_losses(make_readings(measurements={"rssi_dbm": -70.0}), "zigbee_sub")
    assert found.table[["se", "low", "high"]].isna().all(axis=None)
    assert any("no spread can be seen" in told for told in found.warnings)
    alike = fit_wall_losses(make_readings(paths={"walls_light": 1}), "zigbee_sub")
    assert any("light_db is not estimated" in told for told in alike.warnings)
