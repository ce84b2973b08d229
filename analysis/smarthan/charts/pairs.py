"""Two estimates of the same thing side by side, row by row: a dumbbell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import numbers, require_between, require_columns
from .hiding import WORD, find_suppressed, hatch_rows
from .style import (
    INK,
    INK_SOFT,
    REST_GREY,
    SMALL_TEXT_PT,
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


def draw_dumbbell(
    table: pd.DataFrame,
    *,
    label: str,
    first: str,
    second: str,
    first_label: str,
    second_label: str,
    low: str | None = None,
    high: str | None = None,
    interval_label: str = "95% interval",
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw two shares a row as a ring and a diamond joined by a line, both written beside it.

    Parameters
    ----------
    table : DataFrame
        One row per line of the chart, first row on top. A row without one of the two shows the other; a row whose
        column `status` says "suppressed" is hatched, with that word.
    label : str
        Column of row names.
    first, second : str
        Columns of the two shares [1, 0 to 1]; the first is the ring.
    first_label, second_label : str
        Words for the key.
    low, high : str, optional
        Columns of the interval of the first [1, 0 to 1]; both or neither.
    interval_label : str
        Words for the interval in the key.
    axis_label : str
        What the shares are shares of.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers or a share outside 0 to 1, or half an interval is given.

    Notes
    -----
    The axis spans what is drawn, in whole tenths: dots, unlike bars, need no zero.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"area": ["North", "South"], "raw": [0.5, 0.9], "shrunk": [0.55, 0.85]})
    >>> words = {"first_label": "Raw", "second_label": "Shrunk"}
    >>> ax = draw_dumbbell(table, label="area", first="raw", second="shrunk", **words)
    >>> [text.get_text() for text in ax.texts]
    ['raw, shrunk', '50.0%, 55.0%', '90.0%, 85.0%']
    """
    chart = "draw_dumbbell"
    require_columns(table, chart, label=label, first=first, second=second, low=low, high=high)
    if (low is None) != (high is None):
        raise ValueError(f"{chart}: give both low and high, or neither; half an interval misleads")
    hidden = find_suppressed(table)
    columns = [first, second, *([low, high] if low and high else [])]
    values = np.column_stack([np.where(hidden, np.nan, numbers(table, name, chart)) for name in columns])
    for place, column in enumerate(columns):
        require_between(values[:, place], 0, 1, chart=chart, column=column)
    labels = [wrap(name) for name in table[label].astype(str)]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 0.8)
        words = [interval_label, first_label, second_label]
        put_key_above(ax, *_draw_pairs(ax, values, words))
        hatch_rows(ax, np.flatnonzero(hidden))
        set_row_labels(ax, labels)
        _set_span(ax, values)
        ax.set_xlabel(axis_label)
        _write_pairs(ax, values, hidden, f"{first_label}, {second_label}".lower())
    return ax


def _draw_pairs(ax: Any, values: np.ndarray, words: list[str]) -> tuple[list[Any], list[str]]:
    """Draw lines, rings and diamonds; return what the key shows."""
    from matplotlib.lines import Line2D

    rows = np.arange(len(values))
    plain, stressed = palette("categorical", 2)
    bounded = values.shape[1] == 4
    if bounded:
        ax.hlines(rows, values[:, 2], values[:, 3], colors=REST_GREY, lw=1.6, zorder=2)
    ax.hlines(rows, values[:, 0], values[:, 1], colors=INK_SOFT, lw=3.2, zorder=3)
    ax.scatter(values[:, 0], rows, s=80, facecolors="white", edgecolors=plain, linewidths=2.2, zorder=4)
    ax.scatter(values[:, 1], rows, s=80, marker="D", c=stressed, edgecolors="white", linewidths=0.8, zorder=5)
    handles = [
        Line2D([], [], color=REST_GREY, lw=1.6),
        Line2D([], [], ls="", marker="o", ms=9, mfc="white", mec=plain, mew=2.2),
        Line2D([], [], ls="", marker="D", ms=8, mfc=stressed, mec="white"),
    ]
    return (handles, words) if bounded else (handles[1:], words[1:])


def _set_span(ax: Any, values: np.ndarray) -> None:
    """Let the axis span what is drawn in whole tenths, five at most marked."""
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    known = values[np.isfinite(values)]
    low, high = (known.min(), known.max()) if known.size else (0.0, 1.0)
    start, end = max(0.0, np.floor(10 * low - 0.2) / 10), min(1.0, np.ceil(10 * high + 0.2) / 10)
    ax.set_xlim(start - 0.015 * (end - start), end + 0.015 * (end - start))
    ax.xaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol="%"))
    use_vertical_grid(ax)


def _write_pairs(ax: Any, values: np.ndarray, hidden: np.ndarray, heading: str) -> None:
    beside: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "size": SMALL_TEXT_PT, "color": INK}
    ax.text(1.03, -0.75, heading, va="bottom", **(beside | {"color": INK_SOFT}))
    for row, (one, other) in enumerate(values[:, :2]):
        said = ", ".join("none" if np.isnan(share) else f"{100 * share:.1f}%" for share in (one, other))
        ax.text(1.03, row, WORD if hidden[row] else said, va="center", **beside)
