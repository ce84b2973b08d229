"""A waterfall: each bar starts where the one before ended, and all make a whole."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_waterfall, find_chart_problems

STEPS = pd.DataFrame(
    {"step": ["2.4 GHz", "and 868 MHz", "and power line", "Reached by none"], "pct": [71.2, 24.9, 2.4, 1.5],
     "low": [67.3, 21.4, 1.6, 0.8], "high": [74.8, 28.8, 3.6, 2.4]}
)  # fmt: skip
NAMED: dict[str, Any] = {"label": "step", "part": "pct"}


def test_each_bar_starts_where_the_one_before_ended() -> None:
    ax = draw_waterfall(STEPS, **NAMED)
    bars: Any = ax.patches
    assert [round(bar.get_x(), 6) for bar in bars] == [0.0, 71.2, 96.1, 98.5]
    assert [bar.get_x() + bar.get_width() for bar in bars][-1] == pytest.approx(100)
    assert find_chart_problems(ax) == []


def test_figures_and_intervals_are_written_and_the_rest_has_its_own_colour() -> None:
    ax = draw_waterfall(STEPS, **NAMED, low="low", high="high")
    assert [text.get_text() for text in ax.texts] == [
        "71.2% (67.3 to 74.8)", "+24.9% (21.4 to 28.8)", "+2.4% (1.6 to 3.6)", "1.5% (0.8 to 2.4)",
    ]  # fmt: skip
    bars: Any = ax.patches
    colours = [bar.get_facecolor() for bar in bars]
    assert colours[0] == colours[1] == colours[2] != colours[3]
    assert find_chart_problems(ax) == []


def test_the_interval_of_the_rest_stands_at_its_moving_end() -> None:
    ax = draw_waterfall(STEPS, **NAMED, low="low", high="high")
    spans = [list(np.asarray(line.get_xdata(), dtype=float)) for line in ax.lines[-2:]]
    assert spans == [pytest.approx([97.6, 99.2])] * 2


def test_a_missing_interval_is_left_away() -> None:
    ax = draw_waterfall(STEPS.assign(low=np.nan, high=np.nan), **NAMED, low="low", high="high")
    assert ax.texts[0].get_text() == "71.2%"


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        (STEPS.head(2), {}, "make 100"),
        (STEPS.assign(pct=[np.nan, 97.0, 1.5, 1.5]), {}, "make 100"),
        (STEPS, {"low": "low"}, "half an interval"),
        (STEPS.assign(pct=[101.0, 0.0, 0.0, -1.0]), {}, "0 to 100"),
    ],
    ids=["not a whole", "missing", "half an interval", "negative"],
)
def test_what_is_no_whole_is_refused(table: pd.DataFrame, change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_waterfall(table, **NAMED, **change)


def test_parts_rounded_to_the_decimal_printed_still_make_a_whole() -> None:
    assert draw_waterfall(STEPS.assign(pct=[71.2, 24.9, 2.4, 1.4]), **NAMED)
