"""A row that disclosure control hid: a hatch and the word, in every chart, table, CSV file and alternative text."""

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from matplotlib.patches import Rectangle

from smarthan.charts import (
    draw_bars,
    draw_differences,
    draw_dumbbell,
    draw_funnel,
    draw_interval_groups,
    draw_shares,
    draw_stacked,
    draw_status_matrix,
    find_chart_problems,
)
from smarthan.charts.hiding import HATCH, find_suppressed
from smarthan.charts.tabular import csv_text, number_columns, table_html

TABLE = pd.DataFrame(
    {
        "type": ["House", "High flat", "Flat"],
        "homes": [12.0, None, 30.5],
        "share": [0.3, None, 0.8],
        "low": [0.2, None, 0.7],
        "high": [0.4, None, 0.9],
        "rest": [0.7, None, 0.2],
        "gap": [0.1, None, -0.2],
        "se": [0.5, None, 0.5],
        "size": [4, None, 4],
        "verdict": ["passes", None, "fails"],
        "panel": "A",
        "status": ["shown", "suppressed", "shown"],
    }
)
DRAWN: dict[str, Callable[[pd.DataFrame], Any]] = {
    "bars": lambda t: draw_bars(t, label="type", value="homes"),
    "stacked": lambda t: draw_stacked(t, label="type", parts=["share", "rest"]),
    "shares": lambda t: draw_shares(t, label="type", share="share", low="low", high="high"),
    "panels": lambda t: draw_interval_groups(t, panel="panel", label="type", share="share", low="low", high="high"),
    "differences": lambda t: draw_differences(
        t, label="type", difference="gap", before="share", after="rest", words="asked, answered"
    ),
    "dumbbell": lambda t: draw_dumbbell(
        t, label="type", first="share", second="rest", first_label="Raw", second_label="Shrunk", low="low", high="high"
    ),
    "matrix": lambda t: draw_status_matrix(t, row="type", column="panel", status="verdict"),
    "funnel": lambda t: draw_funnel(t, label="type", size="size", difference="gap", se="se"),
}
each_chart = pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())


def words_of(ax: Any) -> list[str]:
    key = ax.get_legend()
    return [text.get_text() for text in [*ax.texts, *(key.get_texts() if key else [])]]


def hatches_of(ax: Any) -> int:
    key = ax.get_legend()
    drawn = [*ax.findobj(Rectangle), *(key.get_patches() if key else [])]
    return len({id(patch) for patch in drawn if patch.get_hatch() == HATCH})


@each_chart
def test_a_hidden_row_is_hatched_and_named(draw: Callable[[pd.DataFrame], Any]) -> None:
    ax = draw(TABLE)
    assert hatches_of(ax) == 1
    assert sum("suppressed" in words for words in words_of(ax)) == 1
    assert not {"not known", "no estimate", "not assessed"} & set(words_of(ax))
    assert find_chart_problems(ax) == []


@each_chart
def test_a_figure_left_in_a_hidden_row_is_not_drawn(draw: Callable[[pd.DataFrame], Any]) -> None:
    left = TABLE.assign(homes=[12.0, 7.0, 30.5], share=[0.3, 0.35, 0.8], rest=[0.7, 0.65, 0.2], gap=[0.1, 0.07, -0.2])
    left = left.assign(size=[4, 4, 4], se=0.5, verdict=["passes", "fails", "fails"])
    assert words_of(draw(left)) == words_of(draw(TABLE))


@each_chart
def test_a_chart_of_which_nothing_may_be_shown_still_stands(draw: Callable[[pd.DataFrame], Any]) -> None:
    emptied = TABLE.assign(
        **dict.fromkeys(("homes", "share", "low", "high", "rest", "gap", "se", "size"), float("nan")), verdict=None
    )
    ax = draw(emptied.assign(status="suppressed"))
    assert "suppressed" in " ".join(words_of(ax))
    assert hatches_of(ax) >= 1
    assert find_chart_problems(ax) == []


@each_chart
def test_without_the_column_a_missing_value_is_only_missing(draw: Callable[[pd.DataFrame], Any]) -> None:
    table = TABLE.drop(columns="status")
    if draw is DRAWN["stacked"]:
        table = table.dropna()
    assert "suppressed" not in " ".join(words_of(draw(table)))


def test_the_csv_file_says_the_word_and_keeps_its_numbers() -> None:
    said = csv_text(TABLE[["type", "homes", "size", "status"]]).splitlines()
    assert said == ["type,homes,size", "House,12,4", "High flat,suppressed,suppressed", "Flat,30.5,4"]


def test_a_negative_number_beside_a_hidden_one_stays_a_number() -> None:
    table = pd.DataFrame({"type": ["=A", "B"], "gap": [-0.2, None], "status": ["shown", "suppressed"]})
    assert csv_text(table) == "type,gap\n'=A,-0.2\nB,suppressed\n"


def test_a_value_left_standing_in_a_hidden_row_stays() -> None:
    table = pd.DataFrame({"who": ["A"], "n": [None], "is_marked": [True], "status": ["suppressed"]})
    assert csv_text(table) == "who,n,is_marked\nA,suppressed,True\n"


def test_the_page_says_the_word_in_the_column_of_numbers() -> None:
    html = table_html(TABLE[["type", "homes", "status"]], caption="Homes", headings={"homes": "Homes"})
    assert '<td class="number">suppressed</td>' in html
    assert "Status" not in html
    assert number_columns(TABLE[["homes"]]) == ["homes"]


def test_a_column_of_that_name_with_other_words_is_a_column_like_the_rest() -> None:
    table = pd.DataFrame({"target": ["A"], "n": [None], "status": ["in force"]})
    assert csv_text(table) == "target,n,status\nA,,in force\n"
    assert find_suppressed(table).tolist() == [False]
