"""Which interval and why."""

from typing import Any

import pytest

from smarthan.analysis import Reach, housing_stock, reach
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import Finding, intervals_of
from smarthan.trial_data import sample_trial


@pytest.fixture(scope="module")
def reached() -> Reach:
    return reach(sample_trial(), housing_stock(), ["zigbee_2g4", "nb_plc"], model=False)


@pytest.fixture(scope="module")
def finding(reached: Reach) -> Finding:
    return intervals_of(reached)


def test_it_can_be_shown(finding: Finding) -> None:
    said: dict[str, Any] = {name: finding.table_caption[name] for name in ("name", "title", "subtitle", "source", "n")}
    facts = Facts("table", **said, alt="", method=finding.method, notes=finding.notes, level=2, synthetic=True)
    assert list(check_facts(facts, finding.table)) == []
    assert finding.table.attrs == {"synthetic": True}
    assert set(finding.headings) == set(finding.table.columns)
    assert "docs/recovery.md" in finding.notes[0]


def test_the_interval_picked_is_that_of_the_reach_and_its_reason_fits(finding: Finding, reached: Reach) -> None:
    national = reached.table[reached.table["archetype"].eq("ALL")].reset_index(drop=True)
    for end, column in (("low", "lower"), ("high", "upper")):
        assert finding.table[end].tolist() == pytest.approx(national[column].tolist(), abs=5e-4)
    words = {"korn_graubard": "Korn-Graubard", "logit": "logit (t)"}
    assert finding.table["picked"].tolist() == [words[name] for name in national["method"]]
    for row in finding.table.itertuples():
        assert row.why.startswith("a stratum is thin") == (row.picked == "Korn-Graubard")
    counts = finding.table["picked"].value_counts()
    assert all(f"{name} for {number}" in finding.title for name, number in counts.items())


def test_every_interval_on_offer_holds_the_share(finding: Finding) -> None:
    table = finding.table
    for method in ("logit", "korn_graubard", "linear"):
        assert (table[f"{method}_low"] <= table["estimate"]).all()
        assert (table[f"{method}_high"] >= table["estimate"]).all()


def test_a_share_of_all_or_none_has_no_logit_interval(reached: Reach) -> None:
    from dataclasses import replace

    key = ("zigbee_2g4", "ALL", "ALL")
    whole = replace(reached.estimates[key], value=1.0, se=0.0, method="korn_graubard")
    table = intervals_of(replace(reached, estimates={**reached.estimates, key: whole})).table
    assert table.loc[0, ["logit_low", "logit_high"]].isna().all()
    assert table.loc[0, "low"] < 1


def test_a_share_without_an_interval_says_so(reached: Reach) -> None:
    from dataclasses import replace

    key = ("zigbee_2g4", "ALL", "ALL")
    alone = replace(reached.estimates[key], se=float("nan"), note="one building")
    row = intervals_of(replace(reached, estimates={**reached.estimates, key: alone})).table.iloc[0]
    assert (row["picked"], row["why"]) == ("none", "no interval can be had")
