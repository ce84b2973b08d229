"""Verdicts in words, each with its own mark."""

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_status_matrix, find_chart_problems

TABLE = pd.DataFrame(
    {
        "option": ["ZigBee 868 MHz", "ZigBee 868 MHz", "Wi-Fi", "Wi-Fi"],
        "gate": ["Lawful use of spectrum", "Keeps the gas meter's battery life"] * 2,
        "verdict": ["pass", "fail", "pass", None],
    }
)
NAMED = {"row": "option", "column": "gate", "status": "verdict"}


def test_every_cell_says_its_verdict_and_a_missing_one_is_not_a_fail() -> None:
    ax = draw_status_matrix(TABLE, **NAMED, words={"pass": "passes", "fail": "fails"})  # type: ignore[arg-type]
    assert [text.get_text() for text in ax.texts] == ["passes", "fails", "passes", "not assessed"]
    assert find_chart_problems(ax) == []


def test_verdicts_differ_in_shape_and_not_only_in_colour() -> None:
    ax = draw_status_matrix(TABLE.iloc[:2], **NAMED)  # type: ignore[arg-type]
    marks = [np.shape(collection.get_paths()[0].vertices) for collection in ax.collections[:2]]
    assert marks[0] != marks[1]


def test_twins_and_unknown_verdicts_are_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        draw_status_matrix(pd.concat([TABLE, TABLE]), **NAMED)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="verdict fail is in the table"):
        draw_status_matrix(TABLE, **NAMED, words={"pass": "passes"})  # type: ignore[arg-type]
