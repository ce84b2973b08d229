"""A whole made of steps: each bar starts where the one before it ended, and the last is what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .bars import BAR_HEIGHT
from .columns import numbers, require_between, require_columns
from .style import (
    INK,
    INK_SOFT,
    SMALL_TEXT_PT,
    chart_style,
    line_count,
    new_axes,
    palette,
    set_row_labels,
    use_vertical_grid,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

SLACK = 0.6  # points by which rounded parts may miss the whole


def draw_waterfall(
    table: pd.DataFrame,
    *,
    label: str,
    part: str,
    low: str | None = None,
    high: str | None = None,
    axis_label: str = "",
    decimals: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """Draw parts of 100% as bars that start where the one before ended; the last is what is left.

    Parameters
    ----------
    table : DataFrame
        One row a step, first row on top; the last row is the rest. No missing part.
    label : str
        Column of step names.
    part : str
        Column of parts [%], zero or more; together they make 100.
    low, high : str, optional
        Columns of the ends of each part's interval [%]; both or neither. Drawn at the bar's moving end and written.
    axis_label : str
    decimals : int
        Decimals of the written figures.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers, a part is negative or missing, or the parts do not make 100.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"step": ["2.4 GHz", "and 868 MHz", "None"], "pct": [70.0, 25.0, 5.0]})
    >>> ax = draw_waterfall(table, label="step", part="pct")
    >>> [text.get_text() for text in ax.texts], [float(bar.get_x()) for bar in ax.patches]
    (['70.0%', '+25.0%', '5.0%'], [0.0, 70.0, 95.0])
    """
    chart = "draw_waterfall"
    require_columns(table, chart, label=label, part=part, low=low, high=high)
    parts = numbers(table, part, chart)
    require_between(parts, 0, 100, chart=chart, column=part)
    if (low is None) != (high is None):
        raise ValueError(f"{chart}: give both low and high, or neither; half an interval misleads")
    if np.isnan(parts).any() or abs(parts.sum() - 100) > SLACK:
        raise ValueError(f"{chart}: the parts in {part!r} add to {parts.sum():g}; with the rest they must make 100")
    ends = np.full((len(parts), 2), np.nan)
    if low and high:
        ends = np.column_stack([numbers(table, low, chart), numbers(table, high, chart)])
    starts = np.append(0.0, np.cumsum(parts)[:-1])
    labels = [wrap(name) for name in table[label].astype(str)]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels))
        reached, rest = palette("categorical", 2)
        colours = [reached] * (len(parts) - 1) + [rest]
        ax.barh(range(len(parts)), parts, left=starts, height=BAR_HEIGHT, color=colours, zorder=3)
        _join_steps(ax, starts + parts)
        _mark_ends(ax, starts, ends)
        set_row_labels(ax, labels)
        _set_hundred(ax)
        ax.set_xlabel(axis_label)
        for row, share in enumerate(parts):
            sign = "+" if 0 < row < len(parts) - 1 else ""
            said = f"{sign}{share:.{decimals}f}%"
            if not np.isnan(ends[row]).any():
                said += f" ({ends[row, 0]:.{decimals}f} to {ends[row, 1]:.{decimals}f})"
            ax.text(
                1.03, row, said, transform=ax.get_yaxis_transform(), va="center", size=SMALL_TEXT_PT, color=INK
            )  # fmt: skip
    return ax


def _join_steps(ax: Any, reached: np.ndarray) -> None:
    """Lead the eye from the end of each bar to the start of the next."""
    for row, at in enumerate(reached[:-1]):
        ax.plot([at, at], [row, row + 1], color=INK_SOFT, lw=1, ls=(0, (3, 2)), zorder=2)


def _mark_ends(ax: Any, starts: np.ndarray, ends: np.ndarray) -> None:
    """Draw each interval at the end that moves with the part: the right one, of the rest the left one."""
    for row, (start, (low, high)) in enumerate(zip(starts, ends, strict=True)):
        span = (100 - high, 100 - low) if row == len(starts) - 1 else (start + low, start + high)
        if not np.isnan(span).any():
            ax.plot(span, [row, row], color="white", lw=4.5, solid_capstyle="butt", zorder=4)
            ax.plot(span, [row, row], color=INK, lw=2, marker="|", ms=9, mew=2, zorder=5, clip_on=False)


def _set_hundred(ax: Any) -> None:
    from matplotlib.ticker import FixedLocator, PercentFormatter

    ax.set_xlim(0, 100)
    ax.xaxis.set_major_locator(FixedLocator([0, 20, 40, 60, 80, 100]))
    ax.xaxis.set_major_formatter(PercentFormatter(100, decimals=0, symbol="%"))
    use_vertical_grid(ax)
