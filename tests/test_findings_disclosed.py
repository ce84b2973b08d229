"""Disclosure control of what the pack shows: hidden, rounded, recorded, and said in words."""

from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
from tests.disclosed_pack import find_telling_shares

from smarthan.charts.tabular import csv_text
from smarthan.findings import (
    Finding,
    answer_buildings,
    evidence_of,
    gaps_of,
    missing_of,
    profile_of,
    reach_by_type_of,
    readings_of,
    response_of,
    surveyors_of,
    walls_of,
)
from smarthan.findings.buildings import OTHER_WALLS
from smarthan.findings.disclosed import blunt, coarsen, disclose, is_hidden, say_hidden
from smarthan.findings.reach_types import disclose_types, say_pairs
from smarthan.findings.strata import disclose_strata
from smarthan.trial_data import PublicationRefused, Trial, sample_trial

HOMES = pd.DataFrame(
    {"place": ["indoors", "riser", "basement", "ALL"], "homes": [121, 41, 4, 166], "share": [0.51234, 0.5, 0.25, 0.5]}
)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return sample_trial()


def only(trial: Trial, stratum: str, buildings: int) -> Trial:
    """Return the trial with no more than some buildings of one stratum."""
    table = trial["buildings"]
    gone = table.loc[table["stratum_id"].eq(stratum), "building_id"].iloc[buildings:]
    dwellings = trial["dwellings"]
    return replace(
        trial,
        tables={
            **trial.tables,
            "buildings": table[~table["building_id"].isin(gone)],
            "dwellings": dwellings[~dwellings["building_id"].isin(gone)],
        },
    )


def test_few_are_hidden_with_another_cell_and_the_rest_is_rounded() -> None:
    done = disclose(HOMES, dims=["place"], count="homes", rounded=["homes"], coarse=["share"])
    assert done.table["homes"].tolist() == [120, pd.NA, pd.NA, 165]
    assert done.table["share"].iloc[0] == 0.512
    assert done.table["status"].tolist() == ["shown", "suppressed", "suppressed", "shown"]
    assert done.record["cells_suppressed"] == 2
    assert done.record["narrowest_interval"] == 45
    assert "2 of 4 cells suppressed, each known to no better than a range of 45" in done.note
    assert done.said("place") == " Suppressed: riser and basement."
    assert HOMES["homes"].tolist() == [121, 41, 4, 166]


def test_nothing_hidden_leaves_no_column_of_statuses() -> None:
    done = disclose(HOMES.head(1), dims=["place"], count="homes", rounded=["homes"])
    assert "status" not in done.table
    assert done.table["homes"].tolist() == [120]
    assert done.record["verdict"] == "pass"
    assert say_hidden(done.table, "place") == ""


def test_what_another_table_hides_stays_hidden_here() -> None:
    table = HOMES.assign(homes=[121, 41, 40, 202])
    done = disclose(table, dims=["place"], count="homes", hidden=table["place"].eq("riser"))
    assert done.table.set_index("place")["status"].to_dict() == {
        "indoors": "shown", "riser": "suppressed", "basement": "suppressed", "ALL": "shown",
    }  # fmt: skip


def test_tables_that_stand_apart_are_judged_apart() -> None:
    two = pd.concat([HOMES.assign(link="A"), HOMES.assign(link="B", homes=[121, 41, 40, 202])], ignore_index=True)
    done = disclose(two, dims=["place"], count="homes", by="link")
    assert done.table.groupby("link")["status"].apply(lambda s: s.eq("suppressed").sum()).to_dict() == {"A": 2, "B": 0}
    assert done.record["cells"] == 8


def test_a_table_that_fails_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: Any = SimpleNamespace(verdict="fail", reasons=("1 cell can be worked out",))
    monkeypatch.setattr("smarthan.trial_data.publish", lambda *args, **options: failed)
    with pytest.raises(PublicationRefused, match="can be worked out"):
        disclose(HOMES, dims=["place"], count="homes")


