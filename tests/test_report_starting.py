"""A folder to start from: commented, true, and never over somebody's own file."""

import datetime as dt
import tomllib
from pathlib import Path

import pytest

from smarthan.report import ReportRefused, start_report
from smarthan.report.configuration import MODEL, read_configuration
from smarthan.report.starting import _TEXT

DAY = dt.date(2027, 4, 1)


def test_what_stands_in_the_folder_is_named_and_the_rest_is_told(tmp_path: Path) -> None:
    (tmp_path / "matrix.csv").write_text("postcode\n")
    (tmp_path / "trial").mkdir()
    found = read_configuration(start_report(tmp_path, day=DAY))
    assert found.inputs == {"matrix": "matrix.csv", "trial": "trial"}
    assert found.as_of == DAY


def test_every_line_that_is_commented_out_is_true_once_it_is_not(tmp_path: Path) -> None:
    for name in ("matrix.parquet", "earlier.parquet", "installs.csv", "stock.csv"):
        (tmp_path / name).write_text("")
    for name in ("trial", "appraisal"):
        (tmp_path / name).mkdir()
    file = start_report(tmp_path, day=DAY)
    lines = [
        line.removeprefix("# ") if " = " in line or "[" in line[:4] else line for line in file.read_text().split("\n")
    ]
    file.write_text("\n".join(line for line in lines if not line.startswith(("#", "To choose"))))
    found = read_configuration(file)
    assert found.licence == "Open Government Licence v3.0"
    assert found.words["coverage"]["title"] == "WAN coverage in autumn"
    assert found.parameters == {"criterion": 0.95, "seed": 1}
    assert found.notebooks[0].fast == {"draws": 500}


def test_every_key_of_the_pack_stands_in_it() -> None:
    keys = MODEL["pack"].keys
    assert keys is not None
    assert [key for key in keys if f"{key} = " not in _TEXT] == []


def test_a_file_that_is_there_and_a_folder_that_is_none_are_refused(tmp_path: Path) -> None:
    file = start_report(tmp_path / "new", day=DAY)
    before = file.read_bytes()
    with pytest.raises(ReportRefused, match="is there already"):
        start_report(tmp_path / "new", day=DAY)
    assert file.read_bytes() == before
    with pytest.raises(ReportRefused, match="is a file"):
        start_report(file, day=DAY)
    assert tomllib.loads(start_report(tmp_path / "1. Ä", day=DAY).read_text())["pack"]["name"] == "1"
