"""The performance matrix: each option's score on each criterion as it was given, with the points it is worth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .columns import in_order, numbers, require_between, require_columns, require_few
from .hiding import HATCH
from .status import MARKERS
from .style import INK, INK_SOFT, MISSING_GREY, SMALL_TEXT_PT, chart_style, line_count, new_axes, palette, text_on, wrap

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

# Four columns leave 1.7 in each: room for 12 characters of a score and 3 of points at 12 pt.
COLUMNS = 4
SCORE_LETTERS = 13
HEADER_LETTERS = 16
LABEL_LETTERS = 24
# The five classes of points, from white to the dark blue; the darkest of the palette would weigh on the page.
CLASSES = ("0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 100")
CLASS_WIDTH = 20
ROW_IN = 0.30
BAND_GAP = 0.5
MISSING = "missing"


@dataclass(frozen=True)
class _Cell:
    score: str
    points: float
    missing: bool


def draw_performance_matrix(
    table: pd.DataFrame,
    *,
    option: str,
    criterion: str,
    score: str,
    points: str,
    missing: str | None = None,
    verdict: str | None = None,
    marks: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw what each option scores on each criterion: the score in words, the points it is worth, shaded by points.

    Parameters
    ----------
    table : DataFrame
        Long: one row per option and criterion. A pair that is absent is written as "missing".
    option, criterion : str
        Columns of names, in order of appearance. At most 8 criteria: a wider matrix is drawn in several.
    score : str
        Column of texts: the score as it was given, such as "0.93" or "new cable".
    points : str
        Column of points [0 to 100].
    missing : str, optional
        Boolean column: cells without a score, hatched; their points are what they count as meanwhile.
    verdict : str, optional
        Column with one verdict for all rows of an option, such as how it stands at the gates.
    marks : mapping of str to str, optional
        Verdicts that get a mark before the option's name, with the words for the key; at most 3.
    ax : Axes, optional

    Returns
    -------
    Axes

    Raises
    ------
    KeyError, TypeError, ValueError
        When a column is absent, points are no numbers from 0 to 100, a pair stands twice, or there are more than 8
        criteria.

    Notes
    -----
    Criteria stand four abreast in bands, each with all the options, so that no score is abbreviated.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"o": ["A", "B"], "c": ["Cost (GBP)"] * 2, "score": ["20", "35"], "points": [80.0, 65.0]})
    >>> ax = draw_performance_matrix(table, option="o", criterion="c", score="score", points="points")
    >>> [text.get_text() for text in ax.texts]
    ['Cost (GBP)', '20', '80', '35', '65']
    """
    chart = "draw_performance_matrix"
    require_columns(
        table, chart, option=option, criterion=criterion, score=score, points=points, missing=missing, verdict=verdict
    )
    worth = numbers(table, points, chart)
    require_between(worth, 0, 100, chart=chart, column=points)
    rows = in_order(table[option], None, chart=chart, what="option")
    columns = in_order(table[criterion], None, chart=chart, what="criterion")
    require_few(columns, chart=chart, what="criteria", most=2 * COLUMNS)
    require_few(list(marks or {}), chart=chart, what="marks", most=3)
    if table.duplicated([option, criterion]).any():
        raise ValueError(f"{chart}: a pair of {option!r} and {criterion!r} stands twice; one score a pair is needed")
    cells = _read_cells(table, option, criterion, score, worth, missing)
    verdicts = dict(zip(table[option].astype(str), table[verdict].astype(str), strict=True)) if verdict else {}
    with chart_style():
        return _draw_bands(rows, columns, cells, verdicts, dict(marks or {}), ax)


def _read_cells(
    table: pd.DataFrame, option: str, criterion: str, score: str, points: np.ndarray, missing: str | None
) -> dict[tuple[str, str], _Cell]:
    absent = table[missing].to_numpy(dtype=bool) if missing else table[score].isna().to_numpy()
    words = table[score].astype("str")
    keys = zip(table[option].astype(str), table[criterion].astype(str), strict=True)
    return {
        key: _Cell(MISSING if gone else str(word), float(worth), bool(gone))
        for key, word, worth, gone in zip(keys, words, points, absent, strict=True)
    }


