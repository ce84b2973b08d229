"""Who leads where when weights move: a strip for each criterion, or a map of two weights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import in_order, numbers, require_between, require_columns, require_few
from .style import (
    GRID_GREY,
    INK,
    SMALL_TEXT_PT,
    chart_style,
    line_count,
    new_axes,
    palette,
    set_percent_axis,
    set_row_labels,
    text_on,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

STRIP_HEIGHT = 0.6
# A stretch this wide [share of the axis] has room for the number of its leader.
NUMBER_ROOM = 0.03
MARK_ROOM = 0.012
# Letters of 12 pt that two columns of a key hold within the width of a chart.
KEY_LETTERS = 76
# A region of less area than this [of the unit square] has its number beside it, in a box.
SMALL_REGION = 0.006


def draw_weight_lines(
    table: pd.DataFrame,
    *,
    criterion: str,
    leader: str,
    low: str,
    high: str,
    now: str,
    words: str | None = None,
    leaders: Sequence[str] | None = None,
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw who leads at every weight that one criterion at a time could have, a strip a criterion.

    Parameters
    ----------
    table : DataFrame
        Long: one row a stretch of a criterion's weight, criteria in order of appearance.
    criterion : str
        Column of criterion names.
    leader : str
        Column of who leads there, at most 6 different ones; the key numbers them, and the stretches carry the number.
    low, high : str
        Columns of the stretch's ends [1, 0 to 1].
    now : str
        Column of the criterion's weight as it stands [1, 0 to 1], marked on its strip.
    words : str, optional
        Column of words beside each strip, such as where the leader changes; the first of a criterion counts.
    leaders : sequence of str, optional
        Their order in the key; order of appearance otherwise.
    axis_label : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers from 0 to 1 or something missing, or there are more than 6 leaders.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"c": ["Cost"] * 2, "who": ["A", "B"], "low": [0, 0.4], "high": [0.4, 1.0], "now": 0.3})
    >>> ax = draw_weight_lines(table, criterion="c", leader="who", low="low", high="high", now="now")
    >>> [text.get_text() for text in ax.texts]
    ['1', '2']
    """
    chart = "draw_weight_lines"
    require_columns(table, chart, criterion=criterion, leader=leader, low=low, high=high, now=now, words=words)
    ends = {column: numbers(table, column, chart) for column in (low, high, now)}
    for column, values in ends.items():
        require_between(values, 0, 1, chart=chart, column=column)
        if np.isnan(values).any():
            raise ValueError(f"{chart}: column {column!r} holds a missing value; leave the criterion out and say so")
    rows = in_order(table[criterion], None, chart=chart, what="criterion")
    named = in_order(table[leader], leaders, chart=chart, what="leader")
    require_few(named, chart=chart, what="leaders")
    labels = [wrap(row, 32) for row in rows]
    places = [rows.index(name) for name in table[criterion].astype(str)]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 0.8)
        _draw_stretches(ax, places, table[leader].astype(str).tolist(), named, np.array([*ends.values()]))
        _mark_now(ax, dict(zip(places, ends[now], strict=True)))
        for row in range(len(rows)) if words else ():
            said = str(table[words].iloc[places.index(row)])
            ax.text(1.02, row, wrap(said, 28), transform=ax.get_yaxis_transform(), va="center", size=SMALL_TEXT_PT)
        set_row_labels(ax, labels)
        set_percent_axis(ax)
        ax.grid(False)
        ax.set_xlabel(axis_label)
    return ax


def _draw_stretches(ax: Any, places: list[int], names: list[str], leaders: list[str], ends: np.ndarray) -> None:
    from matplotlib.patches import Patch

    colours = palette("categorical", len(leaders))
    for row, name, (start, end, now) in zip(places, names, ends.T, strict=True):
        number = leaders.index(name)
        ax.barh(
            row, end - start, left=start, height=STRIP_HEIGHT, color=colours[number], edgecolor=INK, linewidth=0.8,
            zorder=3,
        )  # fmt: skip
        room = _widest_part(start, end, now)
        if room[1] - room[0] >= NUMBER_ROOM:
            ax.text(
                sum(room) / 2, row, str(number + 1), ha="center", va="center", size=SMALL_TEXT_PT,
                color=text_on(colours[number]), zorder=4,
            )  # fmt: skip
    _put_numbered_key(ax, [Patch(facecolor=c, edgecolor=INK, linewidth=0.8) for c in colours], leaders, 1.0)


def _widest_part(start: float, end: float, now: float) -> tuple[float, float]:
    """Return the wider part of a stretch beside the mark of the weight now."""
    parts = [(start, min(end, now - MARK_ROOM)), (max(start, now + MARK_ROOM), end)]
    return max(parts, key=lambda part: part[1] - part[0])


def _put_numbered_key(ax: Any, handles: Sequence[Any], leaders: Sequence[str], height: float) -> None:
    """Put a key above the chart, in two columns where they fit, read row by row; the numbers stand in the drawing."""
    words = [wrap(f"{place}  {name}", 70) for place, name in enumerate(leaders, 1)]
    longest = [max(map(len, words[column::2]), default=0) for column in (0, 1)]
    across = min(2, len(words)) if sum(longest) <= KEY_LETTERS else 1
    dealt = [place for column in range(across) for place in range(column, len(words), across)]
    ax.legend(
        [handles[place] for place in dealt], [words[place] for place in dealt], loc="lower center",
        bbox_to_anchor=(0.5, height), ncols=across, borderaxespad=0.5, handlelength=1.2, handleheight=1.1,
        columnspacing=1.6, labelcolor=INK, fontsize=SMALL_TEXT_PT,
    )  # fmt: skip


