"""A dumbbell: two shares a row, both written, neither taken for the other."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_dumbbell, find_chart_problems

TABLE = pd.DataFrame(
    {"area": ["Wales", "London", "Scotland"], "raw": [0.889, 0.591, np.nan], "shrunk": [0.809, 0.643, 0.7],
     "low": [0.76, 0.46, np.nan], "high": [0.96, 0.72, np.nan]}
)  # fmt: skip
NAMED: dict[str, Any] = {
    "label": "area", "first": "raw", "second": "shrunk", "first_label": "Raw", "second_label": "Shrunk",
}  # fmt: skip


def key_of(ax: Any) -> list[str]:
    return [text.get_text() for text in ax.get_legend().get_texts()]


def test_both_shares_are_written_and_a_missing_one_is_not_nought() -> None:
    ax = draw_dumbbell(TABLE, **NAMED)
    assert [text.get_text() for text in ax.texts] == [
        "raw, shrunk", "88.9%, 80.9%", "59.1%, 64.3%", "none, 70.0%",
    ]  # fmt: skip
    assert key_of(ax) == ["Raw", "Shrunk"]
    assert find_chart_problems(ax) == []


def test_an_interval_is_named_and_within_the_axis() -> None:
    ax = draw_dumbbell(TABLE, **NAMED, low="low", high="high")
    assert key_of(ax) == ["95% interval", "Raw", "Shrunk"]
    low, high = ax.get_xlim()
    assert low < 0.46
    assert high > 0.96
    assert find_chart_problems(ax) == []


def test_shares_that_are_alike_and_none_at_all_are_drawn() -> None:
    assert find_chart_problems(draw_dumbbell(TABLE.assign(raw=0.5, shrunk=0.5), **NAMED)) == []
    assert find_chart_problems(draw_dumbbell(TABLE.assign(raw=np.nan, shrunk=np.nan), **NAMED)) == []


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"low": "low"}, ValueError, "half an interval"),
        ({"second": "model"}, KeyError, "no such column"),
        ({"second": "area"}, TypeError, "not numbers"),
    ],
)
def test_what_would_mislead_is_refused(change: dict[str, str], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        draw_dumbbell(TABLE, **(NAMED | change))


def test_a_per_cent_is_no_share() -> None:
    with pytest.raises(ValueError, match="0 to 1"):
        draw_dumbbell(TABLE.assign(raw=88.9), **NAMED)
