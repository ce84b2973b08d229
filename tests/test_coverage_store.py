"""Releases on disk: written whole, opened with hashes checked, found where DESIGN says, asked from a cold start."""

import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from smarthan.coverage import CoverageMatrix, MatrixRead, ReleaseStore, open_matrix, read_matrix
from smarthan.coverage.cache import keep_folder
from smarthan.coverage.lookup.cold import lookup_each, lookup_one
from smarthan.coverage.releases.opening import ReleaseDamaged
from smarthan.coverage.releases.store import find_place, needs_demonstration

TEXT = """\
postcode,csp_region,available,anticipated,wan_technology,likelihood,info,uprn
SW1A 1AA,South,true,,Cellular,High,,
LL57 2DG,Central,false,2027-03-31,Cellular,Low,steep valley,
LL57 2DG,Central,true,,Cellular,Low,,77
SW1A,South,true,,Cellular,High,,
"""


@pytest.fixture
def read(tmp_path: Path) -> MatrixRead:
    path = tmp_path / "matrix.csv"
    path.write_text(TEXT)
    return read_matrix(path, as_of="2026-11-02", release_id="2026-11", facts={"synthetic": True})


@pytest.fixture
def folder(read: MatrixRead, tmp_path: Path) -> Path:
    return read.matrix.save(tmp_path / "saved", read=read)


def make_store(read: MatrixRead, store: Path) -> Path:
    for name, day in (("2026-05", "2026-05-01"), ("2026-11", "2026-11-02")):
        ReleaseStore(store).publish(read, release_id=name, as_of=day)
    return store


def test_saved_release_opens_as_it_was(read: MatrixRead, folder: Path) -> None:
    opened = CoverageMatrix.open(folder)
    assert opened.release == read.matrix.release
    pd.testing.assert_frame_equal(opened.rows, read.matrix.rows)
    assert opened.rows.attrs["synthetic"]
    for query in ("SW1A 1AA", "LL57 2DG", "LL57", "SW1A 2AA"):
        assert opened.lookup(query) == read.matrix.lookup(query)


def test_saved_folder_holds_the_account(folder: Path) -> None:
    names = {"matrix.parquet", "matrix.idx", "manifest.json", "SHA256", "ledger.json", "quarantine.csv"}
    assert {path.name for path in folder.iterdir()} == names | {"revisions.md"}
    assert json.loads((folder / "ledger.json").read_text())[0]["quarantined"] == 1
    assert "postcode_partial" in (folder / "quarantine.csv").read_text()
    assert json.loads((folder / "manifest.json").read_text())["release"]["synthetic"] is True


def test_saving_twice_gives_the_same_bytes(read: MatrixRead, folder: Path, tmp_path: Path) -> None:
    again = read.matrix.save(tmp_path / "again", read=read)
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes()


def test_a_release_is_never_overwritten(read: MatrixRead, folder: Path) -> None:
    with pytest.raises(FileExistsError, match="never overwritten"):
        read.matrix.save(folder)


def test_failed_save_leaves_nothing(read: MatrixRead, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError("no space")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="no space"):
        read.matrix.save(tmp_path / "store" / "one")
    assert list((tmp_path / "store").iterdir()) == []


def spoil(path: Path) -> None:
    """Change the last byte and nothing else: not even the times, as a failing disk would."""
    facts = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))


@pytest.mark.parametrize("name", ["matrix.parquet", "manifest.json"])
def test_changed_file_is_refused(folder: Path, name: str) -> None:
    CoverageMatrix.open(folder)
    spoil(folder / name)
    with pytest.raises(ReleaseDamaged, match=f"{name} is not the file that was saved"):
        CoverageMatrix.open(folder)


@pytest.mark.parametrize("name", ["matrix.parquet", "manifest.json", "SHA256"])
def test_absent_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ReleaseDamaged, match=name):
        CoverageMatrix.open(folder)


