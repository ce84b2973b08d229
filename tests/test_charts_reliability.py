"""A reliability diagram: what happened against what was forecast, on one square scale."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_reliability, find_chart_problems
from smarthan.charts.hiding import HATCH

BINS = pd.DataFrame({"p": [0.05, 0.5, 0.95], "y": [0.1, 0.45, 1.0], "low": [0.05, 0.4, 0.95], "high": [0.2, 0.5, 1.0]})
NAMED: dict[str, Any] = {"forecast": "p", "observed": "y"}


def test_dots_stand_at_forecast_and_outcome_beside_the_line_of_right_ones() -> None:
    ax: Any = draw_reliability(BINS, **NAMED, low="low", high="high")
    assert ax.collections[-1].get_offsets().tolist() == BINS[["p", "y"]].to_numpy().tolist()
    assert np.asarray(ax.lines[0].get_xydata()).tolist() == [[0, 0], [1, 1]]
    assert (ax.get_aspect(), ax.get_xlim(), ax.get_ylim()) == (1, (0, 1), (0, 1))
    assert find_chart_problems(ax) == []


def test_what_is_suppressed_is_counted_in_the_key() -> None:
    table = BINS.assign(status=["shown", "suppressed", "shown"], y=[0.1, np.nan, 1.0])
    ax: Any = draw_reliability(table, **NAMED)
    assert [text.get_text() for text in ax.get_legend().get_texts()][-1] == "1 suppressed"
    assert len(ax.collections[-1].get_offsets()) == 2
    assert find_chart_problems(ax) == []


def test_a_diagram_of_which_nothing_may_be_shown_is_hatched() -> None:
    ax = draw_reliability(BINS.assign(status="suppressed"), **NAMED)
    assert [text.get_text() for text in ax.texts] == ["suppressed"]
    assert any(getattr(artist, "get_hatch", lambda: None)() == HATCH for artist in ax.get_children())
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize(
    ("change", "words"), [({"low": "low"}, "half an interval"), ({"observed": "n"}, "0 to 1")], ids=["half", "count"]
)
def test_what_would_mislead_is_refused(change: dict[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_reliability(BINS.assign(n=[10, 20, 30]), **(NAMED | change))
