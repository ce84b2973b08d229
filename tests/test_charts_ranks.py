"""Rank acceptability with its figures in the cells; the tornado, widest on top."""

from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes

from smarthan.charts import draw_rank_acceptability, draw_tornado, find_chart_problems
from smarthan.charts.style import contrast

RANKS = pd.DataFrame({"option": ["A", "B", "C"], "1": [0.901, 0.097, 0.002], "2": [0.099, 0.5, 0.401]})
ENDS = pd.DataFrame({"input": ["Cost", "Reach in flats"], "low": [48.0, 40.0], "high": [51.0, 60.0]})


def test_each_cell_holds_its_figure_and_reads_on_its_shade() -> None:
    ax = draw_rank_acceptability(RANKS, option="option")
    assert [text.get_text() for text in ax.texts] == ["90", "10", "10", "50", "<1", "40"]
    pairs = zip(ax.texts, ax.patches, strict=True)
    assert min(contrast(text.get_color(), patch.get_facecolor()) for text, patch in pairs) >= 4.5  # type: ignore[arg-type]
    assert find_chart_problems(ax) == []


def test_shares_over_one_and_too_many_ranks_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed is 0 to 1"):
        draw_rank_acceptability(RANKS.assign(**{"1": 90.0}), option="option")
    wide = pd.DataFrame({"option": ["A"], **{str(n): [0.0] for n in range(16)}})
    with pytest.raises(ValueError, match="16 rank columns"):
        draw_rank_acceptability(wide, option="option")


def test_the_widest_input_is_on_top_with_both_ends_written() -> None:
    ax = draw_tornado(ENDS, label="input", low="low", high="high", base=50, base_label="Score 50")
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["Reach in flats", "Cost"]
    assert [text.get_text() for text in ax.texts] == ["40", "60", "48", "51", "Score 50"]
    assert find_chart_problems(ax) == []


def test_an_input_without_an_end_is_refused() -> None:
    with pytest.raises(ValueError, match="an end is missing"):
        draw_tornado(ENDS.assign(low=float("nan")), label="input", low="low", high="high", base=50, base_label="Score")


def sides_of(ax: Axes) -> dict[str, str]:
    """On which side of its line each of the last two words stands."""
    return {text.get_text(): text.get_horizontalalignment() for text in ax.texts[-2:]}


def test_a_limit_is_drawn_with_its_words_on_the_far_side() -> None:
    roles: dict[str, Any] = {"label": "input", "low": "low", "high": "high", "base": 50, "base_label": "Score 50"}
    ax = draw_tornado(ENDS, **roles, limit=45, limit_label="Another leads")
    assert {text.get_text(): text.get_horizontalalignment() for text in ax.texts[-2:]} == {
        "Score 50": "left",
        "Another leads": "right",
    }
    assert find_chart_problems(ax) == []
    with pytest.raises(ValueError, match="limit needs limit_label"):
        draw_tornado(ENDS, **roles, limit=45)


def test_a_limit_at_the_base_keeps_both_words_apart() -> None:
    roles: dict[str, Any] = {"label": "input", "low": "low", "high": "high", "base": 50, "base_label": "Level"}
    ax = draw_tornado(ENDS, **roles, limit=50, limit_label="Another leads")
    assert {text.get_text(): text.get_horizontalalignment() for text in ax.texts[-2:]} == {
        "Level": "left",
        "Another leads": "right",
    }