def test_rounding_keeps_what_is_missing() -> None:
    table = coarsen(pd.DataFrame({"n": pd.array([12, None], dtype="Int64"), "s": [0.12345, None]}), rounded=["n"])
    assert table["n"].tolist() == [10, pd.NA]
    assert csv_text(table).splitlines()[1] == "10,0.12345"


def test_no_table_by_type_gives_a_hidden_stratum_away(trial: Trial) -> None:
    strata = disclose_strata(trial)
    hidden = strata.rows.table.loc[is_hidden(strata.rows.table), "building_type"].tolist()
    assert hidden == ["Detached: meter in the home", "Semi-detached: meter in the home"]
    assert strata.archetypes == {"detached", "semi"}
    profile = profile_of(trial).table
    assert profile.loc[is_hidden(profile), "archetype"].tolist() == ["Detached", "Semi-detached"]


def test_a_stratum_of_a_divided_type_takes_the_other_or_its_sum_with_it(trial: Trial) -> None:
    frame = trial["frame"]
    riser = frame.loc[frame["meter_class"].eq("riser"), "stratum_id"].iloc[0]
    strata = disclose_strata(only(trial, riser, 4))
    rows = strata.rows.table
    high = rows["building_type"].str.startswith("High flat")
    assert is_hidden(rows)[high.to_numpy()].all() or "flat_high" in strata.archetypes


def test_one_building_makes_neither_the_least_nor_the_most(trial: Trial) -> None:
    assert not [name for name in profile_of(trial).table if name.endswith(("_least", "_most"))]


def test_a_bar_is_shown_whole_or_not_and_coarser_kinds_stand_in(trial: Trial) -> None:
    table = walls_of(trial).table
    assert table["archetype"].tolist() == ["Houses", "Flats"]
    assert table.drop(columns="archetype").sum(axis=1).tolist() == pytest.approx([1, 1], abs=0.002)
    assert table.columns[-1] == OTHER_WALLS


def test_a_trial_too_small_to_show_anything_says_so(trial: Trial) -> None:
    few = trial["buildings"].head(9)["building_id"]
    tables = {name: trial[name][trial[name]["building_id"].isin(few)] for name in ("buildings", "dwellings")}
    small = replace(trial, tables={**trial.tables, **tables})
    walls = walls_of(small)
    assert is_hidden(walls.table).all()
    assert walls.title == "Too few buildings to show their walls"
    assert walls.disclosure["cells_suppressed"] == walls.disclosure["cells"] == 3 * len(walls.table)
    assert "too few of each were asked" in answer_buildings(small)
    assert "an undisclosed number of buildings" in answer_buildings(small)
    assert is_hidden(profile_of(small).table).all()


@pytest.mark.parametrize("make", [surveyors_of, response_of, missing_of, gaps_of, readings_of])
def test_no_share_gives_back_a_count_that_was_rounded(trial: Trial, make: Callable[[Trial], Finding]) -> None:
    finding = make(trial)
    text = pd.read_csv(StringIO(csv_text(finding.table)), dtype=str, na_filter=False)
    assert find_telling_shares(finding.name, text) == []


@pytest.mark.parametrize(("share", "count"), [(11 / 12, 10), (49 / 60, 60), (281 / 335, 335), (1771 / 2071, 2070)])
def test_a_share_has_as_many_decimals_as_leave_its_count_open(share: float, count: int) -> None:
    exact = pd.DataFrame({"response_rate": [share], "dwellings_eligible": [count]})
    assert len(find_telling_shares("exact", exact.astype("str"))) == 1
    shown = blunt(exact, {"response_rate": "dwellings_eligible"})
    assert find_telling_shares("shown", shown.astype("str")) == []
    assert shown["response_rate"].item() == pytest.approx(share, abs=0.05)


