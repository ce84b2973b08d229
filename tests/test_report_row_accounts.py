"""Rows set aside are counted from what a notebook shows, and said on the first page."""

from typing import Any

from smarthan.report.figures import Shown
from smarthan.report.row_accounts import count_rows, describe_set_aside


def _table(csv: str, **facts: Any) -> Shown:
    columns = csv.splitlines()[0].split(",")
    return Shown("table", 1, "01_a", {"name": "inputs", "columns": columns, **facts}, csv, "", b"")


SOURCES = "input,file,read,accepted,quarantined\nmatrix,m.csv,9,8,1\ntrial,t,4,4,0\nappraisal,a,,,\n"


def test_counts_come_from_the_table_and_not_counted_is_not_nought() -> None:
    counts = count_rows([_table("area,read\nA,5\n"), _table(SOURCES)])
    assert counts == {
        "matrix": {"read": 9, "accepted": 8, "quarantined": 1},
        "trial": {"read": 4, "accepted": 4, "quarantined": 0},
    }


def test_only_inputs_with_rows_set_aside_are_named() -> None:
    words = describe_set_aside(count_rows([_table(SOURCES)]))
    assert words.endswith("left out of every figure: 1 of 9 in matrix.")
    assert describe_set_aside({}) == ""
