"""Horizontal bars that start at zero: single, stacked into shares, or split by criterion group."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import in_order, numbers, require_between, require_columns, require_few
from .hiding import find_suppressed, hatch_rows
from .part_labels import name_parts
from .style import (
    INK,
    INK_SOFT,
    SMALL_TEXT_PT,
    chart_style,
    highlight_colours,
    line_count,
    new_axes,
    palette,
    put_key_above,
    set_percent_axis,
    set_row_labels,
    text_on,
    use_vertical_grid,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

BAR_HEIGHT = 0.68


def draw_bars(
    table: pd.DataFrame,
    *,
    label: str,
    value: str,
    unit: str = "",
    decimals: int = 0,
    axis_label: str = "",
    highlight: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Draw one bar a row from zero, its value written at its end.

    Parameters
    ----------
    table : DataFrame
        One row a bar, first row on top. A missing value is written as "not known", with no bar; a row whose column
        `status` says "suppressed" is hatched from edge to edge, with that word.
    label : str
        Column of bar names.
    value : str
        Column of values, zero or more.
    unit : str
        Written after each value, such as "%" or "premises".
    decimals : int
        Decimals of the written values.
    axis_label : str
    highlight : sequence of str
        Bar names in colour against grey for the rest; empty colours all.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers, or holds a negative value.

    Examples
    --------
    >>> import pandas as pd
    >>> ax = draw_bars(pd.DataFrame({"region": ["North", "South"], "n": [1200, 800]}), label="region", value="n")
    >>> [text.get_text() for text in ax.texts], float(ax.get_xlim()[0])
    (['1,200', '800'], 0.0)
    """
    chart = "draw_bars"
    require_columns(table, chart, label=label, value=value)
    hidden = find_suppressed(table)
    values = np.where(hidden, np.nan, numbers(table, value, chart))
    require_between(values, 0, np.inf, chart=chart, column=value)
    names = table[label].astype(str).tolist()
    labels = [wrap(name) for name in names]
    colours = highlight_colours(names, highlight)
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels))
        ax.barh(range(len(values)), np.nan_to_num(values), height=BAR_HEIGHT, color=colours, zorder=3)
        hatch_rows(ax, np.flatnonzero(hidden), height=BAR_HEIGHT, say=True)
        for row in np.flatnonzero(~hidden).tolist():
            write_end(ax, row, values[row], _with_unit(f"{values[row]:,.{decimals}f}", unit))
        set_row_labels(ax, labels)
        _set_zero_based(ax, values)
        ax.set_xlabel(axis_label)
    return ax


