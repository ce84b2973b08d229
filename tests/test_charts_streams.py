"""What came and what went either side of zero, the net written at the end."""

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_net, find_chart_problems

TABLE = pd.DataFrame({"region": ["North", "South", "Wales"], "more": [1200.0, 30.0, 5.0], "less": [20.0, 50.0, 5.0]})


def test_the_net_is_written_and_bars_start_at_zero() -> None:
    ax = draw_net(TABLE, label="region", more="more", less="less", more_label="Came", less_label="Went")
    assert [text.get_text() for text in ax.texts] == ["+1,180", "-20", "0"]
    assert find_chart_problems(ax) == []
    low, high = ax.get_xlim()
    assert low < -50 < 1200 < high
    assert [bar.get_x() for group in ax.containers for bar in group] == [0.0] * 6


def test_without_anything_lost_the_axis_starts_at_zero() -> None:
    ax = draw_net(TABLE.assign(less=0.0), label="region", more="more", less="less")
    assert ax.get_xlim()[0] == 0
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize(
    ("change", "words"), [({"less": -1.0}, "holds -1"), ({"more": np.nan}, "holds a missing value")]
)
def test_what_makes_no_net_is_refused(change: dict[str, float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_net(TABLE.assign(**change), label="region", more="more", less="less")
