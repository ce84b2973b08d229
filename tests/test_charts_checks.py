"""The rules of a published chart find what breaks them."""

import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from smarthan.charts import find_chart_problems


def _axes() -> Axes:
    ax = Figure(figsize=(6, 3), layout="constrained").add_subplot()
    ax.tick_params(labelsize=12)
    ax.grid(False)
    return ax


def test_a_plain_chart_has_no_problem() -> None:
    ax = _axes()
    ax.plot([0, 1], [0, 1])
    assert find_chart_problems(ax) == []


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ("turned by 45 degrees", {"x": 0.5, "y": 0.5, "s": "slanted", "rotation": 45, "size": 12}),
        ("has 8 pt", {"x": 0.5, "y": 0.5, "s": "tiny", "size": 8}),
        ("cut off", {"x": 3.0, "y": 0.5, "s": "far away", "size": 12, "in_layout": False}),
    ],
)
def test_bad_text_is_found(words: str, options: dict[str, object]) -> None:
    ax = _axes()
    ax.text(**options)  # type: ignore[arg-type]
    assert any(words in problem for problem in find_chart_problems(ax))


def test_bars_on_a_cut_axis_a_title_and_two_axes_are_found() -> None:
    ax = _axes()
    ax.barh([0, 1], [5, 6])
    ax.set_xlim(4, 7)
    ax.set_title("Reach grows", size=12)
    twin = ax.twinx()
    twin.tick_params(labelsize=12)
    problems = " ".join(find_chart_problems(ax))
    assert "start the axis at zero" in problems
    assert "give it to show_chart" in problems
    assert "two value axes" in problems


def test_a_thicket_of_grid_lines_is_found() -> None:
    ax = _axes()
    ax.set_xlim(0, 20)
    ax.set_xticks(range(0, 21, 1), [""] * 21)
    ax.grid(True, axis="x")
    assert any("grid lines" in problem for problem in find_chart_problems(ax))