def draw_stacked(
    table: pd.DataFrame,
    *,
    label: str,
    parts: Mapping[str, str] | Sequence[str],
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw shares of a whole as stacked bars, the key above in the order of the parts.

    Parameters
    ----------
    table : DataFrame
        One row a bar, first row on top. A row whose column `status` says "suppressed" is hatched, with that word.
    label : str
        Column of bar names.
    parts : mapping of str to str, or sequence of str
        Columns of shares [1, 0 to 1], left to right, with the words for the key; at most 6.
    axis_label : str
        What the shares are shares of.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers or something missing, a row adds to more than 1, or there are more
        than 6 parts.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"area": ["A"], "both": [0.7], "neither": [0.3]})
    >>> ax = draw_stacked(table, label="area", parts={"both": "Both", "neither": "Neither"})
    >>> [text.get_text() for text in ax.texts]
    ['70%', '30%']
    """
    chart = "draw_stacked"
    words = dict(parts) if isinstance(parts, Mapping) else {part: part for part in parts}
    require_columns(table, chart, label=label, **{f"parts[{i}]": part for i, part in enumerate(words)})
    require_few(list(words), chart=chart, what="parts")
    values = np.column_stack([numbers(table, part, chart) for part in words])
    hidden = find_suppressed(table)
    _require_shares(values[~hidden], chart)
    labels = [wrap(name) for name in table[label].astype(str)]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 0.8)
        shown = np.where(hidden[:, np.newaxis], 0.0, values)
        _stack(ax, shown, list(words.values()), lambda share: f"{100 * share:.0f}%", room=0.065)
        hatch_rows(ax, np.flatnonzero(hidden), height=BAR_HEIGHT, say=True)
        set_row_labels(ax, labels)
        set_percent_axis(ax)
        use_vertical_grid(ax)
        ax.set_xlabel(axis_label)
        put_key_above(ax, *ax.get_legend_handles_labels())
    return ax


def draw_contributions(
    table: pd.DataFrame,
    *,
    option: str,
    group: str,
    contribution: str,
    order: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
    axis_label: str = "Score, 0 to 100",
    decimals: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each group of criteria adds to each option's score, the total written at the end.

    Parameters
    ----------
    table : DataFrame
        Long: one row per option and group. A pair that is absent adds nothing.
    option, group : str
        Columns of option names and of group names (at most 6 groups).
    contribution : str
        Column of points added to the score, zero or more.
    order : sequence of str, optional
        Options from top to bottom; order of appearance otherwise.
    groups : sequence of str, optional
        Groups from left to right; order of appearance otherwise.
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
        When a column is absent, holds no numbers, a contribution is negative, or there are more than 6 groups.

    Notes
    -----
    The groups are named over the first bar; where their names do not fit there, a key stands above the chart.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"o": ["A", "A", "B"], "g": ["Cost", "Reach", "Reach"], "points": [20.0, 30.0, 40.0]})
    >>> ax = draw_contributions(table, option="o", group="g", contribution="points")
    >>> [text.get_text() for text in ax.texts][-4:]
    ['50', '40', 'Cost', 'Reach']
    """
    chart = "draw_contributions"
    require_columns(table, chart, option=option, group=group, contribution=contribution)
    points = numbers(table, contribution, chart)
    require_between(points, 0, np.inf, chart=chart, column=contribution)
    rows = in_order(table[option], order, chart=chart, what="option")
    series = in_order(table[group], groups, chart=chart, what="group")
    require_few(series, chart=chart, what="groups")
    values = np.zeros((len(rows), len(series)))
    for o, g, added in zip(table[option].astype(str), table[group].astype(str), points, strict=True):
        values[rows.index(o), series.index(g)] += 0.0 if np.isnan(added) else added
    totals = values.sum(axis=1)
    labels = [wrap(row) for row in rows]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 0.8)
        _stack(ax, values, series, lambda added: f"{added:.{decimals}f}", room=0.045 * max(totals.max(), 1e-9))
        for row, total in enumerate(totals):
            write_end(ax, row, total, f"{total:.{decimals}f}", weight="bold")
        set_row_labels(ax, labels)
        _set_zero_based(ax, totals)
        ax.set_xlabel(axis_label)
        if not name_parts(ax, values[0], series):
            put_key_above(ax, *ax.get_legend_handles_labels())
    return ax


def _stack(ax: Axes, values: np.ndarray, words: list[str], write: Any, *, room: float) -> None:
    """Stack the columns of `values`; a part at least `room` wide carries its figure."""
    left = np.zeros(len(values))
    rows = np.arange(len(values))
    colours = palette("categorical", len(words))
    for place, (word, colour) in enumerate(zip(words, colours, strict=True)):
        width = values[:, place]
        ax.barh(
            rows,
            width,
            left=left,
            height=BAR_HEIGHT,
            color=colour,
            edgecolor="white",
            linewidth=1,
            label=word,
            zorder=3,
        )
        for row in rows[width >= room]:
            ax.text(
                left[row] + width[row] / 2, row, write(width[row]), ha="center", va="center", color=text_on(colour),
                size=SMALL_TEXT_PT, zorder=4,
            )  # fmt: skip
        left = left + width


def _with_unit(number: str, unit: str) -> str:
    """The Analysis Function writes 52%, without a blank."""
    return f"{number}%" if unit == "%" else f"{number} {unit}".strip()


def write_end(ax: Axes, row: int, value: float, words: str, *, weight: str = "normal") -> None:
    """Write a figure behind the end of a bar, or that it is not known."""
    known = not np.isnan(value)
    ax.annotate(
        words if known else "not known", (value if known else 0, row), xytext=(6, 0), textcoords="offset points",
        va="center", size=SMALL_TEXT_PT, color=INK if known else INK_SOFT, weight=weight,
    )  # fmt: skip


def _set_zero_based(ax: Axes, values: np.ndarray) -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    top = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
    ax.set_xlim(0, (top or 1.0) * 1.12)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:,.10g}"))
    use_vertical_grid(ax)


def _require_shares(values: np.ndarray, chart: str) -> None:
    if np.isnan(values).any():
        raise ValueError(f"{chart}: a part is missing; a stacked bar needs every part, so name the missing one a part")
    require_between(values, 0, 1, chart=chart, column="parts")
    over = values.sum(axis=1)
    if (over > 1 + 1e-6).any():
        raise ValueError(f"{chart}: row {int(np.argmax(over))} adds to {over.max():.4g}; parts of a whole add to 1")
