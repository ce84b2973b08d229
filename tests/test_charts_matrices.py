"""The performance matrix: scores in words, points, shades, marks for must-haves, hatches for what is missing."""

from typing import Any

import pandas as pd
import pytest

from smarthan.charts import draw_performance_matrix, find_chart_problems
from smarthan.charts.style import contrast

ROLES: dict[str, Any] = {"option": "option", "criterion": "criterion", "score": "score", "points": "points"}
CELLS = pd.DataFrame(
    {
        "option": ["A", "A", "B", "B"],
        "criterion": ["Cost (GBP)", "Disruption in the home"] * 2,
        "score": ["20", "new cable", None, "building work"],
        "points": [80.0, 20.0, 50.0, 0.0],
        "gone": [False, False, True, False],
        "gates": ["passes", "passes", "fails", "fails"],
    }
)


def test_each_cell_holds_its_score_and_its_points() -> None:
    ax = draw_performance_matrix(CELLS, **ROLES, missing="gone")
    said = [text.get_text() for text in ax.texts]
    assert said == ["Cost (GBP)", "Disruption in\nthe home", "20", "80", "new cable", "20", "missing", "50",
                    "building work", "0"]  # fmt: skip
    assert find_chart_problems(ax) == []


def test_a_missing_cell_is_hatched_and_the_others_are_not() -> None:
    hatches = [patch.get_hatch() for patch in draw_performance_matrix(CELLS, **ROLES, missing="gone").patches]
    assert [bool(hatch) for hatch in hatches] == [False, False, True, False]


def test_a_score_that_is_no_text_is_missing_without_being_told() -> None:
    assert "missing" in [text.get_text() for text in draw_performance_matrix(CELLS, **ROLES).texts]


def test_every_text_reads_on_its_shade() -> None:
    levels = pd.DataFrame(
        {"option": [f"O{n}" for n in range(6)], "criterion": "C", "score": "x", "points": [0.0, 20, 40, 60, 80, 100]}
    )
    ax = draw_performance_matrix(levels, **ROLES)
    fills = [patch.get_facecolor() for patch in ax.patches for _ in (0, 1)]
    inks = [text.get_color() for text in ax.texts[1:]]
    assert min(contrast(str(ink), fill) for ink, fill in zip(inks, fills, strict=True)) >= 4.5  # type: ignore[arg-type]


def test_a_must_have_is_marked_and_named_in_the_key() -> None:
    marks = {"fails": "fails a must-have", "not known": "a must-have is not known"}
    ax = draw_performance_matrix(CELLS, **ROLES, verdict="gates", marks=marks)
    drawn = [line for line in ax.lines if line.get_marker() == "X"]
    assert len(drawn) == 1  # B stands in one band
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["fails a must-have"]


def test_eight_criteria_stand_in_two_bands_with_all_options() -> None:
    wide = pd.DataFrame(
        [(o, f"Criterion {c}", "1", 50.0) for o in ("A", "B") for c in range(8)], columns=list(ROLES.values())
    )
    ax = draw_performance_matrix(wide, **ROLES)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["A", "B", "A", "B"]
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"points": 101.0}, "allowed is 0 to 100"),
        ({"criterion": "one"}, "stands twice"),
        ({"criterion": [f"c{n}" for n in range(9)], "option": "A"}, "9 criteria; at most 8"),
    ],
)
def test_what_cannot_be_drawn_is_refused(change: dict[str, object], words: str) -> None:
    length = max((len(v) for v in change.values() if isinstance(v, list)), default=len(CELLS))
    table = pd.DataFrame({name: CELLS[name].iloc[0] for name in ROLES.values()}, index=range(length))
    table = CELLS.assign(**change) if length == len(CELLS) else table.assign(**change)
    with pytest.raises(ValueError, match=words):
        draw_performance_matrix(table, **ROLES)
