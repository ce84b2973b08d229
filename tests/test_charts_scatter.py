"""A scatter with limits: known ones as dots, those that lie beyond as open triangles."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_censored_scatter, find_chart_problems

MARKS = pd.DataFrame(
    {"m": [1.2, 4.8, 27.0, 54.0], "db": [2.5, 22.5, 57.5, 62.5], "n": [240, 60, 30, 60],
     "open": [False, False, True, True]}
)  # fmt: skip
NAMED: dict[str, Any] = {"x": "m", "y": "db", "size": "n", "beyond": "open"}
LINES = pd.DataFrame({"m": [1.0, 100.0] * 2, "db": [0.0, 60.0, 15.0, 75.0], "curve": ["No wall"] * 2 + ["A wall"] * 2})


def key_of(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_readings_that_lie_beyond_are_open_and_have_a_shape_of_their_own() -> None:
    ax: Any = draw_censored_scatter(MARKS, **NAMED)
    known, beyond = ax.collections
    assert known.get_offsets().tolist() == [[1.2, 2.5], [4.8, 22.5]]
    assert beyond.get_offsets().tolist() == [[27.0, 57.5], [54.0, 62.5]]
    assert len(beyond.get_facecolors()) == 0
    assert len(known.get_paths()[0].vertices) != len(beyond.get_paths()[0].vertices)
    assert key_of(ax) == ["Measured", "At least this much"]
    assert find_chart_problems(ax) == []


def test_the_area_of_a_mark_goes_with_its_readings() -> None:
    ax: Any = draw_censored_scatter(MARKS, **NAMED)
    large, small = ax.collections[0].get_sizes()
    assert large / small == pytest.approx(4)


def test_lines_are_named_in_the_key() -> None:
    ax = draw_censored_scatter(MARKS, **NAMED, curves=LINES)
    assert set(key_of(ax)) == {"Measured", "At least this much", "No wall", "A wall"}
    assert find_chart_problems(ax) == []


def test_only_what_is_drawn_stands_in_the_key() -> None:
    assert key_of(draw_censored_scatter(MARKS[~MARKS["open"]], **NAMED)) == ["Measured"]


def test_the_axis_may_run_upwards() -> None:
    ax = draw_censored_scatter(MARKS, **NAMED, downwards=False)
    assert not ax.yaxis_inverted()


def test_suppressed_classes_are_left_out_and_a_picture_of_none_is_hatched() -> None:
    rest = pd.DataFrame([{"m": np.nan, "db": np.nan, "n": np.nan, "open": False, "status": "suppressed"}])
    ax: Any = draw_censored_scatter(pd.concat([MARKS.assign(status="shown"), rest], ignore_index=True), **NAMED)
    assert sum(len(drawn.get_offsets()) for drawn in ax.collections) == 4
    nothing = draw_censored_scatter(rest, **NAMED)
    assert [text.get_text() for text in nothing.texts] == ["suppressed"]


@pytest.mark.parametrize(
    ("table", "lines", "words"),
    [
        (MARKS.assign(n=np.nan), None, "no rows"),
        (MARKS.assign(m=0.0), None, "allowed is 1e-09"),
        (MARKS, pd.concat([LINES.assign(curve=str(i)) for i in range(5)]), "at most 4"),
    ],
    ids=["nothing", "no distance", "too many lines"],
)
def test_what_cannot_be_drawn_is_refused(table: pd.DataFrame, lines: pd.DataFrame | None, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_censored_scatter(table, **NAMED, curves=lines)