def _mark_now(ax: Any, now: dict[int, float]) -> None:
    """Mark the weight as it stands: a white line in a dark edge across the strip, and a triangle over it."""
    for row, weight in now.items():
        half = STRIP_HEIGHT / 2
        ax.vlines(weight, row - half, row + half, color=INK, lw=4, zorder=5)
        ax.vlines(weight, row - half, row + half, color="white", lw=1.6, zorder=6)
        ax.scatter([weight], [row - half - 0.08], marker="v", s=46, color=INK, zorder=6, clip_on=False)


def draw_weight_map(
    table: pd.DataFrame,
    *,
    leader: str,
    x: str,
    y: str,
    now: tuple[float, float],
    now_label: str,
    x_label: str,
    y_label: str,
    ax: Axes | None = None,
) -> Axes:
    """Draw who leads for every pair of weights of two criteria: regions of a triangle, each with its leader's name.

    Parameters
    ----------
    table : DataFrame
        Long: the corners of each leader's region in their order, regions one after the other, at most 6.
    leader : str
        Column of who leads in the region.
    x, y : str
        Columns of the two weights at a corner [1, 0 to 1].
    now : tuple of float
        The two weights as they stand.
    now_label : str
        Words beside the mark at `now`.
    x_label, y_label : str
        The two criteria.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers from 0 to 1, or there are more than 6 leaders.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"who": ["A"] * 3, "x": [0.0, 1.0, 0.0], "y": [0.0, 0.0, 1.0]})
    >>> marks = {"now": (0.2, 0.3), "now_label": "now", "x_label": "Cost", "y_label": "Reach"}
    >>> ax = draw_weight_map(table, leader="who", x="x", y="y", **marks)
    >>> [text.get_text() for text in ax.texts]
    ['1', 'now']
    """
    chart = "draw_weight_map"
    require_columns(table, chart, leader=leader, x=x, y=y)
    corners = np.column_stack([numbers(table, x, chart), numbers(table, y, chart)])
    require_between(corners, 0, 1, chart=chart, column="weights")
    leaders = in_order(table[leader], None, chart=chart, what="leader")
    require_few(leaders, chart=chart, what="leaders")
    owner = table[leader].astype(str).to_numpy()
    with chart_style():
        drawn: Any = new_axes(ax, rows=13)
        _draw_regions(drawn, [corners[owner == name] for name in leaders], leaders)
        drawn.scatter(*now, s=110, facecolor="white", edgecolor=INK, linewidths=2, zorder=6)
        drawn.annotate(
            now_label, now, xytext=(12, 0), textcoords="offset points", va="center", size=SMALL_TEXT_PT, color=INK,
            zorder=7, bbox={"facecolor": "white", "edgecolor": INK, "linewidth": 0.8, "pad": 2.5},
        )  # fmt: skip
        _set_two_shares(drawn, x_label, y_label)
    return drawn


def _draw_regions(ax: Any, regions: list[np.ndarray], leaders: list[str]) -> None:
    from matplotlib.patches import Polygon

    handles = []
    for number, (corners, colour) in enumerate(zip(regions, palette("categorical", len(leaders)), strict=True), 1):
        patch = Polygon(corners, closed=True, facecolor=colour, edgecolor="white", linewidth=2.5, zorder=3)
        ax.add_patch(patch)
        handles.append(patch)
        style: dict[str, Any] = {"ha": "center", "va": "center", "size": SMALL_TEXT_PT, "weight": "bold", "zorder": 5}
        if _area(corners) >= SMALL_REGION:
            ax.text(*_middle(corners), str(number), color=text_on(colour), **style)
            continue
        ax.annotate(
            str(number), _middle(corners), xytext=(26, 14), textcoords="offset points", color=INK, **style,
            bbox={"facecolor": "white", "edgecolor": INK, "linewidth": 0.8, "pad": 2},
            arrowprops={"arrowstyle": "-", "color": INK, "linewidth": 1.2},
        )  # fmt: skip
    _put_numbered_key(ax, handles, leaders, 1.06)


def _area(corners: np.ndarray) -> float:
    x, y = corners.T
    return float(abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2)


def _middle(corners: np.ndarray) -> np.ndarray:
    """Return the centre of gravity of a convex polygon, or the mean of its corners where it has no area."""
    x, y = corners.T
    cross = x * np.roll(y, -1) - np.roll(x, -1) * y
    twice = cross.sum()
    if abs(twice) < 1e-9:
        return np.asarray(corners.mean(axis=0))
    return np.asarray(((corners + np.roll(corners, -1, axis=0)) * cross[:, None]).sum(axis=0) / (3 * twice))


def _set_two_shares(ax: Any, x_label: str, y_label: str) -> None:
    from matplotlib.ticker import FixedLocator, PercentFormatter

    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1.0]))
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    ax.set(xlim=(0, 1.0), ylim=(0, 1.0), xlabel=x_label)
    ax.set_ylabel(y_label, rotation=0, ha="left", va="bottom")
    ax.yaxis.set_label_coords(0, 1.01)
    ax.grid(True, color=GRID_GREY)
    ax.set_axisbelow(True)
