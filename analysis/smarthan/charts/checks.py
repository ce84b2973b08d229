"""The rules of a published chart that a machine can check on the drawing itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from .style import SMALL_TEXT_PT, chart_style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# A text may touch the edge by rounding of the layout; more is cut off.
SLACK_PX = 1.5


def find_chart_problems(ax: Axes) -> list[str]:
    """Return every broken rule of a chart's figure, in plain words; empty when all is well.

    Parameters
    ----------
    ax : Axes
        Any axes of the figure; all its axes are checked.

    Returns
    -------
    list of str

    Notes
    -----
    Checked: text horizontal, 12 pt or larger, inside the picture; bars start at zero or at a drawn base; one value
    axis; at most 10 grid lines; no title inside the picture.

    References
    ----------
    ONS, "Data visualisation: charts"; Analysis Function, "Data visualisation: charts", 19 May 2022.

    Examples
    --------
    >>> import pandas as pd
    >>> from smarthan.charts import draw_bars
    >>> find_chart_problems(draw_bars(pd.DataFrame({"area": ["A"], "n": [3]}), label="area", value="n"))
    []
    """
    figure: Any = ax.figure
    with chart_style():
        figure.draw_without_rendering()
        return [*_check_texts(figure), *_check_axes(figure)]


def visible_texts(figure: Any) -> list[Any]:
    """Return the text artists that a reader sees, tick labels included."""
    from matplotlib.text import Text

    texts = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    hidden = {id(text) for axes in figure.axes for text in _hidden_ticks(axes)}
    return [text for text in texts if id(text) not in hidden]


def _hidden_ticks(axes: Any) -> Iterator[Any]:
    """Yield labels of ticks outside the view, and all of an axis that is switched off: matplotlib keeps them."""
    for axis in (axes.xaxis, axes.yaxis):
        low, high = sorted(axis.get_view_interval())
        for tick in [*axis.get_major_ticks(), *axis.get_minor_ticks()]:
            slack = 1e-6 * (high - low)
            if not axes.axison or not low - slack <= tick.get_loc() <= high + slack:
                yield from (tick.label1, tick.label2)


def _check_texts(figure: Any) -> Iterator[str]:
    box = figure.bbox
    for text in visible_texts(figure):
        words = text.get_text().replace("\n", " ")[:40]
        if text.get_rotation() % 360:
            yield f"the text {words!r} is turned by {text.get_rotation():.0f} degrees; write it horizontally"
        if text.get_fontsize() < SMALL_TEXT_PT:
            yield f"the text {words!r} has {text.get_fontsize():.0f} pt; {SMALL_TEXT_PT} is the least"
        edge = text.get_window_extent()
        if min(edge.x0 - box.x0, edge.y0 - box.y0, box.x1 - edge.x1, box.y1 - edge.y1) < -SLACK_PX:
            yield f"the text {words!r} is cut off at the edge; widen the figure or shorten the text"


def _check_axes(figure: Any) -> Iterator[str]:
    for axes in figure.axes:
        if axes.get_title():
            yield "a title stands inside the picture; give it to show_chart, where a screen reader finds it"
        if any(other is not axes for other in axes.get_shared_x_axes().get_siblings(axes) if _same_place(axes, other)):
            yield "two value axes share one frame; draw two charts"
        grid = [line for line in axes.get_xgridlines() + axes.get_ygridlines() if line.get_visible()]
        if len(grid) > 10 and axes.axison:
            yield f"{len(grid)} grid lines; 10 at most, or label the data"
        yield from _check_bars(axes)


def _same_place(axes: Any, other: Any) -> bool:
    return bool(axes.get_position().bounds == other.get_position().bounds)


def _check_bars(axes: Any) -> Iterator[str]:
    from matplotlib.container import BarContainer

    groups = [group for group in axes.containers if isinstance(group, BarContainer)]
    starts = {round(float(bar.get_x()), 9) for group in groups for bar in group}
    both_ways = any(bar.get_width() < 0 for group in groups for bar in group)  # bars either side of zero start there
    if starts and min(starts) == 0 and axes.get_xlim()[0] != 0 and not both_ways:
        yield f"bars start at 0 and the axis at {axes.get_xlim()[0]:g}; start the axis at zero"
