"""Shares with their intervals: one list, or small panels of lists."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import in_order, numbers, require_between, require_columns
from .hiding import WORD, find_suppressed, hatch_rows
from .style import (
    INK,
    INK_SOFT,
    REST_GREY,
    SMALL_TEXT_PT,
    chart_style,
    highlight_colours,
    line_count,
    new_axes,
    palette,
    put_key_above,
    set_percent_axis,
    set_row_labels,
    use_vertical_grid,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Readable panels need this much; more belongs in two charts.
MOST_PANELS = 12


def draw_shares(
    table: pd.DataFrame,
    *,
    label: str,
    share: str,
    low: str | None = None,
    high: str | None = None,
    least: str | None = None,
    most: str | None = None,
    outer_label: str = "",
    reference: float | None = None,
    reference_label: str = "",
    axis_label: str = "",
    decimals: int = 0,
    highlight: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw one share a row as a dot with its interval, the figures written beside it.

    Parameters
    ----------
    table : DataFrame
        One row per line of the chart, first row on top. A missing share is written as "no estimate"; a row
        whose column `status` says "suppressed" is hatched, with that word.
    label : str
        Column of row names.
    share : str
        Column of shares [1, 0 to 1].
    low, high : str, optional
        Columns of the interval's ends [1, 0 to 1]; both or neither. A missing end is left open.
    least, most : str, optional
        Columns of bounds about the interval [1, 0 to 1], drawn as a thin grey line under it and named in a key; both or
        neither, with `outer_label`.
    outer_label : str
        Words for the bounds in the key.
    reference : float, optional
        A share drawn as a dashed line, such as a target; needs `reference_label`.
    reference_label : str
        Words above the reference line.
    axis_label : str
        What the share is a share of.
    decimals : int
        Decimals of the written per cent.
    highlight : sequence of str
        Row names in colour against grey for the rest; empty colours all.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers, or holds a share outside 0 to 1.

    Notes
    -----
    The axis runs from 0 to 100%. Where nothing comes near 20%, such as the rates of a rare failure, it still starts at
    0 and ends at 5, 10 or 20%, so that intervals can be told from their dots.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"type": ["Flat", "House"], "share": [0.5, 0.9], "low": [0.4, 0.8], "high": [0.6, 1.0]})
    >>> ax = draw_shares(table, label="type", share="share", low="low", high="high")
    >>> [text.get_text() for text in ax.texts]
    ['50% (40 to 60)', '90% (80 to 100)']
    """
    chart = "draw_shares"
    require_columns(table, chart, label=label, share=share, low=low, high=high, least=least, most=most)
    _require_reference(reference, reference_label, low, high)
    _require_bounds(least, most, outer_label)
    middle, ends = _read_interval(table, share, low, high, chart)
    names = table[label].astype(str).tolist()
    labels = [wrap(name) for name in names]
    colours = highlight_colours(names, highlight)
    hidden = find_suppressed(table)
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + (0.8 if least else 0))
        if least and most:
            bounds = _read_interval(table, share, least, most, chart)[1]
            ax.hlines(np.arange(len(labels)), bounds[:, 0], bounds[:, 1], colors=REST_GREY, lw=1.4, zorder=2)
            _name_bounds(ax, colours[0], outer_label)
        _draw_points(ax, middle, ends, colours)
        hatch_rows(ax, np.flatnonzero(hidden))
        for row, value in enumerate(middle):
            _write_figures(ax, row, value, ends[row], decimals, WORD if hidden[row] else "no estimate")
        set_row_labels(ax, labels)
        set_percent_axis(ax, high=_axis_end(middle, ends, reference))
        use_vertical_grid(ax)
        ax.set_xlabel(axis_label)
        if reference is not None:
            _draw_reference(ax, reference, reference_label)
    return ax