def test_list_of_hashes_without_the_rows_is_refused(folder: Path) -> None:
    (folder / "SHA256").write_text("nothing of use\n")
    with pytest.raises(ReleaseDamaged, match=r"does not list matrix\.parquet"):
        CoverageMatrix.open(folder)


def replace_index(folder: Path, text: bytes) -> None:
    """Put another index in place, vouched for."""
    (folder / "matrix.idx").write_bytes(text)
    lines = [line for line in (folder / "SHA256").read_text().splitlines() if "matrix.idx" not in line]
    lines.append(f"{hashlib.sha256(text).hexdigest()}  matrix.idx")
    (folder / "SHA256").write_text("\n".join(lines) + "\n")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda folder: spoil(folder / "matrix.idx"), "is not the file that was saved"),
        (lambda folder: (folder / "matrix.idx").unlink(), "is absent"),
        (lambda folder: replace_index(folder, b""), "is damaged"),
        (lambda folder: replace_index(folder, b"SMHARRAY" + b"\xff" * 40), "is damaged"),
        (
            lambda folder: replace_index(
                folder, (folder / "matrix.idx").read_bytes().replace(b"format\ti", b"format\ti9")
            ),
            "made by another version",
        ),
        (
            lambda folder: (folder / "SHA256").write_text((folder / "SHA256").read_text().splitlines()[0] + "\n"),
            "is not vouched for",
        ),
    ],
    ids=["changed", "absent", "empty", "cut", "version", "unlisted"],
)
def test_damaged_index_is_made_again_and_said(
    read: MatrixRead, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: Any, words: str
) -> None:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    damage(folder)
    for _ in range(2):  # made, then found in the cache
        opened = CoverageMatrix.open(folder)
        answer = opened.lookup("SW1A 1AA")
        assert answer.state == "COVERED"
        assert words in answer.notes[-1]
        assert "made again" in answer.notes[-1]
        assert opened.lookup_many(["SW1A 1AA"]).attrs["notes"] == list(opened.notes)
    assert lookup_one("SW1A 1AA", matrix=folder).notes == answer.notes
    pd.testing.assert_frame_equal(opened.rows, read.matrix.rows)


def test_index_in_the_cache_is_doubted_too(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    (folder / "matrix.idx").unlink()
    CoverageMatrix.open(folder)
    (kept,) = (tmp_path / "cache").glob("index-*/matrix.idx")
    spoil(kept)
    assert CoverageMatrix.open(folder).lookup("SW1A 1AA").state == "COVERED"
    (tmp_path / "nowhere").write_text("a file")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "nowhere"))
    monkeypatch.delenv("SMARTHAN_CACHE")
    assert CoverageMatrix.open(folder).lookup("SW1A 1AA").state == "COVERED"


