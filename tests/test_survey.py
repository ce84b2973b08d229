"""Survey estimates against R survey, by hand, and by the laws they must keep."""

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

from smarthan.analysis import Estimate, SurveyDesign
from smarthan.intervals import beta_limits

CASES = Path(__file__).parent / "data" / "cases"
NORMAL_975 = 1.959963984540054


def load(name: str) -> dict[str, Any]:
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


def schools(name: str) -> pd.DataFrame:
    """The California schools as R package survey ships them; identifiers stay text."""
    table = pd.read_csv(CASES / name, dtype="str", keep_default_na=False)
    numbers = ["api00", "enroll", "api.stu", "pw", "fpc"]
    return table.assign(**{column: table[column].astype("float64") for column in numbers})


C01, C03, C06 = load("C01_api_srs"), load("C03_api_clus1"), load("C06_api_poststrat")
SRS = SurveyDesign(schools("apisrs.csv"), weights="pw", population="fpc")
CLUS = SurveyDesign(schools("apiclus1.csv"), psu="dnum", weights="pw", population="fpc")
POST = CLUS.poststratify(C06["population_totals"])
STATISTICS = {
    "mean_api00": lambda d: d.mean("api00"),
    "mean_api00_deff_replace": lambda d: d.mean("api00", deff="replace"),
    "total_enroll": lambda d: d.total("enroll"),
    "prop_schwide": lambda d: d.proportion("sch.wide"),
    "total_stype": lambda d: d.total("stype"),
    "ratio_apistu_enroll": lambda d: d.ratio("api.stu", "enroll"),
}
WANTED = [
    pytest.param(design, statistic, label, wanted, id=f"{case['id']}-{label}-{statistic}")
    for case, design in ((C01, SRS), (C03, CLUS), (C06, POST))
    for statistic, labels in case["expected"].items()
    if statistic in STATISTICS
    for label, wanted in labels.items()
]


@pytest.mark.parametrize(("design", "statistic", "label", "wanted"), WANTED)
def test_agrees_with_r_survey(design: SurveyDesign, statistic: str, label: str, wanted: dict[str, Any]) -> None:
    answer = STATISTICS[statistic](design)
    if isinstance(answer, pd.Series):
        answer = next(e for level, e in answer.items() if label.endswith(str(level)))
    assert answer.value == pytest.approx(wanted["estimate"], rel=1e-9)
    assert answer.se == pytest.approx(wanted["se"], rel=1e-8, abs=1e-8)
    normal = [answer.value + side * NORMAL_975 * answer.se for side in (-1, 1)]
    assert normal == pytest.approx(wanted["ci95_normal"], rel=1e-9)
    if "deff" in wanted:
        assert answer.deff == pytest.approx(wanted["deff"], rel=1e-8)


@pytest.mark.parametrize("kind", list(C03["expected"]["domain_mean_api00_by_stype"]))
def test_c03_domains(kind: str) -> None:
    wanted = C03["expected"]["domain_mean_api00_by_stype"][kind]
    answer = CLUS.domain(schools("apiclus1.csv")["stype"] == kind).mean("api00")
    assert answer.value == pytest.approx(wanted["estimate"], rel=1e-9)
    assert answer.se == pytest.approx(wanted["se"], rel=1e-8)


def test_c03_intervals() -> None:
    wanted = C03["expected"]["proportion_interval_schwide_yes"]
    share = CLUS.proportion("sch.wide")["Yes"]
    assert share.df == C03["expected"]["df"]
    assert share.interval(method="logit") == pytest.approx(wanted["logit"], abs=1e-6)
    assert share.interval(method="korn_graubard") == pytest.approx(wanted["korn_graubard"], abs=1e-6)
    assert share.interval(method="linear") == pytest.approx(wanted["linear_t"], abs=1e-6)
    assert share.n_eff == share.n
    assert share.method == "korn_graubard"
    assert share.interval() == pytest.approx([float(limit) for limit in beta_limits(160, 183, 0.95)])


