"""The appraisal summary table: what the files hold, what a simulation adds, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis import sample_appraisal


def test_the_files_alone_give_gates_cost_scores_and_doubt(tmp_path: Path) -> None:
    summary = read_small(tmp_path).summary_table()
    wide = summary.wide().set_index("Option")
    assert wide.index.tolist() == ["Option A", "Option B", "Option C"]
    assert wide.loc["Option A", "Advice"] == "in the running (the do-minimum)"
    assert wide.loc["Option B", "Cost"] == "40 GBP"
    assert wide.loc["Option B", "Must-haves"] == "Is safe: not known (chance 0.75)"
    assert wide.loc["Option A", "Points"] == "80.0"
    assert wide.loc["Option A", "5 to 95 % of draws"] == "not simulated"
    assert "Reach (no score)" in wide.loc["Option C", "Main doubt"]
    performance = summary.performance().set_index("Criterion")
    assert performance.loc["Reach"].tolist() == ["60%", "90%", "no score"]
    assert performance.loc["Ease"].tolist() == ["easy", "easy", "hard work"]
    assert summary.table.attrs["synthetic"]


def test_a_simulation_and_a_decision_fill_their_columns() -> None:
    appraisal = sample_appraisal()
    simulation = appraisal.simulate(4_000)
    summary = appraisal.summary_table(simulation, simulation.value_of_information("criterion").decide(n=[60]))
    wide = summary.wide().set_index("Option")
    assert wide.loc["ZigBee 868 MHz", "Advice"] == "shortlist"
    assert wide.loc["LPWAN", ["Advice", "Rank", "First in draws"]].tolist() == [
        "out at a must-have",
        "out",
        "has no rank",
    ]
    assert "standard error" in wide.loc["ZigBee 868 MHz", "First in draws"]
    tidy = summary.table.set_index(["option", "part"])["value"]
    low, total, high = (tidy["zb868", part] for part in ("low", "total", "high"))
    assert low < total < high
    assert tidy["zb868", "first"] == pytest.approx(0.33, abs=0.03)
    gates = summary.table[summary.table["part"].eq("gate") & summary.table["option"].eq("lpwan")]
    assert gates["says"].tolist() == ["fails", "passes", "passes", "passes"]


def test_without_a_money_criterion_no_cost_is_made_up(tmp_path: Path) -> None:
    plain = read_small(tmp_path, ('[money]\ncriterion = "cost"\npremises = 1000\n', ""))
    assert set(plain.summary_table().wide()["Cost"]) == {"no cost criterion is named"}


def test_labels_alike_keep_their_ids(tmp_path: Path) -> None:
    twins = read_small(tmp_path, ('label = "Option B"', 'label = "Option A"'))
    assert twins.summary_table().wide()["Option"].tolist() == ["Option A (a)", "Option A (b)", "Option C"]


def test_a_sure_option_has_no_doubt(tmp_path: Path) -> None:
    sure = read_small(
        tmp_path,
        ("a,cost,x,,20,10,40,triangular", "a,cost,x,,20,20,20,triangular"),
        ("a,reach,x,,0.6,0.5,0.7,uniform", "a,reach,x,,0.6,0.6,0.6,uniform"),
        ("[money]", "[confidence]\nhigh = 0.0\n[money]"),
    )
    assert sure.summary_table().wide()["Main doubt"].iloc[0] == "no score is in doubt"


def test_it_reads_well_in_a_terminal_and_in_a_notebook(tmp_path: Path) -> None:
    summary = read_small(tmp_path).summary_table(weights="two")
    assert str(summary).startswith("Appraisal summary table, weights of two")
    assert summary._repr_html_().count("<caption>") == 2
