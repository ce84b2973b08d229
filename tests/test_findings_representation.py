"""How well the sample stands for the stock: headline, caption and alternative text say what the tables say."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest
from tests.disclosed_pack import find_telling_shares

from smarthan.analysis import Reach, housing_stock, reach, reach_without_flagged
from smarthan.charts import draw_funnel
from smarthan.charts.bundle import Facts, check_facts
from smarthan.charts.hiding import without_status
from smarthan.findings import Finding, flagged_of, frame_of, missing_of, readings_of, surveyors_of, weights_of
from smarthan.trial_data import Trial, sample_trial

MADE: dict[str, Callable[[Trial], Finding]] = {
    "frame": lambda trial: frame_of(trial, housing_stock()),
    "missing": missing_of,
    "weights": weights_of,
    "surveyors": surveyors_of,
    "readings": readings_of,
}


@pytest.fixture(scope="module")
def trial() -> Trial:
    return sample_trial()


@pytest.fixture(scope="module")
def reached(trial: Trial) -> Reach:
    return reach(trial, housing_stock(), ["zigbee_2g4", "zigbee_sub"])


def problems_of(finding: Finding) -> list[str]:
    said: dict[str, Any] = {name: finding.table_caption[name] for name in ("name", "title", "subtitle", "source", "n")}
    kind = "chart" if finding.alt else "table"
    facts = Facts(kind, **said, alt=finding.alt, method=finding.method, notes=finding.notes, level=2, synthetic=True)
    return list(check_facts(facts, finding.table))


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
def test_a_finding_keeps_the_rules_and_says_that_it_is_synthetic(
    trial: Trial, make: Callable[[Trial], Finding]
) -> None:
    finding = make(trial)
    assert problems_of(finding) == []
    assert finding.table.attrs == {"synthetic": True}
    assert set(finding.headings) >= set(without_status(finding.table).columns)
    assert finding.disclosure["method"] != "none"


def test_the_stock_that_the_frame_leaves_out_is_told(trial: Trial) -> None:
    finding = frame_of(trial, housing_stock())
    assert "caravan (0.3%)" in finding.notes[0]
    assert finding.title == "Every stratum has a building that answered"


def test_a_stratum_without_an_answer_makes_the_headline(trial: Trial) -> None:
    buildings = trial["buildings"]
    less = replace(trial, tables={**trial.tables, "buildings": buildings[buildings["stratum_id"].ne("SYN-S01")]})
    assert frame_of(less, housing_stock()).title == "1 strata have no building that answered"


def test_the_groups_shown_are_the_furthest_apart(trial: Trial) -> None:
    table = missing_of(trial, most=4).table
    assert len(table) == 4
    assert table["standardised_difference"].is_monotonic_increasing
    assert table["group"].iloc[0] == "Region: Yorkshire and The Humber"


def test_the_funnel_names_whom_to_look_at_and_why(trial: Trial) -> None:
    finding = surveyors_of(trial)
    shown = finding.table[finding.table["status"].eq("shown")]
    marked = shown.loc[shown["is_marked"].astype(bool), "surveyor_id"]
    assert len(marked) > 0
    assert finding.title == f"{len(marked)} of {len(shown)} surveyors shown call for a closer look"
    for name in marked:
        assert f"{name} (hurried visits" in finding.alt
        assert f"{name} (hurried visits" in finding.notes[0]


def test_the_funnel_marks_in_the_picture_whom_the_headline_counts(trial: Trial) -> None:
    finding = surveyors_of(trial)
    ax = draw_funnel(
        finding.table, label="surveyor_id", size="effective_links", difference="difference", se="se", marked="is_marked"
    )
    marked = finding.table.loc[finding.table["is_marked"].fillna(False).astype(bool), "surveyor_id"].tolist()
    assert sorted(text.get_text() for text in ax.texts) == sorted(marked)
    legend = ax.get_legend()
    assert legend is not None
    assert f"{len(marked)} marked" in [text.get_text() for text in legend.get_texts()]


def test_no_share_of_the_funnel_gives_its_counts_back(trial: Trial) -> None:
    table = surveyors_of(trial).table
    shown = table[table["status"].eq("shown")]
    assert find_telling_shares("funnel", shown.astype("str"), {"observed_share": "links"}) == []
    exact = pd.DataFrame({"observed_share": ["0.8388059701"], "links": ["335"]})
    assert len(find_telling_shares("funnel", exact, {"observed_share": "links"})) == 1


def test_an_estimate_that_flagged_rows_move_is_told(trial: Trial, reached: Reach) -> None:
    finding = flagged_of(trial, housing_stock(), reached)
    assert problems_of(finding) == []
    moved = int(finding.table["is_material"].sum())
    none = "Leaving flagged rows out moves no estimate materially"
    assert finding.title == (f"Flagged rows move {moved} of 2 estimates" if moved else none)
    unflagged = flagged_of(replace(trial, notes=trial.notes.iloc[:0]), housing_stock(), reached)
    assert unflagged.title == none
    # Without the readings of one technology no estimate of it is left, which is material.
    readings = trial["measurements"]
    flags = trial.notes[trial.notes["code"].eq("surveyor_constant")]
    gone = readings.loc[readings["technology"].eq("zigbee_2g4"), "measurement_id"]
    notes = flags.iloc[:1].loc[flags.index[:1].repeat(len(gone))].assign(key=gone.to_numpy())
    table = reach_without_flagged(replace(trial, notes=notes), housing_stock(), reached).set_index("technology")
    assert table["is_material"].to_dict() == {"zigbee_2g4": True, "zigbee_sub": False}


def test_nothing_flagged_changes_nothing(trial: Trial, reached: Reach) -> None:
    table = reach_without_flagged(replace(trial, notes=trial.notes.iloc[:0]), housing_stock(), reached)
    assert table["difference"].tolist() == [0.0, 0.0]
    assert not table["is_material"].any()
    assert table.attrs["synthetic"] is True
