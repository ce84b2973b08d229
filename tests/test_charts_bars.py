"""Bars start at zero, stacks add up, keys follow the data."""

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_bars, draw_contributions, draw_stacked, find_chart_problems

BARS = pd.DataFrame({"area": ["North", "Highlands and Islands of Scotland", "South"], "n": [1200.0, 8.0, np.nan]})
STACK = pd.DataFrame({"area": ["A", "B"], "both": [0.9, 0.5], "wan": [0.06, 0.3], "none": [0.04, 0.2]})
PARTS = {"both": "WAN and HAN", "wan": "WAN only", "none": "Neither"}
POINTS = pd.DataFrame({"option": ["A", "A", "B"], "group": ["Cost", "Reach", "Reach"], "points": [20.0, 30.0, 40.0]})


def test_bars_start_at_zero_and_carry_their_values() -> None:
    ax = draw_bars(BARS, label="area", value="n", unit="premises")
    assert ax.get_xlim()[0] == 0
    assert [text.get_text() for text in ax.texts] == ["1,200 premises", "8 premises", "not known"]
    assert find_chart_problems(ax) == []


def test_a_bar_of_nothing_but_missing_values_still_says_so() -> None:
    ax = draw_bars(BARS.iloc[2:], label="area", value="n")
    assert [text.get_text() for text in ax.texts] == ["not known"]


def test_negative_bars_are_refused() -> None:
    with pytest.raises(ValueError, match="holds -1"):
        draw_bars(BARS.assign(n=-1.0), label="area", value="n")


def test_a_stack_has_its_key_above_in_the_order_of_the_data() -> None:
    ax = draw_stacked(STACK, label="area", parts=PARTS)
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == list(PARTS.values())
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    assert legend.get_window_extent().y0 >= ax.get_window_extent().y1 - 1
    assert find_chart_problems(ax) == []


def test_a_long_key_reads_row_by_row() -> None:
    parts = {f"p{n}": f"A rather long name of part number {n}" for n in range(1, 6)}
    table = pd.DataFrame({"area": ["A"], **{part: [0.2] for part in parts}})
    ax = draw_stacked(table, label="area", parts=parts)
    ax.figure.draw_without_rendering()  # type: ignore[union-attr]
    legend = ax.get_legend()
    assert legend is not None
    boxes = [
        (-text.get_window_extent().y0, text.get_window_extent().x0, text.get_text()) for text in legend.get_texts()
    ]
    read = [text for _, _, text in sorted((round(y / 5), x, text) for y, x, text in boxes)]
    assert read == list(parts.values())
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"both": [0.9, 0.9]}, "row 1 adds to 1.4"),
        ({"both": [np.nan, 0.5]}, "a part is missing"),
        ({"both": [-0.1, 0.5]}, "0 to 1"),
    ],
)
def test_stacks_that_are_no_whole_are_refused(change: dict[str, list[float]], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_stacked(STACK.assign(**change), label="area", parts=PARTS)


def test_seven_parts_are_refused() -> None:
    table = pd.DataFrame({"area": ["A"], **{f"p{n}": [0.1] for n in range(7)}})
    with pytest.raises(ValueError, match="7 parts; at most 6"):
        draw_stacked(table, label="area", parts=[f"p{n}" for n in range(7)])


def test_contributions_end_in_their_total() -> None:
    ax = draw_contributions(POINTS, option="option", group="group", contribution="points")
    assert [text.get_text() for text in ax.texts][-4:] == ["50", "40", "Cost", "Reach"]
    ends = sorted({float(bar.get_x() + bar.get_width()) for group in ax.containers for bar in group})
    assert ends[-1] == 50
    assert find_chart_problems(ax) == []


def test_an_order_that_leaves_out_an_option_is_refused() -> None:
    with pytest.raises(ValueError, match="option B is in the table and not in the order"):
        draw_contributions(POINTS, option="option", group="group", contribution="points", order=["A"])


def test_groups_whose_names_do_not_fit_over_the_bar_get_a_key() -> None:
    long = POINTS.assign(group=POINTS["group"] + " and a name that is longer than the whole of the bar beneath it is")
    legend = draw_contributions(long, option="option", group="group", contribution="points").get_legend()
    assert legend is not None
    empty = pd.DataFrame({"option": ["A", "B"], "group": ["Cost", "Reach"], "points": [50.0, 40.0]})
    assert draw_contributions(empty, option="option", group="group", contribution="points").get_legend() is not None
