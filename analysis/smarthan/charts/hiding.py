"""What disclosure control hid, drawn and written the same way everywhere: a hatch and the word "suppressed"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from .style import INK, INK_SOFT, MISSING_GREY, SMALL_TEXT_PT, chart_style, new_axes

if TYPE_CHECKING:
    import pandas as pd

WORD = "suppressed"
STATUS = "status"
SHOWN = "shown"
HATCH = "////"


def find_suppressed(table: pd.DataFrame) -> np.ndarray:
    """Return which rows of a finished table disclosure control hid.

    Parameters
    ----------
    table : DataFrame
        A column `status` that holds nothing but "shown" and "suppressed" says so, row by row; any other column of that
        name is a column like the rest.

    Returns
    -------
    array of bool

    Examples
    --------
    >>> import pandas as pd
    >>> find_suppressed(pd.DataFrame({"n": [12, None], "status": ["shown", "suppressed"]})).tolist()
    [False, True]
    """
    if not tells_suppressed(table):
        return np.zeros(len(table), dtype=bool)
    return np.asarray(table[STATUS].astype("str").eq(WORD))


def tells_suppressed(table: pd.DataFrame) -> bool:
    """Return whether a table has the column that tells what was hidden."""
    if STATUS not in table.columns or table.empty:
        return False
    return set(table[STATUS].astype("str")) <= {WORD, SHOWN}


def without_status(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table without the column that tells what was hidden: a reader sees the word instead."""
    return table.drop(columns=STATUS) if tells_suppressed(table) else table


def hatch_rows(ax: Any, rows: Sequence[int] | np.ndarray, *, height: float = 0.68, say: bool = False) -> None:
    """Hatch rows of a chart from edge to edge: a length would be a figure.

    Parameters
    ----------
    ax : Axes
    rows : sequence of int
        Places on the vertical axis.
    height : float
        Of the hatch [rows].
    say : bool
        Whether the word stands in it; otherwise the caller writes it beside.
    """
    for row in rows:
        hatch_box(ax, (0.0, row - height / 2), 1.0, height, transform=ax.get_yaxis_transform())
        if say:
            ax.text(
                0.5, row, WORD, transform=ax.get_yaxis_transform(), ha="center", va="center", size=SMALL_TEXT_PT,
                color=INK, zorder=5, bbox={"facecolor": "white", "edgecolor": "none", "pad": 2},
            )  # fmt: skip


def hatch_box(ax: Any, corner: tuple[float, float], width: float, height: float, **options: Any) -> None:
    """Draw one hatched box; it is no bar, so that no rule of bars is asked of it."""
    from matplotlib.patches import Rectangle

    ax.add_artist(
        Rectangle(
            corner, width, height, facecolor=MISSING_GREY, edgecolor=INK_SOFT, hatch=HATCH, linewidth=0, zorder=2.5,
            **options,
        )
    )  # fmt: skip


def draw_hidden(ax: Any) -> Any:
    """Draw a chart of which nothing may be shown: one hatch with the word in it."""
    with chart_style():
        drawn: Any = new_axes(ax, rows=3)
        drawn.set(xlim=(0, 1), ylim=(-0.5, 0.5), xticks=[], yticks=[])
        drawn.grid(False)
        hatch_rows(drawn, [0], height=1.0, say=True)
    return drawn