def draw_interval_groups(
    table: pd.DataFrame,
    *,
    panel: str,
    label: str,
    share: str,
    low: str | None = None,
    high: str | None = None,
    beside: str | None = None,
    beside_label: str = "",
    axis_label: str = "",
    columns: int = 2,
    order: Sequence[str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw shares with intervals in small panels, one for each group, all on one scale.

    Parameters
    ----------
    table : DataFrame
        Long: one row per panel and row name. A pair that is absent is written as "no estimate", one whose column
        `status` says "suppressed" with that word, and hatched.
    panel : str
        Column that splits the rows into panels, at most 12, in order of appearance.
    label : str
        Column of row names, the same in each panel.
    share, low, high : str
        Columns as in `draw_shares` [1, 0 to 1].
    beside : str, optional
        Column of another estimate of the same shares [1, 0 to 1], drawn as a diamond and named in a key; needs
        `beside_label`.
    beside_label : str
        Words for it in the key.
    axis_label : str
        What the share is a share of, under the lowest panels.
    columns : int
        Panels side by side.
    order : sequence of str, optional
        Row names from top to bottom; order of appearance otherwise.
    ax : Axes, optional
        Its place in its figure is divided into the panels.

    Returns
    -------
    Axes
        The first panel; its figure holds the others.

    Raises
    ------
    KeyError, TypeError, ValueError
        As `draw_shares`; also for more than 12 panels or a pair that stands twice.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"type": ["Flat", "House"], "link": ["868 MHz"] * 2, "share": [0.5, 0.9]})
    >>> len(draw_interval_groups(table, panel="type", label="link", share="share").figure.axes)
    2
    """
    chart = "draw_interval_groups"
    require_columns(table, chart, panel=panel, label=label, share=share, low=low, high=high, beside=beside)
    if beside is not None and not beside_label.strip():
        raise ValueError(f"{chart}: an estimate beside needs beside_label, in words")
    panels = in_order(table[panel], None, chart=chart, what="panel")
    rows = in_order(table[label], order, chart=chart, what="row name")
    if len(panels) > MOST_PANELS:
        raise ValueError(f"{chart}: {len(panels)} panels; at most {MOST_PANELS} are readable: draw two charts")
    if table.duplicated([panel, label]).any():
        raise ValueError(f"{chart}: a pair of {panel!r} and {label!r} stands twice; one row a pair is needed")
    middle, ends = _read_interval(table, share, low, high, chart)
    other = _read_interval(table, beside or share, None, None, chart)[0]
    places = {(str(p), str(n)): i for i, (p, n) in enumerate(zip(table[panel], table[label], strict=True))}
    hidden = find_suppressed(table)
    labels = [wrap(row, 24) for row in rows]
    deep = -(-len(panels) // columns)
    with chart_style():
        host: Any = new_axes(ax, rows=deep * (line_count(labels) + 1.4), spare=0.6, per_row=0.42)
        grid = host.get_subplotspec().subgridspec(deep, columns, hspace=0.04, wspace=0.04)
        figure = host.figure
        host.remove()
        drawn: list[Any] = []
        for number, name in enumerate(panels):
            place = divmod(number, columns)
            axes = figure.add_subplot(grid[place])
            picked = [places.get((name, row)) for row in rows]
            values = np.array([np.nan if i is None else middle[i] for i in picked])
            bounds = np.array([[np.nan, np.nan] if i is None else ends[i] for i in picked])
            _draw_panel(axes, name, labels if place[1] == 0 else [""] * len(rows), values, bounds)
            if beside is not None:
                _draw_beside(axes, np.array([np.nan if i is None else other[i] for i in picked]))
            _say_panel(axes, values, np.array([i is not None and hidden[i] for i in picked], dtype=bool))
            if number + columns >= len(panels):
                axes.set_xlabel(axis_label)
            drawn.append(axes)
        if beside is not None:
            _name_beside(figure, beside_label)
    return drawn[0]


def _draw_beside(ax: Axes, values: np.ndarray) -> None:
    """Draw another estimate of each share as a small diamond."""
    ax.scatter(
        values, np.arange(len(values)), s=34, marker="D", c=palette("categorical", 2)[1], edgecolors="white",
        linewidths=0.6, zorder=5, clip_on=False,
    )  # fmt: skip


def _name_beside(figure: Any, words: str) -> None:
    """Name both estimates above all panels."""
    from matplotlib.lines import Line2D

    plain, stressed = palette("categorical", 2)
    handles = [
        Line2D([], [], color=plain, lw=2.2, marker="o", ms=8),
        Line2D([], [], ls="", marker="D", ms=6, mfc=stressed, mec="white"),
    ]
    figure.legend(
        handles, ["Direct, with its interval", words], loc="outside upper left", ncols=2, labelcolor=INK,
        fontsize=SMALL_TEXT_PT,
    )  # fmt: skip


def _draw_panel(ax: Axes, name: str, labels: list[str], middle: np.ndarray, ends: np.ndarray) -> None:
    _draw_points(ax, middle, ends, [palette("categorical", 1)[0]] * len(middle))
    set_row_labels(ax, labels)
    set_percent_axis(ax, low=-0.03, high=1.03)  # a dot at either end covers neither name nor figure
    ax.set_xticks([0, 0.5, 1.0])
    use_vertical_grid(ax)
    ax.annotate(
        wrap(name, 30), (0, 1), xycoords="axes fraction", xytext=(0, 6), textcoords="offset points", weight="bold",
        size=13, color=INK, va="bottom",
    )  # fmt: skip


def _say_panel(ax: Axes, middle: np.ndarray, hidden: np.ndarray) -> None:
    hatch_rows(ax, np.flatnonzero(hidden))
    for row, value in enumerate(middle):
        words = WORD if hidden[row] else "no estimate" if np.isnan(value) else _percent(value, 0)
        ax.text(1.03, row, words, transform=ax.get_yaxis_transform(), va="center", size=SMALL_TEXT_PT, color=INK)


def _read_interval(
    table: pd.DataFrame, share: str, low: str | None, high: str | None, chart: str
) -> tuple[np.ndarray, np.ndarray]:
    hidden = find_suppressed(table)
    middle = np.where(hidden, np.nan, numbers(table, share, chart))
    require_between(middle, 0, 1, chart=chart, column=share)
    ends = np.full((len(middle), 2), np.nan)
    for place, column in enumerate((low, high)):
        if column is not None:
            ends[:, place] = np.where(hidden, np.nan, numbers(table, column, chart))
            require_between(ends[:, place], 0, 1, chart=chart, column=column)
    return middle, ends


def _require_reference(reference: float | None, words: str, low: str | None, high: str | None) -> None:
    if (low is None) != (high is None):
        raise ValueError("draw_shares: give both low and high, or neither; half an interval misleads")
    if reference is not None and not words.strip():
        raise ValueError("draw_shares: a reference line needs reference_label, in words")
    if reference is not None and not 0 <= reference <= 1:
        raise ValueError(f"draw_shares: reference is {reference:g}; allowed is 0 to 1")


def _require_bounds(least: str | None, most: str | None, words: str) -> None:
    if (least is None) != (most is None):
        raise ValueError("draw_shares: give both least and most, or neither; half a bound misleads")
    if least is not None and not words.strip():
        raise ValueError("draw_shares: bounds need outer_label, in words")


def _name_bounds(ax: Axes, colour: str, words: str) -> None:
    """Name the interval and the bounds, so that neither is taken for the other."""
    from matplotlib.lines import Line2D

    marks = [Line2D([], [], color=colour, lw=2.2, marker="o", ms=8), Line2D([], [], color=REST_GREY, lw=1.4)]
    put_key_above(ax, marks, ["Share with its interval", words])


def _draw_points(ax: Axes, middle: np.ndarray, ends: np.ndarray, colours: list[str]) -> None:
    rows = np.arange(len(middle))
    known = ~np.isnan(ends).any(axis=1)
    if known.any():
        shades = [colour for colour, is_known in zip(colours, known, strict=True) if is_known]
        ax.hlines(rows[known], ends[known, 0], ends[known, 1], colors=shades, lw=2.2, zorder=3)
        for side in (0, 1):
            ax.scatter(ends[known, side], rows[known], marker="|", s=90, c=shades, linewidths=2.2, zorder=3)
    ax.scatter(middle, rows, s=64, c=colours, edgecolors="white", linewidths=0.8, zorder=4, clip_on=False)


def _write_figures(ax: Axes, row: int, value: float, ends: np.ndarray, decimals: int, absent: str) -> None:
    words = absent if np.isnan(value) else _percent(value, decimals)
    if not np.isnan(value) and not np.isnan(ends).any():
        words += f" ({100 * ends[0]:.{decimals}f} to {100 * ends[1]:.{decimals}f})"
    colour = INK_SOFT if np.isnan(value) else INK
    ax.text(1.03, row, words, transform=ax.get_yaxis_transform(), va="center", size=SMALL_TEXT_PT, color=colour)


def _percent(value: float, decimals: int) -> str:
    return f"{100 * value:.{decimals}f}%"


def _axis_end(middle: np.ndarray, ends: np.ndarray, reference: float | None) -> float:
    """Where the axis ends: at the first of these that leaves a tenth free beyond all that is drawn."""
    drawn = np.append(middle, [*ends.ravel(), np.nan if reference is None else reference])
    reach = np.nanmax(drawn, initial=0.0)
    return next((end for end in (0.05, 0.1, 0.2) if 0 < reach <= 0.9 * end), 1.0)


def _draw_reference(ax: Axes, at: float, words: str) -> None:
    ax.axvline(at, color=INK, lw=1.2, ls=(0, (5, 3)), zorder=2)
    side = "right" if at > 0.5 * ax.get_xlim()[1] else "left"
    ax.annotate(
        words, (at, 1), xycoords=("data", "axes fraction"), xytext=(0, 4), textcoords="offset points", ha=side,
        va="bottom", size=SMALL_TEXT_PT, color=INK,
    )  # fmt: skip