def test_c06_weights_and_c01_df() -> None:
    weights = POST.weights.groupby(schools("apiclus1.csv")["stype"]).first().to_dict()
    assert weights == pytest.approx(C06["expected"]["weights_by_stype"], rel=1e-9)
    assert SRS.df == C01["expected"]["df"]


TWO_STAGE = pd.DataFrame(
    {
        "stratum": ["s"] * 4 + ["t"] * 4,
        "block": ["a", "a", "b", "b", "c", "c", "d", "d"],
        "home": list("12345678"),
        "blocks": [10] * 4 + [4] * 4,
        "homes": [4] * 4 + [6] * 4,
        "y": [3.0, 5.0, 2.0, 8.0, 1.0, 4.0, 6.0, 6.0],
    }
)


def two_stage_variance_by_hand() -> float:
    total = 0.0
    for stratum, blocks in (("s", 10), ("t", 4)):
        rows = TWO_STAGE[TWO_STAGE["stratum"] == stratum]
        f1, weight = 2 / blocks, blocks / 2 * rows["homes"].iloc[0] / 2
        z = [weight * rows.loc[rows["block"] == block, "y"].to_numpy() for block in rows["block"].unique()]
        total += (1 - f1) * 2 * np.var([part.sum() for part in z], ddof=1)
        f2 = 2 / rows["homes"].iloc[0]
        total += sum(f1 * (1 - f2) * 2 * np.var(part, ddof=1) for part in z)
    return float(total)


def test_two_stages_by_hand() -> None:
    design = SurveyDesign(TWO_STAGE, strata="stratum", psu=["block", "home"], population=["blocks", "homes"])
    answer = design.total("y")
    assert design.weights.tolist() == [10.0] * 4 + [6.0] * 4
    assert answer.se == pytest.approx(math.sqrt(two_stage_variance_by_hand()))
    assert (answer.df, answer.n_psu, answer.n) == (2, 4, 8)


def test_without_populations_the_ultimate_cluster_form_is_used() -> None:
    frame = TWO_STAGE.assign(w=10.0)
    both = SurveyDesign(frame, strata="stratum", psu=["block", "home"], weights="w").mean("y")
    first = SurveyDesign(frame, strata="stratum", psu="block", weights="w").mean("y")
    assert both.se == first.se


def test_stages_beyond_the_last_population_are_complete() -> None:
    frame = TWO_STAGE.assign(w=10.0)
    both = SurveyDesign(frame, strata="stratum", psu=["block", "home"], weights="w", population="blocks").mean("y")
    first = SurveyDesign(frame, strata="stratum", psu="block", weights="w", population="blocks").mean("y")
    assert both.se == first.se


def test_a_census_has_no_sampling_error() -> None:
    frame = pd.DataFrame({"y": [1.0, 2.0, 4.0], "N": 3})
    assert SurveyDesign(frame, population="N").total("y").se == 0


HOMES = pd.DataFrame(
    {
        "stratum": ["s", "s", "t", "t", "lone"],
        "block": ["a", "b", "a", "b", "a"],
        "w": [1.0, 2.0, 3.0, 1.0, 2.0],
        "ok": [1, 0, 1, 1, 0],
    }
)


def test_one_label_in_two_strata_is_two_units() -> None:
    assert SurveyDesign(HOMES, strata="stratum", psu="block", single_psu="adjust").proportion("ok").n_psu == 5


def test_a_single_unit_stratum_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"only one unit was sampled in lone.*single_psu"):
        SurveyDesign(HOMES, strata="stratum", psu="block").proportion("ok")


