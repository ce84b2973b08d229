"""How the coverage model fared: what is said is what its tables say."""

from dataclasses import replace
from typing import Any

import pytest

from smarthan.analysis import CoverageModel, coverage_model
from smarthan.charts import draw_reliability, draw_shares, find_chart_problems
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import Finding, answer_links, conformal_of, forecast_scores_of, reliability_of
from smarthan.findings.disclosed import is_hidden
from smarthan.trial_data import sample_trial


@pytest.fixture(scope="module")
def model() -> CoverageModel:
    return coverage_model(sample_trial(), "zigbee_2g4", folds=3)


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = {name: finding.table_caption[name] for name in ("name", "title", "subtitle", "source", "n")}
    kind = "chart" if finding.alt else "table"
    facts = Facts(kind, **said, alt=finding.alt, method=finding.method, notes=finding.notes, level=2, synthetic=True)
    return list(check_facts(facts, finding.table))


def test_findings_can_be_shown_and_say_that_they_are_synthetic(model: CoverageModel) -> None:
    for finding in (reliability_of(model, bins=5), forecast_scores_of([model]), conformal_of(model)):
        assert problems_of(finding) == []
        assert finding.table.attrs == {"synthetic": True}
        assert set(finding.headings) >= set(finding.table.columns) - {"status"}
        assert finding.disclosure["method"] != "none"


def test_every_link_stands_in_one_group_of_forecasts(model: CoverageModel) -> None:
    table = reliability_of(model, bins=5).table
    assert table["forecast"].is_monotonic_increasing
    assert abs(int(table["links"].sum()) - len(model.predictions)) <= 2.5 * len(table)
    assert (table["buildings"] <= table["links"]).all()
    ax = draw_reliability(table, forecast="forecast", observed="observed", low="low", high="high")
    assert find_chart_problems(ax) == []


def test_groups_of_few_links_are_hidden_and_all_hidden_is_said(model: CoverageModel) -> None:
    few = replace(model, predictions=model.predictions.groupby("building_id").head(1).head(40))
    finding = reliability_of(few, bins=8)
    assert is_hidden(finding.table).all()
    assert "All groups are suppressed." in finding.alt
    assert problems_of(finding) == []
    assert [text.get_text() for text in draw_reliability(finding.table, forecast="forecast", observed="observed").texts]


def test_the_parts_of_the_score_add_up_and_the_gap_is_told(model: CoverageModel) -> None:
    finding = forecast_scores_of([model])
    table = finding.table
    whole = table["reliability"] - table["resolution"] + table["uncertainty"] + table["remainder"]
    assert whole.tolist() == pytest.approx(table["brier"].tolist(), abs=3e-4)
    assert table["left_out"].tolist() == ["whole buildings", "whole surveyors", "single links, at random"]
    assert f"{model.leakage_gap:+.4f}" in finding.notes[0]


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (0.031, "A random split would flatter the Brier score by 0.031"),
        (-0.001, "Leaving whole buildings out costs the forecasts nothing"),
    ],
)
def test_the_worst_gap_makes_the_headline(model: CoverageModel, gap: float, said: str) -> None:
    other = replace(model, technology="zigbee_sub", leakage_gap=gap)
    assert forecast_scores_of([replace(model, leakage_gap=-0.002), other]).title == said
    assert said in answer_links([other])


def test_coverage_by_type_is_that_of_the_sets(model: CoverageModel) -> None:
    finding = conformal_of(model)
    known = model.conformal.set_index("kind")["coverage"]
    shown = finding.table[~is_hidden(finding.table)].set_index("building_type")["coverage"]
    assert shown["All homes"] == pytest.approx(known["ALL"], abs=5e-4)
    ax = draw_shares(finding.table, label="building_type", share="coverage", reference=0.9, reference_label="promised")
    assert find_chart_problems(ax) == []


def test_types_of_few_links_are_hidden(model: CoverageModel) -> None:
    sets = model.conformal.assign(n=4, n_buildings=2)
    sets.loc[sets["kind"].eq("ALL"), ["n", "n_buildings"]] = [4 * (len(sets) - 1), 2 * (len(sets) - 1)]
    few = replace(model, conformal=sets)
    finding = conformal_of(few)
    assert is_hidden(finding.table)[:-1].all()
    assert finding.title == "Too few links of any type to show"
    assert "Suppressed: bungalow" in finding.alt


def test_the_answer_says_how_often_a_single_outcome_was_right(model: CoverageModel) -> None:
    sure = model.conformal.set_index("kind").loc["ALL"]
    named = sure["works"] + sure["fails"]
    right = (sure["coverage"] - sure["undecided"]) / named
    assert f"name one outcome for {named:.0%} of links, the right one for **{right:.0%}**" in answer_links([model])
