"""Reach by mounting and by region: what is told of small groups, and how they are shrunk."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_dumbbell, draw_interval_groups, find_chart_problems
from smarthan.charts.bundle import Facts, check_facts
from smarthan.findings import Finding, mounts_of, regions_of
from smarthan.findings.disclosed import is_hidden


def groups_of(names: list[str], **columns: Any) -> pd.DataFrame:
    """Return a table in the form of `reach_by`, of one technology."""
    table = pd.DataFrame(
        {
            "group": names,
            "technology": "zigbee_2g4",
            "archetype": "ALL",
            "estimate": np.linspace(0.9, 0.5, len(names)),
            "lower": 0.45,
            "upper": 0.7,
            "method": "logit",
            "n": 100,
            "n_psu": 60,
            "n_eff": 50.0,
            **columns,
        }
    )
    inner = table.assign(archetype="semi")  # groups come with their building types, which are not shown
    both = pd.concat([table, inner], ignore_index=True)
    both.attrs = {"synthetic": True, "notes": ("Each is a domain of the sample.",)}
    return both


REGIONS = ["Wales", "London", "Scotland", "North East"]


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = finding.caption
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    facts = Facts(kind="chart", notes=tuple(said["notes"]), level=2, synthetic=True, **words)
    return list(check_facts(facts, finding.table))


@pytest.fixture(scope="module")
def regions() -> Finding:
    return regions_of(groups_of(REGIONS))


def test_findings_can_be_shown(regions: Finding) -> None:
    for finding in (regions, mounts_of(groups_of(["hotshoe", "separate", "not known"]))):
        assert problems_of(finding) == []
        assert finding.table.attrs == {"synthetic": True}
        assert set(finding.headings) >= set(finding.table.columns) - {"status"}
        assert finding.disclosure["method"] == "suppress and round"


def test_shrunk_shares_lie_between_the_raw_one_and_the_middle(regions: Finding) -> None:
    table = regions.table
    assert table["raw"].is_monotonic_decreasing
    middle = table["raw"].mean()
    toward = (table["shrunk"] - table["raw"]) * (middle - table["raw"])
    assert (toward >= 0).all()
    assert (table["shrunk"].max() - table["shrunk"].min()) < (table["raw"].max() - table["raw"].min())
    assert regions.title.startswith("Of 40 points between regions,")


def test_a_smaller_sample_is_shrunk_further() -> None:
    table = regions_of(groups_of(REGIONS, n_eff=[5.0, 50.0, 50.0, 50.0])).table.set_index("region")
    equal = regions_of(groups_of(REGIONS)).table.set_index("region")
    assert table.loc["Wales", "raw"] == equal.loc["Wales", "raw"]
    assert table.loc["Wales", "shrunk"] < equal.loc["Wales", "shrunk"]


def test_an_interval_too_wide_to_quote_is_marked() -> None:
    table = regions_of(groups_of(REGIONS, lower=[0.2, 0.45, 0.45, 0.45])).table.set_index("region")
    assert table["quoting"].to_dict()["Wales"] == "too wide to quote by itself"
    assert set(table["quoting"].drop("Wales")) == {"may be quoted"}


def test_regions_of_few_are_hidden_with_another_and_not_fitted() -> None:
    finding = regions_of(groups_of(REGIONS, n=[6, 100, 100, 100], n_psu=[6, 60, 60, 60]))
    hidden = finding.table[is_hidden(finding.table)]
    assert len(hidden) == 2
    assert hidden[["raw", "shrunk", "quoting", "n"]].isna().all(axis=None)
    ax = draw_dumbbell(
        finding.table, label="region", first="raw", second="shrunk", first_label="Raw", second_label="Shrunk"
    )
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize("columns", [{"estimate": 1.0}, {"n_eff": 0.5}, {"estimate": 0.0}], ids=str)
def test_where_nothing_can_be_fitted_raw_shares_stand_alone(columns: dict[str, float]) -> None:
    finding = regions_of(groups_of(REGIONS, **columns))
    assert finding.table["shrunk"].isna().all()
    assert finding.title == "Too few homes to compare regions"
    assert "none fitted" in finding.method
    assert problems_of(finding) == []


def test_regions_that_are_alike_are_shrunk_onto_the_country() -> None:
    table = regions_of(groups_of(REGIONS, estimate=[0.7, 0.7, 0.7, 0.72])).table
    assert table["shrunk"].max() - table["shrunk"].min() < 0.005


def test_mounts_stand_in_words_and_the_unknown_make_no_headline() -> None:
    finding = mounts_of(groups_of(["hotshoe", "separate", "not known"]))
    assert finding.table["mount"].tolist() == ["Hot shoe", "Separate", "Not known"]
    assert finding.title == "ZigBee 2.4 GHz: mounts differ by up to 20 points"
    ax = draw_interval_groups(finding.table, panel="technology", label="mount", share="estimate")
    assert find_chart_problems(ax) == []


def test_no_mount_that_may_be_shown_is_said() -> None:
    finding = mounts_of(groups_of(["hotshoe", "separate"], n=4, n_psu=4))
    assert finding.title == "Too few homes of any mount to show"
    assert problems_of(finding) == []
