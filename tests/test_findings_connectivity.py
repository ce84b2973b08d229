"""The map of WAN and HAN together: a caption that can be shown, figures that add up, and a picture."""

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smarthan.analysis import Connectivity, connectivity, housing_stock, reach
from smarthan.charts import draw_area_map, draw_contributions, find_chart_problems
from smarthan.charts.bundle import Facts, check_facts
from smarthan.coverage import boundaries, sample_matrix
from smarthan.findings import Finding, answer_connectivity, classes_of, connectivity_map_of, states_of
from smarthan.findings.connectivity import _widest
from smarthan.findings.finding import percent
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
    shade: Any = classes_of(finding.table["both"])
    ax = draw_area_map(
        finding.table,
        boundaries("region"),
        key="area",
        value="both",
        shape_key="name",
        **shade,
    )
    legend = ax.get_legend()
    assert legend is not None
    keys = [text.get_text() for text in legend.get_texts()]
    assert set(shade["classes"]) <= set(keys)
    assert "Not known" not in keys


def test_countries_have_their_names(found: Connectivity) -> None:
    stock = housing_stock()
    nations = connectivity(sample_matrix(), reach(sample_trial(), stock, ["zigbee_sub"]), stock, by="country")
    table = connectivity_map_of(nations, sample_matrix()).table
    assert set(table["area"]) == {"England", "Scotland", "Wales"} <= set(boundaries("country")["name"])


@pytest.mark.parametrize(
    ("shares", "breaks"),
    [
        ([0.959, 0.99], (0.96, 0.97, 0.98, 0.99)),
        ([0.1, 0.9], (0.2, 0.4, 0.6, 0.8)),
        ([0.9801, 0.9832], (0.981, 0.982, 0.983)),
        ([0.0, 1.0], None),
        ([0.5, 0.5], (0.5,)),
        ([1.0], (1.0,)),
    ],
    ids=["narrow", "wide", "very narrow", "whole range", "alike", "all"],
)
def test_the_classes_span_the_range_of_the_shares(shares: list[float], breaks: tuple[float, ...] | None) -> None:
    found = classes_of(pd.Series(shares))
    assert 2 <= len(found["classes"]) <= 5
    assert len(found["breaks"]) == len(found["classes"]) - 1
    if breaks is not None:
        assert found["breaks"] == breaks


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_classes_always_fit_a_map_and_tell_shares_apart(shares: list[float]) -> None:
    found: Any = classes_of(pd.Series(shares))
    assert 2 <= len(found["classes"]) <= 5
    assert list(found["breaks"]) == sorted(set(found["breaks"]))
    if max(shares) - min(shares) > 0.002:
        assert min(shares) < found["breaks"][-1] <= max(shares) + 1e-8


def test_no_share_gives_no_classes() -> None:
    with pytest.raises(ValueError, match="none is known"):
        classes_of(pd.Series([None], dtype="Float64"))


def test_what_each_area_lacks_adds_to_what_is_not_both(found: Connectivity) -> None:
    finding = states_of(found, sample_matrix())
    lacking = finding.table.groupby("area", sort=False)["share_pct"].sum()
    both = found.table[found.table["state"].eq("both")].set_index("region")["share"].rename({"ALL": "All areas"})
    assert lacking.to_dict() == pytest.approx((100 * (1 - both[lacking.index])).to_dict(), abs=0.02)
    assert lacking.index[-1] == "All areas"
    assert lacking.iloc[:-1].is_monotonic_decreasing
    assert set(finding.headings) == set(finding.table.columns)
    ax = draw_contributions(finding.table, option="area", group="state", contribution="share_pct", decimals=1)
    assert find_chart_problems(ax) == []


def test_an_area_without_a_figure_is_named_and_not_drawn(found: Connectivity) -> None:
    gone = found.table["region"].eq("Wales")
    table = found.table.assign(share=found.table["share"].mask(gone))
    finding = states_of(replace(found, table=table), sample_matrix())
    assert "Wales" not in set(finding.table["area"])
    assert finding.notes[-1] == "Without a figure: Wales."


def test_the_answer_tells_the_bounds_whatever_the_dependence(found: Connectivity) -> None:
    both = found.table[found.table["region"].eq("ALL") & found.table["state"].eq("both")].iloc[0]
    said = answer_connectivity(found)
    for share in (both["share"], both["least"], both["most"]):
        assert percent(share) in said
    assert "HAN: any of ZigBee 2.4 GHz and ZigBee 868 MHz reaches the home." in said
    assert "At the estimated reach, whatever their dependence" in said


def test_the_widest_range_holds_the_interval_and_the_bounds(found: Connectivity) -> None:
    both = found.table[found.table["region"].eq("ALL") & found.table["state"].eq("both")].iloc[0]
    low, high = _widest(found)
    assert low <= min(both["lower"], both["least"])
    assert high >= max(both["upper"], both["most"])
    assert f"from {percent(low)} to {percent(high)}" in answer_connectivity(found)


def test_notes_name_technologies_in_words_and_no_column(found: Connectivity, finding: Finding) -> None:
    for said in (finding.notes, states_of(found, sample_matrix()).notes):
        assert not any(word in note for note in said for word in ("zigbee_", "_unknown"))
        assert any("ZigBee 868 MHz" in note for note in said)
