"""The shipped postcode reference: counts of the sources."""

from pathlib import Path

import pytest

from smarthan.coverage import lad_table, postcode_reference, terminated_postcodes
from smarthan.coverage.reference.sheet import read_checked, read_sheet


def test_live_postcodes_by_country_and_quality() -> None:
    live = postcode_reference()
    assert len(live) == 1_743_449
    assert live["postcode"].is_monotonic_increasing
    assert live["postcode"].is_unique
    assert live["country"].value_counts().to_dict() == {"E": 1_489_907, "S": 161_349, "W": 92_193}
    quality = {10: 1_738_166, 20: 211, 30: 27, 50: 4_002, 60: 232, 90: 811}
    assert live["pq"].value_counts().to_dict() == quality


def test_no_location_is_missing_and_never_zero() -> None:
    live = postcode_reference()
    assert (live["easting"].isna() == (live["pq"] == 90)).all()
    assert (live["northing"].isna() == (live["pq"] == 90)).all()
    assert live["easting"].min() > 0
    assert live["lad25cd"].isna().sum() == 808
    assert (live.loc[live["lad25cd"].isna(), "pq"] == 90).all()


def test_areas_outward_codes_sectors_and_authorities() -> None:
    live = postcode_reference()
    counts = [live[name].nunique() for name in ("area", "outward", "sector", "lad25cd", "lad", "region")]
    assert counts == [120, 2_871, 10_878, 350, 350, 11]
    assert set(live["outward"].cat.categories) == set(read_checked("outward.txt").decode("ascii").split())


@pytest.mark.parametrize(
    ("postcode", "lad", "region"),
    [
        ("SW1A 1AA", "City of Westminster", "London"),
        ("LL57 2DG", "Gwynedd", "Wales"),
        ("EH1 1YZ", "City of Edinburgh", "Scotland"),
        ("S70 2TA", "Barnsley", "Yorkshire and The Humber"),  # E08000016 of old, E08000038 now
    ],
)
def test_places_that_anyone_can_check(postcode: str, lad: str, region: str) -> None:
    live = postcode_reference().set_index("postcode")
    assert live.loc[postcode, ["lad", "region"]].tolist() == [lad, region]


def test_terminated_postcodes() -> None:
    ended = terminated_postcodes()
    assert len(ended) == 893_480
    assert ended["doterm"].notna().sum() == 859_338
    assert set(ended["postcode"]).isdisjoint(postcode_reference()["postcode"])
    assert ended["doterm"].max() == 202_204
    assert ended["doterm"].dropna().mod(100).between(1, 12).all()


def test_authorities_have_one_region_and_one_country() -> None:
    lads = lad_table()
    assert lads.shape == (350, 5)
    assert (lads != "").all(axis=None)
    by_country = lads.groupby("country", observed=True)["region"].unique()
    assert by_country["S"].tolist() == ["Scotland"]
    assert by_country["W"].tolist() == ["Wales"]
    assert len(by_country["E"]) == 9


def test_the_caller_may_change_what_is_returned() -> None:
    changed = postcode_reference()
    changed.loc[0, "postcode"] = "changed"
    changed["extra"] = 1
    assert postcode_reference()["postcode"].iloc[0] == "AB10 1AB"
    assert "extra" not in postcode_reference()


def test_every_table_says_where_it_comes_from() -> None:
    for table in (postcode_reference(), terminated_postcodes(), lad_table()):
        assert "2025.2.0" in table.attrs["vintage"]
        assert len(table.attrs["licence"]) == 3
        assert table.attrs["synthetic"] is False


def test_the_three_licence_lines_stand_in_the_notice() -> None:
    notice = (Path(__file__).parents[1] / "NOTICE").read_text("utf-8")
    assert all(line in notice for line in read_sheet()["licence"])
