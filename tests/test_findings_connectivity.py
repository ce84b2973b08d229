"""The map of WAN and HAN together: a caption that can be shown, figures that add up, and a picture."""

from typing import Any

import pytest

from smarthan.analysis import Connectivity, connectivity, housing_stock, reach
from smarthan.charts import draw_area_map
from smarthan.charts.bundle import Facts, check_facts
from smarthan.coverage import boundaries, sample_matrix
from smarthan.findings import BOTH_BREAKS, BOTH_CLASSES, Finding, connectivity_map_of
from smarthan.trial_data import sample_trial


@pytest.fixture(scope="module")
def found() -> Connectivity:
    stock = housing_stock()
    return connectivity(sample_matrix(), reach(sample_trial(), stock, ["zigbee_2g4", "zigbee_sub"]), stock)


@pytest.fixture(scope="module")
def finding(found: Connectivity) -> Finding:
    return connectivity_map_of(found, sample_matrix())


def test_it_can_be_shown_and_says_what_it_assumes(finding: Finding) -> None:
    said: dict[str, Any] = finding.caption
    words = {name: said[name] for name in ("name", "title", "subtitle", "alt", "source", "n", "method")}
    facts = Facts(kind="chart", notes=tuple(said["notes"]), level=2, synthetic=True, **words)
    assert list(check_facts(facts, finding.table)) == []
    assert finding.table.attrs["synthetic"] is True
    assert any("independent" in note for note in finding.notes)
    assert [line.split(" ")[0] for line in finding.notes[-3:]] == ["Contains", "Contains", "Source:"]
    assert set(finding.headings) == set(finding.table.columns)


def test_its_shares_add_to_one_and_are_those_of_the_table(finding: Finding, found: Connectivity) -> None:
    table = finding.table
    assert table[["both", "wan_only", "han_only", "neither"]].sum(axis=1).tolist() == pytest.approx([1.0] * len(table))
    assert len(table) == len(found.areas) - 1
    assert table["both"].is_monotonic_increasing
    lowest = table.iloc[0]
    rows = found.table[found.table["region"].eq(lowest["area"]) & found.table["state"].eq("both")]
    assert lowest["both"] == rows["share"].item()


def test_it_is_drawn_over_the_regions(finding: Finding) -> None:
    ax = draw_area_map(
        finding.table,
        boundaries("region"),
        key="area",
        value="both",
        shape_key="name",
        classes=BOTH_CLASSES,
        breaks=BOTH_BREAKS,
    )
    legend = ax.get_legend()
    assert legend is not None
    keys = [text.get_text() for text in legend.get_texts()]
    assert set(BOTH_CLASSES) <= set(keys)
    assert "Not known" not in keys


def test_countries_have_their_names(found: Connectivity) -> None:
    stock = housing_stock()
    nations = connectivity(sample_matrix(), reach(sample_trial(), stock, ["zigbee_sub"]), stock, by="country")
    table = connectivity_map_of(nations, sample_matrix()).table
    assert set(table["area"]) == {"England", "Scotland", "Wales"} <= set(boundaries("country")["name"])
