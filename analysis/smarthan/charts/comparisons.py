"""Two comparisons: one group against another, row by row; and units of many sizes against limits that narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import numbers, require_between, require_columns
from .hiding import HATCH, WORD, draw_hidden, find_suppressed, hatch_rows
from .naming import name_points
from .style import (
    GRID_GREY,
    INK,
    INK_SOFT,
    MISSING_GREY,
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


def draw_differences(
    table: pd.DataFrame,
    *,
    label: str,
    difference: str,
    before: str,
    after: str,
    words: str,
    limit: float | None = None,
    limit_label: str = "",
    axis_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw one difference a row as a dot off a line at zero, the two shares that differ written beside it.

    Parameters
    ----------
    table : DataFrame
        One row per line of the chart, first row on top. A missing difference is written as "no estimate"; a row
        whose column `status` says "suppressed" is hatched, with that word.
    label : str
        Column of row names.
    difference : str
        Column of differences, in any unit; left of zero is less.
    before, after : str
        Columns of the two shares [1, 0 to 1].
    words : str
        Heading over the written shares, such as "asked, answered".
    limit : float, optional
        Above 0: drawn as dashed lines on both sides; dots beyond it are in the second colour. Needs `limit_label`.
    limit_label : str
        Words above the dashed line.
    axis_label : str
        What the difference is.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers, holds a share outside 0 to 1, or a limit has no words.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"type": ["Flat", "House"], "gap": [-0.1, 0.1], "x": [0.25, 0.75], "y": [0.2, 0.8]})
    >>> ax = draw_differences(table, label="type", difference="gap", before="x", after="y", words="asked, answered")
    >>> [text.get_text() for text in ax.texts]
    ['asked, answered', '25.0%, 20.0%', '75.0%, 80.0%']
    """
    chart = "draw_differences"
    require_columns(table, chart, label=label, difference=difference, before=before, after=after)
    if limit is not None and not (limit > 0 and limit_label.strip()):
        raise ValueError(f"{chart}: a limit needs a number above 0 and limit_label, in words")
    hidden = find_suppressed(table)
    gaps, *shares = (np.where(hidden, np.nan, numbers(table, name, chart)) for name in (difference, before, after))
    for column, values in zip((before, after), shares, strict=True):
        require_between(values, 0, 1, chart=chart, column=column)
    labels = [wrap(name) for name in table[label].astype(str)]
    rows, beyond = np.arange(len(labels)), np.abs(gaps) > (np.inf if limit is None else limit)
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 0.8)
        plain, stressed = palette("categorical", 2)
        colours = [stressed if far else plain for far in beyond]
        ax.hlines(rows, 0, gaps, colors=colours, lw=2.2, zorder=3)
        ax.scatter(gaps, rows, s=64, c=colours, edgecolors="white", linewidths=0.8, zorder=4)
        hatch_rows(ax, np.flatnonzero(hidden))
        set_row_labels(ax, labels)
        _set_around_zero(ax, gaps, limit, limit_label)
        ax.set_xlabel(axis_label)
        beside: dict[str, Any] = {"transform": ax.get_yaxis_transform(), "size": SMALL_TEXT_PT, "color": INK}
        ax.text(1.03, -0.75, words, va="bottom", **(beside | {"color": INK_SOFT}))
        for row, (gap, first, second) in enumerate(zip(gaps, *shares, strict=True)):
            said = f"{100 * first:.1f}%, {100 * second:.1f}%"
            said = WORD if hidden[row] else "no estimate" if np.isnan(gap) else said
            ax.text(1.03, row, said, va="center", **beside)
    return ax


