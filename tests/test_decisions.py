"""Shortlist, value of information and verdict of the example, within its stated tolerances."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from smarthan.analysis import Appraisal, Simulation, read_appraisal
from smarthan.analysis.appraisal.parts import Judgement, Trial
from smarthan.analysis.worth.learning import worth_of_cells

EXAMPLE = Path(__file__).parent / "data" / "cases" / "scoring" / "example_appraisal"
EXPECTED = json.loads((EXAMPLE / "expected.json").read_text())
ALLOWED = EXPECTED["simulation"]["tolerance"]


@pytest.fixture(scope="module")
def example() -> Appraisal:
    return read_appraisal(EXAMPLE)


@pytest.fixture(scope="module")
def simulation(example: Appraisal) -> Simulation:
    return example.simulate(60_000)


def test_perfect_information_is_worth_what_is_expected(simulation: Simulation) -> None:
    table = simulation.value_of_information("criterion").evpi.set_index("weight_set")
    for name, value in EXPECTED["simulation"]["evpi_points"].items():
        assert table.loc[name, "value"] == pytest.approx(value, abs=ALLOWED["evpi_points"])
        assert 0 < table.loc[name, "se"] < 0.02


def test_regrets_are_those_expected(simulation: Simulation) -> None:
    table = simulation.shortlist().table.set_index("options")
    for names, regret in EXPECTED["simulation"]["regret_worst_set"].items():
        found = table.loc[", ".join(names.split(",")), "worst_regret"]
        assert found == pytest.approx(regret, abs=ALLOWED["regret_points"])


def test_regret_falls_as_a_list_grows_and_that_of_the_leader_is_perfect_information(simulation: Simulation) -> None:
    found = simulation.shortlist(0.0, 3)
    table = found.table.set_index("options")["worst_regret"]
    for options in table.index:
        for fewer in (", ".join(part for part in options.split(", ") if part != out) for out in options.split(", ")):
            if fewer:
                assert table[fewer] >= table[options]
    panel = simulation.appraisal.simulate(20_000, weights="panel")
    regret = panel.shortlist(0.0, 1).table.set_index("options").loc["nbplc", "worst_regret"]
    assert regret == pytest.approx(panel.value_of_information("criterion").evpi["value"].item())


def test_an_option_almost_surely_beaten_is_on_no_list(simulation: Simulation) -> None:
    found = simulation.shortlist()
    assert found.dominated["option"].tolist() == ["moca"]
    assert found.dominated["share"].item() >= 0.99
    assert not found.table["options"].str.contains("moca").any()


@pytest.mark.parametrize(
    ("regret", "size", "words"), [(-1, 2, "0 or more"), (np.nan, 2, "0 or more"), (1, 0, "1 or more")]
)
def test_limits_that_are_none_are_refused(simulation: Simulation, regret: float, size: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        simulation.shortlist(regret, size)


def test_limits_nobody_stated_are_asked_for(example: Appraisal) -> None:
    with pytest.raises(ValueError, match="states no max_regret; add it"):
        replace(example, max_regret=None).simulate(100).shortlist()


def test_what_a_trial_of_flats_could_tell_is_worth_what_is_expected(simulation: Simulation) -> None:
    measured = EXPECTED_TRIAL.options
    cells = [(simulation.options.index(option), "reach_flat") for option in measured]
    worth = worth_of_cells(simulation.model, simulation.source.sets, cells)
    for name, value in zip(simulation.source.set_names, worth, strict=True):
        assert value == pytest.approx(EXPECTED["simulation"]["evppi_points_flats"][name], abs=ALLOWED["evsi_points"])


EXPECTED_TRIAL = Trial("flats", "Flats", "reach_flat", ("zb868", "dual", "nbplc", "bbplc"))


def test_the_verdict_as_written_is_the_shortlist(simulation: Simulation) -> None:
    decision, case = simulation.value_of_information("criterion").decide(), EXPECTED["decision"]["as_written"]
    assert decision.verdict == case["verdict"]
    assert list(decision.shortlist) == case["shortlist"]
    assert decision.regrets.worst_regret == pytest.approx(case["worst_regret"], abs=ALLOWED["regret_points"])
    assert "lpwan" in decision.reasons[0]
    assert "Verdict: shortlist" in decision._repr_html_()
    curve = decision.curve.set_index(["weight_set", "buildings"])
    for name, points in EXPECTED["simulation"]["evsi_points_flats"].items():
        money = EXPECTED["simulation"]["enbs_gbp_flats"]
        for buildings, value in points.items():
            row = curve.loc[(name, int(buildings))]
            assert row["evsi"] == pytest.approx(value, abs=ALLOWED["evsi_points"])
            assert row["enbs_gbp"] == pytest.approx(money[name][buildings], abs=money["tolerance"])


def test_a_stricter_rule_asks_for_the_trial(example: Appraisal) -> None:
    stricter = replace(example, max_regret=0.2, max_shortlist=2).simulate(30_000)
    information = stricter.value_of_information("criterion")
    assert information.money_per_point is not None
    np.testing.assert_allclose(information.money_per_point, list(EXPECTED["money_per_point"].values()), rtol=1e-9)
    decision, case = information.decide(), EXPECTED["decision"]["stricter"]
    assert (decision.verdict, decision.trial) == (case["verdict"], case["trial"])
    low, high = case["buildings_between"]
    assert decision.buildings is not None
    assert low <= decision.buildings <= high
    assert "supplier" in decision.reasons[-1]


def test_a_dear_trial_is_not_worth_it_and_no_trial_means_consult(example: Appraisal) -> None:
    stricter = replace(example, max_regret=0.2, max_shortlist=2).simulate(10_000)
    information = stricter.value_of_information("criterion")
    dear = replace(example.trials[0], setup=1e9)
    assert information.decide([dear]).verdict == "not_worth_it"
    poor = replace(example.trials[0], setup=1.2e7)
    assert information.decide([poor], n=[5, 50]).verdict == "consult"
    consult = information.decide([])
    assert consult.verdict == "consult"
    assert "nbplc by panel" in consult.reasons[-1]


def test_one_set_without_trial_asks_for_desk_work(example: Appraisal) -> None:
    only = replace(example, max_regret=0.01, max_shortlist=1).simulate(10_000, weights="panel")
    decision = only.value_of_information("criterion").decide([])
    assert decision.verdict == "desk_evidence"
    assert "reach_flat" in decision.reasons[-1]


def test_without_money_no_cost_is_weighed_and_the_words_say_so(example: Appraisal) -> None:
    plain = replace(example, money=None, max_regret=0.2, max_shortlist=2).simulate(10_000)
    decision = plain.value_of_information("criterion").decide()
    assert decision.verdict == "trial"
    assert "No cost was weighed" in decision.reasons[-1]
    assert decision.curve["enbs_gbp"].isna().all()


def test_knowing_more_is_worth_more_and_never_more_than_everything(simulation: Simulation) -> None:
    everything = simulation.value_of_information("cell").evpi.set_index("weight_set")
    cells = simulation.value_of_information("cell").by_set
    for by, key in (("criterion", "criterion"), ("option", "option")):
        whole = simulation.value_of_information(by).by_set.set_index([key, "weight_set"])["value"]
        for row in cells.itertuples():
            limit = whole[getattr(row, key), row.weight_set]
            assert row.value <= limit + 0.01
    assert (cells["value"] >= 0).all()
    for name, group in simulation.value_of_information("option").by_set.groupby("weight_set", observed=True):
        assert group["value"].max() <= everything.loc[name, "value"] + 3 * everything.loc[name, "se"]


def test_ways_of_grouping_are_named(simulation: Simulation) -> None:
    with pytest.raises(ValueError, match="'cell', 'criterion', 'option', 'evidence_gap'"):
        simulation.value_of_information("row")
    gaps = simulation.value_of_information("evidence_gap").table
    assert gaps["option"].eq("*").all()
    assert "reach_flat" in set(gaps["criterion"])


def test_facts_and_values_are_told_apart(simulation: Simulation, example: Appraisal) -> None:
    found = simulation.disagreement()
    gap = found.variance.iloc[-1]
    assert gap["subject"] == "gap: zb868 over nbplc"
    assert found.gap_by_criterion["values"].sum() == pytest.approx(gap["values"])
    ranks = found.ranks[found.ranks["rank"] == 1].set_index("weight_set")["option"].to_dict()
    assert ranks == {"panel": "nbplc", "consumer_body": "zb868", "supplier": "nbplc"}
    assert found.assessors.iloc[0][["option", "criterion"]].tolist() == ["bbplc", "capex"]
    alone = example.simulate(2_000, weights="panel").disagreement().variance
    np.testing.assert_allclose(alone["facts_share"], 1)


def test_each_step_tells_its_numbers_with_their_error_and_keeps_its_table(example: Appraisal) -> None:
    stricter = replace(example, max_regret=0.2, max_shortlist=2).simulate(5_000)
    information = stricter.value_of_information("criterion")
    dear = information.decide([replace(example.trials[0], setup=1e9)])
    assert "standard error GBP" in dear.reasons[-1]
    assert "standard error" in dear.reasons[1]
    assert set(dear.tables) == {"gates", "regrets", "evpi", "trials"}
    trial = information.decide()
    assert "no sampling error" in trial.reasons[-2]
    consult = information.decide([])
    assert "%" in consult.reasons[-1]
    assert consult.tables["weights"]["criterion"].iloc[0] in consult.reasons[-1]


def test_without_money_a_trial_that_cannot_win_back_enough_is_not_worth_it(example: Appraisal) -> None:
    plain = replace(example, money=None, max_regret=0.5, max_shortlist=1).simulate(5_000)
    information = plain.value_of_information("criterion")
    house = Trial("houses", "Houses", "reach_house", ("zb868",))
    decision = information.decide([house])
    assert decision.verdict == "not_worth_it"
    assert "No cost was weighed" in decision.reasons[-1]
    assert information.decide([EXPECTED_TRIAL], n=[1]).verdict in ("trial", "consult")


def test_assessors_far_apart_still_make_a_trial(example: Appraisal) -> None:
    cells = [one for one in example.judgements if (one.option, one.criterion) != ("dual", "reach_flat")]
    ends = [Judgement("dual", "reach_flat", name, best=x, low=x, high=x) for name, x in (("p", 0.2), ("q", 1.0))]
    apart = replace(example, judgements=(*cells, *ends)).simulate(1_000)
    curve = apart.value_of_information("criterion").decide().curve
    assert curve["evsi"].notna().all()


def test_a_list_is_searched_among_those_not_beaten_only(simulation: Simulation) -> None:
    found = simulation.shortlist(0.0, 11)
    assert found.max_size == 10
    assert len(found.table) == 2**10 - 1
    assert set(found.table["size"]) == set(range(1, 11))