def _draw_bands(
    rows: list[str],
    columns: list[str],
    cells: dict[tuple[str, str], _Cell],
    verdicts: dict[str, str],
    marks: dict[str, str],
    ax: Axes | None,
) -> Axes:
    bands = [columns[start : start + COLUMNS] for start in range(0, len(columns), COLUMNS)]
    labels = [wrap(row, LABEL_LETTERS) for row in rows]
    heights = [max(_rows_of(labels[place]), *(_depth(cells, row, columns))) for place, row in enumerate(rows)]
    headers = [max(_rows_of(wrap(name, HEADER_LETTERS)) for name in band) + 0.35 for band in bands]
    headers = [header + (BAND_GAP if place else 0) for place, header in enumerate(headers)]
    total = sum(headers) + len(bands) * sum(heights)
    drawn: Any = new_axes(ax, rows=total, per_row=ROW_IN, spare=0.7)
    ticks, top = [], 0.0
    for band, header in zip(bands, headers, strict=True):
        _write_headers(drawn, band, top + header - 0.2)
        top += header
        for row, height in zip(rows, heights, strict=True):
            for column, name in enumerate(band):
                _draw_cell(drawn, column, top, height, cells.get((row, name)))
            _mark_row(drawn, top + height / 2, verdicts.get(row, ""), marks)
            ticks.append(top + height / 2)
            top += height
    drawn.set_yticks(ticks, labels * len(bands))
    drawn.tick_params(axis="y", length=0, pad=16 if marks else 4)
    drawn.set(xlim=(0, min(COLUMNS, len(columns))), ylim=(total, 0), xticks=[])
    drawn.grid(False)
    for spine in drawn.spines.values():
        spine.set_visible(False)
    _put_key(drawn, verdicts, marks)
    return drawn


def _rows_of(label: str) -> float:
    return float(line_count([label]))


def _depth(cells: dict[tuple[str, str], _Cell], row: str, columns: Sequence[str]) -> list[float]:
    return [_rows_of(wrap(cells[row, name].score, SCORE_LETTERS)) for name in columns if (row, name) in cells] or [1.0]


def _write_headers(ax: Any, band: list[str], bottom: float) -> None:
    for column, name in enumerate(band):
        ax.text(
            column + 0.03, bottom, wrap(name, HEADER_LETTERS), va="bottom", ha="left", size=SMALL_TEXT_PT, color=INK

        )  # fmt: skip


def _draw_cell(ax: Any, column: int, top: float, height: float, cell: _Cell | None) -> None:
    from matplotlib.patches import Rectangle

    cell = cell or _Cell(MISSING, float("nan"), True)
    fill = MISSING_GREY if cell.missing or np.isnan(cell.points) else _shade(cell.points)
    ax.add_patch(
        Rectangle(
            (column + 0.015, top + 0.04), 0.97, height - 0.08, facecolor=fill, edgecolor="#8A9299", linewidth=0.8,
            hatch=HATCH if cell.missing else None,
        )
    )  # fmt: skip
    style: dict[str, Any] = {"va": "center", "size": SMALL_TEXT_PT, "color": text_on(fill), "zorder": 3}
    if cell.missing:
        style["bbox"] = {"facecolor": MISSING_GREY, "edgecolor": "none", "pad": 1.5}
    middle = top + height / 2
    ax.text(column + 0.05, middle, wrap(cell.score, SCORE_LETTERS), ha="left", **style)
    if not np.isnan(cell.points):
        ax.text(column + 0.95, middle, f"{cell.points:.0f}", ha="right", **style)


def _shade(points: float) -> str:
    shades = ["white", *palette("sequential", 5)[:0:-1]]
    return shades[min(int(points // CLASS_WIDTH), len(CLASSES) - 1)]


def _mark_row(ax: Any, middle: float, verdict: str, marks: dict[str, str]) -> None:
    if verdict in marks:
        ax.plot(
            [-9 / 490], [middle], clip_on=False, transform=ax.get_yaxis_transform(), **_mark_style(list(marks), verdict)
        )


def _mark_style(names: list[str], verdict: str) -> dict[str, Any]:
    # A failed must-have has the cross of the chart of gates, so the first mark is the second of the list.
    place = names.index(verdict) + 1
    colour = palette("categorical", 4)[place]
    return {
        "marker": MARKERS[place], "markersize": 9, "markerfacecolor": colour, "markeredgecolor": INK,
        "markeredgewidth": 0.8, "linestyle": "none",
    }  # fmt: skip


def _put_key(ax: Any, verdicts: dict[str, str], marks: dict[str, str]) -> None:
    """Say above the chart what the shades mean, and the marks, where there are any."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    style: dict[str, Any] = {
        "loc": "lower right", "handlelength": 1.2, "columnspacing": 1.2, "labelcolor": INK, "fontsize": SMALL_TEXT_PT,
        "borderaxespad": 0.2,
    }  # fmt: skip
    shades: list[Any] = [Line2D([], [], linestyle="none")]
    shades += [Patch(facecolor=_shade(CLASS_WIDTH * at), edgecolor=INK_SOFT, linewidth=0.8) for at in range(5)]
    key = ax.legend(shades, ["Points:", *CLASSES], ncols=len(shades), bbox_to_anchor=(1.0, 1.0), **style)
    shown = [name for name in marks if name in verdicts.values()]
    if shown:
        ax.add_artist(key)
        handles = [Line2D([], [], **_mark_style(list(marks), name)) for name in shown]
        above = (1.0, 1.0 + 0.3 / (ROW_IN * ax.get_ylim()[0]))
        ax.legend(handles, [marks[name] for name in shown], ncols=len(shown), bbox_to_anchor=above, **style)