def _set_around_zero(ax: Any, gaps: np.ndarray, limit: float | None, words: str) -> None:
    """Put zero in the middle, with the limits in view."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    reach = max(float(np.nanmax(np.abs(gaps))) if np.isfinite(gaps).any() else 0.0, limit or 0.0) or 1.0
    ax.set_xlim(-1.15 * reach, 1.15 * reach)
    ax.axvline(0, color=INK, lw=1, zorder=2)
    if limit is not None:
        for side in (-limit, limit):
            ax.axvline(side, color=INK_SOFT, lw=1.2, ls=(0, (5, 3)), zorder=2)
        ax.annotate(
            words, (-limit, 1), xycoords=("data", "axes fraction"), xytext=(0, 4), textcoords="offset points",
            ha="left", va="bottom", size=SMALL_TEXT_PT, color=INK,
        )  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:+.10g}" if abs(tick) > 1e-12 else "0"))
    use_vertical_grid(ax)


def draw_funnel(
    table: pd.DataFrame,
    *,
    label: str,
    size: str,
    difference: str,
    se: str,
    inner_z: float = 1.96,
    outer_z: float = 3.09,
    marked: str | None = None,
    axis_label: str = "",
    size_label: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a funnel: each unit's difference from what was expected against its size, between limits that narrow.

    Parameters
    ----------
    table : DataFrame
        One row a unit; rows without a difference are left out. Those whose column `status` says "suppressed" are
        counted in the key, beside a hatch; when none is left to draw, the whole chart is hatched.
    label : str
        Column of names, written beside the units marked; without `marked`, beside those outside the inner limits.
    size : str
        Column of sizes, above 0, of such a kind that se is the same number over sqrt(size) in every row.
    difference : str
        Column of differences [1, -1 to 1], drawn in points.
    se : str
        Column of the differences' standard errors [1].
    inner_z, outer_z : float
        Standard errors at the two pairs of limits (95 % and 99.8 %).
    marked : str, optional
        Boolean column: units drawn in colour, as a diamond, and counted in the key.
    axis_label, size_label : str
        What the difference and the size are.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers, no unit has a difference, or se does not go with size.

    References
    ----------
    Spiegelhalter, D. J. (2005), Funnel plots for comparing institutional performance, doi:10.1002/sim.1970.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"who": ["A", "B"], "n": [100, 25], "gap": [0.01, -0.2], "se": [0.05, 0.1]})
    >>> ax = draw_funnel(table, label="who", size="n", difference="gap", se="se")
    >>> [text.get_text() for text in ax.texts]
    ['B']
    """
    chart = "draw_funnel"
    require_columns(table, chart, label=label, size=size, difference=difference, se=se, marked=marked)
    hidden = find_suppressed(table)
    known = ~np.isnan(numbers(table, size, chart)) & ~np.isnan(numbers(table, difference, chart)) & ~hidden
    if hidden.any() and not known.any():
        return draw_hidden(ax)
    shown = table[known]
    require_columns(shown, chart)
    across, points = numbers(shown, size, chart), 100 * numbers(shown, difference, chart)
    require_between(across, 1e-9, np.inf, chart=chart, column=size)
    coloured = shown[marked].to_numpy(dtype=bool) if marked else np.zeros(len(shown), dtype=bool)
    errors = 100 * numbers(shown, se, chart)
    sigma = float((errors * np.sqrt(across))[0])
    if not np.allclose(errors * np.sqrt(across), sigma, rtol=1e-3):
        raise ValueError(f"{chart}: column {se!r} does not fall with the root of {size!r}; the limits would be false")
    outside = np.abs(points) > inner_z * errors
    with chart_style():
        ax = new_axes(ax, rows=9)
        _draw_limits(ax, float(across.max()), sigma, {"95% limits": inner_z, "99.8% limits": outer_z}, points)
        _draw_units(ax, across, points, coloured)
        ax.set_xlabel(size_label)
        ax.set_ylabel(axis_label, rotation=0, ha="left", va="bottom")
        ax.yaxis.set_label_coords(0, 1.02)
        _name_lines(ax, int(hidden.sum()))
        told = np.flatnonzero(coloured if marked else outside)
        names = shown[label].astype(str).to_numpy()[told].tolist()
        name_points(ax, across[told], points[told], names, others=np.column_stack([across, points]))
    return ax


def _name_lines(ax: Any, hidden: int) -> None:
    """Name the limits, and how many units were suppressed, above the chart."""
    from matplotlib.patches import Patch

    handles, words = ax.get_legend_handles_labels()
    if hidden:
        handles.append(Patch(facecolor=MISSING_GREY, edgecolor=INK_SOFT, hatch=HATCH, linewidth=0))
        words.append(f"{hidden} {WORD}")
    ax.legend(
        handles, words, loc="lower right", bbox_to_anchor=(1, 1.0), ncols=len(words), labelcolor=INK,
        fontsize=SMALL_TEXT_PT,
    )  # fmt: skip


def _draw_limits(ax: Any, most: float, sigma: float, limits: dict[str, float], points: np.ndarray) -> None:
    """Draw both pairs of limits; the narrow end of the view holds every dot."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    reach = 1.15 * max(float(np.abs(points).max()), 2.2 * max(limits.values()) * sigma / np.sqrt(most))
    sizes = np.linspace(most / 400, 1.06 * most, 400)
    ax.axhline(0, color=INK, lw=1, zorder=2)
    for (words, z), style in zip(limits.items(), ((0, (5, 3)), "-"), strict=True):
        for side in (-1, 1):
            line = np.clip(side * z * sigma / np.sqrt(sizes), -2 * reach, 2 * reach)
            ax.plot(sizes, line, color=INK_SOFT, lw=1.4, ls=style, zorder=2, label=words if side > 0 else None)
    ax.set_xlim(0, 1.06 * most)
    ax.set_ylim(-reach, reach)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    ax.yaxis.set_major_locator(MaxNLocator(7))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:,.10g}"))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda tick, _: f"{tick:+g}" if tick else "0"))
    ax.grid(False, axis="x")
    ax.grid(True, axis="y", color=GRID_GREY)
    ax.set_axisbelow(True)


def _draw_units(ax: Any, across: np.ndarray, points: np.ndarray, coloured: np.ndarray) -> None:
    plain, stressed = palette("categorical", 2)
    ax.scatter(across[~coloured], points[~coloured], s=64, c=plain, edgecolors="white", linewidths=0.8, zorder=4)
    if coloured.any():
        ax.scatter(
            across[coloured], points[coloured], s=90, c=stressed, marker="D", edgecolors="white", linewidths=0.8,
            zorder=5, label=f"{coloured.sum()} marked",
        )  # fmt: skip
