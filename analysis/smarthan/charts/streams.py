"""Two streams that make a net change: what came on one side of zero, what went on the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .bars import BAR_HEIGHT, write_end
from .columns import numbers, require_between, require_columns
from .style import (
    INK,
    chart_style,
    line_count,
    new_axes,
    palette,
    put_key_above,
    set_row_labels,
    use_vertical_grid,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def draw_net(
    table: pd.DataFrame,
    *,
    label: str,
    more: str,
    less: str,
    more_label: str = "More",
    less_label: str = "Less",
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what came to the right of zero and what went to the left, the net written at the end.

    Parameters
    ----------
    table : DataFrame
        One row a pair of bars, first row on top. No missing value.
    label : str
        Column of bar names.
    more, less : str
        Columns of what came and what went, both zero or more; the net is the one less the other.
    more_label, less_label : str
        Words for the key.
    axis_label : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers, or holds a negative or missing value.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"region": ["North", "South"], "more": [120, 30], "less": [20, 50]})
    >>> ax = draw_net(table, label="region", more="more", less="less")
    >>> [text.get_text() for text in ax.texts]
    ['+100', '-20']
    """
    chart = "draw_net"
    require_columns(table, chart, label=label, more=more, less=less)
    sides = [numbers(table, column, chart) for column in (more, less)]
    for column, values in zip((more, less), sides, strict=True):
        require_between(values, 0, np.inf, chart=chart, column=column)
        if np.isnan(values).any():
            raise ValueError(f"{chart}: column '{column}' holds a missing value; a net needs both sides")
    labels = [wrap(name) for name in table[label].astype(str)]
    rows = np.arange(len(labels))
    came, went = sides
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 0.8)
        colours = palette("categorical", 2)
        ax.barh(rows, -went, height=BAR_HEIGHT, color=colours[1], label=less_label, zorder=3)
        ax.barh(rows, came, height=BAR_HEIGHT, color=colours[0], label=more_label, zorder=3)
        ax.axvline(0, color=INK, linewidth=1, zorder=4)
        for row, net in enumerate(came - went):
            write_end(ax, row, came[row], f"{net:+,.0f}" if round(net) else "0", weight="bold")
        set_row_labels(ax, labels)
        _set_both_ways(ax, float(went.max()), float(came.max()))
        ax.set_xlabel(axis_label)
        put_key_above(ax, *ax.get_legend_handles_labels())
    return ax


def _set_both_ways(ax: Axes, left: float, right: float) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    whole = (left + right) or 1.0
    ax.set_xlim(-left - 0.04 * whole if left else 0, right + 0.16 * whole)
    ax.xaxis.set_major_locator(MaxNLocator(7))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{abs(tick):,.10g}"))
    use_vertical_grid(ax)
