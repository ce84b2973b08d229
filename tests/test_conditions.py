"""What would have to be true: each condition, carried out, does what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.tiny_appraisal import read_small

from smarthan.analysis import Appraisal, Conditions, sample_appraisal


@pytest.fixture(scope="module")
def sample() -> Appraisal:
    return sample_appraisal()


@pytest.fixture(scope="module")
def found(sample: Appraisal) -> Conditions:
    return sample.what_would_have_to_be_true()


def row_of(found: Conditions, option: str, way: str, goal: str):  # type: ignore[no-untyped-def]
    table = found.table
    return table[table["option"].eq(option) & table["way"].eq(way) & table["goal"].eq(goal)].iloc[0]


def test_every_option_off_the_shortlist_is_asked(sample: Appraisal, found: Conditions) -> None:
    assert found.shortlist == ("zb868", "nbplc", "dual", "bbplc")
    assert set(found.table["option"]) == {o.id for o in sample.options} - set(found.shortlist)
    assert found.table.attrs["synthetic"]


@pytest.mark.parametrize("option", ["rep", "eth", "tp", "zb24", "wmbus"])
def test_the_weight_said_makes_the_option_lead(sample: Appraisal, found: Conditions, option: str) -> None:
    row = row_of(found, option, "weight", "lead")
    weights = dict(zip([c.id for c in sample.criteria], sample.weights_of("panel")[1], strict=True))
    rest = 1 - weights[row["item"]]
    moved = {name: share / rest * (1 - row["needed"]) for name, share in weights.items()} | {row["item"]: row["needed"]}
    totals = sample.score(moved).table.set_index("option")["total"].drop("lpwan")
    assert totals[option] == pytest.approx(totals.max(), abs=1e-6)
    assert row["change"] == pytest.approx(row["needed"] - row["now"])


def test_a_criterion_that_must_hold_nearly_all_weight_is_no_way(found: Conditions) -> None:
    rows = found.table[found.table["way"].eq("weight")].dropna(subset="needed")
    assert rows["possible"].tolist() == rows["needed"].le(0.9).tolist()
    assert rows.loc[~rows["possible"], "says"].str.contains("not in practice, for above 90%").all()
    assert not rows["possible"].all()


@pytest.mark.parametrize("option", ["rep", "eth", "wmbus"])
def test_the_score_said_makes_the_option_level(sample: Appraisal, found: Conditions, option: str) -> None:
    row = row_of(found, option, "score", "lead")
    criterion = next(c for c in sample.criteria if c.id == row["item"])
    place = sample.options.index(next(o for o in sample.options if o.id == option))
    column = sample.criteria.index(criterion)
    values = sample.best_values.copy()
    values[place, column] = criterion.value_of(row["needed"])
    totals = values @ sample.weights_of("panel")[1]
    assert totals[place] == pytest.approx(sample.score().table["total"].max(), abs=1e-6)


def test_an_option_that_is_dominated_hears_by_whom(found: Conditions) -> None:
    row = row_of(found, "moca", "weight", "lead")
    assert not row["possible"]
    assert "never better than Broadband PLC" in row["says"]


def test_an_option_that_is_out_hears_of_its_must_have_first(found: Conditions) -> None:
    rows = found.table[found.table["option"].eq("lpwan")]
    assert rows["way"].iloc[0] == "gate"
    assert not rows["possible"].iloc[0]
    assert "fails for certain (duty cycle and downlink)" in rows["says"].iloc[0]
    assert "chance is 0.5" in row_of(found, "wmbus", "gate", "be sure of its place")["says"]


def test_distances_are_those_of_the_scores(sample: Appraisal, found: Conditions) -> None:
    far = found.distances().set_index("option")
    total = sample.score().table.set_index("option")["total"]
    assert far.loc["eth", "lead"] == pytest.approx(total["zb868"] - total["eth"])
    assert far.loc["eth", "shortlist"] == pytest.approx(total["bbplc"] - total["eth"])


def test_the_draws_are_told_with_their_error(sample: Appraisal) -> None:
    simulation = sample.simulate(4_000)
    decision = simulation.value_of_information("criterion").decide(n=[60])
    found = sample.what_would_have_to_be_true(simulation, decision)
    assert found.shortlist == decision.shortlist
    says = row_of(found, "rep", "draws", "lead")["says"]
    assert "standard error" in says
    assert "more than on average" in says


def test_an_option_that_scores_best_and_is_not_chosen_hears_why(tmp_path: Path) -> None:
    appraisal = read_small(tmp_path)
    decision = appraisal.simulate(2_000).value_of_information("criterion").decide()
    assert decision.shortlist == ("b",)
    found = appraisal.what_would_have_to_be_true(decision)
    assert "leads already" in row_of(found, "a", "score", "lead")["says"]
    assert found.distances().set_index("option").loc["a", "lead"] == 0


def test_an_option_among_the_first_that_the_rule_left_out_hears_so(sample: Appraisal) -> None:
    decision = sample.simulate(2_000).value_of_information("criterion").decide(n=[60])
    found = sample.what_would_have_to_be_true(replace(decision, shortlist=("zb868", "dual", "bbplc")))
    assert "stands among the first 3 already" in row_of(found, "nbplc", "score", "shortlist")["says"]
    assert found.distances().set_index("option").loc["nbplc", "shortlist"] == 0


def test_words_and_missing_scores_are_spelt_out(tmp_path: Path) -> None:
    # c: ease is worth a quarter; with 57.5 points short no score alone can do it, under other weights ease can.
    found = read_small(tmp_path).what_would_have_to_be_true(weights={"ease": 0.9, "reach": 0.1})
    row = row_of(found, "c", "score", "lead")
    assert not row["possible"]
    near = read_small(tmp_path / "2", ("c,cost,x,,80,70,90", "c,cost,x,,20,20,20"))
    row = row_of(near.what_would_have_to_be_true(weights={"cost": 0.5, "ease": 0.5}), "c", "score", "lead")
    assert "Ease would have to be easy instead of hard work" in row["says"]
    assert np.isnan(row["needed"])


def test_a_list_as_long_as_the_options_leaves_nobody_to_ask(tmp_path: Path) -> None:
    found = read_small(tmp_path, ("max_shortlist = 1", "max_shortlist = 3")).what_would_have_to_be_true()
    assert not len(found.table)
    assert not len(found.distances())


def test_it_reads_well_in_a_terminal_and_in_a_notebook(found: Conditions) -> None:
    assert "ZigBee 2.4 GHz with repeater\n  to shortlist, by weight: Fit with the communications hub" in repr(found)
    assert found._repr_html_().count("<table>") == 1
