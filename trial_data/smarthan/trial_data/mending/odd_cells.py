"""Rows of a workbook that were set aside for what their cells are: a formula, a date, a merged range.

Their text alone does not show it, so a second pass must be told; a row that a person mended is judged by its text.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from smarthan.tables import Rows


@dataclass(frozen=True)
class OddCells:
    """Rows that the reader rejected under one rule in one column, each with its line and what was said of it."""

    code: str
    column: str
    line: npt.NDArray[np.int64]
    message: Sequence[str]


def find_odd_cells(rows: Rows) -> list[OddCells]:
    """Return what the reader of a workbook rejected beyond the rules of each column.

    Parameters
    ----------
    rows : Rows
        Just opened.

    Returns
    -------
    list of OddCells
    """
    if rows.source.format != "xlsx":
        return []
    typed = Rows.from_text(rows.table, rows.source, rows.text, rows.line)
    return [
        OddCells(
            batch.code,
            batch.column,
            np.asarray(batch.line, dtype=np.int64),
            [batch.problem(number).message for number in range(len(batch))],
        )
        for batch in rows._batches[len(typed._batches) :]
    ]


def reject_odd_cells(rows: Rows, odd: Sequence[OddCells], mended: Collection[str]) -> None:
    """Reject the rows again, but those that a person mended or dropped."""
    gone = np.array([int(place) for place in mended], dtype=np.int64)
    line = np.asarray(rows.line, dtype=np.int64)
    for cells in odd:
        for message in dict.fromkeys(cells.message):
            at = cells.line[[said == message for said in cells.message]]
            rows.reject(np.isin(line, at) & ~np.isin(line, gone), cells.code, cells.column, message)
