"""Who is missing: differences, indicators and a test that can be checked by hand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from smarthan.trial_data import Trial, make_trial, missing_groups, read_trial, response_balance, sample_trial

BUILDINGS = """\
building_id,stratum_id,archetype,storeys,basements,dwellings_n,wall_type,region,built_band
B1,S1,semi,2,0,1,cavity_brick,Wales,pre1919
B2,S1,semi,3,0,2,solid_brick,Scotland,u
"""
DWELLINGS = """\
dwelling_id,building_id,floor_no,outcome,p_incl_1,p_incl_2
D1,B1,0,complete,0.5,1
D2,B2,0,partial,0.5,1
D3,B2,1,refusal,0.5,1
D4,B2,1,no_contact,0.5,1
D5,B2,2,ineligible,0.5,1
"""


@pytest.fixture
def trial(write_small_trial: Callable[..., Path]) -> Trial:
    return read_trial(write_small_trial(buildings=BUILDINGS, dwellings=DWELLINGS))


def test_shares_and_differences_are_of_eligible_homes(trial: Trial) -> None:
    table = missing_groups(trial, by=["region"]).set_index("group")
    wales, scotland = table.loc["Wales"], table.loc["Scotland"]
    assert (scotland["dwellings_eligible"], scotland["dwellings_responding"]) == (3, 1)
    assert (wales["sampled_share"], wales["responding_share"], wales["difference"]) == (0.25, 0.5, 0.25)
    assert wales["standardised_difference"] == pytest.approx(0.25 / np.sqrt((0.25 * 0.75 + 0.5 * 0.5) / 2))
    assert wales["response_rate"] == 1
    # Overall half answered: sqrt(1/4) x (1 - 1/2), sqrt(3/4) x (1/3 - 1/2).
    assert wales["partial_r"] == pytest.approx(0.25)
    assert scotland["partial_r"] == pytest.approx(-np.sqrt(0.75) / 6)


def test_the_parts_square_to_the_whole(trial: Trial) -> None:
    parts = missing_groups(trial, by=["region"])["partial_r"]
    spread = np.sqrt((parts**2).sum())
    assert response_balance(trial, by=["region"])["r_indicator"].iloc[0] == pytest.approx(1 - 2 * spread)


def test_frame_shares_stand_where_the_frame_tells(trial: Trial) -> None:
    table = missing_groups(trial)
    told = table[table["characteristic"].isin(["archetype", "meter_class"])]
    assert told["frame_share"].tolist() == [1.0, 1.0]
    assert table.loc[table["characteristic"].eq("region"), "frame_share"].isna().all()


def test_bands_stand_in_order_and_unknown_is_told(trial: Trial) -> None:
    table = missing_groups(trial)
    assert table.loc[table["characteristic"].eq("storeys"), "group"].tolist() == ["1-2", "3-5"]
    assert table.loc[table["characteristic"].eq("built_band"), "group"].tolist() == ["pre1919", "not known"]
    whole = missing_groups(sample_trial(), by=["storeys"])
    assert whole["group"].tolist() == ["1-2", "3-5", "11 or more"]


def test_the_test_counts_buildings(trial: Trial) -> None:
    line = response_balance(trial, by=["region"]).iloc[0]
    assert line["buildings"] == 2
    # Both buildings answered: nothing to compare.
    assert np.isnan(line["p_value"])
    assert not line["is_usable"]


def test_the_chi_square_is_the_usual_one() -> None:
    from scipy.stats import chi2_contingency

    trial = sample_trial()
    line = response_balance(trial, by=["region"]).iloc[0]
    groups = missing_groups(trial, by=["region"])
    answered = groups["buildings_responding"]
    seen = np.column_stack([answered, groups["buildings_sampled"] - answered])
    expected = chi2_contingency(seen, correction=False)
    assert (line["chi_square"], line["df"], line["p_value"]) == pytest.approx(
        (expected.statistic, expected.dof, expected.pvalue)
    )


@pytest.mark.parametrize("by", [["tenure"], []])
def test_other_characteristics_are_refused(trial: Trial, by: list[str]) -> None:
    with pytest.raises(ValueError, match="is not one of archetype"):
        missing_groups(trial, by=by)


def test_without_an_eligible_home_nobody_is_missing(write_small_trial: Callable[..., Path]) -> None:
    folder = write_small_trial(
        dwellings=DWELLINGS.replace("complete", "ineligible")
        .replace("partial", "ineligible")
        .replace("refusal", "ineligible")
        .replace("no_contact", "ineligible")
    )
    with pytest.raises(ValueError, match="none was eligible"):
        missing_groups(read_trial(folder))


def test_full_response_is_balanced(tmp_path: Path) -> None:
    make_trial(tmp_path, seed=3, buildings_per_stratum=5, nonresponse="none", errors=False)
    trial = read_trial(tmp_path)
    assert missing_groups(trial)["difference"].abs().max() == pytest.approx(0)
    assert response_balance(trial)["r_indicator"].tolist() == pytest.approx([1.0] * 5)
