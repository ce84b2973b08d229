"""What a reader must know before the first figure, and what the annex tells of methods and disclosure."""

import datetime as dt
from typing import Any

import pytest

from smarthan.report.cover import Cover, describe_disclosure, describe_methods, describe_set_aside
from smarthan.report.registers import parse_tables, read_register
from smarthan.report.shown import Shown


def _shown(**facts: Any) -> Shown:
    return Shown("table", 1, "01_a", {"name": "reach", "method": "", "n": "", **facts}, "", "", b"")


def test_only_inputs_with_rows_set_aside_are_named() -> None:
    rows = {"matrix": {"read": 9, "quarantined": 1}, "trial": {"read": 4, "quarantined": 0}, "appraisal": {}}
    assert describe_set_aside(rows).endswith("left out of every figure: 1 of 9 in matrix.")
    assert describe_set_aside({}) == ""


def test_methods_are_told_where_there_are_any() -> None:
    assert describe_methods([_shown(), _shown(method="Wilson")]) == [
        {"id": "table-reach", "label": "Table 1", "method": "Wilson", "n": ""}
    ]


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"method": "none", "reason": "rows of whole files"}, "Shown as it is: rows of whole files."),
        ({"method": "round", "cells": 4, "cells_suppressed": 0}, "Counts rounded; 0 of 4 cells hidden."),
        (
            {"method": "suppress and round", "cells": 9, "cells_suppressed": 2},
            "Small cells hidden, counts rounded; 2 of 9 cells hidden.",
        ),
        ({"method": "of another kind"}, "of another kind."),
    ],
)
def test_disclosure_control_is_told_in_words(record: dict[str, Any], words: str) -> None:
    assert [row["words"] for row in describe_disclosure([_shown(), _shown(disclosure=record)])] == [words]


def test_the_day_is_the_same_in_every_locale() -> None:
    assert Cover("T", "O", dt.date(2026, 11, 2), "0", "k", (), []).day == "2 November 2026"


def test_registers_are_read_with_what_is_lacking_in_words() -> None:
    (table,) = parse_tables("## Trial\n| what | where |\n|---|---|\n| **a** [link](x.md) | |\n| b |\n")
    assert table.rows == (("<strong>a</strong> link", "not stated"), ("b", "not stated"))
    assert {table.heading for table in read_register("assumptions")} >= {"Coverage", "Trial", "Reach"}
    assert read_register("no_such_register") == []
