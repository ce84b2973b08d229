"""Verdicts in words, each with its own mark."""

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_status_matrix, find_chart_problems
from smarthan.findings import EVIDENCE_WORDS, GATE_WORDS

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


@pytest.mark.parametrize("words", [EVIDENCE_WORDS, GATE_WORDS], ids=["evidence", "gates"])
def test_a_colour_does_not_say_the_opposite_of_its_word(words: dict[str, str]) -> None:
    table = pd.DataFrame({"option": list("abc"), "gate": "one", "verdict": list(words)})
    ax = draw_status_matrix(table, **NAMED, words=words)  # type: ignore[arg-type]
    colours = [np.asarray(mark.get_facecolor())[0, :3] for mark in ax.collections[:3]]
    assert [text.get_text() for text in ax.texts][1] in ("falls short", "fails")
    (good, bad, unknown) = colours
    assert max(range(3), key=lambda part: good[part]) == 2  # blue
    assert max(range(3), key=lambda part: bad[part]) == 0  # red
    assert len(set(unknown)) == 1  # grey


def test_twins_and_unknown_verdicts_are_refused() -> None:
    with pytest.raises(ValueError, match="stands twice"):
        draw_status_matrix(pd.concat([TABLE, TABLE]), **NAMED)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="verdict fail is in the table"):
        draw_status_matrix(TABLE, **NAMED, words={"pass": "passes"})  # type: ignore[arg-type]
