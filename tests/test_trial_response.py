"""Who answered: counts and rates that can be checked by eye."""

from collections.abc import Callable
from pathlib import Path

import pytest

from smarthan.trial_data import Trial, item_missingness, outcomes, read_trial, response_rates, sample_trial

DWELLINGS = """\
dwelling_id,building_id,floor_no,bedrooms,outcome,p_incl_1,p_incl_2,supplier_class
D1,B1,0,3,complete,0.5,1,u
D2,B2,0,,partial,0.5,0.5,large
D3,B2,1,,refusal,0.5,0.5,
D4,B2,1,,no_contact,0.5,0.5,
D5,B2,2,,ineligible,0.5,0.5,
"""


@pytest.fixture
def trial(write_small_trial: Callable[..., Path]) -> Trial:
    return read_trial(write_small_trial(dwellings=DWELLINGS))


def test_rates_follow_the_standard_definitions(trial: Trial) -> None:
    line = response_rates(trial).iloc[0]
    assert line["stratum_id"] == "S1"
    assert (line["buildings_frame"], line["buildings_sampled"], line["buildings_responding"]) == (1000, 2, 2)
    assert (line["dwellings_sampled"], line["eligible"]) == (5, 4)
    assert line["response_rate"] == 2 / 4
    assert line["complete_rate"] == 1 / 4
    assert line["contact_rate"] == 3 / 4
    assert line["cooperation_rate"] == 2 / 3
    assert line["refusal_rate"] == 1 / 4
    # Weights 2, 4, 4, 4: the responding ones hold 6 of 14.
    assert line["response_rate_weighted"] == pytest.approx(6 / 14)


def test_a_last_row_holds_all(trial: Trial) -> None:
    by_region = response_rates(trial, by="region")
    assert by_region["region"].tolist() == ["Wales", "Scotland", "ALL"]
    assert by_region["dwellings_sampled"].tolist() == [1, 4, 5]
    assert by_region["buildings_frame"].isna().tolist() == [True, True, False]


def test_a_stratum_without_a_building_is_shown(write_small_trial: Callable[..., Path]) -> None:
    line = "S1,semi,in_dwelling,1000,1000,Census 2011,2011-03-27,n\n"
    folder = write_small_trial(frame=(line, line + line.replace("S1", "S2").replace("semi", "terrace")))
    rates = response_rates(read_trial(folder), by="archetype").set_index("archetype")
    assert rates.loc["terrace", "buildings_sampled"] == 0
    assert rates.loc["terrace", "response_rate"] != rates.loc["terrace", "response_rate"]


def test_outcomes_name_every_outcome_and_add_up(trial: Trial) -> None:
    table = outcomes(trial)
    first = table[table["stratum_id"].eq("S1")]
    assert first["dwellings"].tolist() == [1, 1, 1, 0, 1, 1, 0]
    assert first["share"].sum() == pytest.approx(1)


def test_an_item_is_missing_only_where_somebody_answered(trial: Trial) -> None:
    table = item_missingness(trial).set_index(["table", "column"])
    bedrooms = table.loc[("dwellings", "bedrooms")]
    assert (bedrooms["rows"], bedrooms["missing"], bedrooms["missing_share"]) == (2, 1, 0.5)
    assert table.loc[("dwellings", "supplier_class"), "unknown"] == 1
    assert table.loc[("locations", "meter_class"), "missing_share"] == 0
    assert not table.loc[("measurements", "latency_ms"), "is_collected"]


def test_an_emptied_cell_counts_as_missing_and_emptied(write_small_trial: Callable[..., Path]) -> None:
    trial = read_trial(write_small_trial(measurements=("-72,observed", "72,observed")))
    line = item_missingness(trial).set_index(["table", "column"]).loc[("measurements", "rssi_dbm")]
    assert (line["rows"], line["missing"], line["emptied"]) == (3, 2, 1)


def test_nothing_finer_than_region_is_offered(trial: Trial) -> None:
    with pytest.raises(ValueError, match="by: 'building_id' is not one of stratum_id, archetype, meter_class, region"):
        response_rates(trial, by="building_id")


def test_tables_of_a_synthetic_trial_say_so() -> None:
    trial = sample_trial()
    tables = (response_rates(trial), outcomes(trial), item_missingness(trial))
    assert all(table.attrs["synthetic"] is True for table in tables)
    assert response_rates(trial)["dwellings_sampled"].iloc[:-1].sum() == len(trial["dwellings"])
