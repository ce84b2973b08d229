"""How firm a ranking is: the share of draws in which each option takes each rank, and what moves a score."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import numbers, require_between, require_columns
from .style import (
    INK,
    SMALL_TEXT_PT,
    chart_style,
    line_count,
    new_axes,
    palette,
    set_row_labels,
    text_on,
    use_vertical_grid,
    wrap,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Lower ends of the five shades of a cell; below the first the cell stays white.
SHADES_FROM = (0.005, 0.10, 0.25, 0.50, 0.75)
# A label of a tornado names an option and a criterion: 40 letters keep it to two lines.
INPUT_LETTERS = 40


def draw_rank_acceptability(
    table: pd.DataFrame,
    *,
    option: str,
    ranks: Sequence[str] | None = None,
    axis_label: str = "Rank",
    ax: Axes | None = None,
) -> Axes:
    """Draw a table of shaded cells: how often each option takes each rank, in per cent, written in each cell.

    Parameters
    ----------
    table : DataFrame
        One row per option, first row on top, and a column per rank.
    option : str
        Column of option names.
    ranks : sequence of str, optional
        Columns of shares [1, 0 to 1], best rank first; all others by default. At most 15.
    axis_label : str
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
    The written figure carries the meaning, so the chart reads in grey. A share above zero that rounds to zero is
    written "<1".

    Examples
    --------
    >>> import pandas as pd
    >>> ax = draw_rank_acceptability(pd.DataFrame({"o": ["A", "B"], "1": [0.9, 0.1], "2": [0.1, 0.9]}), option="o")
    >>> [text.get_text() for text in ax.texts]
    ['90', '10', '10', '90']
    """
    chart = "draw_rank_acceptability"
    columns = [c for c in table.columns if c != option] if ranks is None else list(ranks)
    require_columns(table, chart, option=option, **{f"ranks[{i}]": rank for i, rank in enumerate(columns)})
    if not 1 <= len(columns) <= 15:
        raise ValueError(f"{chart}: {len(columns)} rank columns; 1 to 15 are readable: group the last ranks")
    shares = np.column_stack([numbers(table, column, chart) for column in columns])
    require_between(shares, 0, 1, chart=chart, column="ranks")
    labels = [wrap(name) for name in table[option].astype(str)]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels))
        for row, column in np.ndindex(shares.shape):
            _draw_cell(ax, row, column, float(shares[row, column]))
        set_row_labels(ax, labels)
        ax.set_xlim(-0.5, len(columns) - 0.5)
        ax.set_xticks(range(len(columns)), [str(column) for column in columns])
        ax.tick_params(axis="x", length=0, top=False, labeltop=True, labelbottom=False)
        ax.set_xlabel(axis_label)
        ax.xaxis.set_label_position("top")
        ax.grid(False)
        ax.spines["bottom"].set_visible(False)
    return ax


def draw_tornado(
    table: pd.DataFrame,
    *,
    label: str,
    low: str,
    high: str,
    base: float,
    base_label: str,
    axis_label: str = "",
    low_label: str = "At its low end",
    high_label: str = "At its high end",
    limit: float | None = None,
    limit_label: str = "",
    decimals: int = 0,
    ax: Axes | None = None,
) -> Axes:
    """Draw what a result becomes when one input at a time goes to its low and its high end, widest on top.

    Parameters
    ----------
    table : DataFrame
        One row an input; drawn in order of the distance between `low` and `high`.
    label : str
        Column of input names.
    low, high : str
        Columns with the result when the input is at its low and at its high end (in the result's unit).
    base : float
        The result with every input at its central value.
    base_label : str
        Words above the line at `base`.
    axis_label, low_label, high_label : str
    limit : float, optional
        A result that changes the answer, such as a lead of 0: a dashed line; needs `limit_label`.
    limit_label : str
        Words over the line at `limit`, on its far side from `base`.
    decimals : int
        Decimals of the written ends.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, holds no numbers or something missing, or a limit has no words.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"input": ["Cost", "Reach"], "low": [48.0, 40.0], "high": [51.0, 60.0]})
    >>> ax = draw_tornado(table, label="input", low="low", high="high", base=50, base_label="Score 50")
    >>> [tick.get_text() for tick in ax.get_yticklabels()]
    ['Reach', 'Cost']
    """
    chart = "draw_tornado"
    require_columns(table, chart, label=label, low=low, high=high)
    ends = np.column_stack([numbers(table, low, chart), numbers(table, high, chart)])
    if np.isnan(ends).any():
        raise ValueError(f"{chart}: an end is missing; leave the input out and say so in a note")
    if limit is not None and not limit_label.strip():
        raise ValueError(f"{chart}: a limit needs limit_label, in words")
    order = np.argsort(-np.abs(ends[:, 1] - ends[:, 0]), kind="stable")
    ends = ends[order]
    labels = [wrap(name, INPUT_LETTERS) for name in table[label].astype(str).iloc[order]]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 1.2)
        for side, (words, colour) in enumerate(zip((low_label, high_label), palette("categorical", 2), strict=True)):
            ax.barh(
                range(len(ends)), ends[:, side] - base, left=base, height=0.62, color=colour, label=words,
                edgecolor=INK, linewidth=0.8, zorder=3,
            )  # fmt: skip
        _write_ends(ax, ends, base, decimals)
        lines = [(base, base_label)] if limit is None else [(base, base_label), (limit, limit_label)]
        _finish_tornado(ax, labels, ends, lines)
        ax.set_xlabel(axis_label)
    return ax


def _draw_cell(ax: Axes, row: int, column: int, share: float) -> None:
    from matplotlib.patches import Rectangle

    shades = palette("sequential", 5)[::-1]
    step = -1 if np.isnan(share) else sum(share >= start for start in SHADES_FROM) - 1
    fill = "white" if step < 0 else shades[step]
    ax.add_patch(Rectangle((column - 0.48, row - 0.46), 0.96, 0.92, facecolor=fill, edgecolor="#8A9299", linewidth=0.8))
    words = "not known" if np.isnan(share) else _rounded(share)
    ax.text(column, row, words, ha="center", va="center", size=SMALL_TEXT_PT, color=text_on(fill))


def _rounded(share: float) -> str:
    if share == 0:
        return "0"
    return "<1" if share < 0.005 else f"{100 * share:.0f}"


def _write_ends(ax: Axes, ends: np.ndarray, base: float, decimals: int) -> None:
    for row, pair in enumerate(ends):
        for value in sorted(set(pair)):
            side: Any = -1 if value < base else 1
            words = f"{value:,.{decimals}f}".replace("-", "\N{MINUS SIGN}")
            ax.annotate(
                words, (value, row), xytext=(5 * side, 0), textcoords="offset points",
                ha="right" if side < 0 else "left", va="center", size=SMALL_TEXT_PT, color=INK,
            )  # fmt: skip


def _finish_tornado(ax: Axes, labels: list[str], ends: np.ndarray, lines: Sequence[tuple[float, str]]) -> None:
    """Set the axis; draw the line at the base and, dashed, the one at the limit, their words side by side above."""
    places = [at for at, _ in lines]
    least, most = min(ends.min(), *places), max(ends.max(), *places)
    margin = 0.12 * ((most - least) or 1.0)
    ax.set_xlim(least - margin, most + margin)
    set_row_labels(ax, labels)
    use_vertical_grid(ax)
    ax.locator_params(axis="x", nbins=6)
    for number, (at, words) in enumerate(lines):
        ax.axvline(at, color=INK, lw=1.4, ls=(0, (4, 3)) if number else "-", zorder=5)
        # The lesser of two ends to the left of its line, so that they never meet; the limit, where they are equal.
        left = (at, -number) < max((at, -number) for number, (at, _) in enumerate(lines))
        left = left if len(lines) > 1 else at > (least + most) / 2
        ax.annotate(
            words, (at, 1), xycoords=("data", "axes fraction"), xytext=(-4 if left else 4, 4),
            textcoords="offset points", ha="right" if left else "left", va="bottom", size=SMALL_TEXT_PT, color=INK,
        )  # fmt: skip
    ax.legend(
        loc="lower right", bbox_to_anchor=(1, 1.0), ncols=2, borderaxespad=2.0, labelcolor=INK, fontsize=SMALL_TEXT_PT
    )
