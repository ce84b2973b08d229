"""Files written whole or not at all, hashed, and free of live formulas."""

import gzip
import hashlib
from pathlib import Path

import pandas as pd
import pytest

from smarthan.files import escape_formulas, sha256_of, write_csv, write_whole


def test_a_finished_file_stands_alone_in_its_folder(tmp_path: Path) -> None:
    with write_whole(tmp_path / "a.txt", "w") as stream:
        stream.write("one\ntwo\n")
        assert not (tmp_path / "a.txt").exists()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert (tmp_path / "a.txt").read_bytes() == b"one\ntwo\n"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("old")

    def fail() -> None:
        with write_whole(tmp_path / "a.txt", "w") as stream:
            stream.write("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert [(p.name, p.read_text()) for p in tmp_path.iterdir()] == [("a.txt", "old")]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(OSError), write_whole(tmp_path / "none" / "a.txt"):
        pass


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert sha256_of(tmp_path / "a") == hashlib.sha256(b"abc").hexdigest()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_text_cannot_start_a_formula(start: str) -> None:
    frame = pd.DataFrame({"text": [start + "1", "x" + start, None]})
    assert escape_formulas(frame)["text"].iloc[:2].tolist() == ["'" + start + "1", "x" + start]
    assert escape_formulas(frame)["text"].isna().tolist() == [False, False, True]


def test_numbers_dates_and_categories_are_told_apart() -> None:
    frame = pd.DataFrame({"n": [-5, 2], "c": pd.Categorical(["=a", "b"]), "d": pd.to_datetime(["2025-01-01"] * 2)})
    safe = escape_formulas(frame)
    assert safe["n"].tolist() == [-5, 2]
    assert safe["c"].tolist() == ["'=a", "b"]
    assert safe["d"].equals(frame["d"])
    assert frame["c"].tolist() == ["=a", "b"]


def test_a_table_is_written_with_plain_line_ends(tmp_path: Path) -> None:
    path = write_csv(pd.DataFrame({"a": ["=1", None], "n": [-1.5, 2]}), tmp_path / "t.csv")
    assert path.read_bytes() == b"a,n\n'=1,-1.5\n,2.0\n"


def test_packed_tables_are_equal_byte_for_byte(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x"]})
    first, second = (write_csv(frame, tmp_path / f"{n}.csv.gz").read_bytes() for n in "ab")
    assert first == second
    assert gzip.decompress(first) == b"a\nx\n"


def test_a_carriage_return_alone_stays_in_its_cell(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": ["x\ry", "plain", None], "n": [1, 2, 3]})
    read = pd.read_csv(write_csv(frame, tmp_path / "a.csv"))
    assert read["a"].tolist()[:2] == ["x\ry", "plain"]
    assert read["n"].tolist() == [1, 2, 3]
