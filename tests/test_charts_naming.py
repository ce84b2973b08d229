"""Names beside points: none on another, none on a point, leads that do not cross."""

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure

from smarthan.charts.naming import name_points


def named(points: list[tuple[float, float]], names: list[str]) -> Any:
    ax: Any = Figure(figsize=(9, 5)).add_subplot()
    ax.set(xlim=(0, 10), ylim=(0, 10))
    across, up = np.array(points).T
    name_points(ax, across, up, names, others=np.array(points))
    ax.figure.draw_without_rendering()
    return ax


def boxes_of(ax: Any) -> list[Any]:
    """Return where the words stand, without the leads that belong to them."""
    return [text.get_bbox_patch().get_window_extent() for text in ax.texts]


def test_a_point_by_itself_has_its_name_beside_it_and_no_lead() -> None:
    ax = named([(5, 5)], ["A"])
    assert ax.texts[0].xyann == (8.0, 0.0)
    assert ax.texts[0].arrow_patch is None


def test_at_the_right_edge_the_name_stands_on_the_left() -> None:
    assert named([(9.9, 5)], ["A long name"]).texts[0].get_ha() == "right"


def test_names_keep_the_order_given() -> None:
    assert [text.get_text() for text in named([(1, 1), (1, 9)], ["low", "high"]).texts] == ["low", "high"]


@settings(max_examples=12, deadline=None)
@given(st.lists(st.tuples(st.floats(0.5, 9.5), st.floats(1, 9)), min_size=2, max_size=6, unique=True))
def test_no_name_touches_another(points: list[tuple[float, float]]) -> None:
    boxes = boxes_of(named(points, [f"SYN-V{i}" for i in range(len(points))]))
    assert not [1 for one, other in itertools.combinations(boxes, 2) if one.overlaps(other)]


def test_a_name_that_has_to_move_is_led_to_its_point() -> None:
    ax = named([(5, 5), (5.2, 5), (5.4, 5)], ["first", "second", "third"])
    led = [text for text in ax.texts if text.arrow_patch is not None]
    assert led
    assert all(text.xyann != (8.0, 0.0) for text in led)


def test_without_names_nothing_is_written() -> None:
    ax = Figure().add_subplot()
    name_points(ax, np.array([]), np.array([]), [], others=np.array([[0.5, 0.5]]))
    assert list(ax.texts) == []


@pytest.mark.parametrize("height", [0.6, 5.0])
def test_a_frame_too_small_for_any_name_still_has_them(height: float) -> None:
    ax = Figure(figsize=(0.8, height)).add_subplot()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    name_points(ax, np.array([0.5]), np.array([0.5]), ["a name wider than the frame"], others=np.array([[0.5, 0.5]]))
    assert len(ax.texts) == 1
