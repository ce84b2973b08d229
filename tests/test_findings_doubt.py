"""Facts against values in words; who would change the answer; other methods as a check."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest

from smarthan.analysis import Appraisal, Simulation, sample_appraisal
from smarthan.findings import assessors_of, crosscheck_of, dissent_of, facts_of, leaders_of


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return sample_appraisal()


@pytest.fixture(scope="module")
def simulation(appraisal: Appraisal) -> Simulation:
    return appraisal.simulate(4096, seed=1)


def test_facts_and_values_make_up_the_whole_and_the_lead_stands_first(
    appraisal: Appraisal, simulation: Simulation
) -> None:
    found = facts_of(appraisal, simulation)
    assert (found.table["facts"] + found.table["values"]).to_list() == pytest.approx([1.0] * len(found.table))
    assert found.table["subject"].iloc[0] == "Lead of ZigBee 868 MHz over Narrowband PLC (G3 or PRIME)"
    gap = simulation.disagreement().variance.query("subject.str.startswith('gap')").iloc[0]
    assert found.title == f"{gap['facts_share']:.0%} of doubt about the lead is about facts"
    assert found.table["spread"].iloc[0] == pytest.approx((gap["facts"] + gap["values"]) ** 0.5)


def test_the_leaders_by_set_are_named(appraisal: Appraisal, simulation: Simulation) -> None:
    found = leaders_of(appraisal, simulation)
    assert found.title == (
        "Narrowband PLC (G3 or PRIME) is expected to lead for panel; others would put first: ZigBee 868 MHz "
        "(consumer body)"
    )
    first = found.table.loc[found.table["panel_rank"].eq(1), "option"].tolist()
    assert first == ["Narrowband PLC (G3 or PRIME)"]


def test_who_would_change_the_answer_is_who_has_another_leader(appraisal: Appraisal, simulation: Simulation) -> None:
    found = dissent_of(appraisal, simulation)
    other = found.table["leader"].ne("ZigBee 868 MHz")
    assert found.table["changes"].eq("yes").tolist() == other.tolist()
    assert found.title == "Asked alone, panel and supplier would put another option first than ZigBee 868 MHz"


def test_nobody_changes_an_answer_that_all_share(appraisal: Appraisal) -> None:
    one = replace(appraisal, weight_sets=appraisal.weight_sets[1:2])
    found = dissent_of(one, one.simulate(4096))
    assert found.title == "Nobody asked alone would put another option first than ZigBee 868 MHz"


def test_a_disputed_score_says_who_would_lead_by_each(appraisal: Appraisal, simulation: Simulation) -> None:
    table = assessors_of(appraisal, simulation).table.set_index("cell")
    row = table.loc["Narrowband PLC (G3 or PRIME): Equipment, net present value per premises"]
    assert (row["leader_at_least"], row["leader_at_most"]) == ("ZigBee 868 MHz", "Narrowband PLC (G3 or PRIME)")
    values, weights = appraisal.best_values.copy(), appraisal.weights_of(None)[1]
    values[[o.id for o in appraisal.options].index("nbplc"), 4] = row["most"]
    assert appraisal.options[int((values[:11] @ weights).argmax())].label == row["leader_at_most"]


def test_other_methods_are_compared_with_the_shortlist(appraisal: Appraisal, simulation: Simulation) -> None:
    pytest.importorskip("pymcdm")
    found = crosscheck_of(appraisal, simulation)
    assert found.title == "Other methods: 4 of 6 put an option of the shortlist first"
    assert found.table["on_shortlist"].eq("yes").sum() == 4
    assert "never the answer" in found.method


def test_without_the_library_it_is_said_how_to_get_it(
    appraisal: Appraisal, simulation: Simulation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pymcdm.methods", None)
    assert "pip install 'smarthan[crosscheck]'" in crosscheck_of(appraisal, simulation).missing