def test_index_of_another_release_is_not_used(
    read: MatrixRead, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    other = CoverageMatrix(read.matrix.rows.head(1), read.matrix.release).save(tmp_path / "other")
    replace_index(folder, (other / "matrix.idx").read_bytes())
    answer = lookup_one("LL57 2DG", matrix=folder)
    assert answer.state == "MIXED"
    assert "another matrix.parquet" in answer.notes[-1]


def test_open_release_answers_on_when_its_folder_is_removed(read: MatrixRead, folder: Path) -> None:
    opened = CoverageMatrix.open(folder)
    shutil.rmtree(folder)
    assert opened.lookup("LL57 2DG") == read.matrix.lookup("LL57 2DG")
    assert opened.lookup_many(["SW1A 1AA"])["state"].tolist() == ["COVERED"]
    pd.testing.assert_frame_equal(opened.rows, read.matrix.rows)


def test_matrix_is_found_by_path_then_variable_then_folder(
    read: MatrixRead, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARTHAN_MATRIX", raising=False)
    make_store(read, tmp_path / "releases")
    assert find_place() == "releases"
    monkeypatch.setenv("SMARTHAN_MATRIX", str(folder))
    assert find_place() == str(folder)
    assert find_place(tmp_path / "matrix.csv") == str(tmp_path / "matrix.csv")


def test_nothing_around_means_the_demonstration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("SMARTHAN_MATRIX", raising=False)
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    assert needs_demonstration()
    assert not needs_demonstration(tmp_path)


def test_store_opens_the_release_of_the_day(read: MatrixRead, tmp_path: Path) -> None:
    store = make_store(read, tmp_path / "store")
    assert open_matrix(store).release.release_id == "2026-11"
    assert open_matrix(store, as_of=dt.date(2026, 11, 1)).release.release_id == "2026-05"
    assert open_matrix(store, as_of=dt.date(2026, 11, 2)).release.release_id == "2026-11"


def test_day_before_the_first_release_is_an_answer(read: MatrixRead, tmp_path: Path) -> None:
    store = make_store(read, tmp_path / "store")
    answer = lookup_one("SW1A 1AA", matrix=store, as_of="2026-04-30")
    assert (answer.status, answer.state) == ("NO_RELEASE", None)
    assert "the earliest is of 2026-05-01" in answer.notes[0]


def test_wrong_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="give a release folder"):
        find_place(tmp_path / "none")
    with pytest.raises(ValueError, match=r"neither SHA256 \(a release\) nor CURRENT"):
        find_place(tmp_path)


def test_file_is_asked_as_well(tmp_path: Path, read: MatrixRead) -> None:
    assert open_matrix(tmp_path / "matrix.csv").lookup("LL57 2DG").state == "MIXED"
    answers = lookup_each(["SW1A 1AA", "LL57 2DG"], matrix=tmp_path / "matrix.csv")
    assert [a.state for a in answers] == ["COVERED", "MIXED"]


def test_today_decides_when_no_day_is_asked(folder: Path) -> None:
    late = lookup_one("LL57 2DG", matrix=folder, today=dt.date(2030, 1, 1))
    assert [row["state"] for row in late.rows] == ["COVERED", "OVERDUE"]
    asked = lookup_one("LL57 2DG", matrix=folder, as_of="2026-12-01", today=dt.date(2030, 1, 1))
    assert [row["state"] for row in asked.rows] == ["COVERED", "PLANNED"]


def test_cold_look_up_loads_the_standard_library_only(folder: Path) -> None:
    code = (
        "import sys; from smarthan.coverage.lookup.cold import lookup_one\n"
        f"states = [lookup_one(q, matrix={str(folder)!r}).status for q in ('SW1A 1AA', 'SW1A 2AA', 'AB1 0AA')]\n"
        "print(states, sorted(set(sys.modules) & {'numpy', 'pandas', 'pyarrow', 'typer'}))"
    )
    lookup_one("SW1A 2AA", matrix=folder)  # the standing of the postcodes is in the cache from here on
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['OK', 'NOT_IN_MATRIX', 'TERMINATED'] []"


def test_folder_in_the_cache_is_made_once_and_whole(tmp_path: Path) -> None:
    made: list[Path] = []

    def fill(place: Path) -> None:
        made.append(place)
        (place / "file").write_text("x")

    target = keep_folder(tmp_path / "deep" / "one", fill)
    assert keep_folder(target, fill) == target
    assert len(made) == 1

    def lose(place: Path) -> None:
        (tmp_path / "two").mkdir()
        (tmp_path / "two" / "of the other process").touch()
        fill(place)

    assert (keep_folder(tmp_path / "two", lose) / "of the other process").exists()
    assert list(tmp_path.glob(".*")) == []


def test_failed_making_leaves_nothing(tmp_path: Path) -> None:
    def fail(place: Path) -> None:
        (place / "half").touch()
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        keep_folder(tmp_path / "one", fail)
    assert list(tmp_path.iterdir()) == []
