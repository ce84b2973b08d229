"""What most rows of a release say about its columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from smarthan.coverage import read_matrix
from smarthan.tables import FileRefused

HEADER = "uprn,csp_region,available,wan_technology"


def write(folder: Path, uprns: list[str]) -> Path:
    """Write a release with one row a UPRN."""
    path = folder / "release.csv"
    path.write_text("\n".join([HEADER, *(f"{uprn},North,true,LRR" for uprn in uprns)]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("form", ["{}.0", "1.{}E11", "1.{}e+11", "{}E2"])
def test_uprns_that_went_through_numbers_are_told_once_for_the_file(tmp_path: Path, form: str) -> None:
    bad = [form.format(100_000 + number) for number in range(30)]
    read = read_matrix(write(tmp_path, [*bad, "1", "2"]))
    told = read.notes.loc[read.notes["code"].eq("file_systematic"), "message"].tolist()
    assert len(told) == 1
    assert "30 of 32 rows break uprn_format in column uprn" in told[0]
    assert "in release.csv, uprn looks like numbers with decimals or an exponent" in told[0]
    assert f"'{bad[0]}'" in told[0]
    assert "column as text" in told[0]
    assert read.quarantine["code"].tolist() == ["uprn_format"] * 30


def test_a_release_of_nothing_but_such_uprns_is_refused_with_the_same_hint(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"no row can be used.*looks like numbers with decimals"):
        read_matrix(write(tmp_path, [f"{number}.0" for number in range(1, 31)]))


def test_other_bad_uprns_have_the_general_hint(tmp_path: Path) -> None:
    read = read_matrix(write(tmp_path, [*(f"U{number}" for number in range(30)), "1"]))
    told = read.notes.loc[read.notes["code"].eq("file_systematic"), "message"].tolist()
    assert len(told) == 1
    assert "in another form" in told[0]


def test_few_rows_tell_nothing_about_a_column(tmp_path: Path) -> None:
    read = read_matrix(write(tmp_path, ["1.0", "2.0", "3.0", "7"]))
    assert "file_systematic" not in set(read.notes["code"])
