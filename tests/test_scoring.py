"""Totals, ranks, contributions, gates and switching values of the example, to its printed digits."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import Appraisal, read_appraisal

CASES = Path(__file__).parent / "data" / "cases" / "scoring"
EXPECTED = json.loads((CASES / "example_appraisal" / "expected.json").read_text())["exact"]
SETS = ["panel", "consumer_body", "supplier"]


@pytest.fixture(scope="module")
def example() -> Appraisal:
    return read_appraisal(CASES / "example_appraisal")


def write_plain(folder: Path, values: dict[str, list[float]], gates: dict[str, str], swings: list[float]) -> Path:
    """Write an appraisal whose scores are points from 0 to 100 already."""
    names = [f"c{place}" for place in range(len(swings))]
    options = "".join(f'  {{id = "{name.lower()}", label = "{name}"}},\n' for name in values)
    criteria = "".join(
        f'  {{id = "{name}", label = "{name}", unit = "points", better = "high", range = [0, 100]}},\n'
        for name in names
    )
    (folder / "appraisal.toml").write_text(
        'format = "smarthan-appraisal/1"\nid = "plain"\ntitle = "Plain"\nstatus = "draft"\nsynthetic = true\n'
        f'decision = "Which?"\nbaseline = "{next(iter(values)).lower()}"\nas_of = 2026-01-01\n'
        f'options = [\n{options}]\ngates = [{{id = "security", label = "Security"}}]\ncriteria = [\n{criteria}]\n'
    )
    rows = [
        f"{o.lower()},{name},panel,,{x},{x},{x}\n"
        for o, row in values.items()
        for name, x in zip(names, row, strict=True)
    ]
    rows += [f"{o.lower()},security,panel,{'no' if o in gates else 'yes'},,,\n" for o in values]
    (folder / "scores.csv").write_text("option,criterion,assessor,level,best,low,high\n" + "".join(rows))
    weights = [f"panel,{name},{swing}\n" for name, swing in zip(names, swings, strict=True)]
    (folder / "weights.csv").write_text("assessor,criterion,swing\n" + "".join(weights))
    (folder / "evidence.csv").write_text("id,title,kind,date,quality\nE1,Made,claim,2026-01-01,low\n")
    return folder


@pytest.mark.parametrize("name", SETS)
def test_weights_totals_and_ranking_are_those_expected(example: Appraisal, name: str) -> None:
    score = example.score(name)
    np.testing.assert_allclose(score.weights, list(EXPECTED["weights"][name].values()), atol=1e-6)
    totals = score.table.set_index("option")["total"]
    for option, total in EXPECTED["total"][name].items():
        assert totals[option] == pytest.approx(total, abs=EXPECTED["tolerance"])
    ranked = score.table[score.table["rank"].notna()]
    assert ranked["option"].tolist() == EXPECTED["ranking"][name]
    assert ranked["rank"].tolist() == list(range(1, 12))


def test_the_table_shows_gates_dominance_and_missing_scores(example: Appraisal) -> None:
    table = example.score().table
    expected = ["option", "label", "total", "rank", "gate", "gate_reason", "dominated_by", "missing_weight"]
    assert list(table) == expected
    row = table.set_index("option").loc["lpwan"]
    assert (row["gate"], pd.isna(row["rank"])) == ("no", True)
    assert "end to end: fails, duty cycle and downlink" in row["gate_reason"]
    assert row["missing_weight"] == pytest.approx(EXPECTED["weights"]["panel"]["reach_flat"], abs=1e-6)
    assert table.set_index("option")["dominated_by"].to_dict()["moca"] == "bbplc"
    assert table["missing_weight"].iloc[:-1].eq(0).all()


def test_contributions_add_up_to_the_totals(example: Appraisal) -> None:
    score = example.score("supplier")
    parts = score.contributions()
    assert len(parts) == 12 * 16
    sums = parts.groupby("option", observed=True)["contribution"].sum()
    np.testing.assert_allclose(sums[score.table["option"]], score.table["total"], atol=1e-9)
    np.testing.assert_allclose(parts["contribution"], parts["weight"] * parts["value"])


def test_no_weights_named_means_the_panel_and_mean_is_the_mean(example: Appraisal) -> None:
    assert example.score().weights_name == "panel"
    mean = example.score("mean").table.set_index("option")["total"]
    each = [example.score(name).table.set_index("option")["total"] for name in SETS]
    np.testing.assert_allclose(mean, sum(each)[mean.index] / 3, atol=1e-9)
    mapped = example.score({"capex": 2, "reach_flat": 2})
    assert mapped.weights[["capex", "reach_flat"]].tolist() == [0.5, 0.5]


def test_switching_weights_are_those_expected(example: Appraisal) -> None:
    table = example.switching_values("panel").set_index("criterion")
    assert table.attrs["leader"] == EXPECTED["leader_panel"]
    assert table.attrs["gap"] == pytest.approx(EXPECTED["gap_panel"], abs=1e-3)
    for criterion, case in EXPECTED["weight_switch_panel"].items():
        row = table.loc[criterion]
        assert row["weight"] == pytest.approx(case["weight"], abs=1e-6)
        for side in ("below", "above"):
            weight, option = case.get(side, (np.nan, ""))
            assert row[f"{side}_weight"] == pytest.approx(weight, abs=1e-6, nan_ok=True)
            assert row[f"{side}_option"] == option
    for criterion, points in EXPECTED["score_switch_panel"].items():
        assert table.loc[criterion, "points_to_lose"] == pytest.approx(points, abs=1e-3)
    assert "no weight changes the leader" in table.loc["install", "says"]


def test_a_switching_score_is_worth_exactly_the_points_to_lose(example: Appraisal) -> None:
    table = example.switching_values("panel").set_index("criterion")
    capex = next(criterion for criterion in example.criteria if criterion.id == "capex")
    lost = capex.value_of(20.5) - capex.value_of(table.loc["capex", "switch_score"])
    assert lost == pytest.approx(table.loc["capex", "points_to_lose"])
    assert table.loc["maturity", "switch_score"] == "laboratory"


def test_the_tornado_moves_one_cell_at_a_time(example: Appraisal) -> None:
    table = example.tornado("panel")
    row = table[(table["option"] == "zb868") & (table["criterion"] == "power")].iloc[0]
    # Standing power .5 W, medium confidence: .15 x 4 W either way, cut at 0; 25 points a watt; weight 15/610.
    lead, weight = EXPECTED["gap_panel"], 15 / 610
    assert row["lead_at_low"] == pytest.approx(lead + weight * 12.5, abs=1e-3)
    assert row["lead_at_high"] == pytest.approx(lead - weight * 15, abs=1e-3)
    assert table["swing"].is_monotonic_decreasing


def test_dominance_and_gates(tmp_path: Path) -> None:
    case = json.loads((CASES / "dominance_and_gates.json").read_text())
    values = case["inputs"]["values"]
    appraisal = read_appraisal(write_plain(tmp_path, values, case["inputs"]["gates"], [1, 1, 1]))
    pairs = appraisal.dominance()
    for relation, key in (("dominates", "dominates"), ("equal", "equal")):
        found = pairs[pairs["relation"] == relation][["option", "over"]].values.tolist()
        assert found == [[a.lower(), b.lower()] for a, b in case["expected"][key]]
    table = appraisal.score().table
    assert table[table["rank"].notna()]["option"].str.upper().tolist() == case["expected"]["ranked"]
    assert table[table["gate"] == "no"]["option"].str.upper().tolist() == case["expected"]["excluded"]
    assert len(table) == 4


def test_swing_weights_additive(tmp_path: Path) -> None:
    case = json.loads((CASES / "swing_weights_additive.json").read_text())
    points = list(case["inputs"]["swing_points"].values())
    appraisal = read_appraisal(write_plain(tmp_path, case["inputs"]["values"], {}, points))
    totals = appraisal.score().table.set_index("option")["total"]
    for option, total in case["expected"]["total"].items():
        assert totals[option.lower()] == pytest.approx(total, abs=1e-9)


def test_a_further_option_or_another_order_reorders_nobody(tmp_path: Path) -> None:
    rng = np.random.default_rng(5)
    for number in range(5):
        values = {name: rng.integers(0, 101, 4).tolist() for name in "ABCDE"}
        folder = tmp_path / str(number)
        folder.mkdir()
        before = read_appraisal(write_plain(folder, values, {}, [4, 3, 2, 1])).score().table
        fewer = {name: values[name] for name in "DBCA"}
        after = read_appraisal(write_plain(folder, fewer, {}, [4, 3, 2, 1])).score().table
        totals = before.set_index("option")["total"]
        np.testing.assert_allclose(after["total"], totals[after["option"]])
        assert after["option"].tolist() == [option for option in before["option"] if option != "e"]


def test_displays_name_the_weights_and_say_synthetic(example: Appraisal) -> None:
    shown = example.score("supplier")._repr_html_()
    assert "weights of supplier · synthetic" in shown
    assert "<table" in shown


def test_scores_level_but_for_rounding_share_a_rank(tmp_path: Path) -> None:
    values = {"A": [30.0, 30.0, 30.0], "B": [10.0, 20.0, 60.0], "C": [0.0, 0.0, 90.0], "D": [0.0, 0.0, 0.0]}
    table = read_appraisal(write_plain(tmp_path, values, {}, [1, 1, 1])).score().table
    assert table["option"].tolist() == ["a", "b", "c", "d"]
    assert table["rank"].tolist() == [1, 1, 1, 4]


def test_nothing_switches_where_one_option_is_left(tmp_path: Path) -> None:
    appraisal = read_appraisal(write_plain(tmp_path, {"A": [1, 2], "B": [3, 4]}, {"B": "no"}, [1, 1]))
    with pytest.raises(ValueError, match="fewer than two options pass the gates"):
        appraisal.switching_values()
    assert appraisal.score().leader == "a"
    alone = appraisal.simulate(100)
    assert alone.rank_acceptability()["share"].tolist() == [1]
    assert alone.shortlist(0.0, 3).options == ("a",)


def test_a_level_stretch_of_a_value_switches_at_its_near_end() -> None:
    from smarthan.analysis.appraisal.parts import Criterion
    from smarthan.analysis.scoring.switching import _switch_score

    dear = Criterion("x", "X", better="low", xs=(0.0, 20.0, 60.0, 100.0), ys=(100.0, 40.0, 40.0, 0.0))
    slow = Criterion("x", "X", xs=(0.0, 20.0, 60.0, 100.0), ys=(0.0, 40.0, 40.0, 100.0))
    assert (_switch_score(dear, 40.0), _switch_score(slow, 40.0)) == (20, 60)
    assert (_switch_score(dear, 10.0), _switch_score(slow, 10.0)) == (90, 5)
    assert _switch_score(dear, -1.0) == "not possible within the range"
