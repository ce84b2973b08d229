"""Whether forecast chances mean what they say: what happened against what was forecast."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import numbers, require_between, require_columns
from .hiding import HATCH, WORD, draw_hidden, find_suppressed
from .style import (
    GRID_GREY,
    INK,
    INK_SOFT,
    MISSING_GREY,
    SMALL_TEXT_PT,
    chart_style,
    new_axes,
    palette,
    put_key_above,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


def draw_reliability(
    table: pd.DataFrame,
    *,
    forecast: str,
    observed: str,
    low: str | None = None,
    high: str | None = None,
    forecast_label: str = "Forecast share that works",
    observed_label: str = "Share that worked",
    ax: Axes | None = None,
) -> Axes:
    """Draw a reliability diagram: what happened after forecasts of a size, against the line of right forecasts.

    Parameters
    ----------
    table : DataFrame
        One row a group of like forecasts. A row whose column `status` says "suppressed" is counted in the key; where
        all are, the chart is hatched.
    forecast, observed : str
        Columns of the mean forecast and of the share that happened [1, 0 to 1].
    low, high : str, optional
        Columns of the ends of the share's interval [1, 0 to 1]; both or neither.
    forecast_label, observed_label : str
        What the axes show.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers or a share outside 0 to 1, or half an interval is given.

    References
    ----------
    Murphy and Winkler (1977), "Reliability of subjective probability forecasts of precipitation and temperature",
    doi:10.2307/2346866.

    Examples
    --------
    >>> import pandas as pd
    >>> ax = draw_reliability(pd.DataFrame({"p": [0.2, 0.8], "y": [0.25, 0.8]}), forecast="p", observed="y")
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['Forecasts of like size', 'Where forecasts are right']
    """
    chart = "draw_reliability"
    require_columns(table, chart, forecast=forecast, observed=observed, low=low, high=high)
    if (low is None) != (high is None):
        raise ValueError(f"{chart}: give both low and high, or neither; half an interval misleads")
    hidden = find_suppressed(table)
    if hidden.all():
        return draw_hidden(ax)
    columns = [forecast, observed, *([low, high] if low and high else [])]
    values = np.column_stack([numbers(table, name, chart) for name in columns])[~hidden]
    for place, column in enumerate(columns):
        require_between(values[:, place], 0, 1, chart=chart, column=column)
    with chart_style():
        ax = new_axes(ax, rows=1, width=6.6, spare=5.6)
        ax.plot([0, 1], [0, 1], color=INK_SOFT, lw=1.6, ls=(0, (5, 3)), zorder=2)
        colour = palette("categorical", 1)[0]
        if values.shape[1] == 4:
            ax.vlines(values[:, 0], values[:, 2], values[:, 3], colors=colour, lw=2, zorder=3)
        ax.scatter(
            values[:, 0], values[:, 1], s=64, c=colour, edgecolors="white", linewidths=0.8, zorder=4, clip_on=False
        )  # fmt: skip
        _set_square(ax)
        ax.set_xlabel(forecast_label)
        ax.set_ylabel(observed_label, rotation=0, ha="left", va="bottom", size=SMALL_TEXT_PT)
        ax.yaxis.set_label_coords(0, 1.02)
        put_key_above(ax, *_name_marks(colour, int(hidden.sum()), bounded=values.shape[1] == 4), at=1.07, handle=2.2)
    return ax


def _set_square(ax: Any) -> None:
    from matplotlib.ticker import FixedLocator, PercentFormatter

    ax.set(xlim=(0, 1), ylim=(0, 1), aspect="equal")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(FixedLocator([0, 0.25, 0.5, 0.75, 1]))
        axis.set_major_formatter(PercentFormatter(1.0, decimals=0, symbol="%"))
    ax.grid(True, color=GRID_GREY)
    ax.set_axisbelow(True)


def _name_marks(colour: str, hidden: int, *, bounded: bool) -> tuple[list[Any], list[str]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = [
        Line2D([], [], color=colour, marker="o", ms=8, ls="-" if bounded else ""),
        Line2D([], [], color=INK_SOFT, lw=1.6, ls=(0, (5, 3))),
    ]
    words = ["Forecasts of like size, 95% limits" if bounded else "Forecasts of like size", "Where forecasts are right"]
    if hidden:
        handles.append(Patch(facecolor=MISSING_GREY, edgecolor=INK, hatch=HATCH, linewidth=0))
        words.append(f"{hidden} {WORD}")
    return handles, words
