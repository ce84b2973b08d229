"""A table of verdicts in words, each with its own mark, so that nothing rests on colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from .columns import in_order, require_columns, require_few
from .hiding import WORD, find_suppressed, hatch_box
from .style import INK, REST_GREY, SMALL_TEXT_PT, chart_style, line_count, new_axes, palette, set_row_labels, wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# One shape a status, in order; each differs from the others in outline, not only in colour.
MARKERS = ("o", "X", "D", "s", "^", "P")
# Verdicts named in the order good, bad, open: blue, dark red and grey, so that no colour says the opposite of its word.
_TONES = ("#12436D", "#801650", REST_GREY)


def draw_status_matrix(
    table: pd.DataFrame,
    *,
    row: str,
    column: str,
    status: str,
    words: Mapping[str, str] | None = None,
    rows: Sequence[str] | None = None,
    columns: Sequence[str] | None = None,
    absent: str = "not assessed",
    ax: Axes | None = None,
) -> Axes:
    """Draw one verdict a cell, in words and with a mark: options against gates, or buildings against technologies.

    Parameters
    ----------
    table : DataFrame
        Long: one row per pair of `row` and `column`. A pair whose column `status` says "suppressed" is hatched, with
        that word.
    row, column : str
        Columns of row names and of column names.
    status : str
        Column of verdicts, at most 6 different ones.
    words : mapping of str to str, optional
        Verdict to the words printed, in the order of marks and colours: good, bad, open where there are up to three.
        The verdicts themselves by default.
    rows, columns : sequence of str, optional
        Their order; order of appearance otherwise.
    absent : str
        Words for a pair that the table does not hold or whose verdict is missing.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, ValueError
        When a column is absent, a pair stands twice, or there are more than 6 verdicts.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"option": ["A", "B"], "gate": ["Lawful"] * 2, "verdict": ["pass", "fail"]})
    >>> ax = draw_status_matrix(table, row="option", column="gate", status="verdict")
    >>> [text.get_text() for text in ax.texts]
    ['pass', 'fail']
    """
    chart = "draw_status_matrix"
    require_columns(table, chart, row=row, column=column, status=status)
    down = in_order(table[row], rows, chart=chart, what="row")
    across = in_order(table[column], columns, chart=chart, what="column")
    verdicts = in_order(
        table.loc[~find_suppressed(table), status], list(words) if words else None, chart=chart, what="verdict"
    )
    require_few(verdicts, chart=chart, what="verdicts")
    if table.duplicated([row, column]).any():
        raise ValueError(f"{chart}: a pair of {row!r} and {column!r} stands twice; one verdict a pair is needed")
    hidden = find_suppressed(table)
    covered = set(zip(table.loc[hidden, row].astype(str), table.loc[hidden, column].astype(str), strict=True))
    known = table[~hidden].dropna(subset=[status])
    cells = {(str(r), str(c)): str(s) for r, c, s in zip(known[row], known[column], known[status], strict=True)}
    labels = [wrap(name, 26) for name in down]
    with chart_style():
        ax = new_axes(ax, rows=line_count(labels) + 1, per_row=0.46)
        for y, r in enumerate(down):
            for x, c in enumerate(across):
                if (r, c) in covered:
                    hatch_box(ax, (x - 0.46, y - 0.16), 0.12, 0.32)
                said = WORD if (r, c) in covered else absent
                _draw_verdict(ax, x, y, cells.get((r, c)), verdicts, words or {}, said)
        set_row_labels(ax, labels)
        _finish(ax, across, len(down))
    return ax


def _draw_verdict(
    ax: Axes, x: int, y: int, verdict: str | None, verdicts: list[str], words: Mapping[str, str], absent: str
) -> None:
    if verdict is None:
        ax.text(x - 0.28, y, wrap(absent, 14), va="center", size=SMALL_TEXT_PT, color=INK)
        return
    place = verdicts.index(verdict)
    named = words and len(verdicts) <= len(_TONES)
    colour = _TONES[place] if named else palette("categorical", len(verdicts))[place]
    ax.scatter(
        [x - 0.4],
        [y],
        marker=MARKERS[place],
        s=80,
        color=colour,
        edgecolors=INK,
        linewidths=0.8,
        zorder=3,
        clip_on=False,
    )
    ax.text(x - 0.28, y, wrap(words.get(verdict, verdict), 14), va="center", size=SMALL_TEXT_PT, color=INK)


def _finish(ax: Axes, across: list[str], deep: int) -> None:
    ax.set_xlim(-0.55, len(across) - 0.4)
    ax.set_xticks([place - 0.44 for place in range(len(across))], [wrap(name, 16) for name in across], ha="left")
    ax.tick_params(axis="x", length=0, labeltop=True, labelbottom=False)
    ax.grid(False)
    ax.hlines([place + 0.5 for place in range(-1, deep)], -0.55, len(across) - 0.4, colors="#B1B4B6", lw=0.8, zorder=1)
    ax.spines["bottom"].set_visible(False)