def test_a_single_unit_stratum_collapses_or_is_measured_from_the_mean() -> None:
    kwargs: dict[str, Any] = {"strata": "stratum", "psu": "block", "weights": "w"}
    collapsed = SurveyDesign(HOMES, single_psu={"lone": "t"}, **kwargs).proportion("ok")
    joined = HOMES.assign(stratum=HOMES["stratum"].replace("lone", "t"), block=list("abcde"))
    assert collapsed.se == pytest.approx(SurveyDesign(joined, **kwargs).proportion("ok").se)
    assert collapsed.df == 3
    z = HOMES["w"] * (HOMES["ok"] - collapsed.value) / HOMES["w"].sum()
    pairs = sum((z.iloc[i] - z.iloc[i + 1]) ** 2 for i in (0, 2))
    adjusted = SurveyDesign(HOMES, single_psu="adjust", **kwargs).proportion("ok")
    assert adjusted.se == pytest.approx(math.sqrt(pairs + z.iloc[4] ** 2))


def test_missing_items_are_dropped_and_counted() -> None:
    frame = pd.DataFrame({"y": pd.array([1, 0, None, 1], dtype="Int64"), "b": list("abcd")})
    share = SurveyDesign(frame, psu="b").proportion("y")
    assert (share.value, share.n, share.missing) == (pytest.approx(2 / 3), 3, 1)


def test_a_domain_is_not_a_subset() -> None:
    inside = CLUS.domain(schools("apiclus1.csv")["stype"] == "H").total("enroll")
    subset = schools("apiclus1.csv").query("stype == 'H'")
    alone = SurveyDesign(subset, psu="dnum", weights="pw", population="fpc").total("enroll")
    assert inside.value == pytest.approx(alone.value)
    assert inside.se != pytest.approx(alone.se)
    assert inside.n_psu == subset["dnum"].nunique()


def test_auto_takes_logit_only_where_every_stratum_can_carry_it() -> None:
    def share(units: int, failures: int) -> Estimate:
        y = [0] * failures + [1] * (units - failures)
        return SurveyDesign(pd.DataFrame({"y": y, "h": "x"}), strata="h").proportion("y")

    assert share(20, 2).method == "logit"
    assert share(19, 2).method == "korn_graubard"
    assert share(40, 0).method == "korn_graubard"
    assert share(40, 0).interval()[1] == 1.0


def test_all_alike_and_one_unit_give_no_false_interval() -> None:
    one = SurveyDesign(pd.DataFrame({"y": [1, 0], "b": "only"}), psu="b", single_psu="adjust").proportion("y")
    assert one.value == 0.5
    assert all(math.isnan(limit) for limit in one.interval())
    assert "no spread" in one.note
    nobody = SurveyDesign(pd.DataFrame({"y": [np.nan, np.nan]})).proportion("y")
    assert math.isnan(nobody.value)
    assert nobody.note == "no row has a value here"


def test_intervals_that_take_rows_as_independent_are_refused() -> None:
    share = CLUS.proportion("sch.wide")["Yes"]
    with pytest.raises(ValueError, match="independent are not offered"):
        share.interval(method="wilson")
    with pytest.raises(ValueError, match="use linear"):
        CLUS.mean("api00").interval(method="logit")
    with pytest.raises(ValueError, match="use korn_graubard"):
        SurveyDesign(pd.DataFrame({"y": [1, 1, 1]})).proportion("y").interval(method="logit")


