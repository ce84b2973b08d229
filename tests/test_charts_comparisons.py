"""Differences against zero and limits, and the funnel: what is written, what is drawn, what is refused."""

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_differences, draw_funnel, find_chart_problems

GROUPS = pd.DataFrame(
    {"group": ["Flat", "House", "Barge"], "gap": [-0.2, 0.05, np.nan], "x": [0.2, 0.8, 0.0], "y": [0.1, 0.9, 0.0]}
)
NAMED: dict[str, Any] = {"label": "group", "difference": "gap", "before": "x", "after": "y", "words": "asked, answered"}
UNITS = pd.DataFrame(
    {
        "who": ["A", "B", "C", "D"],
        "n": [400.0, 100.0, 25.0, np.nan],
        "gap": [0.01, -0.2, 0.02, np.nan],
        "se": [0.025, 0.05, 0.1, np.nan],
        "look": [False, False, True, False],
    }
)
SIZED: dict[str, Any] = {"label": "who", "size": "n", "difference": "gap", "se": "se"}


def test_both_shares_are_written_and_a_missing_difference_is_told() -> None:
    ax = draw_differences(GROUPS, **NAMED, limit=0.1, limit_label="far off")
    assert [text.get_text() for text in ax.texts][:2] == ["far off", "asked, answered"]
    assert [text.get_text() for text in ax.texts][2:] == ["20.0%, 10.0%", "80.0%, 90.0%", "no estimate"]
    assert find_chart_problems(ax) == []


def test_zero_is_in_the_middle_and_the_limit_in_view() -> None:
    low, high = draw_differences(GROUPS, **NAMED, limit=0.5, limit_label="far off").get_xlim()
    assert low == -high
    assert high > 0.5


def test_dots_beyond_the_limit_have_a_colour_of_their_own() -> None:
    ax = draw_differences(GROUPS, **NAMED, limit=0.1, limit_label="far off")
    assert len({tuple(colour) for colour in ax.collections[-1].get_facecolors()}) == 2  # type: ignore[attr-defined]


def test_groups_that_do_not_differ_are_drawn_too() -> None:
    assert find_chart_problems(draw_differences(GROUPS.assign(gap=0.0), **NAMED)) == []
    assert find_chart_problems(draw_differences(GROUPS.assign(gap=np.nan), **NAMED)) == []


@pytest.mark.parametrize("limit", [{"limit": 0.1}, {"limit": 0.0, "limit_label": "far off"}])
def test_a_limit_without_words_or_size_is_refused(limit: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="a limit needs"):
        draw_differences(GROUPS, **NAMED, **limit)


def test_units_marked_are_named_or_else_those_outside() -> None:
    ax = draw_funnel(UNITS, **SIZED, marked="look")
    assert [text.get_text() for text in ax.texts] == ["C"]
    assert find_chart_problems(ax) == []


def test_the_limits_narrow_with_the_root_of_the_size() -> None:
    ax = draw_funnel(UNITS, **SIZED)
    line = ax.get_lines()[1]  # the lower inner limit
    x, y = np.asarray(line.get_xdata()), np.asarray(line.get_ydata())
    inside = np.abs(y) < np.abs(y).max()
    assert y[inside] == pytest.approx(-100 * 1.96 * 0.5 / np.sqrt(x[inside]))


def test_limits_that_would_be_false_are_refused() -> None:
    with pytest.raises(ValueError, match="does not fall with the root of 'n'"):
        draw_funnel(UNITS.assign(se=0.1), **SIZED)
    with pytest.raises(ValueError, match="no rows"):
        draw_funnel(UNITS.assign(gap=np.nan), **SIZED)


def test_names_of_points_close_together_do_not_touch() -> None:
    close = pd.DataFrame(
        {
            "who": [f"SYN-V000000{i}" for i in range(6)],
            "n": [900.0, 905, 910, 915, 920, 925],
            "gap": 0.001,
            "look": True,
        }
    )
    close["se"] = 1 / np.sqrt(close["n"])
    ax: Any = draw_funnel(close, **SIZED, marked="look")
    assert find_chart_problems(ax) == []
    boxes = [text.get_bbox_patch().get_window_extent() for text in ax.texts]  # without the leads
    assert len(boxes) == 6
    assert not [1 for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]
