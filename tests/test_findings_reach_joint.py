"""Joint success in words: combinations of few homes are hidden, the rest said."""

from typing import Any

import pytest

from smarthan.analysis import Reach, housing_stock, reach
from smarthan.charts import draw_shares, find_chart_problems
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import Finding, answer_reach, joint_of, national_reach_of, steps_of
from smarthan.findings.disclosed import is_hidden
from smarthan.findings.finding import percent
from smarthan.trial_data import sample_trial


@pytest.fixture(scope="module")
def reached() -> Reach:
    return reach(sample_trial(), housing_stock(), ["zigbee_2g4", "zigbee_sub", "nb_plc"], model=False)


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = finding.caption
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    facts = Facts(kind="chart", notes=tuple(said["notes"]), level=2, synthetic=True, **words)
    return list(check_facts(facts, finding.table))


def test_it_can_be_shown_and_drawn(reached: Reach) -> None:
    finding = joint_of(reached, ["zigbee_2g4", "zigbee_sub", "nb_plc"])
    assert problems_of(finding) == []
    assert finding.table.attrs == {"synthetic": True}
    assert set(finding.headings) >= set(finding.table.columns) - {"status"}
    words = finding.table["reached_by"].tolist()
    assert (len(words), words[0], words[-1]) == (8, "All of these", "None of these")
    assert "ZigBee 868 MHz and Narrowband power line only" in words
    ax = draw_shares(finding.table, label="reached_by", share="share", low="lower", high="upper", decimals=1)
    assert find_chart_problems(ax) == []


def test_combinations_of_few_homes_are_hidden(reached: Reach) -> None:
    finding = joint_of(reached, ["zigbee_2g4", "zigbee_sub", "nb_plc"])
    hidden = finding.table[is_hidden(finding.table)]
    assert len(hidden) >= 1
    assert hidden[["share", "lower", "upper", "homes"]].isna().all(axis=None)
    assert finding.table.loc[~is_hidden(finding.table), "homes"].ge(10).all()


def test_one_technology_is_named_by_itself(reached: Reach) -> None:
    assert joint_of(reached, ["zigbee_2g4"]).table["reached_by"].tolist() == ["ZigBee 2.4 GHz", "None of these"]


def test_the_answer_gives_the_national_share_and_says_whose_the_steps_are(reached: Reach) -> None:
    order = ["zigbee_2g4", "zigbee_sub", "nb_plc"]
    national = national_reach_of(reached).table.set_index("technology").loc["ZigBee 2.4 GHz", "estimate"]
    said = answer_reach(reached, order)
    assert f"ZigBee 2.4 GHz alone reaches **{percent(float(national))}** of homes" in said
    assert "Of homes that answered for each of these" in said
    for finding in (steps_of(reached, order), joint_of(reached, order)):
        assert "homes answering for all" in finding.subtitle