@pytest.mark.parametrize(
    ("changes", "options", "error", "words"),
    [
        ({}, {"weights": "no"}, KeyError, "column 'no' is not in the table"),
        ({"w": [1.0, 0, 1, 1, 1]}, {"weights": "w"}, ValueError, "weights are not positive"),
        ({"w": [1.0, -1, 1, 1, 1]}, {"weights": "w"}, ValueError, "first at row 1"),
        ({"N": 1}, {"population": "N"}, ValueError, "population 1 is smaller than the 5 units"),
        ({"N": [5, 5, 5, 5, 6]}, {"population": "N"}, ValueError, "population differs within"),
        ({"block": [None, "a", "b", "c", "d"]}, {"psu": "block"}, ValueError, "column block: 1 cells are missing"),
        ({}, {"strata": "stratum", "single_psu": {"x": "s"}}, ValueError, "stratum 'x' is not in the data"),
        ({}, {"single_psu": "average"}, ValueError, "'average' is not refuse, adjust"),
    ],
)
def test_bad_designs_are_refused(changes: dict, options: dict, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        SurveyDesign(HOMES.assign(**changes), **options)


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(ValueError, match="no row"):
        SurveyDesign(HOMES.iloc[:0])


def test_proportion_refuses_other_numbers_and_ratio_an_empty_denominator() -> None:
    frame = pd.DataFrame({"y": [1, 2], "x": [0, 0], "word": ["a", "b"]})
    with pytest.raises(ValueError, match="use mean"):
        SurveyDesign(frame).proportion("y")
    with pytest.raises(ValueError, match="adds to 0"):
        SurveyDesign(frame).ratio("y", "x")
    with pytest.raises(TypeError, match="numbers or truth values"):
        SurveyDesign(frame).ratio("word", "x")


def test_table_gives_each_domain_and_level() -> None:
    table = CLUS.table("sch.wide", "stype")
    assert table[["stype", "level"]].values.tolist() == [[s, w] for s in "EHM" for w in ("No", "Yes")]
    row = table.iloc[1]
    share = CLUS.domain(schools("apiclus1.csv")["stype"] == "E").proportion("sch.wide")["Yes"]
    assert (row["estimate"], row["se"], row["method"]) == (share.value, share.se, share.method)


def test_domain_needs_its_own_table() -> None:
    with pytest.raises(ValueError, match="another index"):
        SurveyDesign(HOMES).domain(pd.Series([True] * 5, index=range(5, 10)))
    with pytest.raises(ValueError, match="one true or false for each of the 5 rows"):
        SurveyDesign(HOMES).domain([True])


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), min_size=12, max_size=40), st.randoms())
@settings(max_examples=25, deadline=None)
def test_order_changes_nothing_and_halving_doubled_buildings_keeps_the_share(rows: list, random: Any) -> None:
    frame = pd.DataFrame(rows, columns=["b", "y"]).assign(w=2.0)
    if frame["b"].nunique() < 2:
        return
    share = SurveyDesign(frame, psu="b", weights="w").proportion("y")
    random.shuffle(rows)
    mixed = SurveyDesign(pd.DataFrame(rows, columns=["b", "y"]).assign(w=2.0), psu="b", weights="w").proportion("y")
    assert (mixed.value, mixed.se) == pytest.approx((share.value, share.se), nan_ok=True)
    twice = pd.concat([frame, frame.assign(b=frame["b"] + "2")]).assign(w=1.0)
    assert SurveyDesign(twice, psu="b", weights="w").proportion("y").value == pytest.approx(share.value)


def test_two_adjustments_in_turn_equal_the_one_they_amount_to() -> None:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"cell": rng.choice(list("pqrs"), 80), "b": rng.integers(0, 20, 80).astype("str")})
    frame = frame.assign(big=frame["cell"].map({"p": "A", "q": "A", "r": "B", "s": "B"}), y=rng.random(80))
    cells = {"p": 10.0, "q": 30.0, "r": 20.0, "s": 20.0}
    in_turn = SurveyDesign(frame, psu="b").poststratify({"cell": cells}).poststratify({"big": {"A": 80.0, "B": 20.0}})
    at_once = SurveyDesign(frame, psu="b").poststratify({"cell": {"p": 20, "q": 60, "r": 10, "s": 10}})
    assert in_turn.mean("y").se == pytest.approx(at_once.mean("y").se, rel=1e-10)
    assert in_turn.mean("y").value == pytest.approx(at_once.mean("y").value, rel=1e-12)


def test_raking_one_margin_is_post_stratification() -> None:
    raked, post = CLUS.rake(C06["population_totals"]).mean("api00"), POST.mean("api00")
    assert (raked.value, raked.se) == pytest.approx((post.value, post.se), rel=1e-9)
    calibrated = CLUS.calibrate(C06["population_totals"]).mean("api00")
    assert (calibrated.value, calibrated.se) == pytest.approx((post.value, post.se), rel=1e-9)
