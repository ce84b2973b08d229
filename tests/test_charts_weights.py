"""Weight space: strips of one weight with numbered leaders, and the map of two."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from smarthan.charts import draw_weight_lines, draw_weight_map, find_chart_problems

ROLES: dict[str, Any] = {"criterion": "criterion", "leader": "leader", "low": "low", "high": "high", "now": "now"}
STRIPS = pd.DataFrame(
    {
        "criterion": ["Cost", "Cost", "Reach"],
        "leader": ["B", "A", "A"],
        "low": [0.0, 0.01, 0.0],
        "high": [0.01, 1.0, 1.0],
        "now": [0.3, 0.3, 0.7],
        "says": ["30% now; changes at 1%", "", "70% now; never changes"],
    }
)
REGIONS = pd.DataFrame(
    {
        "leader": ["A"] * 4 + ["B"] * 3,
        "x": [0.0, 0.97, 0.97, 0.0, 0.97, 1.0, 0.97],
        "y": [0.0, 0.0, 0.03, 1.0, 0.0, 0.0, 0.03],
    }
)
MARKS: dict[str, Any] = {
    "now": (0.2, 0.3),
    "now_label": "Weights of panel",
    "x_label": "Weight of cost",
    "y_label": "Weight of reach",
}


def test_a_stretch_carries_the_number_of_its_leader_where_there_is_room() -> None:
    ax = draw_weight_lines(STRIPS, **ROLES, words="says", leaders=["A", "B"])
    said = [text.get_text() for text in ax.texts]
    assert said == ["1", "1", "30% now; changes at 1%", "70% now; never changes"]
    legend = ax.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["1  A", "2  B"]
    assert find_chart_problems(ax) == []


def test_the_number_stands_beside_the_mark_of_the_weight_now() -> None:
    ax = draw_weight_lines(STRIPS[STRIPS["criterion"].eq("Reach")], **ROLES)
    assert ax.texts[0].get_position()[0] == pytest.approx((0.7 - 0.012) / 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"high": [0.01, 1.2, 1.0]}, "allowed is 0 to 1"),
        ({"now": np.nan}, "holds a missing value"),
        ({"leader": ["A", "B", "C"]}, "leader C is in the table and not in the order"),
    ],
)
def test_strips_that_cannot_be_drawn_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        draw_weight_lines(STRIPS.assign(**change), **ROLES, leaders=["A", "B"])


def test_seven_leaders_are_refused() -> None:
    table = pd.DataFrame({"criterion": "C", "leader": list("ABCDEFG"), "low": 0.0, "high": 1.0, "now": 0.5})
    with pytest.raises(ValueError, match="7 leaders; at most 6"):
        draw_weight_lines(table, **ROLES)


def test_regions_are_numbered_and_a_small_one_has_its_number_in_a_box_beside_it() -> None:
    ax = draw_weight_map(REGIONS, leader="leader", x="x", y="y", **MARKS)
    numbers = {text.get_text(): text.get_bbox_patch() for text in ax.texts}
    assert numbers["1"] is None
    assert numbers["2"] is not None
    assert "Weights of panel" in numbers
    assert find_chart_problems(ax) == []


def test_a_region_without_area_is_drawn_all_the_same() -> None:
    line = pd.DataFrame({"leader": ["A"] * 3, "x": [0.0, 0.5, 1.0], "y": [0.0, 0.0, 0.0]})
    assert "1" in [text.get_text() for text in draw_weight_map(line, leader="leader", x="x", y="y", **MARKS).texts]


def test_long_names_stand_in_one_column() -> None:
    names = {"A": "A" * 60, "B": "B" * 60}
    ax = draw_weight_lines(STRIPS.assign(leader=STRIPS["leader"].map(names)), **ROLES)
    assert find_chart_problems(ax) == []
