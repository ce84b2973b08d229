"""Census tables of accommodation type in the layouts that Nomis and ONS give out, and what is refused."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from smarthan.analysis import read_stock
from smarthan.coverage import lad_table
from smarthan.tables import FileRefused

HOUSE = "Dwelling Type: Unshared dwelling: Whole house or bungalow: "
FLAT = "Dwelling Type: Unshared dwelling: Flat, maisonette or apartment: "
HEAD_2011 = [
    "date",
    "geography",
    "geography code",
    "Rural Urban",
    "Dwelling Type: All categories: Accommodation type; measures: Value",
    "Dwelling Type: Unshared dwelling: Total; measures: Value",
    HOUSE + "Total; measures: Value",
    HOUSE + "Detached; measures: Value",
    HOUSE + "Semi-detached; measures: Value",
    HOUSE + "Terraced (including end-terrace); measures: Value",
    FLAT + "Total; measures: Value",
    FLAT + "Purpose-built block of flats or tenement; measures: Value",
    FLAT + "Part of a converted or shared house (including bed-sits); measures: Value",
    FLAT + "In commercial building; measures: Value",
    "Dwelling Type: Unshared dwelling: Caravan or other mobile or temporary structure; measures: Value",
    "Dwelling Type: Shared dwelling; measures: Value",
]
# Darlington, Allerdale and Carlisle as published; Allerdale and Carlisle were joined in Cumberland in 2023.
DARLINGTON = [46670, 46552, 40423, 8209, 17835, 14379, 6099, 5053, 778, 268, 30, 118]
SMALL = [100, 99, 90, 40, 30, 20, 8, 5, 2, 1, 1, 1]
KINDS = [
    "Detached",
    "Semi-detached",
    "Terraced",
    "In a purpose-built block of flats or tenement",
    "Part of a converted or shared house, including bedsits",
    "Part of another converted building, for example, former school, church or warehouse",
    "In a commercial building, for example, in an office building, hotel or over a shop",
    "A caravan or other mobile or temporary structure",
]
HEAD_2021 = [
    "date",
    "geography",
    "geography code",
    "Accommodation type: Total: All households",
    *(f"Accommodation type: {kind}" for kind in KINDS),
]
COUNTS = [40, 30, 10, 8, 4, 3, 2, 1]


def write(folder: Path, *rows: list[Any]) -> Path:
    path = folder / "census.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, quoting=csv.QUOTE_ALL).writerows(rows)
    return path


def row_2011(name: str, code: str, counts: list[int] | None = None, part: str = "Total") -> list[Any]:
    return ["2011", name, code, part, *(counts or SMALL)]


def row_2021(name: str, code: str, counts: list[int] | None = None, more: int = 0) -> list[Any]:
    return ["2021", name, code, sum(counts or COUNTS) + more, *(counts or COUNTS)]


def long_rows(name: str, code: str, level: str = "Lower tier local authorities") -> list[list[Any]]:
    head = [f"{level} Code", level, "Accommodation type (8 categories) Code", "Accommodation type (8 categories)"]
    return [
        [*head, "Observation"],
        *([code, name, i + 1, kind, n] for i, (kind, n) in enumerate(zip(KINDS, COUNTS, strict=True))),
    ]


def test_the_table_of_2011_by_district(tmp_path: Path) -> None:
    stock = read_stock(write(tmp_path, HEAD_2011, row_2011("Darlington", "E06000005", DARLINGTON)))
    assert stock["premises"].sum() == pytest.approx(46670)
    by_type = stock.groupby("archetype")["premises"].sum()
    assert by_type["bungalow"] == pytest.approx(0.16 * 8209 + 0.14 * 17835)
    assert by_type["flat_converted"] == pytest.approx(778 + 118)
    assert by_type["caravan"] == 30
    assert set(stock["lad"]) == {"Darlington"}
    assert set(stock["region"]) == {"North East"}
    assert set(stock["year"]) == {2011}
    assert stock["source"].str.contains("QS402EW").all()
    assert stock.attrs["synthetic"] is False
    assert stock.attrs["rows"] == {"read": 1, "used": 1, "left_out": 0, "areas": 1, "areas_now": 1}


def test_districts_that_were_joined_stand_under_their_successor(tmp_path: Path) -> None:
    rows = [row_2011("Allerdale", "E07000026"), row_2011("Carlisle", "E07000028"), row_2011("Sheffield", "E08000019")]
    stock = read_stock(write(tmp_path, HEAD_2011, *rows))
    assert stock.groupby("lad")["premises"].sum().to_dict() == pytest.approx({"Cumberland": 200, "Sheffield": 100})
    assert (stock.attrs["rows"]["areas"], stock.attrs["rows"]["areas_now"]) == (3, 2)


def test_names_are_those_of_a_release_however_the_census_spells_them(tmp_path: Path) -> None:
    stock = read_stock(write(tmp_path, HEAD_2011, row_2011("Bristol, City of", "E06000023")))
    assert set(stock["lad"]) == {"City of Bristol"} <= set(lad_table()["name"])


def test_rural_and_urban_parts_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = [row_2011("Darlington", "E06000005", part=part) for part in ("Total", "Urban (total)", "Rural (total)")]
    stock = read_stock(write(tmp_path, HEAD_2011, *rows))
    assert stock["premises"].sum() == pytest.approx(100)
    assert stock.attrs["rows"]["left_out"] == 2


def test_regions_give_a_stock_without_districts(tmp_path: Path) -> None:
    rows = [row_2011("East", "E12000006"), row_2011("Wales", "W92000004")]
    stock = read_stock(write(tmp_path, HEAD_2011, *rows))
    assert set(stock["region"]) == {"East of England", "Wales"}
    assert stock["lad"].isna().all()


def test_the_table_of_2021_in_both_layouts_is_the_same_stock(tmp_path: Path) -> None:
    wide = read_stock(write(tmp_path, HEAD_2021, row_2021("Bolton", "E08000001")))
    long = read_stock(write(tmp_path, *long_rows("Bolton", "E08000001")))
    assert wide["premises"].tolist() == long["premises"].tolist()
    assert wide["archetype"].tolist() == long["archetype"].tolist()
    assert wide.groupby("archetype")["premises"].sum()["flat_converted"] == pytest.approx(4 + 3)
    assert set(wide["source"]) == {"Census 2021 table TS044 (ONS; Open Government Licence v3)"}
    assert set(long["lad"]) == {"Bolton"}


def test_the_long_table_takes_regions_and_a_category_that_does_not_apply(tmp_path: Path) -> None:
    rows = [*long_rows("Wales", "W92000004", "Regions"), ["W92000004", "Wales", -8, "Does not apply", 0]]
    assert read_stock(write(tmp_path, *rows))["premises"].sum() == pytest.approx(98)


def test_counts_of_2021_are_perturbed_and_may_differ_a_little(tmp_path: Path) -> None:
    stock = read_stock(write(tmp_path, HEAD_2021, row_2021("Bolton", "E08000001", more=7)))
    assert stock["premises"].sum() == pytest.approx(98)


def test_a_mapping_of_ones_own_is_used(tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.csv"
    kinds = ["detached", "semi", "terraced", "flat_purpose_built", "flat_converted_or_shared", "flat_converted_other"]
    lines = [f"{kind},flat_mid,riser,1" for kind in [*kinds, "flat_commercial", "caravan"]]
    mapping.write_text("\n".join(["dwelling_type,archetype,meter_class,share", *lines]) + "\n")
    stock = read_stock(write(tmp_path, HEAD_2021, row_2021("Bolton", "E08000001")), mapping=mapping)
    assert set(stock["archetype"]) == {"flat_mid"}
    mapping.write_text("dwelling_type,archetype,share\nsemi,semi,1\n")
    with pytest.raises(FileRefused, match="is not in the mapping"):
        read_stock(tmp_path / "census.csv", mapping=mapping)


D = ("Darlington", "E06000005")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([HEAD_2011, row_2011(*D, [101, *SMALL[1:]])], "types add to 100, all households are 101"),
        ([HEAD_2021, row_2021(*D, more=11)], "types add to 98, all households are 109"),
        ([HEAD_2011, row_2011(*D), row_2011(*D)], r"Darlington \(E06000005\) stands twice"),
        ([HEAD_2011, row_2011(*D), row_2011("North East", "E12000001")], "several levels .* would count twice"),
        ([HEAD_2011, row_2011("England", "E92000001")], "England .* is no region or district"),
        ([HEAD_2011, row_2011("Hart", "E02001111")], "download the table by local authority district"),
        ([HEAD_2011, row_2011("Nowhere", "E06009999")], "no district of Great Britain has this code"),
        ([HEAD_2011, row_2011(*D, [-1, *SMALL[1:]])], "line 2: .*mend|line 2: .*every row"),
        ([HEAD_2011, row_2011(*D, part="Rural (total)")], "no row counts a whole area"),
        ([HEAD_2011[:-1], row_2011(*D)[:-1]], "no column shared_dwelling"),
        ([HEAD_2011, row_2011(*D)[:-1]], "line 2"),
        ([HEAD_2011, row_2011(*D, [0] * 12)], "no premises at all"),
        ([["QS402EW - Accommodation type - Households"], [], ["Darlington", "1"]], "lines stand above the header"),
        (long_rows(*D)[:-1], "E06000005 has 7 of the 8 types"),
        ([*long_rows(*D), ["E06000005", "Darlington", 9, "Tent", 5]], "'Tent' is none of the eight"),
        ([*long_rows(*D), ["E06000005", "Darlington", -8, "Does not apply", 3]], "none of the eight"),
        ([*long_rows(*D)[:-1], ["E06000005", "Darlington", 8, KINDS[-1], -3]], "households is negative"),
    ],
)
def test_what_would_give_false_totals_is_refused(tmp_path: Path, rows: list[list[Any]], words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_stock(write(tmp_path, *rows))


def test_every_former_code_leads_to_a_district_of_today() -> None:
    from smarthan.analysis.homes.districts import _successors

    today = set(lad_table()["lad25cd"])
    assert set(_successors().values()) <= today
    assert not set(_successors()) & today
