"""The housing stock: figures as published, the split into building types, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarthan.analysis import housing_stock, read_stock
from smarthan.analysis.homes.stock import read_mapping
from smarthan.tables import FileRefused

HEAD = "archetype,premises,year,source\n"


def write(folder: Path, text: str, name: str = "stock.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_totals_are_those_of_the_census_and_the_house_condition_survey() -> None:
    by_region = housing_stock().groupby("region", observed=True)["premises"].sum()
    assert by_region.drop("Scotland").sum() == pytest.approx(23_366_044)
    assert by_region["Wales"] == pytest.approx(1_302_676)
    assert by_region.drop(["Scotland", "Wales"]).sum() == pytest.approx(22_063_368)
    assert by_region["Scotland"] == pytest.approx(2_366_000)


def test_each_type_is_split_whole() -> None:
    stock = housing_stock()
    london = stock[(stock["region"] == "London") & (stock["dwelling_type"] == "flat_purpose_built")]
    assert london["premises"].sum() == pytest.approx(1_211_075)
    assert london["archetype"].tolist() == ["flat_low", "flat_high", "flat_high"]
    assert london["premises"].iloc[0] == pytest.approx(0.72 * 1_211_075)


def test_every_row_says_source_and_year_and_is_not_synthetic() -> None:
    stock = housing_stock()
    assert stock["source"].str.contains("2011").all()
    assert stock["year"].eq(2011).all()
    assert stock.attrs["synthetic"] is False


def test_a_mapping_of_ones_own_replaces_the_assumption(tmp_path: Path) -> None:
    lines = ["dwelling_type,archetype,meter_class,share"]
    lines += [f"{kind},flat_mid,riser,1" for kind in sorted(set(housing_stock()["dwelling_type"]))]
    stock = housing_stock(mapping=write(tmp_path, "\n".join(lines) + "\n"))
    assert set(stock["archetype"]) == {"flat_mid"}
    assert stock["premises"].sum() == pytest.approx(housing_stock()["premises"].sum())


def test_a_stock_in_trial_types_needs_no_mapping(tmp_path: Path) -> None:
    stock = read_stock(write(tmp_path, HEAD + "semi,300,2026,own\nflat_low,100,2026,own\n"))
    assert stock["premises"].tolist() == [300.0, 100.0]
    assert stock["meter_class"].isna().all()


def test_a_synthetic_source_makes_the_stock_synthetic(tmp_path: Path) -> None:
    assert read_stock(write(tmp_path, HEAD + "semi,300,2026,synthetic demonstration\n")).attrs["synthetic"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD + "semi,-1,2026,own\n", "line 2.*-1.*mend it"),
        (HEAD + "semi,many,2026,own\nsemi,few,2026,own\n", "line 2.*and 1 more"),
        (HEAD + "semy,300,2026,own\n", "semy"),
        (HEAD + "semi,300,2026,own\nsemi,100,2026,own\n", "semi, 2026 stands 2 times"),
        (HEAD + "semi,300,2026,own\n,100,2026,own\n", "column archetype is empty in 1 rows"),
        (HEAD + "semi,0,2026,own\n", "no premises at all"),
        ("archetype,year,source\nsemi,2026,own\n", "no column premises"),
        ("premises,year,source\n1,2026,own\n", "names no archetype and no dwelling_type"),
        ("dwelling_type,premises,year,source\nyurt,5,2026,own\n", "dwelling_type yurt is not in the mapping"),
        ("archetype,meter_class,premises,year,source\nsemi,porch,5,2026,own\nterrace,,5,2026,own\n", "meter_class"),
    ],
    ids=["negative", "words", "category", "twice", "half empty", "zero", "column", "neither", "unmapped", "meter half"],
)
def test_a_stock_that_would_give_false_totals_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(FileRefused, match=words):
        read_stock(write(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"absent\.csv: does not exist"):
        read_stock(tmp_path / "absent.csv")


def test_shares_of_a_type_must_add_to_one(tmp_path: Path) -> None:
    text = "dwelling_type,archetype,share\nhouse,semi,0.5\nhouse,terrace,0.4\n"
    with pytest.raises(FileRefused, match=r"shares of house add to 0\.9"):
        read_mapping(write(tmp_path, text))
