"""The trial's reach beside the scores: ranges against intervals, what would follow, and what may not be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.analysis import Reach, housing_stock, reach, sample_appraisal
from smarthan.findings import measured_of
from smarthan.findings.measured import feed
from smarthan.trial_data import sample_trial

APPRAISAL = sample_appraisal()
TYPES = {"reach_house": "detached, semi, terrace, bungalow", "reach_flat": "flat_converted, flat_low, flat_tower"}


@pytest.fixture(scope="module")
def reached() -> Reach:
    return reach(sample_trial(), housing_stock(), model=False)


@pytest.fixture(scope="module")
def table(reached: Reach) -> pd.DataFrame:
    return measured_of(APPRAISAL, reached, TYPES).table


def test_each_option_whose_technologies_were_all_tried_has_a_row_a_criterion(
    reached: Reach, table: pd.DataFrame
) -> None:
    tried = [one.label for one in APPRAISAL.options if one.trial and set(one.trial) <= set(reached.technologies)]
    assert list(dict.fromkeys(table["option"])) == tried
    assert len(table) == 2 * len(tried)


def test_the_share_is_that_of_the_rows_for_scores(reached: Reach, table: pd.DataFrame) -> None:
    rows = reached.to_scores(APPRAISAL, {"reach_flat": ["flat_converted", "flat_low"]}).scores.set_index("option")
    shown = table[table["criterion"].eq("Flats with a working link")].set_index("option")
    for one in APPRAISAL.options:
        if one.id in rows.index and rows.loc[one.id, "n"]:
            share = int(rows.loc[one.id, "k"]) / int(rows.loc[one.id, "n"])
            assert shown.loc[one.label, "estimate"] == pytest.approx(share, abs=0.02)


def test_a_range_and_an_interval_that_do_not_meet_are_told_apart(table: pd.DataFrame) -> None:
    known = table.dropna(subset="estimate")
    lower, higher = known["scored_high"] < known["lower"], known["scored_low"] > known["upper"]
    said = known["against"]
    assert said[lower].eq("scored lower").all()
    assert said[higher].eq("scored higher").all()
    assert said[~lower & ~higher].isin(["they overlap", "no interval"]).all()


def test_the_row_of_a_score_is_named(table: pd.DataFrame) -> None:
    assert table["row"].iloc[0] == "scores.csv line 2"


def test_the_trial_takes_the_place_of_the_scores_it_measures(reached: Reach) -> None:
    fed = feed(APPRAISAL, reached, {"reach_flat": ["flat_converted", "flat_low"]})
    assert len(fed.judgements) == len(APPRAISAL.judgements)
    one = fed.cells["zb868", "reach_flat"][0]
    assert (one.assessor, one.dist) == ("trial", "beta")
    assert fed.cells["zb868", "reach_house"] == APPRAISAL.cells["zb868", "reach_house"]
    assert APPRAISAL.cells["zb868", "reach_flat"][0].n == 40  # the appraisal itself stays as it is


def test_what_was_not_sampled_stands_under_the_table(reached: Reach) -> None:
    notes = " ".join(measured_of(APPRAISAL, reached, TYPES).notes)
    assert "Not sampled by the trial: flat tower." in notes
    assert "Disclosure control" in notes


def test_what_would_follow_is_said_where_nothing_is_hidden(reached: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    from smarthan.findings import measured

    monkeypatch.setattr(measured, "is_hidden", lambda table: np.zeros(len(table), dtype=bool))
    fed = feed(APPRAISAL, reached, {"reach_house": ["detached", "semi", "terrace", "bungalow"],
                                    "reach_flat": ["flat_converted", "flat_low"]})  # fmt: skip
    first, second = fed.score().table[["label", "total"]].head(2).to_dict("records")
    said = f"{first['label']} leads by {first['total'] - second['total']:.1f} points (weights of panel"
    assert said in measured_of(APPRAISAL, reached, TYPES).notes[0]


def test_a_sum_of_types_is_hidden_where_one_of_them_is(reached: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    from smarthan.findings import measured

    def hide_one(*_: Any) -> Any:
        table = pd.DataFrame({"technology": ["zigbee_2g4"], "archetype": ["flat_low"], "status": ["suppressed"]})
        return type("Done", (), {"table": table})

    monkeypatch.setattr(measured, "disclose_types", hide_one)
    found = measured_of(APPRAISAL, reached, TYPES)
    hidden = found.table[found.table["status"].eq("suppressed")]
    pairs = set(zip(hidden["option"], hidden["criterion"], strict=True))
    assert ("ZigBee 2.4 GHz", "Flats with a working link") in pairs
    assert ("ZigBee dual-band hub", "Flats with a working link") in pairs  # it uses 2.4 GHz too
    assert hidden[["estimate", "lower", "upper", "n", "against"]].isna().all(axis=None)
    assert "is not worked out" in " ".join(found.notes)


@pytest.mark.parametrize("types", [{}, {"capex": "semi"}, {"reach_flat": "flat_tower"}, {"no_such": "semi"}], ids=str)
def test_nothing_to_compare_is_said(reached: Reach, types: dict[str, str]) -> None:
    assert measured_of(APPRAISAL, reached, types).missing.startswith(
        "There is nothing to compare: none of the criteria"
    )
