"""Findings: headline, caption and alternative text say what the table says."""

from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest

from smarthan.analysis import Appraisal, Simulation, sample_appraisal
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import (
    Finding,
    acceptability_of,
    answer_robustness,
    answer_scores,
    candidates_of,
    contributions_of,
    criteria_of,
    gates_of,
    ranking_of,
    reach_by_type_of,
    reasons_of,
    shortlist_of,
    sources_of,
    swings_of,
    switches_of,
)
from smarthan.findings.finding import count, listed, percent


@pytest.fixture(scope="module")
def appraisal() -> Appraisal:
    return sample_appraisal()


@pytest.fixture(scope="module")
def simulation(appraisal: Appraisal) -> Simulation:
    return appraisal.simulate(4096, seed=1)


def problems_of(finding: Finding) -> list[str]:
    """What `show_chart` would refuse in the words of a finding."""
    said: dict[str, Any] = finding.caption if finding.alt else {**finding.table_caption, "alt": ""}
    kind = "chart" if finding.alt else "table"
    facts = Facts(
        kind,
        said["name"],
        said["title"],
        said["subtitle"],
        said["alt"],
        said["source"],
        said["n"],
        said["method"],
        tuple(said["notes"]),
        2,
        True,
    )
    return list(check_facts(facts, finding.table))


def test_every_appraisal_finding_can_be_shown_and_says_synthetic(appraisal: Appraisal, simulation: Simulation) -> None:
    found = [
        criteria_of(appraisal),
        gates_of(appraisal),
        ranking_of(appraisal),
        contributions_of(appraisal),
        acceptability_of(appraisal, simulation),
        switches_of(appraisal),
        swings_of(appraisal),
        shortlist_of(appraisal, simulation),
        reasons_of(appraisal, simulation.value_of_information().decide()),
    ]
    for finding in found:
        assert problems_of(finding) == [], finding.name
        assert finding.table.attrs["synthetic"] is True
    assert len({finding.name for finding in found}) == len(found)


def test_contributions_add_up_to_the_score(appraisal: Appraisal) -> None:
    table = contributions_of(appraisal).table
    totals = table.groupby("option", observed=True)["points"].sum()
    scores = appraisal.score().table.set_index("label")["total"]
    assert totals.to_dict() == pytest.approx(scores[totals.index].to_dict())


def test_the_headline_names_the_leader_and_its_lead(appraisal: Appraisal) -> None:
    ranked = appraisal.score().table.sort_values("rank")
    lead = ranked["total"].iloc[0] - ranked["total"].iloc[1]
    assert contributions_of(appraisal).title == f"{ranked['label'].iloc[0]} leads by {lead:.1f} points"
    assert ranked["label"].iloc[0] in answer_scores(appraisal)


def test_gates_name_who_fails(appraisal: Appraisal) -> None:
    finding = gates_of(appraisal)
    failing = finding.table.loc[finding.table["verdict"].eq("fails"), "option"].unique().tolist()
    assert failing == ["LPWAN"]
    assert "LPWAN" in finding.alt


def test_acceptability_is_sorted_and_each_row_adds_to_one(appraisal: Appraisal, simulation: Simulation) -> None:
    table = acceptability_of(appraisal, simulation).table
    assert table["1"].is_monotonic_decreasing
    assert table.drop(columns=["option", "first_se"]).sum(axis=1).to_list() == pytest.approx([1.0] * len(table))
    assert table["option"].iloc[0] in answer_robustness(appraisal, simulation)


def test_an_option_reaches_where_any_of_its_technologies_does(appraisal: Appraisal, simulation: Simulation) -> None:
    joint = pd.DataFrame(
        {
            "zigbee_2g4": [1, 0, 0, 1],
            "zigbee_sub": [1, 1, 0, pd.NA],
            "nb_plc": [0, 0, 1, 1],
            "weight": [1.0, 2.0, 1.0, 4.0],
        }
    ).astype({"zigbee_sub": "Int64"})
    national = pd.DataFrame(
        {"technology": ["zigbee_2g4", "zigbee_sub", "nb_plc"], "archetype": "ALL", "meter_class": "ALL"}
    ).assign(estimate=[0.7, 0.9, 0.8])
    reached: Any = SimpleNamespace(joint=joint, table=national, synthetic=True)
    decision = simulation.value_of_information().decide()
    table = candidates_of(appraisal, simulation, decision, reached).table.set_index("option")["reach"]
    assert table["ZigBee 2.4 GHz"] == pytest.approx(0.7)  # one technology: the national share itself
    assert table["ZigBee dual-band hub"] == pytest.approx(3 / 4)  # the home with an unknown link is left out
    assert pd.isna(table["Coax (MoCA)"])


def test_reasons_name_options_not_ids(appraisal: Appraisal, simulation: Simulation) -> None:
    reasons = " ".join(reasons_of(appraisal, simulation.value_of_information().decide()).table["reason"])
    assert "ZigBee 868 MHz" in reasons
    assert "zb868" not in reasons


def test_a_technology_nobody_tried_is_refused_by_name() -> None:
    reached: Any = SimpleNamespace(technologies=("zigbee_2g4",), synthetic=True)
    with pytest.raises(ValueError, match="pigeon given; the trial tried zigbee_2g4"):
        reach_by_type_of(reached, ["pigeon"])


def test_sources_count_the_rows_set_aside() -> None:
    sources = pd.DataFrame(
        {
            "input": ["matrix", "appraisal"],
            "file": ["m.parquet", "appraisal"],
            "read": pd.array([10, None], dtype="Int64"),
            "accepted": pd.array([7, None], dtype="Int64"),
            "quarantined": pd.array([3, None], dtype="Int64"),
            "synthetic": ["yes", "not said"],
        }
    )
    assert sources_of(sources).title == "2 inputs; 3 rows quarantined"


@pytest.mark.parametrize(
    ("share", "words"),
    [(0.0, "0.0%"), (1.0, "100%"), (0.99999, "over 99.9%"), (0.00001, "under 0.1%"), (float("nan"), "not known")],
)
def test_shares_never_round_to_all_or_nothing(share: float, words: str) -> None:
    assert percent(share) == words


def test_counts_and_lists_read_as_sentences() -> None:
    assert count(1743449.4) == "1,743,449"
    assert listed(["a", "b"]) == "a and b"
