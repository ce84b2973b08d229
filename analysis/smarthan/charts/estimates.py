"""Estimates in one unit with their intervals, against the band in which each is plausible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .bars import BAR_HEIGHT
from .columns import numbers, require_columns
from .style import (
    INK,
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

BAND = "#D9E2EC"  # pale, and edged in ink: its ends can be told without the fill


def draw_estimates(
    table: pd.DataFrame,
    *,
    label: str,
    estimate: str,
    low: str,
    high: str,
    band_low: str | None = None,
    band_high: str | None = None,
    band_label: str = "Plausible",
    axis_label: str = "",
    decimals: int = 1,
    ax: Axes | None = None,
) -> Axes:
    """Draw one estimate a row as a dot with its interval, over the band in which it is plausible.

    Parameters
    ----------
    table : DataFrame
        One row per line of the chart, first row on top. A missing estimate is written as "no estimate".
    label : str
        Column of row names.
    estimate, low, high : str
        Columns of estimates and of their intervals' ends, all in one unit; a missing end is left open.
    band_low, band_high : str, optional
        Columns of the ends of each band; both or neither. A row without one has no band.
    band_label : str
        Words for the band in the key.
    axis_label : str
        What is estimated, with its unit.
    decimals : int
        Decimals of the written figures.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent or holds no numbers, or half a band is given.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"what": ["Wall"], "db": [6.9], "lo": [6.6], "hi": [7.2]})
    >>> ax = draw_estimates(table, label="what", estimate="db", low="lo", high="hi")
    >>> [text.get_text() for text in ax.texts]
    ['6.9 (6.6 to 7.2)']
    """
    chart = "draw_estimates"
    require_columns(table, chart, label=label, estimate=estimate, low=low, high=high, a=band_low, b=band_high)
    if (band_low is None) != (band_high is None):
        raise ValueError(f"{chart}: give both band_low and band_high, or neither")
    names = [estimate, low, high, *([band_low, band_high] if band_low and band_high else [])]
    values = np.column_stack([numbers(table, name, chart) for name in names])
    labels = [wrap(name) for name in table[label].astype(str)]
    rows = np.arange(len(labels))
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + (0.8 if values.shape[1] == 5 else 0))
        if values.shape[1] == 5:
            _draw_bands(ax, values[:, 3:], band_label)
        colour = palette("categorical", 1)[0]
        ax.plot(values[:, 1:3].T, [rows, rows], color=colour, lw=2.6, marker="|", ms=10, mew=2.4, zorder=3)
        ax.scatter(values[:, 0], rows, s=64, c=colour, edgecolors="white", linewidths=0.8, zorder=4)
        set_row_labels(ax, labels)
        _set_reach(ax, values)
        ax.set_xlabel(axis_label)
        for row, (middle, least, most) in enumerate(values[:, :3]):
            said = "no estimate" if np.isnan(middle) else f"{middle:.{decimals}f}"
            if not np.isnan([middle, least, most]).any():
                said += f" ({least:.{decimals}f} to {most:.{decimals}f})"
            ax.text(
                1.03, row, said, transform=ax.get_yaxis_transform(), va="center", size=SMALL_TEXT_PT, color=INK
            )  # fmt: skip
    return ax


def _draw_bands(ax: Any, bands: np.ndarray, words: str) -> None:
    from matplotlib.patches import Patch, Rectangle

    look: dict[str, Any] = {"facecolor": BAND, "edgecolor": INK, "linewidth": 0.8}
    for row, (low, high) in enumerate(bands):
        if not np.isnan([low, high]).any():
            ax.add_artist(Rectangle((low, row - BAR_HEIGHT / 2), high - low, BAR_HEIGHT, zorder=2, **look))
    put_key_above(ax, [Patch(**look)], [words])


def _set_reach(ax: Any, values: np.ndarray) -> None:
    """Let the axis hold all that is drawn, and zero where nothing lies left of it."""
    from matplotlib.ticker import MaxNLocator

    low, high = (float(np.nanmin(values)), float(np.nanmax(values))) if np.isfinite(values).any() else (0.0, 1.0)
    start = min(0.0, low)
    ax.set_xlim(start - (0.05 * (high - start) if start < 0 else 0), high + 0.05 * ((high - start) or 1.0))
    ax.xaxis.set_major_locator(MaxNLocator(6))
    use_vertical_grid(ax)