def test_items_missing_are_told_in_words(trial: Trial) -> None:
    finding = gaps_of(trial, most=100)
    assert not finding.table[["table", "column"]].map(lambda words: "_" in words).any(axis=None)
    assert "_" not in finding.title


def test_of_a_surveyor_with_few_buildings_nothing_is_told(trial: Trial) -> None:
    finding = surveyors_of(trial)
    row = finding.table[is_hidden(finding.table)].set_index("surveyor_id").loc["SYN-V0000008"]
    assert row.drop("status").isna().all()
    assert "Suppressed, too few buildings: SYN-V0000009 and SYN-V0000008" in finding.alt


def reach_of(**columns: list[Any]) -> Any:
    """Return what a few homes of three types and all of them say of one technology."""
    table = pd.DataFrame(
        {
            "technology": "zigbee_2g4",
            "archetype": ["semi", "terrace", "flat_high", "ALL"],
            "meter_class": ["in_dwelling", "in_dwelling", "riser", "ALL"],
            "estimate": [0.81234, 0.9, 0.4, 0.7],
            "lower": 0.3,
            "upper": 0.95,
            "model_estimate": 0.75,
            "method": "logit",
            "n": [60, 50, 40, 150],
            "n_psu": [60, 50, 20, 130],
            **columns,
        }
    )
    return SimpleNamespace(table=table, technologies=("zigbee_2g4",), synthetic=True, notes=())


@pytest.mark.parametrize(
    ("columns", "hidden"),
    [
        ({}, 0),
        ({"n": [60, 50, 9, 119]}, 2),
        ({"n_psu": [60, 50, 9, 119]}, 2),
        ({"estimate": [0.8, 0.9, 0.0, 0.7]}, 2),  # nobody of 20 buildings
        ({"estimate": [0.8, 1.0, 0.4, 0.7]}, 0),  # everybody of 50: no small group
    ],
    ids=["enough", "few homes", "few buildings", "0 % of few", "100 % of many"],
)
def test_an_estimate_of_few_is_hidden_with_another(columns: dict[str, list[Any]], hidden: int) -> None:
    done = disclose_types(reach_of(**columns), ["zigbee_2g4"])
    assert is_hidden(done.table).sum() == hidden
    shown = done.table[~is_hidden(done.table)]
    assert shown["n"].mod(5).eq(0).all()
    assert shown["estimate"].round(3).equals(shown["estimate"])
    assert find_telling_shares("types", shown.astype("str"), {"estimate": "n"}) == []


def test_reach_by_type_names_what_is_hidden_and_not_the_hidden_hardest() -> None:
    finding = reach_by_type_of(reach_of(n=[60, 50, 9, 119]), ["zigbee_2g4"])
    assert "High flat" not in finding.title
    assert "Suppressed: for ZigBee 2.4 GHz terraced: meter in the home and high flat (11 or more)" in finding.alt
    assert finding.disclosure["cells_suppressed"] == 2
    nothing = reach_by_type_of(reach_of(n=[6, 5, 4, 15]), ["zigbee_2g4"])
    assert nothing.title == "Too few homes of any type to show"


def test_many_hidden_types_are_counted() -> None:
    types = pd.DataFrame({"technology": "A", "building_type": list("abcde"), "status": "suppressed"})
    assert say_pairs(types) == " Suppressed: for A 5 types."


def test_a_verdict_on_a_hidden_estimate_is_hidden_too(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = reach_of(n_psu=[60, 50, 9, 119])
    judged = reached.table.assign(verdict="fail", buildings_needed=7, note="more than 5 times the present 20 buildings")
    monkeypatch.setattr("smarthan.analysis.evidence_sufficiency", lambda reach, criterion: judged)
    table = evidence_of(reached, ["zigbee_2g4"], 0.95).table
    assert table.loc[is_hidden(table), ["verdict", "estimate", "buildings_needed", "note"]].isna().all(axis=None)
    assert table.loc[~is_hidden(table), "note"].tolist() == ["more than 5 times the present buildings"]
