"""No sheet, no load; another hash, no load."""

import shutil
from pathlib import Path

import pytest

from smarthan.coverage.reference.sheet import DATA, SHEET, read_checked, read_sheet


def test_the_sheet_says_what_a_sheet_must_say() -> None:
    sheet = read_sheet()
    assert {"source", "vintage", "licence", "licence_name", "made_by", "source_sha256"} <= sheet.keys()
    assert sheet["synthetic"] is False
    assert set(sheet["files"]) == {path.name for path in DATA.iterdir() if path.is_file() and path.name != SHEET}


def copy_data(folder: Path) -> Path:
    for name in (SHEET, "outward.txt", "lad.csv"):
        shutil.copy(DATA / name, folder / name)
    return folder


def test_no_sheet_no_load(tmp_path: Path) -> None:
    (copy_data(tmp_path) / SHEET).unlink()
    with pytest.raises(FileNotFoundError, match=r"data sheet is absent.*build reference"):
        read_checked("lad.csv", tmp_path)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    changed = copy_data(tmp_path) / "lad.csv"
    changed.write_bytes(changed.read_bytes().replace(b"Gwynedd", b"Gwyneth"))
    with pytest.raises(ValueError, match=r"lad\.csv: sha256 is .* the sheet says"):
        read_checked("lad.csv", tmp_path)


def test_a_file_the_sheet_does_not_list_or_that_is_absent_is_refused(tmp_path: Path) -> None:
    copy_data(tmp_path)
    with pytest.raises(ValueError, match="does not list this file"):
        read_checked("other.csv", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"listed in postcodes\.toml but absent"):
        read_checked("terminated.parquet", tmp_path)


def test_the_vintage_read_as_text_is_that_of_the_sheet(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from smarthan.coverage import vintage

    assert vintage.read_vintage() == read_sheet()["vintage"]
    (tmp_path / SHEET).write_text('source = "x"\n')
    monkeypatch.setattr(vintage, "_SHEET", str(tmp_path / SHEET))
    with pytest.raises(ValueError, match="states no vintage"):
        vintage._find_vintage()
