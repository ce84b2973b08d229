"""A release read once is opened from then on: the same to the cell, never an old one, never a damaged one."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from smarthan.coverage import MatrixRead, read_matrix
from smarthan.report import opened
from smarthan.report.opened import read_release

TEXT = """postcode,csp_region,available,wan_technology
LL57 2DG,Central,true,Cellular
LL57,Central,true,Cellular
SW1A 1AA,South,false,
"""


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "matrix.csv"
    path.write_text(TEXT)
    Path(f"{path}.release.toml").write_text('as_of = "2026-11-02"\n')
    return path


def _kept(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache" / "opened").glob("*"))


def _assert_same(found: MatrixRead, expected: MatrixRead) -> None:
    assert found.matrix.release == expected.matrix.release
    pd.testing.assert_frame_equal(found.matrix.rows, expected.matrix.rows)
    for name in ("quarantine", "ledger", "notes"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(expected, name), check_categorical=False)


def test_what_was_kept_is_what_was_read(release: Path, tmp_path: Path) -> None:
    expected = read_matrix(release)
    assert len(expected.quarantine) > 0
    _assert_same(read_release(release, keep=True), expected)
    (folder,) = _kept(tmp_path)
    again = read_release(release)
    assert again.matrix._opened is not None
    _assert_same(again, expected)
    # Asked for by another name of the same place, it names the file so.
    relative = release.parent / "." / "x" / ".." / release.name
    (release.parent / "x").mkdir()
    assert set(read_release(relative).ledger["file"]) == {str(relative)}
    assert folder.is_dir()


def test_a_changed_file_and_changed_facts_beside_it_are_read_anew(release: Path, tmp_path: Path) -> None:
    read_release(release, keep=True)
    Path(f"{release}.release.toml").write_text('as_of = "2026-11-03"\n')
    assert str(read_release(release, keep=True).matrix.release.as_of) == "2026-11-03"
    release.write_text(TEXT.replace("false,", "true,Cellular"))
    assert bool(read_release(release).matrix.rows["available"].all())
    assert len(_kept(tmp_path)) == 2


def test_a_damaged_copy_is_thrown_away(release: Path, tmp_path: Path) -> None:
    expected = read_release(release, keep=True)
    (folder,) = _kept(tmp_path)
    (folder / "release" / "matrix.parquet").write_bytes(b"torn")
    _assert_same(read_release(release, keep=True), expected)
    assert read_release(release).matrix._opened is not None


def test_only_so_many_are_kept_and_none_where_nothing_can_be_written(
    release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opened, "MOST_KEPT", 1)
    for day in ("2026-11-02", "2026-11-03"):
        Path(f"{release}.release.toml").write_text(f'as_of = "{day}"\n')
        read_release(release, keep=True)
    assert len(_kept(tmp_path)) == 1
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "file" / "below"))
    assert dataclasses.is_dataclass(read_release(release, keep=True))
