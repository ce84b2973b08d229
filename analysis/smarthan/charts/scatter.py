"""Marks of many readings by two measures, those known only to lie beyond a limit as open triangles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import in_order, numbers, require_between, require_columns, require_few
from .hiding import draw_hidden, find_suppressed
from .style import GRID_GREY, INK, INK_SOFT, SMALL_TEXT_PT, chart_style, new_axes, palette, put_key_above

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

LARGEST_PT2 = 420  # area of the largest mark: neighbouring classes keep apart
SMALLEST_PT2 = 14
_DASHES = ("-", (0, (6, 3)), (0, (2, 2)), (0, (6, 2, 1, 2)))


def draw_censored_scatter(
    table: pd.DataFrame,
    *,
    x: str,
    y: str,
    size: str,
    beyond: str,
    known_label: str = "Measured",
    beyond_label: str = "At least this much",
    curves: pd.DataFrame | None = None,
    curve: str = "curve",
    axis_label: str = "",
    x_label: str = "",
    downwards: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw classes of readings as marks of their size; open triangles for those known only to lie beyond.

    Parameters
    ----------
    table : DataFrame
        One row a mark. Rows without a size, such as those whose column `status` says "suppressed", are not drawn: say
        under the chart how many they are. Where all are suppressed, the chart is hatched.
    x : str
        Column of the horizontal measure, above 0; its axis is logarithmic.
    y : str
        Column of the vertical measure.
    size : str
        Column of counts, above 0: the area of a mark.
    beyond : str
        Boolean column: the mark is a limit and the readings lie beyond it.
    known_label, beyond_label : str
        Words for the key.
    curves : DataFrame, optional
        Lines to draw: x, y and the column `curve` with their names, at most 4.
    curve : str
        Column of the names of the lines.
    axis_label, x_label : str
        What the two measures are.
    downwards : bool
        Whether the vertical axis runs downwards, as a level does when a loss grows; triangles point where the readings
        lie.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent or holds no numbers, no mark is left to draw, or there are more than 4 lines.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"m": [2.0, 20.0], "db": [10.0, 60.0], "n": [40, 20], "open": [False, True]})
    >>> ax = draw_censored_scatter(table, x="m", y="db", size="n", beyond="open")
    >>> [text.get_text() for text in ax.get_legend().get_texts()], bool(ax.yaxis_inverted())
    (['Measured', 'At least this much'], True)
    """
    chart = "draw_censored_scatter"
    require_columns(table, chart, x=x, y=y, size=size, beyond=beyond)
    hidden = find_suppressed(table)
    if hidden.all():
        return draw_hidden(ax)
    shown = table[~np.isnan(numbers(table, size, chart)) & ~hidden]
    require_columns(shown, chart)
    across, up, count = (numbers(shown, name, chart) for name in (x, y, size))
    require_between(across, 1e-9, np.inf, chart=chart, column=x)
    is_open = shown[beyond].to_numpy(dtype=bool)
    lines = _read_lines(curves, x, y, curve, chart)
    with chart_style():
        ax = new_axes(ax, rows=10.5)
        area = np.maximum(LARGEST_PT2 * count / count.max(), SMALLEST_PT2)
        handles = _draw_marks(ax, across, up, area, is_open, downwards)
        words = [known_label, beyond_label]
        kept = [place for place, some in enumerate((~is_open, is_open)) if some.any()]
        for (name, along, value), dashes in zip(lines, _DASHES, strict=False):
            handles += ax.plot(along, value, color=INK, lw=1.8, ls=dashes, zorder=4)
            kept.append(len(words))
            words.append(name)
        _set_axes(ax, across, up, downwards)
        ax.set_xlabel(x_label)
        ax.set_ylabel(axis_label, rotation=0, ha="left", va="bottom", size=SMALL_TEXT_PT)
        ax.yaxis.set_label_coords(0, 1.02)
        put_key_above(ax, [handles[place] for place in kept], [words[place] for place in kept], at=1.07, handle=2.4)
    return ax


def _read_lines(
    curves: pd.DataFrame | None, x: str, y: str, curve: str, chart: str
) -> list[tuple[str, np.ndarray, np.ndarray]]:
    if curves is None:
        return []
    require_columns(curves, chart, x=x, y=y, curve=curve)
    names = in_order(curves[curve], None, chart=chart, what="line")
    require_few(names, chart=chart, what="lines", most=len(_DASHES))
    picked = [curves[curves[curve].astype(str).eq(name)] for name in names]
    return [(name, numbers(part, x, chart), numbers(part, y, chart)) for name, part in zip(names, picked, strict=True)]


def _draw_marks(
    ax: Any, across: np.ndarray, up: np.ndarray, area: np.ndarray, is_open: np.ndarray, downwards: bool
) -> list[Any]:
    """Draw filled dots and open triangles; return what the key shows."""
    from matplotlib.lines import Line2D

    plain, stressed = palette("categorical", 2)
    marker = "v" if downwards else "^"
    ax.scatter(
        across[~is_open], up[~is_open], s=area[~is_open], c=plain, edgecolors="white", linewidths=0.6, zorder=3
    )  # fmt: skip
    ax.scatter(
        across[is_open], up[is_open], s=area[is_open], marker=marker, facecolors="none", edgecolors=stressed,
        linewidths=2, zorder=5,
    )  # fmt: skip
    return [
        Line2D([], [], ls="", marker="o", ms=9, mfc=plain, mec="white"),
        Line2D([], [], ls="", marker=marker, ms=9, mfc="none", mec=stressed, mew=2),
    ]


def _set_axes(ax: Any, across: np.ndarray, up: np.ndarray, downwards: bool) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator, NullFormatter, NullLocator

    ax.set_xscale("log")
    low, high = across.min() / 1.35, across.max() * 1.35
    ax.set_xlim(low, high)
    marks = [m * 10.0**power for power in range(-3, 6) for m in (1, 2, 5) if low <= m * 10.0**power <= high]
    ax.xaxis.set_major_locator(FixedLocator(marks))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:,.10g}"))
    ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_minor_formatter(NullFormatter())
    room = 0.08 * max(float(up.max() - up.min()), 1.0)
    ends = (up.min() - room, up.max() + room)
    ax.set_ylim(*(ends[::-1] if downwards else ends))
    ax.yaxis.set_major_locator(MaxNLocator(7))
    ax.grid(False, axis="x")
    ax.grid(True, axis="y", color=GRID_GREY)
    ax.tick_params(colors=INK_SOFT, labelcolor=INK)
    ax.set_axisbelow(True)
