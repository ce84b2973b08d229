"""Synthetic tables as files: the same bytes as the standard writer's, in runs of any length."""

from pathlib import Path

import pandas as pd
import pytest

from smarthan.trial_data.synthetic import csv_files
from smarthan.trial_data.synthetic.csv_files import write_table

TABLE = pd.DataFrame(
    {
        "id": ["1", "2", "3", "4"],
        "text": ["plain", 'she said "no", twice', "two\nlines", ""],
        "word": ["", "\u00e9", "a,b", "-1"],
    },
    dtype="str",
)


@pytest.mark.parametrize("run", [1, 2, 3, 100])
def test_bytes_are_those_of_pandas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    monkeypatch.setattr(csv_files, "ROWS_AT_ONCE", run)
    write_table(tmp_path / "t.csv", TABLE, {})
    assert (tmp_path / "t.csv").read_bytes() == TABLE.to_csv(index=False, lineterminator="\n").encode()


@pytest.mark.parametrize("run", [1, 2, 100])
def test_rows_may_be_written_short_or_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: int) -> None:
    monkeypatch.setattr(csv_files, "ROWS_AT_ONCE", run)
    write_table(tmp_path / "t.csv", TABLE, {0: "row_short", 3: "row_long"})
    text = (tmp_path / "t.csv").read_text("utf-8")
    assert text == 'id,text,word\n1,plain\n2,"she said ""no"", twice",\u00e9\n3,"two\nlines","a,b"\n4,,-1,extra\n'


def test_a_table_without_rows_is_its_header(tmp_path: Path) -> None:
    write_table(tmp_path / "t.csv", TABLE.iloc[:0], {})
    assert (tmp_path / "t.csv").read_text("utf-8") == "id,text,word\n"
