"""What knowing more is worth: a bar for each thing that could be learnt, and the curve of a trial's net benefit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .bars import BAR_HEIGHT
from .columns import numbers, require_between, require_columns
from .style import (
    GRID_GREY,
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

LABEL_LETTERS = 40


def draw_information(
    table: pd.DataFrame,
    *,
    label: str,
    middle: str,
    least: str,
    most: str,
    decimals: int = 2,
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what knowing each thing would be worth: a bar to the middle of the weight sets, a line from least to most.

    Parameters
    ----------
    table : DataFrame
        One row a bar, first row on top.
    label : str
        Column of what could be learnt.
    middle, least, most : str
        Columns of worth, zero or more, in any unit; least <= middle <= most.
    decimals : int
        Of the written figures.
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
    >>> table = pd.DataFrame({"cell": ["Flats"], "least": [0.1], "median": [0.4], "most": [0.9]})
    >>> ax = draw_information(table, label="cell", middle="median", least="least", most="most")
    >>> [text.get_text() for text in ax.texts]
    ['0.40 (0.10 to 0.90)']
    """
    chart = "draw_information"
    require_columns(table, chart, label=label, middle=middle, least=least, most=most)
    values = _read(table, (least, middle, most), chart)
    for column, worth in zip((least, middle, most), values, strict=True):
        require_between(worth, 0, np.inf, chart=chart, column=column)
    labels = [wrap(name, LABEL_LETTERS) for name in table[label].astype(str)]
    rows = np.arange(len(labels))
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels))
        fill = palette("sequential", 5)[3]
        ax.barh(rows, values[1], height=BAR_HEIGHT, color=fill, edgecolor=INK, linewidth=1, zorder=3)
        ranged = values[2] > values[0]
        ax.hlines(rows[ranged], values[0][ranged], values[2][ranged], color=INK, lw=2, zorder=4)
        for side in (0, 2):
            ax.scatter(values[side][ranged], rows[ranged], marker="|", s=90, c=INK, linewidths=2, zorder=4)
        for row, (low, mid, high) in enumerate(values.T):
            words = f"{mid:.{decimals}f}" + (f" ({low:.{decimals}f} to {high:.{decimals}f})" if ranged.any() else "")
            ax.annotate(
                words, (max(mid, high), row), xytext=(7, 0), textcoords="offset points", va="center",
                size=SMALL_TEXT_PT, color=INK,
            )  # fmt: skip
        set_row_labels(ax, labels)
        ax.set_xlim(0, 1.45 * (float(values.max()) or 1.0))
        ax.locator_params(axis="x", nbins=6)
        use_vertical_grid(ax)
        ax.set_xlabel(axis_label)
    return ax


def draw_net_benefit(
    table: pd.DataFrame,
    *,
    size: str,
    middle: str,
    least: str,
    most: str,
    chosen: float | None = None,
    chosen_label: str = "",
    middle_label: str = "Median weight set",
    range_label: str = "Range over the weight sets",
    size_label: str = "",
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw what a trial is worth over its size: the line of the median weight set within the range of all sets.

    Parameters
    ----------
    table : DataFrame
        One row a size, in order.
    size : str
        Column of sizes, such as buildings; rising.
    middle, least, most : str
        Columns of worth in any unit, below zero where a trial costs more than it tells.
    chosen : float, optional
        The size to mark, one of `size`; needs `chosen_label`.
    chosen_label, middle_label, range_label, size_label, axis_label : str
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers or something missing, sizes do not rise, or the chosen one is none of
        them or has no words.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"n": [5, 10], "least": [-1.0, 0.0], "median": [0.5, 1.0], "most": [1.0, 2.0]})
    >>> options = {"middle": "median", "least": "least", "most": "most", "chosen": 10, "chosen_label": "10 buildings"}
    >>> ax = draw_net_benefit(table, size="n", **options)
    >>> [text.get_text() for text in ax.texts]
    ['10 buildings']
    """
    chart = "draw_net_benefit"
    require_columns(table, chart, size=size, middle=middle, least=least, most=most)
    across, low, mid, high = _read(table, (size, least, middle, most), chart)
    if (np.diff(across) <= 0).any():
        raise ValueError(f"{chart}: column {size!r} does not rise from row to row; sort the table by it")
    if chosen is not None and (chosen not in across or not chosen_label.strip()):
        raise ValueError(f"{chart}: chosen is {chosen:g}; it must be one of {size!r}, with chosen_label in words")
    with chart_style():
        drawn: Any = new_axes(ax, rows=9)
        dark, band = palette("categorical", 1)[0], palette("sequential", 5)[-1]
        if (high > low).any():
            drawn.fill_between(across, low, high, facecolor=band, zorder=2, label=range_label)
            for edge in (low, high):
                drawn.plot(across, edge, color=INK_SOFT, lw=1.2, ls=(0, (5, 3)), zorder=3)
        drawn.plot(
            across, mid, color=dark, lw=2.8, marker="o" if len(across) < 2 else None, zorder=4, label=middle_label
        )
        drawn.axhline(0, color=INK, lw=1, zorder=3)
        _set_curve_axes(drawn, across, np.concatenate([low, high]), size_label, axis_label)
        if chosen is not None:
            _mark_chosen(drawn, chosen, float(mid[across == chosen][0]), chosen_label, across)
    return drawn


def _read(table: pd.DataFrame, columns: tuple[str, ...], chart: str) -> np.ndarray:
    values = np.array([numbers(table, column, chart) for column in columns])
    for column, row in zip(columns, values, strict=True):
        if np.isnan(row).any():
            raise ValueError(
                f"{chart}: column {column!r} holds a missing value; leave the row out and say so in a note"
            )
    return values


def _set_curve_axes(ax: Any, across: np.ndarray, values: np.ndarray, size_label: str, axis_label: str) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    least, most = min(float(values.min()), 0.0), max(float(values.max()), 0.0)
    room = 0.1 * ((most - least) or 1.0)
    ax.set_ylim(least - (room if least < 0 else 0), most + 1.6 * room)
    ax.set_xlim(0, 1.03 * float(across.max()))
    for axis, most_ticks in ((ax.xaxis, 8), (ax.yaxis, 6)):
        axis.set_major_locator(MaxNLocator(most_ticks))
        axis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:,.10g}".replace("-", "−")))
    ax.grid(False, axis="x")
    ax.grid(True, axis="y", color=GRID_GREY)
    ax.set_axisbelow(True)
    ax.set_xlabel(size_label)
    ax.set_ylabel(axis_label, rotation=0, ha="left", va="bottom")
    ax.yaxis.set_label_coords(0, 1.02)
    ax.legend(loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, labelcolor=INK, fontsize=SMALL_TEXT_PT)


def _mark_chosen(ax: Any, at: float, worth: float, words: str, across: np.ndarray) -> None:
    ax.plot([at, at], [0, worth], color=INK, lw=1.2, ls=(0, (2, 2)), zorder=5)
    ax.scatter([at], [worth], s=90, marker="D", color=palette("categorical", 2)[1], edgecolor=INK, zorder=6)
    right = at > 0.6 * float(across.max())
    ax.annotate(
        words, (at, worth), xytext=(-12 if right else 12, 14), textcoords="offset points", va="bottom",
        ha="right" if right else "left", size=SMALL_TEXT_PT, color=INK, zorder=7,
        bbox={"facecolor": "white", "edgecolor": INK, "linewidth": 0.8, "pad": 2.5},
    )  # fmt: skip
