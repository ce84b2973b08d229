"""Estimates in a unit with intervals and the bands in which they are plausible."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from smarthan.charts import draw_estimates, find_chart_problems

TABLE = pd.DataFrame(
    {"what": ["Light wall", "Heavy wall", "Floor"], "db": [3.0, 6.6, np.nan], "low": [2.1, np.nan, np.nan],
     "high": [3.9, np.nan, np.nan], "from": [1.0, 3.0, np.nan], "to": [6.0, 15.0, np.nan]}
)  # fmt: skip
NAMED: dict[str, Any] = {"label": "what", "estimate": "db", "low": "low", "high": "high"}


def test_figures_are_written_without_an_interval_that_is_not_there() -> None:
    ax = draw_estimates(TABLE, **NAMED)
    assert [text.get_text() for text in ax.texts] == ["3.0 (2.1 to 3.9)", "6.6", "no estimate"]
    assert ax.get_xlim()[0] == 0
    assert find_chart_problems(ax) == []


def test_bands_are_drawn_where_they_are_known_and_named() -> None:
    ax: Any = draw_estimates(TABLE, **NAMED, band_low="from", band_high="to")
    bands = [(a.get_x(), a.get_width()) for a in ax.patches if isinstance(a, Rectangle)]
    assert bands == [(1.0, 5.0), (3.0, 12.0)]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["Plausible"]
    assert find_chart_problems(ax) == []


def test_what_lies_below_zero_and_nothing_at_all_are_drawn() -> None:
    assert draw_estimates(TABLE.assign(low=-1.0), **NAMED).get_xlim()[0] < -1
    assert find_chart_problems(draw_estimates(TABLE.assign(db=np.nan, low=np.nan, high=np.nan), **NAMED)) == []


def test_half_a_band_is_refused() -> None:
    with pytest.raises(ValueError, match="both band_low"):
        draw_estimates(TABLE, **NAMED, band_low="from")
