"""What knowing more is worth: bars with their range over the weight sets; the curve of a trial."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_information, draw_net_benefit, find_chart_problems

BARS = pd.DataFrame({"what": ["Flats", "Hub"], "least": [0.0, 0.1], "median": [0.4, 0.1], "most": [0.9, 0.1]})
CURVE = pd.DataFrame(
    {"n": [5, 10, 15, 20], "least": [-1.0, -0.5, -0.6, -0.8], "median": [0.5, 2.0, 2.2, 2.1], "most": [1.0, 4, 5, 5]}
)
WORTH: dict[str, Any] = {"middle": "median", "least": "least", "most": "most"}


def test_each_bar_says_its_median_and_range() -> None:
    ax = draw_information(BARS, label="what", **WORTH)
    assert [text.get_text() for text in ax.texts] == ["0.40 (0.00 to 0.90)", "0.10 (0.10 to 0.10)"]
    assert ax.get_xlim()[0] == 0
    assert find_chart_problems(ax) == []


def test_one_weight_set_has_no_range() -> None:
    one = BARS.assign(least=BARS["median"], most=BARS["median"])
    assert [text.get_text() for text in draw_information(one, label="what", **WORTH).texts] == ["0.40", "0.10"]


def test_worth_below_zero_or_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="column 'least' holds -1"):
        draw_information(BARS.assign(least=-1.0), label="what", **WORTH)
    with pytest.raises(ValueError, match="column 'most' holds a missing value"):
        draw_information(BARS.assign(most=np.nan), label="what", **WORTH)


def test_the_curve_marks_its_size_and_shows_zero() -> None:
    ax = draw_net_benefit(CURVE, size="n", **WORTH, chosen=10, chosen_label="10 buildings: GBP 2.0 million")
    assert [text.get_text() for text in ax.texts] == ["10 buildings: GBP 2.0 million"]
    low, high = ax.get_ylim()
    assert low < -1.0 < 5.0 < high
    assert find_chart_problems(ax) == []


def test_a_curve_of_one_set_has_no_band_and_one_size_has_a_dot() -> None:
    one = CURVE.assign(least=CURVE["median"], most=CURVE["median"])
    assert not list(draw_net_benefit(one, size="n", **WORTH).collections)
    assert draw_net_benefit(one[:1], size="n", **WORTH).lines[0].get_marker() == "o"


@pytest.mark.parametrize(
    ("change", "marks", "words"),
    [
        ({"n": [5, 20, 15, 10]}, {}, "does not rise"),
        ({}, {"chosen": 7.0, "chosen_label": "7"}, "chosen is 7; it must be one of 'n'"),
        ({}, {"chosen": 5.0}, "with chosen_label in words"),
        ({"median": [1.0, np.nan, 1.0, 1.0]}, {}, "column 'median' holds a missing value"),
    ],
)
def test_curves_that_cannot_be_drawn_are_refused(change: dict[str, object], marks: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_net_benefit(CURVE.assign(**change), size="n", **WORTH, **marks)
