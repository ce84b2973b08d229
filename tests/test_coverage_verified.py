"""Files are hashed once and then known by size, times and inode; whatever changes is noticed."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from smarthan.coverage.releases import verified
from smarthan.coverage.releases.verified import find_damage
from smarthan.files import sha256_of

LATER_NS = 10_000_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SMARTHAN_CACHE", str(tmp_path / "cache"))
    place = tmp_path / "release"
    place.mkdir()
    (place / "a").write_bytes(b"one")
    (place / "b").write_bytes(b"two")
    return place


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The files hashed, in order; the clock stands late enough for all of them to be old."""
    seen: list[str] = []

    def count(path: str) -> str:
        seen.append(Path(path).name)
        return sha256_of(path)

    monkeypatch.setattr(verified, "_hash", count)
    now = time.time_ns() + LATER_NS
    monkeypatch.setattr(time, "time_ns", lambda: now)
    return seen


def hashes_of(folder: Path) -> dict[str, str]:
    return {name: sha256_of(folder / name) for name in ("a", "b")}


def test_sound_files_are_hashed_once(folder: Path, hashed: list[str]) -> None:
    hashes = hashes_of(folder)
    for _ in range(3):
        assert find_damage(str(folder), hashes) == {}
    assert hashed == ["a", "b"]


@pytest.mark.parametrize("change", ["size", "content", "inode"])
def test_a_changed_file_is_noticed(folder: Path, hashed: list[str], change: str) -> None:
    hashes, kept = hashes_of(folder), (folder / "a").stat()
    assert find_damage(str(folder), hashes) == {}
    if change == "inode":
        (folder / "a").rename(folder / "away")
    (folder / "a").write_bytes(b"longer" if change == "size" else b"eno")
    os.utime(folder / "a", ns=(kept.st_atime_ns, kept.st_mtime_ns))  # not even the time of change gives it away
    for _ in range(2):
        assert find_damage(str(folder), hashes) == {"a": "is not the file that was saved"}
    assert hashed == ["a", "b", "a", "a"]


def test_a_touched_file_is_hashed_again_and_found_sound(folder: Path, hashed: list[str]) -> None:
    hashes = hashes_of(folder)
    find_damage(str(folder), hashes)
    os.utime(folder / "b", ns=(1, 1))
    assert find_damage(str(folder), hashes) == {}
    assert find_damage(str(folder), hashes) == {}
    assert hashed == ["a", "b", "b"]


def test_another_expected_hash_is_another_question(folder: Path, hashed: list[str]) -> None:
    find_damage(str(folder), hashes_of(folder))
    assert find_damage(str(folder), {"a": "0" * 64}) == {"a": "is not the file that was saved"}


def test_a_file_just_written_is_not_remembered(
    folder: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # A second change within the same tick of the file system's clock would look like no change.
    hashes = hashes_of(folder)
    written = max((folder / name).stat().st_ctime_ns for name in hashes)
    monkeypatch.setattr(time, "time_ns", lambda: written + 1_000_000)
    assert find_damage(str(folder), hashes) == {}
    (folder / "a").write_bytes(b"eno")
    assert list(find_damage(str(folder), hashes)) == ["a"]
    assert hashed == ["a", "b"] * 2


def test_absent_and_unreadable_files_are_told_apart(folder: Path, hashed: list[str]) -> None:
    hashes = hashes_of(folder)
    (folder / "a").unlink()
    (folder / "b").unlink()
    (folder / "b").mkdir()
    assert find_damage(str(folder), hashes) == {"a": "is absent", "b": "cannot be read: Is a directory"}


@pytest.mark.parametrize("text", ["", "a", "a 1 2 3", "\0\xff", "a " + "9 " * 6])
def test_a_spoilt_memory_is_no_memory(folder: Path, hashed: list[str], text: str) -> None:
    hashes = hashes_of(folder)
    find_damage(str(folder), hashes)
    (memory,) = (folder.parent / "cache" / "verified").iterdir()
    memory.write_text(text, encoding="latin-1")
    assert find_damage(str(folder), hashes) == {}
    assert hashed == ["a", "b", "a", "b"]


def test_a_cache_that_cannot_be_written_to_costs_time_only(
    folder: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMARTHAN_CACHE", str(folder / "a" / "below a file"))
    for _ in range(2):
        assert find_damage(str(folder), hashes_of(folder)) == {}
    assert hashed == ["a", "b", "a", "b"]


def test_another_process_remembers_too(folder: Path, hashed: list[str]) -> None:
    find_damage(str(folder), hashes_of(folder))
    code = (
        "from smarthan.coverage.releases import verified\n"
        "def fail(path): raise AssertionError(path)\n"
        "verified._hash = fail\n"
        f"print(verified.find_damage({str(folder)!r}, {hashes_of(folder)!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "{}"
